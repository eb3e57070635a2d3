//! What must be true of payments, and of payments and the ledger.

use std::collections::BTreeMap;

use super::{Payment, PaymentStatus};
use crate::api::{Movement, Violation, World};

/// What the ledger tells of a payment.
#[derive(Default)]
struct Moved {
    paid: i128,
    given_back: i128,
}

/// What is wrong here, if anything is.
pub(crate) fn violations(world: &World, found: &mut Vec<Violation>) {
    let mut ledger: BTreeMap<&str, Moved> = BTreeMap::new();
    for entry in world.ledger.entries() {
        match &entry.movement {
            Movement::BrandpayPayment { payment_key, amount, .. } => {
                ledger.entry(payment_key).or_default().paid += i128::from(*amount);
            }
            Movement::BrandpayCancel { payment_key, amount, .. } => {
                ledger.entry(payment_key).or_default().given_back += i128::from(*amount);
            }
            _ => {}
        }
    }
    for (key, payment) in &world.brandpay.payments {
        let moved = ledger.remove(key.as_str()).unwrap_or_default();
        for what in [sums(payment, &moved), status(payment)].into_iter().flatten() {
            found.push(Violation::new("sums-equal", format!("BrandPay payment {key}: {what}")));
        }
    }
    for key in ledger.keys() {
        let what = format!("BrandPay payment {key} is in the ledger and nowhere else");
        found.push(Violation::new("sums-equal", what));
    }
}

fn sums(payment: &Payment, moved: &Moved) -> Option<String> {
    let canceled: i128 = payment.cancels.iter().map(|cancel| i128::from(cancel.amount)).sum();
    let paid = if payment.is_approved() { i128::from(payment.amount) } else { 0 };
    if i128::from(payment.balance) != i128::from(payment.amount) - canceled {
        Some(format!("{} is left of {} after cancels of {canceled}", payment.balance, payment.amount))
    } else if moved.paid != paid || moved.given_back != canceled {
        let Moved { paid: moved, given_back } = moved;
        Some(format!("paid {paid} and gave back {canceled}; by the ledger {moved} and {given_back}"))
    } else {
        None
    }
}

fn status(payment: &Payment) -> Option<String> {
    let agrees = match payment.status {
        PaymentStatus::Done => payment.is_approved() && payment.cancels.is_empty(),
        PaymentStatus::PartialCanceled => payment.is_approved() && !payment.cancels.is_empty(),
        PaymentStatus::Canceled => payment.is_approved() && payment.balance == 0,
        PaymentStatus::Ready
        | PaymentStatus::InProgress
        | PaymentStatus::Aborted
        | PaymentStatus::Expired => !payment.is_approved() && payment.cancels.is_empty(),
    };
    (!agrees).then(|| format!("{:?} does not agree with what was paid and given back", payment.status))
}
