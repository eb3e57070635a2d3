//! Identifiers: types of their own, so that they cannot be swapped.

use std::fmt;

use ait_core::{
    Error,
    lenient::{FromScalar, Scalar, required},
};
use serde::{Deserialize, Deserializer, Serialize};

/// The shop's own number of an order, unique for each payment: `orderNo`.
///
/// 1 to 50 characters of `0-9 A-Z a-z _ - : . ^ @`. A number is used up once the buyer has authenticated, and two years
/// after its first use; live and sandbox share one space of numbers (official Toss Pay guide, make-payment). Do not use one
/// again before that either: by one guide it is refused, by the other it makes a second payment.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct OrderNo(String);

impl OrderNo {
    /// Checks the documented rules.
    ///
    /// # Errors
    ///
    /// If a rule is broken; the message says which and where.
    pub fn new(order_no: impl Into<String>) -> Result<Self, Error> {
        const SPECIAL: &str = "_-:.^@";
        let order_no = order_no.into();
        if !matches!(order_no.chars().count(), 1..=50) {
            let found = order_no.chars().count();
            return Err(Error::invalid(
                "orderNo",
                format!("must have 1 to 50 characters, has {found}; choose another number"),
            ));
        }
        let allowed = |character: char| character.is_ascii_alphanumeric() || SPECIAL.contains(character);
        match order_no.chars().enumerate().find(|(_, character)| !allowed(*character)) {
            None => Ok(Self(order_no)),
            Some((at, character)) => Err(Error::invalid(
                "orderNo",
                format!(
                    "must be letters, digits and {SPECIAL}, but character {} is {character:?}; replace it",
                    at + 1
                ),
            )),
        }
    }

    /// Takes the text as it is, for a number that the server took although the documentation forbids it.
    #[must_use]
    pub fn unchecked(order_no: impl Into<String>) -> Self {
        Self(order_no.into())
    }

    /// The number as it travels.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    // An unchecked number may be none.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.0.trim().is_empty() {
            return Err(Error::invalid("orderNo", "must not be blank; give your own number of the order"));
        }
        Ok(())
    }
}

impl fmt::Display for OrderNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// What is received is not rejected for its shape.
impl<'de> Deserialize<'de> for OrderNo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        required(deserializer)
    }
}

impl FromScalar for OrderNo {
    const EXPECTED: &'static str = "an order number";

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        String::from_scalar(scalar).filter(|text| !text.is_empty()).map(Self)
    }
}

/// Toss's token of one payment: `payToken`. Store it: it is what a payment is executed, looked up and refunded by.
///
/// 1 to 30 characters (official API reference). `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct PayToken(String);

impl PayToken {
    /// Checks the documented rules.
    ///
    /// # Errors
    ///
    /// If the token is empty, longer than 30 characters, or holds a blank or control character.
    pub fn new(pay_token: impl Into<String>) -> Result<Self, Error> {
        let pay_token = pay_token.into();
        let found = pay_token.chars().count();
        if !matches!(found, 1..=30) {
            return Err(Error::invalid(
                "payToken",
                format!(
                    "must have 1 to 30 characters, has {found}; pass it exactly as make-payment returned it"
                ),
            ));
        }
        if pay_token.chars().any(|character| character.is_whitespace() || character.is_control()) {
            let rule =
                "must not contain blanks or control characters; pass it exactly as make-payment returned it";
            return Err(Error::invalid("payToken", rule));
        }
        Ok(Self(pay_token))
    }

    /// Takes the text as it is, for a token that the server gave although the documentation forbids it.
    #[must_use]
    pub fn unchecked(pay_token: impl Into<String>) -> Self {
        Self(pay_token.into())
    }

    /// The token as it travels. The name is there to be noticed in a review.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    // A stored request may have lost it.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.0.is_empty() {
            return Err(Error::invalid(
                "payToken",
                "must not be empty; take it from the answer of make-payment",
            ));
        }
        Ok(())
    }
}

impl fmt::Debug for PayToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PayToken(..)")
    }
}

impl<'de> Deserialize<'de> for PayToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        required(deserializer)
    }
}

impl FromScalar for PayToken {
    const EXPECTED: &'static str = "a pay token";

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        String::from_scalar(scalar).filter(|text| !text.is_empty()).map(Self)
    }
}
