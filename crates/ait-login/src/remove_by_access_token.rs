//! `POST /user/oauth2/access/remove-by-access-token`: cuts a link.

use std::time::Duration;

use ait_core::{Authorization, Endpoint, Envelope, Error, Host, Safety, Secret};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{Removed, login_me::check_access_token};

/// Cuts the link of the user whose access token this is. The unlink callback is not called for it.
///
/// Documented: official API reference "AccessToken 으로 로그인 연결 끊기". No body is documented; an empty object is sent,
/// as in the official examples.
///
/// # When the outcome is unknown
///
/// Call again later. That a second call is harmless is assumed, not documented, so it is not made by itself; and
/// whether a token outlives its link is not documented either, so [`LoginMe`](crate::LoginMe) proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "a request does nothing until it is handed to Login::remove_by_access_token"]
pub struct RemoveByAccessToken {
    access_token: Secret,
}

impl RemoveByAccessToken {
    /// Cuts the link of the user of this token.
    pub fn new(access_token: impl Into<Secret>) -> Self {
        Self { access_token: access_token.into() }
    }
}

// The official examples send an empty object.
#[derive(Serialize)]
struct Empty {}

impl Endpoint for RemoveByAccessToken {
    const NAME: &'static str = "login.remove_by_access_token";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::APPS_IN_TOSS;
    const PATH: &'static str = "/api-partner/v1/apps-in-toss/user/oauth2/access/remove-by-access-token";
    const SAFETY: Safety<Self> = Safety::Unsettled;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Envelope;
    type Response = Removed;

    fn body(&self) -> Option<impl Serialize> {
        Some(Empty {})
    }

    fn authorization(&self) -> Option<Authorization<'_>> {
        Some(Authorization::Bearer(&self.access_token))
    }

    fn check(&self) -> Result<(), Error> {
        check_access_token(&self.access_token)
    }
}
