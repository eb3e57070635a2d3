//! What a user agreed to.

use std::fmt;

use ait_core::{
    lenient::{self, FromScalar, Scalar},
    open_enum,
};
use serde::{Deserialize, Deserializer, Serialize};

open_enum! {
    /// A piece of personal data that an app may ask for.
    pub enum Scope {
        /// The name. Mandatory since September 2026.
        Name = "user_name",
        /// The mobile number.
        Phone = "user_phone",
        /// The day of birth.
        Birthday = "user_birthday",
        /// The gender.
        Gender = "user_gender",
        /// Whether the user is a citizen.
        Nationality = "user_nationality",
        /// The e-mail address.
        Email = "user_email",
        /// The connecting information, the same for a person everywhere in Korea.
        Ci = "user_ci",
        /// The user key. Listed by `login-me` since 2 January 2026.
        Key = "user_key",
    }
}

/// The scopes that a user agreed to: `scope`. Tokens separate them by blanks and profiles by commas; both are read.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Scopes(String);

impl Scopes {
    /// The scopes, one by one.
    pub fn iter(&self) -> impl Iterator<Item = Scope> {
        self.words().map(Scope::from)
    }

    /// Whether this scope is among them.
    #[must_use]
    pub fn contains(&self, scope: &Scope) -> bool {
        self.words().any(|word| word == scope.as_str())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words().next().is_none()
    }

    /// The text as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.0
            .split(|character: char| character == ',' || character.is_whitespace())
            .filter(|word| !word.is_empty())
    }
}

impl From<&str> for Scopes {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.words()).finish()
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::optional(deserializer).map(Option::unwrap_or_default)
    }
}

impl FromScalar for Scopes {
    const EXPECTED: &'static str = "text";

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        String::from_scalar(scalar).map(Self)
    }
}
