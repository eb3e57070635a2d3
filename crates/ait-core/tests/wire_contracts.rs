//! What a call says when the wire breaks: one named contract a test, against a scripted server, over mutual TLS.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects by failing")]

mod support;

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime},
};

use ait_core::{Client, Error, Identity, Kind, Outcome, Phase, RetryPolicy};
use ait_emulator::{Connection, Leaf, Reply, Response, Server};
use support::{
    BOTH, Count, Keyed, Look, Pay, Receipt, World, fail_body, identity, success, success_body, success_bytes,
    within,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    sync::{Notify, mpsc},
};

/// Long enough for a test that does not wait for it to pass.
const AMPLE: Duration = Duration::from_secs(25);
/// Short enough for a test that waits for it to pass.
const SHORT: Duration = Duration::from_millis(300);

#[track_caller]
fn assert_not_sent(error: &Error, kind: Kind) {
    assert_eq!((error.kind(), error.outcome()), (kind, Outcome::NotSent), "{error}");
    assert!(error.is_safe_to_resend());
    assert_eq!(error.settled_by(), None);
    assert!(error.to_string().ends_with("; not sent"), "{error}");
}

#[track_caller]
fn assert_unknown(error: &Error, kind: Kind) {
    assert_eq!((error.kind(), error.outcome()), (kind, Outcome::Unknown), "{error}");
    assert!(!error.is_safe_to_resend());
    assert_eq!(error.settled_by(), Some("test.look"));
    assert_eq!(error.attempts(), 1, "a write that may have happened is not sent again");
    assert!(error.to_string().ends_with("; outcome unknown, ask test.look"), "{error}");
}

/// A write to a server that does the same with each request. Also says how many requests the server read.
async fn pay_against(world: &World, reply: Reply) -> (Result<Receipt, Error>, usize) {
    let requests = Count::default();
    let count = requests.clone();
    let server = world.server().http(move |_| {
        count.one();
        let reply = reply.clone();
        async move { reply }
    });
    let server = server.await.unwrap();
    let result = within(world.client(&server).call(Pay::new(7)).deadline(AMPLE)).await;
    (result, requests.get())
}

fn raw(bytes: impl Into<String>) -> Response {
    Response::raw(bytes.into())
}

/// All of a response and then the end of the connection, whatever the response announces.
fn cut(response: Response) -> Reply {
    Reply::Truncated { response, bytes: usize::MAX }
}

// Before the request could be read.

#[tokio::test]
async fn a_refused_connection_is_not_sent_and_tried_as_often_as_the_policy_says() {
    let world = World::new();
    // Bound and not listening: nobody else gets the port, and nobody answers.
    let closed = TcpSocket::new_v4().unwrap();
    closed.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let url = format!("https://localhost:{}", closed.local_addr().unwrap().port());
    let client = world.stranger(url).identity(world.identity()).build().unwrap();
    let error = within(client.call(Pay::new(1))).await.unwrap_err();
    assert_not_sent(&error, Kind::Connect);
    assert_eq!((error.attempts(), error.phase()), (3, Some(Phase::Connect)));
}

#[tokio::test]
async fn a_connection_closed_at_accept_is_not_sent_and_tried_again() {
    for version in BOTH {
        let world = World::new();
        let server =
            world.server_in(version).raw_tcp(|incoming| async move { drop(incoming) }).await.unwrap();
        let error = within(world.client(&server).call(Pay::new(1))).await.unwrap_err();
        assert_not_sent(&error, Kind::Connect);
        assert_eq!((error.attempts(), server.connections()), (3, 3));
    }
}

#[tokio::test]
async fn a_connection_reset_at_accept_is_not_sent_and_tried_again() {
    for version in BOTH {
        let world = World::new();
        let server =
            world.server_in(version).raw_tcp(|incoming| async move { incoming.reset() }).await.unwrap();
        let error = within(world.client(&server).call(Pay::new(1))).await.unwrap_err();
        assert_not_sent(&error, Kind::Connect);
        assert_eq!((error.attempts(), server.connections()), (3, 3));
    }
}

#[tokio::test]
async fn a_connection_closed_during_the_handshake_is_not_sent_and_tried_again() {
    for version in BOTH {
        let world = World::new();
        let server = world.server_in(version).raw_tcp(|mut incoming| async move {
            let _ = incoming.tcp().read(&mut [0; 4096]).await;
            // The head of a handshake record, and no more.
            let _ = incoming.tcp().write_all(&[22, 3, 3, 0, 90, 2, 0]).await;
        });
        let server = server.await.unwrap();
        let error = within(world.client(&server).call(Pay::new(1))).await.unwrap_err();
        assert_not_sent(&error, Kind::Connect);
        assert_eq!((error.attempts(), error.phase()), (3, Some(Phase::Handshake)));
        assert_eq!(server.connections(), 3);
    }
}

#[tokio::test]
async fn a_server_that_does_not_speak_tls_is_not_sent() {
    let world = World::new();
    let server = world.server().raw_tcp(|mut incoming| async move {
        let _ = incoming.tcp().write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
        let _ = incoming.tcp().read(&mut [0; 4096]).await;
    });
    let server = server.await.unwrap();
    let error = within(world.client(&server).call(Pay::new(1))).await.unwrap_err();
    assert_not_sent(&error, Kind::Connect);
}

#[tokio::test]
async fn a_write_refused_twice_before_it_was_read_succeeds_at_the_third_attempt() {
    let world = World::new();
    let requests = Count::default();
    let count = requests.clone();
    let server = world.server().raw_tcp(move |incoming| {
        let count = count.clone();
        async move {
            match incoming.number() {
                0 => drop(incoming),
                1 => incoming.reset(),
                _ => {
                    let mut connection = incoming.handshake().await.unwrap();
                    connection.read_request().await.unwrap().unwrap();
                    count.one();
                    connection.respond(&success(1)).await.unwrap();
                }
            }
        }
    });
    let server = server.await.unwrap();
    assert_eq!(within(world.client(&server).call(Pay::new(1))).await.unwrap(), Receipt { id: 1 });
    assert_eq!((requests.get(), server.connections()), (1, 3));
}

#[tokio::test]
async fn a_server_that_closes_at_accept_for_ever_ends_within_the_deadline_as_not_sent() {
    let world = World::new();
    let server = world.server().raw_tcp(|incoming| async move { drop(incoming) }).await.unwrap();
    let patient = RetryPolicy::default().attempts(u32::MAX).base(Duration::from_millis(200));
    let client = world.builder(&server).retry(patient).build().unwrap();
    let error = within(client.call(Pay::new(1)).deadline(SHORT)).await.unwrap_err();
    assert_not_sent(&error, Kind::Connect);
    assert!(error.attempts() >= 1);
}

// After the request may have been read.

#[tokio::test]
async fn read_then_closed_is_unknown_and_sent_once() {
    for version in BOTH {
        let world = World::new();
        let requests = Count::default();
        let count = requests.clone();
        let server = world.server_in(version).http(move |_| {
            count.one();
            async { Reply::Close }
        });
        let server = server.await.unwrap();
        let error = within(world.client(&server).call(Pay::new(1))).await.unwrap_err();
        assert_unknown(&error, Kind::Transport);
        assert_eq!(error.phase(), Some(Phase::Wait));
        assert_eq!((requests.get(), server.connections()), (1, 1));
    }
}

#[tokio::test]
async fn read_then_reset_is_unknown_and_sent_once() {
    for version in BOTH {
        let world = World::new();
        let requests = Count::default();
        let count = requests.clone();
        let server = world.server_in(version).http(move |_| {
            count.one();
            async { Reply::Reset }
        });
        let server = server.await.unwrap();
        let error = within(world.client(&server).call(Pay::new(1))).await.unwrap_err();
        assert_unknown(&error, Kind::Transport);
        assert_eq!((requests.get(), server.connections()), (1, 1));
    }
}

#[tokio::test]
async fn a_part_of_a_request_read_then_reset_is_unknown() {
    let world = World::new();
    let server = world.server().raw(|mut connection| async move {
        connection.read_head().await.unwrap().unwrap();
        connection.reset();
    });
    let server = server.await.unwrap();
    let long = Pay::new(1).note("x".repeat(1 << 20));
    let error = within(world.client(&server).call(long)).await.unwrap_err();
    assert_unknown(&error, Kind::Transport);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn half_a_head_is_unknown() {
    let head = raw("HTTP/1.1 200 OK\r\ncontent-type: applic");
    let (result, requests) = pay_against(&World::new(), cut(head)).await;
    let error = result.unwrap_err();
    assert_unknown(&error, Kind::Transport);
    assert_eq!((error.phase(), requests), (Some(Phase::Wait), 1));
}

#[tokio::test]
async fn a_mad_head_is_unknown() {
    for head in ["HTTP/1.1 abc OK\r\n\r\n", "SSH-2.0-OpenSSH_9.6\r\n", "\0\0\0\0\0\0\0\0"] {
        let (result, requests) = pay_against(&World::new(), cut(raw(head))).await;
        assert_unknown(&result.unwrap_err(), Kind::Transport);
        assert_eq!(requests, 1);
    }
}

#[tokio::test]
async fn half_a_body_is_unknown() {
    let reply = Reply::Truncated { response: success(7), bytes: 20 };
    let (result, requests) = pay_against(&World::new(), reply).await;
    let error = result.unwrap_err();
    assert_unknown(&error, Kind::Transport);
    assert_eq!((error.phase(), requests), (Some(Phase::Read), 1));
}

#[tokio::test]
async fn a_content_length_beyond_the_body_is_unknown() {
    let (result, requests) =
        pay_against(&World::new(), cut(success(7).header("content-length", "4000"))).await;
    assert_unknown(&result.unwrap_err(), Kind::Transport);
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn chunks_without_an_end_are_unknown() {
    let body = success_body(7);
    let chunked =
        raw(format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n", body.len()));
    let (result, requests) = pay_against(&World::new(), cut(chunked)).await;
    assert_unknown(&result.unwrap_err(), Kind::Transport);
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn a_body_that_ends_with_the_connection_is_believed_only_after_a_proper_end_of_tls() {
    for proper in [true, false] {
        let world = World::new();
        let server = world.server().raw(move |mut connection| async move {
            connection.read_request().await.unwrap().unwrap();
            let answer = format!("HTTP/1.1 200 OK\r\n\r\n{}", success_body(7));
            connection.write_all(answer.as_bytes()).await.unwrap();
            connection.flush().await.unwrap();
            // Dropping leaves out the close_notify: anybody on the way can do that.
            if proper { connection.close().await } else { drop(connection) }
        });
        let server = server.await.unwrap();
        let result = within(world.client(&server).call(Pay::new(7))).await;
        if proper {
            assert_eq!(result.unwrap(), Receipt { id: 7 });
        } else {
            assert_unknown(&result.unwrap_err(), Kind::Transport);
        }
    }
}

#[tokio::test]
async fn truncated_json_in_a_complete_answer_is_unknown() {
    let cut_short = Response::json(200, r#"{"resultType":"SUCCESS","success":{"id":"#);
    let (result, requests) = pay_against(&World::new(), Reply::Answer(cut_short)).await;
    let error = result.unwrap_err();
    assert_unknown(&error, Kind::Decode);
    assert_eq!((error.status().unwrap().as_u16(), requests), (200, 1));
}

#[tokio::test]
async fn an_announced_body_beyond_the_cap_is_not_read_and_unknown() {
    let head = raw("HTTP/1.1 200 OK\r\ncontent-length: 3000000000\r\n\r\n");
    let (result, requests) = pay_against(&World::new(), cut(head)).await;
    assert_unknown(&result.unwrap_err(), Kind::Decode);
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn a_chunked_body_without_end_is_cut_at_the_cap_and_unknown() {
    let world = World::new();
    let (report, mut written) = mpsc::unbounded_channel();
    let server = world.server().raw(move |mut connection| {
        let report = report.clone();
        async move {
            connection.read_request().await.unwrap().unwrap();
            let mut chunk = b"10000\r\n".to_vec();
            chunk.extend_from_slice(&[b' '; 0x1_0000]);
            chunk.extend_from_slice(b"\r\n");
            let mut count = 0_usize;
            let mut next = &b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"[..];
            while connection.write_all(next).await.is_ok() {
                count += next.len();
                next = &chunk;
            }
            report.send(count).unwrap();
        }
    });
    let server = server.await.unwrap();
    let error = within(world.client(&server).call(Pay::new(1))).await.unwrap_err();
    assert_unknown(&error, Kind::Decode);
    assert_eq!(error.phase(), Some(Phase::Read));
    // 2 MiB and what fits into the buffers of two sockets.
    let written = within(written.recv()).await.unwrap();
    assert!(written < 32 << 20, "{written} bytes were taken");
}

#[tokio::test]
async fn a_head_without_end_is_cut_and_unknown() {
    let world = World::new();
    let server = world.server().raw(|mut connection| async move {
        connection.read_request().await.unwrap().unwrap();
        let mut next = &b"HTTP/1.1 200 OK\r\n"[..];
        while connection.write_all(next).await.is_ok() {
            next = b"x-more: and more and more and more and more and more and more and more\r\n";
        }
    });
    let server = server.await.unwrap();
    let error = within(world.client(&server).call(Pay::new(1)).deadline(AMPLE)).await.unwrap_err();
    assert_unknown(&error, Kind::Transport);
}

// Time.

#[tokio::test]
async fn a_server_that_never_answers_is_a_time_out_while_waiting_and_unknown() {
    for version in BOTH {
        let world = World::new();
        let server = world.server_in(version).http(|_| async { Reply::Hang }).await.unwrap();
        let error = within(world.client(&server).call(Pay::new(1)).deadline(SHORT)).await.unwrap_err();
        assert_unknown(&error, Kind::Timeout);
        assert!(error.is_timeout());
        assert_eq!(error.phase(), Some(Phase::Wait));
        assert!(error.elapsed() >= SHORT, "{:?}", error.elapsed());
    }
}

#[tokio::test]
async fn a_stalled_handshake_is_a_time_out_in_the_handshake_and_not_sent() {
    for version in BOTH {
        let world = World::new();
        let server = world.server_in(version).raw_tcp(|incoming| async move {
            let _held = incoming;
            std::future::pending::<()>().await;
        });
        let server = server.await.unwrap();
        let error = within(world.client(&server).call(Pay::new(1)).deadline(SHORT)).await.unwrap_err();
        assert_not_sent(&error, Kind::Timeout);
        assert_eq!(error.phase(), Some(Phase::Handshake));
        assert!(error.elapsed() >= SHORT, "{:?}", error.elapsed());
    }
}

#[tokio::test]
async fn a_stalled_handshake_does_not_use_up_a_long_deadline() {
    let world = World::new();
    let server = world.server().raw_tcp(|incoming| async move {
        if incoming.number() == 0 {
            let _held = incoming;
            std::future::pending::<()>().await;
        } else {
            let mut connection = incoming.handshake().await.unwrap();
            connection.read_request().await.unwrap().unwrap();
            connection.respond(&success(1)).await.unwrap();
        }
    });
    let server = server.await.unwrap();
    assert_eq!(within(world.client(&server).call(Pay::new(1)).deadline(AMPLE)).await.unwrap().id, 1);
    assert_eq!(server.connections(), 2);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_accept_queue_is_a_time_out_while_connecting_and_not_sent() {
    let world = World::new();
    let full = TcpSocket::new_v4().unwrap();
    full.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let full = full.listen(1).unwrap();
    let address = full.local_addr().unwrap();
    // On loopback a connection stands at once, or its first packet was dropped and it never will.
    let mut held = Vec::new();
    while let Ok(connection) = tokio::time::timeout(SHORT, TcpStream::connect(address)).await {
        held.push(connection.unwrap());
    }
    let url = format!("https://localhost:{}", address.port());
    let client = world.stranger(url).identity(world.identity()).build().unwrap();
    let error = within(client.call(Pay::new(1)).deadline(SHORT)).await.unwrap_err();
    assert_not_sent(&error, Kind::Timeout);
    assert_eq!(error.phase(), Some(Phase::Connect));
}

#[tokio::test]
async fn a_stalled_body_is_a_time_out_while_reading_and_unknown() {
    let world = World::new();
    let server = world.server().raw(|mut connection| async move {
        connection.read_request().await.unwrap().unwrap();
        let answer = success_bytes(1);
        connection.write_all(&answer.as_bytes()[..answer.len() - 5]).await.unwrap();
        connection.flush().await.unwrap();
        std::future::pending::<()>().await;
    });
    let server = server.await.unwrap();
    let error = within(world.client(&server).call(Pay::new(1)).deadline(SHORT)).await.unwrap_err();
    assert_unknown(&error, Kind::Timeout);
    assert_eq!(error.phase(), Some(Phase::Read));
}

#[tokio::test]
async fn a_server_that_takes_no_bytes_is_a_time_out_and_unknown() {
    let world = World::new();
    let server = world.server().raw(|connection| async move {
        let _held = connection;
        std::future::pending::<()>().await;
    });
    let server = server.await.unwrap();
    let long = Pay::new(1).note("x".repeat(32 << 20));
    let error = within(world.client(&server).call(long).deadline(Duration::from_secs(3))).await.unwrap_err();
    assert_unknown(&error, Kind::Timeout);
    assert_eq!(error.phase(), Some(Phase::Wait));
}

#[tokio::test]
async fn a_read_that_hangs_is_asked_again_in_time() {
    let world = World::new();
    let requests = Count::default();
    let count = requests.clone();
    let server = world.server().http(move |_| {
        let first = count.one() == 0;
        async move { if first { Reply::Hang } else { Reply::Answer(success(1)) } }
    });
    let server = server.await.unwrap();
    let receipt = within(world.client(&server).call(Look::new(1)).deadline(Duration::from_secs(1))).await;
    assert_eq!((receipt.unwrap().id, requests.get()), (1, 2));
}

// Knowledge never shrinks.

#[tokio::test]
async fn a_lost_answer_and_then_refused_connections_stay_unknown() {
    let world = World::new();
    let server = world.server().raw_tcp(|incoming| async move {
        if incoming.number() == 0 {
            let mut connection = incoming.handshake().await.unwrap();
            connection.read_request().await.unwrap().unwrap();
            connection.close().await;
        }
    });
    let server = server.await.unwrap();
    let error = within(world.client(&server).call(Keyed::new(1))).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Connect, Outcome::Unknown), "{error}");
    assert!(error.is_safe_to_resend(), "the key protects it");
    assert_eq!(error.attempts(), 3);
}

#[tokio::test]
async fn a_key_goes_out_again_with_the_same_bytes() {
    let world = World::new();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ear = Arc::clone(&heard);
    let server = world.server().http(move |request| {
        let mut heard = ear.lock().unwrap();
        heard.push((request.connection, request.head.clone(), request.body.clone()));
        let reply = match heard.len() {
            1 => Reply::Close,
            2 => Reply::Answer(Response::html(503, "<h1>busy</h1>")),
            _ => Reply::Answer(Response::json(200, r#"{"id":5}"#)),
        };
        async move { reply }
    });
    let server = server.await.unwrap();
    assert_eq!(within(world.client(&server).call(Keyed::new(5))).await.unwrap().id, 5);
    let heard = heard.lock().unwrap();
    let connections: Vec<_> = heard.iter().map(|(connection, ..)| *connection).collect();
    assert_eq!(connections, [0, 1, 2]);
    assert!(heard.iter().all(|(_, head, body)| (head, body) == (&heard[0].1, &heard[0].2)));
    assert!(String::from_utf8_lossy(&heard[0].1).contains("idempotency-key: key-5\r\n"));
}

// Connections.

/// Serves a connection until the client closes it. Says which connection each request came on.
async fn serve(mut connection: Connection, seen: mpsc::UnboundedSender<u64>) {
    while let Ok(Some(request)) = connection.read_request().await {
        seen.send(connection.number()).unwrap();
        let id = request.headers["x-toss-user-key"].to_str().unwrap().parse().unwrap();
        connection.respond(&success(id)).await.unwrap();
    }
}

#[tokio::test]
async fn reads_share_a_connection_and_writes_never_do() {
    let world = World::new();
    let (seen, mut used) = mpsc::unbounded_channel();
    let server = world.server().raw(move |connection| serve(connection, seen.clone())).await.unwrap();
    let client = world.client(&server);
    for id in 0..3 {
        assert_eq!(within(client.call(Look::new(id))).await.unwrap().id, id);
    }
    for id in 3..6 {
        assert_eq!(within(client.call(Pay::new(id))).await.unwrap().id, id);
    }
    assert_eq!(within(client.call(Look::new(6))).await.unwrap().id, 6);
    let mut order = Vec::new();
    while let Ok(number) = used.try_recv() {
        order.push(number);
    }
    assert_eq!(order, [0, 0, 0, 1, 2, 3, 0]);
    assert_eq!(server.connections(), 4);
}

#[tokio::test]
async fn a_write_tells_the_server_that_its_connection_ends() {
    let world = World::new();
    let (seen, mut heads) = mpsc::unbounded_channel();
    let server = world.server().http(move |request| {
        seen.send(request.headers.get("connection").cloned()).unwrap();
        async { Reply::Answer(success(1)) }
    });
    let server = server.await.unwrap();
    let client = world.client(&server);
    within(client.call(Pay::new(1))).await.unwrap();
    within(client.call(Look::new(1))).await.unwrap();
    assert_eq!(heads.recv().await.unwrap().unwrap(), "close");
    assert_eq!(heads.recv().await.unwrap(), None);
}

#[tokio::test]
async fn an_idle_connection_that_the_server_closes_does_not_touch_a_write() {
    let world = World::new();
    let close = Arc::new(Notify::new());
    let (gate, (report, mut closed)) = (Arc::clone(&close), mpsc::unbounded_channel());
    let server = world.server().raw(move |mut connection| {
        let (gate, report) = (Arc::clone(&gate), report.clone());
        async move {
            connection.read_request().await.unwrap().unwrap();
            connection.respond(&success(1)).await.unwrap();
            if connection.number() == 0 {
                gate.notified().await;
                connection.shutdown().await.unwrap();
                drop(connection);
                report.send(()).unwrap();
            }
        }
    });
    let server = server.await.unwrap();
    let client = world.client(&server);
    within(client.call(Look::new(1))).await.unwrap();
    close.notify_one();
    within(closed.recv()).await.unwrap();
    assert_eq!(within(client.call(Pay::new(1))).await.unwrap().id, 1);
    assert_eq!(within(client.call(Look::new(1))).await.unwrap().id, 1);
    assert_eq!(server.connections(), 3);
}

/// What a server does with the second request on a connection.
async fn second_read(end: fn(Connection)) -> (Result<Receipt, Error>, u64, usize) {
    let world = World::new();
    let requests = Count::default();
    let count = requests.clone();
    let server = world.server().raw(move |mut connection| {
        let count = count.clone();
        async move {
            connection.read_request().await.unwrap().unwrap();
            count.one();
            connection.respond(&success(1)).await.unwrap();
            if connection.number() == 0 {
                connection.read_request().await.unwrap().unwrap();
                count.one();
                end(connection);
            }
        }
    });
    let server = server.await.unwrap();
    // One attempt: what is tested is not the policy.
    let client = world.builder(&server).retry(RetryPolicy::never()).build().unwrap();
    within(client.call(Look::new(1))).await.unwrap();
    let result = within(client.call(Look::new(1))).await;
    (result, server.connections(), requests.get())
}

#[tokio::test]
async fn a_kept_connection_that_is_dead_makes_a_read_ask_again_on_a_fresh_one() {
    let (result, connections, requests) = second_read(drop).await;
    assert_eq!((result.unwrap().id, connections, requests), (1, 2, 3));
    let (result, connections, requests) = second_read(Connection::reset).await;
    assert_eq!((result.unwrap().id, connections, requests), (1, 2, 3));
}

#[tokio::test]
async fn a_read_lost_on_a_kept_connection_is_not_called_not_sent_when_no_fresh_one_is_to_be_had() {
    let world = World::new();
    let server = world.server().raw_tcp(|incoming| async move {
        if incoming.number() == 0 {
            let mut connection = incoming.handshake().await.unwrap();
            connection.read_request().await.unwrap().unwrap();
            connection.respond(&success(1)).await.unwrap();
            connection.read_request().await.unwrap().unwrap();
            drop(connection);
        }
    });
    let server = server.await.unwrap();
    let client = world.builder(&server).retry(RetryPolicy::never()).build().unwrap();
    within(client.call(Look::new(1))).await.unwrap();
    let error = within(client.call(Look::new(1))).await.unwrap_err();
    assert_eq!((error.kind(), server.connections()), (Kind::Connect, 2), "{error}");
    assert_eq!(error.outcome(), Outcome::Unknown, "the server has read the request: {error}");
}

#[tokio::test]
async fn a_read_lost_on_a_kept_connection_is_asked_again_after_a_refused_connection_too() {
    let world = World::new();
    let server = world.server().raw_tcp(|incoming| async move {
        if incoming.number() == 1 {
            return;
        }
        let first = incoming.number() == 0;
        let mut connection = incoming.handshake().await.unwrap();
        connection.read_request().await.unwrap().unwrap();
        connection.respond(&success(1)).await.unwrap();
        if first {
            connection.read_request().await.unwrap().unwrap();
        }
    });
    let server = server.await.unwrap();
    let client = world.client(&server);
    within(client.call(Look::new(1))).await.unwrap();
    assert_eq!(within(client.call(Look::new(1))).await.unwrap().id, 1);
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn a_read_lost_on_a_kept_connection_is_not_called_refused_when_the_fresh_one_is_refused() {
    let world = World::new();
    let server = world.server().raw(|mut connection| async move {
        connection.read_request().await.unwrap().unwrap();
        if connection.number() == 0 {
            connection.respond(&success(1)).await.unwrap();
            connection.read_request().await.unwrap().unwrap();
            drop(connection);
        } else {
            connection.respond(&Response::json(200, fail_body("4095"))).await.unwrap();
        }
    });
    let server = server.await.unwrap();
    let client = world.builder(&server).retry(RetryPolicy::never()).build().unwrap();
    within(client.call(Look::new(1))).await.unwrap();
    let error = within(client.call(Look::new(1))).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (Kind::Api, Some("4095")), "{error}");
    assert!(error.is_safe_to_resend());
}

#[tokio::test]
async fn an_answer_that_nobody_asked_for_does_not_reach_the_next_read() {
    let world = World::new();
    for extra in [success_bytes(666), "garbage".to_owned(), "\r\n".repeat(5)] {
        let server = world.server().raw(move |mut connection| {
            let extra = extra.clone();
            async move {
                while let Ok(Some(request)) = connection.read_request().await {
                    let id = request.headers["x-toss-user-key"].to_str().unwrap().parse().unwrap();
                    let both = success_bytes(id) + &extra;
                    connection.write_all(both.as_bytes()).await.unwrap();
                    connection.flush().await.unwrap();
                }
            }
        });
        let server = server.await.unwrap();
        let client = world.client(&server);
        for id in 1..4 {
            assert_eq!(within(client.call(Look::new(id))).await.unwrap().id, id);
        }
    }
}

#[tokio::test]
async fn a_dropped_write_closes_its_socket() {
    for version in BOTH {
        let world = World::new();
        let (read, mut was_read) = mpsc::unbounded_channel();
        let (closed, mut was_closed) = mpsc::unbounded_channel();
        let server = world.server_in(version).raw(move |mut connection| {
            let (read, closed) = (read.clone(), closed.clone());
            async move {
                connection.read_request().await.unwrap().unwrap();
                read.send(()).unwrap();
                let end = connection.read(&mut [0; 16]).await;
                closed.send(matches!(end, Ok(0) | Err(_))).unwrap();
            }
        });
        let server = server.await.unwrap();
        let client = world.client(&server);
        tokio::select! {
            result = client.call(Pay::new(1)) => panic!("nobody answered: {result:?}"),
            seen = within(was_read.recv()) => seen.unwrap(),
        }
        assert!(within(was_closed.recv()).await.unwrap());
        assert_eq!(server.connections(), 1);
    }
}

#[test]
fn a_client_outlives_the_runtime_it_was_first_used_on() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let world = World::new();
    let home = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = home.block_on(world.server().http(|_| async { Reply::Answer(success(1)) })).unwrap();
    let client = world.builder(&server).warm_spare(AMPLE).build().unwrap();
    for _ in 0..3 {
        runtime().block_on(async {
            assert_eq!(within(client.call(Look::new(1))).await.unwrap().id, 1);
            assert_eq!(within(client.call(Pay::new(1))).await.unwrap().id, 1);
        });
    }
}

// The warm spare.

#[tokio::test]
async fn a_warm_spare_serves_the_next_write() {
    let world = World::new();
    let (up, mut ups) = mpsc::unbounded_channel();
    let (seen, mut used) = mpsc::unbounded_channel();
    let server = world.server().raw(move |connection| {
        up.send(connection.number()).unwrap();
        serve(connection, seen.clone())
    });
    let server = server.await.unwrap();
    let client = world.builder(&server).warm_spare(AMPLE).build().unwrap();
    within(client.call(Look::new(0))).await.unwrap();
    assert_eq!(used.recv().await.unwrap(), 0, "reads have a connection of their own");
    for round in 1..5 {
        within(client.call(Pay::new(round))).await.unwrap();
        assert_eq!(used.recv().await.unwrap(), round, "the spare of the round before");
        while within(ups.recv()).await.unwrap() <= round {}
        assert_eq!(server.connections(), round + 2, "one more: the spare for the next round");
        within(client.call(Look::new(round))).await.unwrap();
        assert_eq!(used.recv().await.unwrap(), 0, "a read leaves the spare alone");
    }
}

#[tokio::test]
async fn a_spare_that_the_server_closed_is_not_used() {
    for abruptly in [false, true] {
        let world = World::new();
        let requests = Count::default();
        let count = requests.clone();
        let (closed, mut was_closed) = mpsc::unbounded_channel();
        let server = world.server().raw(move |mut connection| {
            let (closed, count) = (closed.clone(), count.clone());
            async move {
                // Every second connection is a spare.
                if connection.number() % 2 == 1 {
                    if abruptly {
                        connection.reset();
                    } else {
                        connection.shutdown().await.unwrap();
                        drop(connection);
                    }
                    closed.send(()).unwrap();
                } else if connection.read_request().await.unwrap().is_some() {
                    count.one();
                    connection.respond(&success(1)).await.unwrap();
                }
            }
        });
        let server = server.await.unwrap();
        let client = world.builder(&server).warm_spare(AMPLE).build().unwrap();
        for round in 0..10 {
            let receipt = within(client.call(Pay::new(1))).await;
            assert!(receipt.is_ok(), "round {round}, abruptly {abruptly}: {}", receipt.unwrap_err());
            within(was_closed.recv()).await.unwrap();
        }
        assert_eq!(requests.get(), 10);
    }
}

#[test]
fn a_spare_that_the_server_closed_while_the_runtime_was_busy_is_not_used() {
    for abruptly in [false, true] {
        let world = World::new();
        let home =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (up, mut ups) = mpsc::unbounded_channel();
        let (closed, was_closed) = std::sync::mpsc::channel();
        let close = Arc::new(Notify::new());
        let gate = Arc::clone(&close);
        let server = world.server().raw(move |mut connection| {
            let (up, closed, gate) = (up.clone(), closed.clone(), Arc::clone(&gate));
            async move {
                if connection.number() == 1 {
                    up.send(()).unwrap();
                    gate.notified().await;
                    if abruptly {
                        connection.reset();
                    } else {
                        connection.shutdown().await.unwrap();
                        drop(connection);
                    }
                    closed.send(()).unwrap();
                } else if connection.read_request().await.unwrap().is_some() {
                    connection.respond(&success(1)).await.unwrap();
                }
            }
        });
        let server = home.block_on(server).unwrap();
        let client = world.builder(&server).warm_spare(AMPLE).build().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            within(client.call(Pay::new(1))).await.unwrap();
            within(ups.recv()).await.unwrap();
            // From here on this runtime hears nothing, until the spare is closed.
            close.notify_one();
            was_closed.recv_timeout(AMPLE).unwrap();
            let receipt = within(client.call(Pay::new(1))).await;
            assert!(receipt.is_ok(), "abruptly {abruptly}: {}", receipt.unwrap_err());
        });
    }
}

#[tokio::test]
async fn a_spare_is_dropped_at_its_age() {
    let world = World::new();
    let (ended, mut has_ended) = mpsc::unbounded_channel();
    let server = world.server().raw(move |mut connection| {
        let ended = ended.clone();
        async move {
            let up = Instant::now();
            match connection.read_request().await {
                Ok(Some(_)) => connection.respond(&success(connection.number())).await.unwrap(),
                Ok(None) | Err(_) => ended.send(up.elapsed()).unwrap(),
            }
        }
    });
    let server = server.await.unwrap();
    let age = Duration::from_millis(200);
    let client = world.builder(&server).warm_spare(age).build().unwrap();
    assert_eq!(within(client.call(Pay::new(1))).await.unwrap().id, 0);
    assert!(within(has_ended.recv()).await.unwrap() >= age - Duration::from_millis(20));
    assert_eq!(within(client.call(Pay::new(1))).await.unwrap().id, 2, "a fresh connection");
}

#[tokio::test]
async fn a_spare_goes_with_its_client() {
    let world = World::new();
    let (up, mut ups) = mpsc::unbounded_channel();
    let (ended, mut has_ended) = mpsc::unbounded_channel();
    let server = world.server().raw(move |mut connection| {
        let (up, ended) = (up.clone(), ended.clone());
        async move {
            up.send(connection.number()).unwrap();
            match connection.read_request().await {
                Ok(Some(_)) => connection.respond(&success(1)).await.unwrap(),
                Ok(None) | Err(_) => ended.send(()).unwrap(),
            }
        }
    });
    let server = server.await.unwrap();
    let client = world.builder(&server).warm_spare(AMPLE).build().unwrap();
    within(client.call(Pay::new(1))).await.unwrap();
    while within(ups.recv()).await.unwrap() != 1 {}
    drop(client);
    within(has_ended.recv()).await.unwrap();
}

// Rotation.

#[derive(Debug, PartialEq, Eq)]
struct Seen {
    name: String,
    resumed: bool,
}

/// A server that tells who came, and answers a write once it may.
async fn guest_book(world: &World, release: Arc<Notify>) -> (Server, mpsc::UnboundedReceiver<Seen>) {
    let (write, book) = mpsc::unbounded_channel();
    let server = world.server().raw(move |mut connection| {
        let (write, release) = (write.clone(), Arc::clone(&release));
        async move {
            while let Ok(Some(request)) = connection.read_request().await {
                let name = connection.peer_common_name().unwrap().to_owned();
                write.send(Seen { name, resumed: connection.resumed() }).unwrap();
                if request.path == "/pay" {
                    release.notified().await;
                }
                connection.respond(&success(1)).await.unwrap();
            }
        }
    });
    (server.await.unwrap(), book)
}

fn seen(name: &str, resumed: bool) -> Seen {
    Seen { name: name.to_owned(), resumed }
}

#[tokio::test]
async fn rotation_lets_a_call_in_flight_finish_and_the_next_one_shows_the_new_leaf() {
    let world = World::new();
    let release = Arc::new(Notify::new());
    let (server, mut book) = guest_book(&world, Arc::clone(&release)).await;
    let client = world.client(&server);
    release.notify_one();
    within(client.call(Pay::new(1))).await.unwrap();
    assert_eq!(book.recv().await.unwrap(), seen("old-app", false));

    let in_flight = tokio::spawn({
        let client = client.clone();
        async move { client.call(Pay::new(2)).await }
    });
    assert_eq!(within(book.recv()).await.unwrap(), seen("old-app", true), "sessions resume as a rule");
    client.rotate(world.another("new-app")).unwrap();
    assert_eq!(client.identity().unwrap().subject(), "new-app");
    release.notify_one();
    within(in_flight).await.unwrap().unwrap();

    release.notify_one();
    within(client.call(Pay::new(3))).await.unwrap();
    assert_eq!(book.recv().await.unwrap(), seen("new-app", false));
}

#[tokio::test]
async fn rotation_leaves_kept_connections_and_spares_of_the_old_leaf_alone() {
    let world = World::new();
    let release = Arc::new(Notify::new());
    let (server, mut book) = guest_book(&world, Arc::clone(&release)).await;
    let client = world.builder(&server).warm_spare(AMPLE).build().unwrap();
    within(client.call(Look::new(1))).await.unwrap();
    assert_eq!(book.recv().await.unwrap(), seen("old-app", false));
    release.notify_one();
    within(client.call(Pay::new(1))).await.unwrap();
    assert_eq!(book.recv().await.unwrap(), seen("old-app", true));
    within(server.until_connections(3)).await;

    client.clone().rotate(world.another("new-app")).unwrap();
    within(client.call(Look::new(1))).await.unwrap();
    assert_eq!(book.recv().await.unwrap(), seen("new-app", false));
    release.notify_one();
    within(client.call(Pay::new(1))).await.unwrap();
    assert_eq!(book.recv().await.unwrap().name, "new-app");
}

#[tokio::test]
async fn rotation_to_an_expired_leaf_keeps_the_old_one() {
    let world = World::new();
    let release = Arc::new(Notify::new());
    let (server, mut book) = guest_book(&world, release).await;
    let client = world.client(&server);
    let expired = expires_at_once(&world).await;
    let error = client.rotate(expired).unwrap_err();
    assert_eq!(error.kind(), Kind::Config);
    assert!(error.to_string().contains("`short-lived` expired on "), "{error}");
    assert_eq!(client.identity().unwrap().subject(), "old-app");
    within(client.call(Look::new(1))).await.unwrap();
    assert_eq!(book.recv().await.unwrap().name, "old-app");
}

/// An identity that was good when it was made. The clock is the subject here, so this waits for it.
async fn expires_at_once(world: &World) -> Identity {
    let now = SystemTime::now();
    let leaf = Leaf::client("short-lived").valid(now - Duration::from_secs(60), now + Duration::from_secs(2));
    let identity = identity(&world.authority.issue(&leaf).unwrap());
    while SystemTime::now() <= identity.not_after() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    identity
}

// Answers.

#[tokio::test]
async fn success_is_what_the_envelope_says_whatever_the_status() {
    for status in [200, 201, 400, 404, 500, 503] {
        let answer = Response::json(status, success_body(7));
        let (result, requests) = pay_against(&World::new(), Reply::Answer(answer)).await;
        assert_eq!((result.unwrap(), requests), (Receipt { id: 7 }, 1), "HTTP {status}");
    }
}

#[tokio::test]
async fn a_listed_code_is_refused_and_an_unlisted_one_unknown_whatever_the_status() {
    for status in [200, 400, 500] {
        let answer = Response::json(status, fail_body("NO_MONEY"));
        let (result, requests) = pay_against(&World::new(), Reply::Answer(answer)).await;
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (Kind::Api, Outcome::Refused), "{error}");
        assert_eq!((error.code(), error.status().unwrap().as_u16()), (Some("NO_MONEY"), status));
        assert_eq!((error.attempts(), error.settled_by(), requests), (1, None, 1));

        let answer = Response::json(status, fail_body("NEVER_HEARD_OF"));
        let (result, requests) = pay_against(&World::new(), Reply::Answer(answer)).await;
        assert_unknown(&result.unwrap_err(), Kind::Api);
        assert_eq!(requests, 1);
    }
}

#[tokio::test]
async fn a_page_is_unknown_and_keeps_its_body() {
    for status in [200, 404, 500, 502, 504] {
        let page = Response::html(status, "<h1>sorry</h1>");
        let (result, requests) = pay_against(&World::new(), Reply::Answer(page)).await;
        let error = result.unwrap_err();
        assert_unknown(&error, Kind::Decode);
        assert_eq!((error.expose_body(), requests), (Some(&b"<h1>sorry</h1>"[..]), 1));
        assert_eq!(error.status().unwrap().as_u16(), status);
    }
}

#[tokio::test]
async fn a_rate_limited_write_is_sent_again() {
    let world = World::new();
    let requests = Count::default();
    let count = requests.clone();
    let server = world.server().http(move |_| {
        let first = count.one() == 0;
        async move { Reply::Answer(if first { Response::json(429, fail_body("4095")) } else { success(1) }) }
    });
    let server = server.await.unwrap();
    assert_eq!(within(world.client(&server).call(Pay::new(1))).await.unwrap().id, 1);
    assert_eq!(requests.get(), 2);
}

#[tokio::test]
async fn a_read_is_asked_again_after_a_5xx_page_as_often_as_the_policy_says() {
    let world = World::new();
    let requests = Count::default();
    let count = requests.clone();
    let server = world.server().http(move |_| {
        count.one();
        async { Reply::Answer(Response::html(503, "<h1>busy</h1>")) }
    });
    let server = server.await.unwrap();
    let error = within(world.client(&server).call(Look::new(1))).await.unwrap_err();
    assert_eq!((error.attempts(), requests.get()), (3, 3));
    assert!(error.is_safe_to_resend());
}

#[tokio::test]
async fn a_redirect_is_never_followed() {
    for status in [301, 302, 303, 307, 308] {
        let world = World::new();
        let paths = Arc::new(Mutex::new(Vec::new()));
        let ear = Arc::clone(&paths);
        let server = world.server().http(move |request| {
            ear.lock().unwrap().push(request.path);
            async move { Reply::Answer(Response::html(status, "moved").header("location", "/elsewhere")) }
        });
        let server = server.await.unwrap();
        let error = within(world.client(&server).call(Pay::new(1))).await.unwrap_err();
        assert_unknown(&error, Kind::Decode);
        let error = within(world.client(&server).call(Look::new(1))).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (Kind::Decode, 1), "{error}");
        assert_eq!(*paths.lock().unwrap(), ["/pay", "/look"]);
    }
}

#[tokio::test]
async fn interim_answers_are_passed_over() {
    for interim in ["HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"] {
        let answer = raw(interim.repeat(2) + &success_bytes(7)).close();
        let (result, requests) = pay_against(&World::new(), Reply::Answer(answer)).await;
        assert_eq!((result.unwrap().id, requests), (7, 1));
    }
}

#[tokio::test]
async fn an_interim_answer_and_then_the_end_is_unknown() {
    let (result, requests) = pay_against(&World::new(), cut(raw("HTTP/1.1 100 Continue\r\n\r\n"))).await;
    assert_unknown(&result.unwrap_err(), Kind::Transport);
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn an_answer_in_single_bytes_is_read() {
    let world = World::new();
    let server = world.server().raw(|mut connection| async move {
        connection.read_request().await.unwrap().unwrap();
        for byte in success_bytes(7).bytes() {
            connection.write_all(&[byte]).await.unwrap();
            connection.flush().await.unwrap();
        }
    });
    let server = server.await.unwrap();
    assert_eq!(within(world.client(&server).call(Pay::new(7))).await.unwrap().id, 7);
}

#[tokio::test]
async fn a_chunked_answer_is_read() {
    let body = success_body(7);
    let (one, two) = body.split_at(9);
    let chunked = format!(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{one}\r\n{:x}\r\n{two}\r\n0\r\n\r\n",
        one.len(),
        two.len()
    );
    let (result, requests) = pay_against(&World::new(), Reply::Answer(raw(chunked).close())).await;
    assert_eq!((result.unwrap().id, requests), (7, 1));
}

/// The default client is the one that people use: nothing above rests on settings of these tests.
#[tokio::test]
async fn the_default_policy_is_three_attempts() {
    let world = World::new();
    let server = world.server().raw_tcp(|incoming| async move { drop(incoming) }).await.unwrap();
    let client = Client::builder()
        .identity(world.identity())
        .trust(ait_core::Trust::pem(world.authority.pem()).unwrap())
        .base_url(server.url())
        .no_proxy();
    let error = within(client.build().unwrap().call(Pay::new(1))).await.unwrap_err();
    assert_eq!((error.attempts(), server.connections()), (3, 3));
}
