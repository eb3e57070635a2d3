//! Identifiers: types of their own, so that they cannot be swapped.

use std::fmt;

use ait_core::{
    Error,
    lenient::{FromScalar, Scalar, required},
};
use serde::{Deserialize, Deserializer, Serialize};

const TEST: &str = "TEST_";

/// The id of a promotion, from the console: `promotionCode`. 26 characters in the samples.
///
/// With `TEST_` in front it makes test grants, which take no money and give no points. Every promotion needs at least
/// one before it can be used (official promotion guide, 테스트 진행하기). The guide prints the prefix with a space; the
/// underscore is what works (partner reports).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct PromotionCode(String);

impl PromotionCode {
    /// Takes the code of the console, with or without `TEST_`.
    ///
    /// # Errors
    ///
    /// If the code is empty, or holds a blank or control character.
    pub fn new(code: impl Into<String>) -> Result<Self, Error> {
        let rule = "copy it from the console; a test code is TEST_ and the code, with an underscore";
        checked("promotionCode", code.into(), rule).map(Self)
    }

    /// Takes the text as it is.
    #[must_use]
    pub fn unchecked(code: impl Into<String>) -> Self {
        Self(code.into())
    }

    /// The code for test grants of this promotion: `TEST_` in front, once.
    #[must_use]
    pub fn test(&self) -> Self {
        if self.is_test() { self.clone() } else { Self(format!("{TEST}{}", self.0)) }
    }

    /// Whether it makes test grants.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.0.starts_with(TEST)
    }

    /// The code as it travels.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PromotionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Toss's key of one grant: `key`. Store it **before** you use it: it is the only guard against paying twice, and the
/// only name by which a grant can be asked for.
///
/// Opaque. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct PromotionKey(String);

impl PromotionKey {
    /// Takes a key that was stored.
    ///
    /// # Errors
    ///
    /// If the key is empty, or holds a blank or control character.
    pub fn new(key: impl Into<String>) -> Result<Self, Error> {
        checked("key", key.into(), "pass it exactly as get-key returned it").map(Self)
    }

    /// Takes the text as it is.
    #[must_use]
    pub fn unchecked(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    /// The key as it travels.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PromotionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PromotionKey(..)")
    }
}

fn checked(field: &'static str, text: String, hint: &str) -> Result<String, Error> {
    if text.is_empty() {
        return Err(Error::invalid(field, format!("must not be empty; {hint}")));
    }
    match text.chars().position(|character| character.is_whitespace() || character.is_control()) {
        Some(at) => Err(Error::invalid(
            field,
            format!("must not contain blanks or control characters, but character {} is one; {hint}", at + 1),
        )),
        None => Ok(text),
    }
}

// What is received is not rejected for its shape.
impl<'de> Deserialize<'de> for PromotionCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        required(deserializer)
    }
}

impl FromScalar for PromotionCode {
    const EXPECTED: &'static str = "a promotion code";

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        String::from_scalar(scalar).map(Self)
    }
}

impl<'de> Deserialize<'de> for PromotionKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        required(deserializer)
    }
}

impl FromScalar for PromotionKey {
    const EXPECTED: &'static str = "a promotion key";

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        String::from_scalar(scalar).map(Self)
    }
}
