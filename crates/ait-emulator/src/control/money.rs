//! The money: what moved, and whether it adds up.

use serde_json::{Map, Value, json};

use super::{
    paging::{MOST, Page},
    reply::{Failure, Told, told},
};
use crate::{
    api::{Entry, Ledger},
    emulator::Shared,
};

pub(super) fn ledger(shared: &Shared, query: &str) -> Result<Told, Failure> {
    let page = Page::of(query, "an entry")?;
    // A copy costs nothing. What is made of it, nobody waits for.
    let ledger = shared.caught_up(|engine| engine.core.world.ledger.clone());
    let items: Vec<&Entry> = ledger.from(page.first()).take(page.taken()).collect();
    let first = page.first();
    let numbered: Vec<_> = (first..).zip(items).map(|(place, entry)| Numbered { place, entry }).collect();
    page.tell(numbered, |one| one.place, page.limit.map(|_| totals(&ledger)))
}

/// An entry and its place.
struct Numbered<'a> {
    place: u64,
    entry: &'a Entry,
}

impl serde::Serialize for Numbered<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.entry.serialize(serializer)
    }
}

/// How many entries there are, and of each kind how many and what they add up to.
fn totals(ledger: &Ledger) -> Value {
    let number = |sum: i128| i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX });
    let kinds = ledger.books().kinds().iter();
    let kinds = kinds
        .map(|(kind, (count, sum))| ((*kind).to_owned(), json!({"count": count, "amount": number(*sum)})));
    json!({"entries": ledger.len(), "kinds": kinds.collect::<Map<_, _>>()})
}

pub(super) fn invariants(shared: &Shared) -> Result<Told, Failure> {
    let ((total, violations), open) = shared.caught_up(|engine| {
        engine.core.world.audit();
        (
            engine.core.first_violations(MOST),
            engine.core.world.ledger.lost_sales().take(MOST).collect::<Vec<_>>(),
        )
    });
    told(&json!({"holds": total == 0, "violations": violations, "total": total, "open": open}))
}
