//! The control API over HTTP.

#![cfg(feature = "client")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::needless_pass_by_value, reason = "a body is made where it is sent: json!({…})")]

mod control {
    pub(super) mod desk;
    mod errors;
    mod guard;
    mod index;
    mod masks;
    mod state;
}
