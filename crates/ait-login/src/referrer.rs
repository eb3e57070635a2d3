//! Where an authorization code comes from.

use std::fmt;

use ait_core::lenient::{FromScalar, Scalar, required};
use serde::{Deserialize, Deserializer, Serialize};

/// Where the code comes from: `referrer` of `appLogin`, **passed on byte for byte**.
///
/// `DEFAULT` from the Toss app, `SANDBOX` from the sandbox app. Some pages spell the latter `sandbox`, and changing the
/// case is reported to end in `invalid_grant`: pass on what the app sent. The official API reference calls it the way by
/// which the user came; that is a mistake.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Referrer(String);

impl Referrer {
    /// The text as it travels.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the code is one of the sandbox app, in any case of letters.
    #[must_use]
    pub fn is_sandbox(&self) -> bool {
        self.0.eq_ignore_ascii_case("sandbox")
    }
}

impl From<String> for Referrer {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Referrer {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Referrer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// What is received is not rejected for its shape.
impl<'de> Deserialize<'de> for Referrer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        required(deserializer)
    }
}

impl FromScalar for Referrer {
    const EXPECTED: &'static str = "a referrer";

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        String::from_scalar(scalar).map(Self)
    }
}
