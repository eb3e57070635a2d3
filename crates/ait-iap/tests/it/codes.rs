//! The codes of the API, against the tables of its page.

use std::collections::BTreeSet;

use ait_iap::IapStatus;
use ait_testkit::page;

/// The first column of the table with this head.
fn column(head: &str) -> BTreeSet<String> {
    let page = page("iap.md");
    let (_, table) = page.split_once(&format!("\n{head}\n")).unwrap_or_else(|| panic!("no table {head}"));
    let rows = table.lines().take_while(|line| line.starts_with('|')).skip(1);
    rows.map(|row| row.split('`').nth(1).unwrap().to_owned()).collect()
}

#[test]
fn the_values_are_those_of_the_tables() {
    fn set<'a, T: 'a>(known: &'a [T], text: impl Fn(&'a T) -> &'a str) -> BTreeSet<String> {
        known.iter().map(|value| text(value).to_owned()).collect()
    }
    use ait_iap::webhook::{ChangeReason, SubscriptionStatus};
    let statuses = "| Value | Official guide | Newer pages (partner reports) | Money received |";
    assert_eq!(set(IapStatus::KNOWN, IapStatus::as_str), column(statuses));
    assert_eq!(set(SubscriptionStatus::KNOWN, SubscriptionStatus::as_str), column("| `status` | Meaning |"));
    assert_eq!(
        set(ChangeReason::KNOWN, ChangeReason::as_str),
        column("| `changeReason` | Meaning | Fixture |")
    );
    assert_eq!(
        (IapStatus::KNOWN.len(), SubscriptionStatus::KNOWN.len(), ChangeReason::KNOWN.len()),
        (8, 6, 12)
    );
}

#[test]
fn a_name_for_people_does_not_claim_a_grant() {
    assert_eq!(IapStatus::PaymentCompleted.korean_name(), None);
    for status in IapStatus::KNOWN.iter().filter(|status| **status != IapStatus::PaymentCompleted) {
        assert!(status.korean_name().is_some_and(|name| !name.contains("지급")), "{status}");
    }
}
