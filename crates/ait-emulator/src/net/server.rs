//! The listener.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use super::builder::ServerBuilder;
use super::incoming::Incoming;

/// A server on a free port of 127.0.0.1.
///
/// Dropping it stops accepting and aborts the connections in progress. The abort takes effect when the
/// runtime gets to it; [`stop`](Self::stop) waits for that.
#[derive(Debug)]
pub struct Server {
    addr: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// What the server and its connections have in common.
pub(crate) struct Shared {
    pub(crate) tls: Option<TlsAcceptor>,
    connections: watch::Sender<u64>,
    pub(crate) handshake_failures: watch::Sender<u64>,
}

impl Server {
    /// Settings to start from: plain HTTP, all versions of TLS once there is a certificate, resumption.
    pub fn builder() -> ServerBuilder {
        ServerBuilder::new()
    }

    pub(crate) async fn start<F, Fut>(tls: Option<Arc<ServerConfig>>, script: F) -> io::Result<Self>
    where
        F: Fn(Incoming) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let addr = listener.local_addr()?;
        let shared = Arc::new(Shared {
            tls: tls.map(TlsAcceptor::from),
            connections: watch::Sender::new(0),
            handshake_failures: watch::Sender::new(0),
        });
        let task = tokio::spawn(accept(listener, Arc::clone(&shared), Arc::new(script)));
        Ok(Self { addr, shared, task })
    }

    /// Where the server listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// `https://localhost:PORT`, or `http://127.0.0.1:PORT` without TLS. No slash at the end.
    ///
    /// The server listens on IPv4 only: a client that finds `::1` first is refused there.
    #[must_use]
    pub fn url(&self) -> String {
        match self.shared.tls {
            Some(_) => format!("https://localhost:{}", self.addr.port()),
            None => format!("http://{}", self.addr),
        }
    }

    /// How many TCP connections have been accepted so far.
    #[must_use]
    pub fn connections(&self) -> u64 {
        *self.shared.connections.borrow()
    }

    /// How many TLS handshakes have been tried and not completed so far.
    ///
    /// A client may learn of a refusal a moment before it is counted; see
    /// [`until_handshake_failures`](Self::until_handshake_failures).
    #[must_use]
    pub fn handshake_failures(&self) -> u64 {
        *self.shared.handshake_failures.borrow()
    }

    /// Waits until at least so many TCP connections have been accepted.
    pub async fn until_connections(&self, count: u64) {
        // Cannot fail: the sender lives as long as `self`.
        let _ = self.shared.connections.subscribe().wait_for(|&seen| seen >= count).await;
    }

    /// Waits until at least so many TLS handshakes have failed.
    pub async fn until_handshake_failures(&self, count: u64) {
        // Cannot fail: the sender lives as long as `self`.
        let _ = self.shared.handshake_failures.subscribe().wait_for(|&seen| seen >= count).await;
    }

    /// Stops accepting and returns once the port is closed.
    pub async fn stop(mut self) {
        self.task.abort();
        let _ = (&mut self.task).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared")
            .field("tls", &self.tls.is_some())
            .field("connections", &*self.connections.borrow())
            .field("handshake_failures", &*self.handshake_failures.borrow())
            .finish()
    }
}

/// Dropping this future drops the set, which aborts the connections.
async fn accept<F, Fut>(listener: TcpListener, shared: Arc<Shared>, script: Arc<F>)
where
    F: Fn(Incoming) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let mut connections = JoinSet::new();
    let mut number = 0;
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((tcp, _)) => {
                    // Fails only on a connection that is gone already, as the script will see.
                    let _ = tcp.set_nodelay(true);
                    let incoming = Incoming::new(tcp, number, Arc::clone(&shared));
                    number += 1;
                    shared.connections.send_replace(number);
                    let script = Arc::clone(&script);
                    connections.spawn(async move { script(incoming).await });
                }
                // Out of file descriptors, say. Trying again at once would only burn the processor.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
}
