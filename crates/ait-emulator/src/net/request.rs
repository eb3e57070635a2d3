//! A request and its parser.

use std::io;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, Version};

const MAX_HEAD: usize = 64 * 1024;
const MAX_BODY: usize = 1024 * 1024;

/// A request as the server read it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Request {
    /// The method as written.
    pub method: String,
    /// The target as written, with its query.
    pub path: String,
    /// HTTP/1.1 or HTTP/1.0.
    pub version: Version,
    /// The header fields.
    pub headers: HeaderMap,
    /// The head as it came, to the empty line and with it: order and case of the fields are to be seen here.
    pub head: Bytes,
    /// The body; empty from [`Connection::read_head`](crate::Connection::read_head).
    pub body: Bytes,
    /// The number of the connection it came on.
    pub connection: u64,
    /// The common name in the client's certificate.
    pub peer_common_name: Option<String>,
}

impl Request {
    /// Parses a head that ends in an empty line.
    pub(crate) fn parse(head: Bytes) -> io::Result<Self> {
        let mut lines = lines(&head);
        let line = lines.next().and_then(|line| std::str::from_utf8(line).ok());
        let line = line.ok_or_else(|| invalid("the request line is not UTF-8"))?;
        let mut words = line.split(' ');
        let (Some(method), Some(path), Some(version), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(invalid("the request line does not have three words"));
        };
        let version = match version {
            "HTTP/1.1" => Version::HTTP_11,
            "HTTP/1.0" => Version::HTTP_10,
            _ => return Err(invalid("neither HTTP/1.1 nor HTTP/1.0")),
        };
        let mut headers = HeaderMap::new();
        for line in lines.take_while(|line| !line.is_empty()) {
            let (name, value) = field(line).ok_or_else(|| invalid("a header field does not parse"))?;
            headers.append(name, value);
        }
        let (method, path) = (method.to_owned(), path.to_owned());
        let body = Bytes::new();
        Ok(Self { method, path, version, headers, head, body, connection: 0, peer_common_name: None })
    }

    pub(crate) fn body_length(&self) -> io::Result<usize> {
        if self.headers.contains_key(TRANSFER_ENCODING) {
            return Err(invalid("a body with a transfer encoding is not supported"));
        }
        let mut lengths = self.headers.get_all(CONTENT_LENGTH).iter();
        let Some(length) = lengths.next() else { return Ok(0) };
        // `parse` alone would take a sign.
        let digits = length.to_str().ok().filter(|text| text.bytes().all(|octet| octet.is_ascii_digit()));
        match digits.and_then(|digits| digits.parse().ok()) {
            Some(length) if length <= MAX_BODY && lengths.next().is_none() => Ok(length),
            Some(_) => Err(invalid("more than one content length, or one beyond 1 MiB")),
            None => Err(invalid("the content length is not a number")),
        }
    }

    /// Whether the client means to send another request on the connection.
    pub(crate) fn keeps_alive(&self) -> bool {
        let asked = |wanted: &str| {
            let values = self.headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
            values.flat_map(|value| value.split(',')).any(|word| word.trim().eq_ignore_ascii_case(wanted))
        };
        if self.version == Version::HTTP_10 { asked("keep-alive") } else { !asked("close") }
    }
}

/// Where the head ends, behind its empty line; `None` while it does not.
pub(crate) fn head_end(octets: &[u8]) -> io::Result<Option<usize>> {
    match octets.windows(4).position(|window| window == b"\r\n\r\n") {
        Some(position) => Ok(Some(position + 4)),
        None if octets.len() > MAX_HEAD => Err(invalid("the head is beyond 64 KiB")),
        None => Ok(None),
    }
}

/// The lines of a head without their ends.
fn lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    head.split(|&octet| octet == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

fn field(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|&octet| octet == b':')?;
    let name = HeaderName::from_bytes(&line[..colon]).ok()?;
    let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?;
    Some((name, value))
}

fn invalid(message: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}
