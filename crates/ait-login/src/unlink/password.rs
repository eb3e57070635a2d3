//! Whether it is Toss that calls.

use std::fmt;

use ait_core::{Error, Secret};
use base64::Engine as _;
use http::HeaderValue;

use super::Rejection;
use crate::{crypto::Fingerprint, decryptor::BASE64};

/// The text entered in the console for the unlink callback: usually `user:password`, but any text is possible.
///
/// Compared in constant time, and not kept: only a fingerprint of it is.
pub struct Password(Fingerprint);

impl Password {
    /// The text as it was entered, **not** in Base64. Line breaks at its end, which files and variables like to have, do
    /// not count.
    ///
    /// # Errors
    ///
    /// If nothing is left of it.
    pub fn new(text: impl Into<Secret>) -> Result<Self, Error> {
        let text = text.into();
        let text = text.expose().trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            return Err(Error::invalid(
                "password",
                "must not be empty: anybody could unlink anybody; enter a text in the console and pass the same here",
            ));
        }
        Ok(Self(Fingerprint::new(text.as_bytes())))
    }

    pub(super) fn check<'a>(
        &self,
        authorization: impl IntoIterator<Item = &'a HeaderValue>,
    ) -> Result<(), Rejection> {
        let mut headers = authorization.into_iter();
        let header = headers.next().ok_or(Rejection::NoAuthorization)?;
        // Two headers are somebody's trick, not Toss.
        if headers.next().is_some() {
            return Err(Rejection::NotBasic);
        }
        let (scheme, credentials) =
            header.to_str().ok().and_then(|text| text.trim().split_once(' ')).ok_or(Rejection::NotBasic)?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return Err(Rejection::NotBasic);
        }
        let given = BASE64.decode(credentials.trim()).map_err(|_| Rejection::NotBasic)?;
        if self.0.matches(&given) { Ok(()) } else { Err(Rejection::Password) }
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}
