//! The program.

#![cfg(all(feature = "cli", feature = "client", unix))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod program {
    mod dropped;
    mod env;
    mod exec;
    mod killed;
    mod matrix;
    pub(super) mod run;
    mod serve;
}
