//! Every documented sample round-trips, and every answer survives what the future may do to it.
//!
//! Run these with `serde_json/arbitrary_precision` too: any crate of a build may turn it on.

use crate::support::{OBJECT, Op, fixtures};
use ait_promotion::{ExecutePromotion, ExecutedPromotion, ExecutionResult, GetKey, GrantStatus, IssuedKey};
use ait_testkit::{fixture, key, read_both, stored, stored_again};
use serde_json::{Value, json};

fn decode(op: Op, success: &Value) -> Result<Value, serde_json::Error> {
    match op {
        Op::Key => read_both::<IssuedKey>(success),
        Op::Execute => read_both::<ExecutedPromotion>(success),
        Op::Result => read_both::<GrantStatus>(success),
    }
}

fn responses() -> Vec<(String, Op, Value)> {
    let names = fixtures(".response").into_iter().filter(|name| name != OBJECT);
    names.map(|name| (name.clone(), Op::of_fixture(&name), fixture(&name)["success"].clone())).collect()
}

#[test]
fn every_request_is_stored_and_sent_without_loss() {
    for name in fixtures(".request") {
        let mut expected = fixture(&name);
        expected["user"] = key();
        let (sent, kept) = match Op::of_fixture(&name) {
            Op::Key => stored_again::<GetKey>(&expected),
            Op::Execute => stored_again::<ExecutePromotion>(&expected),
            Op::Result => stored_again::<ExecutionResult>(&expected),
        };
        assert_eq!(sent, fixture(&name), "{name}");
        assert_eq!(kept, expected, "{name}");
    }
}

#[test]
fn every_answer_is_read_without_loss() {
    for (name, op, success) in responses() {
        assert_eq!(decode(op, &success).unwrap(), success, "{name}");
    }
    assert!(decode(Op::Result, &fixture(OBJECT)["success"]).is_err());
}

#[test]
fn members_nobody_knows_yet_are_ignored() {
    for (name, op, success) in responses().into_iter().filter(|(_, op, _)| *op != Op::Result) {
        for value in [json!(1), json!("x"), json!(null), json!({ "a": [1, 2.5] }), json!([[], {}])] {
            let mut answer = success.clone();
            answer["aMemberOfTheFuture"] = value.clone();
            assert_eq!(decode(op, &answer).unwrap(), success, "{name} {value}");
        }
    }
}

#[test]
fn a_key_must_be_there_and_is_taken_as_it_comes() {
    for op in [Op::Key, Op::Execute] {
        for missing in [json!(null), json!({}), json!(["x"]), json!("")] {
            assert!(decode(op, &json!({ "key": missing })).is_err(), "{op:?} {missing}");
        }
        assert!(decode(op, &json!({})).is_err(), "{op:?}");
        for text in [" ", "a b", "키", "\u{0}", "null"] {
            let answer = json!({ "key": text });
            assert_eq!(decode(op, &answer).unwrap(), answer, "{op:?} {text:?}");
        }
        assert_eq!(decode(op, &json!({ "key": 17 })).unwrap(), json!({ "key": "17" }), "{op:?}");
    }
}

#[test]
fn a_status_nobody_knows_yet_survives() {
    for text in ["TAKEN_BACK", "", " ", "null", "새로운 값", "success"] {
        assert_eq!(decode(Op::Result, &json!(text)).unwrap(), json!(text));
        assert!(!GrantStatus::from(text).is_known(), "{text:?}");
    }
    for nonsense in [json!(null), json!(true), json!([]), json!({})] {
        assert!(decode(Op::Result, &nonsense).is_err(), "{nonsense}");
    }
}

#[test]
fn amounts_in_another_dress_are_the_same_amounts() {
    let number = |text: &str| -> Value { serde_json::from_str(text).unwrap() };
    for amount in ["10", "9007199254740993", "9223372036854775807"] {
        for dress in [number(amount), json!(amount), json!(format!(" {amount}.00 "))] {
            let mut sample = fixture("promotion/execute-promotion.request");
            sample["amount"] = dress.clone();
            let request: ExecutePromotion = stored(sample, key());
            assert_eq!(request.amount().to_string(), amount, "{dress}");
        }
    }
    for nonsense in [json!(10.5), json!("10.5"), json!("1,000"), json!(true), json!(null)] {
        let mut sample = fixture("promotion/execute-promotion.request");
        sample["amount"] = nonsense.clone();
        sample["user"] = key();
        assert!(serde_json::from_value::<ExecutePromotion>(sample).is_err(), "{nonsense}");
    }
}
