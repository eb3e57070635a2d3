//! Fields that the documentation writes as text in one answer and as numbers in another. Either is read; what is
//! written is what the documentation of that answer shows.

use std::fmt::Display;

use ait_core::lenient::{FromScalar, optional};
use serde::{Deserializer, Serializer};

/// Written as text.
pub(crate) mod text {
    use super::{Deserializer, Display, FromScalar, Serializer, optional};

    #[allow(clippy::ref_option, reason = "serde hands over the field")]
    pub(crate) fn serialize<T: Display, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, T: FromScalar, D: Deserializer<'de>>(d: D) -> Result<Option<T>, D::Error> {
        optional(d)
    }
}

/// Written as a number, if it is one.
pub(crate) mod number {
    use super::{Deserializer, Display, FromScalar, Serializer, optional};

    #[allow(clippy::ref_option, reason = "serde hands over the field")]
    pub(crate) fn serialize<T: Display, S: Serializer>(
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

    pub(crate) fn deserialize<'de, T: FromScalar, D: Deserializer<'de>>(d: D) -> Result<Option<T>, D::Error> {
        optional(d)
    }
}
