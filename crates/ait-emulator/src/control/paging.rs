//! Lists by pages: `?after=NUMBER&limit=COUNT`.

use serde::Serialize;
use serde_json::json;

use super::reply::{Failure, Told, told};

/// So many are on one page, and so many violations in one answer.
pub(super) const MOST: usize = 1000;

/// Which part of a list is asked for.
#[derive(Clone, Copy)]
pub(super) struct Page {
    /// Those after the one with this number.
    pub(super) after: Option<u64>,
    /// A page of so many. `None`: a list of all.
    pub(super) limit: Option<usize>,
}

impl Page {
    /// What a query asks for, of a list of such things.
    pub(super) fn of(query: &str, what: &str) -> Result<Self, Failure> {
        let value = |name: &str| {
            query.split('&').find_map(|pair| pair.split_once('=').filter(|(given, _)| *given == name))
        };
        let bad_number = |_| Failure::new(400, format!("`after` must be the number of {what}"));
        let bad_limit = || Failure::new(400, format!("`limit` must be from 1 to {MOST}"));
        let after = value("after").map(|(_, number)| number.parse().map_err(bad_number)).transpose()?;
        let limit = match value("limit").map(|(_, count)| count.parse()) {
            None => None,
            Some(Ok(count)) if (1..=MOST).contains(&count) => Some(count),
            Some(_) => return Err(bad_limit()),
        };
        Ok(Self { after, limit })
    }

    /// The number of the first.
    pub(super) fn first(self) -> u64 {
        self.after.map_or(0, |after| after.saturating_add(1))
    }

    /// So many are taken: one more than the page has, so that it is known whether there are more.
    pub(super) fn taken(self) -> usize {
        self.limit.map_or(usize::MAX, |limit| limit + 1)
    }

    /// Tells what was taken: a list, or a page, with the number after which the next one begins if there is one.
    pub(super) fn tell<T: Serialize>(
        self,
        mut items: Vec<T>,
        number: impl Fn(&T) -> u64,
        totals: Option<serde_json::Value>,
    ) -> Result<Told, Failure> {
        let Some(limit) = self.limit else { return told(&items) };
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(number);
        let mut page = json!({"next": next});
        if let Some(totals) = totals {
            page["totals"] = totals;
        }
        let items = serde_json::to_value(items).map_err(|error| Failure::new(500, error.to_string()))?;
        page["items"] = items;
        told(&page)
    }
}
