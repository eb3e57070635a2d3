//! Requests as clients of all kinds write them, and those that are turned away.

use std::io;
use std::time::Duration;

use crate::net::client::{exchange, read_response};
use ait_emulator::{Reply, Request, Response, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Answers with what it was asked, body last.
async fn echo(request: Request) -> Reply {
    let trailers: Vec<_> = request.trailers.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
    let host = request.host.unwrap_or_default();
    let body = String::from_utf8_lossy(&request.body).into_owned();
    let text = format!("{} {} [{host}] {trailers:?} {body}", request.method, request.path);
    Reply::Answer(Response::text(200, text))
}

/// One request on a connection that the client wants closed.
async fn ask(request: &str) -> io::Result<String> {
    let server = Server::builder().http(echo).await?;
    let text = exchange(server.addr(), request).await?;
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("connection: close"), "{text}");
    Ok(format!("{} {body}", head.split(' ').nth(1).unwrap()))
}

const CHUNKED: &str =
    "POST /a HTTP/1.1\r\nhost: h\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n";

#[tokio::test]
async fn chunks_are_put_together() -> io::Result<()> {
    let bodies = [
        "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        // Extensions, padding, digits of both cases, leading zeros.
        "003;name=value;\"q\"\r\nabc\r\n2 \r\nde\r\n000;last\r\n\r\n",
        "3\nabc\n2\nde\n0\n\n",
    ];
    for body in bodies {
        assert_eq!(ask(&format!("{CHUNKED}{body}")).await?, "200 POST /a [h] [] abcde", "{body:?}");
    }
    let upper =
        format!("{CHUNKED}A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n").replace("chunked", "Chunked");
    assert_eq!(ask(&upper).await?, "200 POST /a [h] [] 01234567890123456789");
    Ok(())
}

#[tokio::test]
async fn chunks_may_come_byte_by_byte_and_the_connection_lives_on() -> io::Result<()> {
    let server = Server::builder().http(echo).await?;
    let mut stream = TcpStream::connect(server.addr()).await?;
    stream.set_nodelay(true)?;
    let head = CHUNKED.replace("connection: close\r\n", "");
    for octet in format!("{head}5;x\r\na\r\nbc\r\n1\r\nd\r\n0\r\nx-sum: 1\r\n\r\n").bytes() {
        stream.write_all(&[octet]).await?;
        tokio::task::yield_now().await;
    }
    assert_eq!(read_response(&mut stream).await?.1, "POST /a [h] [\"x-sum=\\\"1\\\"\"] a\r\nbcd");
    // Two at once, and nothing of the first is left for the second.
    let two = format!("{head}1\r\nx\r\n0\r\nt: u\r\n\r\nGET /b HTTP/1.1\r\n\r\n");
    stream.write_all(two.as_bytes()).await?;
    assert_eq!(read_response(&mut stream).await?.1, "POST /a [h] [\"t=\\\"u\\\"\"] x");
    assert_eq!(read_response(&mut stream).await?.1, "GET /b [] [] ");
    Ok(())
}

#[tokio::test]
async fn chunks_that_are_wrong_are_turned_away() -> io::Result<()> {
    let long = format!("1;{}\r\na\r\n0\r\n\r\n", "x".repeat(4096));
    let cases = [
        ("\r\n\r\n", "400"),
        ("g\r\n", "400"),
        ("+1\r\na\r\n0\r\n\r\n", "400"),
        ("0x1\r\na\r\n0\r\n\r\n", "400"),
        (";x\r\n", "400"),
        ("1\r\nab\r\n0\r\n\r\n", "400"),
        (long.as_str(), "400"),
        ("0\r\nno colon\r\n\r\n", "400"),
        ("800001\r\n", "413"),
        ("1\r\na\r\n800000\r\n", "413"),
        ("ffffffffffffffffff\r\n", "413"),
    ];
    for (body, status) in cases {
        let answer = ask(&format!("{CHUNKED}{body}")).await?;
        assert!(answer.starts_with(status), "{body:?}: {answer}");
    }
    let fields = "x: y\r\n".repeat(101);
    assert!(ask(&format!("{CHUNKED}0\r\n{fields}\r\n")).await?.starts_with("431"));
    let field = format!("x: {}\r\n", "y".repeat(64 * 1024));
    assert!(ask(&format!("{CHUNKED}0\r\n{field}\r\n")).await?.starts_with("431"));
    Ok(())
}

#[tokio::test]
async fn a_body_may_be_eight_mebibytes_and_no_more() -> io::Result<()> {
    let body = "x".repeat(8 * 1024 * 1024);
    let known = "POST / HTTP/1.1\r\nconnection: close\r\ncontent-length: ";
    let answer = ask(&format!("{known}8388608\r\n\r\n{body}")).await?;
    assert_eq!(answer.len(), "200 POST / [] [] ".len() + body.len());
    let half = format!("400000\r\n{}\r\n", &body[..0x40_0000]);
    let answer = ask(&format!("{CHUNKED}{half}{half}0\r\n\r\n")).await?;
    assert_eq!(answer.len(), "200 POST /a [h] [] ".len() + body.len());
    assert!(ask(&format!("{known}8388609\r\n\r\n")).await?.starts_with("413 "));
    assert!(ask(&format!("{known}99999999999999999999999\r\n\r\n")).await?.starts_with("413 "));
    // The client hears of it although it sends on.
    assert!(ask(&format!("{known}16000000\r\n\r\n{body}")).await?.starts_with("413 "));
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_framed_is_turned_away() -> io::Result<()> {
    let cases = [
        ("transfer-encoding: gzip", "501"),
        ("transfer-encoding: gzip, chunked", "501"),
        ("transfer-encoding: gzip\r\ntransfer-encoding: chunked", "501"),
        ("transfer-encoding: chunked\r\ncontent-length: 3", "400"),
        ("content-length: 3\r\ncontent-length: 3", "400"),
        ("content-length: ", "400"),
        ("content-length: 3, 3", "400"),
        ("content-length: -1", "400"),
        ("content-length : 3", "400"),
        ("a: b\r\n folded: c", "400"),
        ("a: b\rc", "400"),
        ("a\0: b", "400"),
    ];
    for (fields, status) in cases {
        let answer = ask(&format!("POST / HTTP/1.1\r\n{fields}\r\n\r\nabc")).await?;
        assert!(answer.starts_with(status), "{fields}: {answer}");
    }
    let old = ask("POST / HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n").await?;
    assert!(old.starts_with("400"), "{old}");
    Ok(())
}

#[tokio::test]
async fn heads_have_limits() -> io::Result<()> {
    let hundred = "x: y\r\n".repeat(99);
    assert!(ask(&format!("GET / HTTP/1.1\r\n{hundred}connection: close\r\n\r\n")).await?.starts_with("200"));
    assert!(ask(&format!("GET / HTTP/1.1\r\n{hundred}a: b\r\nc: d\r\n\r\n")).await?.starts_with("431"));
    for length in [64 * 1024, 1024 * 1024] {
        let field = "y".repeat(length);
        assert!(ask(&format!("GET / HTTP/1.1\r\nx: {field}\r\n\r\n")).await?.starts_with("431"), "{length}");
        // Never finished.
        assert!(ask(&format!("GET / HTTP/1.1\r\nx: {field}")).await?.starts_with("431"), "{length}");
    }
    let just = "y".repeat(64 * 1024 - "GET / HTTP/1.1\r\nconnection: close\r\nx: \r\n\r\n".len());
    let answer = ask(&format!("GET / HTTP/1.1\r\nconnection: close\r\nx: {just}\r\n\r\n")).await?;
    assert!(answer.starts_with("200"));
    let answer = ask(&format!("GET / HTTP/1.1\r\nconnection: close\r\nx: {just}y\r\n\r\n")).await?;
    assert!(answer.starts_with("431"));
    Ok(())
}

#[tokio::test]
async fn bare_line_feeds_and_empty_lines_before_a_request_are_taken() -> io::Result<()> {
    let answer = ask("\r\n\nGET /x HTTP/1.1\nhost: a\nconnection: close\n\n").await?;
    assert_eq!(answer, "200 GET /x [a] [] ");
    let answer = ask("POST /x HTTP/1.1\nconnection: close\ncontent-length: 2\n\nab").await?;
    assert_eq!(answer, "200 POST /x [] [] ab");
    Ok(())
}

#[tokio::test]
async fn a_target_in_absolute_form_names_the_host() -> io::Result<()> {
    for (target, expected) in [
        ("http://toss.test:8443/a?b=c", "/a?b=c [toss.test:8443]"),
        ("HTTPS://toss.test", "/ [toss.test]"),
        ("http://toss.test?b=c", "/?b=c [toss.test]"),
        ("/a?next=http://other.test/", "/a?next=http://other.test/ [h]"),
        ("*", "* [h]"),
    ] {
        let answer = ask(&format!("GET {target} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n")).await?;
        assert_eq!(answer, format!("200 GET {expected} [] "), "{target}");
    }
    assert!(ask("GET http:// HTTP/1.1\r\n\r\n").await?.starts_with("400"));
    Ok(())
}

#[tokio::test]
async fn a_client_that_waits_is_told_to_continue() -> io::Result<()> {
    let server = Server::builder().http(echo).await?;
    for (framing, body) in
        [("content-length: 3", "abc"), ("transfer-encoding: chunked", "3\r\nabc\r\n0\r\n\r\n")]
    {
        let mut stream = TcpStream::connect(server.addr()).await?;
        stream
            .write_all(format!("POST / HTTP/1.1\r\nExpect: 100-Continue\r\n{framing}\r\n\r\n").as_bytes())
            .await?;
        let mut told = [0; 25];
        stream.read_exact(&mut told).await?;
        assert_eq!(&told, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(body.as_bytes()).await?;
        assert_eq!(read_response(&mut stream).await?.1, "POST / [] [] abc");
    }
    Ok(())
}

#[tokio::test]
async fn nobody_is_told_to_continue_without_need() -> io::Result<()> {
    let expect = "connection: close\r\nexpect: 100-continue\r\n";
    for request in [
        // It did not wait.
        format!("POST / HTTP/1.1\r\n{expect}content-length: 1\r\n\r\nx"),
        // It has nothing to send.
        format!("GET / HTTP/1.1\r\n{expect}\r\n"),
        // It would be told so in vain.
        format!("POST / HTTP/1.1\r\n{expect}content-length: 8388609\r\n\r\n"),
    ] {
        let answer = ask(&request).await?;
        assert!(!answer.starts_with("100"), "{request}: {answer}");
    }
    let server = Server::builder().http(echo).await?;
    let mut stream = TcpStream::connect(server.addr()).await?;
    stream.write_all(format!("POST / HTTP/1.0\r\n{expect}content-length: 1\r\n\r\n").as_bytes()).await?;
    stream.shutdown().await?;
    let mut text = String::new();
    stream.read_to_string(&mut text).await?;
    assert_eq!(text, "", "HTTP/1.0 knows no 100");
    Ok(())
}

#[tokio::test]
async fn an_offer_of_http_2_is_passed_over() -> io::Result<()> {
    let server = Server::builder().http(echo).await?;
    let mut stream = TcpStream::connect(server.addr()).await?;
    // As Java's HttpClient begins on plain connections, and curl with --http2.
    let offer = "connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAEAAEAAAAIAAAAB\r\n";
    for _ in 0..2 {
        stream.write_all(format!("POST /a HTTP/1.1\r\n{offer}content-length: 1\r\n\r\nx").as_bytes()).await?;
        let (head, body) = read_response(&mut stream).await?;
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        assert!(!head.contains("upgrade") && !head.contains("connection"), "{head}");
        assert_eq!(body, "POST /a [] [] x");
    }
    // A client that does not ask first is told.
    let text = exchange(server.addr(), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await?;
    assert!(text.starts_with("HTTP/1.1 400 ") && text.ends_with("neither HTTP/1.1 nor HTTP/1.0"), "{text}");
    Ok(())
}

#[tokio::test]
async fn the_answer_to_head_has_no_body() -> io::Result<()> {
    let server = Server::builder().http(echo).await?;
    let text = exchange(server.addr(), "HEAD /x HTTP/1.1\r\nconnection: close\r\n\r\n").await?;
    assert!(text.contains("content-length: 14\r\n") && text.ends_with("\r\n\r\n"), "{text}");
    Ok(())
}

#[tokio::test]
async fn a_connection_that_waits_too_long_is_closed() -> io::Result<()> {
    let server = Server::builder().idle_timeout(Duration::from_millis(300)).http(echo).await?;
    assert_eq!(exchange(server.addr(), "").await?, "");
    let text = exchange(server.addr(), "GET /x HTTP/1.1\r\n\r\n").await?;
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n") && text.ends_with("GET /x [] [] "), "{text}");
    Ok(())
}

#[tokio::test]
async fn a_head_that_trickles_is_given_up() -> io::Result<()> {
    let server = Server::builder().head_timeout(Duration::from_millis(20)).http(echo).await?;
    let text = exchange(server.addr(), "GET / HTTP/1.1\r\nhost").await?;
    assert!(text.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{text}");
    assert!(text.contains("connection: close\r\n"), "{text}");
    // It limits neither the wait for the first byte nor that for a body.
    let mut stream = TcpStream::connect(server.addr()).await?;
    tokio::time::sleep(Duration::from_millis(60)).await;
    stream.write_all(b"POST / HTTP/1.1\r\ncontent-length: 1\r\n\r\n").await?;
    tokio::time::sleep(Duration::from_millis(60)).await;
    stream.write_all(b"x").await?;
    assert_eq!(read_response(&mut stream).await?.1, "POST / [] [] x");
    Ok(())
}
