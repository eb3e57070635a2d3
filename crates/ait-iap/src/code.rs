//! Why a question about an order is refused.

use ait_core::{Error, open_enum};

open_enum! {
    /// Why a question about an order is refused: `errorCode`. None of its own is documented, so the set is open. An order
    /// that Toss does not know is an answer, not an error: [`IapStatus::NotFound`](crate::IapStatus::NotFound).
    pub enum ErrorCode {
        /// A failure inside Toss. Ask again.
        Internal = "INTERNAL_ERROR",
        /// A field of the request is wrong; see [`Error::fields`](ait_core::Error::fields).
        InvalidParameter = "INVALID_PARAMETER",
        /// The user key is stale, or the caller is not known.
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
