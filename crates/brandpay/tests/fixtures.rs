//! Every documented answer is read without loss, and survives what the future may do to it.
//!
//! Run these with `serde_json/arbitrary_precision` too: any crate of a build may turn it on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use brandpay::{ait_core::Endpoint, *};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use support::{Op, fixture, fixtures, plain};

fn read<T: Serialize + DeserializeOwned>(answer: &Value) -> Result<Value, serde_json::Error> {
    let from_text = serde_json::to_value(serde_json::from_str::<T>(&answer.to_string())?)?;
    let from_value = serde_json::to_value(serde_json::from_value::<T>(answer.clone())?)?;
    assert_eq!(from_text, from_value);
    Ok(from_text)
}

fn decode(op: Op, answer: &Value) -> Result<Value, serde_json::Error> {
    fn of<E: Endpoint>(answer: &Value) -> Result<Value, serde_json::Error>
    where
        E::Response: Serialize,
    {
        read::<E::Response>(answer)
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
    let names = fixtures(|name| name.ends_with(".response"));
    names.into_iter().map(|name| (name.clone(), Op::of_fixture(&name), fixture(&name))).collect()
}

/// What must be there. Everything else may go.
const REQUIRED: [&str; 8] =
    ["paymentKey", "orderId", "status", "id", "methodKey", "customerKey", "accessToken", "code"];

/// What cannot be an empty text either.
const IDENTITY: [&str; 4] = ["paymentKey", "orderId", "methodKey", "customerKey"];

fn is_required(op: Op, path: &[String]) -> bool {
    let name = path.last().unwrap().as_str();
    let payment = Op::MONEY.contains(&op) || op.word() == "payment";
    match name {
        "paymentKey" => true,
        "orderId" | "status" => payment && path.len() == 1,
        "code" => op == Op::AgreeTerms,
        name => REQUIRED.contains(&name),
    }
}

fn visit(value: &Value, path: &mut Vec<String>, look: &mut impl FnMut(&[String], &Value)) {
    look(path, value);
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, member)| (name.clone(), member)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(at, one)| (at.to_string(), one)).collect(),
        _ => return,
    };
    for (name, member) in members {
        path.push(name);
        visit(member, path, look);
        path.pop();
    }
}

fn places(value: &Value, chosen: impl Fn(&[String], &Value) -> bool) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    visit(value, &mut Vec::new(), &mut |path, value| {
        if !path.is_empty() && chosen(path, value) {
            found.push(path.to_vec());
        }
    });
    found
}

fn put(value: &Value, path: &[String], new: Option<Value>) -> Value {
    let mut changed = value.clone();
    let (last, parents) = path.split_last().unwrap();
    let parent = parents.iter().fold(&mut changed, |value, name| match value {
        Value::Array(list) => &mut list[name.parse::<usize>().unwrap()],
        other => &mut other[name.as_str()],
    });
    match (parent, new) {
        (Value::Array(list), Some(new)) => list[last.parse::<usize>().unwrap()] = new,
        (parent, Some(new)) => parent[last.as_str()] = new,
        (parent, None) => drop(parent.as_object_mut().unwrap().remove(last)),
    }
    changed
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
        for path in places(&answer, |path, _| path.last().is_some_and(|name| name.parse::<u32>().is_err())) {
            if path.iter().any(|name| name == "metadata") && path.len() > 1 {
                continue;
            }
            for new in [None, Some(Value::Null), Some(json!(""))] {
                let read = decode(op, &put(&answer, &path, new.clone()));
                if !is_required(op, &path) {
                    assert!(read.is_ok(), "{name} {path:?} {new:?}: {read:?}");
                } else if new != Some(json!("")) || IDENTITY.contains(&path.last().unwrap().as_str()) {
                    assert!(read.is_err(), "{name} {path:?} {new:?}");
                }
            }
        }
    }
}

#[test]
fn members_and_values_nobody_knows_yet_survive() {
    for (name, op, answer) in answers() {
        for path in places(&answer, |_, value| value.is_object()) {
            let mut future = path.clone();
            future.push("aMemberOfTheFuture".into());
            if path.iter().any(|name| name == "metadata") {
                continue;
            }
            let changed = put(&answer, &future, Some(json!({ "a": [1, 2.5, {}] })));
            assert_eq!(decode(op, &changed).unwrap(), decode(op, &answer).unwrap(), "{name} {path:?}");
        }
        for path in places(&answer, |_, value| value.is_string()) {
            for text in ["FOUNDED_TOMORROW", "새 은행", "0931", " "] {
                let changed = put(&answer, &path, Some(json!(text)));
                let read =
                    decode(op, &changed).unwrap_or_else(|error| panic!("{name} {path:?} {text}: {error}"));
                let mut kept = false;
                visit(&read, &mut Vec::new(), &mut |_, value| kept |= value == text);
                assert!(kept, "{name} {path:?} {text}");
            }
        }
    }
}

#[test]
fn numbers_in_another_dress_are_the_same_numbers() {
    for (name, op, answer) in answers() {
        for path in places(&answer, |_, value| value.is_number()) {
            let pointer = format!("/{}", path.join("/"));
            let number = answer.pointer(&pointer).unwrap().to_string();
            let widened = if number.contains('.') { format!("{number}0") } else { format!("{number}.0") };
            for dress in [widened.clone(), format!("\"{number}\""), format!("\"{widened}\"")] {
                let changed = put(&answer, &path, Some(serde_json::from_str(&dress).unwrap()));
                assert_eq!(
                    decode(op, &changed).unwrap(),
                    decode(op, &answer).unwrap(),
                    "{name} {path:?} {dress}"
                );
            }
        }
    }
}

#[test]
fn every_request_is_stored_and_sent_without_loss() {
    fn both<E: Endpoint + Serialize + DeserializeOwned>(stored: Value) -> Value {
        let request: E = serde_json::from_value(stored).unwrap();
        let again: E = serde_json::from_str(&serde_json::to_string(&request).unwrap()).unwrap();
        let sent = serde_json::to_value(request.body()).unwrap();
        assert_eq!(serde_json::to_value(again.body()).unwrap(), sent);
        serde_json::to_value(&request).unwrap()
    }
    for name in fixtures(|name| name.ends_with(".request")) {
        let op = Op::of_fixture(&name);
        let mut body = fixture(&name);
        if let Some(amount) = body["amount"].as_str() {
            body["amount"] = amount.parse::<i64>().unwrap().into();
        }
        let stored = op.stored(Some(body));
        let kept = match op {
            Op::AgreeTerms => both::<AgreeTerms>(stored.clone()),
            Op::AccessToken => both::<IssueAccessToken>(stored.clone()),
            Op::RemoveCard => both::<RemoveCard>(stored.clone()),
            Op::RemoveAccount => both::<RemoveAccount>(stored.clone()),
            Op::Confirm => both::<Confirm>(stored.clone()),
            Op::AutomaticPayment => both::<AutomaticPayment>(stored.clone()),
            _ => both::<Cancel>(stored.clone()),
        };
        assert_eq!(kept, stored, "{name}");
    }
}
