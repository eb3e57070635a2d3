//! What broke, for the message and for the level below it. Private: nothing of snafu is public.

use std::{borrow::Cow, error};

use snafu::{Location, Snafu};

use super::Phase;
use crate::{Mismatch, decode::DecodeError};

pub(crate) type BoxError = Box<dyn error::Error + Send + Sync>;

#[derive(Debug, Snafu)]
#[snafu(visibility(pub(crate)))]
pub(crate) enum Cause {
    #[snafu(display("{field}: {rule}"))]
    Invalid {
        field: &'static str,
        rule: String,
        #[snafu(implicit)]
        at: Location,
    },
    #[snafu(display("{what}"))]
    Config {
        what: String,
        #[snafu(implicit)]
        at: Location,
    },
    #[snafu(display("the request could not be written as JSON"))]
    Encode {
        #[snafu(implicit)]
        at: Location,
    },
    #[snafu(display("no connection {what}"))]
    Connect { what: Cow<'static, str>, lasting: bool, source: BoxError },
    #[snafu(display("{what}"))]
    Identity { what: String },
    #[snafu(display("no answer in time (phase: {}){at}", phase.as_str()))]
    Timeout { phase: Phase, at: String },
    #[snafu(display("{what} (phase: {}){hint}", phase.as_str()))]
    Exchange { what: &'static str, phase: Phase, hint: &'static str, source: BoxError },
    #[snafu(display("failed"))]
    Failed,
    #[snafu(display("failed inside a SUCCESS answer"))]
    FailedInside,
    #[snafu(display("the answer is not the documented form: {what}"))]
    Page { what: Cow<'static, str> },
    #[snafu(display(
        "the answer does not fit the request: {mismatch}{}",
        if *keyed { "; the idempotency key may have been used before" } else { "" }
    ))]
    Mismatch { mismatch: Mismatch, keyed: bool },
    #[snafu(display("the answer is longer than {cap} bytes"))]
    TooLong { cap: usize },
    #[snafu(display("the answer could not be read"))]
    Unreadable { source: DecodeError },
}

impl Cause {
    #[track_caller]
    pub(crate) fn invalid(field: &'static str, rule: String) -> Self {
        InvalidSnafu { field, rule }.build()
    }

    #[track_caller]
    pub(crate) fn config(what: String) -> Self {
        ConfigSnafu { what }.build()
    }

    #[track_caller]
    pub(crate) fn encode() -> Self {
        EncodeSnafu.build()
    }
}
