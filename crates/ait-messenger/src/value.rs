//! The value of one variable.

use std::fmt;

use ait_core::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Number;

/// The value of one variable of a template: text, a number or a flag (type in the official examples).
///
/// `Debug` does not show it: names and addresses are what templates are filled with.
#[derive(Clone, PartialEq, Eq)]
pub struct Value(Repr);

#[derive(Clone, PartialEq, Eq)]
enum Repr {
    Text(String),
    Number(Number),
    Flag(bool),
}

impl Value {
    /// As a server may quote it, unless it is a mere yes or no.
    pub(crate) fn text(&self) -> Option<String> {
        match &self.0 {
            Repr::Text(text) => Some(text.clone()),
            Repr::Number(number) => Some(number.to_string()),
            Repr::Flag(_) => None,
        }
    }

    /// A number with a fraction. How a template prints it is not documented: text is surer.
    ///
    /// # Errors
    ///
    /// If it is infinite or not a number: JSON cannot write it.
    pub fn decimal(number: f64) -> Result<Self, Error> {
        Number::from_f64(number)
            .map(|number| Self(Repr::Number(number)))
            .ok_or_else(|| Error::invalid("context", "must have finite numbers; send text instead"))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self(Repr::Text(text.to_owned()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self(Repr::Text(text))
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self(Repr::Flag(flag))
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self(Repr::Number(number.into()))
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self(Repr::Number(number.into()))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self(Repr::Number(number.into()))
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self(Repr::Number(number.into()))
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value(..)")
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Repr::Text(text) => serializer.serialize_str(text),
            Repr::Number(number) => number.serialize(serializer),
            Repr::Flag(flag) => serializer.serialize_bool(*flag),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => Ok(Self(Repr::Text(text))),
            serde_json::Value::Number(number) => Ok(Self(Repr::Number(number))),
            serde_json::Value::Bool(flag) => Ok(Self(Repr::Flag(flag))),
            _ => Err(de::Error::custom("not the documented form, expected text, a number or a flag")),
        }
    }
}
