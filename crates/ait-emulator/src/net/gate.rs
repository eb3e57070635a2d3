//! What becomes of a connection before HTTP.

use std::sync::Arc;

use tokio::net::TcpStream;

use super::close;
use super::connection::Connection;
use super::incoming::{Greeted, Incoming};
use super::script::{End, Script};
use super::server::Shared;

/// When a gate is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// Right after the TCP connection was accepted.
    Accepted,
    /// After the `ClientHello` of TLS was read, and before it is answered.
    ClientHello,
}

/// A connection on its way in.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Arrival<'a> {
    /// The place in the order in which the server accepted connections, from 0.
    pub number: u64,
    /// How far it has come.
    pub stage: Stage,
    /// The name the client asks for (SNI), once its `ClientHello` was read.
    pub server_name: Option<&'a str>,
}

/// Says what is done with an arrival.
pub(crate) type Gate = Arc<dyn Fn(Arrival<'_>) -> Script + Send + Sync>;

/// Does the handshake, asking the gate on the way. `None` when the connection has come to its end.
pub(crate) async fn admit(mut incoming: Incoming, gate: Option<&Gate>) -> Option<Connection> {
    // A failed handshake has been counted.
    let Some(gate) = gate else { return incoming.handshake().await.ok() };
    let (number, shared) = (incoming.number(), incoming.shared());
    let script = gate(Arrival { number, stage: Stage::Accepted, server_name: None });
    if !pass(script, incoming.tcp(), &shared).await {
        return None;
    }
    match incoming.greet().await.ok()? {
        Greeted::Plain(connection) => Some(*connection),
        Greeted::Tls(mut hello) => {
            let server_name = hello.server_name();
            let stage = Stage::ClientHello;
            let script = gate(Arrival { number, stage, server_name: server_name.as_deref() });
            if pass(script, hello.tcp(), &shared).await { hello.finish().await.ok() } else { None }
        }
    }
}

/// Plays the script below TLS. Whether the connection goes on.
async fn pass(script: Script, tcp: &mut TcpStream, shared: &Shared) -> bool {
    let end = script.end();
    if script.play(tcp).await.is_err() {
        return false;
    }
    match end {
        End::Keep => return true,
        End::Close => close::close(tcp).await,
        // Fails only on a connection that is gone already.
        End::Reset => drop(tcp.set_zero_linger()),
        End::Hang => close::hang(tcp, shared).await,
    }
    false
}
