//! What follows from the ledger, kept as its entries come.

use std::collections::{BTreeMap, BTreeSet};

use super::{Entry, Movement, Violation};
use crate::api::{audit::Item, store::Sorted};

/// What went one way and the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) paid: i128,
    pub(crate) given_back: i128,
    /// Whether there is any entry.
    seen: bool,
}

/// What is known of a pay token or a payment key.
#[derive(Clone, Default)]
struct Money {
    pay: Moved,
    brandpay: Moved,
    /// The last entry that took money.
    entry: Option<u64>,
}

impl Money {
    const fn left(&self) -> i128 {
        self.pay.paid + self.brandpay.paid - self.pay.given_back - self.brandpay.given_back
    }
}

/// What is known of a promotion key.
#[derive(Clone, Default)]
struct Given {
    sum: i128,
    /// How often it has paid and not failed, tests apart.
    times: i64,
    /// The last entries that granted and that gave back.
    granted: Option<u64>,
    came_back: Option<u64>,
}

/// What makes grants look alike: user, promotion, amount.
type Likeness = (String, String, i64);
/// The user, the template, whether it is a test.
pub(crate) type Sending = (String, String, bool);

/// What follows from the entries.
#[derive(Clone, Default)]
pub(crate) struct Books {
    money: Sorted<String, Money>,
    keys: Sorted<String, Given>,
    /// How often an order was paid, by its number and whether it is one of BrandPay.
    orders: Sorted<(String, bool), u64>,
    promotions: Sorted<String, i128>,
    granted: i128,
    messages: Sorted<Sending, i64>,
    alike: Sorted<Likeness, Vec<u64>>,
    /// The payments whose answer was lost and that nobody was told of.
    lost: Sorted<u64, ()>,
    /// What must never happen and has, in order.
    twice: Sorted<usize, Violation>,
    too_much: Sorted<usize, Violation>,
    kinds: BTreeMap<&'static str, (u64, i128)>,
    /// What must be looked at again.
    pub(crate) changed: BTreeSet<Item>,
}

fn put(violations: &mut Sorted<usize, Violation>, rule: &str, what: String) {
    violations.insert(violations.len(), Violation::new(rule, what));
}

impl Books {
    /// An entry has come, at this place.
    pub(super) fn put(&mut self, place: u64, entry: &Entry) {
        let (kind, moved) = match &entry.movement {
            Movement::Grant { promotion, key, amount, test, .. } => {
                self.grant(promotion, key, i128::from(*amount), *test);
                let given = self.keys.get_or_insert_with(key, Given::default);
                given.granted = Some(place);
                given.times += i64::from(!test);
                if !test && given.times > 1 {
                    self.paid_twice(&format!("promotion key {key}"), entry);
                }
                ("grant", *amount)
            }
            Movement::GrantFailed { promotion, key, amount, test, .. } => {
                self.grant(promotion, key, -i128::from(*amount), *test);
                let given = self.keys.get_or_insert_with(key, Given::default);
                given.came_back = Some(place);
                // What came back may be paid again.
                given.times -= i64::from(!test);
                ("grant_failed", *amount)
            }
            Movement::Payment { pay_token, order_no, amount, .. } => {
                self.order(order_no, false, entry);
                let money = self.money(pay_token, false);
                money.pay.paid += i128::from(*amount);
                money.entry = Some(place);
                ("payment", *amount)
            }
            Movement::BrandpayPayment { payment_key, order_id, amount, .. } => {
                self.order(order_id, true, entry);
                let money = self.money(payment_key, true);
                money.brandpay.paid += i128::from(*amount);
                money.entry = Some(place);
                ("brandpay_payment", *amount)
            }
            Movement::Refund { pay_token, amount, .. } => {
                self.money(pay_token, false).pay.given_back += i128::from(*amount);
                self.at_most(pay_token, entry);
                ("refund", *amount)
            }
            Movement::BrandpayCancel { payment_key, amount, .. } => {
                self.money(payment_key, true).brandpay.given_back += i128::from(*amount);
                self.at_most(payment_key, entry);
                ("brandpay_cancel", *amount)
            }
            Movement::Message { user, template, test } => {
                let sending = (user.clone(), template.clone(), *test);
                *self.messages.get_or_insert_with(&sending, i64::default) += 1;
                let (user, template, test) = sending;
                self.changed.insert(Item::Messages(user, template, test));
                ("message", 0)
            }
        };
        let (count, sum) = self.kinds.entry(kind).or_default();
        *count += 1;
        *sum += i128::from(moved);
        if let Some(likeness) = likeness(&entry.movement) {
            self.alike.get_or_insert_with(&likeness, Vec::new).push(place);
        }
        self.review(place, entry);
    }

    /// What is noted beside an entry has changed.
    pub(super) fn review(&mut self, place: u64, entry: &Entry) {
        if let Some((user, promotion, amount)) = likeness(&entry.movement) {
            self.changed.insert(Item::Alike(user, promotion, amount));
        }
        let is_payment =
            matches!(entry.movement, Movement::Payment { .. } | Movement::BrandpayPayment { .. });
        if is_payment && entry.answer_lost && entry.told_before.is_none() {
            self.lost.insert(place, ());
        } else if is_payment {
            self.lost.remove(&place);
        }
    }

    fn grant(&mut self, promotion: &str, key: &str, amount: i128, test: bool) {
        self.keys.get_or_insert_with(&key.to_owned(), Given::default).sum += amount;
        self.changed.insert(Item::Key(key.to_owned()));
        if !test {
            *self.promotions.get_or_insert_with(&promotion.to_owned(), i128::default) += amount;
            self.granted += amount;
            self.changed.insert(Item::Promotion(promotion.to_owned()));
        }
    }

    fn money(&mut self, key: &String, brandpay: bool) -> &mut Money {
        self.changed.insert(if brandpay { Item::Brandpay(key.clone()) } else { Item::Pay(key.clone()) });
        let money = self.money.get_or_insert_with(key, Money::default);
        let moved = if brandpay { &mut money.brandpay } else { &mut money.pay };
        moved.seen = true;
        money
    }

    fn order(&mut self, order: &str, brandpay: bool, entry: &Entry) {
        let times = self.orders.get_or_insert_with(&(order.to_owned(), brandpay), u64::default);
        *times += 1;
        if *times > 1 {
            self.paid_twice(&format!("{}order {order}", if brandpay { "BrandPay " } else { "" }), entry);
        }
    }

    fn paid_twice(&mut self, name: &str, entry: &Entry) {
        let what = format!("{name} paid twice, again in entry {}", entry.number);
        put(&mut self.twice, "no-double-pay", what);
    }

    fn at_most(&mut self, key: &str, entry: &Entry) {
        let left = self.money.get(key).map_or(0, Money::left);
        if left < 0 {
            let what = format!("{key}: {} more was given back than paid, in entry {}", -left, entry.number);
            put(&mut self.too_much, "refund-at-most-paid", what);
        }
    }

    /// The last entries of a promotion key: that granted, and that gave back.
    pub(super) fn of_key(&self, key: &str) -> (Option<u64>, Option<u64>) {
        self.keys.get(key).map_or((None, None), |given| (given.granted, given.came_back))
    }

    /// The last entry that took the money of this pay token or payment key.
    pub(super) fn payment(&self, key: &str) -> Option<u64> {
        self.money.get(key)?.entry
    }

    /// Whether any of the money was not given back.
    pub(super) fn is_kept(&self, key: &str) -> bool {
        self.money.get(key).is_some_and(|money| money.left() > 0)
    }

    /// The payments whose answer was lost and that nobody was told of.
    pub(super) fn lost(&self) -> impl Iterator<Item = u64> {
        self.lost.iter().map(|(place, ())| *place)
    }

    /// The grants, and those that failed, of the same user, promotion and amount.
    pub(super) fn alike(&self, movement: &Movement) -> &[u64] {
        likeness(movement).map_or(&[], |likeness| self.of(&likeness))
    }

    pub(crate) fn of(&self, likeness: &Likeness) -> &[u64] {
        self.alike.get(likeness).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn pay(&self, token: &str) -> Option<Moved> {
        self.money.get(token).map(|money| money.pay).filter(|moved| moved.seen)
    }

    pub(crate) fn brandpay(&self, key: &str) -> Option<Moved> {
        self.money.get(key).map(|money| money.brandpay).filter(|moved| moved.seen)
    }

    pub(crate) fn key(&self, key: &str) -> i128 {
        self.keys.get(key).map_or(0, |given| given.sum)
    }

    pub(crate) fn promotion(&self, code: &str) -> i128 {
        self.promotions.get(code).copied().unwrap_or(0)
    }

    /// All that was granted out of the wallet.
    pub(crate) const fn granted(&self) -> i128 {
        self.granted
    }

    pub(crate) fn messages(&self, sending: &Sending) -> i64 {
        self.messages.get(sending).copied().unwrap_or(0)
    }

    /// Who was paid twice.
    pub(crate) fn twice(&self) -> impl Iterator<Item = &Violation> {
        self.twice.iter().map(|(_, violation)| violation)
    }

    /// Where more was given back than paid.
    pub(crate) fn too_much(&self) -> impl Iterator<Item = &Violation> {
        self.too_much.iter().map(|(_, violation)| violation)
    }

    /// How many entries there are of a kind, and their sum.
    pub(crate) const fn kinds(&self) -> &BTreeMap<&'static str, (u64, i128)> {
        &self.kinds
    }

    /// Everything that the ledger says something about.
    pub(crate) fn items(&self) -> impl Iterator<Item = Item> {
        let tokens =
            self.money.iter().flat_map(|(key, _)| [Item::Pay(key.clone()), Item::Brandpay(key.clone())]);
        let alike = self
            .alike
            .iter()
            .map(|((user, promotion, amount), _)| Item::Alike(user.clone(), promotion.clone(), *amount));
        let sent = self.messages.iter();
        let sent =
            sent.map(|((user, template, test), _)| Item::Messages(user.clone(), template.clone(), *test));
        let keys = self.keys.iter().map(|(key, _)| Item::Key(key.clone()));
        let promotions = self.promotions.iter().map(|(code, _)| Item::Promotion(code.clone()));
        alike.chain(promotions).chain(keys).chain(tokens).chain(sent)
    }
}

fn likeness(movement: &Movement) -> Option<Likeness> {
    match movement {
        Movement::Grant { user, promotion, amount, .. }
        | Movement::GrantFailed { user, promotion, amount, .. } => {
            Some((user.clone(), promotion.clone(), *amount))
        }
        _ => None,
    }
}
