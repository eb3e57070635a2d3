//! Whose call it is.

use std::{borrow::Cow, fmt};

use http::{HeaderName, HeaderValue};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    Error,
    lenient::{self, FromScalar, Scalar},
};

/// The user a call acts for: exactly one of two keys, each with a header of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum User {
    /// The key that Toss Login gives for a user, sent as `x-toss-user-key`.
    Key(UserKey),
    /// The key that the app's SDK gives for a user who has not logged in, sent as `x-anon-key`.
    Anonymous(AnonymousKey),
}

impl User {
    /// A user known by the number that Toss Login gave: `User::key(443731104)`.
    pub fn key(key: impl Into<UserKey>) -> Self {
        Self::Key(key.into())
    }

    /// A user known by the SDK's anonymous key.
    ///
    /// # Errors
    ///
    /// If the key is not 1 to 64 visible ASCII characters.
    pub fn anonymous(key: impl Into<String>) -> Result<Self, Error> {
        AnonymousKey::new(key).map(Self::Anonymous)
    }

    pub(crate) fn header(&self) -> (HeaderName, Option<HeaderValue>) {
        let (name, value) = match self {
            Self::Key(key) => (HeaderName::from_static("x-toss-user-key"), key.header()),
            Self::Anonymous(key) => {
                (HeaderName::from_static("x-anon-key"), HeaderValue::from_str(&key.0).ok())
            }
        };
        (name, value.map(sensitive))
    }

    pub(crate) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Key(key) => key.text(),
            Self::Anonymous(key) => Cow::Borrowed(&key.0),
        }
    }
}

impl From<UserKey> for User {
    fn from(key: UserKey) -> Self {
        Self::Key(key)
    }
}

fn sensitive(mut value: HeaderValue) -> HeaderValue {
    value.set_sensitive(true);
    value
}

/// The key of a logged-in user, unique within one mini-app: `userKey`, a 64-bit number.
///
/// `Debug` does not show it: it is personal data.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UserKey(Repr);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    Number(u64),
    Text(Box<str>),
}

impl UserKey {
    /// The key as a number.
    #[must_use]
    pub const fn new(key: u64) -> Self {
        Self(Repr::Number(key))
    }

    /// The key as text, for a key that is not a number: the reference shows `toss-user-key-abc123` in one place.
    ///
    /// # Errors
    ///
    /// If the text is not 1 to 64 visible ASCII characters.
    pub fn from_text(key: impl Into<String>) -> Result<Self, Error> {
        let key = key.into();
        match canonical_number(&key) {
            Some(number) => Ok(Self::new(number)),
            None => visible("userKey", key).map(|key| Self(Repr::Text(key.into()))),
        }
    }

    /// The number, if it is one.
    #[must_use]
    pub const fn number(&self) -> Option<u64> {
        match self.0 {
            Repr::Number(number) => Some(number),
            Repr::Text(_) => None,
        }
    }

    /// The key as it travels in the header. The name is there to be noticed in a review.
    #[must_use]
    pub fn expose(&self) -> String {
        self.text().into_owned()
    }

    fn text(&self) -> Cow<'_, str> {
        match &self.0 {
            Repr::Number(number) => Cow::Owned(number.to_string()),
            Repr::Text(text) => Cow::Borrowed(text),
        }
    }

    fn header(&self) -> Option<HeaderValue> {
        match &self.0 {
            Repr::Number(number) => Some(HeaderValue::from(*number)),
            Repr::Text(text) => HeaderValue::from_str(text).ok(),
        }
    }
}

// A number that prints as the very text it was read from.
fn canonical_number(text: &str) -> Option<u64> {
    text.parse::<u64>().ok().filter(|number| number.to_string() == text)
}

impl From<u64> for UserKey {
    fn from(key: u64) -> Self {
        Self::new(key)
    }
}

impl fmt::Debug for UserKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserKey(..)")
    }
}

impl Serialize for UserKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Repr::Number(number) => serializer.serialize_u64(*number),
            Repr::Text(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for UserKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::required(deserializer)
    }
}

impl FromScalar for UserKey {
    const EXPECTED: &'static str = "a user key";

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        if let Scalar::Text(text) = &scalar {
            return Self::from_text(text.trim()).ok();
        }
        u64::from_scalar(scalar).map(Self::new)
    }
}

/// The key of a user who has not logged in: 1 to 64 visible ASCII characters.
///
/// `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct AnonymousKey(String);

impl AnonymousKey {
    /// Checks the key here, so that nothing later can fail on it.
    ///
    /// # Errors
    ///
    /// If the key is not 1 to 64 visible ASCII characters.
    pub fn new(key: impl Into<String>) -> Result<Self, Error> {
        visible("anonKey", key.into()).map(Self)
    }

    /// The key itself. The name is there to be noticed in a review.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AnonymousKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnonymousKey(..)")
    }
}

impl<'de> Deserialize<'de> for AnonymousKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::required(deserializer)
    }
}

impl FromScalar for AnonymousKey {
    const EXPECTED: &'static str = "an anonymous key";

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        Self::new(String::from_scalar(scalar)?).ok()
    }
}

fn visible(field: &'static str, key: String) -> Result<String, Error> {
    if matches!(key.len(), 1..=64) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(key);
    }
    Err(Error::invalid(
        field,
        format!(
            "must be 1 to 64 visible ASCII characters, has {} bytes; pass it exactly as Toss gave it",
            key.len()
        ),
    ))
}
