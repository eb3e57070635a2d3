//! The callback with which Toss tells that a user has cut the link.
//!
//! Enter an address, a method and a text in the console; Toss then calls the address by `GET` or `POST` with that text
//! as HTTP Basic authentication. No web framework is needed here: hand over the request as an [`http::Request`], and
//! answer with any 2xx, soon.
//!
//! ```
//! use ait_login::{ait_core::http::Request, unlink::{Callback, Password, UnlinkReason}};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let password = Password::new("example:example")?; // what was entered in the console
//! let request = Request::get("/unlink?userKey=443731103&referrer=UNLINK")
//!     .header("authorization", "Basic ZXhhbXBsZTpleGFtcGxl")
//!     .body("")?;
//! match Callback::parse(&request, &password) {
//!     Ok(callback) => assert_eq!(callback.reason, Some(UnlinkReason::Unlink)),
//!     Err(rejection) => println!("answer with {}: {rejection}", rejection.status()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! - Whether Toss repeats a callback is not documented: expect the same one any number of times.
//! - Unlinking by [`RemoveByUserKey`](crate::RemoveByUserKey) does not cause it.
//! - The test button of the console calls from the *browser*, out of `https://apps-in-toss.toss.im`, so the address has
//!   to answer `OPTIONS` and the CORS headers for the test to pass. `examples/unlink_callback.rs` does.
//! - The addresses Toss calls from are in [`ait_core::firewall`].

mod form;
mod password;
mod rejection;

use std::borrow::Cow;

use ait_core::{UserKey, lenient, open_enum};
use http::{Method, Request, header::AUTHORIZATION};
use serde::{Deserialize, Serialize};

pub use self::{password::Password, rejection::Rejection};

/// A user has cut the link. Serialising writes it as Toss sends it in JSON: put it into a queue, and answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Callback {
    /// Whose link it was.
    pub user_key: UserKey,
    /// Why: `referrer`. Take an unknown or missing reason as an unlink, too.
    #[serde(rename = "referrer")]
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub reason: Option<UnlinkReason>,
}

open_enum! {
    /// Why a link was cut: `referrer` of the callback.
    pub enum UnlinkReason {
        /// The user cut the link in the settings of Toss.
        Unlink = "UNLINK",
        /// The user withdrew consent.
        WithdrawalTerms = "WITHDRAWAL_TERMS",
        /// The user left Toss.
        WithdrawalToss = "WITHDRAWAL_TOSS",
    }
}

impl UnlinkReason {
    /// Reads a reason in any case of letters. A reason this release does not know is kept as it came.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let reason = Self::from(text.to_ascii_uppercase().as_str());
        if reason.is_known() { reason } else { Self::from(text) }
    }
}

impl Callback {
    /// Checks the method, then the authentication, then reads the callback: from the query of a `GET`, and from the body
    /// of a `POST`, JSON or a form. The body itself tells which it is, whatever its content type says.
    ///
    /// # Errors
    ///
    /// [`Rejection`], which knows the HTTP status to answer with.
    pub fn parse<B: AsRef<[u8]>>(request: &Request<B>, password: &Password) -> Result<Self, Rejection> {
        if ![Method::GET, Method::POST].contains(request.method()) {
            return Err(Rejection::Method);
        }
        password.check(request.headers().get_all(AUTHORIZATION))?;
        if request.method() == Method::GET {
            return Self::from_form(request.uri().query().unwrap_or_default().as_bytes());
        }
        let body = request.body().as_ref();
        match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') => Self::from_json(body),
            _ => Self::from_form(body),
        }
    }

    /// Whether it comes from the test button of the console: one report says that the test has user key 0.
    #[must_use]
    pub fn is_console_test(&self) -> bool {
        self.user_key.number() == Some(0)
    }

    fn from_json(body: &[u8]) -> Result<Self, Rejection> {
        let callback: Self = serde_json::from_slice(body).map_err(|_| Rejection::Json)?;
        let reason = callback.reason.map(|reason| UnlinkReason::parse(reason.as_str()));
        Ok(Self { reason, ..callback })
    }

    fn from_form(form: &[u8]) -> Result<Self, Rejection> {
        let key = form::value(form, "userKey")?.ok_or(Rejection::UserKeyMissing)?;
        let referrer = form::value(form, "referrer")?.filter(|referrer| !referrer.is_empty());
        Ok(Self {
            user_key: UserKey::from_text(key.trim()).map_err(|_| Rejection::UserKey)?,
            reason: referrer.as_ref().map(Cow::as_ref).map(UnlinkReason::parse),
        })
    }
}
