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
        let limited = inner.code.as_deref() == Some(crate::dialect::RATE_LIMITED);
        // The app is blocked for a while: whoever is not told how long must not knock again.
        if limited && inner.retry_after.is_none() {
            return false;
        }
        // Said by the gateway in its own form, before the request reached the product.
        let limited =
            limited && inner.outcome == Outcome::Refused && inner.result_type.as_deref() == Some("FAIL");
        let has_broken_down = inner.status.is_some_and(|status| status.is_server_error());
        match self {
            // Whatever a server says that has broken down.
            Self::Once => limited && !has_broken_down,
            Self::Read => limited || is_broken(error) || is_transient_answer(error),
            Self::Keyed => limited || is_broken(error) || is_transient_answer(error) || self.waits_for(error),
        }
    }

    /// Whether the first request under the key is still at work, so that the same key will read its answer. A refusal with
    /// this status is an answer itself.
    fn waits_for(self, error: &Error) -> bool {
        let processing = error.status() == Some(StatusCode::CONFLICT) && error.outcome() == Outcome::Unknown;
        self == Self::Keyed && processing
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

/// The failures of one call, so far.
#[derive(Default)]
struct Failures {
    /// Those that the policy counts.
    counted: u32,
    /// Those that said that the first request is still at work.
    waited: u32,
}

impl Failures {
    /// How long to wait before the next attempt, or `None` if there is to be none.
    fn next(&mut self, plan: &Plan<'_>, error: &Error, left: Duration, jitter: f64) -> Option<Duration> {
        let waits = plan.class.waits_for(error);
        let most = plan.policy.most();
        let (more, wait) = if waits {
            self.waited += 1;
            (most > 1, processing_pause(self.waited, jitter))
        } else {
            self.counted += 1;
            (self.counted < most, plan.policy.wait(self.counted, jitter))
        };
        let wait = wait.max(error.retry_after().unwrap_or_default());
        let again = more && plan.class.allows(error) && wait < left;
        // Asking whether it is through costs a server that is at work next to nothing.
        (again && (waits || plan.budget.withdraw())).then_some(wait)
    }
}

// 1, 2, 4, 8, 8, … seconds, each up to a fifth shorter. An approval takes up to a minute.
fn processing_pause(number: u32, jitter: f64) -> Duration {
    let seconds = 1 << number.saturating_sub(1).min(3);
    Duration::from_secs(seconds).mul_f64(0.8 + 0.2 * jitter.clamp(0.0, 1.0))
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
    let (mut number, mut failures) = (1, Failures::default());
    loop {
        let left = plan.deadline.saturating_sub(elapsed());
        let mut error = match attempt(number, plan.limit(number, left)).await {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        // The worst attempt decides, under a key too. That a refusal is the answer to an earlier attempt, played again, would
        // have to be known of its code: one that comes before the key is looked up says nothing of what was done under it.
        seen = seen.join(error.outcome());
        let left = plan.deadline.saturating_sub(elapsed());
        let Some(wait) = failures.next(plan, &error, left, jitter()) else {
            let inner = error.inner_mut();
            (inner.outcome, inner.attempts, inner.elapsed) = (seen, number, elapsed());
            return Err(error);
        };
        sleep(wait).await;
        number += 1;
    }
}
