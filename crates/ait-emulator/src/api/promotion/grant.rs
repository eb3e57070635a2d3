//! Keys, and the grants that they were used for.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::api::{Switches, Time};

/// How long a key lives.
const LIFE: Duration = Duration::from_secs(60 * 60);

/// A key of `get-key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Key {
    /// Who asked for it, if a user was named.
    pub user: Option<String>,
    /// When.
    pub issued_at: Time,
    /// Whether its grant will fail.
    #[serde(default)]
    pub fails: bool,
}

impl Key {
    /// Whether its hour is over.
    #[must_use]
    pub fn is_expired(&self, now: Time) -> bool {
        now.since(self.issued_at) >= LIFE
    }
}

/// What `execution-result` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum GrantStatus {
    /// The user did not get the points.
    Failed,
    /// Not decided yet.
    Pending,
    /// The user has the points.
    Success,
}

/// How far the money of a grant is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Stage {
    Accepted,
    Failed,
    PaidAfterAll,
}

/// A grant that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Grant {
    /// Who gets the points.
    pub user: String,
    /// The code of the promotion, without `TEST_`.
    pub promotion: String,
    /// Whether it is a test, which moves nothing.
    pub test: bool,
    /// The points.
    pub amount: i64,
    /// When it was accepted. The money is taken then.
    pub accepted_at: Time,
    /// When `execution-result` begins to know it.
    pub visible_at: Time,
    /// When it is decided.
    pub decided_at: Time,
    /// Whether it will fail, or has.
    pub fails: bool,
    /// When a grant that fails is paid after all.
    pub flips_at: Option<Time>,
    pub(super) stage: Stage,
}

impl Grant {
    pub(super) fn new(user: String, code: Code<'_>, amount: i64, now: Time, switches: &Switches) -> Self {
        let seconds = Duration::from_secs;
        let decided_at = now.plus(seconds(switches.grant_lag_seconds));
        let again = seconds(switches.grant_lag_seconds.max(1));
        Self {
            user,
            promotion: code.promotion.to_owned(),
            test: code.test,
            amount,
            accepted_at: now,
            visible_at: now.plus(seconds(switches.result_lag_seconds)),
            decided_at,
            fails: false,
            flips_at: switches.failed_may_flip.then(|| decided_at.plus(again)),
            stage: Stage::Accepted,
        }
    }

    /// Where it stands.
    #[must_use]
    pub fn status(&self, now: Time) -> GrantStatus {
        match self.stage {
            _ if now < self.decided_at => GrantStatus::Pending,
            Stage::PaidAfterAll => GrantStatus::Success,
            Stage::Accepted if !self.fails => GrantStatus::Success,
            Stage::Accepted | Stage::Failed => GrantStatus::Failed,
        }
    }

    /// Whether its money is with the user, or on its way.
    pub(super) fn holds_money(&self) -> bool {
        self.stage != Stage::Failed
    }

    pub(super) fn has_more_to_come(&self) -> bool {
        match self.stage {
            Stage::Accepted => self.fails,
            Stage::Failed => self.flips_at.is_some(),
            Stage::PaidAfterAll => false,
        }
    }

    /// When it has to be looked at, if it has more to come.
    pub(super) fn next(&self) -> Time {
        match self.stage {
            Stage::Failed => self.flips_at.unwrap_or(self.decided_at),
            Stage::Accepted | Stage::PaidAfterAll => self.decided_at,
        }
    }

    pub(super) fn is_of(&self, code: Code<'_>) -> bool {
        self.promotion == code.promotion && self.test == code.test
    }
}

/// A promotion code as it was sent: `TEST_` in front of it makes a test of the grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code<'a> {
    pub(super) promotion: &'a str,
    pub(super) test: bool,
    /// With the blank that the guide prints, which partners report not to be meant.
    pub(super) blank: bool,
}

impl<'a> Code<'a> {
    pub(super) fn new(sent: &'a str) -> Self {
        let test = |promotion, blank| Self { promotion, test: true, blank };
        match (sent.strip_prefix("TEST_"), sent.strip_prefix("TEST ")) {
            (Some(promotion), _) => test(promotion, false),
            (_, Some(promotion)) => test(promotion, true),
            (None, None) => Self { promotion: sent, test: false, blank: false },
        }
    }
}
