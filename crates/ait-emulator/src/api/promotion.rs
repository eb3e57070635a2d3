//! Promotions: keys, grants, their results, budgets and the biz wallet.

mod audit;
mod due;
mod execute;
mod get_key;
mod given;
mod grant;
mod refusal;
mod result;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use self::grant::{Grant, GrantStatus, Key};
pub(crate) use self::{
    audit::{check_key, check_promotion, check_wallet},
    result::delivered,
};
use self::{due::Due, given::Given, grant::Stage};
use super::{
    Host, Movement, Rng, Route, Time, World,
    store::{Record, Table, patch_members, patch_whole},
};

pub(crate) const ROUTES: &[Route] = &[
    Route::new(
        "promotion.get_key",
        "POST",
        Host::Main,
        "/api-partner/v1/apps-in-toss/promotion/execute-promotion/get-key",
        get_key::get_key,
    ),
    Route::new(
        "promotion.execute_promotion",
        "POST",
        Host::Main,
        "/api-partner/v1/apps-in-toss/promotion/execute-promotion",
        execute::execute,
    ),
    Route::new(
        "promotion.execution_result",
        "POST",
        Host::Main,
        "/api-partner/v1/apps-in-toss/promotion/execution-result",
        result::result,
    )
    .reads(),
];

/// The promotion of the documentation's samples. It is there from the start.
pub const SAMPLE_CODE: &str = "01JPPJ6SB66BQXXDAKRQZ6SZD7";

/// Whether a promotion grants anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PromotionStatus {
    /// It does.
    #[default]
    Running,
    /// The review is not over: test grants only, `4108` otherwise.
    NotApproved,
    /// It begins later: test grants only, `4109` otherwise.
    NotBegun,
    /// It was stopped: `4104`.
    Stopped,
    /// It is over: `4105`.
    Ended,
}

/// A promotion, as it was set up in the console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Promotion {
    /// Whether it grants anything.
    pub status: PromotionStatus,
    /// Whether a test grant was made. Without one it grants nothing else: `4109`.
    pub tested: bool,
    /// Whether something within Toss keeps it from granting: `4110`.
    pub ailing: bool,
    /// Whether its grants fail after they were accepted.
    pub failing: bool,
    /// All that it may grant, in points.
    pub budget: i64,
    /// The most that one grant may be: `4114`.
    pub most_per_grant: i64,
    /// The most that one person may get: `4114`.
    pub most_per_person: i64,
    spent: i64,
    given: Given,
}

impl Record for Promotion {
    const AUDITED: bool = true;
}

impl Default for Promotion {
    fn default() -> Self {
        Self {
            status: PromotionStatus::Running,
            tested: true,
            ailing: false,
            failing: false,
            budget: 100_000_000,
            most_per_grant: 5_000,
            most_per_person: 5_000,
            spent: 0,
            given: Given::default(),
        }
    }
}

impl Promotion {
    /// A running promotion with this budget.
    #[must_use]
    pub fn new(budget: i64) -> Self {
        Self { budget, ..Self::default() }
    }

    /// What was granted so far and not given back.
    #[must_use]
    pub const fn spent(&self) -> i64 {
        self.spent
    }

    /// What this user was granted so far.
    #[must_use]
    pub fn given_to(&self, user: &str) -> i64 {
        self.given.to(user)
    }

    const fn left(&self) -> i64 {
        self.budget.saturating_sub(self.spent)
    }

    fn spend(&mut self, user: &str, amount: i64) {
        // A state that was put here may hold any numbers.
        self.spent = self.spent.saturating_add(amount);
        self.given.add(user, amount);
    }
}

/// What is remembered here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored")]
#[non_exhaustive]
pub struct Promotions {
    /// The promotions, by code.
    pub promotions: Table<String, Promotion>,
    /// What is left in the biz wallet.
    wallet: i64,
    /// What grants have taken out of it.
    taken: i64,
    keys: Table<String, Key>,
    grants: Table<String, Grants>,
    /// The keys whose grants have more to come than being paid.
    due: Due,
}

/// The same as it is read: an older state tells what was ever charged in the place of what was taken.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    #[serde(default)]
    promotions: Table<String, Promotion>,
    #[serde(default)]
    wallet: i64,
    taken: Option<i64>,
    charged: Option<i64>,
    #[serde(default)]
    keys: Table<String, Key>,
    #[serde(default)]
    grants: Table<String, Grants>,
    #[serde(default)]
    due: Due,
}

impl From<Stored> for Promotions {
    fn from(stored: Stored) -> Self {
        let Stored { promotions, wallet, taken, charged, keys, grants, due } = stored;
        let taken = taken.or_else(|| Some(charged?.saturating_sub(wallet))).unwrap_or(0);
        Self { promotions, wallet, taken, keys, grants, due }
    }
}

patch_whole!(i64, Due);
patch_members!(Promotions: promotions, taken, wallet, keys, grants, due);

impl Record for Key {}

/// The grants of a key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct Grants(Vec<Grant>);

impl Record for Grants {
    const AUDITED: bool = true;
}

impl Promotions {
    pub(crate) fn new(_: &mut Rng) -> Self {
        let mut new = Self::default();
        new.promotions.insert(SAMPLE_CODE.to_owned(), Promotion::default());
        new.top_up(1_000_000_000);
        new
    }

    /// What is left in the biz wallet.
    #[must_use]
    pub const fn wallet(&self) -> i64 {
        self.wallet
    }

    /// Charges the biz wallet. A negative amount takes money out of it, but not more than there is.
    pub fn top_up(&mut self, amount: i64) {
        self.wallet = self.wallet.saturating_add(amount).max(0);
    }

    /// The keys that were issued.
    #[must_use]
    pub const fn keys(&self) -> &Table<String, Key> {
        &self.keys
    }

    /// The grants of a key that were accepted, in order. More than one only if used keys pay again.
    #[must_use]
    pub fn grants(&self, key: &str) -> &[Grant] {
        self.grants.get(key).map_or(&[], |grants| grants.0.as_slice())
    }

    /// Makes the grant of this key fail: the next one, or the one that is pending. False if there is no such key, or if
    /// nothing is left to fail.
    pub fn fail(&mut self, key: &str, now: Time) -> bool {
        let pending = self.grants.get_mut(key).and_then(|grants| grants.0.last_mut());
        match (pending, self.keys.get_mut(key)) {
            (Some(grant), _) if grant.status(now) == GrantStatus::Pending => {
                grant.fails = true;
                self.due.insert(key.to_owned(), grant.next());
                true
            }
            (None, Some(key)) => {
                key.fails = true;
                true
            }
            _ => false,
        }
    }
}

/// Does what time has brought: gives back the points of grants that have failed, and pays those that failed and are paid
/// after all. Every call does this first.
pub fn settle(world: &mut World, now: Time) {
    // One that is due again at once waits for the next call.
    for key in world.promotion.due.take(now) {
        let mut grants = world.promotion.grants.get(&key).cloned().unwrap_or_default();
        for grant in &mut grants.0 {
            if grant.stage == Stage::Accepted && grant.fails && now >= grant.decided_at {
                move_money(world, now, &key, grant, grant.amount.saturating_neg());
                grant.stage = Stage::Failed;
            }
            if grant.stage == Stage::Failed && grant.flips_at.is_some_and(|at| now >= at) {
                // It fails for good if its points have gone elsewhere in the meantime.
                if grant.test || world.promotion.affords(grant) {
                    move_money(world, now, &key, grant, grant.amount);
                    world.ledger.last_came_of_itself();
                    grant.stage = Stage::PaidAfterAll;
                }
                grant.flips_at = None;
            }
        }
        if let Some(at) = grants.0.iter().filter(|grant| grant.has_more_to_come()).map(Grant::next).min() {
            world.promotion.due.insert(key.clone(), at);
        }
        world.promotion.grants.insert(key, grants);
    }
}

impl Promotions {
    /// The promotions and the keys of grants that may have changed since somebody asked.
    pub(super) fn changed(&self) -> (&BTreeSet<String>, &BTreeSet<String>) {
        (self.promotions.changed(), self.grants.changed())
    }

    /// From now on nothing has changed.
    pub(super) fn settle(&mut self) {
        self.promotions.settle();
        self.grants.settle();
    }

    pub(super) fn granted_keys(&self) -> impl Iterator<Item = &String> {
        self.grants.keys()
    }

    fn affords(&self, grant: &Grant) -> bool {
        let left = self.promotions.get(&grant.promotion).map_or(0, Promotion::left);
        left.min(self.wallet) >= grant.amount
    }
}

/// Takes the points of a grant out of budget and wallet, or gives them back if negative, and notes it in the ledger.
fn move_money(world: &mut World, now: Time, key: &str, grant: &Grant, amount: i64) {
    if !grant.test {
        world.promotion.wallet = world.promotion.wallet.saturating_sub(amount);
        world.promotion.taken = world.promotion.taken.saturating_add(amount);
        if let Some(promotion) = world.promotion.promotions.get_mut(&grant.promotion) {
            promotion.spend(&grant.user, amount);
        }
    }
    let (user, promotion, test) = (grant.user.clone(), grant.promotion.clone(), grant.test);
    let key = key.to_owned();
    let movement = if amount < 0 {
        Movement::GrantFailed { user, promotion, key, amount: amount.saturating_neg(), test }
    } else {
        Movement::Grant { user, promotion, key, amount, test }
    };
    world.ledger.push(now, movement);
}
