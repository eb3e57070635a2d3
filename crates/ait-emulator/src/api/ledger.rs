//! Every movement of money and points, and what must be true of them.

mod doubt;

use std::collections::BTreeMap;

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
    /// A grant that had been accepted failed: its points went back to the budget and the wallet.
    GrantFailed { user: String, promotion: String, key: String, amount: i64, test: bool },
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
    /// The caller has learned of it since, by asking: before the entry with this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_before: Option<u64>,
    /// The call was made before the entry with this number: a fault had put it off, or its grant failed and was paid
    /// after all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_before: Option<u64>,
    /// What moved.
    #[serde(flatten)]
    pub movement: Movement,
}

impl Entry {
    /// Before which entry the call was made.
    fn asked(&self) -> u64 {
        self.asked_before.unwrap_or(self.number)
    }
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
        self.0.push(Entry {
            number: self.next_number(),
            at,
            answer_lost: false,
            told_before: None,
            asked_before: None,
            movement,
        });
    }

    /// Notes that the caller has learned what became of the grant of this key. `failed`: that it failed.
    pub(crate) fn tell_of_grant(&mut self, key: &str, failed: bool) {
        let number = self.next_number();
        let mut tell = |is_it: fn(&Movement) -> Option<&str>| {
            // Most are asked about soon.
            if let Some(entry) = self.0.iter_mut().rev().find(|entry| is_it(&entry.movement) == Some(key)) {
                entry.told_before.get_or_insert(number);
            }
        };
        tell(|movement| match movement {
            Movement::Grant { key, .. } => Some(key),
            _ => None,
        });
        if failed {
            tell(|movement| match movement {
                Movement::GrantFailed { key, .. } => Some(key),
                _ => None,
            });
        }
    }

    /// Notes that the caller was not told of these entries.
    pub fn lose_answers(&mut self, numbers: &[u64]) {
        for number in numbers {
            if let Some(entry) = self.entry(*number) {
                entry.answer_lost = true;
            }
        }
    }

    /// Notes that these entries were asked for before that one, and that the caller was not told of them.
    pub(crate) fn come_late(&mut self, numbers: &[u64], asked_before: Option<u64>) {
        self.lose_answers(numbers);
        for number in numbers {
            if let Some(entry) = self.entry(*number) {
                entry.asked_before = asked_before;
            }
        }
    }

    /// Notes that nobody asked for the last entry but who had asked for the same before.
    pub(crate) fn last_came_of_itself(&mut self) {
        if let Some((last, before)) = self.0.split_last_mut() {
            let first = before.iter().rfind(|entry| entry.movement == last.movement);
            last.asked_before = first.map(Entry::asked);
        }
    }

    fn entry(&mut self, number: u64) -> Option<&mut Entry> {
        usize::try_from(number).ok().and_then(|number| self.0.get_mut(number))
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
    /// The names of the rules.
    pub const RULES: [&'static str; 3] = ["no-double-pay", "refund-at-most-paid", "sums-equal"];

    pub(crate) fn new(rule: &str, what: String) -> Self {
        Self { rule: rule.to_owned(), what }
    }
}

pub(crate) fn violations(world: &World) -> Vec<Violation> {
    let mut found = Vec::new();
    twice(world.ledger.entries(), &mut found);
    doubt::again(world.ledger.entries(), &mut found);
    given_back(world.ledger.entries(), &mut found);
    super::promotion::violations(world, &mut found);
    super::pay::violations(world, &mut found);
    super::messenger::violations(world, &mut found);
    super::brandpay::violations(world, &mut found);
    found
}

/// Nobody is paid twice for one key, and nobody pays twice for one order.
fn twice(entries: &[Entry], found: &mut Vec<Violation>) {
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
fn given_back(entries: &[Entry], found: &mut Vec<Violation>) {
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
