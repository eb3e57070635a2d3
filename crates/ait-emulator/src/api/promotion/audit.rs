//! What must be true of promotions.

use crate::api::{Violation, World};

fn differ(what: impl FnOnce() -> String, state: i128, ledger: i128) -> Option<Violation> {
    let differ = || format!("{}: {state} by the state, {ledger} by the ledger", what());
    (state != ledger).then(|| Violation::new("sums-equal", differ()))
}

/// The budget says what the ledger says.
pub(crate) fn check_promotion(world: &World, code: &str) -> Vec<Violation> {
    let ledger = world.ledger.books().promotion(code);
    let found = match world.promotion.promotions.get(code) {
        Some(promotion) => [
            differ(|| format!("spent by promotion {code}"), promotion.spent.into(), ledger),
            differ(|| format!("given to users by promotion {code}"), promotion.given.sum(), ledger),
        ],
        None => [differ(|| format!("spent by promotion {code}, which is gone"), 0, ledger), None],
    };
    found.into_iter().flatten().collect()
}

/// The grants of a key say what the ledger says.
pub(crate) fn check_key(world: &World, key: &str) -> Vec<Violation> {
    let ledger = world.ledger.books().key(key);
    let found = match world.promotion.grants.get(key) {
        Some(grants) => {
            let held =
                grants.0.iter().filter(|grant| grant.holds_money()).map(|grant| i128::from(grant.amount));
            differ(|| format!("granted with key {key}"), held.sum(), ledger)
        }
        None => differ(|| format!("granted with key {key}, which has no grant"), 0, ledger),
    };
    found.into_iter().collect()
}

/// The wallet says what the ledger says.
pub(crate) fn check_wallet(world: &World) -> Option<Violation> {
    // A state that was put here may hold any numbers: their sums too must have room.
    let taken = world.promotion.taken.into();
    differ(|| "taken from the biz wallet".to_owned(), taken, world.ledger.books().granted())
}
