//! Every movement of money and points, and what must be true of them.

mod books;
pub(crate) mod doubt;

use std::{fmt, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

pub(crate) use self::books::{Books, Moved, Sending};
use super::{
    Time,
    store::{Patch, Sorted},
};

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

/// Every movement, in order. Nothing is ever taken out. What follows from them is kept as they come; it is no part of the
/// JSON, which is the list.
#[derive(Clone, Default)]
pub struct Ledger {
    entries: Sorted<u64, Arc<Entry>>,
    books: Books,
}

impl Ledger {
    /// The entries, in order: a list of all of them. [`iter`](Self::iter) makes none.
    #[must_use]
    pub fn entries(&self) -> Vec<&Entry> {
        self.iter().collect()
    }

    /// The entries, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter().map(|(_, entry)| entry.as_ref())
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entries from this place on.
    pub(crate) fn from(&self, place: u64) -> impl Iterator<Item = &Entry> {
        self.entries.from(move |other| *other < place).map(|(_, entry)| entry.as_ref())
    }

    pub(crate) fn at(&self, place: u64) -> Option<&Entry> {
        self.entries.get(&place).map(Arc::as_ref)
    }

    pub(crate) const fn books(&self) -> &Books {
        &self.books
    }

    pub(crate) fn settle(&mut self) {
        self.books.changed.clear();
    }

    pub(crate) fn next_number(&self) -> u64 {
        u64::try_from(self.len()).unwrap_or(u64::MAX)
    }

    pub(crate) fn push(&mut self, at: Time, movement: Movement) {
        self.put(Entry {
            number: self.next_number(),
            at,
            answer_lost: false,
            told_before: None,
            asked_before: None,
            movement,
        });
    }

    fn put(&mut self, entry: Entry) {
        let place = self.next_number();
        self.books.put(place, &entry);
        self.entries.insert(place, Arc::new(entry));
    }

    /// Notes that the caller has learned what became of the grant of this key. `failed`: that it failed.
    pub(crate) fn tell_of_grant(&mut self, key: &str, failed: bool) {
        let number = self.next_number();
        let tell = |entry: &mut Entry| {
            entry.told_before.get_or_insert(number);
        };
        let (granted, came_back) = self.books.of_key(key);
        for place in granted.into_iter().chain(came_back.filter(|_| failed)) {
            self.change(place, tell);
        }
    }

    /// Notes that the caller has learned that this payment was taken: a pay token, or a payment key. Of
    /// one whose answer came, nothing is noted.
    pub(crate) fn tell_of_payment(&mut self, key: &str) {
        let number = self.next_number();
        if let Some(place) = self.books.payment(key) {
            self.change(place, |entry| {
                if entry.answer_lost {
                    entry.told_before.get_or_insert(number);
                }
            });
        }
    }

    /// Whether there is a payment whose answer was lost and of which nobody was told.
    pub(crate) fn has_lost(&self) -> bool {
        self.books.lost().next().is_some()
    }

    /// Notes that the caller was not told of these entries.
    pub fn lose_answers(&mut self, numbers: &[u64]) {
        for number in numbers {
            self.change(*number, |entry| entry.answer_lost = true);
        }
    }

    /// Notes that these entries were asked for before that one, and that the caller was not told of them.
    pub(crate) fn come_late(&mut self, numbers: &[u64], asked_before: Option<u64>) {
        self.lose_answers(numbers);
        for number in numbers {
            self.change(*number, |entry| entry.asked_before = asked_before);
        }
    }

    /// Notes that nobody asked for the last entry but who had asked for the same before.
    pub(crate) fn last_came_of_itself(&mut self) {
        let Some((&place, last)) = self.entries.last() else { return };
        let before = self.books.alike(&last.movement).iter().rev().filter(|other| **other < place);
        let first = before.filter_map(|other| self.at(*other)).find(|entry| entry.movement == last.movement);
        let asked = first.map(Entry::asked);
        self.change(place, |entry| entry.asked_before = asked);
    }

    fn change(&mut self, place: u64, change: impl Fn(&mut Entry)) {
        if let Some(entry) = self.entries.get_mut(&place) {
            let entry = Arc::make_mut(entry);
            change(entry);
            self.books.review(place, entry);
        }
    }

    /// The payments whose answer was lost and of which nobody has learned since. What was given back is no sale.
    pub(crate) fn lost_sales(&self) -> impl Iterator<Item = Violation> {
        self.books.lost().filter_map(|place| self.at(place)).filter_map(|entry| {
            let (key, what) = match &entry.movement {
                Movement::Payment { pay_token, order_no, .. } => (pay_token, format!("order {order_no}")),
                Movement::BrandpayPayment { payment_key, order_id, .. } => {
                    (payment_key, format!("BrandPay order {order_id}"))
                }
                _ => return None,
            };
            let what = format!(
                "{what} was paid in entry {}, the answer was lost, and nobody has asked since",
                entry.number
            );
            self.books.is_kept(key).then(|| Violation::new("no-lost-sale", what))
        })
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl PartialEq for Ledger {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

impl Eq for Ledger {}

impl Serialize for Ledger {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Ledger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut ledger = Self::default();
        Vec::<Entry>::deserialize(deserializer)?.into_iter().for_each(|entry| ledger.put(entry));
        Ok(ledger)
    }
}

impl Patch for Ledger {
    fn patch(&mut self, patch: &Value) -> Result<(), String> {
        *self = match patch {
            Value::Null => Self::default(),
            list => Self::deserialize(list).map_err(|error| error.to_string())?,
        };
        Ok(())
    }
}

/// Something that must never be true of the money.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Violation {
    /// The rule that is broken: `no-double-pay`, `refund-at-most-paid`, `sums-equal`, or at the end of a run
    /// `no-lost-sale`.
    pub rule: String,
    /// What broke it.
    pub what: String,
}

impl Violation {
    /// The names of the rules. The second is one of the end of a run: until then the shop may still ask.
    pub const RULES: [&'static str; 4] =
        ["no-double-pay", "no-lost-sale", "refund-at-most-paid", "sums-equal"];

    pub(crate) fn new(rule: &str, what: String) -> Self {
        Self { rule: rule.to_owned(), what }
    }
}
