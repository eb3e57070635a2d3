//! What `http()` reads and plays.

use std::io;
use std::time::{Duration, Instant};

use crate::net::client::{BOTH, connect, connector, get, read_response};
use ait_emulator::{Authority, Leaf, Reply, Request, Response, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PAUSE: Duration = Duration::from_millis(30);

async fn handle(request: Request) -> Reply {
    let response = Response::json(200, r#"{"resultType":"SUCCESS"}"#);
    match request.path.as_str() {
        "/close" => Reply::Close,
        "/reset" => Reply::Reset,
        "/hang" => Reply::Hang,
        "/truncated" => Reply::Truncated { response, bytes: 5 },
        "/delayed" => Reply::Delayed(PAUSE, response),
        "/raw" => Reply::Answer(Response::raw(&b"HTTP/1.1 200 OK\r\nConTent-Length : 0\r\n\r\n"[..]).close()),
        "/html" => {
            Reply::Answer(Response::html(502, "<p>").header("Content-Type", "text/html").header("a", "b"))
        }
        path => Reply::Answer(Response::json(
            200,
            format!("{} {path} {} {}", request.method, request.connection, request.body.len()),
        )),
    }
}

#[tokio::test]
async fn a_connection_serves_many_requests() -> io::Result<()> {
    let authority = Authority::new("Test CA")?;
    let server = Server::builder().tls(&authority.issue(&Leaf::server(&["localhost"]))?).http(handle).await?;
    let mut stream = connect(&connector(&authority, None, BOTH)?, server.addr()).await?;

    let (head, body) = get(&mut stream, "/a?b=c").await?;
    assert_eq!(head, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 14\r\n\r\n");
    assert_eq!(body, "GET /a?b=c 0 0");
    // Two at once, with bodies.
    let one = "POST /one HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc";
    let two = "POST /two HTTP/1.1\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx";
    stream.write_all(format!("{one}{two}").as_bytes()).await?;
    assert_eq!(read_response(&mut stream).await?.1, "POST /one 0 3");
    let (head, body) = read_response(&mut stream).await?;
    assert!(head.contains("\r\nconnection: close\r\n"), "{head}");
    assert_eq!(body, "POST /two 0 1");
    assert_eq!(stream.read(&mut [0]).await?, 0);
    assert_eq!(server.connections(), 1);
    Ok(())
}

#[tokio::test]
async fn a_truncated_answer_ends_in_the_middle() -> io::Result<()> {
    let server = Server::builder().http(handle).await?;
    let mut stream = TcpStream::connect(server.addr()).await?;
    stream.write_all(b"GET /truncated HTTP/1.1\r\n\r\n").await?;
    let mut text = String::new();
    stream.read_to_string(&mut text).await?;
    assert!(text.contains("content-length: 24\r\n"), "{text}");
    assert!(text.ends_with("\r\n\r\n{\"res"), "{text}");
    Ok(())
}

#[tokio::test]
async fn connections_end_as_told() -> io::Result<()> {
    let server = Server::builder().http(handle).await?;

    let mut stream = TcpStream::connect(server.addr()).await?;
    let error = get(&mut stream, "/reset").await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);

    let mut stream = TcpStream::connect(server.addr()).await?;
    let error = get(&mut stream, "/close").await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);

    let mut stream = TcpStream::connect(server.addr()).await?;
    let asked = tokio::time::timeout(PAUSE, get(&mut stream, "/hang")).await;
    assert!(asked.is_err());
    Ok(())
}

#[tokio::test]
async fn a_delayed_answer_takes_its_time() -> io::Result<()> {
    let server = Server::builder().http(handle).await?;
    assert_eq!(server.url(), format!("http://{}", server.addr()));
    let mut stream = TcpStream::connect(server.addr()).await?;
    let start = Instant::now();
    assert_eq!(get(&mut stream, "/delayed").await?.1, r#"{"resultType":"SUCCESS"}"#);
    assert!(start.elapsed() >= PAUSE);
    Ok(())
}

#[tokio::test]
async fn responses_are_written_as_given() -> io::Result<()> {
    let server = Server::builder().http(handle).await?;
    let mut stream = TcpStream::connect(server.addr()).await?;
    let (head, _) = get(&mut stream, "/html").await?;
    assert_eq!(
        head,
        "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 3\r\nContent-Type: text/html\r\na: b\r\n\r\n"
    );

    stream.write_all(b"HEAD /x HTTP/1.1\r\n\r\nGET /raw HTTP/1.1\r\n\r\n").await?;
    let mut text = String::new();
    stream.read_to_string(&mut text).await?;
    let (first, second) = text.split_once("\r\n\r\n").unwrap();
    assert!(first.ends_with("content-length: 11"), "{text}");
    assert_eq!(second, "HTTP/1.1 200 OK\r\nConTent-Length : 0\r\n\r\n");
    Ok(())
}

#[tokio::test]
async fn what_is_no_request_gets_a_400() -> io::Result<()> {
    let server = Server::builder().http(handle).await?;
    for request in [
        "hello\r\n\r\n",
        "GET / HTTP/2\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "POST / HTTP/1.1\r\ncontent-length: +1\r\n\r\n",
        "POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
    ] {
        let mut stream = TcpStream::connect(server.addr()).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut text = String::new();
        stream.read_to_string(&mut text).await?;
        assert!(text.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{request}: {text}");
    }
    Ok(())
}
