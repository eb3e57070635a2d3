//! Scripts that get the bytes themselves.

use std::io;

use crate::net::client::{BOTH, connect, connector, get};
use ait_emulator::{Authority, Leaf, Response, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn each_tcp_connection_has_its_own_fate() -> io::Result<()> {
    let authority = Authority::new("Test CA")?;
    let server = Server::builder()
        .tls(&authority.issue(&Leaf::server(&["localhost"]))?)
        .raw_tcp(|mut incoming| async move {
            match incoming.number() {
                0 => drop(incoming),
                1 => {
                    // Once the ClientHello is there, so that the client is in its handshake.
                    let _ = incoming.tcp().read_u8().await;
                    incoming.reset();
                }
                2 => {
                    let _ = incoming.tcp().write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
                }
                3 => {
                    if let Ok(mut connection) = incoming.handshake().await {
                        let _ = connection.read_head().await;
                        connection.reset();
                    }
                }
                _ => {
                    if let Ok(mut connection) = incoming.handshake().await {
                        let _ = connection.read_request().await;
                        let _ = connection.respond(&Response::json(200, "{}")).await;
                    }
                }
            }
        })
        .await?;
    let connector = connector(&authority, None, BOTH)?;

    assert!(connect(&connector, server.addr()).await.is_err());
    let error = connect(&connector, server.addr()).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    assert!(connect(&connector, server.addr()).await.is_err());
    let error = get(&mut connect(&connector, server.addr()).await?, "/").await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    assert_eq!(get(&mut connect(&connector, server.addr()).await?, "/").await?.1, "{}");
    assert_eq!((server.connections(), server.handshake_failures()), (5, 0));
    Ok(())
}

#[tokio::test]
async fn a_body_can_be_read_as_bytes() -> io::Result<()> {
    let server = Server::builder()
        .raw(|mut connection| async move {
            let Ok(Some(request)) = connection.read_head().await else { return };
            let mut body = String::new();
            if connection.read_to_string(&mut body).await.is_ok() {
                let head = String::from_utf8_lossy(&request.head);
                let _ = connection.respond(&Response::json(200, format!("{head}{body}"))).await;
            }
        })
        .await?;
    let mut stream = TcpStream::connect(server.addr()).await?;
    let request = "PUT / HTTP/1.0\r\nX-CaSe: kept\r\n\r\nchunk or not";
    stream.write_all(request.as_bytes()).await?;
    stream.shutdown().await?;
    assert_eq!(crate::net::client::read_response(&mut stream).await?.1, request);
    Ok(())
}

#[tokio::test]
async fn a_stopped_server_refuses_and_lets_go() -> io::Result<()> {
    let server = Server::builder().raw(|_connection| std::future::pending()).await?;
    let addr = server.addr();
    let mut stream = TcpStream::connect(addr).await?;
    server.until_connections(1).await;
    server.stop().await;

    assert!(!matches!(stream.read(&mut [0]).await, Ok(1..)));
    assert_eq!(TcpStream::connect(addr).await.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
    Ok(())
}
