//! A server on loopback that stands in for the Apps in Toss partner API.
//!
//! It has two uses. Tests script hostile peers with it, byte by byte and over real mutual TLS; examples
//! serve JSON answers with it. It depends on no other crate of this workspace, so that it cannot share a
//! mistake with what it tests.
//!
//! - [`Authority`] is a certificate authority in memory, [`Leaf`] says what it issues, [`Issued`] is the result.
//! - [`Server`] listens on a free port of 127.0.0.1. [`ServerBuilder::http`] parses requests and plays a
//!   [`Reply`] for each; [`ServerBuilder::raw`] hands over the connection after the TLS handshake, and
//!   [`ServerBuilder::raw_tcp`] before it.
//! - [`Relay`] puts a round trip between a client and a server, for benchmarks.
//!
//! ```
//! use ait_emulator::{Authority, Leaf, Reply, Response, Server};
//!
//! # async fn run() -> std::io::Result<()> {
//! let authority = Authority::new("Emulator CA")?;
//! let server = Server::builder()
//!     .tls(&authority.issue(&Leaf::server(&["localhost"]))?)
//!     .require_client(&authority)
//!     .http(|request| async move {
//!         match request.path.as_str() {
//!             "/ping" => Reply::Answer(Response::json(200, r#"{"resultType":"SUCCESS"}"#)),
//!             _ => Reply::Close,
//!         }
//!     })
//!     .await?;
//! let client = authority.issue(&Leaf::client("my-app"))?;
//! println!("{} trusts {} bytes of PEM", server.url(), client.certificate_pem.len());
//! # Ok(())
//! # }
//! ```
//!
//! Everything here runs on the current tokio runtime, which needs its I/O and time drivers.

pub mod api;
#[cfg(feature = "client")]
mod client;
mod control;
mod emulator;
pub mod engine;
pub mod fault;
mod net;

pub use emulator::{Credentials, Emulator, EmulatorBuilder, Files, ServerCertificate};
pub use net::{
    Arrival, Authority, ClientAuth, ClientCertificate, Connection, End, Incoming, Issued, KeyKind, Leaf,
    Relay, Reply, Request, Response, Script, Server, ServerBuilder, Stage, TlsVersion, Verdict,
};

/// Compiles the program in the README of the workspace.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

/// Compiles and runs the programs in the README of this crate.
#[cfg(all(doctest, feature = "client"))]
#[doc = include_str!("../README.md")]
struct CrateReadme;

/// Compiles and runs the program in the emulator's own page.
#[cfg(all(doctest, feature = "client"))]
#[doc = include_str!("../../../docs/emulator.md")]
struct Page;
