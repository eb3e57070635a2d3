//! Every answer survives what the future may do to it.
//!
//! Run these with `serde_json/arbitrary_precision` too: any crate of a build may turn it on.

use crate::support::fixtures;
use ait_iap::Order;
use ait_testkit::{fixture, places, read_both, with, without, without_nulls};
use serde_json::{Value, json};

fn decode(success: &Value) -> Result<Value, serde_json::Error> {
    read_both::<Order>(success)
}

fn responses() -> Vec<(String, Value)> {
    let names = fixtures(".response").into_iter();
    names.map(|name| (name.clone(), fixture(&name)["success"].clone())).collect()
}

#[test]
fn every_answer_is_read_without_loss() {
    assert_eq!(responses().len(), 12);
    for (name, success) in responses() {
        assert_eq!(decode(&success).unwrap(), without_nulls(&success), "{name}");
    }
}

#[test]
fn any_member_but_the_required_ones_may_be_missing_null_or_empty() {
    for (name, success) in responses() {
        for place in places(&success, |_, _| true) {
            let (dropped, null) = (without(&success, &place), with(&success, &place, Value::Null));
            if ["/orderId", "/status"].contains(&place.as_str()) {
                assert!(decode(&dropped).is_err() && decode(&null).is_err(), "{name} {place}");
                let empty = decode(&with(&success, &place, json!("")));
                assert_eq!(empty.is_err(), place == "/orderId", "{name} {place}: nobody's order is no order");
                continue;
            }
            for answer in [&dropped, &null, &with(&success, &place, json!(""))] {
                assert_eq!(decode(answer).unwrap(), without_nulls(&dropped), "{name} {place}: {answer}");
            }
        }
    }
}

#[test]
fn members_nobody_knows_yet_are_ignored() {
    for (name, success) in responses() {
        for value in [json!(1), json!("x"), json!(null), json!({ "a": { "b": [1, 2.5] } }), json!([[], {}])] {
            let mut answer = success.clone();
            answer["refundableAmount"] = value.clone();
            assert_eq!(decode(&answer).unwrap(), without_nulls(&success), "{name} {value}");
        }
    }
}

#[test]
fn values_nobody_knows_yet_survive() {
    for (name, success) in responses() {
        for place in places(&success, |_, _| true) {
            for text in ["INVENTED_TOMORROW", "새 상태", "0931", " ", "null", "purchased"] {
                let answer = with(&success, &place, json!(text));
                assert_eq!(decode(&answer).unwrap(), without_nulls(&answer), "{name} {place} {text}");
            }
        }
    }
}

#[test]
fn text_in_the_dress_of_a_number_is_text() {
    for (name, success) in responses() {
        for place in places(&success, |_, _| true) {
            let read = decode(&with(&success, &place, json!(475))).unwrap();
            assert_eq!(read.pointer(&place), Some(&json!("475")), "{name} {place}");
            for nonsense in [json!({}), json!([1])] {
                assert!(decode(&with(&success, &place, nonsense)).is_err(), "{name} {place}");
            }
        }
    }
}
