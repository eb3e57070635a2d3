//! Fields in another form than their type: written as text in one answer and as numbers in another, or unreadable.
//! Either form is read; what is written is what the documentation of that answer shows.

use std::fmt::Display;

use ait_core::lenient::{FromScalar, Scalar, optional};
use serde::{Deserialize, Deserializer, Serializer, de::DeserializeOwned};
use serde_json::Value;

/// Reads what is only shown and decides nothing. What means nothing of this type is `None`: a payment must not become
/// unreadable over it.
pub(crate) fn shown<'de, T: FromScalar, D: Deserializer<'de>>(d: D) -> Result<Option<T>, D::Error> {
    Ok(optional(Value::deserialize(d)?).unwrap_or_default())
}

/// The same of an object: what is none is `None`.
pub(crate) fn shown_object<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    d: D,
) -> Result<Option<T>, D::Error> {
    let value = Value::deserialize(d)?;
    // serde would read a list as a struct, member by member.
    Ok(if value.is_object() { T::deserialize(value).ok() } else { None })
}

/// Reads `noInterest`, for which one table prints `ture`.
pub(crate) fn no_interest<'de, D: Deserializer<'de>>(d: D) -> Result<Option<bool>, D::Error> {
    struct NoInterest(bool);

    impl FromScalar for NoInterest {
        const EXPECTED: &'static str = bool::EXPECTED;

        fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
            match scalar {
                Scalar::Text(text) if text.trim().eq_ignore_ascii_case("ture") => Some(Self(true)),
                other => bool::from_scalar(other).map(Self),
            }
        }
    }

    Ok(shown(d)?.map(|NoInterest(flag)| flag))
}

/// Writes text.
#[allow(clippy::ref_option, reason = "serde hands over the field")]
pub(crate) fn as_text<T: Display, S: Serializer>(
    value: &Option<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}

/// Writes a number, if it is one.
#[allow(clippy::ref_option, reason = "serde hands over the field")]
pub(crate) fn as_number<T: Display, S: Serializer>(
    value: &Option<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let Some(value) = value else { return serializer.serialize_none() };
    let text = value.to_string();
    // Leading zeros and signs would be lost in a number.
    match text.parse::<u64>() {
        Ok(number) if number.to_string() == text => serializer.serialize_u64(number),
        _ => serializer.serialize_str(&text),
    }
}
