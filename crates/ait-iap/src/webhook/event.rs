//! The events, and how a body becomes one.

use std::fmt;

use ait_core::{Error, Timestamp, lenient};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{ChangeReason, Subscription};
use crate::OrderId;

/// Something Toss told. Keep a wildcard arm, and answer 204 in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The console checks the address. It changes nothing.
    RegistrationVerification(RegistrationVerification),
    /// A subscription changed.
    StatusChanged(Box<StatusChanged>),
    /// An event of a type this release does not know, whole.
    Other(Other),
}

/// The console checks the address: `callback.registration_verification`. It wants only an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RegistrationVerification {
    /// When it was sent, in Korean time.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<Timestamp>,
}

/// A subscription changed: `subscription.status_changed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct StatusChanged {
    /// The version of the event: `1.0`.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub event_version: Option<String>,
    /// When it happened, in Korean time. Order events by it; whether it is always there is not documented.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<Timestamp>,
    /// The id of the order: that of the first order of the subscription, as partners report.
    pub order_id: OrderId,
    /// The id of the product.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// Why it changed. For your records; decide by [`Subscription::current`].
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub change_reason: Option<ChangeReason>,
    /// Before and after.
    pub subscription: Subscription,
}

/// An event of a type this release does not know. `Debug` shows its type alone.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Other {
    /// `eventType`.
    pub event_type: String,
    body: String,
}

impl Other {
    /// The JSON as it came. **It may hold secrets**: keep it out of logs.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.body
    }
}

impl fmt::Debug for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Other").field("event_type", &self.event_type).finish_non_exhaustive()
    }
}

impl Event {
    /// Reads the body of a callback.
    ///
    /// Members and values that nobody knows yet do no harm, and neither do missing ones: a change needs the order and
    /// the state after it, any event its type.
    ///
    /// # Errors
    ///
    /// If the body is not JSON or not an event. Answer 400. The error never quotes the body.
    pub fn parse(body: impl AsRef<[u8]>) -> Result<Self, Error> {
        let rule = "must be a JSON object with an `eventType`; answer 400";
        // Bytes that are no text spoil all of it, even where nobody reads them.
        let body = std::str::from_utf8(body.as_ref()).map_err(|_| Error::invalid("callback", rule))?;
        let Type { event_type } = read(body, rule)?;
        match event_type.as_str() {
            "callback.registration_verification" => {
                let rule = "must be a callback.registration_verification, as its type says; answer 400";
                read(body, rule).map(Self::RegistrationVerification)
            }
            "subscription.status_changed" => {
                let rule = "must have an `orderId` and a `subscription.current`, as its type has; answer 400";
                read(body, rule).map(Box::new).map(Self::StatusChanged)
            }
            _ => Ok(Self::Other(Other { event_type, body: body.to_owned() })),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Type {
    #[serde(deserialize_with = "lenient::required")]
    event_type: String,
}

fn read<T: DeserializeOwned>(body: &str, rule: &str) -> Result<T, Error> {
    // serde would read a list as a struct, member by member.
    let is_object = body.trim_ascii_start().starts_with('{');
    let value = if is_object { serde_json::from_str(body).ok() } else { None };
    value.ok_or_else(|| Error::invalid("callback", rule))
}
