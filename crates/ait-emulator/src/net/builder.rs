//! Setting up a server.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::authority::Authority;
use super::client_auth::ClientAuth;
use super::connection::Connection;
use super::gate::{self, Arrival, Gate};
use super::incoming::Incoming;
use super::issued::Issued;
use super::listen::Listen;
use super::reply::Reply;
use super::request::Request;
use super::script::Script;
use super::serve::{self, Timeouts};
use super::server::Server;
use super::tls::{TlsOptions, TlsVersion};

/// Says how a [`Server`] listens; one of [`http`](Self::http), [`raw`](Self::raw) and
/// [`raw_tcp`](Self::raw_tcp) starts it.
#[derive(Clone)]
#[must_use]
pub struct ServerBuilder {
    listen: Listen,
    tls: TlsOptions,
    timeouts: Timeouts,
    gate: Option<Gate>,
}

impl ServerBuilder {
    pub(crate) fn new() -> Self {
        let tls = TlsOptions {
            server: None,
            client_auth: ClientAuth::default(),
            client_authorities: Vec::new(),
            versions: vec![TlsVersion::V1_2, TlsVersion::V1_3],
            resumption: true,
        };
        Self { listen: Listen::default(), tls, timeouts: Timeouts::default(), gate: None }
    }

    /// Listens on this address and port; by default on a free port of 127.0.0.1. Port 0 is any that is free.
    pub fn listen(mut self, addr: SocketAddr) -> Self {
        self.listen.addr = addr;
        self
    }

    /// Listens on the same port of `::1` too, so that `localhost` works for clients that try it first. Without
    /// effect on a machine without IPv6, when the port is taken there, and on another address than 127.0.0.1.
    pub fn dual_stack(mut self) -> Self {
        self.listen.dual_stack = true;
        self
    }

    /// Speaks TLS with this certificate. Without it the server speaks plain HTTP.
    pub fn tls(mut self, server: &Issued) -> Self {
        self.tls.server = Some(server.clone());
        self
    }

    /// Refuses clients without a valid certificate from this authority. Called again, accepts those of
    /// another authority too.
    pub fn require_client(self, authority: &Authority) -> Self {
        self.ask_client(ClientAuth::Required, authority)
    }

    /// Asks clients for a certificate from this authority, and says what happens to those without. Called
    /// again, accepts those of another authority too; the last word on the others holds.
    pub fn ask_client(mut self, auth: ClientAuth, authority: &Authority) -> Self {
        self.tls.client_auth = auth;
        self.tls.client_authorities.push(authority.pem().to_owned());
        self
    }

    /// Offers these versions of TLS only; by default all of them.
    pub fn versions(mut self, versions: &[TlsVersion]) -> Self {
        self.tls.versions = versions.to_vec();
        self
    }

    /// Whether clients may resume sessions; by default they may.
    pub fn resumption(mut self, on: bool) -> Self {
        self.tls.resumption = on;
        self
    }

    /// Sets how long [`http`](Self::http) waits for the next request on a connection before it closes it; by
    /// default 75 seconds.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.idle = timeout;
        self
    }

    /// Sets how long the head of a request may take from its first byte, before [`http`](Self::http) answers
    /// with status 408; by default 30 seconds.
    pub fn head_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.head = timeout;
        self
    }

    /// Asks what is to be done with each connection: when it was accepted, and in the TLS handshake once the
    /// `ClientHello` was read. The script is played below TLS; unless it ends in [`End::Keep`], that is all
    /// the client gets. [`raw_tcp`](Self::raw_tcp) asks nothing, for its script has the TCP connection itself.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ait_emulator::{Authority, Connection, End, Leaf, Stage, Script, Server};
    ///
    /// # async fn run() -> std::io::Result<()> {
    /// let authority = Authority::new("Emulator CA")?;
    /// let server = Server::builder()
    ///     .tls(&authority.issue(&Leaf::server(&["localhost"]))?)
    ///     .gate(|arrival| match (arrival.stage, arrival.number) {
    ///         // The first client waits a second before its handshake begins.
    ///         (Stage::Accepted, 0) => Script::new().pause(Duration::from_secs(1)),
    ///         // The second is cut off in the middle of it.
    ///         (Stage::ClientHello, 1) => Script::new().then(End::Reset),
    ///         _ => Script::new(),
    ///     })
    ///     .raw(Connection::close)
    ///     .await?;
    /// # drop(server);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A connection that the gate ends does not count as a failed handshake.
    ///
    /// [`End::Keep`]: crate::End::Keep
    pub fn gate<G>(mut self, gate: G) -> Self
    where
        G: Fn(Arrival<'_>) -> Script + Send + Sync + 'static,
    {
        self.gate = Some(Arc::new(gate));
        self
    }

    /// Starts a server that hands each connection to the script after the TLS handshake. Connections that
    /// fail in it are counted, see [`Server::handshake_failures`].
    ///
    /// # Errors
    ///
    /// When the TLS settings make no sense or the port cannot be opened.
    pub async fn raw<F, Fut>(self, script: F) -> io::Result<Server>
    where
        F: Fn(Connection) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let script = Arc::new(script);
        let gate = self.gate.clone();
        self.raw_tcp(move |incoming| {
            let (script, gate) = (Arc::clone(&script), gate.clone());
            async move {
                if let Some(connection) = gate::admit(incoming, gate.as_ref()).await {
                    script(connection).await;
                }
            }
        })
        .await
    }

    /// Starts a server that hands each TCP connection to the script before anything is read from it.
    ///
    /// # Errors
    ///
    /// When the TLS settings make no sense or the port cannot be opened.
    pub async fn raw_tcp<F, Fut>(self, script: F) -> io::Result<Server>
    where
        F: Fn(Incoming) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        Server::start(self.listen, self.tls.config()?, self.timeouts, script).await
    }

    /// Starts a server that reads requests, keeping connections alive, and plays the handler's reply to each.
    /// A request that it cannot take is answered with status 400, 408, 413, 431 or 501 and a line of text that
    /// says why, and the connection is closed.
    ///
    /// # Errors
    ///
    /// When the TLS settings make no sense or the port cannot be opened.
    pub async fn http<F, Fut>(self, handler: F) -> io::Result<Server>
    where
        F: Fn(Request) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Reply> + Send + 'static,
    {
        let handler = Arc::new(handler);
        self.raw(move |connection| {
            let handler = Arc::clone(&handler);
            async move {
                // The peer has gone, and there is nobody left to tell.
                let _ = serve::serve(connection, &*handler).await;
            }
        })
        .await
    }
}

impl fmt::Debug for ServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerBuilder")
            .field("listen", &self.listen)
            .field("tls", &self.tls)
            .field("timeouts", &self.timeouts)
            .finish_non_exhaustive()
    }
}
