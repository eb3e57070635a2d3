//! A response.

use bytes::Bytes;
use http::StatusCode;

/// A response to write.
#[derive(Clone, Debug)]
#[must_use]
pub struct Response {
    /// `None` for one that is written as it stands.
    status: Option<u16>,
    headers: Vec<(String, String)>,
    content_type: &'static str,
    body: Bytes,
    close: bool,
}

impl Response {
    /// A JSON body. It is written as given, well-formed or not.
    pub fn json(status: u16, body: impl Into<String>) -> Self {
        Self::new(Some(status), "application/json", body.into())
    }

    /// An HTML page, such as a proxy in front of the API would answer with.
    pub fn html(status: u16, body: impl Into<String>) -> Self {
        Self::new(Some(status), "text/html; charset=utf-8", body.into())
    }

    /// Plain text.
    pub fn text(status: u16, body: impl Into<String>) -> Self {
        Self::new(Some(status), "text/plain; charset=utf-8", body.into())
    }

    /// Exactly these bytes, head and all.
    pub fn raw(bytes: impl Into<Bytes>) -> Self {
        Self::new(None, "", bytes)
    }

    fn new(status: Option<u16>, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self { status, headers: Vec::new(), content_type, body: body.into(), close: false }
    }

    /// Adds a header field, unchecked. One of the names `content-type`, `content-length`,
    /// `transfer-encoding` and `connection` takes the place of what would be written by itself. Without
    /// effect on [`raw`](Self::raw).
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Adds `connection: close`; [`ServerBuilder::http`](crate::ServerBuilder::http) closes the connection
    /// after it, also after [`raw`](Self::raw).
    pub fn close(mut self) -> Self {
        self.close = true;
        self
    }

    pub(crate) fn closes(&self) -> bool {
        self.close
    }

    pub(crate) fn head_length(&self) -> usize {
        self.encode(0).len()
    }

    pub(crate) fn body_length(&self) -> usize {
        self.body.len()
    }

    pub(crate) fn body(&self) -> &Bytes {
        &self.body
    }

    /// What goes over the wire, with at most `limit` bytes of the body.
    pub(crate) fn encode(&self, limit: usize) -> Vec<u8> {
        let mut octets = self.status.map(|status| self.head(status)).unwrap_or_default().into_bytes();
        octets.extend_from_slice(&self.body[..self.body.len().min(limit)]);
        octets
    }

    fn head(&self, status: u16) -> String {
        let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
        let mut head = format!("HTTP/1.1 {status} {}\r\n", reason.unwrap_or_default());
        let mut field = |name: &str, value: &str| head.push_str(&format!("{name}: {value}\r\n"));
        if !self.has("content-type") {
            field("content-type", self.content_type);
        }
        if !self.has("content-length") && !self.has("transfer-encoding") {
            field("content-length", &self.body.len().to_string());
        }
        if self.close && !self.has("connection") {
            field("connection", "close");
        }
        for (name, value) in &self.headers {
            field(name, value);
        }
        head.push_str("\r\n");
        head
    }

    fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name))
    }
}
