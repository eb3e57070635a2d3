//! The integration tests, in one program: a subject a file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod amount;
mod endpoints;
mod failures;
mod fixtures;
mod idempotency;
mod known;
mod payment;
mod redirect;
mod refusals;
mod resolve;
mod secrets;
mod shapes;
mod support;
mod unchecked;
mod validation;
mod webhook;
