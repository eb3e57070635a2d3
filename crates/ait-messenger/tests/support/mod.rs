//! What the tests of this crate share: fixtures, the three calls as one list, a server that remembers.
#![allow(dead_code, reason = "every test file uses its own part of it")]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use ait_messenger::{
    Messenger, SendResult,
    ait_core::{Client, Error, RetryPolicy},
};
use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub(crate) const USER_KEY: u64 = 443_731_104;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)
}

/// A page of `docs/api`.
pub(crate) fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api").join(name);
    fs::read_to_string(path).unwrap()
}

/// The text of a documented sample: `messenger/send-message.request`.
pub(crate) fn text(name: &str) -> String {
    let path = folder("").join(format!("{name}.json"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A documented sample.
pub(crate) fn fixture(name: &str) -> Value {
    serde_json::from_str(&text(name)).unwrap()
}

/// The names of all samples of messages that end so: `.request`.
pub(crate) fn fixtures(ending: &str) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder("messenger")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let name = file.strip_suffix(".json").unwrap_or_else(|| panic!("{file} is no fixture"));
        let kinds = [".request", ".response"];
        assert!(kinds.iter().any(|kind| name.ends_with(kind)), "{file}: no test looks at this kind");
        if name.ends_with(ending) {
            names.push(format!("messenger/{name}"));
        }
    }
    names.sort();
    assert!(!names.is_empty(), "no fixture ends in {ending}");
    names
}

/// The payload of a documented answer, under its newer or its older name.
pub(crate) fn payload(name: &str) -> Value {
    let mut body = fixture(name);
    let name = if body.get("success").is_some() { "success" } else { "result" };
    body[name].take()
}

/// A documented body in the form in which a request is stored: with its user.
pub(crate) fn stored<R: DeserializeOwned>(mut body: Value, user: Value) -> R {
    body["user"] = user;
    serde_json::from_value(body).unwrap()
}

pub(crate) fn key() -> Value {
    json!({ "key": USER_KEY })
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
    with_policy(server, RetryPolicy::never())
}

/// A client that tries again at once.
pub(crate) fn eager(server: &MockServer) -> Messenger {
    with_policy(server, RetryPolicy::default().base(Duration::ZERO))
}

fn with_policy(server: &MockServer, policy: RetryPolicy) -> Messenger {
    let client = Client::builder().base_url(server.base_url()).no_proxy().retry(policy).build();
    Messenger::new(client.unwrap())
}

/// What a server was sent.
pub(crate) type Seen = Arc<Mutex<Vec<HttpMockRequest>>>;

/// Answers everything with this status and body, and remembers what came.
pub(crate) fn answer(server: &MockServer, status: u16, body: &Value) -> Seen {
    let seen = Seen::default();
    let (memory, body) = (Arc::clone(&seen), body.to_string());
    server.mock(|when, then| {
        when.any_request();
        then.respond_with(move |request| {
            memory.lock().unwrap().push(request.clone());
            HttpMockResponse::builder()
                .status(status)
                .header("content-type", "application/json")
                .body(body.clone())
                .build()
        });
    });
    seen
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

/// The places of all members and elements, at any depth: `/detail/sentPush/0/contentId`.
pub(crate) fn places(value: &Value) -> Vec<String> {
    let inside: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, member)| (name.clone(), member)).collect(),
        Value::Array(elements) => {
            elements.iter().enumerate().map(|(index, element)| (index.to_string(), element)).collect()
        }
        _ => Vec::new(),
    };
    let mut found = Vec::new();
    for (name, member) in inside {
        found.push(format!("/{name}"));
        found.extend(places(member).into_iter().map(|rest| format!("/{name}{rest}")));
    }
    found
}

/// The same with another value at this place.
pub(crate) fn with(value: &Value, place: &str, new: Value) -> Value {
    let mut changed = value.clone();
    *changed.pointer_mut(place).unwrap() = new;
    changed
}
