//! The small facts an error is made of.

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The client or the request was set up wrongly. The message names the field, the rule and the next step.
    Config,
    /// The server refused our certificate. Check that it was issued for this app, that it has not expired, and that it
    /// was not disabled in the console. Sending again does not help until the certificate changes.
    Identity,
    /// No connection: DNS, TCP, proxy, TLS, or the server's certificate. Most often a firewall: see
    /// [`firewall`](crate::firewall).
    Connect,
    /// A deadline passed. [`Error::phase`](crate::Error::phase) says in the middle of what.
    Timeout,
    /// The connection broke in the middle of the exchange.
    Transport,
    /// The API answered that it failed. [`Error::code`](crate::Error::code) says why.
    Api,
    /// An answer came and could not be read.
    Decode,
    /// An answer came that says that it worked, and it is about something else, or does not say that it was done. The
    /// message names the field.
    Mismatch,
}

impl Kind {
    /// The lower-case name, as it appears in spans.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Identity => "identity",
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Transport => "transport",
            Self::Api => "api",
            Self::Decode => "decode",
            Self::Mismatch => "mismatch",
        }
    }
}

/// Where a call was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Waiting until one of the connections to the host is free: see
    /// [`Builder::max_connections`](crate::Builder::max_connections).
    Queue,
    /// Finding the address and opening the connection, through the proxy if there is one.
    Connect,
    /// Shaking hands in TLS.
    Handshake,
    /// About to send the request: not a byte of it has left.
    Send,
    /// Sending the request, or waiting for the head of the answer.
    Wait,
    /// Reading the body of the answer.
    Read,
}

impl Phase {
    /// The lower-case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Connect => "connect",
            Self::Handshake => "handshake",
            Self::Send => "send",
            Self::Wait => "wait",
            Self::Read => "read",
        }
    }
}

/// A field of the request that the server complained about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// The name of the field on the wire.
    pub field: String,
    /// The server's words. They may quote the value that was sent, so errors do not print them.
    pub message: Option<String>,
}
