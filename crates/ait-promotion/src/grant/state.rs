//! How far a grant has come.

use serde::{Deserialize, Serialize};

use super::ServerDate;
use crate::PromotionKey;

/// How far a grant has come. A plain value: store it, compare it, show it to a person. `Debug` does not show the key;
/// serialising does.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GrantState {
    /// Nothing was sent that could pay.
    Planned {
        /// The number of the attempt to come, from 1.
        number: u32,
        /// A key in hand whose request provably did nothing. It is sent, not another one.
        unsent: Option<Attempt>,
    },
    /// The request with this key is about to be sent. Saved before the send; whoever finds it in the store must think
    /// that it was sent.
    Executing {
        /// The key.
        attempt: Attempt,
    },
    /// The server accepted the grant. The points may come later.
    Accepted {
        /// The key.
        attempt: Attempt,
        /// Questions asked since.
        asked: u32,
    },
    /// The grant may have been accepted.
    Doubt {
        /// The key.
        attempt: Attempt,
        /// Questions asked since.
        asked: u32,
        /// The server said `4113`: the key was used.
        used: bool,
    },
    /// The hour of the key is over and there is no record of points: the same key is sent once more, to see it refused.
    Probe {
        /// The key.
        attempt: Attempt,
        /// Questions asked since.
        asked: u32,
        /// The server refused the key as expired. If there is still no record of points, it is dead.
        refused: bool,
        /// It is about [`Retry`](Self::Retry): a result of `FAILED` counts as no record.
        retry: bool,
    },
    /// A person decided that a grant that failed or was refused is tried again. Until its key is dead, no other one is
    /// taken.
    Retry {
        /// The key that did not pay so far.
        attempt: Attempt,
        /// Questions asked since.
        asked: u32,
    },
    /// The user has the points.
    Paid {
        /// The key that paid.
        attempt: Attempt,
    },
    /// The server says that the grant failed. It is not documented that this is its last word.
    Failed {
        /// The key.
        attempt: Attempt,
    },
    /// The server refused, with a code that proves that nothing was paid.
    Refused {
        /// The key.
        attempt: Attempt,
        /// The code, see [`ErrorCode`](crate::ErrorCode).
        code: String,
    },
    /// It is not known whether the user has the points, and asking did not help. A person decides.
    Parked {
        /// The key.
        attempt: Attempt,
        /// What is known.
        why: Why,
    },
}

impl GrantState {
    /// Nothing has been done yet.
    #[must_use]
    pub fn planned() -> Self {
        Self::Planned { number: 1, unsent: None }
    }

    /// Nothing will be done any more, unless [`Grant::retry`](super::Grant::retry) is called.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Paid { .. } | Self::Failed { .. } | Self::Refused { .. } | Self::Parked { .. })
    }

    /// Whether the points must be counted as spent: the user has them, or may have them, or may still get them.
    #[must_use]
    pub fn may_have_paid(&self) -> bool {
        !matches!(self, Self::Planned { .. } | Self::Failed { .. } | Self::Refused { .. })
    }
}

/// One key, and when it came.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Attempt {
    /// Which key of the grant it is, from 1.
    pub number: u32,
    /// The key.
    pub key: PromotionKey,
    /// The `Date` of the answer that brought it, if the answer had one.
    pub key_date: Option<ServerDate>,
}

impl Attempt {
    /// The attempt with this key.
    #[must_use]
    pub fn new(number: u32, key: PromotionKey, key_date: Option<ServerDate>) -> Self {
        Self { number, key, key_date }
    }
}

/// Why a grant was handed to a person.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Why {
    /// The hour of the key is over, or all questions were asked, and there is still no record of the grant.
    NoRecord,
    /// All questions were asked, and the grant is still not decided.
    Undecided,
    /// The key was used, says one answer; the grant failed, says another.
    Contradiction,
    /// The grant was to be tried again, but its key could not be shown to be dead: the questions or the means ran out.
    KeyMayPay,
    /// The probe was answered with something else than the code of an expired key.
    ProbeAnswered {
        /// The code.
        code: String,
    },
}
