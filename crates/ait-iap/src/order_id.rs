//! The id of an order: a type of its own, so that it cannot be swapped.

use std::fmt;

use ait_core::{
    Error,
    lenient::{FromScalar, Scalar, required},
};
use serde::{Deserialize, Deserializer, Serialize};

/// The id that the SDK gives for an order: `orderId`. Grant one product for each, and keep a ledger by it.
///
/// The official guide calls it a UUID of version 7 and shows one of version 4, so it is opaque text here: only an empty
/// one is refused.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct OrderId(String);

impl OrderId {
    /// Takes the id exactly as the SDK gave it.
    ///
    /// # Errors
    ///
    /// If the id is empty or blank.
    pub fn new(order_id: impl Into<String>) -> Result<Self, Error> {
        let order_id = order_id.into();
        if order_id.trim().is_empty() {
            return Err(Error::invalid("orderId", "must not be blank; pass it exactly as the SDK gave it"));
        }
        Ok(Self(order_id))
    }

    /// The id as it travels.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// What is received is not rejected for its shape.
impl<'de> Deserialize<'de> for OrderId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        required(deserializer)
    }
}

impl FromScalar for OrderId {
    const EXPECTED: &'static str = "an order id";

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        String::from_scalar(scalar).map(Self)
    }
}
