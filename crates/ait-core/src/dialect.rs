//! The two forms of answers.

mod envelope;
mod failure;
mod flat;

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

pub use self::{envelope::Envelope, failure::InnerFailure, flat::Flat};
use crate::{FieldError, Payload, decode::DecodeError};

/// The code of Apps in Toss for "too many requests".
pub(crate) const RATE_LIMITED: &str = "4095";
/// The one code of OAuth's own form that Apps in Toss is known to send.
const INVALID_GRANT: &str = "invalid_grant";

/// The form of an API's answers. Sealed: [`Envelope`] for Apps in Toss, [`Flat`] for BrandPay.
pub trait Dialect: sealed::Read {}

/// A complete answer.
#[derive(Debug)]
#[allow(unnameable_types, reason = "part of a sealed trait")]
pub struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What an answer means.
#[derive(Debug)]
#[allow(unnameable_types, private_interfaces, reason = "part of a sealed trait")]
pub enum Verdict<T> {
    /// It worked.
    Success(T),
    /// The server says that it did not, as far as the form goes.
    Failure(Failure),
    /// It worked, but the rest does not fit.
    Unreadable(DecodeError),
    /// Not the documented form.
    Page,
}

/// The server's words about a failure.
#[derive(Debug, Default)]
#[allow(unnameable_types, reason = "part of a sealed trait")]
pub struct Failure {
    pub(crate) result_type: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) fields: Vec<FieldError>,
    pub(crate) retry_after: Option<Duration>,
    /// Codes cannot prove anything: the server itself does not know the outcome.
    pub(crate) doubtful: bool,
    /// Codes prove nothing about a write: whose words these are is not known, or the server broke down.
    pub(crate) unproven: bool,
}

pub(crate) mod sealed {
    use super::{DeserializeOwned, Failure, Payload, RawValue, Reply, Verdict};

    /// Keeps the trait closed and its types out of sight.
    #[allow(unnameable_types, reason = "that is how a trait is sealed")]
    pub trait Read {
        /// Codes that prove, for every endpoint, that nothing was done.
        const COMMON_REFUSALS: &'static [&'static str];
        /// Whether a GET says `Content-Type`, although it has no body.
        const TYPED_GET: bool;
        /// Whether an answer says in words that it worked, and not by its status alone.
        const SAYS_SUCCESS: bool;

        /// Reads an answer.
        fn read<T: DeserializeOwned>(reply: &Reply) -> Verdict<T>;

        /// Where the payload of a success is.
        fn payload(body: &[u8]) -> Option<&RawValue>;

        /// A failure that is told in the payload of a success.
        fn failure_inside(payload: &Payload<'_>) -> Option<Failure>;
    }
}
