//! Why Toss Login says no.

use ait_core::{Error, open_enum};

open_enum! {
    /// Why Toss Login says no: `errorCode`, or `error` of an answer without envelope. There is no complete list, so the
    /// set is open.
    pub enum ErrorCode {
        /// The authorization code was used before, has expired or belongs to another environment; or the token is
        /// invalid or has expired. Let the user log in again.
        InvalidGrant = "invalid_grant",
        /// There is no key for this user.
        UserKeyNotFound = "USER_KEY_NOT_FOUND",
        /// There is no such user.
        UserNotFound = "USER_NOT_FOUND",
        /// Too many look-ups, to judge by the name. The limit is not known.
        TooManyLookups = "BAD_REQUEST_RETRIEVE_CERT_RESULT_EXCEEDED_LIMIT",
        /// A failure inside Toss.
        Internal = "INTERNAL_ERROR",
        /// A field of the request is wrong; see [`Error::fields`](ait_core::Error::fields).
        InvalidParameter = "INVALID_PARAMETER",
        /// The caller is not known, or the anonymous key is not valid.
        Unauthenticated = "4010",
        /// The certificate belongs to another app.
        ForeignApp = "4050",
        /// Too many calls; wait for [`Error::retry_after`](ait_core::Error::retry_after).
        TooManyRequests = "4095",
    }
}

impl ErrorCode {
    /// The code the server gave, if it gave one.
    #[must_use]
    pub fn of(error: &Error) -> Option<Self> {
        error.code().map(Self::from)
    }
}
