//! A decode failure that says where and what was expected, and never what was there.

use std::{error, fmt};

use serde::{Deserialize, de::DeserializeOwned};

use crate::by_name::ByName;

/// Where an answer stopped fitting. serde's own messages quote the value, which may be a token or a phone number; this
/// keeps the path of field names and what was expected there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DecodeError {
    path: String,
    expected: String,
    is_json: bool,
}

impl DecodeError {
    pub(crate) fn not_json() -> Self {
        Self { path: ".".to_owned(), expected: "expected JSON".to_owned(), is_json: false }
    }

    pub(crate) fn missing(path: &str) -> Self {
        Self { path: ".".to_owned(), expected: format!("missing field `{path}`"), is_json: true }
    }

    /// Whether it was JSON at least.
    pub(crate) fn is_json(&self) -> bool {
        self.is_json
    }

    pub(crate) fn within(mut self, parent: &str) -> Self {
        self.path = if self.path == "." { parent.to_owned() } else { format!("{parent}.{}", self.path) };
        self
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at `{}`: {}", self.path, self.expected)
    }
}

impl error::Error for DecodeError {}

/// Decodes JSON on the fast road: what is wrong with it is not told.
pub(crate) fn quickly<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Option<T> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value = T::deserialize(ByName(&mut deserializer)).ok()?;
    deserializer.end().ok().map(|()| value)
}

/// Decodes JSON, keeping field names and dropping values from any complaint.
pub(crate) fn from_slice<T: DeserializeOwned>(json: &[u8]) -> Result<T, DecodeError> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    serde_path_to_error::deserialize(ByName(&mut deserializer)).map_err(|error| {
        let path = plain_path(error.path());
        let error = error.into_inner();
        if error.is_data() {
            DecodeError { path, expected: without_value(&error.to_string()), is_json: true }
        } else {
            DecodeError::not_json()
        }
    })
}

// Keys of a map come from the server: only a key that looks like a field name is repeated.
fn plain_path(path: &serde_path_to_error::Path) -> String {
    let text = path.to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '[' | ']' | '?');
    if text.len() <= 200 && text.chars().all(plain) { text } else { "?".to_owned() }
}

// serde words it "<complaint with the value>, expected <our own words> at line 1 column 2": what follows the last
// "expected" is ours.
fn without_value(message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
    if let Some((_, ours)) = message.rsplit_once(", expected ") {
        return format!("expected {ours}");
    }
    if message.starts_with("missing field `") {
        message.to_owned()
    } else {
        "not the documented form".to_owned()
    }
}
