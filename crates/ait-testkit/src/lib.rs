//! What the tests of the products have in common: documented samples, a server that remembers, errors, and JSON by
//! places.
//!
//! Products name it among their dev-dependencies by path alone. It knows no type of theirs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod errors;
mod samples;
mod server;
mod values;

pub use self::{
    errors::{logged, names},
    samples::{USER_KEY, fixture, fixtures, key, page, stored, stored_again, text},
    server::{
        Seen, answer, answers, at_once, client, head, header, headers, one, sent, serve, target, users,
    },
    values::{fitting, places, read_both, visit, with, without, without_nulls},
};
