//! The variables of a template.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
};

use crate::Value;

/// The values of a template's variables, by name: `context`. They travel in the order in which they were set; a name
/// that is set again keeps its place and changes its value.
///
/// Leave out `userName`: Toss fills it in (partner reports; one sample of a newer page sends it all the same). Limits
/// of names and values are not documented. `Debug` shows the names alone.
///
/// ```
/// use ait_messenger::Context;
///
/// let context = Context::new().with("storeName", "예시 상점").with("itemCount", 2).with("express", true);
/// assert_eq!(context.len(), 3);
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Context(Vec<(String, Value)>);

impl Context {
    /// No variables: `{}`, for a template without any.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The same with this variable set.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.set(name.into(), value.into());
        self
    }

    /// How many variables are set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The values, as a server may quote them.
    pub(crate) fn texts(&self) -> impl Iterator<Item = String> {
        self.0.iter().filter_map(|(_, value)| value.text())
    }

    fn set(&mut self, name: String, value: Value) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Context {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(variables: I) -> Self {
        variables.into_iter().fold(Self::new(), |context, (name, value)| context.with(name, value))
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter().map(|(name, value)| (name, value))).finish()
    }
}

impl Serialize for Context {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de> Deserialize<'de> for Context {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ContextVisitor)
    }
}

struct ContextVisitor;

impl<'de> Visitor<'de> for ContextVisitor {
    type Value = Context;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("variables by name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut context = Context::new();
        while let Some((name, value)) = map.next_entry()? {
            context.set(name, value);
        }
        Ok(context)
    }
}
