//! Which values a switch has.

use std::cell::Cell;

use serde::{
    Deserialize, Deserializer,
    de::{
        Error as _, IntoDeserializer, Visitor,
        value::{Error, MapDeserializer},
    },
    forward_to_deserialize_any,
};

use super::Switches;

impl Switches {
    /// The values of a switch that is a choice, as they are written: `["key", "promotion_and_key", "never"]`. Empty for one
    /// that is a number or a text, and `None` for a name that is no switch's.
    #[must_use]
    pub fn choices(name: &str) -> Option<&'static [&'static str]> {
        let asked = Cell::new(None);
        // It fails, whatever the switch: what was asked for on the way is the answer.
        let _ = Self::deserialize(MapDeserializer::new([(name, Probe(&asked))].into_iter()));
        asked.get()
    }
}

/// A value that is none, and remembers the values that it was asked for.
#[derive(Clone, Copy)]
struct Probe<'a>(&'a Cell<Option<&'static [&'static str]>>);

impl Probe<'_> {
    fn asked<T>(self, values: &'static [&'static str]) -> Result<T, Error> {
        self.0.set(Some(values));
        Err(Error::custom("only asked"))
    }
}

impl<'de> IntoDeserializer<'de, Error> for Probe<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Error;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Error> {
        self.asked(variants)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
        self.asked(&["false", "true"])
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
        self.asked(&[])
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::{Map, Value, json};

    use super::Switches;

    #[test]
    fn every_choice_of_every_switch_can_be_made() {
        let all: Map<String, Value> = serde_json::from_value(json!(Switches::default())).unwrap();
        for (name, default) in &all {
            let choices = Switches::choices(name).unwrap();
            let is_choice = match default {
                Value::Bool(_) => true,
                Value::String(text) => choices.contains(&text.as_str()),
                _ => false,
            };
            assert_eq!(!choices.is_empty(), is_choice, "{name}");
            for choice in choices {
                let value = serde_json::from_str(choice).unwrap_or_else(|_| json!(choice));
                serde_json::from_value::<Switches>(json!({ name: value })).unwrap();
            }
        }
        assert_eq!(Switches::choices("dedupe").unwrap(), ["key", "promotion_and_key", "never"]);
        assert_eq!(Switches::choices("nothing"), None);
    }
}
