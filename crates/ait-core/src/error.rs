//! One error, and the questions a caller may ask it.

mod cause;
mod describe;
mod facts;

use std::{
    error, fmt,
    net::SocketAddr,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::StatusCode;

pub use self::facts::{FieldError, Kind, Phase};
pub(crate) use self::{
    cause::{BoxError, Cause},
    describe::shown,
};
use crate::{Outcome, Ticket, resend::Class};

/// Why a call gave no answer, and what is known about the money.
///
/// `Display` is one complete line at its own level; [`source`](error::Error::source) starts below it. Neither shows a
/// secret, nor a value of a request or an answer, except the server's own [`code`](Self::code) and a shortened
/// [`reason`](Self::reason) in which the secrets of the request are blanked out.
pub struct Error(Box<Inner>);

pub(crate) struct Inner {
    pub(crate) kind: Kind,
    pub(crate) outcome: Outcome,
    pub(crate) cause: Cause,
    pub(crate) class: Option<Class>,
    pub(crate) endpoint: Option<&'static str>,
    pub(crate) settled_by: Option<&'static str>,
    pub(crate) host: Option<Box<str>>,
    pub(crate) phase: Option<Phase>,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    pub(crate) status: Option<StatusCode>,
    pub(crate) result_type: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) trace_id: Option<String>,
    pub(crate) fields: Vec<FieldError>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Option<Bytes>,
    pub(crate) date: Option<SystemTime>,
    pub(crate) ticket: Option<Ticket>,
    pub(crate) addresses: Vec<SocketAddr>,
}

impl Error {
    /// A request that breaks a documented rule. Kind [`Config`](Kind::Config); nothing is sent.
    ///
    /// `field` is the name on the wire; `rule` says what must hold, what was found (never the value of a secret), and
    /// what to do.
    #[cold]
    #[track_caller]
    pub fn invalid(field: &'static str, rule: impl Into<String>) -> Self {
        Self::new(Kind::Config, Outcome::NotSent, Cause::invalid(field, rule.into()))
    }

    #[cold]
    #[track_caller]
    pub(crate) fn config(what: impl Into<String>) -> Self {
        Self::new(Kind::Config, Outcome::NotSent, Cause::config(what.into()))
    }

    #[cold]
    pub(crate) fn new(kind: Kind, outcome: Outcome, cause: Cause) -> Self {
        Self(Box::new(Inner {
            kind,
            outcome,
            cause,
            class: None,
            endpoint: None,
            settled_by: None,
            host: None,
            phase: None,
            attempts: 0,
            elapsed: Duration::ZERO,
            status: None,
            result_type: None,
            code: None,
            reason: None,
            trace_id: None,
            fields: Vec::new(),
            retry_after: None,
            body: None,
            date: None,
            ticket: None,
            addresses: Vec::new(),
        }))
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    pub(crate) fn inner_mut(&mut self) -> &mut Inner {
        &mut self.0
    }

    /// What is known about the effect, over all attempts. **Ask this first.**
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.0.outcome
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The endpoint that tells what became of the call, when there is something to ask: the outcome is
    /// [`Unknown`](Outcome::Unknown) or [`Done`](Outcome::Done).
    #[must_use]
    pub fn settled_by(&self) -> Option<&'static str> {
        self.0.settled_by.filter(|_| self.0.outcome >= Outcome::Unknown)
    }

    /// What it takes to find out later what became of the call, when there is something to find out. Store it, and hand
    /// it to the `resolve` method of the product's client.
    #[must_use]
    pub fn ticket(&self) -> Option<&Ticket> {
        self.0.ticket.as_ref().filter(|_| self.0.outcome >= Outcome::Unknown)
    }

    /// Whether sending the same call again cannot do anything twice.
    ///
    /// True if nothing happened, if the call only reads, or if the same bytes go out under the same idempotency key.
    /// It does not say that sending again will help.
    #[must_use]
    pub fn is_safe_to_resend(&self) -> bool {
        self.0.outcome <= Outcome::Refused || matches!(self.0.class, Some(Class::Read | Class::Keyed))
    }

    /// How long the server asked us to wait before the next try.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether a deadline passed. [`phase`](Self::phase) says in the middle of what.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == Kind::Timeout
    }

    /// Whether the server refused the call because there were too many (code `4095` or HTTP 429). Wait for
    /// [`retry_after`](Self::retry_after), or some minutes if it says nothing, and spread the calls.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.code() == Some(crate::dialect::RATE_LIMITED)
            || self.0.status == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// The API's own code, as sent.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The API's own explanation, up to 16 KiB of it, with the secrets and the personal data of the request blanked out.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// The HTTP status, if an answer came.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// `resultType` of the envelope, if there was one: `FAIL`, or one of the odd ones such as `HTTP_TIMEOUT`.
    #[must_use]
    pub fn result_type(&self) -> Option<&str> {
        self.0.result_type.as_deref()
    }

    /// The id under which the server's operators find the call.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        self.0.trace_id.as_deref()
    }

    /// When the server answered, by its own clock (the `Date` header), if an answer came.
    #[must_use]
    pub fn date(&self) -> Option<SystemTime> {
        self.0.date
    }

    /// The fields the server complained about, if it named any.
    #[must_use]
    pub fn fields(&self) -> &[FieldError] {
        &self.0.fields
    }

    /// The name of the endpoint, such as `tosspay.execute_payment`.
    #[must_use]
    pub fn endpoint(&self) -> Option<&'static str> {
        self.0.endpoint
    }

    /// The host the call went to.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.0.host.as_deref()
    }

    /// The address of the connection that was used, or those that were tried if there was none. Behind a proxy they are the
    /// proxy's.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.0.addresses
    }

    /// Where the call was when it broke or its time ran out.
    #[must_use]
    pub fn phase(&self) -> Option<Phase> {
        self.0.phase
    }

    /// How many times the request was tried.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the whole call took.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// The body of the answer that could not be read. **It may hold personal data**: keep it out of logs.
    #[must_use]
    pub fn expose_body(&self) -> Option<&[u8]> {
        self.0.body.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        describe::line(&self.0, f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        describe::debug(&self.0, f)
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        // Display has said what the cause says: hand out the level below.
        error::Error::source(&self.0.cause)
    }
}
