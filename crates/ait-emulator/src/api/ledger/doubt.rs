//! Grants made again in doubt.

use std::collections::BTreeMap;

use super::{Entry, Movement, Violation};

/// A grant that was made.
#[derive(Clone, Copy)]
struct Made<'a> {
    entry: &'a Entry,
    key: &'a str,
}

impl Made<'_> {
    /// Whether this is of another key, and nobody had told of it when something was asked for before that entry.
    fn is_doubtful(&self, key: &str, asked: u64) -> bool {
        self.key != key && self.entry.told_before.is_none_or(|told| told > asked)
    }
}

/// A grant that failed, and the entry that took its place.
struct Failed<'a> {
    entry: &'a Entry,
    replaced: Option<u64>,
}

/// One that was paid after all, and before which entry the caller was told that it had failed.
struct Flipped<'a> {
    made: Made<'a>,
    told: u64,
}

/// Grants that look alike.
#[derive(Default)]
struct Alike<'a> {
    /// Those whose money is with the user, in order.
    made: Vec<Made<'a>>,
    /// The last whose answer was lost.
    lost: Option<Made<'a>>,
    /// Those that failed, by their keys.
    failed: BTreeMap<&'a str, Failed<'a>>,
    /// The last of its kind.
    flipped: Option<Flipped<'a>>,
}

impl<'a> Alike<'a> {
    /// The entries that should not both be there, and why.
    fn granted(&mut self, entry: &'a Entry, key: &'a str) -> Vec<(u64, &'static str, u64)> {
        let (made, asked) = (Made { entry, key }, entry.asked());
        let mut doubles = Vec::new();
        let failed = self.failed.remove(key);
        if let Some(first) = failed.as_ref().and_then(|failed| failed.replaced) {
            doubles.push((
                first,
                "in the place of a grant that failed, which was paid after all",
                entry.number,
            ));
        }
        match failed.filter(|failed| asked <= failed.entry.number) {
            // Nobody asked for it again.
            Some(failed) => {
                let told = failed.entry.told_before.filter(|_| failed.replaced.is_none());
                if let Some(told) = told {
                    self.flipped = Some(Flipped { made, told });
                }
            }
            None => {
                doubles.extend(self.asked_for(made, asked));
                for failed in self.failed.values_mut().filter(|failed| failed.entry.number < asked) {
                    failed.replaced.get_or_insert(entry.number);
                }
            }
        }
        self.made.push(made);
        if entry.answer_lost {
            self.lost = Some(made);
        }
        doubles
    }

    fn asked_for(&mut self, made: Made<'a>, asked: u64) -> Vec<(u64, &'static str, u64)> {
        let Made { entry, key } = made;
        let lost = self.lost.filter(|lost| lost.entry.asked() < asked && lost.is_doubtful(key, asked));
        let flipped = self.flipped.take_if(|flipped| flipped.told <= asked);
        let flipped = flipped.filter(|flipped| flipped.made.is_doubtful(key, asked));
        // What was put off was in doubt from then on. Of two that were put off at once, either was.
        let since = self.made.iter().rev().take_while(|other| other.entry.number >= asked);
        let other = since.clone().find(|other| other.key != key && other.entry.asked() >= asked);
        let lost = lost.map(|lost| (lost.entry.number, "whose answer was lost, and again", entry.number));
        let flipped = flipped.map(|Flipped { made, .. }| {
            (made.entry.number, "paid after all when it had failed, and again", entry.number)
        });
        let late = other.map(|other| {
            (
                other.entry.number,
                "while nobody knew of an earlier one, which was put off and paid",
                entry.number,
            )
        });
        lost.into_iter().chain(flipped).chain(late).collect()
    }

    fn came_back(&mut self, entry: &'a Entry, key: &'a str) {
        self.lost.take_if(|lost| lost.key == key);
        if let Some(place) = self.made.iter().rposition(|made| made.key == key) {
            self.made.remove(place);
        }
        self.failed.insert(key, Failed { entry, replaced: None });
    }
}

/// A grant that looks like an earlier one whose answer was lost is that grant, paid twice under another key, unless the
/// caller has learned of the first one in between. So is one that took the place of a grant that failed, if that one is
/// paid after all, before or later. What was put off counts from when the caller asked for it. The entries are of one user,
/// promotion and amount, in order.
pub(crate) fn again<'a>(entries: impl Iterator<Item = &'a Entry>) -> Vec<Violation> {
    let (mut all, mut found) = (Alike::default(), Vec::new());
    for entry in entries {
        match &entry.movement {
            Movement::Grant { user, promotion, amount, key, test: false } => {
                let doubles = all.granted(entry, key);
                found.extend(doubles.into_iter().map(|(first, why, second)| {
                    let what = format!(
                        "user {user} was granted {amount} of {promotion} in entry {first}, {why} in entry {second} with another key"
                    );
                    Violation::new("no-double-pay", what)
                }));
            }
            Movement::GrantFailed { key, test: false, .. } => all.came_back(entry, key),
            _ => {}
        }
    }
    found
}
