//! From an answer to what it says about the money.

mod page;

use std::time::{Duration, SystemTime};

use http::{HeaderMap, header::RETRY_AFTER};

use crate::{
    Answer, Endpoint, Error, Kind, Outcome, Payload, answer,
    dialect::{Failure, Reply, Verdict, sealed::Read},
    error::Cause,
    resend::Class,
};

/// What nginx writes on its page when it does not like the client certificate.
const CERTIFICATE_PAGES: [&str; 2] = ["no required ssl certificate was sent", "the ssl certificate error"];

/// `decides`: whether somebody goes by the answer. One that decides nothing is not read a second time.
pub(crate) fn judge<E: Endpoint>(
    call: &E,
    reply: Reply,
    decides: bool,
) -> Result<Answer<E::Response>, Error> {
    let payload = Payload::new(&reply.body, <E::Dialect as Read>::payload);
    let error = match <E::Dialect as Read>::read(&reply) {
        Verdict::Success(response) => match accept(call, &payload, &response, decides) {
            Ok(()) => return Ok(Answer::new(response, reply.headers)),
            Err(error) => error,
        },
        Verdict::Failure(failure) if failure.result_type.as_deref() == Some("SUCCESS") => {
            failed::<E>(failure, Cause::FailedInside)
        }
        Verdict::Failure(failure) => failed::<E>(failure, Cause::Failed),
        Verdict::Unreadable(source) => {
            let outcome = if is_done(call, &payload) { Outcome::Done } else { Outcome::Unknown };
            Error::new(Kind::Decode, outcome, Cause::Unreadable { source })
        }
        Verdict::Page if is_certificate_page(&reply) => {
            let what = "the gateway refused our client certificate with an HTTP 400 page".to_owned();
            Error::new(Kind::Identity, Outcome::Refused, Cause::Identity { what })
        }
        Verdict::Page => Error::new(Kind::Decode, Outcome::Unknown, Cause::Page { what: page::what(&reply) }),
    };
    Err(with_reply(error, reply))
}

/// Whether an answer that says that it worked, and can be read, is the answer to this call.
fn accept<E: Endpoint>(
    call: &E,
    payload: &Payload<'_>,
    response: &E::Response,
    decides: bool,
) -> Result<(), Error> {
    if decides {
        if let Some(failure) = <E::Dialect as Read>::failure_inside(payload) {
            return Err(failed::<E>(failure, Cause::FailedInside));
        }
    }
    if let Some(inner) = call.inner_failure(response) {
        return Err(failed::<E>(inner.into_failure(), Cause::FailedInside));
    }
    call.verify(payload).map_err(|mismatch| {
        let keyed = Class::of(&E::SAFETY) == Class::Keyed;
        Error::new(Kind::Mismatch, Outcome::Unknown, Cause::Mismatch { mismatch, keyed })
    })
}

/// Whether an answer that says that it worked, and cannot be read, proves that this call was done.
fn is_done<E: Endpoint>(call: &E, payload: &Payload<'_>) -> bool {
    call.verify(payload).is_ok() && (<E::Dialect as Read>::SAYS_SUCCESS || payload.is_identified())
}

fn failed<E: Endpoint>(failure: Failure, cause: Cause) -> Error {
    // Inside a SUCCESS answer only the product speaks: what is found out before a request reaches it is not said there.
    let common = match cause {
        Cause::FailedInside => &[],
        _ => <E::Dialect as Read>::COMMON_REFUSALS,
    };
    let known = |code: &str| E::REFUSALS.contains(&code) || common.contains(&code);
    let refused = match Class::of(&E::SAFETY) {
        // A read that failed has done nothing, unless the server itself does not know.
        Class::Read => true,
        Class::Keyed | Class::Once => !failure.unproven && failure.code.as_deref().is_some_and(known),
    };
    let outcome = if refused && !failure.doubtful { Outcome::Refused } else { Outcome::Unknown };
    let mut error = Error::new(Kind::Api, outcome, cause);
    let inner = error.inner_mut();
    inner.result_type = failure.result_type;
    inner.code = failure.code;
    inner.reason = failure.reason;
    inner.fields = failure.fields;
    inner.retry_after = failure.retry_after;
    error
}

fn with_reply(mut error: Error, reply: Reply) -> Error {
    let inner = error.inner_mut();
    inner.status = Some(reply.status);
    inner.date = answer::date(&reply.headers);
    inner.trace_id = answer::trace_id(&reply.headers).map(str::to_owned);
    inner.retry_after = inner.retry_after.or_else(|| retry_after(&reply.headers));
    if matches!(inner.kind, Kind::Decode | Kind::Mismatch) {
        inner.body = Some(reply.body);
    }
    error
}

// Seconds, or a date: read by the server's own clock where it tells it, for ours may be wrong.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let now = answer::date(headers).unwrap_or_else(SystemTime::now);
    Some(until.duration_since(now).unwrap_or_default())
}

// nginx answers 400, whatever its log says (495, 496); and a page is no JSON.
fn is_certificate_page(reply: &Reply) -> bool {
    let page = String::from_utf8_lossy(&reply.body[..reply.body.len().min(4096)]).to_ascii_lowercase();
    matches!(reply.status.as_u16(), 400 | 495 | 496)
        && page.trim_start().starts_with('<')
        && CERTIFICATE_PAGES.iter().any(|words| page.contains(words))
}
