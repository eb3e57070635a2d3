//! One entry of a bulk call.

use ait_core::{AnonymousKey, User, UserKey};
use serde::{Deserialize, Serialize, Serializer, de, ser};

use crate::{Context, Value};

/// One entry of a bulk call: a user, and the variables for this user. An entry of `contextList`.
///
/// The user stands in the body here: `userKey`, as a number if it is one (the official examples type it as text, the
/// newer pages as an integer), or `anonKey` (official examples).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Entry")]
pub struct Recipient {
    user: User,
    context: Context,
}

impl Recipient {
    /// This user, without variables.
    #[must_use]
    pub fn new(user: impl Into<User>) -> Self {
        Self { user: user.into(), context: Context::new() }
    }

    /// Sets a variable for this user.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.context = self.context.with(name, value);
        self
    }

    /// Sets all variables for this user, instead of those set before.
    #[must_use]
    pub fn context(mut self, context: Context) -> Self {
        self.context = context;
        self
    }

    /// The key of the user and the values, as a server may quote them.
    pub(crate) fn personal_data(&self) -> impl Iterator<Item = String> {
        let key = match &self.user {
            User::Key(key) => Some(key.expose()),
            User::Anonymous(key) => Some(key.expose().to_owned()),
            _ => None,
        };
        key.into_iter().chain(self.context.texts())
    }

    /// The user.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.user
    }
}

/// An entry as it travels. What is written has one key of the two; the other is left out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    user_key: Option<&'a UserKey>,
    #[serde(skip_serializing_if = "Option::is_none")]
    anon_key: Option<&'a AnonymousKey>,
    context: &'a Context,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(default)]
    user_key: Option<UserKey>,
    #[serde(default)]
    anon_key: Option<AnonymousKey>,
    context: Context,
}

impl Serialize for Recipient {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (user_key, anon_key) = match &self.user {
            User::Key(key) => (Some(key), None),
            User::Anonymous(key) => (None, Some(key)),
            _ => return Err(ser::Error::custom("a recipient must be known by userKey or anonKey")),
        };
        Written { user_key, anon_key, context: &self.context }.serialize(serializer)
    }
}

impl TryFrom<Entry> for Recipient {
    type Error = de::value::Error;

    fn try_from(entry: Entry) -> Result<Self, Self::Error> {
        let user = match (entry.user_key, entry.anon_key) {
            (Some(key), None) => User::Key(key),
            (None, Some(key)) => User::Anonymous(key),
            _ => return Err(de::Error::custom("a recipient has exactly one of userKey and anonKey")),
        };
        Ok(Self { user, context: entry.context })
    }
}
