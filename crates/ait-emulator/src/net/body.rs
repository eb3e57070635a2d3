//! Where the body of a request ends, and reading it to there.

use std::io;

use bytes::{Buf, Bytes, BytesMut};
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, Version};
use tokio::io::AsyncWriteExt;

use super::connection::Connection;
use super::rejected::rejected;
use super::request::{self, MAX_FIELDS, MAX_HEAD, Request};

/// A bulk message has up to 2,500 recipients with their variables.
const MAX_BODY: usize = 8 * 1024 * 1024;
/// How long the line before a chunk may be: its size, and extensions that nobody uses.
const MAX_CHUNK_LINE: usize = 4096;

/// How a body says where it ends.
enum Framing {
    Length(usize),
    Chunked,
}

impl Framing {
    fn of(request: &Request) -> io::Result<Self> {
        let mut lengths = request.headers.get_all(CONTENT_LENGTH).iter();
        let mut codings = request.headers.get_all(TRANSFER_ENCODING).iter();
        if let Some(coding) = codings.next() {
            if lengths.next().is_some() {
                return Err(rejected(400, "a content length and a transfer encoding: send one of them"));
            }
            if request.version == Version::HTTP_10 {
                return Err(rejected(400, "HTTP/1.0 has no transfer encoding: send a content length"));
            }
            if codings.next().is_some() || !coding.as_bytes().eq_ignore_ascii_case(b"chunked") {
                return Err(rejected(501, "of the transfer encodings only `chunked` is known here"));
            }
            return Ok(Self::Chunked);
        }
        let Some(length) = lengths.next() else { return Ok(Self::Length(0)) };
        if lengths.next().is_some() {
            return Err(rejected(400, "more than one content length"));
        }
        // `parse` alone would take a sign.
        let digits = length.to_str().ok().filter(|text| text.bytes().all(|octet| octet.is_ascii_digit()));
        match digits.filter(|digits| !digits.is_empty()).map(str::parse) {
            Some(Ok(length)) if length <= MAX_BODY => Ok(Self::Length(length)),
            Some(_) => Err(too_large()),
            None => Err(rejected(400, "the content length is not a number")),
        }
    }
}

/// Reads the body that belongs to the head, after telling the client to go on if it waits for that.
pub(crate) async fn read(connection: &mut Connection, request: &mut Request) -> io::Result<()> {
    let framing = Framing::of(request)?;
    if matches!(framing, Framing::Length(0)) {
        return Ok(());
    }
    if request.waits_to_continue() && connection.ahead.is_empty() {
        connection.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
        connection.flush().await?;
    }
    match framing {
        Framing::Length(length) => request.body = exactly(connection, length).await?,
        Framing::Chunked => {
            request.body = chunks(connection).await?;
            request.trailers = trailers(connection).await?;
        }
    }
    Ok(())
}

async fn exactly(connection: &mut Connection, length: usize) -> io::Result<Bytes> {
    while connection.ahead.len() < length {
        connection.read_more().await?;
    }
    Ok(connection.ahead.split_to(length).freeze())
}

/// The chunks to the last one, which is empty.
async fn chunks(connection: &mut Connection) -> io::Result<Bytes> {
    let mut body = BytesMut::new();
    loop {
        let size = chunk_size(&line(connection).await?)?;
        if size == 0 {
            return Ok(body.freeze());
        }
        if size > MAX_BODY - body.len() {
            return Err(too_large());
        }
        body.extend_from_slice(&exactly(connection, size).await?);
        if !line(connection).await?.is_empty() {
            return Err(rejected(400, "a chunk is longer than it said"));
        }
    }
}

/// The size at the front of a chunk's line; extensions after it say nothing to us.
fn chunk_size(line: &[u8]) -> io::Result<usize> {
    let digits = line.split(|&octet| octet == b';').next().unwrap_or_default().trim_ascii_end();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_hexdigit) {
        return Err(rejected(400, "the size of a chunk is not a hexadecimal number"));
    }
    let digits = std::str::from_utf8(digits).unwrap_or_default();
    usize::from_str_radix(digits, 16).map_err(|_| too_large())
}

/// The next line without its end, be that CRLF or LF.
async fn line(connection: &mut Connection) -> io::Result<Bytes> {
    loop {
        if let Some(end) = connection.ahead.iter().take(MAX_CHUNK_LINE).position(|&octet| octet == b'\n') {
            let mut line = connection.ahead.split_to(end).freeze();
            connection.ahead.advance(1);
            if line.last() == Some(&b'\r') {
                line.truncate(end - 1);
            }
            return Ok(line);
        }
        if connection.ahead.len() >= MAX_CHUNK_LINE {
            return Err(rejected(400, "the line before a chunk is beyond 4 KiB"));
        }
        connection.read_more().await?;
    }
}

/// The fields after the last chunk, and the empty line behind them.
async fn trailers(connection: &mut Connection) -> io::Result<HeaderMap> {
    loop {
        let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
        let parsed = httparse::parse_headers(&connection.ahead, &mut fields).map_err(request::unparsable)?;
        match parsed {
            httparse::Status::Complete((end, fields)) if end <= MAX_HEAD => {
                let trailers = request::headers(fields)?;
                connection.ahead.advance(end);
                return Ok(trailers);
            }
            httparse::Status::Partial if connection.ahead.len() <= MAX_HEAD => {}
            _ => return Err(rejected(431, "the trailers are beyond 64 KiB")),
        }
        connection.read_more().await?;
    }
}

fn too_large() -> io::Error {
    rejected(413, "the body is beyond 8 MiB")
}
