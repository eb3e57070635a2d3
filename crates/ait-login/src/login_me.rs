//! `GET /user/oauth2/login-me`: who the user is.

use std::time::Duration;

use ait_core::{Authorization, Endpoint, Envelope, Error, Host, Safety, Secret};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::Profile;

/// Asks who the user is: key, scopes and encrypted profile. It only reads: ask again after a lost answer.
///
/// [`InvalidGrant`](crate::ErrorCode::InvalidGrant) means that the token is invalid or has expired.
///
/// Documented: official API reference "사용자 정보 받기". The call is a `GET`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "a request does nothing until it is handed to Login::login_me"]
pub struct LoginMe {
    access_token: Secret,
}

impl LoginMe {
    /// Asks about the user of this token.
    pub fn new(access_token: impl Into<Secret>) -> Self {
        Self { access_token: access_token.into() }
    }
}

impl Endpoint for LoginMe {
    const NAME: &'static str = "login.login_me";
    const METHOD: Method = Method::GET;
    const HOST: Host = Host::APPS_IN_TOSS;
    const PATH: &'static str = "/api-partner/v1/apps-in-toss/user/oauth2/login-me";
    const SAFETY: Safety<Self> = Safety::Read;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Envelope;
    type Response = Profile;

    fn body(&self) -> Option<impl Serialize> {
        None::<()>
    }

    fn authorization(&self) -> Option<Authorization<'_>> {
        Some(Authorization::Bearer(&self.access_token))
    }

    fn check(&self) -> Result<(), Error> {
        check_access_token(&self.access_token)
    }
}

// A bearer token of nothing would be a header that some servers read as no header at all.
pub(crate) fn check_access_token(token: &Secret) -> Result<(), Error> {
    if token.expose().trim().is_empty() {
        return Err(Error::invalid("accessToken", "must not be empty; take it from generate-token"));
    }
    Ok(())
}
