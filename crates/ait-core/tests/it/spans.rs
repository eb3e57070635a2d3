//! Exactly which spans a call leaves, with which fields.
#![cfg(feature = "tracing")]

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex},
};

use crate::fixtures_support::{FlatKeyed, LISTED, ReadIt, Reply, WriteIt, eager, fixture, once, play};
use ait_core::{Client, Endpoint, Resolution, RetryPolicy, Schedule};
use httpmock::MockServer;
use serde_json::json;
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
    span,
};
use tracing_subscriber::{Layer, Registry, layer::Context, prelude::*};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Seen {
    name: &'static str,
    level: &'static str,
    target: String,
    parent: Option<u64>,
    fields: BTreeMap<String, String>,
}

/// Remembers every span and event of ours. The crates below may have theirs: httpmock turns those on.
#[derive(Clone, Default)]
struct Record(Arc<Mutex<(Spans, Vec<Seen>)>>);

type Spans = BTreeMap<u64, Seen>;

struct Fields<'a>(&'a mut BTreeMap<String, String>);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let old = self.0.insert(field.name().to_owned(), format!("{value:?}").trim_matches('"').to_owned());
        assert_eq!(old, None, "{field} was recorded twice");
    }
}

fn is_ours(metadata: &tracing::Metadata<'_>) -> bool {
    metadata.module_path().is_some_and(|path| path.starts_with("ait_core"))
}

impl<S: Subscriber> Layer<S> for Record {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: Context<'_, S>) -> bool {
        is_ours(metadata)
    }

    fn on_new_span(&self, attributes: &span::Attributes<'_>, id: &span::Id, _: Context<'_, S>) {
        let metadata = attributes.metadata();
        let mut seen = Seen {
            name: metadata.name(),
            level: metadata.level().as_str(),
            target: metadata.target().to_owned(),
            parent: attributes.parent().map(span::Id::into_u64),
            ..Seen::default()
        };
        attributes.record(&mut Fields(&mut seen.fields));
        self.0.lock().unwrap().0.insert(id.into_u64(), seen);
    }

    fn on_record(&self, id: &span::Id, values: &span::Record<'_>, _: Context<'_, S>) {
        let mut all = self.0.lock().unwrap();
        values.record(&mut Fields(&mut all.0.get_mut(&id.into_u64()).unwrap().fields));
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        let mut seen = Seen {
            level: metadata.level().as_str(),
            target: metadata.target().to_owned(),
            ..Seen::default()
        };
        event.record(&mut Fields(&mut seen.fields));
        self.0.lock().unwrap().1.push(seen);
    }
}

/// Makes one call and tells what spans it left: that of the call, and those of its attempts in order.
async fn spans<E>(client: &Client, endpoint: E) -> (Seen, Vec<Seen>)
where
    E: Endpoint + Send + Sync,
    E::Response: Send,
{
    let record = Record::default();
    let guard = tracing::subscriber::set_default(Registry::default().with(record.clone()));
    let _ = client.call(endpoint).await;
    drop(guard);
    let (spans, events) = std::mem::take(&mut *record.0.lock().unwrap());
    assert!(events.is_empty(), "nothing else: {events:?}");
    assert!(spans.values().all(|span| span.target == "ait"), "one target for all: {spans:?}");
    let (calls, attempts): (Vec<_>, Vec<_>) = spans.into_iter().partition(|(_, span)| span.parent.is_none());
    assert_eq!(calls.len(), 1, "one span for the call");
    for (_, attempt) in &attempts {
        assert_eq!(attempt.parent, Some(calls[0].0), "each attempt below the call");
        assert_eq!((attempt.name, attempt.level), ("attempt", Level::DEBUG.as_str()));
    }
    let call = calls[0].1.clone();
    assert_eq!((call.name, call.level), ("call", Level::INFO.as_str()));
    (call, attempts.into_iter().map(|(_, attempt)| attempt).collect())
}

fn fields(all: &[(&str, &str)]) -> BTreeMap<String, String> {
    all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// What every span of a call says, and `more`.
fn call(server: &MockServer, name: &str, more: &[(&str, &str)]) -> BTreeMap<String, String> {
    let port = server.port().to_string();
    let mut all = fields(&[
        ("otel.name", "POST /demo"),
        ("otel.kind", "client"),
        ("http.request.method", "POST"),
        ("url.template", "/demo"),
        ("server.address", "127.0.0.1"),
        ("server.port", &port),
        ("ait.endpoint", name),
    ]);
    all.extend(fields(more));
    all
}

fn success() -> Reply {
    Reply::new(200, fixture("success").to_string())
}

fn fail(code: &str) -> Reply {
    let error = json!({ "errorCode": code, "reason": "REASON" });
    Reply::new(400, json!({ "resultType": "FAIL", "error": error }).to_string())
}

#[tokio::test]
async fn a_success() {
    let server = MockServer::start_async().await;
    play(&server, vec![success()]);
    let (span, attempts) = spans(&eager(&server), WriteIt::default()).await;
    let done =
        [("http.response.status_code", "200"), ("http.request.resend_count", "0"), ("ait.outcome", "done")];
    assert_eq!(span.fields, call(&server, "demo.write", &done));
    assert_eq!(attempts.len(), 1);
    assert_eq!(attempts[0].fields, fields(&done));
}

#[tokio::test]
async fn a_refusal() {
    let server = MockServer::start_async().await;
    play(&server, vec![fail(LISTED)]);
    let (span, attempts) = spans(&eager(&server), WriteIt::default()).await;
    let failed = [
        ("http.response.status_code", "400"),
        ("http.request.resend_count", "0"),
        ("error.type", "api"),
        ("ait.outcome", "refused"),
    ];
    let mut expected = call(&server, "demo.write", &failed);
    expected.insert("ait.code".to_owned(), LISTED.to_owned());
    assert_eq!(span.fields, expected);
    assert_eq!(attempts.len(), 1);
    assert_eq!(attempts[0].fields, fields(&failed));
}

#[tokio::test]
async fn a_doubt() {
    let server = MockServer::start_async().await;
    play(&server, vec![Reply::new(502, "<html>")]);
    let (span, attempts) = spans(&eager(&server), WriteIt::default()).await;
    let failed = [
        ("http.response.status_code", "502"),
        ("http.request.resend_count", "0"),
        ("error.type", "decode"),
        ("ait.outcome", "unknown"),
    ];
    assert_eq!(span.fields, call(&server, "demo.write", &failed));
    assert_eq!(attempts.len(), 1);
    assert_eq!(attempts[0].fields, fields(&failed));
}

#[tokio::test]
async fn a_read_that_was_asked_again() {
    let server = MockServer::start_async().await;
    play(&server, vec![Reply::new(503, fail("BUSY").body), success()]);
    let (span, attempts) = spans(&eager(&server), ReadIt::default()).await;
    let done =
        [("http.response.status_code", "200"), ("http.request.resend_count", "1"), ("ait.outcome", "done")];
    assert_eq!(span.fields, call(&server, "demo.read", &done));
    assert_eq!(attempts.len(), 2);
    let first = [
        ("http.response.status_code", "503"),
        ("http.request.resend_count", "0"),
        ("error.type", "api"),
        ("ait.outcome", "refused"),
    ];
    assert_eq!(attempts[0].fields, fields(&first));
    assert_eq!(attempts[1].fields, fields(&done));
}

#[tokio::test]
async fn attempts_that_all_fail() {
    let server = MockServer::start_async().await;
    play(&server, vec![Reply::new(503, r#"{"code":"BUSY","message":"?"}"#)]);
    let (span, attempts) = spans(&eager(&server), FlatKeyed::default()).await;
    let failed = [
        ("http.response.status_code", "503"),
        ("http.request.resend_count", "2"),
        ("error.type", "api"),
        ("ait.code", "BUSY"),
        ("ait.outcome", "unknown"),
    ];
    assert_eq!(span.fields, call(&server, "demo.flat_keyed", &failed));
    let counts: Vec<_> =
        attempts.iter().map(|attempt| attempt.fields["http.request.resend_count"].as_str()).collect();
    assert_eq!(counts, ["0", "1", "2"]);
}

#[tokio::test]
async fn a_call_that_never_connects() {
    // A port that was free a moment ago and that nobody listens on.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let client = Client::builder().base_url(format!("http://127.0.0.1:{port}")).no_proxy();
    let client = client.retry(RetryPolicy::never()).build().unwrap();
    let (span, attempts) = spans(&client, WriteIt::default()).await;
    let port = port.to_string();
    let failed = [("http.request.resend_count", "0"), ("error.type", "connect"), ("ait.outcome", "not_sent")];
    let mut expected = fields(&failed);
    assert_eq!(attempts[0].fields, expected);
    expected.extend(fields(&[
        ("otel.name", "POST /demo"),
        ("otel.kind", "client"),
        ("http.request.method", "POST"),
        ("url.template", "/demo"),
        ("server.address", "127.0.0.1"),
        ("server.port", &port),
        ("network.peer.address", "127.0.0.1"),
        ("network.peer.port", &port),
        ("ait.endpoint", "demo.write"),
    ]));
    assert_eq!(span.fields, expected);
}

#[tokio::test]
async fn a_call_that_cannot_be_made_has_no_attempt() {
    let client = Client::builder().no_proxy().build().unwrap();
    let (span, attempts) = spans(&client, WriteIt::default()).await;
    assert_eq!(
        (span.fields["error.type"].as_str(), attempts.len()),
        ("config", 0),
        "no identity, nothing sent"
    );
    assert_eq!(span.fields["ait.outcome"], "not_sent");
    assert!(!span.fields.contains_key("http.response.status_code"));
}

/// Asks once by a schedule and tells the outcome and the events it left.
async fn asked(
    reply: Reply,
) -> (Result<Resolution<crate::fixtures_support::Sample>, ait_core::Error>, Vec<Seen>) {
    let server = MockServer::start_async().await;
    play(&server, vec![reply]);
    let client = once(&server);
    let record = Record::default();
    let guard = tracing::subscriber::set_default(Registry::default().with(record.clone()));
    let question = || async { client.call(ReadIt::default()).await.map(Resolution::Done) };
    let result = Schedule::once().ask(question).await;
    drop(guard);
    let (_, events) = std::mem::take(&mut *record.0.lock().unwrap());
    (result, events)
}

#[tokio::test]
async fn a_question_that_failed_tells_why() {
    let (result, events) = asked(fail("BUSY\u{1b}")).await;
    assert!(matches!(result, Ok(Resolution::Unknown { .. })), "{result:?}");
    let said = [
        ("message", "a question about a ticket failed"),
        ("error", r"demo.read: refused (BUSY\u{1b}: REASON)"),
    ];
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!((events[0].level, events[0].target.as_str()), ("DEBUG", "ait"));
    assert_eq!(events[0].fields, fields(&said));

    let (result, events) = asked(fail("4010")).await;
    assert_eq!((result.unwrap_err().code(), events), (Some("4010"), Vec::new()), "that one comes back");
    let (result, events) = asked(success()).await;
    assert!(matches!(result, Ok(Resolution::Done(_))) && events.is_empty(), "{events:?}");
}
