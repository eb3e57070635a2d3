//! What the calls said, and whether it is true.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error as StdError,
};

use ait_core::{Error, Outcome};
use serde_json::Value;

/// What a call said of the money it was to move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Moved,
    NotMoved,
    /// Nobody knows yet.
    Unknown,
}

#[derive(Default)]
pub(crate) struct Tally {
    ok: u64,
    unknown: u64,
    refused: u64,
    unsent: u64,
    /// By the name that the ledger has for it, such as `grant KEY`.
    claims: BTreeMap<String, Said>,
}

impl Tally {
    /// Counts a call.
    pub(crate) fn count<T>(&mut self, result: &Result<T, Error>) -> Said {
        match result.as_ref().err().map(Error::outcome) {
            None => {
                self.ok += 1;
                Said::Moved
            }
            Some(Outcome::Done) => {
                self.unknown += 1;
                Said::Moved
            }
            Some(Outcome::Refused) => {
                self.refused += 1;
                Said::NotMoved
            }
            Some(Outcome::NotSent) => {
                self.unsent += 1;
                Said::NotMoved
            }
            Some(_) => {
                self.unknown += 1;
                Said::Unknown
            }
        }
    }

    /// Counts a call that was to move money, and remembers what it said.
    pub(crate) fn claim<T>(&mut self, name: String, result: &Result<T, Error>) {
        let said = self.count(result);
        self.claims.insert(name, said);
    }

    pub(crate) fn calls(&self) -> u64 {
        self.ok + self.unknown + self.refused + self.unsent
    }

    pub(crate) fn outcomes(&self) -> [u64; 4] {
        [self.ok, self.unknown, self.refused, self.unsent]
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.ok += other.ok;
        self.unknown += other.unknown;
        self.refused += other.refused;
        self.unsent += other.unsent;
        self.claims.extend(other.claims.iter().map(|(name, said)| (name.clone(), *said)));
    }

    /// Compares what was said with what the ledger says.
    pub(crate) fn compare(&self, ledger: &[Value]) -> Result<(), Box<dyn StdError>> {
        let moved: BTreeSet<String> = ledger.iter().filter_map(name).collect();
        for (name, said) in &self.claims {
            let lie = match said {
                Said::Moved => !moved.contains(name),
                Said::NotMoved => moved.contains(name),
                Said::Unknown => false,
            };
            if lie {
                return Err(format!("a lie: {name} was said to be {said:?}").into());
            }
        }
        match moved.iter().find(|name| !self.claims.contains_key(*name)) {
            Some(name) => Err(format!("{name} is in the ledger, and nobody asked for it").into()),
            None => Ok(()),
        }
    }
}

fn name(entry: &Value) -> Option<String> {
    let text = |member: &str| entry[member].as_str().unwrap_or_default().to_owned();
    let id = match entry["kind"].as_str()? {
        "grant" => text("key"),
        "payment" => text("order_no"),
        "refund" => text("pay_token"),
        "brandpay_payment" => text("order_id"),
        "brandpay_cancel" => text("payment_key"),
        _ => return None,
    };
    Some(format!("{} {id}", text("kind")))
}
