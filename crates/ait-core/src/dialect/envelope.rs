//! `{"resultType":"SUCCESS","success":…}`: Apps in Toss.

use std::borrow::Cow;

use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};
use serde_json::Value;

use super::{Dialect, InnerFailure, RATE_LIMITED, Reply, Verdict, failure::failure_in, sealed};
use crate::decode::{self, DecodeError};

/// The form of Apps in Toss: `{"resultType":"SUCCESS","success":…}` or `{"resultType":"FAIL","error":…}`.
///
/// The body decides, never the HTTP status: a failure may come with status 200. Besides the documented failure these
/// are understood: `{"error":"invalid_grant"}`, `{"error":{"code":…,"message":…}}` and `{"code":…,"message":…}`, with
/// codes as text or number.
#[derive(Debug)]
#[non_exhaustive]
pub struct Envelope;

impl Dialect for Envelope {}

/// The fast road: one pass over the bytes, straight into the answer.
#[derive(Deserialize)]
struct Fast<'a, T> {
    #[serde(rename = "resultType", borrow)]
    result_type: Cow<'a, str>,
    // Older messenger pages say `result`.
    #[serde(alias = "result")]
    success: Option<T>,
}

/// The slow road: any envelope, member by member. Derived, so that a member that comes twice is an error and not a
/// choice.
#[derive(Deserialize)]
struct Slow {
    #[serde(rename = "resultType")]
    result_type: Option<String>,
    #[serde(default, alias = "result")]
    success: Value,
    #[serde(default)]
    error: Value,
    #[serde(default)]
    code: Value,
    #[serde(default)]
    message: Value,
    #[serde(rename = "error_description", default)]
    description: Value,
}

impl sealed::Read for Envelope {
    // Found out before the request reaches the product: it is malformed, the caller is not known, or not welcome yet.
    const COMMON_REFUSALS: &'static [&'static str] =
        &["INVALID_PARAMETER", "4010", "4050", RATE_LIMITED, "invalid_grant"];

    fn read<T: DeserializeOwned>(reply: &Reply) -> Verdict<T> {
        // serde would read a list as a struct, member by member.
        if reply.body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
            return Verdict::Page;
        }
        if let Ok(Fast { result_type, success: Some(success) }) =
            serde_json::from_slice::<Fast<'_, T>>(&reply.body)
        {
            if result_type == "SUCCESS" {
                return Verdict::Success(success);
            }
        }
        slow(reply)
    }
}

#[cold]
fn slow<T: DeserializeOwned>(reply: &Reply) -> Verdict<T> {
    let Ok(envelope) = serde_json::from_slice::<Slow>(&reply.body) else { return Verdict::Page };
    match envelope.result_type.as_deref() {
        Some("SUCCESS") => match decode::from_value::<T>(envelope.success.clone()) {
            Ok(success) => Verdict::Success(success),
            Err(error) => match InnerFailure::in_value(&envelope.success) {
                Some(inner) => Verdict::Failure(inner.into_failure()),
                None => Verdict::Unreadable(misfit(&reply.body, error)),
            },
        },
        result_type => {
            match failure_in(&envelope.error, &envelope.code, &envelope.message, &envelope.description) {
                Some(mut failure) => {
                    // A FAIL, or one of the bare forms, is the server's refusal. Any other result type is its own doubt.
                    failure.doubtful = !matches!(result_type, None | Some("FAIL"));
                    failure.result_type = envelope.result_type;
                    Verdict::Failure(failure)
                }
                None if result_type.is_none() => Verdict::Page,
                None => Verdict::Failure(super::Failure {
                    doubtful: true,
                    result_type: envelope.result_type,
                    ..super::Failure::default()
                }),
            }
        }
    }
}

fn misfit(body: &[u8], error: DecodeError) -> DecodeError {
    #[derive(Deserialize)]
    struct Has {
        #[serde(rename = "success")]
        _success: IgnoredAny,
    }
    match serde_json::from_slice::<Has>(body) {
        Ok(_) => error.within("success"),
        Err(_) => DecodeError::missing("success"),
    }
}
