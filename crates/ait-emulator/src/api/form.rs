//! The members of a body, one by one, so that a refusal can name the one that is wrong.

use serde_json::{Map, Value};

use super::{Context, context::Result};

/// The members of a body.
pub(crate) struct Form<'a, 'c> {
    context: &'a Context<'c>,
    members: Map<String, Value>,
}

impl<'c> Context<'c> {
    /// The members of the body, or the refusal of a body that is not an object. No body has no members.
    pub(crate) fn form(&self) -> Result<Form<'_, 'c>> {
        let body = &self.request.body;
        let body = if body.is_empty() { Ok(Map::new()) } else { serde_json::from_slice(body) };
        match body {
            Ok(members) => Ok(Form { context: self, members }),
            Err(error) => Err(self.bad_field("body", &error.to_string())),
        }
    }
}

impl Form<'_, '_> {
    /// Refuses a member.
    pub(crate) fn refuse<T>(&self, name: &str, rule: &str) -> Result<T> {
        Err(self.context.bad_field(name, rule))
    }

    /// A member that must be there.
    pub(crate) fn needed<T>(&self, name: &str, found: Option<T>) -> Result<T> {
        match found {
            Some(found) => Ok(found),
            None => self.refuse(name, "is required"),
        }
    }

    /// A text of at most so many characters. `null` is as good as absent.
    pub(crate) fn text(&self, name: &str, most: usize) -> Result<Option<String>> {
        match self.members.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.chars().count() <= most => Ok(Some(text.clone())),
            Some(Value::String(_)) => self.refuse(name, &format!("must have at most {most} characters")),
            Some(_) => self.refuse(name, "must be a string"),
        }
    }

    /// A text that must be there, and must not be blank.
    pub(crate) fn needed_text(&self, name: &str, most: usize) -> Result<String> {
        let text = self.text(name, most)?;
        let text = self.needed(name, text)?;
        if text.trim().is_empty() { self.refuse(name, "must not be blank") } else { Ok(text) }
    }

    /// A whole number.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>> {
        match self.members.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match value.as_i64() {
                Some(number) => Ok(Some(number)),
                None => self.refuse(name, "must be a whole number"),
            },
        }
    }

    /// A boolean that must be there.
    pub(crate) fn needed_flag(&self, name: &str) -> Result<bool> {
        match self.members.get(name) {
            None | Some(Value::Null) => self.refuse(name, "is required"),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => self.refuse(name, "must be a boolean"),
        }
    }

    /// A member of any kind. `null` is as good as absent.
    pub(crate) fn member(&self, name: &str) -> Option<&Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// Whether a member is `true`. Anything else counts as false.
    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.members.get(name) == Some(&Value::Bool(true))
    }
}
