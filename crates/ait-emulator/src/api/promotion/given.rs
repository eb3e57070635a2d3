//! What the users were given out of a promotion.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::api::store::Sorted;

/// What each user was given, and all together.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, i64>", into = "BTreeMap<String, i64>")]
pub(super) struct Given {
    users: Sorted<String, i64>,
    sum: i128,
}

impl Given {
    pub(super) fn to(&self, user: &str) -> i64 {
        self.users.get(user).copied().unwrap_or(0)
    }

    /// A state that was put here may hold any numbers: their sum has room.
    pub(super) const fn sum(&self) -> i128 {
        self.sum
    }

    pub(super) fn add(&mut self, user: &str, amount: i64) {
        let (before, name) = (self.to(user), user.to_owned());
        let after = before.saturating_add(amount);
        self.sum += i128::from(after) - i128::from(before);
        if after == 0 {
            self.users.remove(user);
        } else {
            self.users.insert(name, after);
        }
    }
}

impl From<BTreeMap<String, i64>> for Given {
    fn from(users: BTreeMap<String, i64>) -> Self {
        let sum = users.values().copied().map(i128::from).sum();
        Self { users: users.into_iter().collect(), sum }
    }
}

impl From<Given> for BTreeMap<String, i64> {
    fn from(given: Given) -> Self {
        given.users.iter().map(|(user, amount)| (user.clone(), *amount)).collect()
    }
}

impl std::fmt::Debug for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} to {} users", self.sum, self.users.len())
    }
}
