//! The integration tests, in one program: a subject a file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod decryptor;
mod endpoints;
mod example;
mod failures;
mod fixtures;
mod secrets;
mod session;
mod support;
mod token;
mod unlink;
mod validation;
