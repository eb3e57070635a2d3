//! An answer, and what it rests on.

use std::fmt;

use serde::Serialize;

/// What an answer rests on. It is told in the header `x-emulator-basis`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Basis {
    /// A sentence or a table of the documentation says so.
    Documented(&'static str),
    /// A sample of the documentation looks so, and no sentence says it.
    Sample(&'static str),
    /// Nobody has documented it; the text names the switch, or the assumption.
    Assumed(&'static str),
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, by) = match self {
            Self::Documented(by) => ("documented", by),
            Self::Sample(by) => ("sample", by),
            Self::Assumed(by) => ("assumed", by),
        };
        write!(f, "{kind}:{by}")
    }
}

/// An answer before it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Header fields beside those that every answer has.
    pub headers: Vec<(&'static str, String)>,
    /// The JSON text.
    pub body: String,
    /// The code of a refusal, for logs and faults.
    pub code: Option<String>,
    /// What it rests on.
    pub basis: Basis,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &impl Serialize, basis: Basis) -> Self {
        // The bodies are maps with text keys, which JSON can always say.
        let body = serde_json::to_string(body).unwrap_or_default();
        Self { status, headers: Vec::new(), body, code: None, basis }
    }

    pub(crate) fn with_code(mut self, code: &str) -> Self {
        self.code = Some(code.to_owned());
        self
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
