//! Values that can be recognised, to see where they turn up.

use serde_json::{Number, Value};

/// Stands at the front of every text.
pub const TEXT: &str = "canary7391";
/// Stands at the end of every number.
pub const DIGITS: &str = "73917391";

/// The same JSON with a canary in each value, at any depth. `None` if it is no JSON. Texts that decide the form of an
/// answer are left as they are: those of `keep`.
#[must_use]
pub fn planted(json: &[u8], keep: &[&str]) -> Option<Vec<u8>> {
    let mut value = serde_json::from_slice(json).ok()?;
    plant(&mut value, keep);
    serde_json::to_vec(&value).ok()
}

fn plant(value: &mut Value, keep: &[&str]) {
    match value {
        Value::String(text) if !keep.contains(&text.as_str()) => text.insert_str(0, TEXT),
        Value::Number(number) => {
            let longer = format!("{number}{DIGITS}").parse::<Number>();
            if let Ok(longer) = longer {
                *number = longer;
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| plant(value, keep)),
        Value::Object(members) => members.values_mut().for_each(|value| plant(value, keep)),
        _ => {}
    }
}

/// No canary sings in this text.
#[track_caller]
pub fn silent(text: &str) {
    assert!(!text.contains(TEXT) && !text.contains(DIGITS), "a value is quoted: {text}");
}
