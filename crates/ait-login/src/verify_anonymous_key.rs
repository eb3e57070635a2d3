//! `POST /users/anon-key/verify`: is this user one of ours?

use std::time::Duration;

use ait_core::{AnonymousKey, Endpoint, Envelope, Host, InnerFailure, Safety, User, lenient};
use http::Method;
use serde::{Deserialize, Deserializer, Serialize};

/// Checks the key that the SDK gives for a user who has not logged in (`getAnonymousKey`, `getUserKeyForGame`).
///
/// An answer is a valid key; everything else is an error, a success that says no included. Code `4010` was seen for an
/// invalid key, and stands for other failures of authentication as well: one such answer is weak evidence about the key.
///
/// It only reads: ask again after a lost answer.
///
/// Documented: partner reports of newer official pages; not in the official API reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use = "a request does nothing until it is handed to Login::verify_anonymous_key"]
pub struct VerifyAnonymousKey {
    user: User,
}

impl VerifyAnonymousKey {
    /// Checks this key.
    pub fn new(key: AnonymousKey) -> Self {
        Self { user: User::Anonymous(key) }
    }
}

/// The key is valid. There is nothing else to know.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifiedAnonymousKey {
    valid: bool,
}

// On the wire a flag, as text or not.
impl Serialize for VerifiedAnonymousKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(self.valid)
    }
}

impl<'de> Deserialize<'de> for VerifiedAnonymousKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::required(deserializer).map(|valid| Self { valid })
    }
}

impl Endpoint for VerifyAnonymousKey {
    const NAME: &'static str = "login.verify_anonymous_key";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::APPS_IN_TOSS;
    const PATH: &'static str = "/api-partner/v1/apps-in-toss/users/anon-key/verify";
    const SAFETY: Safety<Self> = Safety::Read;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Envelope;
    type Response = VerifiedAnonymousKey;

    fn body(&self) -> Option<impl Serialize> {
        None::<()>
    }

    fn user(&self) -> Option<&User> {
        Some(&self.user)
    }

    fn inner_failure(&self, answer: &VerifiedAnonymousKey) -> Option<InnerFailure> {
        // The server's own word is the code.
        if answer.valid { None } else { InnerFailure::found(None, Some("false"), None) }
    }
}
