//! Reading JSON, and naming the member that an error is about.

use serde::de::DeserializeOwned;

use super::reply::Failure;
use crate::api::by_member;

/// Reads a JSON text; an error names the member.
pub(super) fn parse<T: DeserializeOwned>(text: &[u8]) -> Result<T, Failure> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let read = serde_path_to_error::deserialize(&mut deserializer);
    let read = read.map_err(|error| {
        if error.inner().is_data() {
            return Failure::new(400, by_member(&error));
        }
        Failure::new(400, format!("the body is not JSON: {}", error.inner()))
    })?;
    let end = deserializer.end();
    end.map(|()| read).map_err(|error| Failure::new(400, format!("the body is not JSON: {error}")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::parse;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only read")]
    struct Thing {
        seconds: u64,
        #[serde(default)]
        parts: BTreeMap<String, Vec<u8>>,
    }

    #[test]
    fn the_member_is_named() {
        for (text, says) in [
            (r#"{"seconds": "1"}"#, "`seconds`: invalid type: string"),
            (r#"{"seconds": -1}"#, "`seconds`: invalid value: integer `-1`"),
            (
                r#"{"parts": {"a": [1], "b{\",": [1, 2, 300]}, "seconds": 1}"#,
                r#"`parts.b{",[2]`: invalid value"#,
            ),
            ("{\n \"parts\": {\"a\": [1],\n \"b\": {}}}", "`parts.b`: invalid type: map"),
            (r#"{"parts": {"a": []}}"#, "missing field `seconds`"),
            (r#"{"minutes": 1}"#, "unknown field `minutes`"),
            ("[]", "invalid"),
            ("7", "invalid type: integer `7`"),
            ("{", "the body is not JSON: EOF"),
        ] {
            let told = format!("{:?}", parse::<Thing>(text.as_bytes()).unwrap_err());
            let told = told.replace("\\\\", "\\").replace("\\\"", "\"");
            assert!(told.contains(says), "{text}: {told}");
        }
    }
}
