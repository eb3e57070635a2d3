//! Smart messages: sent, tested, in bulk.
//!
//! A message that is accepted is in [`Messages::sent`] and in the ledger, whether it reaches the user or not: what
//! reached nobody stands in `fail` of a SUCCESS. Whether messages reach a user is `reachable` of
//! [`User`](super::User).

mod bulk;
mod dispatch;
mod report;
mod single;
mod template;
mod variables;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::template::{Channel, Template};
use super::{Host, Movement, Rng, Route, Time, UserId, Violation, World};

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
    pub templates: BTreeMap<String, Template>,
    /// The messages that were accepted, in order.
    pub sent: Vec<Message>,
}

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
pub(crate) fn violations(world: &World, found: &mut Vec<Violation>) {
    let mut open: BTreeMap<(String, &str, bool), i64> = BTreeMap::new();
    for message in &world.messenger.sent {
        let test = message.deployment.is_some();
        *open.entry((message.user.to_string(), &message.template, test)).or_default() += 1;
    }
    for entry in world.ledger.entries() {
        if let Movement::Message { user, template, test } = &entry.movement {
            *open.entry((user.clone(), template, *test)).or_default() -= 1;
        }
    }
    for ((user, template, _), more) in open.into_iter().filter(|(_, more)| *more != 0) {
        let what = format!("messages of {template} to {user}: {more} more were accepted than the ledger has");
        found.push(Violation::new("sums-equal", what));
    }
}
