//! The users of the app.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Rng, store::Record};

/// How a call names a user.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::exhaustive_enums, reason = "the API has these two headers")]
pub enum UserId {
    /// `x-toss-user-key`.
    Key(u64),
    /// `x-anon-key`.
    Anonymous(String),
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => write!(f, "{key}"),
            Self::Anonymous(key) => f.write_str(key),
        }
    }
}

/// A user: whom `x-toss-user-key` and `x-anon-key` name, and what `login-me` tells, in plain text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct User {
    /// The user key in this app.
    pub key: u64,
    /// The anonymous key in this app.
    pub anonymous_key: String,
    /// Whether the user has linked the app. After an unlink the user key is refused.
    pub linked: bool,
    /// What the user lets the app read: `user_name` and so on.
    pub scopes: Vec<String>,
    /// The tags of the terms that the user has agreed to.
    pub agreed_terms: Vec<String>,
    /// The name.
    pub name: Option<String>,
    /// The phone number.
    pub phone: Option<String>,
    /// The birthday: `yyyyMMdd`.
    pub birthday: Option<String>,
    /// The connecting information.
    pub ci: Option<String>,
    /// `MALE` or `FEMALE`.
    pub gender: Option<String>,
    /// `LOCAL` or `FOREIGNER`.
    pub nationality: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// Whether messages reach the user: pushes are on and consent was given.
    pub reachable: bool,
}

/// The other name of a user.
pub(crate) const ANONYMOUS: &str = "anonymous key";

impl Record for User {
    fn names(&self) -> Vec<(&'static str, String)> {
        vec![(ANONYMOUS, self.anonymous_key.clone())]
    }
}

impl Default for User {
    fn default() -> Self {
        Self {
            key: 0,
            anonymous_key: String::new(),
            linked: true,
            scopes: ["ci", "birthday", "nationality", "name", "phone", "gender"]
                .map(|scope| format!("user_{scope}"))
                .to_vec(),
            agreed_terms: vec!["terms_tag1".to_owned()],
            name: Some("김토스".to_owned()),
            phone: Some("01012345678".to_owned()),
            birthday: Some("19990101".to_owned()),
            ci: None,
            gender: Some("FEMALE".to_owned()),
            nationality: Some("LOCAL".to_owned()),
            email: None,
            reachable: true,
        }
    }
}

impl User {
    /// An invented user with this key.
    #[must_use]
    pub fn new(key: u64, rng: &mut Rng) -> Self {
        Self { key, anonymous_key: rng.alphanumeric(43), ci: Some(rng.base64::<64>()), ..Self::default() }
    }
}
