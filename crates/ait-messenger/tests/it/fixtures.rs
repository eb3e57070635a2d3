//! Every documented sample round-trips, and every answer survives what the future may do to it.
//!
//! Run these with `serde_json/arbitrary_precision` too: any crate of a build may turn it on.

use crate::support::{Op, fixtures, payload, without_empties};
use ait_messenger::{SendBulkMessages, SendMessage, SendResult, SendTestMessage};
use ait_testkit::{fixture, key, places, read_both, stored_again, with};
use serde_json::{Value, json};

#[test]
fn every_request_is_stored_and_sent_without_loss() {
    for name in fixtures(".request") {
        let op = Op::of_fixture(&name);
        let mut stored = fixture(&name);
        if op != Op::Bulk {
            stored["user"] = key();
        }
        let (sent, kept) = match op {
            Op::One => stored_again::<SendMessage>(&stored),
            Op::Test => stored_again::<SendTestMessage>(&stored),
            Op::Bulk => stored_again::<SendBulkMessages>(&stored),
        };
        let mut expected = fixture(&name);
        if name.contains("mixed") {
            // The official examples type it as text; it is sent as a number.
            expected["contextList"][0]["userKey"] = json!(443_731_103);
        }
        assert_eq!(sent, expected, "{name}");
        if op != Op::Bulk {
            expected["user"] = key();
        }
        assert_eq!(kept, expected, "{name}");
    }
}

fn decode(payload: &Value) -> Result<Value, serde_json::Error> {
    Ok(without_empties(&read_both::<SendResult>(payload)?))
}

/// What a payload should be read as: the reason under its newer name.
fn expected(payload: &Value) -> Value {
    let text = payload.to_string().replace("\"reachFailReason\"", "\"reachedFailReason\"");
    without_empties(&serde_json::from_str(&text).unwrap())
}

fn responses() -> Vec<(String, Value)> {
    fixtures(".response").into_iter().map(|name| (name.clone(), payload(&name))).collect()
}

#[test]
fn every_answer_is_read_without_loss() {
    assert_eq!(responses().len(), 8);
    for (name, payload) in responses() {
        assert_eq!(decode(&payload).unwrap(), expected(&payload), "{name}");
    }
}

#[test]
fn any_member_may_be_missing_null_or_empty() {
    for (name, payload) in responses() {
        for place in places(&payload, |_, _| true) {
            let (parent, member) = place.rsplit_once('/').unwrap();
            let mut dropped = payload.clone();
            match dropped.pointer_mut(parent).unwrap() {
                Value::Object(members) => members.remove(member).unwrap(),
                _ => continue,
            };
            let (null, empty) = (with(&payload, &place, Value::Null), with(&payload, &place, json!("")));
            for answer in [&dropped, &null, &empty] {
                assert_eq!(decode(answer).unwrap(), expected(&dropped), "{name} {place}");
            }
        }
    }
    assert_eq!(decode(&json!({})).unwrap(), json!({}));
}

#[test]
fn members_nobody_knows_yet_are_ignored() {
    for (name, payload) in responses() {
        let objects = places(&payload, |_, _| true).into_iter().chain([String::new()]);
        for place in objects.filter(|place| payload.pointer(place).unwrap().is_object()) {
            for value in
                [json!(1), json!("x"), json!(null), json!({ "a": { "b": [1, 2.5] } }), json!([[], {}])]
            {
                let mut answer = payload.clone();
                answer.pointer_mut(&place).unwrap()["sentKakaoCount"] = value;
                assert_eq!(decode(&answer).unwrap(), expected(&payload), "{name} {place}");
            }
        }
    }
}

#[test]
fn numbers_in_another_dress_are_the_same_numbers() {
    fn number(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }
    type Dress = fn(&Value) -> Value;
    let dresses: [(&str, Dress); 4] = [
        ("widened", |value| number(&format!("{value}.0"))),
        ("quoted", |value| json!(value.to_string())),
        ("quoted and widened", |value| json!(format!("{value}.00"))),
        ("quoted with blanks", |value| json!(format!(" {value} "))),
    ];
    let mut numbers = 0;
    for (name, payload) in responses() {
        for place in places(&payload, |_, _| true) {
            let value = payload.pointer(&place).unwrap();
            if !value.is_number() {
                continue;
            }
            numbers += 1;
            for (dress, put_on) in dresses {
                let answer = with(&payload, &place, put_on(value));
                assert_eq!(decode(&answer).unwrap(), expected(&payload), "{name} {place} {dress}");
            }
            for big in ["2500", "4294967296", "9007199254740993", "9223372036854775807"] {
                let read = decode(&with(&payload, &place, number(big))).unwrap();
                assert_eq!(read.pointer(&place).unwrap().to_string(), big, "{name} {place}");
            }
            for nonsense in [json!(1.5), json!("many"), json!([1]), json!({})] {
                assert!(decode(&with(&payload, &place, nonsense)).is_err(), "{name} {place}");
            }
        }
    }
    assert_eq!(numbers, 6 * 8);
}

#[test]
fn ids_and_reasons_are_any_text() {
    let mut texts = 0;
    for (name, payload) in responses() {
        for place in places(&payload, |_, _| true) {
            if !payload.pointer(&place).unwrap().is_string() {
                continue;
            }
            texts += 1;
            for text in ["🎉", "INVENTED_TOMORROW", " ", "0931", "null"] {
                let answer = with(&payload, &place, json!(text));
                assert_eq!(decode(&answer).unwrap(), expected(&answer), "{name} {place}");
            }
            let read = decode(&with(&payload, &place, json!(12_345))).unwrap();
            let place = place.replace("reachFailReason", "reachedFailReason");
            assert_eq!(read.pointer(&place), Some(&json!("12345")), "{name} {place}");
        }
    }
    assert!(texts >= 12, "only {texts} texts were looked at");
}

#[test]
fn either_spelling_of_the_reason_is_read_and_the_newer_wins() {
    for (message, reason) in [
        (json!({ "reachedFailReason": "new" }), Some("new")),
        (json!({ "reachFailReason": "old" }), Some("old")),
        (json!({ "reachFailReason": "old", "reachedFailReason": "new" }), Some("new")),
        (json!({ "reachedFailReason": "new", "reachFailReason": "old" }), Some("new")),
        (json!({ "reachFailReason": "old", "reachedFailReason": null }), Some("old")),
        (json!({ "reachFailReason": "old", "reachedFailReason": "" }), Some("old")),
        (json!({ "contentId": 5 }), None),
    ] {
        let payload = json!({ "fail": { "sentSms": [message] } });
        let result: SendResult = serde_json::from_value(payload.clone()).unwrap();
        let (_, found) = result.failures().next().unwrap();
        assert_eq!(found.reached_fail_reason.as_deref(), reason, "{payload}");
    }
}
