//! From an answer to what it says about the money.

use std::time::Duration;

use http::{HeaderMap, header::RETRY_AFTER};

use crate::{
    Answer, Endpoint, Error, Kind, Outcome, answer,
    dialect::{Failure, Reply, Verdict, sealed::Read},
    error::Cause,
    resend::Class,
};

/// What nginx writes on its page when it does not like the client certificate.
const CERTIFICATE_PAGES: [&str; 2] = ["no required ssl certificate was sent", "the ssl certificate error"];

pub(crate) fn judge<E: Endpoint>(call: &E, reply: Reply) -> Result<Answer<E::Response>, Error> {
    let error = match <E::Dialect as Read>::read(&reply) {
        Verdict::Success(response) => match call.inner_failure(&response) {
            None => return Ok(Answer::new(response, reply.headers)),
            Some(inner) => failed::<E>(inner.into_failure(), Cause::FailedInside),
        },
        Verdict::Failure(failure) if failure.result_type.as_deref() == Some("SUCCESS") => {
            failed::<E>(failure, Cause::FailedInside)
        }
        Verdict::Failure(failure) => failed::<E>(failure, Cause::Failed),
        Verdict::Unreadable(source) => Error::new(Kind::Decode, Outcome::Done, Cause::Unreadable { source }),
        Verdict::Page if is_certificate_page(&reply) => {
            let what = "the gateway refused our client certificate with an HTTP 400 page".to_owned();
            Error::new(Kind::Identity, Outcome::Refused, Cause::Identity { what })
        }
        Verdict::Page => Error::new(Kind::Decode, Outcome::Unknown, Cause::Page),
    };
    Err(with_reply(error, reply))
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
    if inner.kind == Kind::Decode {
        inner.body = Some(reply.body);
    }
    error
}

// Seconds only: an HTTP date would be read by our clock, which may be wrong.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

// nginx answers 400, whatever its log says (495, 496); and a page is no JSON.
fn is_certificate_page(reply: &Reply) -> bool {
    let page = String::from_utf8_lossy(&reply.body[..reply.body.len().min(4096)]).to_ascii_lowercase();
    matches!(reply.status.as_u16(), 400 | 495 | 496)
        && page.trim_start().starts_with('<')
        && CERTIFICATE_PAGES.iter().any(|words| page.contains(words))
}
