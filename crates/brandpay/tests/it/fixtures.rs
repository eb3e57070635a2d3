//! Every documented answer is read without loss, and survives what the future may do to it.
//!
//! Run these with `serde_json/arbitrary_precision` too: any crate of a build may turn it on.

use crate::support::{Op, fixture, fixtures, plain};
use ait_testkit::{places, read_both, stored_again, visit, with, without};
use brandpay::{ait_core::Endpoint, *};
use serde::Serialize;
use serde_json::{Value, json};

fn decode(op: Op, answer: &Value) -> Result<Value, serde_json::Error> {
    fn of<E: Endpoint>(answer: &Value) -> Result<Value, serde_json::Error>
    where
        E::Response: Serialize,
    {
        read_both::<E::Response>(answer)
    }
    match op {
        Op::Terms => of::<Terms>(answer),
        Op::AgreeTerms => of::<AgreeTerms>(answer),
        Op::AccessToken => of::<IssueAccessToken>(answer),
        Op::MethodsByToken | Op::MethodsByCustomer => of::<MethodsByToken>(answer),
        Op::RemoveCard => of::<RemoveCard>(answer),
        Op::RemoveAccount => of::<RemoveAccount>(answer),
        Op::RemoveCustomer => of::<RemoveCustomer>(answer),
        Op::CardPromotions => of::<CardPromotions>(answer),
        Op::BankPromotions => of::<BankPromotions>(answer),
        Op::AllPromotions => of::<AllPromotions>(answer),
        Op::AllCardPromotions => of::<AllCardPromotions>(answer),
        _ => of::<Confirm>(answer),
    }
}

fn answers() -> Vec<(String, Op, Value)> {
    let names = fixtures(".response");
    names.into_iter().map(|name| (name.clone(), Op::of_fixture(&name), fixture(&name))).collect()
}

/// What must be there. Everything else may go.
const REQUIRED: [&str; 8] =
    ["paymentKey", "orderId", "status", "id", "methodKey", "customerKey", "accessToken", "code"];

/// What cannot be an empty text either.
const IDENTITY: [&str; 4] = ["paymentKey", "orderId", "methodKey", "customerKey"];

fn is_required(op: Op, place: &str) -> bool {
    let (parent, name) = place.rsplit_once('/').unwrap();
    let payment = Op::MONEY.contains(&op) || op.word() == "payment";
    match name {
        "paymentKey" => true,
        "orderId" | "status" => payment && parent.is_empty(),
        "code" => op == Op::AgreeTerms,
        name => REQUIRED.contains(&name),
    }
}

/// Metadata hold what the shop wrote.
fn is_of_the_shop(place: &str) -> bool {
    place.split('/').any(|name| name == "metadata")
}

#[test]
fn every_answer_is_read_without_loss() {
    for (name, op, answer) in answers() {
        let expected = plain(&answer);
        // One promotion that stands alone is a list of one.
        let expected =
            if op == Op::AllPromotions && expected.is_object() { json!([expected]) } else { expected };
        assert_eq!(decode(op, &answer).unwrap(), expected, "{name}");
    }
}

#[test]
fn any_member_but_the_required_ones_may_be_missing_null_or_empty() {
    for (name, op, answer) in answers() {
        for place in places(&answer, |path, _| path.last().is_some_and(|name| name.parse::<u32>().is_err())) {
            let (parent, member) = place.rsplit_once('/').unwrap();
            if is_of_the_shop(&place) && !parent.is_empty() {
                continue;
            }
            for new in [None, Some(Value::Null), Some(json!(""))] {
                let changed = match new.clone() {
                    None => without(&answer, &place),
                    Some(new) => with(&answer, &place, new),
                };
                let read = decode(op, &changed);
                if !is_required(op, &place) {
                    assert!(read.is_ok(), "{name} {place} {new:?}: {read:?}");
                } else if new != Some(json!("")) || IDENTITY.contains(&member) {
                    assert!(read.is_err(), "{name} {place} {new:?}");
                }
            }
        }
    }
}

#[test]
fn members_and_values_nobody_knows_yet_survive() {
    for (name, op, answer) in answers() {
        for place in places(&answer, |_, value| value.is_object()) {
            if is_of_the_shop(&place) {
                continue;
            }
            let mut changed = answer.clone();
            changed.pointer_mut(&place).unwrap()["aMemberOfTheFuture"] = json!({ "a": [1, 2.5, {}] });
            assert_eq!(decode(op, &changed).unwrap(), decode(op, &answer).unwrap(), "{name} {place}");
        }
        for place in places(&answer, |_, value| value.is_string()) {
            for text in ["FOUNDED_TOMORROW", "새 은행", "0931", " "] {
                let changed = with(&answer, &place, json!(text));
                let read =
                    decode(op, &changed).unwrap_or_else(|error| panic!("{name} {place} {text}: {error}"));
                let mut kept = false;
                visit(&read, &mut |_, value| kept |= value == text);
                assert!(kept, "{name} {place} {text}");
            }
        }
    }
}

#[test]
fn numbers_in_another_dress_are_the_same_numbers() {
    for (name, op, answer) in answers() {
        for place in places(&answer, |_, value| value.is_number()) {
            let number = answer.pointer(&place).unwrap().to_string();
            let widened = if number.contains('.') { format!("{number}0") } else { format!("{number}.0") };
            for dress in [widened.clone(), format!("\"{number}\""), format!("\"{widened}\"")] {
                let changed = with(&answer, &place, serde_json::from_str(&dress).unwrap());
                assert_eq!(
                    decode(op, &changed).unwrap(),
                    decode(op, &answer).unwrap(),
                    "{name} {place} {dress}"
                );
            }
        }
    }
}

#[test]
fn every_request_is_stored_and_sent_without_loss() {
    for name in fixtures(".request") {
        let op = Op::of_fixture(&name);
        let mut body = fixture(&name);
        if let Some(amount) = body["amount"].as_str() {
            body["amount"] = amount.parse::<i64>().unwrap().into();
        }
        let stored = op.stored(Some(body));
        let (_, kept) = match op {
            Op::AgreeTerms => stored_again::<AgreeTerms>(&stored),
            Op::AccessToken => stored_again::<IssueAccessToken>(&stored),
            Op::RemoveCard => stored_again::<RemoveCard>(&stored),
            Op::RemoveAccount => stored_again::<RemoveAccount>(&stored),
            Op::Confirm => stored_again::<Confirm>(&stored),
            Op::AutomaticPayment => stored_again::<AutomaticPayment>(&stored),
            _ => stored_again::<Cancel>(&stored),
        };
        assert_eq!(kept, stored, "{name}");
    }
}
