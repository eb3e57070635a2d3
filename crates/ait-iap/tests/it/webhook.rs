//! Callbacks about subscriptions.
//!
//! Run these with `serde_json/arbitrary_precision` too: any crate of a build may turn it on.

use crate::support::{ORDER, fixtures};
use ait_iap::{
    ait_core::{Error, Kind, Outcome},
    webhook::{ChangeReason, Event, StatusChanged, SubscriptionStatus},
};
use ait_testkit::{fixture, logged, places, text, with, without, without_nulls};
use serde_json::{Value, json};

const VERIFICATION: &str = "iap/registration-verification.callback";

fn parse(body: &Value) -> Result<Event, Error> {
    Event::parse(body.to_string())
}

/// The event as it serialises, with its type.
fn read(body: &Value) -> Value {
    let (kind, mut value) = match parse(body).unwrap_or_else(|error| panic!("{body}: {error}")) {
        Event::RegistrationVerification(event) => {
            ("callback.registration_verification", serde_json::to_value(event).unwrap())
        }
        Event::StatusChanged(event) => ("subscription.status_changed", serde_json::to_value(event).unwrap()),
        other => panic!("{body}: {other:?}"),
    };
    value["eventType"] = kind.into();
    value
}

fn changes() -> Vec<String> {
    fixtures(".callback").into_iter().filter(|name| name != VERIFICATION).collect()
}

fn change(name: &str) -> StatusChanged {
    match Event::parse(text(&format!("iap/subscription.{name}.callback"))).unwrap() {
        Event::StatusChanged(change) => *change,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn every_documented_callback_is_read_in_full() {
    assert_eq!(changes().len(), 12);
    for name in fixtures(".callback") {
        assert_eq!(read(&fixture(&name)), without_nulls(&fixture(&name)), "{name}");
        // As it stands in the page, line ends and all, and as bytes.
        assert_eq!(Event::parse(text(&name)).unwrap(), parse(&fixture(&name)).unwrap(), "{name}");
        assert!(Event::parse(format!("\r\n {}", text(&name)).into_bytes()).is_ok(), "{name}");
    }
}

#[test]
fn the_check_of_the_address_is_told_apart() {
    let Event::RegistrationVerification(check) = Event::parse(text(VERIFICATION)).unwrap() else {
        panic!("not the check of the address")
    };
    // 2026-03-01 18:00:00 in Seoul.
    assert_eq!(check.occurred_at.unwrap().unix_seconds(), Some(1_772_355_600));
    let bare = without(&fixture(VERIFICATION), "/occurredAt");
    for (time, kept) in [(json!(null), false), (json!(""), false), (json!("soon"), true)] {
        let check = with(&fixture(VERIFICATION), "/occurredAt", time);
        assert_eq!(read(&check), if kept { check } else { bare.clone() });
    }
    assert_eq!(read(&bare), bare);
}

#[test]
fn what_is_read_means_what_it_should() {
    let created = change("created");
    assert_eq!(created.event_version.as_deref(), Some("1.0"));
    assert_eq!(created.order_id.as_str(), ORDER);
    assert_eq!(created.sku.as_deref(), Some("ait.0000010000.af647449.3bd55cfd00.0000000475"));
    assert_eq!(created.change_reason, Some(ChangeReason::Created));
    // 2026-03-02 09:15:42 in Seoul.
    assert_eq!(created.occurred_at.unwrap().unix_seconds(), Some(1_772_410_542));
    assert_eq!(created.subscription.previous, None);
    let current = created.subscription.current;
    assert_eq!(current.status, Some(SubscriptionStatus::Active));
    assert_eq!((current.access_granted, current.auto_renew), (Some(true), Some(true)));
    assert_eq!(current.expires_at, None, "null is not known, and not for ever");

    let renewed = change("renewed").subscription;
    let end = |state: &ait_iap::webhook::SubscriptionState| {
        state.expires_at.as_ref().and_then(ait_iap::ait_core::Timestamp::unix_seconds)
    };
    // 2026-04-02 and 2026-05-02, 09:15:42 in Seoul.
    assert_eq!(end(renewed.previous.as_ref().unwrap()), Some(1_775_088_942));
    assert_eq!(end(&renewed.current), Some(1_777_680_942));
}

#[test]
fn every_reason_and_status_of_the_samples_is_known() {
    for name in changes() {
        let word = name.trim_start_matches("iap/subscription.").trim_end_matches(".callback");
        let change = change(word);
        let reason = change.change_reason.unwrap();
        assert!(reason.is_known(), "{name}");
        assert_eq!(reason.as_str(), word.replace('-', "_").to_uppercase(), "{name}");
        for state in change.subscription.previous.iter().chain([&change.subscription.current]) {
            assert!(state.status.as_ref().unwrap().is_known(), "{name}");
            assert!(state.access_granted.is_some() && state.auto_renew.is_some(), "{name}");
        }
    }
    let access = |name: &str| change(name).subscription.current.access_granted;
    for (name, granted) in [("on-hold", false), ("expired", false), ("revoked", false), ("recovered", true)] {
        assert_eq!(access(name), Some(granted), "{name}");
    }
}

/// Without these a change says nothing.
const ESSENTIAL: [&str; 3] = ["/orderId", "/subscription", "/subscription/current"];

#[test]
fn any_member_but_the_essential_ones_may_be_missing_null_or_empty() {
    for name in changes() {
        let body = fixture(&name);
        for place in places(&body, |_, _| true) {
            let (dropped, null) = (without(&body, &place), with(&body, &place, Value::Null));
            if ESSENTIAL.contains(&place.as_str()) || place == "/eventType" {
                assert!(parse(&dropped).is_err() && parse(&null).is_err(), "{name} {place}");
                continue;
            }
            for body in [&dropped, &null, &with(&body, &place, json!(""))] {
                assert_eq!(read(body), without_nulls(&dropped), "{name} {place}: {body}");
            }
        }
    }
}

#[test]
fn what_nobody_knows_yet_does_no_harm() {
    for name in changes() {
        let body = fixture(&name);
        for place in ["", "/subscription", "/subscription/current"] {
            for value in [json!(1), json!(2.5), json!(null), json!({ "a": [1, { "b": 2.5 }] })] {
                let mut answer = body.clone();
                answer.pointer_mut(place).unwrap()["eventId"] = value;
                assert_eq!(read(&answer), without_nulls(&body), "{name} {place}");
            }
        }
        for place in ["/changeReason", "/subscription/current/status", "/eventVersion", "/occurredAt"] {
            for text in ["INVENTED_TOMORROW", "새 상태", "active", " "] {
                let new = with(&body, place, json!(text));
                assert_eq!(read(&new), without_nulls(&new), "{name} {place} {text}");
            }
        }
        for (place, value, meaning) in [
            ("/subscription/current/accessGranted", json!("true"), true),
            ("/subscription/current/accessGranted", json!("N"), false),
            ("/subscription/current/autoRenew", json!(0), false),
            ("/subscription/current/autoRenew", json!(1), true),
        ] {
            let read = read(&with(&body, place, value));
            assert_eq!(read.pointer(place), Some(&json!(meaning)), "{name} {place}");
        }
        let read = read(&with(&body, "/eventVersion", json!(2)));
        assert_eq!(read["eventVersion"], json!("2"), "{name}");
    }
}

#[test]
fn an_event_of_an_unknown_type_survives_whole() {
    let raw = "{ \"eventType\" : \"order.refunded\",\n  \"amount\": 1.10, \"orderId\": \"CANARY\" }";
    let Event::Other(other) = Event::parse(raw).unwrap() else { panic!("it is known") };
    assert_eq!((other.event_type.as_str(), other.expose()), ("order.refunded", raw));
    let shown = format!("{other:?} {:#?}", Event::Other(other.clone()));
    assert!(shown.contains("order.refunded") && !shown.contains("CANARY"), "{shown}");
    let Ok(Event::Other(numbered)) = parse(&json!({ "eventType": 7 })) else { panic!("it is no event") };
    assert_eq!(numbered.event_type, "7");
    for kind in ["SUBSCRIPTION.STATUS_CHANGED", "subscription.status_changed ", "", "subscription.created"] {
        let event = parse(&json!({ "eventType": kind })).unwrap();
        assert!(matches!(event, Event::Other(_)), "{kind:?}: {event:?}");
    }
}

#[test]
fn what_is_no_event_is_refused_and_never_quoted() {
    for body in [
        "",
        "CANARY",
        "null",
        "[]",
        "[\"subscription.status_changed\", \"CANARY\"]",
        "[\"order.refunded.CANARY\"]",
        "{\"eventType\":",
        "{}",
        "{\"eventType\":null,\"x\":\"CANARY\"}",
        "{\"eventType\":{\"CANARY\":1}}",
        "{\"eventType\":\"subscription.status_changed\"}",
        "{\"eventType\":\"subscription.status_changed\",\"orderId\":\"CANARY\",\"subscription\":[]}",
        "{\"eventType\":\"subscription.status_changed\",\"orderId\":[\"CANARY\"],\"subscription\":{\"current\":{}}}",
        "{\"eventType\":\"callback.registration_verification\",\"occurredAt\":[\"CANARY\"]}",
        "{\"eventType\":\"a\"} CANARY",
    ] {
        let error = Event::parse(body).unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (Kind::Config, Outcome::NotSent), "{body}");
        let shown = logged(&error);
        assert!(shown.starts_with("callback: must ") && !shown.contains("CANARY"), "{shown}");
    }
    let error = Event::parse([b'{', 0xff, b'}']).unwrap_err();
    assert!(error.to_string().starts_with("callback: must "), "{error}");
    // Nobody reads the text that is none, and still it cannot be kept as it came.
    for kind in ["order.refunded", "callback.registration_verification"] {
        let body = [format!(r#"{{"eventType":"{kind}","note":""#).as_bytes(), b"\xff\"}"].concat();
        assert_eq!(Event::parse(&body).unwrap_err().kind(), Kind::Config, "{kind}");
    }
}

#[test]
fn an_event_is_stored_without_loss() {
    for name in changes() {
        let Ok(Event::StatusChanged(change)) = Event::parse(text(&name)) else { panic!("{name}") };
        let stored = serde_json::to_string(&change).unwrap();
        assert_eq!(serde_json::from_str::<StatusChanged>(&stored).unwrap(), *change, "{name}");
    }
}
