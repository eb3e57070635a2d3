//! Smart messages without I/O, one at a time.

use std::time::Duration;

use crate::api::support::{Bench, Told};
use ait_emulator::api::{
    Basis, Movement, UserId,
    messenger::{Channel, Template},
    switches::{FailureStatus, LimitedMessages, MessageCount, MessengerShape, UnknownTemplate},
};
use ait_messenger::SendResult;
use serde_json::{Value, json};

const BASE: &str = "/api-partner/v1/apps-in-toss/messenger";
const DEPLOYMENT: &str = "00000000-0000-7000-8000-000000000001";
const USER: [(&str, &str); 1] = [("x-toss-user-key", "7")];

fn bench() -> Bench {
    let mut bench = Bench::new();
    bench.core.switches.calls_per_app = 0;
    let template = Template::new(["storeName", "itemCount", "express"]);
    bench.core.world.messenger.templates.insert("example-order-shipped".to_owned(), template);
    bench.core.world.messenger.templates.insert("example-welcome".to_owned(), Template::new(["userName"]));
    bench
}

fn fixture(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn shipped() -> Value {
    fixture(include_str!("../../../../../fixtures/messenger/send-message.request.json"))
}

fn welcome() -> Value {
    fixture(include_str!("../../../../../fixtures/messenger/send-message.no-variables.request.json"))
}

fn send(bench: &mut Bench, body: Value) -> Told {
    bench.post(&format!("{BASE}/send-message"), &USER, body)
}

/// The answer without what nobody can foresee.
fn without_ids(mut told: Value) -> Value {
    fn blank(value: &mut Value) {
        match value {
            Value::Object(members) => members.iter_mut().for_each(|(name, value)| match name.as_str() {
                "contentId" | "reachedFailReason" | "reachFailReason" => *value = json!("-"),
                _ => blank(value),
            }),
            Value::Array(list) => list.iter_mut().for_each(blank),
            _ => {}
        }
    }
    blank(&mut told);
    told
}

#[test]
fn a_message_is_sent_remembered_and_paid() {
    let mut bench = bench();
    let answer = send(&mut bench, shipped());
    assert!(matches!(answer.basis, Basis::Sample(_)));
    let sample = fixture(include_str!("../../../../../fixtures/messenger/send-message.response.json"));
    assert_eq!(without_ids(answer.json()), without_ids(sample));
    let places = ["msgCount", "sentPushCount", "sentFriendtalkCount", "detail", "fail"];
    assert!(places.map(|name| answer.body.find(&format!("\"{name}\"")).unwrap()).is_sorted());
    let read: SendResult = serde_json::from_value(answer.success()).unwrap();
    assert_eq!((read.sent_count(), read.failures().count()), (Some(1), 0));

    assert_eq!(bench.core.world.messenger.sent.len(), 1);
    let message = &bench.core.world.messenger.sent[0];
    assert_eq!(message.user, UserId::Key(7));
    assert_eq!((message.reached, &message.variables["itemCount"]), (true, &json!(2)));
    assert_eq!(
        json!(message.content_ids[&Channel::Push]),
        answer.success()["detail"]["sentPush"][0]["contentId"]
    );
    let [entry] = bench.core.world.ledger.entries()[..] else { panic!("one entry") };
    let template = "example-order-shipped".to_owned();
    assert_eq!(entry.movement, Movement::Message { user: "7".to_owned(), template, test: false });
    assert!(bench.core.violations().is_empty());
}

#[test]
fn an_anonymous_user_gets_messages_too() {
    let mut bench = bench();
    let path = format!("{BASE}/send-message");
    bench.post(&path, &[("x-anon-key", "made-up")], welcome()).success();
    let user = bench.core.world.user(8, &mut bench.rng);
    user.reachable = false;
    let key = user.anonymous_key.clone();
    let told = bench.post(&path, &[("x-anon-key", &key)], welcome()).success();
    assert_eq!(told["sentPushCount"], 0);
    let users: Vec<_> = bench.core.world.messenger.sent.iter().map(|message| &message.user).collect();
    assert_eq!(users, [&UserId::Anonymous("made-up".to_owned()), &UserId::Anonymous(key)]);
    assert!(bench.core.violations().is_empty());
}

#[test]
fn a_test_message_needs_a_bundle() {
    let mut bench = bench();
    let path = format!("{BASE}/send-test-message");
    let request = fixture(include_str!("../../../../../fixtures/messenger/send-test-message.request.json"));
    let answer = bench.post(&path, &USER, request.clone());
    let sample = fixture(include_str!("../../../../../fixtures/messenger/send-test-message.response.json"));
    assert_eq!(without_ids(answer.json()), without_ids(sample));
    assert_eq!(bench.core.world.messenger.sent[0].deployment.as_deref(), Some(DEPLOYMENT));
    let entry = &bench.core.world.ledger.entries()[0];
    assert!(matches!(entry.movement, Movement::Message { test: true, .. }));
    assert!(bench.core.violations().is_empty());

    for id in [json!(null), json!(""), json!("x"), json!(DEPLOYMENT.replace('-', "")), json!(7)] {
        let mut request = request.clone();
        request["deploymentId"] = id;
        let answer = bench.post(&path, &USER, request);
        assert_eq!((answer.status, answer.code().as_str()), (400, "INVALID_PARAMETER"));
        assert_eq!(answer.json()["error"]["data"]["errorDetails"][0]["field"], "deploymentId");
    }
}

#[test]
fn accepted_is_not_reached() {
    let mut bench = bench();
    bench.core.world.user(7, &mut bench.rng).reachable = false;
    let answer = send(&mut bench, shipped());
    let sample =
        fixture(include_str!("../../../../../fixtures/messenger/send-message.not-reached.response.json"));
    assert_eq!(without_ids(answer.json()), without_ids(sample));
    assert!(answer.success()["fail"]["sentPush"][0]["reachedFailReason"].is_string());
    assert!(!bench.core.world.messenger.sent[0].reached);
    assert_eq!(bench.core.world.ledger.entries().len(), 1, "what was accepted is paid");
    let read: SendResult = serde_json::from_value(answer.success()).unwrap();
    assert_eq!(read.failures().count(), 1);

    bench.core.switches.message_count = MessageCount::All;
    let answer = send(&mut bench, shipped());
    assert_eq!((&answer.success()["msgCount"], answer.basis), (&json!(1), Basis::Assumed("message_count")));
}

#[test]
fn every_channel_of_the_template_counts() {
    use Channel::{Alimtalk, Friendtalk, Inbox, Push, Sms};
    let names =
        [(Push, "Push"), (Inbox, "Inbox"), (Sms, "Sms"), (Alimtalk, "Alimtalk"), (Friendtalk, "Friendtalk")];
    for (channel, _) in names {
        let mut bench = bench();
        let template = Template::new([]).channels([channel]);
        bench.core.world.messenger.templates.insert("example-welcome".to_owned(), template);
        let told = send(&mut bench, welcome()).success();
        for (other, name) in names {
            let sent = usize::from(channel == other);
            assert_eq!(told[format!("sent{name}Count")], sent);
            assert_eq!(told["detail"][format!("sent{name}")].as_array().unwrap().len(), sent);
        }
    }
    let mut bench = bench();
    let template = Template::new([]).channels(names.map(|(channel, _)| channel));
    bench.core.world.messenger.templates.insert("example-welcome".to_owned(), template);
    assert_eq!(send(&mut bench, welcome()).success()["msgCount"], 5);
    assert_eq!(bench.core.world.messenger.sent.len(), 1);
    assert_eq!(bench.core.world.ledger.entries().len(), 1);
}

#[test]
fn the_shape_is_a_switch() {
    let mut bench = bench();
    bench.core.switches.messenger_shape = MessengerShape::Result;
    let answer = send(&mut bench, shipped());
    assert_eq!(answer.basis, Basis::Assumed("messenger_shape"));
    let body = answer.json();
    assert!(body.get("success").is_none());
    assert_eq!((&body["resultType"], &body["result"]["sentPushCount"]), (&json!("SUCCESS"), &json!(1)));
    bench.core.world.users.get_mut(&7).unwrap().reachable = false;
    let body = send(&mut bench, shipped()).json();
    let failure = &body["result"]["fail"]["sentPush"][0];
    assert!(failure["reachFailReason"].is_string() && failure.get("reachedFailReason").is_none());
    let read: SendResult = serde_json::from_value(body["result"].clone()).unwrap();
    assert!(read.failures().all(|(_, message)| message.reached_fail_reason.is_some()));

    bench.core.switches.messenger_shape = MessengerShape::Counters;
    bench.core.world.users.get_mut(&7).unwrap().reachable = true;
    let sample =
        fixture(include_str!("../../../../../fixtures/messenger/send-message.counters.response.json"));
    assert_eq!(send(&mut bench, shipped()).json(), sample);
}

/// Every code, and the state that brings it.
#[test]
fn every_code_comes_of_a_state() {
    type Change = fn(&mut Bench);
    let cases: [(&str, u16, Change); 6] = [
        ("4010", 401, |bench| bench.core.world.user(7, &mut bench.rng).linked = false),
        ("INVALID_PARAMETER", 400, |bench| bench.core.world.messenger.templates.clear()),
        ("INVALID_PARAMETER", 403, |bench| {
            let templates = &mut bench.core.world.messenger.templates;
            templates.get_mut("example-order-shipped").unwrap().approved = false;
        }),
        ("INVALID_PARAMETER", 400, |bench| {
            let templates = &mut bench.core.world.messenger.templates;
            templates.insert("example-order-shipped".to_owned(), Template::new(["storeName", "more"]));
        }),
        ("TEMPLATE_NOT_FOUND", 400, |bench| {
            bench.core.world.messenger.templates.clear();
            bench.core.switches.template_code = "TEMPLATE_NOT_FOUND".to_owned();
        }),
        ("4095", 429, |bench| (0..10).for_each(|_| drop(send(bench, shipped()).success()))),
    ];
    for (code, status, change) in cases {
        let mut bench = bench();
        change(&mut bench);
        let before = bench.core.world.clone();
        let answer = send(&mut bench, shipped());
        assert_eq!((answer.status, answer.code().as_str()), (200, code));
        bench.core.switches.failure_status = FailureStatus::Listed;
        assert_eq!(send(&mut bench, shipped()).status, status);
        assert!(bench.core.world == before, "{code}: a refusal changed the world");
    }
    let mut bench = bench();
    let answer = bench.post(&format!("{BASE}/send-message"), &[], shipped());
    assert_eq!(answer.code(), "4010");
}

#[test]
fn an_unknown_template_is_made_up_if_the_switch_says_so() {
    let mut bench = bench();
    bench.core.switches.unknown_template = UnknownTemplate::Create;
    let told = send(&mut bench, json!({"templateSetCode": "new", "context": {"any": 1}})).success();
    assert_eq!(told["sentPushCount"], 1);
}

#[test]
fn ten_messages_a_minute_reach_one_user() {
    let mut bench = bench();
    for _ in 0..10 {
        bench.advance(Duration::from_secs(1));
        send(&mut bench, welcome()).success();
    }
    let answer = send(&mut bench, welcome());
    assert_eq!(answer.code(), "4095");
    assert_eq!(answer.json()["error"]["data"]["retryAfterSeconds"], 51);
    bench.post(&format!("{BASE}/send-message"), &[("x-toss-user-key", "8")], welcome()).success();
    bench.advance(Duration::from_secs(51));
    send(&mut bench, welcome()).success();
    assert_eq!(send(&mut bench, welcome()).code(), "4095");
    assert!(bench.core.violations().is_empty());
}

#[test]
fn whether_test_messages_count_is_a_switch() {
    for (limited, refused) in [
        (LimitedMessages::Single, false),
        (LimitedMessages::SingleAndTest, true),
        (LimitedMessages::All, true),
    ] {
        let mut bench = bench();
        bench.core.switches.limited_messages = limited;
        (0..10).for_each(|_| drop(send(&mut bench, welcome()).success()));
        let body = json!({"templateSetCode": "example-welcome", "deploymentId": DEPLOYMENT, "context": {}});
        let answer = bench.post(&format!("{BASE}/send-test-message"), &USER, body);
        assert_eq!(answer.json()["resultType"] == "FAIL", refused, "{limited:?}");
    }
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    let mut bench = bench();
    let before = bench.core.world.clone();
    let cases = [
        (json!({}), "templateSetCode"),
        (json!({"templateSetCode": " ", "context": {}}), "templateSetCode"),
        (json!({"templateSetCode": 7, "context": {}}), "templateSetCode"),
        (json!({"templateSetCode": "example-welcome"}), "context"),
        (json!({"templateSetCode": "example-welcome", "context": []}), "context"),
        (json!({"templateSetCode": "example-welcome", "context": {"a": null}}), "context.a"),
        (json!({"templateSetCode": "example-welcome", "context": {"a": {"b": 1}}}), "context.a"),
    ];
    for (body, field) in cases {
        let answer = send(&mut bench, body);
        assert_eq!((answer.status, answer.code().as_str()), (400, "INVALID_PARAMETER"));
        assert_eq!(answer.json()["error"]["data"]["errorDetails"][0]["field"], field, "{}", answer.body);
    }
    assert!(bench.core.world == before);
}

#[test]
fn a_message_that_is_missing_in_the_ledger_is_a_violation() {
    let mut bench = bench();
    send(&mut bench, welcome()).success();
    bench.core.world.messenger.sent.clear();
    let found = bench.core.violations();
    assert_eq!(found.iter().map(|found| found.rule.as_str()).collect::<Vec<_>>(), ["sums-equal"]);
}
