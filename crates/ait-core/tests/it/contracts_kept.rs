//! Which connection a call uses, and what becomes of it.

use std::sync::Arc;

use crate::support::{
    BOTH, Count, Look, Pay, Receipt, World,
    contracts::{AMPLE, serve},
    fail_body, success, success_bytes, within,
};
use ait_core::{Error, Kind, Outcome, RetryPolicy};
use ait_emulator::{Connection, Reply, Response};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::{Notify, mpsc},
};

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
async fn an_answer_that_has_begun_shows_a_kept_connection_alive_and_its_loss_is_told() {
    let world = World::new();
    let server = world.server().raw(|mut connection| async move {
        connection.read_request().await.unwrap().unwrap();
        connection.respond(&success(1)).await.unwrap();
        if connection.number() == 0 {
            connection.read_request().await.unwrap().unwrap();
            // One byte is enough.
            connection.write_all(b"H").await.unwrap();
            connection.shutdown().await.unwrap();
        }
    });
    let server = server.await.unwrap();
    let client = world.builder(&server).retry(RetryPolicy::never()).build().unwrap();
    within(client.call(Look::new(1))).await.unwrap();
    let error = within(client.call(Look::new(1))).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Transport, Outcome::Unknown), "{error}");
    assert_eq!(server.connections(), 1);
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
