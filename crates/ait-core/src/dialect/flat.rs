//! The payload alone, and `{"code":…,"message":…}` for a failure: BrandPay.

use http::StatusCode;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use super::{
    Dialect, Failure, Reply, Verdict,
    failure::{Said, failure_in},
    sealed,
};
use crate::{
    Payload,
    decode::{self, DecodeError},
};

/// The form of Toss Payments: a 2xx status with the payload as the body, or `{"code":…,"message":…}`.
///
/// A code proves something only in this form, both members text, and with a 4xx status other than 408, 409 and 429; the
/// outcome of a write stays unknown otherwise. A 2xx status alone proves nothing: a maintenance page has one too. A write
/// succeeded if the payload can be read and [fits the request](crate::Endpoint::verify). If a member cannot be read and
/// what identifies the request is there and fits, it is [`Done`](crate::Outcome::Done), and in every other case unknown.
/// Answers are read by name, as those of an [`Envelope`](crate::Envelope).
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

    const SAYS_SUCCESS: bool = false;

    fn read<T: DeserializeOwned>(reply: &Reply) -> Verdict<T> {
        if reply.status.is_success() {
            if let Some(success) = decode::quickly(&reply.body) {
                return Verdict::Success(success);
            }
            let misfit = misfit::<T>(&reply.body);
            if !misfit.is_json() {
                return Verdict::Page;
            }
            let payload = Payload::new(&reply.body, Self::payload);
            return Self::failure_inside(&payload).map_or(Verdict::Unreadable(misfit), Verdict::Failure);
        }
        let Some(body) = decode::quickly::<Refusal<'_>>(&reply.body) else { return Verdict::Page };
        let is_others = body.error.is_some() || body.result_type.is_some();
        let is_documented = !is_others && is_text(body.code) && is_text(body.message);
        let said = Said { error: body.error, code: body.code, message: body.message, ..Said::default() };
        match failure_in(&said) {
            Some((failure, _)) => {
                let proven = is_documented && is_refusal(reply.status);
                Verdict::Failure(Failure { unproven: !proven, ..failure })
            }
            None => Verdict::Page,
        }
    }

    fn payload(body: &[u8]) -> Option<&RawValue> {
        serde_json::from_slice(body).ok()
    }

    // The form of a failure under the status of a success.
    fn failure_inside(payload: &Payload<'_>) -> Option<Failure> {
        let said = Said {
            code: Some(payload.raw("code")?),
            message: Some(payload.raw("message")?),
            ..Said::default()
        };
        let (failure, _) = failure_in(&said).unwrap_or_default();
        Some(Failure { doubtful: true, ..failure })
    }
}

fn is_text(member: Option<&RawValue>) -> bool {
    member.is_some_and(|member| member.get().starts_with('"'))
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
    // Of the other form: these are not Toss Payments' own words.
    error: Option<&'a RawValue>,
    #[serde(rename = "resultType")]
    result_type: Option<&'a RawValue>,
}

#[cold]
fn misfit<T: DeserializeOwned>(body: &[u8]) -> DecodeError {
    decode::from_slice::<T>(body).err().unwrap_or_else(DecodeError::not_json)
}
