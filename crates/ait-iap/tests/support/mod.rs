//! What the tests of this crate share: fixtures, and a server that remembers.
#![allow(dead_code, reason = "every test file uses its own part of it")]

use std::{
    collections::VecDeque,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use ait_iap::{
    Iap, Order, OrderId, OrderStatus,
    ait_core::{Client, Error, RetryPolicy},
};
use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use serde_json::Value;

pub(crate) const USER_KEY: u64 = 443_731_104;
pub(crate) const ORDER: &str = "13c9a1ff-2baa-4495-bbfa-a0826ba8c7c0";

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)
}

/// A page of `docs/api`.
pub(crate) fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api").join(name);
    fs::read_to_string(path).unwrap()
}

/// The text of a documented sample: `iap/get-order-status.request`.
pub(crate) fn text(name: &str) -> String {
    let path = folder("").join(format!("{name}.json"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A documented sample.
pub(crate) fn fixture(name: &str) -> Value {
    serde_json::from_str(&text(name)).unwrap()
}

/// The names of all samples of in-app purchases that end so: `.response`.
pub(crate) fn fixtures(ending: &str) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder("iap")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let name = file.strip_suffix(".json").unwrap_or_else(|| panic!("{file} is no fixture"));
        let kinds = [".request", ".response", ".callback"];
        assert!(kinds.iter().any(|kind| name.ends_with(kind)), "{file}: no test looks at this kind");
        if name.ends_with(ending) {
            names.push(format!("iap/{name}"));
        }
    }
    names.sort();
    assert!(!names.is_empty(), "no fixture ends in {ending}");
    names
}

pub(crate) fn order_id() -> OrderId {
    OrderId::new(ORDER).unwrap()
}

/// A client that tries once.
pub(crate) fn iap(server: &MockServer) -> Iap {
    with_policy(server, RetryPolicy::never())
}

/// A client that tries again at once.
pub(crate) fn eager(server: &MockServer) -> Iap {
    with_policy(server, RetryPolicy::default().base(Duration::ZERO))
}

fn with_policy(server: &MockServer, policy: RetryPolicy) -> Iap {
    let client = Client::builder().base_url(server.base_url()).no_proxy().retry(policy).build();
    Iap::new(client.unwrap())
}

/// What a server was sent.
pub(crate) type Seen = Arc<Mutex<Vec<HttpMockRequest>>>;

/// Answers with each of these in turn, the last one for ever, and remembers what came.
pub(crate) fn answers(server: &MockServer, bodies: Vec<(u16, Value)>) -> Seen {
    let seen = Seen::default();
    let (memory, bodies) = (Arc::clone(&seen), Mutex::new(VecDeque::from(bodies)));
    server.mock(|when, then| {
        when.any_request();
        then.respond_with(move |request| {
            memory.lock().unwrap().push(request.clone());
            let mut bodies = bodies.lock().unwrap();
            let (status, body) = bodies.front().cloned().unwrap();
            if bodies.len() > 1 {
                bodies.pop_front();
            }
            HttpMockResponse::builder()
                .status(status)
                .header("content-type", "application/json")
                .body(body.to_string())
                .build()
        });
    });
    seen
}

pub(crate) fn answer(server: &MockServer, status: u16, body: &Value) -> Seen {
    answers(server, vec![(status, body.clone())])
}

/// Asks about the documented order against this answer.
pub(crate) async fn answered(status: u16, body: &Value) -> Result<Order, Error> {
    let server = MockServer::start_async().await;
    answer(&server, status, body);
    iap(&server).order_status(OrderStatus::new(order_id())).await
}

/// The same without members that are `null`, at any depth.
pub(crate) fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(_, member)| !member.is_null())
            .map(|(name, member)| (name.clone(), without_nulls(member)))
            .collect(),
        Value::Array(elements) => elements.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

/// The places of all members of objects, at any depth: `/subscription/current`.
pub(crate) fn members(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    if let Value::Object(members_here) = value {
        for (name, member) in members_here {
            found.push(format!("/{name}"));
            found.extend(members(member).into_iter().map(|rest| format!("/{name}{rest}")));
        }
    }
    found
}

/// The same without the member at this place.
pub(crate) fn without(value: &Value, place: &str) -> Value {
    let (parent, member) = place.rsplit_once('/').unwrap();
    let mut dropped = value.clone();
    dropped.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(member).unwrap();
    dropped
}

/// The same with another value at this place.
pub(crate) fn with(value: &Value, place: &str, new: Value) -> Value {
    let mut changed = value.clone();
    *changed.pointer_mut(place).unwrap() = new;
    changed
}
