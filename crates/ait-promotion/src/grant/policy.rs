//! What to do in doubt.

use std::time::Duration;

use ait_core::Error;

use super::{Attempt, ServerDate};
use crate::ErrorCode;

/// A key is valid for an hour (official promotion guide), and five minutes more are waited.
const HOUR_OF_A_KEY: Duration = Duration::from_secs(65 * 60);

/// What to do in doubt. By default, [`park`](Self::park).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    expired: Option<ExpiredCode>,
    questions: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self::park()
    }
}

impl Policy {
    /// In doubt ask, and never send anything again. Pays at most once whatever the server does; what stays in doubt
    /// when the hour of its key is over needs a person.
    #[must_use]
    pub fn park() -> Self {
        Self { expired: None, questions: 100 }
    }

    /// When the hour of a key is over and there is no record of it, send the *same* key once more. Only if the server
    /// refuses it as expired, and there is still no record, take a new one.
    ///
    /// Pays at most once if expired keys are refused for ever and `execution-result` knows of every accepted grant by the
    /// time it is asked after that refusal, or else if a used key is refused and keys never expire. None of this is
    /// documented. Learn the code of an expired key with a test grant of your own promotion first.
    ///
    /// [`Grant::retry`](super::Grant::retry) needs it, and relies on the same: that by then `FAILED` is the last word, or
    /// that a key is refused once there is a record of it.
    #[must_use]
    pub fn probe_fence(expired: ExpiredCode) -> Self {
        Self { expired: Some(expired), ..Self::park() }
    }

    /// How many questions to ask about one key before the grant is parked. Default 100, which takes about a day. It is the
    /// long wait that stands in for the hour of a key where answers carry no date.
    #[must_use]
    pub fn questions(mut self, questions: u32) -> Self {
        self.questions = questions;
        self
    }

    pub(super) fn probes(&self) -> bool {
        self.expired.is_some()
    }

    pub(super) fn says_expired(&self, code: &str) -> bool {
        self.expired.as_ref().is_some_and(|expired| expired.0 == code)
    }

    pub(super) fn is_patient(&self, asked: u32) -> bool {
        asked < self.questions
    }

    /// The pause before question number `asked`, from 0. Together with the calls before it, that keeps below ten calls
    /// a minute.
    pub(super) fn pause(asked: u32) -> Duration {
        const SECONDS: [u64; 8] = [3, 5, 12, 25, 60, 120, 300, 600];
        let number = usize::try_from(asked).unwrap_or(usize::MAX);
        Duration::from_secs(SECONDS.get(number).copied().unwrap_or(900))
    }

    pub(super) fn hour_is_over(attempt: &Attempt, now: Option<ServerDate>) -> bool {
        match (attempt.key_date, now) {
            (Some(key_date), Some(now)) => now.since(key_date) >= HOUR_OF_A_KEY,
            _ => false,
        }
    }
}

/// The code with which `execute-promotion` refuses an expired key. It is not documented: learn it with a test grant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExpiredCode(String);

impl ExpiredCode {
    /// Takes a code that means nothing else.
    ///
    /// # Errors
    ///
    /// If the code is empty or has another meaning ([`ErrorCode::KNOWN`]): it would prove nothing about the key.
    pub fn new(code: impl Into<String>) -> Result<Self, Error> {
        let code = code.into();
        if code.trim().is_empty() {
            return Err(Error::invalid("expiredCode", "must not be empty; learn it with a test grant"));
        }
        if ErrorCode::from(code.as_str()).is_known() {
            return Err(Error::invalid(
                "expiredCode",
                format!(
                    "must mean an expired key and nothing else, but {code} has another meaning; use Policy::park"
                ),
            ));
        }
        Ok(Self(code))
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
