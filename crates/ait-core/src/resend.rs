//! When the same request may go out again, and how long to wait before.
//!
//! Nothing here touches a clock or a network: the attempt and the sleep are handed in.

#[cfg(test)]
mod tests;

use std::time::Duration;

use http::StatusCode;

use crate::{Error, Kind, Outcome, RetryPolicy, Safety, error::Cause, retry::Budget};

/// [`Safety`] without the endpoint's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Read,
    Keyed,
    Once,
}

impl Class {
    pub(crate) fn of<E>(safety: &Safety<E>) -> Self {
        match safety {
            Safety::Read => Self::Read,
            Safety::Keyed { .. } => Self::Keyed,
            Safety::Once { .. } | Safety::Unsettled => Self::Once,
        }
    }

    /// The decision table: whether a failed attempt may be followed by another.
    pub(crate) fn allows(self, error: &Error) -> bool {
        let inner = error.inner();
        match (&inner.kind, &inner.cause) {
            // The same set-up would fail in the same way.
            (Kind::Config | Kind::Identity, _) | (_, Cause::Connect { lasting: true, .. }) => return false,
            _ => {}
        }
        if inner.outcome == Outcome::NotSent {
            return true;
        }
        // Said by the gateway in its own form, before the request reached the product.
        let limited = inner.outcome == Outcome::Refused
            && inner.result_type.as_deref() == Some("FAIL")
            && inner.code.as_deref() == Some(crate::dialect::RATE_LIMITED);
        match self {
            Self::Once => limited,
            Self::Read => limited || is_broken(error) || is_transient_answer(error),
            Self::Keyed => limited || is_broken(error) || is_transient_answer(error) || is_processing(error),
        }
    }
}

fn is_broken(error: &Error) -> bool {
    matches!(error.kind(), Kind::Connect | Kind::Transport | Kind::Timeout)
}

fn is_transient_answer(error: &Error) -> bool {
    let overloaded = |status: StatusCode| status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
    error.status().is_some_and(overloaded) || error.result_type().is_some_and(is_infrastructure)
}

// The five result types with which the gateway speaks of itself, not of the call.
fn is_infrastructure(result_type: &str) -> bool {
    ["HTTP_TIMEOUT", "NETWORK_ERROR", "EXECUTION_FAIL", "INTERRUPTED", "INTERNAL_ERROR"]
        .contains(&result_type)
}

// The first request under this key is still at work: the same key will read its answer.
fn is_processing(error: &Error) -> bool {
    error.status() == Some(StatusCode::CONFLICT)
}

/// What bounds the attempts of one call.
pub(crate) struct Plan<'a> {
    pub(crate) class: Class,
    pub(crate) policy: &'a RetryPolicy,
    pub(crate) budget: &'a Budget,
    pub(crate) deadline: Duration,
}

impl Plan<'_> {
    // A read that hangs is asked again in time; whatever may have an effect gets all the time there is.
    fn limit(&self, attempt: u32, left: Duration) -> Duration {
        if self.class == Class::Read && attempt < self.policy.most() { left / 2 } else { left }
    }
}

/// Tries, and tries again while that is safe. `elapsed` tells the time since the start of the call, `jitter` a number
/// from 0 to 1.
pub(crate) async fn resend<T, A, AF, S, SF>(
    plan: &Plan<'_>,
    elapsed: impl Fn() -> Duration,
    jitter: impl Fn() -> f64,
    attempt: A,
    sleep: S,
) -> Result<T, Error>
where
    A: Fn(u32, Duration) -> AF,
    AF: Future<Output = Result<T, Error>>,
    S: Fn(Duration) -> SF,
    SF: Future<Output = ()>,
{
    plan.budget.deposit();
    let mut seen = Outcome::NotSent;
    let mut number = 1;
    loop {
        let left = plan.deadline.saturating_sub(elapsed());
        let mut error = match attempt(number, plan.limit(number, left)).await {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        // The worst attempt decides, under a key too. That a refusal is the answer to an earlier attempt, played again, would
        // have to be known of its code: one that comes before the key is looked up says nothing of what was done under it.
        seen = seen.join(error.outcome());
        let again = number < plan.policy.most() && plan.class.allows(&error);
        let wait = plan.policy.wait(number, jitter()).max(error.retry_after().unwrap_or_default());
        let fits = wait < plan.deadline.saturating_sub(elapsed());
        if !(again && fits && plan.budget.withdraw()) {
            let inner = error.inner_mut();
            (inner.outcome, inner.attempts, inner.elapsed) = (seen, number, elapsed());
            return Err(error);
        }
        sleep(wait).await;
        number += 1;
    }
}
