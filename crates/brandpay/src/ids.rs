//! Identifiers: types of their own, so that they cannot be swapped.

use std::{fmt, ops::RangeInclusive};

use ait_core::{
    Error,
    lenient::{FromScalar, Scalar, required},
};
use serde::{Deserialize, Deserializer, Serialize};

use crate::escape::is_unreserved;

const CUSTOMER_HINT: &str = "pass the random key of the customer";
const ORDER_HINT: &str = "choose another number";
const TOSS_HINT: &str = "pass it exactly as Toss gave it";

macro_rules! identifier {
    ($(#[$meta:meta])* $name:ident, $field:literal, $expected:literal, $hint:expr, $check:expr) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Checks the rules above.
            ///
            /// # Errors
            ///
            /// If a rule is broken; the message says which and where.
            pub fn new(text: impl Into<String>) -> Result<Self, Error> {
                let text = text.into();
                $check(&text).map(|()| Self(text))
            }

            /// Takes the text as it is, for one that the server takes although the documentation forbids it.
            #[must_use]
            pub fn unchecked(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            // An unchecked one may be none.
            pub(crate) fn check(&self) -> Result<(), Error> {
                not_empty($field, &self.0, $hint)
            }
        }

        // What is received is not rejected for its shape.
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                required(deserializer)
            }
        }

        impl FromScalar for $name {
            const EXPECTED: &'static str = $expected;

            fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
                String::from_scalar(scalar).filter(|text| !text.is_empty()).map(Self)
            }
        }
    };
}

identifier! {
    /// The shop's own key of a customer: `customerKey`. 2 to 50 of `A-Z a-z 0-9 - _ = . @`.
    ///
    /// Whoever knows it can act for the customer in the browser, so it must be random: never a counter, a mail address
    /// or a phone number. `Debug` does not show it.
    CustomerKey, "customerKey", "a customer key", CUSTOMER_HINT,
    |text: &str| allowed("customerKey", text, 2..=50, "-_=.@", CUSTOMER_HINT)
}

identifier! {
    /// The shop's own number of an order, unique for each payment: `orderId`. 6 to 64 of `A-Z a-z 0-9 - _ =`.
    ///
    /// `=` is documented for automatic payments alone: leave it out of new numbers.
    OrderId, "orderId", "an order number", ORDER_HINT,
    |text: &str| allowed("orderId", text, 6..=64, "-_=", ORDER_HINT)
}

identifier! {
    /// Toss's key of one payment: `paymentKey`. Up to 200 characters. Store it: a payment is confirmed, cancelled and
    /// looked up by it.
    ///
    /// A blank or a control character in it is a sign of a bad copy, and is refused.
    PaymentKey, "paymentKey", "a payment key", TOSS_HINT, |text: &str| {
        let found = text.chars().count();
        if !(1..=200).contains(&found) {
            let rule = format!("must have 1 to 200 characters, has {found}; {TOSS_HINT}");
            return Err(Error::invalid("paymentKey", rule));
        }
        unbroken("paymentKey", text)
    }
}

identifier! {
    /// Toss's key of a registered card or account: `methodKey`. Dead once the customer has withdrawn.
    ///
    /// Opaque: no document limits its length or its characters. A blank or a control character in it is a sign of a bad
    /// copy, and is refused. An automatic payment charges whatever it names, so `Debug` does not show it.
    MethodKey, "methodKey", "a method key", TOSS_HINT, |text: &str| {
        not_empty("methodKey", text, TOSS_HINT)?;
        unbroken("methodKey", text)
    }
}

fn not_empty(field: &'static str, text: &str, hint: &str) -> Result<(), Error> {
    if text.is_empty() { Err(Error::invalid(field, format!("must not be empty; {hint}"))) } else { Ok(()) }
}

fn allowed(
    field: &'static str,
    text: &str,
    length: RangeInclusive<usize>,
    special: &str,
    hint: &str,
) -> Result<(), Error> {
    let found = text.chars().count();
    if !length.contains(&found) {
        let rule =
            format!("must have {} to {} characters, has {found}; {hint}", length.start(), length.end());
        return Err(Error::invalid(field, rule));
    }
    let fits = |character: char| character.is_ascii_alphanumeric() || special.contains(character);
    match text.chars().position(|character| !fits(character)) {
        None => Ok(()),
        Some(at) => Err(Error::invalid(
            field,
            format!("must be letters, digits and {special}, but character {} is none; {hint}", at + 1),
        )),
    }
}

fn unbroken(field: &'static str, text: &str) -> Result<(), Error> {
    if text.chars().any(|character| character.is_whitespace() || character.is_control()) {
        let rule = format!("must not contain blanks or control characters; {TOSS_HINT}");
        return Err(Error::invalid(field, rule));
    }
    Ok(())
}

impl CustomerKey {
    /// The key as it travels. The name is there to be noticed in a review.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// How a server may quote it: whole, or escaped as it stands in a URL, where only these parts are left of it.
    pub(crate) fn quotations(&self) -> Vec<&str> {
        let parts = self.0.split(|character: char| !is_unreserved(character));
        std::iter::once(self.expose()).chain(parts).collect()
    }
}

impl fmt::Debug for CustomerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CustomerKey(..)")
    }
}

impl MethodKey {
    /// The key as it travels. The name is there to be noticed in a review.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for MethodKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MethodKey(..)")
    }
}

impl OrderId {
    /// The number as it travels.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PaymentKey {
    /// The key as it travels.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PaymentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for PaymentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
