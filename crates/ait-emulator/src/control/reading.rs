//! Which member of a JSON text an error is about: serde tells the place, and not always the name.

use serde::de::{DeserializeOwned, IgnoredAny};

use super::reply::Failure;

/// Reads a JSON text; an error names the member.
pub(super) fn parse<T: DeserializeOwned>(text: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(text).map_err(|error| {
        // Of a name that must be a number, serde says that the text is none.
        if !error.is_data() && serde_json::from_slice::<IgnoredAny>(text).is_err() {
            return Failure::new(400, format!("the body is not JSON: {error}"));
        }
        let words = error.to_string();
        let rule = words.rsplit_once(" at line ").map_or(words.as_str(), |(rule, _)| rule);
        let place = member(text, error.line(), error.column());
        // What is unknown or missing is named by the rule itself.
        let whole =
            place.is_empty() || rule.starts_with("missing field") || rule.starts_with("unknown field");
        Failure::new(400, if whole { rule.to_owned() } else { format!("`{place}`: {rule}") })
    })
}

/// The path of the member that is being read at this place: `faults.armed.0`.
fn member(text: &[u8], line: usize, column: usize) -> String {
    let before: usize =
        text.split_inclusive(|byte| *byte == b'\n').take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    let end = before.saturating_add(column).min(text.len());
    let (mut path, mut expects_name, mut at) = (Vec::<Step>::new(), false, 0);
    while let Some(byte) = text.get(at).filter(|_| at < end) {
        at += 1;
        match byte {
            b'{' => {
                path.push(Step::Name(String::new()));
                expects_name = true;
            }
            b'[' => path.push(Step::Index(0)),
            b'}' | b']' if at < end => drop(path.pop()),
            b',' => match path.last_mut() {
                Some(Step::Index(index)) => *index += 1,
                _ => expects_name = true,
            },
            b'"' => {
                let (name, after) = text_at(text, at);
                if let (Some(Step::Name(known)), true) = (path.last_mut(), expects_name) {
                    (*known, expects_name) = (name, false);
                }
                at = after;
            }
            _ => {}
        }
    }
    let steps = path.iter().map(|step| match step {
        Step::Name(name) => name.clone(),
        Step::Index(index) => index.to_string(),
    });
    steps.filter(|step| !step.is_empty()).collect::<Vec<_>>().join(".")
}

enum Step {
    Name(String),
    Index(usize),
}

/// The text that begins here, and the place behind its closing quote.
fn text_at(text: &[u8], begin: usize) -> (String, usize) {
    let mut at = begin;
    while let Some(byte) = text.get(at).filter(|byte| **byte != b'"') {
        at += if *byte == b'\\' { 2 } else { 1 };
    }
    let name = text.get(begin..at).map(String::from_utf8_lossy).unwrap_or_default();
    (name.chars().take(60).collect(), at + 1)
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
                r#"`parts.b{\",.2`: invalid value"#,
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
