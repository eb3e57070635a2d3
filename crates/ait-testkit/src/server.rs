//! A server that says what it is told and remembers what it was sent.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use ait_core::{Client, RetryPolicy};
use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use serde_json::Value;

use crate::samples::version_of_the_core;

/// A client of this server that tries as often as `policy` says.
pub fn client(server: &MockServer, policy: RetryPolicy) -> Client {
    Client::builder().base_url(server.base_url()).no_proxy().retry(policy).build().unwrap()
}

/// Tries again at once.
pub fn at_once() -> RetryPolicy {
    RetryPolicy::default().base(Duration::ZERO)
}

/// What a server was sent.
pub type Seen = Arc<Mutex<Vec<HttpMockRequest>>>;

/// Answers everything by what `reply` makes of it, status and body, and remembers what came.
pub fn serve(
    server: &MockServer,
    reply: impl Fn(&HttpMockRequest) -> (u16, Value) + Send + Sync + 'static,
) -> Seen {
    let seen = Seen::default();
    let memory = Arc::clone(&seen);
    server.mock(|when, then| {
        when.any_request();
        then.respond_with(move |request| {
            memory.lock().unwrap().push(request.clone());
            let (status, body) = reply(request);
            HttpMockResponse::builder()
                .status(status)
                .header("content-type", "application/json")
                .body(body.to_string())
                .build()
        });
    });
    seen
}

/// Answers with each of these in turn, the last one for ever, and remembers what came.
pub fn answers(server: &MockServer, replies: Vec<(u16, Value)>) -> Seen {
    let left = Mutex::new(VecDeque::from(replies));
    serve(server, move |_| {
        let mut left = left.lock().unwrap();
        if left.len() > 1 { left.pop_front().unwrap() } else { left[0].clone() }
    })
}

/// Answers everything with this status and body, and remembers what came.
pub fn answer(server: &MockServer, status: u16, body: &Value) -> Seen {
    answers(server, vec![(status, body.clone())])
}

/// The one request that came.
#[track_caller]
pub fn one(seen: &Seen) -> HttpMockRequest {
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 1, "exactly one request");
    seen[0].clone()
}

/// The path and the query of a request.
#[track_caller]
pub fn target(request: &HttpMockRequest) -> String {
    request.uri().path_and_query().unwrap().to_string()
}

/// The body of a request.
#[track_caller]
pub fn sent(request: &HttpMockRequest) -> Value {
    serde_json::from_slice(request.body_ref()).unwrap()
}

/// All headers of a request, their names in lower case.
pub fn headers(request: &HttpMockRequest) -> BTreeSet<(String, String)> {
    let headers = request.headers_vec().iter();
    headers.map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect()
}

/// A header of a request.
pub fn header(request: &HttpMockRequest, name: &str) -> Option<String> {
    headers(request).into_iter().find_map(|(found, value)| (found == name).then_some(value))
}

/// The headers that name a user.
pub fn users(request: &HttpMockRequest) -> Vec<(String, String)> {
    headers(request).into_iter().filter(|(name, _)| name.ends_with("-key")).collect()
}

/// What the headers of a POST have to be: the usual ones and `own`. A connection of its own is left behind.
pub fn head(
    server: &MockServer,
    request: &HttpMockRequest,
    own: Option<(&str, String)>,
) -> BTreeSet<(String, String)> {
    let expected = [
        ("host", server.address().to_string()),
        ("content-type", "application/json".to_owned()),
        ("content-length", request.body_ref().len().to_string()),
        ("accept", "application/json".to_owned()),
        ("accept-encoding", "identity".to_owned()),
        ("user-agent", format!("ait-core/{}", version_of_the_core())),
        ("connection", "close".to_owned()),
    ];
    expected.into_iter().chain(own).map(|(name, value)| (name.to_owned(), value)).collect()
}
