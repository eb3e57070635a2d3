//! Which address a call reaches, how many connections it may use, and what it says when it reaches none.

use std::{
    future::Future as _,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use crate::support::{BareLook, BarePay, Count, Look, Pay, Receipt, World, success, within};
use ait_core::{Client, Kind, Outcome, Phase, RetryPolicy};
use ait_emulator::{Reply, Server};
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::Semaphore,
};

const LIVE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const DEAD: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

async fn server(world: &World) -> Server {
    world.server().http(|_| async { Reply::Answer(success(1)) }).await.unwrap()
}

fn client(world: &World, server: &Server, addresses: [IpAddr; 2]) -> ait_core::Builder {
    let url = format!("https://pay.test:{}", server.addr().port());
    world.stranger(url).identity(world.identity()).addresses("pay.test", addresses)
}

/// A socket that takes no connection and says nothing about it: its queue is full. Linux leaves the rest unanswered.
#[cfg(target_os = "linux")]
async fn silent(address: SocketAddr) -> (TcpListener, Vec<TcpStream>) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(address).unwrap();
    let listener = socket.listen(1).unwrap();
    let mut queue = Vec::new();
    while let Ok(stream) = tokio::time::timeout(Duration::from_millis(300), TcpStream::connect(address)).await
    {
        queue.push(stream.unwrap());
    }
    (listener, queue)
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn one_silent_address_of_two_costs_a_moment_and_no_call() {
    let world = World::new();
    let server = server(&world).await;
    let _silent = silent((DEAD, server.addr().port()).into()).await;
    let client = client(&world, &server, [DEAD, LIVE]).retry(RetryPolicy::never()).build().unwrap();
    assert_eq!(within(client.call(Pay::new(1))).await.unwrap(), Receipt { id: 1 });
    assert_eq!(within(client.call(Look::new(1))).await.unwrap(), Receipt { id: 1 });
}

#[tokio::test]
async fn one_closed_address_of_two_costs_nothing() {
    let world = World::new();
    let server = server(&world).await;
    let client = client(&world, &server, [DEAD, LIVE]).retry(RetryPolicy::never()).build().unwrap();
    assert_eq!(within(client.call(Pay::new(1))).await.unwrap(), Receipt { id: 1 });
}

/// It takes the connection and says nothing: the race of TCP cannot tell.
#[tokio::test]
async fn after_a_handshake_that_hangs_the_next_attempt_starts_at_another_address() {
    let world = World::new();
    let server = server(&world).await;
    let mute = TcpListener::bind((DEAD, server.addr().port())).await.unwrap();
    let client = client(&world, &server, [DEAD, LIVE]).build().unwrap();
    assert_eq!(within(client.call(Pay::new(1))).await.unwrap(), Receipt { id: 1 });
    drop(mute);
}

#[tokio::test]
async fn an_error_of_connecting_names_the_host_and_the_addresses() {
    let world = World::new();
    let server = server(&world).await;
    let port = server.addr().port();
    let client = client(&world, &server, [DEAD, DEAD]).build().unwrap();
    let error = within(client.call(Pay::new(1))).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Connect, Outcome::NotSent));
    let line = error.to_string();
    assert!(
        line.contains(&format!("no connection to pay.test: {DEAD}:{port}: Connection refused")),
        "{line}"
    );
    assert_eq!(error.addresses().last(), Some(&SocketAddr::from((DEAD, port))));

    let mute = TcpListener::bind((DEAD, port)).await.unwrap();
    let error = within(client.call(Pay::new(1)).deadline(Duration::from_millis(300))).await.unwrap_err();
    assert_eq!((error.kind(), error.phase()), (Kind::Timeout, Some(Phase::Handshake)));
    let line = error.to_string();
    assert!(line.contains(&format!("no connection to pay.test ({DEAD}:{port})")), "{line}");
    drop(mute);

    let nowhere = world.stranger("https://no-such-host.invalid").identity(world.identity()).build().unwrap();
    let error = within(nowhere.call(Pay::new(1)).retry(RetryPolicy::never())).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Connect, Outcome::NotSent));
    let line = error.to_string();
    assert!(line.contains("to no-such-host.invalid: its address was not found"), "{line}");
}

#[tokio::test]
async fn no_more_connections_are_used_than_allowed_and_the_rest_waits() {
    const MOST: usize = 3;
    let world = World::new();
    let (now, most, gate) = (Count::default(), Count::default(), std::sync::Arc::new(Semaphore::new(0)));
    let (inside, peak, open) = (now.clone(), most.clone(), gate.clone());
    let running = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let server = world.server().http(move |_| {
        inside.one();
        let (running, peak, open) = (running.clone(), peak.clone(), open.clone());
        async move {
            let at_once = running.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
            while peak.get() < at_once {
                peak.one();
            }
            open.acquire().await.unwrap().forget();
            running.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
            Reply::Answer(success(1))
        }
    });
    let server = server.await.unwrap();
    let client = world.builder(&server).max_connections(MOST).build().unwrap();
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..20 {
        let client = client.clone();
        calls.spawn(async move {
            if number % 2 == 0 {
                client.call(Pay::new(1)).await.map(|_| ())
            } else {
                client.call(Look::new(1)).await.map(|_| ())
            }
        });
    }
    server.until_connections(MOST as u64).await;
    // Whoever gets none within its own time has sent nothing.
    let error = within(client.call(Pay::new(1)).deadline(Duration::from_millis(200))).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Timeout, Outcome::NotSent), "{error}");
    assert_eq!(error.phase(), Some(Phase::Queue));
    assert!(error.to_string().contains("max_connections"), "{error}");
    gate.add_permits(20);
    while let Some(call) = within(calls.join_next()).await {
        call.unwrap().unwrap();
    }
    assert_eq!(now.get(), 20);
    assert!(most.get() <= MOST, "{}", most.get());
}

/// The far side is gone without a word: no reset, no end.
#[tokio::test]
async fn a_kept_connection_that_has_died_silently_does_not_hold_up_a_read() {
    let world = World::new();
    let server = world.server().raw(|mut connection| async move {
        connection.read_request().await.unwrap();
        connection.respond(&success(1)).await.unwrap();
        if connection.number() == 0 {
            std::future::pending::<()>().await;
        }
        while let Ok(Some(_)) = connection.read_request().await {
            connection.respond(&success(1)).await.unwrap();
        }
    });
    let server = server.await.unwrap();
    let client = world.builder(&server).retry(RetryPolicy::never()).build().unwrap();
    within(client.call(Look::new(1))).await.unwrap();
    let read = within(client.call(Look::new(1)).deadline(Duration::from_secs(20))).await.unwrap();
    assert_eq!((read, server.connections()), (Receipt { id: 1 }, 2));
}

#[test]
fn without_a_runtime_a_call_is_an_error_and_no_panic() {
    let client = Client::builder().base_url("http://127.0.0.1:9").no_proxy().build().unwrap();
    let mut call = pin!(client.call(BarePay).into_future());
    let Poll::Ready(result) = call.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("nothing to wait for");
    };
    let error = result.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Config, Outcome::NotSent));
    assert!(error.to_string().contains("tokio runtime"), "{error}");
}

#[tokio::test]
async fn an_answer_that_is_no_http_is_said_to_be_none() {
    let world = World::new();
    let server = world.server().raw(|mut connection| async move {
        connection.read_request().await.unwrap();
        let _ = connection.respond(&ait_emulator::Response::raw("SSH-2.0-OpenSSH_9.2\r\n\r\n")).await;
    });
    let server = server.await.unwrap();
    let error = within(world.client(&server).call(Pay::new(1))).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Transport, Outcome::Unknown));
    assert!(error.to_string().contains("not HTTP/1.1"), "{error}");
}

#[tokio::test]
async fn a_reset_right_after_our_certificate_is_explained() {
    let world = World::new();
    let server = world.server().raw(|mut connection| async move {
        connection.read_request().await.unwrap();
        connection.reset();
    });
    let server = server.await.unwrap();
    let error = within(world.client(&server).call(Pay::new(1))).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Transport, Outcome::Unknown));
    assert!(error.to_string().contains("often a certificate that the server refuses"), "{error}");

    // Without a certificate there is nothing to say of it.
    let plain = ait_emulator::Server::builder().raw(|mut connection| async move {
        connection.read_request().await.unwrap();
        connection.reset();
    });
    let plain = plain.await.unwrap();
    let client =
        Client::builder().base_url(plain.url()).no_proxy().retry(RetryPolicy::never()).build().unwrap();
    let error = within(client.call(BareLook)).await.unwrap_err();
    assert!(!error.to_string().contains("certificate"), "{error}");
}
