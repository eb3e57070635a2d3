//! `POST /user/oauth2/generate-token`: a code becomes tokens.

use std::{fmt, time::Duration};

use ait_core::{
    Endpoint, Envelope, Error, Host, Safety, Secret,
    lenient::{self, FromScalar, Scalar},
};
use http::Method;
use serde::{Deserialize, Deserializer, Serialize};

use crate::Token;

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

/// Where the code comes from: `referrer` of `appLogin`, **passed on byte for byte**.
///
/// `DEFAULT` from the Toss app, `SANDBOX` from the sandbox app. Some pages spell the latter `sandbox`, and changing the
/// case is reported to end in `invalid_grant`: pass on what the app sent. The official API reference calls it the way by
/// which the user came; that is a mistake.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Referrer(String);

impl Referrer {
    /// The text as it travels.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the code is one of the sandbox app, in any case of letters.
    #[must_use]
    pub fn is_sandbox(&self) -> bool {
        self.0.eq_ignore_ascii_case("sandbox")
    }
}

impl From<String> for Referrer {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Referrer {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Referrer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Referrer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::required(deserializer)
    }
}

impl FromScalar for Referrer {
    const EXPECTED: &'static str = "text";

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        String::from_scalar(scalar).map(Self)
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

    fn secrets(&self) -> Vec<&str> {
        vec![self.authorization_code.expose()]
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
}
