//! What a call says when the connection breaks before the request could be read: not sent, and tried again.

use std::{net::Ipv4Addr, time::Duration};

use crate::support::{
    BOTH, Count, Pay, Receipt, World,
    contracts::{SHORT, assert_not_sent},
    success, within,
};
use ait_core::{Client, Kind, Outcome, Phase, RetryPolicy};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpSocket,
};

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
    // The last attempt may have been the one that the deadline cut off.
    assert!(matches!(error.kind(), Kind::Connect | Kind::Timeout), "{error}");
    assert_eq!(error.outcome(), Outcome::NotSent);
}

/// The default client is the one that people use: nothing here rests on settings of these tests.
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
