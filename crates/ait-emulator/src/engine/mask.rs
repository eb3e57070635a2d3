//! What of a text may be seen.

use serde_json::Value;

/// Members whose values are secrets, or personal.
const SECRET: [&str; 26] = [
    "accesstoken",
    "accountnumber",
    "agreedterms",
    "anonkey",
    "authorizationcode",
    "birthday",
    "cardnumber",
    "ci",
    "code",
    "customeremail",
    "customerkey",
    "customermobilephone",
    "email",
    "gender",
    "key",
    "methodkey",
    "mobilephone",
    "name",
    "nationality",
    "paymentkey",
    "paytoken",
    "phone",
    "refreshtoken",
    "rrn",
    "secret",
    "userkey",
];

/// The beginning, so that two texts can be told apart: a quarter of it, four characters at most.
pub(super) fn text(text: &str) -> String {
    let shown = (text.chars().count() / 4).min(4);
    let mut masked: String = text.chars().take(shown).collect();
    masked.push('…');
    masked
}

/// A path in which long segments with a digit, which may be keys, are masked.
pub(super) fn path(path: &str) -> String {
    let may_be_key = |part: &str| part.len() >= 16 && part.bytes().any(|byte| byte.is_ascii_digit());
    let parts = path.split('/').map(|part| if may_be_key(part) { text(part) } else { part.to_owned() });
    parts.collect::<Vec<_>>().join("/")
}

/// A body with its secrets masked. What is not JSON is told by its length.
pub(crate) fn body(bytes: &[u8]) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    match serde_json::from_slice(bytes) {
        Ok(mut value) => {
            members(&mut value);
            value
        }
        Err(_) => Value::String(format!("{} bytes that are not JSON", bytes.len())),
    }
}

fn members(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(members),
        Value::Object(map) => {
            for (name, value) in map {
                if SECRET.contains(&name.to_ascii_lowercase().as_str()) && !is_error_code(name, value) {
                    *value = hidden(value);
                } else {
                    members(value);
                }
            }
        }
        _ => {}
    }
}

// `code` is an authorization code in one place and the code of a refusal in another.
fn is_error_code(name: &str, value: &Value) -> bool {
    let plain = |code: &str| {
        code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    };
    name == "code" && (value.is_number() || value.as_str().is_some_and(plain))
}

fn hidden(value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::String(secret) => Value::String(text(secret)),
        Value::Number(number) => Value::String(text(&number.to_string())),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => Value::String("…".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::body;

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        let sent = json!({"success": {"accessToken": "eyJraWQiOiJjZXJ0In0", "list": [{"ci": 7, "phone": null}], "code": 0}});
        let shown = body(sent.to_string().as_bytes());
        assert_eq!(
            shown,
            json!({"success": {"accessToken": "eyJr…", "list": [{"ci": "…", "phone": null}], "code": 0}})
        );
        let codes = body(br#"{"code":"NOT_FOUND_PAYMENT","errorCode":"4113"}"#);
        assert_eq!(codes, json!({"code": "NOT_FOUND_PAYMENT", "errorCode": "4113"}));
        assert_eq!(body(b"<html>"), json!("6 bytes that are not JSON"));
    }
}
