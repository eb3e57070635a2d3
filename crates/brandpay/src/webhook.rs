//! What Toss Payments tells by itself.
//!
//! A webhook of BrandPay is **not signed**: anybody can send one. It is a hint and not a proof. Read the state through the
//! API before acting on it: [`PaymentByKey`](crate::PaymentByKey), [`MethodsByCustomer`](crate::MethodsByCustomer). For
//! payments [`is_same`] may sort out strangers first.
//!
//! Answer 200 within 10 seconds, or it comes again, up to seven times over four days. Events may come twice and in any
//! order: recognise repeats by [`TRANSMISSION_ID`].

use std::{fmt, hint::black_box};

use ait_core::{Error, Secret, Timestamp, lenient, open_enum};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{CustomerKey, MethodKey, Payment};

/// The header with the id of a transmission: the same for every repeat of it.
pub const TRANSMISSION_ID: &str = "tosspayments-webhook-transmission-id";
/// The header with the time of a transmission.
pub const TRANSMISSION_TIME: &str = "tosspayments-webhook-transmission-time";
/// The header that counts the repeats.
pub const TRANSMISSION_RETRIED_COUNT: &str = "tosspayments-webhook-transmission-retried-count";

/// A webhook.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Event {
    /// What happened. `None` for the flat callback of virtual accounts.
    pub event_type: Option<EventType>,
    /// When it was written. Without an offset: Korean time is assumed.
    pub created_at: Option<Timestamp>,
    /// What it is about.
    pub data: Data,
}

open_enum! {
    /// What happened: `eventType`.
    pub enum EventType {
        /// A card or account was registered, removed or renamed.
        MethodUpdated = "METHOD_UPDATED",
        /// A customer came, went or changed something.
        CustomerStatusChanged = "CUSTOMER_STATUS_CHANGED",
        /// A payment changed. Not sent for automatic payments.
        PaymentStatusChanged = "PAYMENT_STATUS_CHANGED",
    }
}

/// What an event is about.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Data {
    /// A card or account.
    MethodUpdated(MethodUpdated),
    /// A customer.
    CustomerStatusChanged(CustomerStatusChanged),
    /// A payment, as it was.
    PaymentStatusChanged(Box<Payment>),
    /// Anything else that is sent to the same URL.
    Other(Raw),
}

/// The JSON of an event that this release does not know. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Raw(String);

impl Raw {
    /// The whole body. **It may hold secrets**: keep it out of logs.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Raw(..)")
    }
}

/// The data of [`EventType::MethodUpdated`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MethodUpdated {
    /// Whose it is.
    pub customer_key: CustomerKey,
    /// Which it is.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub method_key: Option<MethodKey>,
    /// What became of it.
    #[serde(default, deserialize_with = "method_change", skip_serializing_if = "Option::is_none")]
    pub status: Option<MethodChange>,
}

open_enum! {
    /// What became of a method. `ENABLE`, as the documentation's sample says, is read as [`Enabled`](Self::Enabled).
    pub enum MethodChange {
        /// Registered.
        Enabled = "ENABLED",
        /// Removed.
        Disabled = "DISABLED",
        /// Renamed.
        AliasUpdated = "ALIAS_UPDATED",
    }
}

fn method_change<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<MethodChange>, D::Error> {
    let change: Option<MethodChange> = lenient::optional(d)?;
    Ok(change.map(|change| if change.as_str() == "ENABLE" { MethodChange::Enabled } else { change }))
}

/// The data of [`EventType::CustomerStatusChanged`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CustomerStatusChanged {
    /// Who.
    pub customer_key: CustomerKey,
    /// What happened.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub status: Option<CustomerChange>,
    /// When.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Timestamp>,
}

open_enum! {
    /// What a customer did: `status`.
    pub enum CustomerChange {
        /// Came.
        Created = "CREATED",
        /// Went. All method keys and tokens of theirs are dead: forget them.
        Removed = "REMOVED",
        /// Changed the password.
        PasswordChanged = "PASSWORD_CHANGED",
        /// Turned payment by one touch on.
        OneTouchActivated = "ONE_TOUCH_ACTIVATED",
        /// Turned payment by one touch off.
        OneTouchDeactivated = "ONE_TOUCH_DEACTIVATED",
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Letter {
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    event_type: Option<EventType>,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    created_at: Option<Timestamp>,
    #[serde(default)]
    data: Value,
}

impl Event {
    /// Reads the body of a webhook. An event that nobody knows is no error: its data is [`Data::Other`].
    ///
    /// # Errors
    ///
    /// If it is no JSON object, or a known event lacks what it is about. The message never quotes a value.
    pub fn parse(body: &[u8]) -> Result<Self, Error> {
        let no_event =
            || Error::invalid("body", "must be the JSON object of a webhook; pass the body as it came");
        let text = std::str::from_utf8(body).map_err(|_| no_event())?;
        // serde would take a list for an object without members.
        if !text.trim_start().starts_with('{') {
            return Err(no_event());
        }
        let letter: Letter = serde_json::from_str(text).map_err(|_| no_event())?;
        let data = match &letter.event_type {
            Some(EventType::MethodUpdated) => Data::MethodUpdated(read(letter.data)?),
            Some(EventType::CustomerStatusChanged) => Data::CustomerStatusChanged(read(letter.data)?),
            Some(EventType::PaymentStatusChanged) => Data::PaymentStatusChanged(Box::new(read(letter.data)?)),
            _ => Data::Other(Raw(text.to_owned())),
        };
        Ok(Self { event_type: letter.event_type, created_at: letter.created_at, data })
    }
}

fn read<T: serde::de::DeserializeOwned>(data: Value) -> Result<T, Error> {
    let nothing = || {
        let rule = "must hold what the event is about; read the state through the API instead";
        Error::invalid("data", rule)
    };
    // serde would read a list by position.
    if !data.is_object() {
        return Err(nothing());
    }
    T::deserialize(data).map_err(|_| nothing())
}

/// Whether a payment of a webhook carries the `secret` that the confirm gave. Takes the same time wherever they differ.
///
/// A payment without a secret is nobody's: false. True is still no proof of what the webhook says: the secret is the same
/// in every webhook of a payment.
#[must_use]
pub fn is_same(secret: &Secret, received: &Payment) -> bool {
    let (stored, found) = (secret.expose(), received.secret.as_ref().map_or("", Secret::expose));
    if stored.is_empty() || stored.len() != found.len() {
        return false;
    }
    let pairs = stored.bytes().zip(found.bytes());
    black_box(pairs.fold(0, |different, (one, other)| black_box(different | (one ^ other)))) == 0
}
