//! A connection after its handshake.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, BytesMut};
use rustls::HandshakeKind;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};

use super::close;
use super::der;
use super::request::{self, Request};
use super::response::Response;
use super::stream::Stream;
use super::tls::sha256_hex;

/// A connection after its handshake: bytes to read and write, and shorthands for HTTP.
///
/// Dropping it closes the TCP connection and leaves out the `close_notify` of TLS; [`close`](Self::close) and
/// [`AsyncWriteExt::shutdown`] send it.
#[derive(Debug)]
pub struct Connection {
    stream: Stream,
    /// What was read past the end of a head or a body.
    ahead: BytesMut,
    number: u64,
    peer_common_name: Option<String>,
}

impl Connection {
    pub(crate) fn new(stream: Stream, number: u64) -> Self {
        let leaf = stream.session().and_then(|session| session.peer_certificates()?.first());
        let peer_common_name = leaf.and_then(|leaf| der::common_name(leaf));
        Self { stream, ahead: BytesMut::new(), number, peer_common_name }
    }

    /// The place in the order in which the server accepted connections, from 0.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The common name in the client's certificate.
    #[must_use]
    pub fn peer_common_name(&self) -> Option<&str> {
        self.peer_common_name.as_deref()
    }

    /// The SHA-256 of the client's certificate in lower-case hexadecimal digits.
    #[must_use]
    pub fn peer_fingerprint(&self) -> Option<String> {
        sha256_hex(self.stream.session()?.peer_certificates()?.first()?)
    }

    /// Whether the handshake took up an earlier TLS session.
    #[must_use]
    pub fn resumed(&self) -> bool {
        let kind = self.stream.session().and_then(|session| session.handshake_kind());
        kind == Some(HandshakeKind::Resumed)
    }

    /// Reads a request with its body. `None` when the peer closed before the first byte.
    ///
    /// # Errors
    ///
    /// [`InvalidData`](io::ErrorKind::InvalidData) for a request that cannot be parsed, has a body without
    /// `Content-Length` or is too large (64 KiB of head, 1 MiB of body); else what reading said.
    pub async fn read_request(&mut self) -> io::Result<Option<Request>> {
        let Some(mut request) = self.read_head().await? else { return Ok(None) };
        let length = request.body_length()?;
        while self.ahead.len() < length {
            if self.stream.read_buf(&mut self.ahead).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        request.body = self.ahead.split_to(length).freeze();
        Ok(Some(request))
    }

    /// Reads the head of a request and leaves its body to be read as bytes. `None` when the peer closed
    /// before the first byte.
    ///
    /// # Errors
    ///
    /// As [`read_request`](Self::read_request).
    pub async fn read_head(&mut self) -> io::Result<Option<Request>> {
        let end = loop {
            if let Some(end) = request::head_end(&self.ahead)? {
                break end;
            }
            match self.stream.read_buf(&mut self.ahead).await {
                Ok(1..) => {}
                Ok(0) if self.ahead.is_empty() => return Ok(None),
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                // The peer closed without the `close_notify` of TLS, as many do.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof && self.ahead.is_empty() => {
                    return Ok(None);
                }
                Err(error) => return Err(error),
            }
        };
        let mut request = Request::parse(self.ahead.split_to(end).freeze())?;
        request.connection = self.number;
        request.peer_common_name = self.peer_common_name.clone();
        Ok(Some(request))
    }

    /// Writes a response. The connection stays open, whatever the response says.
    ///
    /// # Errors
    ///
    /// What writing said.
    pub async fn respond(&mut self, response: &Response) -> io::Result<()> {
        self.write_all(&response.encode(usize::MAX)).await?;
        self.flush().await
    }

    /// Ends the connection in order: sends the `close_notify` of TLS and closes, then waits up to a second for
    /// the peer to close too.
    pub async fn close(self) {
        close::close(self).await;
    }

    /// Ends the connection with a TCP reset.
    pub fn reset(self) {
        // Fails only on a connection that is gone already.
        let _ = self.stream.tcp().set_zero_linger();
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.ahead.is_empty() {
            return Pin::new(&mut this.stream).poll_read(cx, buffer);
        }
        let count = this.ahead.len().min(buffer.remaining());
        buffer.put_slice(&this.ahead[..count]);
        this.ahead.advance(count);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, octets: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, octets)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
