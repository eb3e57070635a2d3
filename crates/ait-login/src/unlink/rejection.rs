//! Why a callback is turned away.

use std::{error, fmt};

use http::StatusCode;

/// Why a request is no callback of Toss. The text is for your log; it holds nothing of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rejection {
    /// Neither `GET` nor `POST`. `OPTIONS` of a browser is answered by CORS, before it gets here.
    Method,
    /// There is no `Authorization` header.
    NoAuthorization,
    /// The `Authorization` header is not one of Basic authentication in Base64, or there are two.
    NotBasic,
    /// The password is another.
    Password,
    /// The body is not the documented JSON.
    Json,
    /// The query or the form cannot be read, or has a name twice.
    Form,
    /// There is no user key.
    UserKeyMissing,
    /// The user key cannot be one.
    UserKey,
}

impl Rejection {
    /// The HTTP status to answer with: 401 for the authentication, 405 for the method, 400 for the rest.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::NoAuthorization | Self::NotBasic | Self::Password => StatusCode::UNAUTHORIZED,
            Self::Json | Self::Form | Self::UserKeyMissing | Self::UserKey => StatusCode::BAD_REQUEST,
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Method => "not a callback: the method must be GET or POST",
            Self::NoAuthorization => {
                "no Authorization header: enter a text in the console, and let no proxy drop the header"
            }
            Self::NotBasic => "the Authorization header is not one of Basic authentication",
            Self::Password => {
                "the password is another: compare it with the text in the console, which is entered without Base64"
            }
            Self::Json => "the body is not an object with a userKey and a referrer",
            Self::Form => "the query or form is not well-formed, or has a name twice",
            Self::UserKeyMissing => "userKey is missing: is the method the one set in the console?",
            Self::UserKey => "userKey is not 1 to 64 visible ASCII characters",
        })
    }
}

impl error::Error for Rejection {}
