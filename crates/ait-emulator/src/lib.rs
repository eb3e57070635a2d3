//! The Apps in Toss partner API and Toss Payments BrandPay on this machine, for tests: with state, mutual TLS, a movable
//! clock, a ledger, and faults at any moment of a call.
//!
//! - [`Emulator`] is all of it, on three loopback ports. With the feature `client` it hands out a client that is ready to
//!   call.
//! - [`fault`] says what can go wrong, when, and for whom; [`api::Switches`] how to do what nobody has documented.
//! - [`Callback`] is where it tells the shop by itself: [`api::callbacks`].
//! - [`api::Core`] is the API without I/O, [`engine::Engine`] the same with faults, clock and log.
//!
//! It shares no type and no constant with the clients of this workspace, so that it cannot share a mistake with what it
//! tests. The feature `client` brings `ait-core`, to build a client of it and for nothing else.
//!
//! Below lies a server that misbehaves byte by byte, and knows no API:
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
mod proof;

pub use api::callbacks::{BadCallback, Callback, CallbackKind};
pub use emulator::{Credentials, Emulator, EmulatorBuilder, Files, ServerCertificate};
pub use net::{
    Arrival, Authority, ClientAuth, ClientCertificate, Connection, End, Incoming, Issued, KeyKind, Leaf,
    Relay, Reply, Request, Response, Script, Server, ServerBuilder, Stage, TlsVersion, Verdict,
};
pub use proof::Proof;

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
