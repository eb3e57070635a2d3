//! The relay.

use std::io;
use std::time::{Duration, Instant};

use ait_emulator::{Relay, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const ONE_WAY: Duration = Duration::from_millis(25);

/// A server that sends back what it gets.
async fn echo() -> io::Result<Server> {
    Server::builder()
        .raw(|connection| async move {
            let (mut from, mut to) = tokio::io::split(connection);
            let _ = tokio::io::copy(&mut from, &mut to).await;
            let _ = to.shutdown().await;
        })
        .await
}

#[tokio::test]
async fn a_round_trip_takes_both_ways() -> io::Result<()> {
    let server = echo().await?;
    let relay = Relay::start(server.addr(), ONE_WAY)?;
    let mut stream = TcpStream::connect(relay.addr()).await?;
    for _ in 0..2 {
        let start = Instant::now();
        stream.write_all(b"ping").await?;
        stream.read_exact(&mut [0; 4]).await?;
        assert!(start.elapsed() >= 2 * ONE_WAY, "{:?}", start.elapsed());
    }
    let start = Instant::now();
    stream.shutdown().await?;
    assert_eq!(stream.read(&mut [0]).await?, 0);
    assert!(start.elapsed() >= 2 * ONE_WAY, "{:?}", start.elapsed());
    Ok(())
}

#[tokio::test]
async fn everything_arrives_in_order() -> io::Result<()> {
    let server = echo().await?;
    let relay = Relay::start(server.addr(), ONE_WAY)?;
    let sent: Vec<u8> = (0..4_000_000_u32).map(|number| (number % 251) as u8).collect();
    let (mut from, mut to) = TcpStream::connect(relay.addr()).await?.into_split();
    let copy = sent.clone();
    let writer = tokio::spawn(async move {
        to.write_all(&copy).await?;
        to.shutdown().await
    });
    let mut received = Vec::new();
    from.read_to_end(&mut received).await?;
    writer.await??;
    assert!(sent == received);
    Ok(())
}

#[tokio::test]
async fn a_target_that_is_gone_closes_the_connection() -> io::Result<()> {
    let server = echo().await?;
    let relay = Relay::start(server.addr(), ONE_WAY)?;
    server.stop().await;
    let mut stream = TcpStream::connect(relay.addr()).await?;
    assert!(!matches!(stream.read(&mut [0]).await, Ok(1..)));
    Ok(())
}

#[test]
fn a_relay_needs_a_runtime() {
    assert!(Relay::start(([127, 0, 0, 1], 9).into(), ONE_WAY).is_err());
}
