//! The integration tests, in one program: a subject a file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod api;
mod callbacks;
mod codes;
mod control;
mod emulator;
mod emulator_state;
mod faults;
mod net;
mod page;
mod pay_resolve;
