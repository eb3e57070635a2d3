//! The control API over HTTP.

#![cfg(feature = "client")]
#![allow(clippy::needless_pass_by_value, reason = "a body is made where it is sent: json!({…})")]

pub(crate) mod desk;
mod errors;
mod guard;
mod index;
mod masks;
mod pages;
mod state;
