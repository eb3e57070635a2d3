//! What must be true of payments.

use crate::api::{Violation, World};

/// The status of a payment says what the ledger says.
pub(crate) fn check(world: &World, token: &str) -> Vec<Violation> {
    let known = world.ledger.books().pay(token);
    let moved = known.unwrap_or_default();
    let (paid, refunded) = (moved.paid, moved.given_back);
    let wrong = |what| Violation::new("sums-equal", what);
    let Some(payment) = world.pay.payments.get(token) else {
        let gone =
            || format!("payment {token} is gone, and by the ledger {paid} was paid, {refunded} given back");
        return known.map(|_| wrong(gone())).into_iter().collect();
    };
    let amount = |moved| if moved { payment.amounts.amount.into() } else { 0 };
    let status = payment.status;
    let mut found = Vec::new();
    if paid != amount(status.was_executed()) {
        found.push(wrong(format!("payment {token} is {status:?}, and {paid} was paid by the ledger")));
    }
    // It may be a part.
    if refunded != i128::from(payment.refunded())
        || payment.refunds().next().is_some() != status.was_refunded()
    {
        found.push(wrong(format!(
            "payment {token} is {status:?}, and {refunded} was given back by the ledger"
        )));
    }
    found
}
