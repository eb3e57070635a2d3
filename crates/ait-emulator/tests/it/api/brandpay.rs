//! BrandPay, without I/O.

#![allow(clippy::needless_pass_by_value, reason = "a body is made where it is sent: json!({…})")]

mod access;
mod audit;
mod automatic;
mod cancels;
mod client_types;
mod codes;
mod confirms;
mod customers;
mod desk;
mod idempotency;
mod methods;
mod odd_input;
mod promotions;
mod repeatable;
mod switches;
mod terms;
