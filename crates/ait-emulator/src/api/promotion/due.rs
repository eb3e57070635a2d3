//! The grants that have more to come, by when it comes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::api::{Time, store::Sorted};

/// The keys whose grants have more to come. In the JSON they have no times: what was read is looked at at once.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(from = "BTreeSet<String>", into = "BTreeSet<String>")]
pub(super) struct Due {
    keys: Sorted<String, Time>,
    times: Sorted<(Time, String), ()>,
}

impl Due {
    pub(super) fn insert(&mut self, key: String, at: Time) {
        if let Some(before) = self.keys.insert(key.clone(), at) {
            self.times.remove(&(before, key.clone()));
        }
        self.times.insert((at, key), ());
    }

    /// Takes out those whose time has come, in the order of their times.
    pub(super) fn take(&mut self, now: Time) -> Vec<String> {
        let mut taken = Vec::new();
        while let Some((first, ())) = self.times.first().filter(|((at, _), ())| *at <= now) {
            let first = first.clone();
            self.times.remove(&first);
            self.keys.remove(&first.1);
            taken.push(first.1);
        }
        taken
    }
}

impl From<BTreeSet<String>> for Due {
    fn from(keys: BTreeSet<String>) -> Self {
        let mut due = Self::default();
        keys.into_iter().for_each(|key| due.insert(key, Time::from_unix_millis(0)));
        due
    }
}

impl From<Due> for BTreeSet<String> {
    fn from(due: Due) -> Self {
        due.keys.iter().map(|(key, _)| key.clone()).collect()
    }
}

impl std::fmt::Debug for Due {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} keys", self.keys.len())
    }
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.keys.iter().map(|(key, _)| key).eq(other.keys.iter().map(|(key, _)| key))
    }
}

impl Eq for Due {}
