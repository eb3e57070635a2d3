//! What is known about the effect of a call.

/// What is known about the effect of a call, over **all** of its attempts.
///
/// The order is the order of caution: the outcome of a call is the greatest outcome of its attempts, so a clean
/// refusal of a later attempt never hides an earlier attempt whose answer was lost.
///
/// Match [`NotSent`](Self::NotSent) and [`Refused`](Self::Refused) by name and let the wildcard be the careful arm:
///
/// ```
/// # use ait_core::{Error, Outcome};
/// # fn free(_: Error) {}
/// # fn ask(_: Option<&str>) {}
/// # fn settle(error: Error) {
/// match error.outcome() {
///     Outcome::NotSent | Outcome::Refused => free(error), // nothing happened
///     _ => ask(error.settled_by()),                       // unknown, done, and whatever comes later
/// }
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The request provably did not reach the API: no byte of it left this process, or the server refused our
    /// certificate during the TLS handshake, before it could read a request.
    NotSent,
    /// The server answered that it did nothing.
    Refused,
    /// It may have happened. Ask [`Error::settled_by`](crate::Error::settled_by); never send it again.
    Unknown,
    /// The server said that this very call worked, but the rest of the answer could not be read. Ask for the details.
    Done,
}

impl Outcome {
    /// The greater of two outcomes: knowledge never shrinks.
    #[must_use]
    pub const fn join(self, later: Self) -> Self {
        if (later as u8) > (self as u8) { later } else { self }
    }

    /// The lower-case name, as it appears in spans.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::Done => "done",
        }
    }
}
