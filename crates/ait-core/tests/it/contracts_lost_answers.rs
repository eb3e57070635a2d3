//! What a call says when the request may have been read and the answer does not come whole: unknown.

use std::{
    io,
    sync::{Arc, Mutex},
};

use crate::support::{
    BOTH, Count, Keyed, Pay, Receipt, World,
    contracts::{AMPLE, assert_unknown, cut, pay_against, raw},
    success, success_body, within,
};
use ait_core::{Error, Kind, Outcome, Phase};
use ait_emulator::{Reply, Response};
use tokio::{io::AsyncWriteExt, sync::mpsc};

/// The reason stands somewhere below the error, whatever layers lie between.
#[track_caller]
fn assert_names_the_reset(error: &Error) {
    let layers = std::iter::successors(std::error::Error::source(error), |layer| layer.source());
    let kinds = layers.filter_map(|layer| layer.downcast_ref::<io::Error>()).map(io::Error::kind);
    assert!(kinds.into_iter().any(|kind| kind == io::ErrorKind::ConnectionReset), "{error:?}");
}

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
        assert_names_the_reset(&error);
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
