//! How often somebody may call.

use std::{collections::BTreeMap, collections::VecDeque, time::Duration};

use serde::{Deserialize, Serialize};

use super::Time;

const MINUTE: Duration = Duration::from_secs(60);

/// The calls of the last minute, by who made them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Limits(BTreeMap<String, VecDeque<Time>>);

impl Limits {
    /// Counts a call, or says how long to wait. A call that is refused is not counted.
    pub(crate) fn take(&mut self, who: &str, most: u32, now: Time) -> Result<(), Duration> {
        if most == 0 {
            return Ok(());
        }
        // Whoever was quiet for a minute is forgotten, so that the book stays as small as the traffic.
        if self.0.len() > 1024 && !self.0.contains_key(who) {
            self.0.retain(|_, calls| calls.back().is_some_and(|last| now.since(*last) < MINUTE));
        }
        let calls = self.0.entry(who.to_owned()).or_default();
        while calls.front().is_some_and(|first| now.since(*first) >= MINUTE) {
            calls.pop_front();
        }
        match calls.front() {
            Some(first) if calls.len() >= usize::try_from(most).unwrap_or(usize::MAX) => {
                Err(MINUTE.saturating_sub(now.since(*first)))
            }
            _ => {
                calls.push_back(now);
                Ok(())
            }
        }
    }
}
