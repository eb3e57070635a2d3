//! A TCP connection nothing has been done with yet.

use std::io;
use std::sync::Arc;

use rustls::server::Acceptor;
use tokio::net::TcpStream;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::StartHandshake;

use super::close;
use super::connection::Connection;
use super::server::Shared;
use super::stream::Stream;

/// A TCP connection right after it was accepted. Dropping it closes it; holding it stalls the client in the
/// TLS handshake.
#[derive(Debug)]
pub struct Incoming {
    tcp: TcpStream,
    number: u64,
    shared: Arc<Shared>,
}

/// A connection whose client has said hello, if there is a hello to say.
pub(crate) enum Greeted {
    Plain(Box<Connection>),
    Tls(Box<Hello>),
}

/// A connection in the middle of its handshake: the `ClientHello` was read, and nothing was answered.
pub(crate) struct Hello {
    start: StartHandshake<TcpStream>,
    number: u64,
    shared: Arc<Shared>,
}

impl Incoming {
    pub(crate) fn new(tcp: TcpStream, number: u64, shared: Arc<Shared>) -> Self {
        Self { tcp, number, shared }
    }

    pub(crate) fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.shared)
    }

    /// The place in the order in which the server accepted connections, from 0.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The TCP connection itself, to read and write what TLS would not.
    pub fn tcp(&mut self) -> &mut TcpStream {
        &mut self.tcp
    }

    /// Does the TLS handshake, if the server has a certificate.
    ///
    /// # Errors
    ///
    /// When the handshake fails. It is then counted in
    /// [`Server::handshake_failures`](crate::Server::handshake_failures), and the client has been given
    /// the alert.
    pub async fn handshake(self) -> io::Result<Connection> {
        match self.greet().await? {
            Greeted::Plain(connection) => Ok(*connection),
            Greeted::Tls(hello) => hello.finish().await,
        }
    }

    /// Reads the `ClientHello`, if the server has a certificate.
    pub(crate) async fn greet(self) -> io::Result<Greeted> {
        let Self { tcp, number, shared } = self;
        if shared.tls.is_none() {
            return Ok(Greeted::Plain(Box::new(Connection::new(Stream::Plain(tcp), number, shared))));
        }
        let mut acceptor = LazyConfigAcceptor::new(Acceptor::default(), tcp);
        match (&mut acceptor).await {
            Ok(start) => Ok(Greeted::Tls(Box::new(Hello { start, number, shared }))),
            Err(error) => Err(fail(error, acceptor.take_io(), &shared).await),
        }
    }

    /// Ends the connection with a TCP reset.
    pub fn reset(self) {
        // Fails only on a connection that is gone already.
        let _ = self.tcp.set_zero_linger();
    }
}

impl Hello {
    pub(crate) fn server_name(&self) -> Option<String> {
        self.start.client_hello().server_name().map(str::to_owned)
    }

    pub(crate) fn tcp(&mut self) -> &mut TcpStream {
        &mut self.start.io
    }

    /// Does the rest of the handshake.
    pub(crate) async fn finish(self) -> io::Result<Connection> {
        let Self { start, number, shared } = self;
        let Some(tls) = &shared.tls else { return Err(io::ErrorKind::Unsupported.into()) };
        match start.into_stream(Arc::clone(&tls.config)).into_fallible().await {
            Ok(tls) => Ok(Connection::new(Stream::Tls(Box::new(tls)), number, shared)),
            Err((error, tcp)) => Err(fail(error, Some(tcp), &shared).await),
        }
    }
}

/// Counts the failure and lets the client read its alert.
async fn fail(error: io::Error, tcp: Option<TcpStream>, shared: &Shared) -> io::Error {
    shared.handshake_failures.send_modify(|count| *count += 1);
    if let Some(tcp) = tcp {
        close::close(tcp).await;
    }
    error
}
