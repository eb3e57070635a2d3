//! How often and how fast calls are sent again.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

/// How calls are sent again when that is safe.
///
/// Only what is safe is ever resent (see [`Safety`](crate::Safety)), within the deadline of the call; this says how often
/// and how fast.
///
/// Two answers have a pace of their own. A rate limit (`4095`) is a block for a while: the call is sent again only if the
/// answer states a wait that fits into the deadline. HTTP 409 under an idempotency key says that the first request is
/// still at work: its answer is waited for as long as the deadline allows, with pauses of 1, 2, 4 and then 8 seconds, or
/// longer ones that the server asks for. These waits do not count as attempts, and [`never`](Self::never) leaves them out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    attempts: u32,
    base: Duration,
    cap: Duration,
}

impl Default for RetryPolicy {
    /// At most 3 attempts; a random wait of up to 100 ms before the second, up to 200 ms before the third.
    fn default() -> Self {
        Self { attempts: 3, base: Duration::from_millis(100), cap: Duration::from_secs(2) }
    }
}

impl RetryPolicy {
    /// One attempt, never more, whatever the answer.
    #[must_use]
    pub fn never() -> Self {
        Self::default().attempts(1)
    }

    /// The greatest number of attempts, the first included. 0 means 1. An attempt that was answered with HTTP 409 under an
    /// idempotency key is not counted, unless this is 1.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The upper bound of the random wait before the second attempt; it doubles with each further one.
    #[must_use]
    pub fn base(mut self, base: Duration) -> Self {
        self.base = base;
        self
    }

    /// The greatest wait that the doubling may reach. A wait that the server asks for may be longer.
    #[must_use]
    pub fn cap(mut self, cap: Duration) -> Self {
        self.cap = cap;
        self
    }

    pub(crate) fn most(&self) -> u32 {
        self.attempts
    }

    // Full jitter: anywhere between nothing and the doubled base.
    pub(crate) fn wait(&self, attempt: u32, jitter: f64) -> Duration {
        let factor = 1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        self.base.saturating_mul(factor).min(self.cap).mul_f64(jitter.clamp(0.0, 1.0))
    }
}

/// A bound on the extra load that resending may cause when everything fails: a fifth of the calls, after a first ten.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

impl Budget {
    const FULL: u32 = 50;
    const PER_RESEND: u32 = 5;

    pub(crate) fn new() -> Self {
        Self(AtomicU32::new(Self::FULL))
    }

    pub(crate) fn deposit(&self) {
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
            (left < Self::FULL).then_some(left + 1)
        });
    }

    pub(crate) fn withdraw(&self) -> bool {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(Self::PER_RESEND))
            .is_ok()
    }
}
