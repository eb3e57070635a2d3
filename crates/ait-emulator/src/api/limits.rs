//! How often somebody may call.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{
    Time,
    store::{Sorted, patch_whole},
};

const MINUTE: Duration = Duration::from_secs(60);
/// So many callers are remembered at least.
const FEW: usize = 1024;

/// The calls of the last minute, by who made them.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, VecDeque<Time>>", into = "BTreeMap<String, VecDeque<Time>>")]
pub(crate) struct Limits {
    calls: Sorted<String, VecDeque<Time>>,
    /// How many callers there were after somebody was forgotten.
    busy: usize,
}

patch_whole!(Limits);

impl Limits {
    /// Counts a call, or says how long to wait. A call that is refused is not counted.
    pub(crate) fn take(&mut self, who: &str, most: u32, now: Time) -> Result<(), Duration> {
        if most == 0 {
            return Ok(());
        }
        // Whoever was quiet for a minute is forgotten, so that the book stays as small as the traffic. It is looked through
        // when it has doubled, not at each call.
        if self.calls.len() > FEW.max(2 * self.busy) && !self.calls.contains(who) {
            let active = |calls: &VecDeque<Time>| calls.back().is_some_and(|last| now.since(*last) < MINUTE);
            let kept = self.calls.iter().filter(|(_, calls)| active(calls));
            self.calls = kept.map(|(who, calls)| (who.clone(), calls.clone())).collect();
            self.busy = self.calls.len();
        }
        let calls = self.calls.get_or_insert_with(&who.to_owned(), VecDeque::new);
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

impl From<BTreeMap<String, VecDeque<Time>>> for Limits {
    fn from(calls: BTreeMap<String, VecDeque<Time>>) -> Self {
        Self { calls: calls.into_iter().collect(), busy: 0 }
    }
}

impl From<Limits> for BTreeMap<String, VecDeque<Time>> {
    fn from(limits: Limits) -> Self {
        limits.calls.iter().map(|(who, calls)| (who.clone(), calls.clone())).collect()
    }
}
