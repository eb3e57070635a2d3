//! What must be true of the money, found by going through everything: what is kept as things change must say the same.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::api::{
    Entry, Movement, Violation, World,
    brandpay::{Payment, PaymentStatus},
    doubt,
};

/// What is wrong, in the order of the texts.
pub(super) fn violations(world: &World) -> Vec<Violation> {
    let (entries, mut found) = (world.ledger.entries(), Vec::new());
    twice(&entries, &mut found);
    doubts(&entries, &mut found);
    given_back(&entries, &mut found);
    promotion(world, &mut found);
    pay(world, &mut found);
    messages(world, &mut found);
    brandpay(world, &mut found);
    found.sort_unstable();
    found
}

/// Nobody is granted again in doubt.
fn doubts(entries: &[&Entry], found: &mut Vec<Violation>) {
    let mut alike: BTreeMap<_, Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        if let Movement::Grant { user, promotion, amount, .. }
        | Movement::GrantFailed { user, promotion, amount, .. } = &entry.movement
        {
            alike.entry((user, promotion, amount)).or_default().push(entry);
        }
    }
    found.extend(alike.into_values().flat_map(|entries| doubt::again(entries.into_iter())));
}

/// Nobody is paid twice for one key, and nobody pays twice for one order.
fn twice(entries: &[&Entry], found: &mut Vec<Violation>) {
    let mut paid: BTreeMap<String, i64> = BTreeMap::new();
    for entry in entries {
        let (name, times) = match &entry.movement {
            Movement::Grant { key, test: false, .. } => (format!("promotion key {key}"), 1),
            // What came back may be paid again.
            Movement::GrantFailed { key, test: false, .. } => (format!("promotion key {key}"), -1),
            Movement::Payment { order_no, .. } => (format!("order {order_no}"), 1),
            Movement::BrandpayPayment { order_id, .. } => (format!("BrandPay order {order_id}"), 1),
            _ => continue,
        };
        let paid = paid.entry(name.clone()).or_default();
        *paid += times;
        if times > 0 && *paid > 1 {
            found.push(Violation::new(
                "no-double-pay",
                format!("{name} paid twice, again in entry {}", entry.number),
            ));
        }
    }
}

/// No more is given back than was paid.
fn given_back(entries: &[&Entry], found: &mut Vec<Violation>) {
    let mut left: BTreeMap<&str, i128> = BTreeMap::new();
    for entry in entries {
        match &entry.movement {
            Movement::Payment { pay_token: key, amount, .. }
            | Movement::BrandpayPayment { payment_key: key, amount, .. } => {
                *left.entry(key).or_default() += i128::from(*amount);
            }
            Movement::Refund { pay_token: key, amount, .. }
            | Movement::BrandpayCancel { payment_key: key, amount, .. } => {
                let left = left.entry(key).or_default();
                *left -= i128::from(*amount);
                if *left < 0 {
                    let what =
                        format!("{key}: {} more was given back than paid, in entry {}", -*left, entry.number);
                    found.push(Violation::new("refund-at-most-paid", what));
                }
            }
            Movement::Grant { .. } | Movement::GrantFailed { .. } | Movement::Message { .. } => {}
        }
    }
}

/// Budgets, the wallet and the grants say what the ledger says.
fn promotion(world: &World, found: &mut Vec<Violation>) {
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

    // What nobody else can see is in the JSON.
    let promotions = serde_json::to_value(&world.promotion).unwrap();
    let number = |value: &Value| i128::from(value.as_i64().unwrap());
    for (code, promotion) in promotions["promotions"].as_object().unwrap() {
        let ledger = by_promotion.remove(code.as_str()).unwrap_or(0);
        differ(format!("spent by promotion {code}"), number(&promotion["spent"]), ledger);
        let given = promotion["given"].as_object().unwrap().values().map(number).sum();
        differ(format!("given to users by promotion {code}"), given, ledger);
    }
    for (code, ledger) in by_promotion {
        differ(format!("spent by promotion {code}, which is gone"), 0, ledger);
    }
    differ("taken from the biz wallet".to_owned(), number(&promotions["taken"]), all);
    for (key, grants) in promotions["grants"].as_object().unwrap() {
        let grants = grants.as_array().unwrap().iter().filter(|grant| grant["stage"] != "failed");
        let held = grants.map(|grant| number(&grant["amount"])).sum();
        differ(format!("granted with key {key}"), held, by_key.remove(key.as_str()).unwrap_or(0));
    }
    for (key, ledger) in by_key {
        differ(format!("granted with key {key}, which has no grant"), 0, ledger);
    }
}

fn wide(amount: i64) -> i128 {
    amount.into()
}

/// The status of every payment says what the ledger says.
fn pay(world: &World, found: &mut Vec<Violation>) {
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
    for (token, payment) in world.pay.payments.iter() {
        let (paid, refunded) = moved.remove(token.as_str()).unwrap_or_default();
        let amount = |moved| if moved { payment.amounts.amount.into() } else { 0 };
        let status = payment.status;
        if paid != amount(status.was_executed()) {
            wrong(format!("payment {token} is {status:?}, and {paid} was paid by the ledger"));
        }
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

/// Every message that was accepted is in the ledger, once, and nothing else is.
fn messages(world: &World, found: &mut Vec<Violation>) {
    let mut open: BTreeMap<(String, &str, bool), i64> = BTreeMap::new();
    for message in world.messenger.sent.iter() {
        let test = message.deployment.is_some();
        *open.entry((message.user.to_string(), &message.template, test)).or_default() += 1;
    }
    for entry in world.ledger.entries() {
        if let Movement::Message { user, template, test } = &entry.movement {
            *open.entry((user.clone(), template, *test)).or_default() -= 1;
        }
    }
    for ((user, template, _), more) in open.into_iter().filter(|(_, more)| *more != 0) {
        let what = format!("messages of {template} to {user}: {more} more were accepted than the ledger has");
        found.push(Violation::new("sums-equal", what));
    }
}

/// What the ledger tells of a payment.
#[derive(Default)]
struct Moved {
    paid: i128,
    given_back: i128,
}

/// What is wrong here, if anything is.
fn brandpay(world: &World, found: &mut Vec<Violation>) {
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
    for (key, payment) in world.brandpay.payments.iter() {
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
