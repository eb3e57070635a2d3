//! What the fuzz targets have in common: a server that answers with any bytes, and what must hold of an error.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a finding is a panic")]

pub mod canary;
pub mod claims;
pub mod server;

use ait_core::Error;

/// All that an error and its sources could leave in a log.
#[must_use]
pub fn logged(error: &Error) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}\n{:?}", error.ticket());
    let mut next = std::error::Error::source(error);
    while let Some(source) = next {
        text.push_str(&format!("\n{source}\n{source:?}"));
        next = source.source();
    }
    text
}
