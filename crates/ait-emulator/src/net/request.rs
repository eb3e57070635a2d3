//! A request and the parser of its head.

use std::io;

use bytes::{Bytes, BytesMut};
use http::header::{CONNECTION, EXPECT, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, Uri, Version};

use super::client_auth::ClientCertificate;
use super::rejected::rejected;

/// How long a head may be, and a section of trailers.
pub(crate) const MAX_HEAD: usize = 64 * 1024;
/// How many fields a head may have, and a section of trailers.
pub(crate) const MAX_FIELDS: usize = 100;

/// A request as the server read it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Request {
    /// The method as written.
    pub method: String,
    /// The path as written, with its query. Of a target in absolute form (`GET http://host/path`) only this part.
    pub path: String,
    /// The host the request is for, with its port if it names one: from a target in absolute form, else from the
    /// field `host`.
    pub host: Option<String>,
    /// HTTP/1.1 or HTTP/1.0.
    pub version: Version,
    /// The header fields.
    pub headers: HeaderMap,
    /// The head as it came, to the empty line and with it: order and case of the fields are to be seen here.
    pub head: Bytes,
    /// The body, its chunks put together; empty from [`Connection::read_head`](crate::Connection::read_head).
    pub body: Bytes,
    /// The fields after the last chunk of the body.
    pub trailers: HeaderMap,
    /// The number of the connection it came on.
    pub connection: u64,
    /// Whether it came over TLS.
    pub tls: bool,
    /// The name the client asked for in the TLS handshake (SNI). Clients send none for an IP address.
    pub server_name: Option<String>,
    /// The common name in the client's certificate.
    pub peer_common_name: Option<String>,
    /// The client's certificate and what the server thinks of it.
    pub client_certificate: Option<ClientCertificate>,
}

impl Request {
    /// Takes a head from the front of what was read; `None` while it is not there in full.
    pub(crate) fn take(ahead: &mut BytesMut) -> io::Result<Option<Self>> {
        let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
        let mut parsed = httparse::Request::new(&mut fields);
        let end = match parsed.parse(ahead).map_err(unparsable)? {
            httparse::Status::Complete(end) if end <= MAX_HEAD => end,
            httparse::Status::Partial if ahead.len() <= MAX_HEAD => return Ok(None),
            _ => return Err(rejected(431, "the head is beyond 64 KiB: send fewer or shorter header fields")),
        };
        let headers = headers(parsed.headers)?;
        let (path, host) = target(parsed.path.unwrap_or_default(), &headers)?;
        let mut request = Self {
            method: parsed.method.unwrap_or_default().to_owned(),
            path,
            host,
            version: if parsed.version == Some(0) { Version::HTTP_10 } else { Version::HTTP_11 },
            headers,
            head: Bytes::new(),
            body: Bytes::new(),
            trailers: HeaderMap::new(),
            connection: 0,
            tls: false,
            server_name: None,
            peer_common_name: None,
            client_certificate: None,
        };
        request.head = ahead.split_to(end).freeze();
        Ok(Some(request))
    }

    /// Whether the client means to send another request on the connection.
    pub(crate) fn keeps_alive(&self) -> bool {
        if self.version == Version::HTTP_10 {
            self.says(&CONNECTION, "keep-alive")
        } else {
            !self.says(&CONNECTION, "close")
        }
    }

    /// Whether the client holds its body back until it is told to go on.
    pub(crate) fn waits_to_continue(&self) -> bool {
        self.version == Version::HTTP_11 && self.says(&EXPECT, "100-continue")
    }

    /// Whether a word is in a field that holds a list.
    fn says(&self, name: &HeaderName, wanted: &str) -> bool {
        let values = self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|word| word.trim().eq_ignore_ascii_case(wanted))
    }
}

/// The path and the host.
fn target(written: &str, headers: &HeaderMap) -> io::Result<(String, Option<String>)> {
    let scheme = written.split_once("://").map(|(scheme, _)| scheme);
    if scheme.is_some_and(|it| it.eq_ignore_ascii_case("http") || it.eq_ignore_ascii_case("https")) {
        let uri: Uri = written.parse().map_err(|_| rejected(400, "the target of the request is no URL"))?;
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        let path = format!("{}{query}", uri.path());
        return Ok((path, uri.authority().map(|host| host.as_str().to_owned())));
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    Ok((written.to_owned(), host.map(str::to_owned)))
}

pub(crate) fn headers(fields: &[httparse::Header<'_>]) -> io::Result<HeaderMap> {
    let mut headers = HeaderMap::with_capacity(fields.len());
    for field in fields {
        let name = HeaderName::from_bytes(field.name.as_bytes());
        let value = HeaderValue::from_bytes(field.value);
        let (Ok(name), Ok(value)) = (name, value) else {
            return Err(rejected(400, "a header field does not parse"));
        };
        headers.append(name, value);
    }
    Ok(headers)
}

pub(crate) fn unparsable(error: httparse::Error) -> io::Error {
    match error {
        httparse::Error::TooManyHeaders => rejected(431, "more than 100 header fields: send fewer"),
        httparse::Error::Version => rejected(400, "neither HTTP/1.1 nor HTTP/1.0"),
        httparse::Error::HeaderName | httparse::Error::HeaderValue => {
            rejected(400, "a header field does not parse")
        }
        _ => rejected(400, "the request line does not parse"),
    }
}
