//! What must be true of payments.

use std::collections::BTreeMap;

use crate::api::{Movement, Violation, World};

/// The status of every payment says what the ledger says.
pub(crate) fn violations(world: &World, found: &mut Vec<Violation>) {
    let mut moved: BTreeMap<&str, (i128, i128)> = BTreeMap::new();
    for entry in world.ledger.entries() {
        match &entry.movement {
            Movement::Payment { pay_token, amount, .. } => {
                moved.entry(pay_token).or_default().0 += i128::from(*amount);
            }
            Movement::Refund { pay_token, amount, .. } => {
                moved.entry(pay_token).or_default().1 += i128::from(*amount);
            }
            _ => {}
        }
    }
    let mut wrong = |what| found.push(Violation::new("sums-equal", what));
    for (token, payment) in &world.pay.payments {
        let (paid, refunded) = moved.remove(token.as_str()).unwrap_or_default();
        let amount = |moved| if moved { payment.amounts.amount.into() } else { 0 };
        let status = payment.status;
        if paid != amount(status.was_executed()) {
            wrong(format!("payment {token} is {status:?}, and {paid} was paid by the ledger"));
        }
        // It may be a part.
        if refunded != i128::from(payment.refunded())
            || payment.refunds().next().is_some() != status.was_refunded()
        {
            wrong(format!("payment {token} is {status:?}, and {refunded} was given back by the ledger"));
        }
    }
    for (token, (paid, refunded)) in moved {
        wrong(format!("payment {token} is gone, and by the ledger {paid} was paid, {refunded} given back"));
    }
}
