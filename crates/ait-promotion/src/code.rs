//! Why a promotion says no.

use ait_core::{Error, open_enum};

open_enum! {
    /// Why a promotion says no: `errorCode` (official promotion guide "에러 코드"; `4104`, `4105`, `4108` and `4109` from
    /// partner reports). The guide does not say which call answers which code, so the set is open.
    pub enum ErrorCode {
        /// There is no such promotion.
        NotFound = "4100" => "프로모션 정보를 찾을 수 없어요",
        /// The promotion was stopped. Weakly attested.
        Stopped = "4104",
        /// The promotion has ended. Weakly attested.
        Ended = "4105",
        /// The promotion is not approved. Weakly attested.
        NotApproved = "4108",
        /// The promotion is not running: it has not begun, or its budget is used up. The code does not say which.
        NotRunning = "4109",
        /// Cannot grant or take back. **Does not say whether anything happened.**
        CannotGrant = "4110" => "리워드를 지급/회수할 수 없어요",
        /// No record of the grant, so far. A request under way may still arrive.
        NoRecord = "4111" => "리워드 지급내역을 찾을 수 없어요",
        /// Not enough promotion money.
        NotEnoughMoney = "4112" => "프로모션 머니가 부족해요",
        /// The key was used: granted, or granted and taken back. **Not a reason to take a new key.**
        AlreadyUsed = "4113" => "이미 지급/회수된 내역이에요",
        /// Above the limit of one grant.
        AboveGrantLimit = "4114" => "1회 지급 금액을 초과했어요",
        /// The highest amount exceeds the budget.
        AboveBudget = "4116" => "최대 지급 금액이 예산을 초과했어요",
        /// A failure inside Toss. **Does not say whether anything happened.**
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

    /// What to do about it, for the person who reads the log.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::NotFound => {
                "compare the promotion code with the console; a test code is TEST_ and the code, with an underscore"
            }
            Self::Stopped => "stop the campaign; the console says why the promotion was stopped",
            Self::Ended => "stop the campaign; the promotion has ended",
            Self::NotApproved => {
                "stop the campaign until the promotion is approved; meanwhile grant with its test code"
            }
            Self::NotRunning => {
                "look at the console: wait if the promotion begins later; stop the campaign if its budget is used up"
            }
            Self::CannotGrant => {
                "ask execution-result with the same key; the code does not say whether points were paid"
            }
            Self::NoRecord => {
                "ask again later with the same key; the request may still arrive, so take no new key because of this"
            }
            Self::NotEnoughMoney => "stop the campaign and charge the business wallet",
            Self::AlreadyUsed => {
                "ask execution-result with the same key; never take a new key because of this, it would pay twice"
            }
            Self::AboveGrantLimit => "grant less, or raise the limit of one grant in the console",
            Self::AboveBudget => {
                "stop the campaign; raise the budget or lower the highest amount in the console"
            }
            Self::Internal => {
                "after execute-promotion ask execution-result with the same key; it does not say whether points were paid"
            }
            Self::InvalidParameter => "correct the request; the error's fields say what is wrong with it",
            Self::Unauthenticated => {
                "let the user log in again; the user key is stale or belongs to another app"
            }
            Self::ForeignApp => "use the certificate that was issued for this app",
            Self::TooManyRequests => {
                "wait as long as the answer says, and keep to 10 calls a minute for one user"
            }
            Self::__Unlisted(_) => {
                "after execute-promotion, take it for an unknown outcome: ask execution-result with the same key"
            }
        }
    }
}
