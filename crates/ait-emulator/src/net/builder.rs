//! Setting up a server.

use std::future::Future;
use std::io;
use std::sync::Arc;

use super::authority::Authority;
use super::connection::Connection;
use super::incoming::Incoming;
use super::issued::Issued;
use super::reply::{self, Reply};
use super::request::Request;
use super::server::Server;
use super::tls::{TlsOptions, TlsVersion};

/// Says how a [`Server`] listens; one of [`http`](Self::http), [`raw`](Self::raw) and
/// [`raw_tcp`](Self::raw_tcp) starts it.
#[derive(Clone, Debug)]
#[must_use]
pub struct ServerBuilder {
    tls: TlsOptions,
}

impl ServerBuilder {
    pub(crate) fn new() -> Self {
        let tls = TlsOptions {
            server: None,
            client_authorities: Vec::new(),
            versions: vec![TlsVersion::V1_2, TlsVersion::V1_3],
            resumption: true,
        };
        Self { tls }
    }

    /// Speaks TLS with this certificate. Without it the server speaks plain HTTP.
    pub fn tls(mut self, server: &Issued) -> Self {
        self.tls.server = Some(server.clone());
        self
    }

    /// Refuses clients without a valid certificate from this authority. Called again, accepts those of
    /// another authority too.
    pub fn require_client(mut self, authority: &Authority) -> Self {
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
        self.raw_tcp(move |incoming| {
            let script = Arc::clone(&script);
            async move {
                // A failed handshake has been counted.
                if let Ok(connection) = incoming.handshake().await {
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
        Server::start(self.tls.config()?, script).await
    }

    /// Starts a server that reads requests, keeping connections alive, and plays the handler's reply to each.
    /// A request that it cannot parse is answered with status 400.
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
                let _ = reply::serve(connection, &*handler).await;
            }
        })
        .await
    }
}
