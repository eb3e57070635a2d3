//! What must be true of payments, and of payments and the ledger.

use super::{Payment, PaymentStatus};
use crate::api::{Violation, World, ledger::Moved};

/// What is wrong with a payment, if anything is.
pub(crate) fn check(world: &World, key: &str) -> Vec<Violation> {
    let known = world.ledger.books().brandpay(key);
    let wrong = |what: String| Violation::new("sums-equal", format!("BrandPay payment {key}{what}"));
    let Some(payment) = world.brandpay.payments.get(key) else {
        return known.map(|_| wrong(" is in the ledger and nowhere else".to_owned())).into_iter().collect();
    };
    let found = [sums(payment, known.unwrap_or_default()), status(payment)];
    found.into_iter().flatten().map(|what| wrong(format!(": {what}"))).collect()
}

fn sums(payment: &Payment, moved: Moved) -> Option<String> {
    let canceled: i128 = payment.cancels.iter().map(|cancel| i128::from(cancel.amount)).sum();
    let paid = if payment.is_approved() { i128::from(payment.amount) } else { 0 };
    if i128::from(payment.balance) != i128::from(payment.amount) - canceled {
        Some(format!("{} is left of {} after cancels of {canceled}", payment.balance, payment.amount))
    } else if moved.paid != paid || moved.given_back != canceled {
        let Moved { paid: moved, given_back, .. } = moved;
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
