//! What a call says when time runs out: where, and what is proven by then.

use std::{net::Ipv4Addr, time::Duration};

use crate::support::{
    BOTH, Count, Look, Pay, World,
    contracts::{AMPLE, SHORT, assert_not_sent, assert_unknown},
    success, success_bytes, within,
};
use ait_core::{Kind, Phase};
use ait_emulator::Reply;
use tokio::{
    io::AsyncWriteExt,
    net::{TcpSocket, TcpStream},
};

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
    // More than the buffers of both sides hold. A slow machine may need a while before the first byte leaves.
    for deadline in [1, 3, 9, 27] {
        let (long, deadline) = (Pay::new(1).note("x".repeat(16 << 20)), Duration::from_secs(deadline));
        let client = world.client(&server);
        let call = client.call(long).deadline(deadline).into_future();
        let error = tokio::time::timeout(3 * deadline, call).await.expect("hangs").unwrap_err();
        if error.phase() == Some(Phase::Wait) {
            return assert_unknown(&error, Kind::Timeout);
        }
        assert_not_sent(&error, Kind::Timeout);
    }
    panic!("nothing ever left");
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
