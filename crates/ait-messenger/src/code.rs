//! Why a message is refused.

use ait_core::{Error, open_enum};

open_enum! {
    /// Why a message is refused: `errorCode`. None of its own is documented, so the set is open: an unknown template or
    /// a missing variable has a code that nobody has printed.
    pub enum ErrorCode {
        /// A failure inside Toss. **Does not say whether a message was sent.**
        Internal = "INTERNAL_ERROR",
        /// A field of the request is wrong; see [`Error::fields`](ait_core::Error::fields).
        InvalidParameter = "INVALID_PARAMETER",
        /// The user's key is out of date, or the caller is not known. **Drop the key, and let the user log in again**;
        /// sending again under the same key does not help. A bulk call does not say whose key it was.
        Unauthenticated = "4010",
        /// The certificate belongs to another app.
        ForeignApp = "4050",
        /// Too many calls: 10 messages a minute for one user, 3,000 calls a minute for one mini-app. Wait for
        /// [`Error::retry_after`](ait_core::Error::retry_after).
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
