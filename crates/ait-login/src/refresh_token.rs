//! `POST /user/oauth2/refresh-token`: old tokens become new ones.

use std::time::Duration;

use ait_core::{Endpoint, Envelope, Error, Host, Safety, Secret};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::Token;

/// Makes new tokens from a refresh token, which lives for 14 days.
///
/// Store the new refresh token in one step with the new access token: whether the old one stops working is not
/// documented. [`Session`](crate::Session) does all of this when it is due.
///
/// Documented: official API reference "AccessToken 재발급 받기".
///
/// # When the outcome is unknown
///
/// The old refresh token may be used up, the new one is lost, and nothing can be asked for it. The access token at hand
/// works until it expires. Send the same request once more at most; on any refusal **let the user log in again**.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "a request does nothing until it is handed to Login::refresh_token"]
pub struct RefreshToken {
    refresh_token: Secret,
}

impl RefreshToken {
    /// New tokens from this refresh token.
    pub fn new(refresh_token: impl Into<Secret>) -> Self {
        Self { refresh_token: refresh_token.into() }
    }
}

impl Endpoint for RefreshToken {
    const NAME: &'static str = "login.refresh_token";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::APPS_IN_TOSS;
    const PATH: &'static str = "/api-partner/v1/apps-in-toss/user/oauth2/refresh-token";
    // The old token may be dead after the first send, and no call tells.
    const SAFETY: Safety<Self> = Safety::Unsettled;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Envelope;
    type Response = Token;

    fn body(&self) -> Option<impl Serialize> {
        Some(self)
    }

    fn check(&self) -> Result<(), Error> {
        if self.refresh_token.expose().trim().is_empty() {
            return Err(Error::invalid(
                "refreshToken",
                "must not be empty; without one the user has to log in",
            ));
        }
        Ok(())
    }

    fn secrets(&self) -> Vec<&str> {
        vec![self.refresh_token.expose()]
    }
}
