#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod builder;
mod by_name;
mod calendar;
mod call;
mod client;
mod decode;
mod dialect;
mod endpoint;
mod error;
mod execute;
pub mod firewall;
mod idempotency;
mod identity;
mod judge;
mod krw;
pub mod lenient;
mod mode;
mod open_enum;
mod outcome;
mod payload;
mod provider;
mod recovery;
mod redact;
mod resend;
mod retry;
mod secret;
mod server_clock;
mod ticket;
mod timestamp;
mod trace;
mod user;
mod wire;

pub use http;
pub use serde;

pub use self::{
    answer::Answer,
    builder::Builder,
    call::Call,
    client::Client,
    dialect::{Dialect, Envelope, Flat, InnerFailure},
    endpoint::{Authorization, Endpoint, Host, Safety},
    error::{Error, FieldError, Kind, Phase},
    idempotency::IdempotencyKey,
    identity::Identity,
    krw::Krw,
    mode::Mode,
    outcome::Outcome,
    payload::{Mismatch, Payload},
    provider::Provider,
    recovery::{Resolution, Schedule},
    retry::RetryPolicy,
    secret::Secret,
    ticket::Ticket,
    timestamp::Timestamp,
    user::{AnonymousKey, User, UserKey},
    wire::Trust,
};

/// What [`open_enum!`] expands to needs. Not for anybody else: it may change in any release.
#[doc(hidden)]
pub mod __private {
    pub use serde;

    pub use crate::open_enum::Unlisted;
}
