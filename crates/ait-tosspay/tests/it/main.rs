//! The integration tests, in one program: a subject a file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod codes;
mod endpoints;
mod error_codes;
mod failures;
mod fixtures;
mod refunds;
mod resolve;
mod secrets;
mod support;
mod validation;
