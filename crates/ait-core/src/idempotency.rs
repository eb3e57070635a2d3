//! The key under which a server replays its first answer.

use serde::{Deserialize, Serialize};

use crate::Error;

/// An idempotency key: 1 to 300 visible ASCII characters, owned by the caller and never generated silently.
///
/// Derive it from the order, the operation and the amount, and store it before the call: the same key with another
/// body returns the answer to the *first* body.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Checks the key here, so that nothing later can fail on it.
    ///
    /// # Errors
    ///
    /// If the key is empty, longer than 300 characters, or holds anything but visible ASCII.
    pub fn new(key: impl Into<String>) -> Result<Self, Error> {
        let key = key.into();
        if !matches!(key.len(), 1..=300) {
            return Err(Error::invalid(
                "idempotencyKey",
                format!(
                    "must have 1 to 300 characters, has {}; derive the key from the order number",
                    key.len()
                ),
            ));
        }
        if let Some(at) = key.bytes().position(|byte| !byte.is_ascii_graphic()) {
            return Err(Error::invalid(
                "idempotencyKey",
                format!("must be visible ASCII, but byte {at} is not; derive the key from the order number"),
            ));
        }
        Ok(Self(key))
    }

    /// The key as sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for IdempotencyKey {
    type Error = Error;

    fn try_from(key: String) -> Result<Self, Error> {
        Self::new(key)
    }
}

impl From<IdempotencyKey> for String {
    fn from(key: IdempotencyKey) -> Self {
        key.0
    }
}
