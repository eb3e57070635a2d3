//! Smart messages: sent, tested, in bulk.
//!
//! A message that is accepted is in [`Messages::sent`] and in the ledger, whether it reaches the user or not: what
//! reached nobody stands in `fail` of a SUCCESS. Whether messages reach a user is `reachable` of
//! [`User`](super::User).

mod bulk;
mod dispatch;
mod report;
mod sent;
mod single;
mod template;
mod variables;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::{
    sent::Sent,
    template::{Channel, Template},
};
use super::{
    Host, Rng, Route, Time, UserId, Violation, World,
    store::{Record, Table, patch_members},
};

pub(crate) const ROUTES: &[Route] = &[
    Route::new(
        "messenger.send_message",
        "POST",
        Host::Main,
        "/api-partner/v1/apps-in-toss/messenger/send-message",
        single::send,
    ),
    Route::new(
        "messenger.send_test_message",
        "POST",
        Host::Main,
        "/api-partner/v1/apps-in-toss/messenger/send-test-message",
        single::send_test,
    ),
    Route::new(
        "messenger.send_bulk_messages",
        "POST",
        Host::Main,
        "/api-partner/v1/apps-in-toss/messenger/send-bulk-message",
        bulk::send,
    ),
];

/// What is remembered here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Messages {
    /// The templates of the console, by their code.
    pub templates: Table<String, Template>,
    /// The messages that were accepted, in order.
    pub sent: Sent,
}

impl Record for Template {}
patch_members!(Messages: templates, sent);

/// A message that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Message {
    /// To whom.
    pub user: UserId,
    /// From which template.
    pub template: String,
    /// With which variables.
    pub variables: BTreeMap<String, Value>,
    /// The bundle that it opens, if it is a test.
    #[serde(default)]
    pub deployment: Option<String>,
    /// Its id, by the channel it went out on.
    pub content_ids: BTreeMap<Channel, String>,
    /// Whether it reached the user.
    pub reached: bool,
    /// When it was accepted.
    pub at: Time,
}

impl Messages {
    pub(crate) fn new(_: &mut Rng) -> Self {
        Self::default()
    }
}

/// Every message that was accepted is in the ledger, once, and nothing else is.
pub(crate) fn check(world: &World, user: &str, template: &str, test: bool) -> Vec<Violation> {
    let sending = (user.to_owned(), template.to_owned(), test);
    let more = world.messenger.sent.count(&sending) - world.ledger.books().messages(&sending);
    let what = format!("messages of {template} to {user}: {more} more were accepted than the ledger has");
    if more == 0 { Vec::new() } else { vec![Violation::new("sums-equal", what)] }
}
