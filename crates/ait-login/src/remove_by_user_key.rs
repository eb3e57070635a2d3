//! `POST /user/oauth2/access/remove-by-user-key`: cuts a link.

use std::time::Duration;

use ait_core::{Authorization, Endpoint, Envelope, Error, Host, Mismatch, Payload, Safety, Secret, UserKey};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{Removed, login_me::check_access_token};

/// Cuts the link of the user with this key. The unlink callback is not called for it.
///
/// The key must be a number here. A user with many tokens can make the call exceed the server's own read time-out of 3
/// seconds; it then answers with a failure while the work may go on. Such a call is **not repeated at once**.
///
/// Documented: official API reference "userKey로 로그인 연결 끊기". The format block of the guide has an access token,
/// its example and the reference have none: none is sent unless given.
///
/// # When the outcome is unknown
///
/// Call again later, not at once. That a second call is harmless is assumed, not documented, and no call tells by a user
/// key whether the link is cut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "a request does nothing until it is handed to Login::remove_by_user_key"]
pub struct RemoveByUserKey {
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<Secret>,
    #[serde(flatten)]
    body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    user_key: UserKey,
}

impl RemoveByUserKey {
    /// Cuts the link of this user.
    pub fn new(user_key: impl Into<UserKey>) -> Self {
        Self { access_token: None, body: Body { user_key: user_key.into() } }
    }

    /// Sends an access token along. Default: none.
    pub fn access_token(mut self, access_token: impl Into<Secret>) -> Self {
        self.access_token = Some(access_token.into());
        self
    }
}

impl Endpoint for RemoveByUserKey {
    const NAME: &'static str = "login.remove_by_user_key";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::APPS_IN_TOSS;
    const PATH: &'static str = "/api-partner/v1/apps-in-toss/user/oauth2/access/remove-by-user-key";
    const SAFETY: Safety<Self> = Safety::Unsettled;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Envelope;
    type Response = Removed;

    fn body(&self) -> Option<impl Serialize> {
        Some(&self.body)
    }

    fn authorization(&self) -> Option<Authorization<'_>> {
        self.access_token.as_ref().map(Authorization::Bearer)
    }

    fn check(&self) -> Result<(), Error> {
        // 64 bits with a sign.
        if self.body.user_key.number().is_none_or(|key| i64::try_from(key).is_err()) {
            return Err(Error::invalid(
                "userKey",
                "must be a number of 64 bits here; take it from login-me, an anonymous key has no link",
            ));
        }
        self.access_token.as_ref().map_or(Ok(()), check_access_token)
    }

    fn verify(&self, payload: &Payload<'_>) -> Result<(), Mismatch> {
        // SUCCESS is the proof. What stands beside it must not be another user, and need not be readable.
        match payload.get::<UserKey>("userKey") {
            Ok(Some(found)) if found != self.body.user_key => {
                Err(Mismatch::new("userKey", "is another one than in the request"))
            }
            _ => Ok(()),
        }
    }

    fn personal_data(&self) -> Vec<String> {
        vec![self.body.user_key.expose()]
    }
}
