//! Smart messages without I/O, many at a time.

use crate::api::support::{Bench, Told};
use ait_emulator::api::{
    Basis, UserId,
    messenger::Template,
    switches::{BulkDuplicate, BulkEntry, LimitedMessages, UnknownUser},
};
use ait_messenger::SendResult;
use serde_json::{Value, json};

const PATH: &str = "/api-partner/v1/apps-in-toss/messenger/send-bulk-message";

fn bench() -> Bench {
    let mut bench = Bench::new();
    bench.core.switches.calls_per_app = 0;
    let template = Template::new(["storeName", "itemCount", "express"]);
    bench.core.world.messenger.templates.insert("example-order-shipped".to_owned(), template);
    bench.core.world.messenger.templates.insert("example-welcome".to_owned(), Template::new(["name"]));
    bench
}

fn fixture(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn entry(user: u64) -> Value {
    json!({"userKey": user, "context": {"name": "x"}})
}

fn send(bench: &mut Bench, list: impl Into<Value>) -> Told {
    let list: Value = list.into();
    bench.post(PATH, &[], json!({"templateSetCode": "example-welcome", "contextList": list}))
}

fn to_whom(bench: &Bench) -> Vec<String> {
    bench.core.world.messenger.sent.iter().map(|message| message.user.to_string()).collect()
}

#[test]
fn the_samples_are_sent() {
    let mut bench = bench();
    let numbers = fixture(include_str!("../../../../../fixtures/messenger/send-bulk-message.request.json"));
    let answer = bench.post(PATH, &[], numbers);
    assert!(matches!(answer.basis, Basis::Sample(_)));
    let told = answer.success();
    let sample = fixture(include_str!("../../../../../fixtures/messenger/send-bulk-message.response.json"));
    for name in ["msgCount", "sentPushCount", "sentInboxCount", "fail"] {
        assert_eq!(told[name], sample["success"][name]);
    }
    assert_eq!(told["detail"]["sentPush"].as_array().unwrap().len(), 2);
    let mixed =
        fixture(include_str!("../../../../../fixtures/messenger/send-bulk-message.mixed.request.json"));
    let told = bench.post(PATH, &[], mixed).success();
    let read: SendResult = serde_json::from_value(told).unwrap();
    assert_eq!(read.sent_count(), Some(2));
    let sent: Vec<_> = bench.core.world.messenger.sent.iter().collect();
    let [.., text, anonymous] = sent[..] else { panic!("four messages") };
    assert_eq!(text.user, UserId::Key(443_731_103));
    assert_eq!(anonymous.user, UserId::Anonymous("example-anonymous-key".to_owned()));
    assert_eq!(anonymous.variables["itemCount"], 1);
    assert_eq!(bench.core.world.ledger.entries().len(), 4);
    assert!(bench.core.violations().is_empty());
}

#[test]
fn one_to_2500_entries_can_be_sent() {
    let mut bench = bench();
    let entries = |count: u64| (0..count).map(entry).collect::<Vec<_>>();
    assert_eq!(send(&mut bench, entries(1)).success()["msgCount"], 1);
    assert_eq!(send(&mut bench, entries(2500)).success()["msgCount"], 2500);
    let before = bench.core.world.clone();
    for count in [0, 2501] {
        let answer = send(&mut bench, entries(count));
        assert_eq!((answer.status, answer.code().as_str()), (400, "INVALID_PARAMETER"));
        assert_eq!(answer.json()["error"]["data"]["errorDetails"][0]["field"], "contextList");
    }
    assert!(bench.core.world == before);
    assert!(bench.core.violations().is_empty());
}

#[test]
fn who_cannot_be_reached_stands_in_fail_and_is_paid() {
    let mut bench = bench();
    bench.core.world.user(8, &mut bench.rng).reachable = false;
    let told = send(&mut bench, vec![entry(7), entry(8)]).success();
    let sample =
        fixture(include_str!("../../../../../fixtures/messenger/send-bulk-message.partial.response.json"));
    for name in ["msgCount", "sentPushCount"] {
        assert_eq!(told[name], sample["success"][name]);
    }
    assert_eq!(told["fail"]["sentPush"].as_array().unwrap().len(), 1);
    assert_eq!(to_whom(&bench), ["7", "8"]);
    assert_eq!(bench.core.world.ledger.entries().len(), 2);
}

/// What is wrong with one entry, its code, and what is set for it.
type Case = (Value, &'static str, fn(&mut Bench));

fn bad_entries() -> [Case; 3] {
    [
        (entry(8), "4010", |bench| bench.core.world.user(8, &mut bench.rng).linked = false),
        (json!({"userKey": 8, "context": {}}), "INVALID_PARAMETER", |_| {}),
        (entry(8), "4095", |bench| {
            bench.core.switches.limited_messages = LimitedMessages::All;
            (0..10).for_each(|_| drop(send(bench, vec![entry(8)]).success()));
        }),
    ]
}

#[test]
fn an_entry_that_cannot_be_sent_fails_alone() {
    for (bad, code, set) in bad_entries() {
        let mut bench = bench();
        set(&mut bench);
        let before = bench.core.world.ledger.entries().len();
        let answer = send(&mut bench, vec![entry(7), bad, entry(9)]);
        assert_eq!(answer.basis, Basis::Assumed("bulk_entry"));
        let told = answer.success();
        assert_eq!((&told["msgCount"], &told["sentPushCount"]), (&json!(2), &json!(2)), "{code}");
        assert!(told["fail"]["sentPush"][0]["reachedFailReason"].is_string());
        assert_eq!(to_whom(&bench)[before..], ["7", "9"]);
        assert_eq!(bench.core.world.ledger.entries().len(), before + 2, "{code}: nothing else is paid");
        assert!(bench.core.violations().is_empty());
    }
}

#[test]
fn an_entry_that_cannot_be_sent_refuses_all_if_the_switch_says_so() {
    for (bad, code, set) in bad_entries() {
        let mut bench = bench();
        set(&mut bench);
        bench.core.switches.bulk_entry = BulkEntry::RefusesAll;
        let before = bench.core.world.clone();
        let answer = send(&mut bench, vec![entry(7), bad, entry(9)]);
        assert_eq!((answer.code().as_str(), answer.basis), (code, Basis::Assumed("bulk_entry")));
        assert!(bench.core.world == before, "{code}: a refusal changed the world");
        send(&mut bench, vec![entry(7), entry(9)]).success();
    }
}

#[test]
fn an_unknown_template_refuses_all() {
    let mut bench = bench();
    let before = bench.core.world.clone();
    let body = json!({"templateSetCode": "unknown", "contextList": [entry(7)]});
    let answer = bench.post(PATH, &[], body);
    assert_eq!(
        (answer.code().as_str(), answer.basis),
        ("INVALID_PARAMETER", Basis::Assumed("template_code"))
    );
    assert!(bench.core.world == before);
}

#[test]
fn what_becomes_of_duplicates_is_a_switch() {
    let twice = || vec![entry(7), json!({"userKey": "7", "context": {"name": "y"}}), entry(8)];
    let mut bench = bench();
    assert_eq!(send(&mut bench, twice()).success()["msgCount"], 3);
    bench.core.world.messenger.sent.clear();
    bench.core.switches.bulk_duplicate = BulkDuplicate::SendsOnce;
    let answer = send(&mut bench, twice());
    assert_eq!((&answer.success()["msgCount"], answer.basis), (&json!(2), Basis::Assumed("bulk_duplicate")));
    assert_eq!(to_whom(&bench), ["7", "8"]);
    assert_eq!(bench.core.world.messenger.sent[0].variables["name"], "x");
}

#[test]
fn entries_do_not_count_for_the_limit_of_a_user() {
    let mut bench = bench();
    assert_eq!(send(&mut bench, vec![entry(7); 20]).success()["msgCount"], 20);
    bench.core.switches.limited_messages = LimitedMessages::All;
    assert_eq!(send(&mut bench, vec![entry(7); 20]).success()["msgCount"], 10);
}

#[test]
fn users_who_are_not_known_fail_if_the_switch_says_so() {
    let mut bench = bench();
    bench.core.switches.unknown_user = UnknownUser::Refuse;
    let told =
        send(&mut bench, vec![entry(7), json!({"anonKey": "made-up", "context": {"name": 1}})]).success();
    assert_eq!((&told["msgCount"], told["fail"]["sentPush"].as_array().unwrap().len()), (&json!(0), 2));
    assert!(bench.core.world.ledger.entries().is_empty() && bench.core.world.users.is_empty());
}

#[test]
fn what_is_missing_or_wrong_is_named_with_its_place() {
    let mut bench = bench();
    let before = bench.core.world.clone();
    let cases = [
        (json!(null), "contextList"),
        (json!({}), "contextList"),
        (json!([1]), "contextList[0]"),
        (json!([entry(7), {"context": {}}]), "contextList[1]"),
        (json!([entry(7), {"userKey": 7, "anonKey": "x", "context": {}}]), "contextList[1]"),
        (json!([{"userKey": 7.5, "context": {}}]), "contextList[0].userKey"),
        (json!([{"userKey": -7, "context": {}}]), "contextList[0].userKey"),
        (json!([{"userKey": "+7", "context": {}}]), "contextList[0].userKey"),
        (json!([{"userKey": "", "context": {}}]), "contextList[0].userKey"),
        (json!([{"anonKey": "", "context": {}}]), "contextList[0].anonKey"),
        (json!([{"anonKey": "k".repeat(65), "context": {}}]), "contextList[0].anonKey"),
        (json!([{"anonKey": 7, "context": {}}]), "contextList[0].anonKey"),
        (json!([{"userKey": 7}]), "contextList[0].context"),
        (json!([{"userKey": 7, "context": {"a": [1]}}]), "contextList[0].context.a"),
    ];
    for (list, field) in cases {
        let answer = send(&mut bench, list);
        assert_eq!((answer.status, answer.code().as_str()), (400, "INVALID_PARAMETER"));
        assert_eq!(answer.json()["error"]["data"]["errorDetails"][0]["field"], field, "{}", answer.body);
    }
    assert!(bench.core.world == before);
}
