//! Won.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::lenient::{self, FromScalar, Scalar};

/// An amount of whole won. Never a float, in or out.
///
/// Reads `10000`, `"10000"` and `10000.0`, and refuses anything that would lose a digit. A JSON number with a point is a
/// float on the way: it is refused from ten trillion on, where a fraction could be lost in it. Negative amounts occur: a
/// refund row of a payment carries one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Krw(i64);

impl Krw {
    /// This many won.
    #[must_use]
    pub const fn new(won: i64) -> Self {
        Self(won)
    }

    /// The number of won.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The sum, or `None` on overflow.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(won) => Some(Self(won)),
            None => None,
        }
    }

    /// The difference, or `None` on overflow.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(won) => Some(Self(won)),
            None => None,
        }
    }
}

/// The digits alone: `4500`.
impl fmt::Display for Krw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl From<i64> for Krw {
    fn from(won: i64) -> Self {
        Self(won)
    }
}

impl Serialize for Krw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for Krw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::required(deserializer)
    }
}

impl FromScalar for Krw {
    const EXPECTED: &'static str = "a whole number of won";

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        i64::from_scalar(scalar).map(Self)
    }
}
