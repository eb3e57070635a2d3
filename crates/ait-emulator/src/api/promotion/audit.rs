//! What must be true of promotions.

use std::collections::BTreeMap;

use crate::api::{Movement, Violation, World};

/// Budgets, the wallet and the grants say what the ledger says.
pub(crate) fn violations(world: &World, found: &mut Vec<Violation>) {
    // A state that was put here may hold any numbers: their sums too must have room.
    let mut by_promotion: BTreeMap<&str, i128> = BTreeMap::new();
    let mut by_key: BTreeMap<&str, i128> = BTreeMap::new();
    let mut all = 0;
    for entry in world.ledger.entries() {
        let (promotion, key, amount, test) = match &entry.movement {
            Movement::Grant { promotion, key, amount, test, .. } => (promotion, key, wide(*amount), *test),
            Movement::GrantFailed { promotion, key, amount, test, .. } => {
                (promotion, key, -wide(*amount), *test)
            }
            _ => continue,
        };
        *by_key.entry(key).or_default() += amount;
        if !test {
            *by_promotion.entry(promotion).or_default() += amount;
            all += amount;
        }
    }
    let mut differ = |what: String, state: i128, ledger: i128| {
        if state != ledger {
            let what = format!("{what}: {state} by the state, {ledger} by the ledger");
            found.push(Violation::new("sums-equal", what));
        }
    };

    let promotions = &world.promotion;
    for (code, promotion) in &promotions.promotions {
        let ledger = by_promotion.remove(code.as_str()).unwrap_or(0);
        differ(format!("spent by promotion {code}"), wide(promotion.spent), ledger);
        let given = promotion.given.values().copied().map(wide).sum();
        differ(format!("given to users by promotion {code}"), given, ledger);
    }
    for (code, ledger) in by_promotion {
        differ(format!("spent by promotion {code}, which is gone"), 0, ledger);
    }
    differ("taken from the biz wallet".to_owned(), wide(promotions.taken), all);
    for (key, grants) in &promotions.grants {
        let held = grants.iter().filter(|grant| grant.holds_money()).map(|grant| wide(grant.amount)).sum();
        differ(format!("granted with key {key}"), held, by_key.remove(key.as_str()).unwrap_or(0));
    }
    for (key, ledger) in by_key {
        differ(format!("granted with key {key}, which has no grant"), 0, ledger);
    }
}

fn wide(amount: i64) -> i128 {
    amount.into()
}
