//! What the tests of this crate share: its samples, and the three calls as one list.

use ait_messenger::{
    Messenger, SendResult,
    ait_core::{Error, RetryPolicy},
};
use ait_testkit::{answer, at_once, client, fixture, key, stored};
use httpmock::MockServer;
use serde_json::Value;

/// The names of all samples of messages that end so: `.request`.
pub(crate) fn fixtures(ending: &str) -> Vec<String> {
    ait_testkit::fixtures("messenger", ending, &[".request", ".response"])
}

/// The payload of a documented answer, under its newer or its older name.
pub(crate) fn payload(name: &str) -> Value {
    let mut body = fixture(name);
    let name = if body.get("success").is_some() { "success" } else { "result" };
    body[name].take()
}

/// One of the three calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    One,
    Test,
    Bulk,
}

impl Op {
    pub(crate) const ALL: [Self; 3] = [Self::One, Self::Test, Self::Bulk];

    /// The last word of the path, which is also the name of the fixtures.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::One => "send-message",
            Self::Test => "send-test-message",
            Self::Bulk => "send-bulk-message",
        }
    }

    pub(crate) fn endpoint(self) -> &'static str {
        match self {
            Self::One => "messenger.send_message",
            Self::Test => "messenger.send_test_message",
            Self::Bulk => "messenger.send_bulk_messages",
        }
    }

    pub(crate) fn of_fixture(name: &str) -> Self {
        let word = name.trim_start_matches("messenger/").split('.').next().unwrap_or_default();
        Self::ALL.into_iter().find(|op| op.word() == word).unwrap_or_else(|| panic!("no endpoint for {name}"))
    }

    /// Makes the call with this body, for this user if there is a header for it.
    pub(crate) async fn send(
        self,
        messenger: &Messenger,
        body: Value,
        user: Value,
    ) -> Result<SendResult, Error> {
        match self {
            Self::One => messenger.send_message(stored(body, user)).await,
            Self::Test => messenger.send_test_message(stored(body, user)).await,
            Self::Bulk => messenger.send_bulk_messages(serde_json::from_value(body).unwrap()).await,
        }
    }

    /// Makes the call with its documented body.
    pub(crate) async fn run(self, messenger: &Messenger) -> Result<SendResult, Error> {
        self.send(messenger, fixture(&format!("messenger/{}.request", self.word())), key()).await
    }
}

/// A client that tries once.
pub(crate) fn messenger(server: &MockServer) -> Messenger {
    Messenger::new(client(server, RetryPolicy::never()))
}

/// A client that tries again at once.
pub(crate) fn eager(server: &MockServer) -> Messenger {
    Messenger::new(client(server, at_once()))
}

/// Makes a call with its documented body against this answer.
pub(crate) async fn answered(op: Op, status: u16, body: &Value) -> Result<SendResult, Error> {
    let server = MockServer::start_async().await;
    answer(&server, status, body);
    op.run(&messenger(&server)).await
}

/// The same without members that are `null` or an empty list, at any depth.
pub(crate) fn without_empties(value: &Value) -> Value {
    let is_empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(_, member)| !is_empty(member))
            .map(|(name, member)| (name.clone(), without_empties(member)))
            .collect(),
        Value::Array(elements) => elements.iter().map(without_empties).collect(),
        other => other.clone(),
    }
}
