//! What happens to a grant, and what is to be done about it.

use std::time::{Duration, SystemTime};

use ait_core::{Error, Kind, Outcome};
use serde::{Deserialize, Serialize};

use crate::{ErrorCode, ExecutedPromotion, GrantStatus, PromotionKey};

/// A time by the clock of the server: the `Date` of an answer. Never that of this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServerDate(u64);

impl ServerDate {
    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_unix_seconds(seconds: u64) -> Self {
        Self(seconds)
    }

    /// What [`Answer::date`](ait_core::Answer::date) or [`Error::date`] said, to the second. `None` before 1970.
    #[must_use]
    pub fn from_system_time(date: SystemTime) -> Option<Self> {
        date.duration_since(SystemTime::UNIX_EPOCH).ok().map(|since| Self(since.as_secs()))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix_seconds(self) -> u64 {
        self.0
    }

    /// How much later this is; zero if it is earlier.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_secs(self.0.saturating_sub(earlier.0))
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The grant begins, or was read from the store.
    Started,
    /// A person decided that a grant which failed or was refused shall be tried again.
    Retry,
    /// `get-key` answered.
    KeyReceived {
        /// The key.
        key: PromotionKey,
        /// The `Date` of the answer.
        date: Option<ServerDate>,
    },
    /// `execute-promotion` ended.
    Executed(Executed),
    /// A question was answered, or not.
    Asked {
        /// The answer.
        answer: Asked,
        /// The `Date` of the answer.
        date: Option<ServerDate>,
    },
}

/// How an `execute-promotion` ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Executed {
    /// It was accepted, under this key.
    Accepted {
        /// The key of the answer.
        key: PromotionKey,
    },
    /// Nothing was done, and the same request may be sent again: it never left, or there were too many.
    NotTaken,
    /// The server refused, with a code that proves that this request did nothing.
    Refused {
        /// The code.
        code: String,
    },
    /// The server said FAIL, with a code that proves nothing.
    Unclear {
        /// The code.
        code: String,
    },
    /// One of the result types that speak of the server itself, such as `HTTP_TIMEOUT`.
    Odd,
    /// No answer, or none that could be read.
    Silent,
}

impl Executed {
    /// What the result of the call says.
    #[must_use]
    pub fn of(result: &Result<ExecutedPromotion, Error>) -> Self {
        let error = match result {
            Ok(accepted) => return Self::Accepted { key: accepted.key.clone() },
            Err(error) => error,
        };
        let is_fail = matches!(error.result_type(), None | Some("FAIL"));
        match (error.outcome(), error.code()) {
            (Outcome::NotSent, _) => Self::NotTaken,
            (Outcome::Refused, _) if error.is_rate_limited() || error.kind() == Kind::Identity => {
                Self::NotTaken
            }
            (Outcome::Refused, Some(code)) => Self::Refused { code: code.to_owned() },
            (_, Some(code)) if error.kind() == Kind::Api && is_fail => {
                Self::Unclear { code: code.to_owned() }
            }
            _ if error.result_type().is_some_and(|result_type| result_type != "SUCCESS") => Self::Odd,
            _ => Self::Silent,
        }
    }
}

/// What `execution-result` said.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Asked {
    /// How the grant stands.
    Status(GrantStatus),
    /// `4111`: no record, so far.
    NoRecord,
    /// No answer, or one that says nothing about the grant.
    Silent,
}

impl Asked {
    /// What the result of the call says.
    #[must_use]
    pub fn of(result: &Result<GrantStatus, Error>) -> Self {
        match result {
            Ok(status) => Self::Status(status.clone()),
            Err(error) if is_no_record(error) => Self::NoRecord,
            Err(_) => Self::Silent,
        }
    }
}

fn is_no_record(error: &Error) -> bool {
    error.outcome() == Outcome::Refused && ErrorCode::of(error) == Some(ErrorCode::NoRecord)
}

/// What is to be done, in this order. Stop at the first that fails.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Command {
    /// Save the new state. What comes after it must not happen unless this was done.
    Save,
    /// Call `get-key`, and say [`Event::KeyReceived`].
    GetKey,
    /// Call `execute-promotion` with this key, and say [`Event::Executed`].
    Execute(PromotionKey),
    /// Call `execution-result` with this key, and say [`Event::Asked`].
    Ask(PromotionKey),
    /// Do nothing for so long, then say [`Event::Started`].
    Wait(Duration),
}
