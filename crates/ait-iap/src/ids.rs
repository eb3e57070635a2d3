//! Identifiers: types of their own, so that they cannot be swapped.

use std::fmt;

use ait_core::{
    Error,
    lenient::{FromScalar, Scalar, required},
};
use serde::{Deserialize, Deserializer, Serialize};

/// The id that the SDK gives for an order: `orderId`. Grant one product for each, and keep a ledger by it.
///
/// The official guide calls it a UUID of version 7 and shows one of version 4, so it is opaque text here.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct OrderId(String);

impl OrderId {
    /// Takes the id exactly as the SDK gave it.
    ///
    /// # Errors
    ///
    /// If the id is empty, or holds a blank or control character.
    pub fn new(order_id: impl Into<String>) -> Result<Self, Error> {
        let order_id = Self(order_id.into());
        order_id.check()?;
        match order_id.0.chars().position(|character| character.is_whitespace() || character.is_control()) {
            None => Ok(order_id),
            Some(at) => Err(Error::invalid(
                "orderId",
                format!(
                    "must not contain blanks or control characters, but character {} is one; pass it exactly as the SDK \
                     gave it",
                    at + 1
                ),
            )),
        }
    }

    /// Takes the text as it is, for an id that the SDK gave although it breaks the rule.
    #[must_use]
    pub fn unchecked(order_id: impl Into<String>) -> Self {
        Self(order_id.into())
    }

    /// The id as it travels.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    // An unchecked id may be none.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.0.trim().is_empty() {
            return Err(Error::invalid("orderId", "must not be blank; pass it exactly as the SDK gave it"));
        }
        Ok(())
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
        String::from_scalar(scalar).filter(|text| !text.is_empty()).map(Self)
    }
}
