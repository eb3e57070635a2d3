//! The emulator's clock.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::api::Time;

/// 2026-01-01T00:00:00+09:00, when a clock that stands begins.
const START: Time = Time::from_unix_millis(1_767_193_200_000);

/// The emulator's clock. It can be set and moved; tokens, keys and sessions grow old by it, and `Date` headers tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Clock {
    /// That of the machine, so many milliseconds ahead of it, or behind.
    Wall {
        /// How much it is ahead.
        ahead_millis: i64,
    },
    /// One that stands, and moves on a little with each call. With a seed it makes two runs the same.
    Manual {
        /// Where it stands.
        now: Time,
        /// How much it moves on with each call.
        tick_millis: u64,
    },
}

/// 9000-01-01T00:00:00Z. Later, times by the clock and what is to end after them would leave the four digits of a year.
const END: u64 = 221_845_392_000_000;

impl Default for Clock {
    fn default() -> Self {
        Self::Wall { ahead_millis: 0 }
    }
}

impl Clock {
    /// One that stands at 2026-01-01T00:00:00+09:00 and moves on by a tenth of a second with each call.
    #[must_use]
    pub const fn manual() -> Self {
        Self::Manual { now: START, tick_millis: 100 }
    }

    /// The time.
    #[must_use]
    pub fn now(&self, wall: SystemTime) -> Time {
        let now = match self {
            Self::Wall { ahead_millis } => millis(wall).saturating_add_signed(*ahead_millis),
            Self::Manual { now, .. } => now.unix_millis(),
        };
        Time::from_unix_millis(now.min(END))
    }

    /// Puts it to this time. It goes on from there, to the year 9000 at most.
    pub fn set(&mut self, to: Time, wall: SystemTime) {
        match self {
            Self::Wall { ahead_millis } => {
                *ahead_millis = to.unix_millis().cast_signed().saturating_sub(millis(wall).cast_signed());
            }
            Self::Manual { now, .. } => *now = to,
        }
    }

    /// Moves it on.
    pub fn advance(&mut self, by: Duration, wall: SystemTime) {
        self.set(self.now(wall).plus(by), wall);
    }

    pub(super) fn tick(&mut self) {
        if let Self::Manual { now, tick_millis } = self {
            *now = now.plus(Duration::from_millis(*tick_millis));
        }
    }
}

fn millis(wall: SystemTime) -> u64 {
    wall.duration_since(UNIX_EPOCH)
        .map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX / 2))
}
