//! `POST /user/oauth2/generate-token`: a code becomes tokens.

use std::time::Duration;

use ait_core::{Endpoint, Envelope, Error, Host, Safety, Secret};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{Referrer, Token};

/// Exchanges the authorization code of the SDK's `appLogin` for tokens.
///
/// A code is good for one exchange within 10 minutes; a second one fails with
/// [`InvalidGrant`](crate::ErrorCode::InvalidGrant). Codes reach a server twice easily: a double tap, a screen drawn
/// twice.
///
/// Documented: official API reference "AccessToken 받기"; its description of `referrer` is wrong, see [`Referrer`].
///
/// # When the outcome is unknown
///
/// The code may be used up, the tokens are lost, and nothing can be asked for them. Send the same request once more at
/// most; on `invalid_grant` **let the user log in again**.
///
/// ```no_run
/// # use ait_login::{ait_core::{Error, Outcome}, *};
/// # enum Step { LoggedIn(Token), LogInAgain, TryLater }
/// # async fn log_in(login: Login, code: String, referrer: String) -> Step {
/// let request = GenerateToken::new(code, referrer);
/// let mut result = login.generate_token(request.clone()).await;
/// if result.as_ref().is_err_and(|error| error.outcome() == Outcome::Unknown) {
///     result = login.generate_token(request).await;
/// }
/// match result {
///     Ok(token) => Step::LoggedIn(token),
///     Err(error) if error.outcome() == Outcome::NotSent || error.is_rate_limited() => Step::TryLater,
///     Err(_) => Step::LogInAgain,
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "a request does nothing until it is handed to Login::generate_token"]
pub struct GenerateToken {
    authorization_code: Secret,
    referrer: Referrer,
}

impl GenerateToken {
    /// Exchanges this code. Both values come from `appLogin`.
    pub fn new(authorization_code: impl Into<Secret>, referrer: impl Into<Referrer>) -> Self {
        Self { authorization_code: authorization_code.into(), referrer: referrer.into() }
    }
}

impl Endpoint for GenerateToken {
    const NAME: &'static str = "login.generate_token";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::APPS_IN_TOSS;
    const PATH: &'static str = "/api-partner/v1/apps-in-toss/user/oauth2/generate-token";
    // The code is good for one exchange, and no call tells what became of a lost one.
    const SAFETY: Safety<Self> = Safety::Unsettled;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Envelope;
    type Response = Token;

    fn body(&self) -> Option<impl Serialize> {
        Some(self)
    }

    fn check(&self) -> Result<(), Error> {
        for (field, value) in
            [("authorizationCode", self.authorization_code.expose()), ("referrer", self.referrer.as_str())]
        {
            if value.trim().is_empty() {
                return Err(Error::invalid(field, "must not be empty; pass on what appLogin gave"));
            }
        }
        Ok(())
    }

    fn secrets(&self) -> Vec<&str> {
        vec![self.authorization_code.expose()]
    }
}
