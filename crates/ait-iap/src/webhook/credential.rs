//! Whether a callback comes from somebody who knows the value.

use std::{fmt, hint::black_box};

use ait_core::{Error, Secret};
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// The value that the console sends in the `Authorization` header of callbacks.
///
/// Reported is `Basic <value>`, and once, at the check of the console, `Bearer` with the same value: the scheme does not
/// count, the value does. Whether it travels as typed or in Base64 is not documented for subscriptions; either is
/// accepted. `Debug` does not show it.
#[derive(Clone)]
pub struct Credential {
    plain: Secret,
    encoded: Secret,
}

impl Credential {
    /// The value exactly as it was typed into the console. Blanks and line ends around it are dropped: key files have
    /// them, and they are the known cause of callbacks that are refused.
    ///
    /// # Errors
    ///
    /// If nothing is left: every caller would be accepted.
    pub fn new(value: impl Into<Secret>) -> Result<Self, Error> {
        let value = value.into();
        let value = value.expose().trim_start_matches('\u{feff}').trim();
        if value.is_empty() {
            return Err(Error::invalid(
                "authorization",
                "must not be blank; pass the value as it was typed into the console",
            ));
        }
        Ok(Self { plain: value.into(), encoded: STANDARD.encode(value).into() })
    }

    /// Whether this `Authorization` header of a callback carries the value. `None`, for no header, is refused.
    ///
    /// It takes as long for a value that is nearly right as for one that is all wrong.
    #[must_use]
    pub fn accepts(&self, authorization: Option<&str>) -> bool {
        let Some((scheme, value)) = authorization.and_then(|header| header.trim().split_once(' ')) else {
            return false;
        };
        let known = ["Basic", "Bearer"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
        let value = value.trim().as_bytes();
        // Not `||`: both are compared, whatever the first says.
        let right =
            is_same(self.plain.expose().as_bytes(), value) | is_same(self.encoded.expose().as_bytes(), value);
        known & right
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(..)")
    }
}

// The time depends on the length of what came, never on where it differs. `expected` is not empty.
fn is_same(expected: &[u8], found: &[u8]) -> bool {
    let padded = expected.iter().cycle();
    let difference = found.iter().zip(padded).fold(0, |all, (a, b)| black_box(all | (a ^ b)));
    (difference == 0) & (found.len() == expected.len())
}
