//! Answers that are cut, doubled or slow, byte by byte.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::net::client::{BOTH, connect, connector, exchange, get, read_response};
use ait_emulator::{Authority, End, Leaf, Reply, Response, Script, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n";
const BODY: &str = r#"{"id":12}"#;
const ASK: &[u8] = b"GET / HTTP/1.1\r\n\r\n";

fn answer() -> Response {
    Response::json(200, BODY)
}

async fn start(script: Script) -> io::Result<Server> {
    Server::builder().http(move |_| std::future::ready(Reply::Script(script.clone()))).await
}

/// What came, and what was said when no more came.
async fn listen(server: &Server) -> io::Result<(String, Option<io::ErrorKind>)> {
    let mut stream = TcpStream::connect(server.addr()).await?;
    stream.write_all(ASK).await?;
    let mut octets = Vec::new();
    let end = stream.read_to_end(&mut octets).await.err().map(|error| error.kind());
    Ok((String::from_utf8(octets).unwrap(), end))
}

#[tokio::test]
async fn every_cut_ends_as_told() -> io::Result<()> {
    let whole = format!("{HEAD}{BODY}");
    for length in 0..=whole.len() {
        let in_body = length.saturating_sub(HEAD.len());
        let cut = match in_body {
            0 => Script::new().head(&answer(), ..length),
            _ => Script::new().head(&answer(), ..).body(&answer(), ..in_body),
        };
        let server = start(cut.clone().then(End::Close)).await?;
        assert_eq!(listen(&server).await?, (whole[..length].to_owned(), None));
        let server = start(cut.then(End::Reset)).await?;
        let (_, end) = listen(&server).await?;
        assert_eq!(end, Some(io::ErrorKind::ConnectionReset), "{length}");
    }
    Ok(())
}

#[tokio::test]
async fn a_reset_after_an_answer_lets_it_be_read_first() -> io::Result<()> {
    let script = Script::new().answer(&answer()).pause(Duration::from_millis(100)).then(End::Reset);
    let (text, end) = listen(&start(script).await?).await?;
    assert_eq!((text, end), (format!("{HEAD}{BODY}"), Some(io::ErrorKind::ConnectionReset)));
    Ok(())
}

#[tokio::test]
async fn a_hanging_answer_says_no_more_and_stays_open() -> io::Result<()> {
    for (script, expected) in [
        (Script::new().head(&answer(), ..17), "HTTP/1.1 200 OK\r\n".to_owned()),
        (Script::new().head(&answer(), ..).body(&answer(), ..=4), format!("{HEAD}{}", &BODY[..5])),
    ] {
        let server = start(script.then(End::Hang)).await?;
        let mut stream = TcpStream::connect(server.addr()).await?;
        stream.write_all(ASK).await?;
        let mut octets = vec![0; expected.len()];
        stream.read_exact(&mut octets).await?;
        assert_eq!(octets, expected.as_bytes());
        // Another request on it goes unanswered too.
        stream.write_all(ASK).await?;
        let more = tokio::time::timeout(Duration::from_millis(30), stream.read_u8()).await;
        assert!(more.is_err(), "{more:?}");
    }
    Ok(())
}

#[tokio::test]
async fn parts_are_put_together_in_any_way() -> io::Result<()> {
    let brief = Duration::from_millis(1);
    let cases = [
        (Script::new().answer(&answer()).answer(&answer()), format!("{HEAD}{BODY}{HEAD}{BODY}")),
        (Script::new().pause(brief).answer(&answer()), format!("{HEAD}{BODY}")),
        (
            Script::new().head(&answer(), ..).body(&answer(), ..3).pause(brief).body(&answer(), 3..),
            format!("{HEAD}{BODY}"),
        ),
        (
            Script::new().body(&answer(), 1..=2).body(&answer(), 8..99).body(&answer(), 7..7),
            "\"i}".to_owned(),
        ),
        (Script::new().head(&answer(), 5..8).body(&answer(), 50..).write("!"), "1.1!".to_owned()),
        (Script::new().body(&Response::raw("raw"), ..2).head(&Response::raw("raw"), ..), "ra".to_owned()),
        (Script::new(), String::new()),
    ];
    for (script, expected) in cases {
        assert_eq!(listen(&start(script.then(End::Close)).await?).await?, (expected, None));
    }
    Ok(())
}

#[tokio::test]
async fn a_pause_comes_where_it_was_put() -> io::Result<()> {
    let ever = Duration::from_secs(3600);
    let server = start(Script::new().head(&answer(), ..).body(&answer(), ..3).pause(ever).write("x")).await?;
    let mut stream = TcpStream::connect(server.addr()).await?;
    stream.write_all(ASK).await?;
    let mut octets = vec![0; HEAD.len() + 3];
    stream.read_exact(&mut octets).await?;
    assert_eq!(octets, format!("{HEAD}{}", &BODY[..3]).as_bytes());
    assert!(tokio::time::timeout(Duration::from_millis(30), stream.read_u8()).await.is_err());
    Ok(())
}

#[tokio::test]
async fn a_kept_connection_goes_on_unless_the_client_wants_it_closed() -> io::Result<()> {
    let calls = AtomicUsize::new(0);
    let server = Server::builder()
        .http(move |_| {
            let number = calls.fetch_add(1, Ordering::SeqCst);
            std::future::ready(Script::new().answer(&Response::json(200, number.to_string())).into())
        })
        .await?;
    let mut stream = TcpStream::connect(server.addr()).await?;
    assert_eq!(get(&mut stream, "/").await?.1, "0");
    assert_eq!(get(&mut stream, "/").await?.1, "1");
    stream.write_all(b"GET / HTTP/1.1\r\nconnection: close\r\n\r\n").await?;
    assert_eq!(read_response(&mut stream).await?.1, "2");
    assert_eq!(stream.read(&mut [0]).await?, 0);
    Ok(())
}

#[tokio::test]
async fn over_tls_a_close_is_told_and_a_reset_is_not() -> io::Result<()> {
    let authority = Authority::new("Test CA")?;
    let server = Server::builder()
        .tls(&authority.issue(&Leaf::server(&["localhost"]))?)
        .http(|request| {
            let end = if request.path == "/close" { End::Close } else { End::Reset };
            std::future::ready(Script::new().head(&answer(), ..).body(&answer(), ..4).then(end).into())
        })
        .await?;
    let connector = connector(&authority, None, BOTH)?;
    for (path, expected) in [("/close", None), ("/reset", Some(io::ErrorKind::ConnectionReset))] {
        let mut stream = connect(&connector, server.addr()).await?;
        stream.write_all(format!("GET {path} HTTP/1.1\r\n\r\n").as_bytes()).await?;
        let mut octets = Vec::new();
        let end = stream.read_to_end(&mut octets).await.err().map(|error| error.kind());
        assert_eq!(end, expected);
    }
    Ok(())
}

#[tokio::test]
async fn a_response_is_a_reply() -> io::Result<()> {
    let server = Server::builder().http(|_| std::future::ready(answer().into())).await?;
    let text = exchange(server.addr(), "GET / HTTP/1.1\r\nconnection: close\r\n\r\n").await?;
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n") && text.ends_with(BODY), "{text}");
    Ok(())
}
