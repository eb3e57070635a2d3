//! Who a user is, encrypted.

use std::fmt;

use ait_core::{
    UserKey,
    lenient::{self, FromScalar, Scalar},
};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::Scopes;

/// Who the user is. Personal data is encrypted, each field by itself; a field is `None` without the user's consent, or
/// if the app does not ask for its scope. [`Decryptor`](crate::Decryptor) reads them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Profile {
    /// The user's key, unique within the mini-app.
    pub user_key: UserKey,
    /// What the user agreed to.
    #[serde(default, skip_serializing_if = "Scopes::is_empty")]
    pub scope: Scopes,
    /// The tags of the terms that the user accepted (partner reports; the official API reference does not show the fields of
    /// this answer). A list within the list is not documented, and would be read as part of it.
    #[serde(default, deserialize_with = "tags")]
    pub agreed_terms: Vec<String>,
    /// The name.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub name: Option<Encrypted>,
    /// The mobile number.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub phone: Option<Encrypted>,
    /// The day of birth.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub birthday: Option<Encrypted>,
    /// The connecting information, the same for a person everywhere in Korea.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub ci: Option<Encrypted>,
    /// The gender.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub gender: Option<Encrypted>,
    /// Whether the user is a citizen.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub nationality: Option<Encrypted>,
    /// The e-mail address. Toss does not verify it.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub email: Option<Encrypted>,
}

// A login must not fail on what nobody logs in with: what is no text is left out.
fn tags<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    fn collect(value: Value, tags: &mut Vec<String>) {
        match value {
            Value::String(tag) if !tag.is_empty() => tags.push(tag),
            Value::Number(tag) => tags.push(tag.to_string()),
            Value::Array(list) => list.into_iter().for_each(|value| collect(value, tags)),
            _ => {}
        }
    }
    let mut tags = Vec::new();
    collect(Value::deserialize(deserializer)?, &mut tags);
    Ok(tags)
}

/// A value that [`Decryptor`](crate::Decryptor) reads: Base64 of IV (12 bytes), ciphertext and tag (16 bytes).
///
/// `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Encrypted(String);

impl Encrypted {
    /// A value as it came over the wire.
    #[must_use]
    pub fn new(base64: impl Into<String>) -> Self {
        Self(base64.into())
    }

    /// The text as it came. The name is there to be noticed in a review.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Encrypted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Encrypted(..)")
    }
}

// What is received is not rejected for its shape.
impl<'de> Deserialize<'de> for Encrypted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::required(deserializer)
    }
}

impl FromScalar for Encrypted {
    const EXPECTED: &'static str = "text";

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        String::from_scalar(scalar).map(Self)
    }
}
