//! What it takes to find out later what became of a call.

use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Endpoint, Error};

/// What it takes to find out later, perhaps in another process, what became of a call: its endpoint, its request and
/// when it was made.
///
/// Take it from the request before the call, or from the error after it ([`Error::ticket`]), store it as JSON, and hand
/// it to the `resolve` method of the product's client. Nothing is ever sent again by resolving.
///
/// A ticket holds the request, user key and tokens included: store it where you store those. `Debug` shows the endpoint
/// alone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    endpoint: String,
    request: serde_json::Value,
    made_at: u64,
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
        let made_at = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Ok(Self { endpoint: E::NAME.to_owned(), request, made_at })
    }

    /// The [`Endpoint::NAME`] of the call.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// How long ago the ticket was made, by the clock of this machine. Make it right before the call: what is decided
    /// after a quiet time counts from here. The ticket of an error is made when the call has ended.
    #[must_use]
    pub fn age(&self) -> Duration {
        // Zero stands for a clock that was wrong.
        let made_at = UNIX_EPOCH.checked_add(Duration::from_secs(self.made_at)).filter(|_| self.made_at != 0);
        made_at.and_then(|made_at| SystemTime::now().duration_since(made_at).ok()).unwrap_or_default()
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
        E::deserialize(&self.request).map_err(|_| {
            Error::invalid(
                "ticket",
                format!("its {} request cannot be read; ask the endpoint that settles it by hand", E::NAME),
            )
        })
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}
