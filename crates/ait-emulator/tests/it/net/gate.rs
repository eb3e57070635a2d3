//! What can become of a connection before HTTP.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::net::client::{BOTH, connect, connector, get};
use ait_emulator::{Arrival, Authority, Connection, End, Leaf, Reply, Response, Script, Server, Stage};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn start(
    authority: &Authority,
    gate: impl Fn(Arrival<'_>) -> Script + Send + Sync + 'static,
) -> io::Result<Server> {
    Server::builder()
        .tls(&authority.issue(&Leaf::server(&["localhost"]))?)
        .gate(gate)
        .http(|_| std::future::ready(Reply::Answer(Response::json(200, "{}"))))
        .await
}

#[tokio::test]
async fn it_is_asked_at_each_moment_of_each_connection() -> io::Result<()> {
    let authority = Authority::new("Test CA")?;
    let asked = Arc::new(Mutex::new(Vec::new()));
    let ear = Arc::clone(&asked);
    let server = start(&authority, move |arrival| {
        let name = arrival.server_name.map(str::to_owned);
        ear.lock().unwrap().push((arrival.number, arrival.stage, name));
        Script::new()
    })
    .await?;
    let connector = connector(&authority, None, BOTH)?;
    for _ in 0..2 {
        let mut stream = connect(&connector, server.addr()).await?;
        assert_eq!(get(&mut stream, "/").await?.1, "{}");
        assert_eq!(get(&mut stream, "/").await?.1, "{}");
    }
    let name = Some("localhost".to_owned());
    assert_eq!(
        *asked.lock().unwrap(),
        [
            (0, Stage::Accepted, None),
            (0, Stage::ClientHello, name.clone()),
            (1, Stage::Accepted, None),
            (1, Stage::ClientHello, name),
        ]
    );
    Ok(())
}

#[tokio::test]
async fn connections_end_at_either_moment() -> io::Result<()> {
    let authority = Authority::new("Test CA")?;
    let connector = connector(&authority, None, BOTH)?;
    for stage in [Stage::Accepted, Stage::ClientHello] {
        let at = move |end: End| {
            move |arrival: Arrival<'_>| {
                let here = arrival.stage == stage;
                if here { Script::new().then(end) } else { Script::new() }
            }
        };
        let server = start(&authority, at(End::Close)).await?;
        let error = connect(&connector, server.addr()).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{stage:?}: {error}");

        let server = start(&authority, at(End::Reset)).await?;
        let error = connect(&connector, server.addr()).await.unwrap_err();
        let expected = [io::ErrorKind::ConnectionReset, io::ErrorKind::BrokenPipe];
        assert!(expected.contains(&error.kind()), "{stage:?}: {error}");

        let server = start(&authority, at(End::Hang)).await?;
        let connected = tokio::time::timeout(Duration::from_millis(30), connect(&connector, server.addr()));
        assert!(connected.await.is_err(), "{stage:?}");
        assert_eq!(server.handshake_failures(), 0);

        let server = start(&authority, at(End::Keep)).await?;
        assert!(connect(&connector, server.addr()).await.is_ok(), "{stage:?}");
    }
    Ok(())
}

#[tokio::test]
async fn the_second_moment_waits_for_the_client() -> io::Result<()> {
    let authority = Authority::new("Test CA")?;
    let server = start(&authority, |arrival| match arrival.stage {
        Stage::ClientHello => Script::new().write("hello yourself").then(End::Close),
        _ => Script::new().write("welcome, "),
    })
    .await?;
    let mut stream = TcpStream::connect(server.addr()).await?;
    let mut octets = [0; 9];
    stream.read_exact(&mut octets).await?;
    assert_eq!(&octets, b"welcome, ");
    assert!(tokio::time::timeout(Duration::from_millis(30), stream.read_u8()).await.is_err());
    // Not TLS: nobody says hello.
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await?;
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await?;
    assert_eq!(rest.first(), Some(&0x15), "an alert: {rest:?}");
    assert_eq!(server.handshake_failures(), 1);
    Ok(())
}

#[tokio::test]
async fn a_pause_is_only_a_delay() -> io::Result<()> {
    let authority = Authority::new("Test CA")?;
    let server = start(&authority, |_| Script::new().pause(Duration::from_millis(5))).await?;
    let mut stream = connect(&connector(&authority, None, BOTH)?, server.addr()).await?;
    assert_eq!(get(&mut stream, "/").await?.1, "{}");
    Ok(())
}

#[tokio::test]
async fn without_tls_there_is_no_second_moment() -> io::Result<()> {
    let server = Server::builder()
        .gate(|arrival| match (arrival.stage, arrival.number) {
            (Stage::Accepted, 0) => Script::new().then(End::Reset),
            (Stage::Accepted, _) => Script::new(),
            _ => Script::new().then(End::Hang),
        })
        .raw(|mut connection: Connection| async move {
            let _ = connection.write_all(b"in").await;
        })
        .await?;
    let mut text = String::new();
    let mut stream = TcpStream::connect(server.addr()).await?;
    assert_eq!(stream.read_to_string(&mut text).await.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    let mut stream = TcpStream::connect(server.addr()).await?;
    stream.read_to_string(&mut text).await?;
    assert_eq!(text, "in");
    Ok(())
}
