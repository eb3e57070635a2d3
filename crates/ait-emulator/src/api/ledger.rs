//! Every movement of money and points, and what must be true of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Time, World};

/// A movement of money or points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
#[allow(missing_docs, reason = "the fields are the API's own, see the contract")]
pub enum Movement {
    /// Points were given to a user out of a promotion.
    Grant { user: String, promotion: String, key: String, amount: i64, test: bool },
    /// A Toss Pay payment was executed.
    Payment { user: String, pay_token: String, order_no: String, amount: i64, test: bool },
    /// A Toss Pay payment was given back.
    Refund { pay_token: String, transaction_id: String, amount: i64 },
    /// A BrandPay payment was approved.
    BrandpayPayment { customer: String, payment_key: String, order_id: String, amount: i64 },
    /// A part of a BrandPay payment, or all of it, was given back.
    BrandpayCancel { payment_key: String, transaction_key: String, amount: i64 },
    /// A message was sent, which costs the partner money.
    Message { user: String, template: String, test: bool },
}

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entry {
    /// Its place, from 0.
    pub number: u64,
    /// When it was committed.
    pub at: Time,
    /// The caller was not told: a fault took the answer, or put another one in its place.
    #[serde(default)]
    pub answer_lost: bool,
    /// What moved.
    #[serde(flatten)]
    pub movement: Movement,
}

/// Every movement, in order. Nothing is ever taken out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ledger(Vec<Entry>);

impl Ledger {
    /// The entries, in order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }

    pub(crate) fn next_number(&self) -> u64 {
        u64::try_from(self.0.len()).unwrap_or(u64::MAX)
    }

    pub(crate) fn push(&mut self, at: Time, movement: Movement) {
        self.0.push(Entry { number: self.next_number(), at, answer_lost: false, movement });
    }

    /// Notes that the caller was not told of these entries.
    pub fn lose_answers(&mut self, numbers: &[u64]) {
        for number in numbers {
            if let Some(entry) = usize::try_from(*number).ok().and_then(|number| self.0.get_mut(number)) {
                entry.answer_lost = true;
            }
        }
    }
}

/// Something that must never be true of the money.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Violation {
    /// The rule that is broken: `no-double-pay`, `sums-equal`, `refund-at-most-paid`.
    pub rule: String,
    /// What broke it.
    pub what: String,
}

impl Violation {
    pub(crate) fn new(rule: &str, what: String) -> Self {
        Self { rule: rule.to_owned(), what }
    }
}

pub(crate) fn violations(world: &World) -> Vec<Violation> {
    let mut found = Vec::new();
    twice(world.ledger.entries(), &mut found);
    again_after_doubt(world.ledger.entries(), &mut found);
    given_back(world.ledger.entries(), &mut found);
    super::login::violations(world, &mut found);
    super::promotion::violations(world, &mut found);
    super::pay::violations(world, &mut found);
    super::messenger::violations(world, &mut found);
    super::brandpay::violations(world, &mut found);
    found
}

/// Nobody is paid twice for one key, and nobody pays twice for one order.
fn twice(entries: &[Entry], found: &mut Vec<Violation>) {
    let mut seen = BTreeSet::new();
    for entry in entries {
        let name = match &entry.movement {
            Movement::Grant { key, test: false, .. } => format!("promotion key {key}"),
            Movement::Payment { order_no, .. } => format!("order {order_no}"),
            Movement::BrandpayPayment { order_id, .. } => format!("BrandPay order {order_id}"),
            _ => continue,
        };
        if !seen.insert(name.clone()) {
            found.push(Violation::new(
                "no-double-pay",
                format!("{name} paid twice, again in entry {}", entry.number),
            ));
        }
    }
}

/// A grant that looks like an earlier one whose answer was lost is that grant, paid twice under another key.
fn again_after_doubt(entries: &[Entry], found: &mut Vec<Violation>) {
    let mut lost: BTreeMap<(&str, &str, i64), u64> = BTreeMap::new();
    for entry in entries {
        let Movement::Grant { user, promotion, amount, test: false, .. } = &entry.movement else { continue };
        let grant = (user.as_str(), promotion.as_str(), *amount);
        if let Some(first) = lost.get(&grant) {
            let what = format!(
                "user {user} was granted {amount} of {promotion} in entry {first}, whose answer was lost, and again in entry {} with another key",
                entry.number
            );
            found.push(Violation::new("no-double-pay", what));
        }
        if entry.answer_lost {
            lost.insert(grant, entry.number);
        }
    }
}

/// No more is given back than was paid.
fn given_back(entries: &[Entry], found: &mut Vec<Violation>) {
    let mut left: BTreeMap<&str, i64> = BTreeMap::new();
    for entry in entries {
        match &entry.movement {
            Movement::Payment { pay_token: key, amount, .. }
            | Movement::BrandpayPayment { payment_key: key, amount, .. } => {
                *left.entry(key).or_default() += amount;
            }
            Movement::Refund { pay_token: key, amount, .. }
            | Movement::BrandpayCancel { payment_key: key, amount, .. } => {
                let left = left.entry(key).or_default();
                *left -= amount;
                if *left < 0 {
                    let what =
                        format!("{key}: {} more was given back than paid, in entry {}", -*left, entry.number);
                    found.push(Violation::new("refund-at-most-paid", what));
                }
            }
            Movement::Grant { .. } | Movement::Message { .. } => {}
        }
    }
}
