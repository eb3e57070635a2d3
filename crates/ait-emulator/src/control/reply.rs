//! What the control API says.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

use super::reading::parse;
use crate::Response;

/// A JSON text to answer with.
#[derive(Debug)]
pub(super) struct Told(pub(super) String);

/// A refusal, in words.
#[derive(Debug)]
pub(super) struct Failure {
    status: u16,
    text: String,
}

impl Failure {
    pub(super) fn new(status: u16, text: impl Into<String>) -> Self {
        Self { status, text: text.into() }
    }

    /// The same with the next step, if the body was wrong: what this call takes.
    pub(super) fn with_next_step(mut self, call: impl FnOnce() -> Option<String>) -> Self {
        if self.status == 400
            && let Some(call) = call()
        {
            self.text = format!("{}; {call}", self.text);
        }
        self
    }

    pub(super) fn response(&self) -> Response {
        Response::json(self.status, json!({"error": self.text}).to_string())
    }
}

pub(super) fn told(value: &impl Serialize) -> Result<Told, Failure> {
    serde_json::to_string(value).map(Told).map_err(|error| Failure::new(500, error.to_string()))
}

/// Done, and there is nothing to tell.
pub(super) fn done() -> Result<Told, Failure> {
    told(&json!({"done": true}))
}

/// Reads a body; an empty one is `{}`. An error names the member.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    let body = if body.is_empty() { b"{}" } else { body };
    parse(body)
}
