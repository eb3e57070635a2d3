//! `{"resultType":"SUCCESS","success":…}`: Apps in Toss.

use std::borrow::Cow;

use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};
use serde_json::value::RawValue;

use super::{
    Dialect, Failure, INVALID_GRANT, InnerFailure, RATE_LIMITED, Reply, Verdict,
    failure::{Form, Said, complains, failure_in},
    sealed,
};
use crate::{
    Payload,
    decode::{self, DecodeError},
};

/// The form of Apps in Toss: `{"resultType":"SUCCESS","success":…}` or `{"resultType":"FAIL","error":…}`.
///
/// The body decides, never the HTTP status: a failure may come with status 200. A SUCCESS with an `errorCode`, or a `code`
/// other than 0, beside the payload or in it contradicts itself: it is an error.
///
/// A code proves that nothing was done in one form: `"resultType":"FAIL"` with an object `error` that has it as `errorCode`
/// (or `code`), text or number. Other forms are read for their words and prove nothing, because a gateway may have written
/// them, so the outcome of a write stays unknown: anything without a `resultType`, and with one `{"error":"…"}`,
/// `{"errorCode":…,"reason":…}`, `{"code":…,"message":…}` and `{"code":…,"msg":…}`. The one exception is the login's own
/// `{"error":"invalid_grant"}` without a `resultType`, a refusal.
///
/// Answers are read by name: what should be an object and is a list does not fit, at any depth. Only what serde keeps
/// aside before it knows the type (`flatten`, `untagged`, `tag`) is out of reach; leave those out of responses.
#[derive(Debug)]
#[non_exhaustive]
pub struct Envelope;

impl Dialect for Envelope {}

/// The fast road: one pass over the bytes, straight into the answer.
#[derive(Deserialize)]
struct Fast<'a, T> {
    #[serde(rename = "resultType", borrow)]
    result_type: Cow<'a, str>,
    success: Option<T>,
    error: Option<IgnoredAny>,
    #[serde(rename = "errorCode")]
    error_code: Option<IgnoredAny>,
    code: Option<IgnoredAny>,
}

/// The slow road: any envelope, member by member, each as it was written. Derived, so that a member that comes twice is
/// an error and not a choice.
#[derive(Deserialize)]
struct Slow<'a> {
    #[serde(rename = "resultType")]
    result_type: Option<String>,
    #[serde(borrow)]
    success: Option<&'a RawValue>,
    /// What older messenger pages call `success`.
    result: Option<&'a RawValue>,
    error: Option<&'a RawValue>,
    #[serde(rename = "errorCode")]
    error_code: Option<&'a RawValue>,
    code: Option<&'a RawValue>,
    reason: Option<&'a RawValue>,
    message: Option<&'a RawValue>,
    msg: Option<&'a RawValue>,
    error_description: Option<&'a RawValue>,
}

impl sealed::Read for Envelope {
    // Found out before the request reaches the product: it is malformed, the caller is not known, or not welcome yet.
    const COMMON_REFUSALS: &'static [&'static str] =
        &["INVALID_PARAMETER", "4010", "4050", RATE_LIMITED, INVALID_GRANT];
    const TYPED_GET: bool = true;
    const SAYS_SUCCESS: bool = true;

    fn read<T: DeserializeOwned>(reply: &Reply) -> Verdict<T> {
        match decode::quickly::<Fast<'_, T>>(&reply.body) {
            Some(Fast { result_type, success: Some(success), error: None, error_code: None, code: None })
                if result_type == "SUCCESS" =>
            {
                Verdict::Success(success)
            }
            _ => slow(&reply.body),
        }
    }

    fn payload(body: &[u8]) -> Option<&RawValue> {
        let Payloads { success, result } = serde_json::from_slice(body).ok()?;
        success.or(result)
    }

    fn failure_inside(payload: &Payload<'_>) -> Option<Failure> {
        // An object that names a member twice is read again, and found to contradict itself.
        let may_tell = !payload.is_plain() || payload.raw("code").or(payload.raw("errorCode")).is_some();
        if !may_tell {
            return None;
        }
        InnerFailure::in_payload(payload.whole()?).map(InnerFailure::into_failure)
    }
}

/// Both names of the payload.
#[derive(Deserialize)]
struct Payloads<'a> {
    #[serde(borrow)]
    success: Option<&'a RawValue>,
    result: Option<&'a RawValue>,
}

#[cold]
fn slow<T: DeserializeOwned>(body: &[u8]) -> Verdict<T> {
    // Bytes that are no text spoil the whole answer, even where nobody reads them.
    let text = std::str::from_utf8(body).ok();
    let envelope = text.and_then(|text| decode::quickly::<Slow<'_>>(text.as_bytes()));
    let Some(envelope) = envelope else { return Verdict::Page };
    let payload = envelope.success.or(envelope.result);
    let succeeded = envelope.result_type.as_deref() == Some("SUCCESS");
    let complains =
        envelope.error.is_some() || [envelope.error_code, envelope.code].into_iter().any(complains);
    if succeeded && !complains {
        return succeed(payload);
    }
    let said = Said {
        error: envelope.error,
        error_code: envelope.error_code,
        code: envelope.code,
        reason: envelope.reason,
        message: envelope.message.or(envelope.msg),
        description: envelope.error_description,
    };
    let Some((mut failure, form)) =
        failure_in(&said).or_else(|| envelope.result_type.is_some().then(Default::default))
    else {
        return Verdict::Page;
    };
    // A FAIL, or one of the bare forms, says no. Any other result type is the server's own doubt, and so is a no that
    // comes with a payload, or a success with an error.
    let plain = matches!(envelope.result_type.as_deref(), None | Some("FAIL"));
    failure.doubtful = !plain || payload.is_some();
    failure.unproven = match envelope.result_type.as_deref() {
        None => form != Form::Oauth,
        Some(_) => form != Form::ErrorObject,
    };
    failure.result_type = envelope.result_type;
    Verdict::Failure(failure)
}

fn succeed<T: DeserializeOwned>(payload: Option<&RawValue>) -> Verdict<T> {
    let Some(payload) = payload else {
        // Missing or null: fine for an answer that holds nothing.
        return match decode::from_slice(b"null") {
            Ok(success) => Verdict::Success(success),
            Err(_) => Verdict::Unreadable(DecodeError::missing("success")),
        };
    };
    match decode::from_slice(payload.get().as_bytes()) {
        Ok(success) => Verdict::Success(success),
        // Half a character, for example: who knows what else is damaged.
        Err(error) if !error.is_json() => Verdict::Page,
        Err(error) => match InnerFailure::in_payload(payload) {
            Some(inner) => Verdict::Failure(inner.into_failure()),
            None => Verdict::Unreadable(error.within("success")),
        },
    }
}
