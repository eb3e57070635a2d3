//! What must be true of the money, kept as things change.

use std::collections::BTreeSet;

use super::{Violation, World, brandpay, ledger::doubt, messenger, pay, promotion, store::Sorted};

/// What can be true or not by itself, so that only what has changed is looked at again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Item {
    /// The grants of a user, a promotion and an amount.
    Alike(String, String, i64),
    /// A promotion, by its code.
    Promotion(String),
    /// The grants of a promotion key.
    Key(String),
    /// A Toss Pay payment.
    Pay(String),
    /// The messages to a user, from a template, tests or not.
    Messages(String, String, bool),
    /// A BrandPay payment.
    Brandpay(String),
}

impl Item {
    /// What is wrong here.
    fn check(&self, world: &World) -> Vec<Violation> {
        match self {
            Self::Alike(user, promotion, amount) => {
                let places = world.ledger.books().of(&(user.clone(), promotion.clone(), *amount));
                doubt::again(places.iter().filter_map(|place| world.ledger.at(*place)))
            }
            Self::Promotion(code) => promotion::check_promotion(world, code),
            Self::Key(key) => promotion::check_key(world, key),
            Self::Pay(token) => pay::check(world, token),
            Self::Messages(user, template, test) => messenger::check(world, user, template, *test),
            Self::Brandpay(key) => brandpay::check(world, key),
        }
    }
}

/// What was found to be wrong. No part of the state: worlds are equal whatever was found.
#[derive(Clone, Default)]
pub(crate) struct Audit {
    found: Sorted<Item, Vec<Violation>>,
    /// Whether everything was looked at once.
    begun: bool,
}

impl PartialEq for Audit {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Audit {}

impl Audit {
    fn look(&mut self, world: &World, items: impl IntoIterator<Item = Item>) {
        for item in items {
            let found = item.check(world);
            if found.is_empty() {
                self.found.remove(&item);
            } else {
                self.found.insert(item, found);
            }
        }
        self.begun = true;
    }
}

impl World {
    /// Looks at what has changed since the last time.
    pub(crate) fn audit(&mut self) {
        let mut audit = std::mem::take(&mut self.audit);
        let items = if audit.begun { self.changed() } else { self.items() };
        audit.look(self, items);
        self.audit = audit;
        self.ledger.settle();
        self.promotion.settle();
        self.pay.payments.settle();
        self.messenger.sent.settle();
        self.brandpay.payments.settle();
    }

    /// Everything is to be looked at again.
    pub(crate) fn audit_anew(&mut self) {
        self.audit = Audit::default();
    }

    fn changed(&self) -> BTreeSet<Item> {
        let (promotions, grants) = self.promotion.changed();
        let mut changed = self.ledger.books().changed.clone();
        changed.extend(promotions.iter().cloned().map(Item::Promotion));
        changed.extend(grants.iter().cloned().map(Item::Key));
        changed.extend(self.pay.payments.changed().iter().cloned().map(Item::Pay));
        changed.extend(self.messenger.sent.changed().iter().cloned().map(messages));
        changed.extend(self.brandpay.payments.changed().iter().cloned().map(Item::Brandpay));
        changed
    }

    fn items(&self) -> BTreeSet<Item> {
        let mut items: BTreeSet<Item> = self.ledger.books().items().collect();
        items.extend(self.promotion.promotions.keys().cloned().map(Item::Promotion));
        items.extend(self.promotion.granted_keys().cloned().map(Item::Key));
        items.extend(self.pay.payments.keys().cloned().map(Item::Pay));
        items.extend(self.messenger.sent.sendings().cloned().map(messages));
        items.extend(self.brandpay.payments.keys().cloned().map(Item::Brandpay));
        items
    }
}

fn messages((user, template, test): (String, String, bool)) -> Item {
    Item::Messages(user, template, test)
}

/// How many things are wrong with the money, and the first of them.
pub(crate) fn violations(world: &World, most: usize) -> (usize, Vec<Violation>) {
    // What has changed since, or everything, is looked at here, and not noted.
    let mut now = Audit::default();
    let pending = if world.audit.begun { world.changed() } else { world.items() };
    now.look(world, pending.iter().cloned());
    let before = world.audit.found.iter().filter(|(item, _)| !pending.contains(item));
    let mut items: Vec<_> = before.chain(now.found.iter()).collect();
    items.sort_unstable_by_key(|(item, _)| *item);
    let books = world.ledger.books();
    let wallet = promotion::check_wallet(world);
    let found = items.into_iter().flat_map(|(_, found)| found);
    let all = books.twice().chain(books.too_much()).chain(found).chain(&wallet);
    let (mut count, mut first) = (0, Vec::new());
    for violation in all {
        if count < most {
            first.push(violation.clone());
        }
        count += 1;
    }
    (count, first)
}
