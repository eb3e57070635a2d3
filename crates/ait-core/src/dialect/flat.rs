//! The payload alone, and `{"code":…,"message":…}` for a failure: BrandPay.

use http::StatusCode;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use super::{
    Dialect, Failure, Reply, Verdict,
    failure::{Said, failure_in},
    sealed,
};
use crate::decode::{self, DecodeError};

/// The form of Toss Payments: a 2xx status with the payload as the body, or `{"code":…,"message":…}`. A code proves
/// something only in this form and with a 4xx status other than 408, 409 and 429; the outcome of a write stays unknown
/// otherwise. Answers are read by name, as those of an
/// [`Envelope`](crate::Envelope).
#[derive(Debug)]
#[non_exhaustive]
pub struct Flat;

impl Dialect for Flat {}

impl sealed::Read for Flat {
    // Found out before anything is done: the caller is not known, or the request malformed. "Too quick in a row" is not
    // among them, because it is the answer to a second request after a first that worked.
    const COMMON_REFUSALS: &'static [&'static str] = &[
        "INVALID_API_KEY",
        "UNAUTHORIZED_KEY",
        "INCORRECT_BASIC_AUTH_FORMAT",
        "INVALID_REQUEST",
        "INVALID_IDEMPOTENCY_KEY",
    ];
    const TYPED_GET: bool = false;

    fn read<T: DeserializeOwned>(reply: &Reply) -> Verdict<T> {
        if reply.status.is_success() {
            return match decode::quickly(&reply.body) {
                Some(success) => Verdict::Success(success),
                None => Verdict::Unreadable(misfit::<T>(&reply.body)),
            };
        }
        let Some(body) = decode::quickly::<Refusal<'_>>(&reply.body) else { return Verdict::Page };
        let said = Said { error: body.error, code: body.code, message: body.message, ..Said::default() };
        match failure_in(&said) {
            Some(failure) => {
                let proven = body.error.is_none() && is_refusal(reply.status);
                Verdict::Failure(Failure { unproven: !proven, ..failure })
            }
            None => Verdict::Page,
        }
    }
}

/// Whether a code under this status can prove that nothing was done. A server that broke down or gave up waiting may have
/// done it before it said so, 409 speaks of another request that is at work, and 429 may come from whatever stands before.
fn is_refusal(status: StatusCode) -> bool {
    let doubtful = [StatusCode::REQUEST_TIMEOUT, StatusCode::CONFLICT, StatusCode::TOO_MANY_REQUESTS];
    status.is_client_error() && !doubtful.contains(&status)
}

/// A member that comes twice is an error and not a choice.
#[derive(Deserialize)]
struct Refusal<'a> {
    #[serde(borrow)]
    code: Option<&'a RawValue>,
    message: Option<&'a RawValue>,
    error: Option<&'a RawValue>,
}

#[cold]
fn misfit<T: DeserializeOwned>(body: &[u8]) -> DecodeError {
    decode::from_slice::<T>(body).err().unwrap_or_else(DecodeError::not_json)
}
