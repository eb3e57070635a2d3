//! A connection after its handshake.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Buf, BytesMut};
use rustls::HandshakeKind;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};

use super::body;
use super::client_auth::ClientCertificate;
use super::close;
use super::request::Request;
use super::response::Response;
use super::server::Shared;
use super::stream::Stream;

/// A connection after its handshake: bytes to read and write, and shorthands for HTTP.
///
/// Dropping it closes the TCP connection and leaves out the `close_notify` of TLS; [`close`](Self::close) and
/// [`AsyncWriteExt::shutdown`] send it.
#[derive(Debug)]
pub struct Connection {
    stream: Stream,
    /// What was read past the end of a head or a body.
    pub(crate) ahead: BytesMut,
    number: u64,
    server_name: Option<String>,
    client_certificate: Option<ClientCertificate>,
    pub(crate) shared: Arc<Shared>,
}

impl Connection {
    pub(crate) fn new(stream: Stream, number: u64, shared: Arc<Shared>) -> Self {
        let session = stream.session();
        let clients = shared.tls.as_ref().and_then(|tls| tls.clients.as_ref());
        let chain = session.and_then(|session| session.peer_certificates());
        let client_certificate = clients.and_then(|clients| clients.judge(chain));
        let server_name = session.and_then(|session| session.server_name()).map(str::to_owned);
        Self { stream, ahead: BytesMut::new(), number, server_name, client_certificate, shared }
    }

    /// The place in the order in which the server accepted connections, from 0.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The name the client asked for in the TLS handshake (SNI). Clients send none for an IP address.
    #[must_use]
    pub fn server_name(&self) -> Option<&str> {
        self.server_name.as_deref()
    }

    /// The client's certificate and what the server thinks of it.
    #[must_use]
    pub fn client_certificate(&self) -> Option<&ClientCertificate> {
        self.client_certificate.as_ref()
    }

    /// The common name in the client's certificate.
    #[must_use]
    pub fn peer_common_name(&self) -> Option<&str> {
        self.client_certificate.as_ref()?.common_name.as_deref()
    }

    /// The SHA-256 of the client's certificate in lower-case hexadecimal digits.
    #[must_use]
    pub fn peer_fingerprint(&self) -> Option<String> {
        Some(self.client_certificate.as_ref()?.fingerprint.clone())
    }

    /// Whether the handshake took up an earlier TLS session.
    #[must_use]
    pub fn resumed(&self) -> bool {
        let kind = self.stream.session().and_then(|session| session.handshake_kind());
        kind == Some(HandshakeKind::Resumed)
    }

    /// Reads a request with its body, be that of a known length or in chunks. A client that waits for
    /// `100 Continue` is told so. `None` when the peer closed before the first byte.
    ///
    /// # Errors
    ///
    /// [`InvalidData`](io::ErrorKind::InvalidData) for a request that cannot be parsed or is too large (64 KiB
    /// and 100 fields of head, 8 MiB of body); else what reading said.
    pub async fn read_request(&mut self) -> io::Result<Option<Request>> {
        let Some(mut request) = self.read_head().await? else { return Ok(None) };
        body::read(self, &mut request).await?;
        Ok(Some(request))
    }

    /// Reads the head of a request and leaves its body to be read as bytes. `None` when the peer closed
    /// before the first byte.
    ///
    /// # Errors
    ///
    /// As [`read_request`](Self::read_request).
    pub async fn read_head(&mut self) -> io::Result<Option<Request>> {
        if !self.read_first().await? {
            return Ok(None);
        }
        let mut request = loop {
            if let Some(request) = Request::take(&mut self.ahead)? {
                break request;
            }
            self.read_more().await?;
        };
        request.connection = self.number;
        request.tls = self.stream.session().is_some();
        request.server_name = self.server_name.clone();
        request.peer_common_name = self.peer_common_name().map(str::to_owned);
        request.client_certificate = self.client_certificate.clone();
        Ok(Some(request))
    }

    /// Waits until there is something to read. False when the peer closed instead.
    pub(crate) async fn read_first(&mut self) -> io::Result<bool> {
        if !self.ahead.is_empty() {
            return Ok(true);
        }
        match self.read_more().await {
            Ok(()) => Ok(true),
            // With or without the `close_notify` of TLS: many leave it out.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Reads at least one byte more.
    pub(crate) async fn read_more(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.ahead).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
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
