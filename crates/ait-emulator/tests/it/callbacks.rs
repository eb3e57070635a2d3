//! What the emulator tells a shop by itself, read by the parsers of the product crates.

#![cfg(feature = "client")]
#![allow(clippy::needless_pass_by_value, reason = "a body is made where it is sent: json!({…})")]

mod addresses;
mod brandpay;
mod customer;
mod ids;
mod kept;
mod odd_outbox;
mod retries;
mod secrets;
mod shop;
mod subscription;
mod till;
mod under_way;
mod unlink;
