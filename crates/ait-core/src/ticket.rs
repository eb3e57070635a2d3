//! What it takes to find out later what became of a call.

use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error as _},
};
use serde_json::Value;

use crate::{Endpoint, Error, by_name::ByName};

/// The form of a stored ticket, its member `v`.
const VERSION: u64 = 1;
/// 2026-01-01. A clock that shows less is wrong: there were no tickets before.
const EARLIEST: u64 = 1_767_225_600;

/// What it takes to find out later, perhaps in another process, what became of a call: its endpoint, its request and
/// when it was made.
///
/// Take it from the request before the call, or from the error after it ([`Error::ticket`]), store it as JSON, and hand
/// it to the `resolve` method of the product's client. Nothing is ever sent again by resolving.
///
/// A ticket holds the request, user key and tokens included: store it where you store those. `Debug` shows the endpoint
/// alone.
///
/// Its JSON has a version, `"v":1`; one without was stored before there were versions and means the same. A higher one
/// is an error when it is read, which says to upgrade: nothing is guessed about money.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Ticket {
    #[serde(rename = "v")]
    version: u64,
    endpoint: String,
    request: Value,
    made_at: u64,
    /// The same by the server's clock, if an answer had told it.
    #[serde(skip_serializing_if = "Option::is_none")]
    server_made_at: Option<u64>,
}

impl Ticket {
    /// A ticket for a request that is about to be sent.
    ///
    /// # Errors
    ///
    /// If the request cannot be written as JSON, which none of these crates' requests does.
    pub fn new<E: Endpoint + Serialize>(request: &E) -> Result<Self, Error> {
        let request = serde_json::to_value(request)
            .map_err(|_| Error::invalid("ticket", "the request could not be written as JSON"))?;
        let (endpoint, made_at) = (E::NAME.to_owned(), seconds(SystemTime::now()).unwrap_or_default());
        Ok(Self { version: VERSION, endpoint, request, made_at, server_made_at: None })
    }

    /// Notes when it was made by the server's clock.
    pub(crate) fn made_by(mut self, server_clock: Option<SystemTime>) -> Self {
        // Rounded up: rather too young than too old.
        self.server_made_at = server_clock.and_then(seconds).map(|seconds| seconds.saturating_add(1));
        self
    }

    /// The [`Endpoint::NAME`] of the call.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// How long ago the ticket was made, by the clock of this machine. Make it right before the call: what is decided
    /// after a quiet time counts from here. The ticket of an error is made when the call has ended.
    ///
    /// Zero if the clock was plainly wrong when it was made: before 2026, or ahead of the clock of now.
    #[must_use]
    pub fn age(&self) -> Duration {
        since(SystemTime::now(), self.made_at)
    }

    /// How long ago the ticket was made, as far as two clocks agree: the smaller of what this machine's clock says
    /// ([`age`](Self::age)) and what the server's says. Neither alone is enough to decide that something did not happen: the
    /// clock of this machine may have been slow then and right now, and a `Date` may be that of a gateway with a wrong clock.
    ///
    /// `date` is when the server gave the answer that decides ([`Answer::date`](crate::Answer::date),
    /// [`Error::date`]). If the ticket is that of an error, and the client had seen a `Date` by then, it is held against that
    /// reading, else against this machine's clock.
    ///
    /// If this machine's clock was plainly slow when the ticket was made, before 2026, only the server's can tell.
    #[must_use]
    pub fn age_at(&self, date: Option<SystemTime>) -> Duration {
        let by_server =
            since(date.unwrap_or_else(SystemTime::now), self.server_made_at.unwrap_or(self.made_at));
        let had_no_clock = self.made_at < EARLIEST && self.server_made_at.is_some() && date.is_some();
        if had_no_clock { by_server } else { self.age().min(by_server) }
    }

    /// The request, if it is one of this endpoint.
    ///
    /// # Errors
    ///
    /// If the ticket is for another endpoint, or was stored by a release whose requests this one cannot read.
    pub fn request<E: Endpoint + DeserializeOwned>(&self) -> Result<E, Error> {
        if self.endpoint != E::NAME {
            return Err(Error::invalid(
                "ticket",
                format!("is not one of {}; resolve it with its own product", E::NAME),
            ));
        }
        E::deserialize(ByName(&self.request)).map_err(|_| {
            Error::invalid(
                "ticket",
                format!("its {} request cannot be read; ask the endpoint that settles it by hand", E::NAME),
            )
        })
    }
}

impl<'de> Deserialize<'de> for Ticket {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Value::Object(mut stored) = Value::deserialize(deserializer)? else {
            return Err(D::Error::custom("ticket: must be an object, as it was stored"));
        };
        // First of all: another version may lack the rest.
        let version = stored.get("v").map_or(Some(VERSION), Value::as_u64);
        match version {
            Some(VERSION) => {}
            Some(newer) if newer > VERSION => {
                return Err(D::Error::custom(format_args!(
                    "ticket: was stored in version {newer}, this release reads up to {VERSION}; keep it, and resolve it \
                     with the release that stored it or a later one"
                )));
            }
            _ => {
                return Err(D::Error::custom(format_args!(
                    "ticket: `v` must be a version from {VERSION}; was it changed after it was stored?"
                )));
            }
        }
        let (endpoint, request) = (stored.remove("endpoint"), stored.remove("request"));
        let made_at = stored.get("made_at").and_then(Value::as_u64);
        let (Some(Value::String(endpoint)), Some(request), Some(made_at)) = (endpoint, request, made_at)
        else {
            return Err(D::Error::custom(
                "ticket: must have `endpoint`, `request` and `made_at`; was it changed after it was stored?",
            ));
        };
        let server_made_at = stored.get("server_made_at").and_then(Value::as_u64);
        Ok(Self { version: VERSION, endpoint, request, made_at, server_made_at })
    }
}

fn since(now: SystemTime, made_at: u64) -> Duration {
    let now = seconds(now).unwrap_or_default();
    Duration::from_secs(if made_at < EARLIEST { 0 } else { now.saturating_sub(made_at) })
}

fn seconds(time: SystemTime) -> Option<u64> {
    time.duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs())
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}
