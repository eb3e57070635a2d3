//! A TCP connection nothing has been done with yet.

use std::io;
use std::sync::Arc;

use tokio::net::TcpStream;

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

impl Incoming {
    pub(crate) fn new(tcp: TcpStream, number: u64, shared: Arc<Shared>) -> Self {
        Self { tcp, number, shared }
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
        let Some(acceptor) = &self.shared.tls else {
            return Ok(Connection::new(Stream::Plain(self.tcp), self.number));
        };
        match acceptor.accept(self.tcp).into_fallible().await {
            Ok(tls) => Ok(Connection::new(Stream::Tls(Box::new(tls)), self.number)),
            Err((error, tcp)) => {
                self.shared.handshake_failures.send_modify(|count| *count += 1);
                close::close(tcp).await;
                Err(error)
            }
        }
    }

    /// Ends the connection with a TCP reset.
    pub fn reset(self) {
        // Fails only on a connection that is gone already.
        let _ = self.tcp.set_zero_linger();
    }
}
