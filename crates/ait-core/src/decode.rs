//! A decode failure that says where and what was expected, and never what was there.

use std::{error, fmt};

use serde::de::DeserializeOwned;
use serde_json::Value;

/// Where an answer stopped fitting. serde's own messages quote the value, which may be a token or a phone number; this
/// keeps the path of field names and what was expected there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DecodeError {
    path: String,
    expected: String,
}

impl DecodeError {
    pub(crate) fn not_json() -> Self {
        Self { path: ".".to_owned(), expected: "expected JSON".to_owned() }
    }

    pub(crate) fn missing(path: &str) -> Self {
        Self { path: ".".to_owned(), expected: format!("missing field `{path}`") }
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

/// Decodes `value`, keeping field names and dropping values from any complaint.
pub(crate) fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, DecodeError> {
    serde_path_to_error::deserialize(value).map_err(|error| DecodeError {
        path: plain_path(error.path()),
        expected: without_value(&error.into_inner().to_string()),
    })
}

// Keys of a map come from the server: only a key that looks like a field name is repeated.
fn plain_path(path: &serde_path_to_error::Path) -> String {
    let text = path.to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '[' | ']' | '?');
    if text.len() <= 200 && text.chars().all(plain) { text } else { "?".to_owned() }
}

// serde words it "<complaint with the value>, expected <our own words>": what follows the last "expected" is ours.
fn without_value(message: &str) -> String {
    if let Some((_, ours)) = message.rsplit_once(", expected ") {
        return format!("expected {ours}");
    }
    if message.starts_with("missing field `") {
        message.to_owned()
    } else {
        "not the documented form".to_owned()
    }
}
