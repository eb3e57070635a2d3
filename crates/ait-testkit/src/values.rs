//! JSON: what stands where, and the same with something else there. A place is a JSON pointer, `/subscription/current`.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Decodes both ways serde_json knows, which take different roads, and serialises again.
#[track_caller]
pub fn read_both<T: Serialize + DeserializeOwned>(value: &Value) -> Result<Value, serde_json::Error> {
    let from_text = serde_json::to_value(serde_json::from_str::<T>(&value.to_string())?)?;
    let from_value = serde_json::to_value(serde_json::from_value::<T>(value.clone())?)?;
    assert_eq!(from_text, from_value);
    Ok(from_text)
}

/// Shows `look` the value and all in it, at any depth, each with the names on the way to it.
pub fn visit(value: &Value, look: &mut impl FnMut(&[String], &Value)) {
    fn walk(value: &Value, path: &mut Vec<String>, look: &mut impl FnMut(&[String], &Value)) {
        look(path, value);
        let members: Vec<(String, &Value)> = match value {
            Value::Object(members) => members.iter().map(|(name, member)| (name.clone(), member)).collect(),
            Value::Array(elements) => {
                elements.iter().enumerate().map(|(index, element)| (index.to_string(), element)).collect()
            }
            _ => return,
        };
        for (name, member) in members {
            path.push(name);
            walk(member, path, look);
            path.pop();
        }
    }
    walk(value, &mut Vec::new(), look);
}

/// The places of all members and elements that `chosen` accepts, at any depth.
pub fn places(value: &Value, chosen: impl Fn(&[String], &Value) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    visit(value, &mut |path, value| {
        if !path.is_empty() && chosen(path, value) {
            found.push(format!("/{}", path.join("/")));
        }
    });
    found
}

/// The same with another value at this place, which is there.
#[track_caller]
pub fn with(value: &Value, place: &str, new: Value) -> Value {
    let mut changed = value.clone();
    *changed.pointer_mut(place).unwrap() = new;
    changed
}

/// The same without the member at this place.
#[track_caller]
pub fn without(value: &Value, place: &str) -> Value {
    let (parent, member) = place.rsplit_once('/').unwrap();
    let mut dropped = value.clone();
    dropped.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(member).unwrap();
    dropped
}

/// The same without members that are `null`, at any depth.
pub fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(_, member)| !member.is_null())
            .map(|(name, member)| (name.clone(), without_nulls(member)))
            .collect(),
        Value::Array(elements) => elements.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

/// What identifies a payment, an order or a grant, in a request and in the answer to it.
const IDENTIFIERS: [&str; 6] = ["payToken", "orderNo", "key", "orderId", "paymentKey", "methodKey"];

/// `sample` with the identifiers that `other` has: an answer that fits a request, or a request that fits an answer. The
/// documented samples of one call disagree about them, and an answer about something else counts for nothing.
#[must_use]
pub fn fitting(sample: &Value, other: &Value) -> Value {
    let mut fitting = sample.clone();
    let other = other.get("success").filter(|payload| payload.is_object()).unwrap_or(other);
    let payload = match &mut fitting {
        Value::Object(envelope) if envelope.get("success").is_some_and(Value::is_object) => {
            envelope["success"].as_object_mut()
        }
        payload => payload.as_object_mut(),
    };
    let Some(payload) = payload else { return fitting };
    let mut take = |name: &str, other_name: &str| {
        if let Some(value) = other.get(other_name).filter(|value| value.is_string() || value.is_number()) {
            payload.entry(name).and_modify(|found| *found = value.clone());
        }
    };
    IDENTIFIERS.into_iter().for_each(|name| take(name, name));
    take("totalAmount", "amount");
    take("amount", "totalAmount");
    fitting
}
