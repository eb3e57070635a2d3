//! Why Toss Pay says no.

use ait_core::{Error, open_enum};

open_enum! {
    /// Why Toss Pay says no: `errorCode`. The documentation names these and "others", so the set is open.
    pub enum ErrorCode {
        /// The order number belongs to another payment already. After a lost `make-payment` that payment may be yours:
        /// ask its status by order number.
        ExistingPayment = "PAYMENT_EXISTING_PAYMENT" => "이미 존재하는 결제입니다.",
        /// The merchant key that the console holds for this app is wrong. The key never travels with a call: register
        /// it again in the console.
        InvalidApiKey = "COMMON_INVALID_API_KEY" => "바르지 않은 apiKey 입니다.",
        /// The bank is under maintenance, until it is over. **Does not say that nothing was done**: it may answer a second
        /// attempt after a first that worked. Ask the status.
        BankMaintenance = "COMMON_BREAK_TIME_OF_BANK" => "지금은 은행 점검 시간입니다. 점검이 끝난 후 사용해주세요.",
        /// A failure inside Toss. **Does not say whether anything was done.** Ask the status.
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
