//! Identifiers: types of their own, so that they cannot be swapped.

use std::fmt;

use ait_core::{
    Error,
    lenient::{FromScalar, Scalar, required},
};
use serde::{Deserialize, Deserializer, Serialize};

const TEST: &str = "TEST_";
const CODE_HINT: &str = "copy it from the console; a test code is TEST_ and the code, with an underscore";
const KEY_HINT: &str = "pass it exactly as get-key returned it";

/// The id of a promotion, from the console: `promotionCode`. 26 characters in the samples.
///
/// With `TEST_` in front it makes test grants, which take no money and give no points. Every promotion needs at least
/// one before it can be used (official promotion guide "테스트 진행하기"). The guide prints the prefix with a space; the
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
        checked("promotionCode", code.into(), CODE_HINT).map(Self)
    }

    /// Takes the text as it is, for a code that the console gave although it breaks the rule.
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

    // An unchecked code may be none.
    pub(crate) fn check(&self) -> Result<(), Error> {
        not_empty("promotionCode", &self.0, CODE_HINT)
    }
}

impl fmt::Display for PromotionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
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
        String::from_scalar(scalar).filter(|text| !text.is_empty()).map(Self)
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
        checked("key", key.into(), KEY_HINT).map(Self)
    }

    /// Takes the text as it is, for a key that the server gave although it breaks the rule.
    #[must_use]
    pub fn unchecked(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    /// The key as it travels. The name is there to be noticed in a review.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    // An unchecked key may be none.
    pub(crate) fn check(&self) -> Result<(), Error> {
        not_empty("key", &self.0, KEY_HINT)
    }
}

impl fmt::Debug for PromotionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PromotionKey(..)")
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
        String::from_scalar(scalar).filter(|text| !text.is_empty()).map(Self)
    }
}

fn not_empty(field: &'static str, text: &str, hint: &str) -> Result<(), Error> {
    if text.is_empty() { Err(Error::invalid(field, format!("must not be empty; {hint}"))) } else { Ok(()) }
}

fn checked(field: &'static str, text: String, hint: &str) -> Result<String, Error> {
    not_empty(field, &text, hint)?;
    match text.chars().position(|character| character.is_whitespace() || character.is_control()) {
        None => Ok(text),
        Some(at) => Err(Error::invalid(
            field,
            format!("must not contain blanks or control characters, but character {} is one; {hint}", at + 1),
        )),
    }
}
