//! A request, as far as the API cares.

use bytes::Bytes;
use http::{
    HeaderMap,
    header::{AsHeaderName, CONTENT_TYPE},
};

/// Which of the two APIs was asked: they have a port each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Face {
    /// Apps in Toss and Toss Pay, behind mutual TLS.
    AppsInToss,
    /// Toss Payments BrandPay, behind Basic and Bearer.
    BrandPay,
}

/// A request, as far as the API cares.
#[derive(Clone, Debug)]
#[allow(clippy::exhaustive_structs, reason = "callers build it, and it has every part that a request has")]
pub struct Request {
    /// Where it came in.
    pub face: Face,
    /// The method, in capitals.
    pub method: String,
    /// The path without the query, as it was sent.
    pub path: String,
    /// The query without its question mark; empty if there is none.
    pub query: String,
    /// The header fields.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// The common name in the client's certificate: the mini-app.
    pub app: Option<String>,
}

impl Request {
    /// A header, if it is there once and is text.
    pub fn header(&self, name: impl AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// What the body is said to be, where it is not said to be JSON, which it is read as.
    pub(crate) fn not_json(&self) -> Option<String> {
        if self.body.is_empty() {
            return None;
        }
        let Some(said) = self.headers.get(CONTENT_TYPE) else {
            return Some("`content-type` is missing: it must be application/json".to_owned());
        };
        let said = String::from_utf8_lossy(said.as_bytes());
        let kind = said.split(';').next().unwrap_or_default().trim();
        if kind.eq_ignore_ascii_case("application/json") {
            return None;
        }
        let kind: String = kind.chars().take(60).flat_map(char::escape_default).collect();
        Some(format!("`content-type` must be application/json, not `{kind}`"))
    }

    /// Splits a target into path and query.
    #[must_use]
    pub fn split(target: &str) -> (&str, &str) {
        target.split_once('?').unwrap_or((target, ""))
    }
}
