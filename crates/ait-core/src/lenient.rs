//! Reading scalars that the documentation and the server dress in different ways.
//!
//! The same field arrives as `1000`, `1000.0` or `"1000"`, a flag as `true`, `"true"`, `"Y"` or `1`, an absent value as
//! a missing key, `null` or `""`. Use these functions with serde:
//!
//! ```
//! use ait_core::{Krw, lenient};
//!
//! #[derive(serde::Deserialize)]
//! struct Answer {
//!     #[serde(default, deserialize_with = "lenient::optional")]
//!     amount: Option<Krw>,
//! }
//!
//! # fn main() -> Result<(), serde_json::Error> {
//! assert_eq!(serde_json::from_str::<Answer>(r#"{"amount":"1000"}"#)?.amount, Some(Krw::new(1000)));
//! assert_eq!(serde_json::from_str::<Answer>(r#"{"amount":""}"#)?.amount, None);
//! # Ok(())
//! # }
//! ```

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{
        self, Error as _, MapAccess, SeqAccess, Unexpected, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};

/// A JSON value that is neither a list nor an object.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Scalar<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number without a fraction.
    Whole(i128),
    /// A number with a fraction or an exponent, as precise as it was read.
    Decimal(f64),
    /// A string.
    Text(Cow<'a, str>),
}

/// Shows the sort of value, never the value: it may be personal data.
impl fmt::Debug for Scalar<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Flag(_) => "Flag(..)",
            Self::Whole(_) => "Whole(..)",
            Self::Decimal(_) => "Decimal(..)",
            Self::Text(_) => "Text(..)",
        })
    }
}

/// A value that can be read from any scalar that means it.
pub trait FromScalar: Sized {
    /// What is expected, for the error text: "a whole number".
    const EXPECTED: &'static str;

    /// The value, or `None` if the scalar does not mean one.
    fn from_scalar(scalar: Scalar<'_>) -> Option<Self>;
}

/// Reads a value that must be there.
///
/// # Errors
///
/// If the value is missing or means nothing of this type. The error never quotes the value.
pub fn required<'de, D: Deserializer<'de>, T: FromScalar>(deserializer: D) -> Result<T, D::Error> {
    T::from_scalar(Scalar::deserialize(deserializer)?).ok_or_else(unexpected::<T, _>)
}

/// Reads a value that may be missing, `null` or `""`. Add `#[serde(default)]` for the missing key.
///
/// # Errors
///
/// If the value is there and means nothing of this type. The error never quotes the value.
pub fn optional<'de, D: Deserializer<'de>, T: FromScalar>(deserializer: D) -> Result<Option<T>, D::Error> {
    match Scalar::deserialize(deserializer)? {
        Scalar::Null => Ok(None),
        Scalar::Text(text) if text.is_empty() => Ok(None),
        scalar => T::from_scalar(scalar).map(Some).ok_or_else(unexpected::<T, _>),
    }
}

/// Reads an object that may be missing, `null` or `""`. Add `#[serde(default)]` for the missing key.
///
/// # Errors
///
/// If something else is there, or the object does not fit.
pub fn optional_object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(ObjectVisitor(PhantomData))
}

/// Reads a list that may be missing, `null` or `""`, which all mean an empty one. Add `#[serde(default)]` for the
/// missing key.
///
/// # Errors
///
/// If something else is there, or an element does not fit.
pub fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_any(ListVisitor(PhantomData))
}

#[cold]
fn unexpected<T: FromScalar, E: de::Error>() -> E {
    E::invalid_value(Unexpected::Other("value"), &T::EXPECTED)
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a single value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Null)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        Scalar::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Scalar::Flag(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Scalar::Whole(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Scalar::Whole(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Scalar::Decimal(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(value)))
    }

    // With `serde_json/arbitrary_precision`, which any crate of the build may turn on, a number comes as a map that
    // only `serde_json::Value` knows how to read.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        match serde_json::Value::deserialize(MapAccessDeserializer::new(map))? {
            serde_json::Value::Number(number) => Ok(from_number(&number)),
            _ => Err(A::Error::invalid_type(Unexpected::Map, &self)),
        }
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        if text.is_empty() { Ok(None) } else { Err(E::invalid_type(Unexpected::Other("text"), &self)) }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        if text.is_empty() { Ok(Vec::new()) } else { Err(E::invalid_type(Unexpected::Other("text"), &self)) }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list))
    }
}

fn from_number(number: &serde_json::Number) -> Scalar<'static> {
    match (number.as_i64(), number.as_u64()) {
        (Some(whole), _) => Scalar::Whole(whole.into()),
        (None, Some(whole)) => Scalar::Whole(whole.into()),
        // The text keeps digits that a float would lose.
        (None, None) => {
            let text = number.to_string();
            whole_text(&text).map_or(Scalar::Text(Cow::Owned(text)), |whole| Scalar::Whole(whole.into()))
        }
    }
}

impl FromScalar for i64 {
    const EXPECTED: &'static str = "a whole number";

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        // A float keeps 15 digits. Two of them are for a fraction: above this one could be lost, and a part of a won
        // be taken for none.
        const EXACT: f64 = 9_999_999_999_999.0;
        match scalar {
            Scalar::Whole(whole) => whole.try_into().ok(),
            #[allow(clippy::cast_possible_truncation, reason = "whole and within the exact range of f64")]
            Scalar::Decimal(float) if float.fract() == 0.0 && float.abs() <= EXACT => Some(float as i64),
            Scalar::Text(text) => whole_text(text.trim()),
            _ => None,
        }
    }
}

// "1000", "+1000", "-1000", "1000.", "1000.00"; never "1e3", "1,000" or a fraction.
fn whole_text(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.bytes().all(|digit| digit == b'0') { whole.parse().ok() } else { None }
}

impl FromScalar for u32 {
    const EXPECTED: &'static str = "a whole number from 0";

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        i64::from_scalar(scalar)?.try_into().ok()
    }
}

impl FromScalar for u64 {
    const EXPECTED: &'static str = "a whole number from 0";

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        match scalar {
            Scalar::Whole(whole) => whole.try_into().ok(),
            other => i64::from_scalar(other)?.try_into().ok(),
        }
    }
}

impl FromScalar for bool {
    const EXPECTED: &'static str = "true or false";

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        let text = match scalar {
            Scalar::Flag(flag) => return Some(flag),
            Scalar::Whole(0) => return Some(false),
            Scalar::Whole(1) => return Some(true),
            Scalar::Text(text) => text,
            _ => return None,
        };
        match text.trim() {
            "1" => Some(true),
            "0" => Some(false),
            word if ["true", "y", "yes"].iter().any(|yes| word.eq_ignore_ascii_case(yes)) => Some(true),
            word if ["false", "n", "no"].iter().any(|no| word.eq_ignore_ascii_case(no)) => Some(false),
            _ => None,
        }
    }
}

impl FromScalar for String {
    const EXPECTED: &'static str = "text";

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        match scalar {
            Scalar::Text(text) => Some(text.into_owned()),
            Scalar::Whole(whole) => Some(whole.to_string()),
            Scalar::Decimal(float) => {
                let text = float.to_string();
                // A float holds 15 digits of what was written; the rest would be others.
                (text.bytes().filter(u8::is_ascii_digit).count() <= 15).then_some(text)
            }
            Scalar::Flag(flag) => Some(flag.to_string()),
            Scalar::Null => None,
        }
    }
}
