//! The listener.

use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::builder::ServerBuilder;
use super::incoming::Incoming;
use super::listen::{Listen, Listeners};
use super::serve::Timeouts;
use super::tls::Tls;

/// A server, by default on a free port of 127.0.0.1.
///
/// Dropping it stops accepting and aborts the connections in progress. The abort takes effect when the
/// runtime gets to it; [`stop`](Self::stop) waits for that, and [`drain`](Self::drain) lets requests finish.
#[derive(Debug)]
pub struct Server {
    addrs: Vec<SocketAddr>,
    shared: Arc<Shared>,
    task: JoinHandle<usize>,
}

/// What the server and its connections have in common.
pub(crate) struct Shared {
    pub(crate) tls: Option<Tls>,
    pub(crate) timeouts: Timeouts,
    /// How long connections may still take, once the server drains.
    drain: watch::Sender<Option<Duration>>,
    connections: watch::Sender<u64>,
    pub(crate) handshake_failures: watch::Sender<u64>,
}

impl Server {
    /// Settings to start from: plain HTTP, all versions of TLS once there is a certificate, resumption.
    pub fn builder() -> ServerBuilder {
        ServerBuilder::new()
    }

    pub(crate) async fn start<F, Fut>(
        listen: Listen,
        tls: Option<Tls>,
        timeouts: Timeouts,
        script: F,
    ) -> io::Result<Self>
    where
        F: Fn(Incoming) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let listeners = Listeners::open(listen).await?;
        let addrs = listeners.addrs()?;
        let shared = Arc::new(Shared {
            tls,
            timeouts,
            drain: watch::Sender::new(None),
            connections: watch::Sender::new(0),
            handshake_failures: watch::Sender::new(0),
        });
        let task = tokio::spawn(accept(listeners, Arc::clone(&shared), Arc::new(script)));
        Ok(Self { addrs, shared, task })
    }

    /// Where the server listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        // Never empty: there is no server without a listener.
        self.addrs.first().copied().unwrap_or_else(|| Listen::default().addr)
    }

    /// Everywhere the server listens: [`addr`](Self::addr), and its twin on `::1` if there is one, see
    /// [`ServerBuilder::dual_stack`].
    #[must_use]
    pub fn addrs(&self) -> &[SocketAddr] {
        &self.addrs
    }

    /// `https://localhost:PORT`, or `http://127.0.0.1:PORT` without TLS; with the address instead, when the
    /// server listens on one that `localhost` does not mean. No slash at the end.
    ///
    /// Unless told otherwise the server listens on IPv4 only: a client that finds `::1` first is refused there.
    #[must_use]
    pub fn url(&self) -> String {
        let (addr, port) = (self.addr(), self.addr().port());
        let local = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)].contains(&addr.ip());
        match (&self.shared.tls, addr.ip().is_unspecified()) {
            (Some(_), any) if any || local => format!("https://localhost:{port}"),
            (Some(_), _) => format!("https://{addr}"),
            (None, true) => format!("http://127.0.0.1:{port}"),
            (None, false) => format!("http://{addr}"),
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

    /// Stops accepting, closes connections that wait for a request, lets requests in progress finish, and
    /// returns how many connections were still there after the time-out and had to be cut.
    ///
    /// Connections of [`raw`](ServerBuilder::raw) and [`raw_tcp`](ServerBuilder::raw_tcp) are in progress
    /// until their scripts end.
    pub async fn drain(mut self, timeout: Duration) -> usize {
        self.shared.drain.send_replace(Some(timeout));
        (&mut self.task).await.unwrap_or(0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    pub(crate) fn is_draining(&self) -> bool {
        self.drain.borrow().is_some()
    }

    /// Waits until the server drains, and says how long that may take.
    pub(crate) async fn until_draining(&self) -> Duration {
        let mut drain = self.drain.subscribe();
        // Cannot fail: the sender lives as long as `self`.
        drain.wait_for(Option::is_some).await.ok().and_then(|timeout| *timeout).unwrap_or_default()
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared")
            .field("tls", &self.tls.is_some())
            .field("connections", &*self.connections.borrow())
            .field("handshake_failures", &*self.handshake_failures.borrow())
            .finish_non_exhaustive()
    }
}

/// Accepts until the server drains, and returns how many connections had to be cut then. Dropping this future
/// drops the set, which aborts the connections.
async fn accept<F, Fut>(listeners: Listeners, shared: Arc<Shared>, script: Arc<F>) -> usize
where
    F: Fn(Incoming) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let mut connections = JoinSet::new();
    let mut number = 0;
    let timeout = loop {
        tokio::select! {
            accepted = listeners.accept() => match accepted {
                Ok(tcp) => {
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
            timeout = shared.until_draining() => break timeout,
        }
    };
    drop(listeners);
    let all_ended = async { while connections.join_next().await.is_some() {} };
    let cut = match tokio::time::timeout(timeout, all_ended).await {
        Ok(()) => 0,
        Err(_) => connections.len(),
    };
    connections.shutdown().await;
    cut
}
