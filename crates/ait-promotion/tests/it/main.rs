//! The integration tests, in one program: a subject a file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod endpoints;
mod failures;
mod fixtures;
mod grant;
mod grant_dates;
mod grant_pace;
mod grant_retry;
mod model;
mod mutants;
mod resolve;
mod secrets;
mod support;
mod transitions;
mod validation;
