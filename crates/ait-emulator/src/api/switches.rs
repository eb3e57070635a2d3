//! What nobody has documented, as switches.

use serde::{Deserialize, Serialize};

macro_rules! choice {
    ($(#[$about:meta])* $name:ident { $($(#[$what:meta])* $choice:ident,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum $name { $($(#[$what])* $choice,)+ }
    };
}

choice! {
    /// With which HTTP status a refusal of Apps in Toss comes.
    FailureStatus {
        /// 200, as newer documentation and observations have it.
        #[default]
        Ok,
        /// The 4xx that the reference lists.
        Listed,
    }
}

choice! {
    /// How a refusal of Apps in Toss names its code.
    ErrorShape {
        /// `errorCode` and `reason`, as documented.
        #[default]
        ErrorCode,
        /// `code` (a number where it can be one) and `message`, as one third party reports.
        CodeMessage,
    }
}

choice! {
    /// When `execute-promotion` says `4113`.
    Dedupe {
        /// A key was used before, with whatever promotion.
        #[default]
        Key,
        /// A key was used before with the same promotion.
        PromotionAndKey,
        /// Never: a used key pays again.
        Never,
    }
}

choice! {
    /// What happens to something old: refused, or as if it were new.
    Old {
        /// It is refused.
        #[default]
        Refuse,
        /// It is taken.
        Accept,
    }
}

choice! {
    /// What `isTestPayment: true` means.
    TestFlag {
        /// A test.
        #[default]
        TrueIsTest,
        /// The real thing, as one page of the reference has it.
        TrueIsLive,
    }
}

choice! {
    /// What the buyer does with a payment that waits.
    Buyer {
        /// Authenticates it at once.
        #[default]
        Approves,
        /// Nothing, until told through the control API.
        Waits,
        /// Turns it down at once.
        Cancels,
    }
}

choice! {
    /// What `execute-payment` says to a payment that is paid already.
    Repeat {
        /// A refusal.
        #[default]
        Refuse,
        /// The first answer once more.
        AnswerAgain,
    }
}

choice! {
    /// A user key that was never seen.
    UnknownUser {
        /// Is a user who uses the app.
        #[default]
        Create,
        /// Is refused with `4010`.
        Refuse,
    }
}

choice! {
    /// Where the payload of a sent message stands.
    MessengerShape {
        /// In `success`, with `reachedFailReason`.
        #[default]
        Success,
        /// In `result`, with `reachFailReason`, as older pages have it.
        Result,
    }
}

choice! {
    /// Which refresh token an answer to `refresh-token` brings.
    Refresh {
        /// A new one; the old one dies.
        #[default]
        Rotate,
        /// The same one.
        Keep,
    }
}

choice! {
    /// The form of `GET /v1/promotions`.
    ListForm {
        /// An array.
        #[default]
        Array,
        /// An object.
        Object,
    }
}

/// What nobody has documented, or what the documents disagree about. Each has the likeliest reading as its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Switches {
    /// The HTTP status of refusals of Apps in Toss.
    pub failure_status: FailureStatus,
    /// The members of refusals of Apps in Toss.
    pub error_shape: ErrorShape,
    /// The HTTP status of `{"error":"invalid_grant"}`.
    pub invalid_grant_status: u16,
    /// A user key that was never seen.
    pub unknown_user: UnknownUser,
    /// Which refresh token a refresh brings.
    pub refresh: Refresh,
    /// When a promotion key counts as used.
    pub dedupe: Dedupe,
    /// A promotion key after its hour.
    pub expired_key: Old,
    /// The code that refuses a promotion key after its hour. Nobody has documented one.
    pub expired_key_code: String,
    /// Whether a promotion key belongs to the user who asked for it.
    pub key_bound_to_user: bool,
    /// Whether `get-key` needs a user.
    pub get_key_needs_user: bool,
    /// Seconds until a grant that was accepted is paid.
    pub grant_lag_seconds: u64,
    /// Seconds until the result of a grant can be seen at all.
    pub result_lag_seconds: u64,
    /// Whether a grant that failed is paid after all, after as many seconds again.
    pub failed_may_flip: bool,
    /// What `isTestPayment: true` means.
    pub is_test_payment: TestFlag,
    /// What the buyer does with a payment that waits.
    pub buyer: Buyer,
    /// A second `execute-payment` of one payment.
    pub repeat_execute: Repeat,
    /// Where the payload of a sent message stands.
    pub messenger_shape: MessengerShape,
    /// The form of `GET /v1/promotions`.
    pub promotion_list: ListForm,
    /// Calls a minute that one user may cost at promotions, and at messages. 0: any number.
    pub calls_per_user: u32,
    /// Calls a minute that the app may make. 0: any number.
    pub calls_per_app: u32,
    /// Calls a minute for each BrandPay endpoint. 0: any number.
    pub calls_per_brandpay_endpoint: u32,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            failure_status: FailureStatus::default(),
            error_shape: ErrorShape::default(),
            invalid_grant_status: 400,
            unknown_user: UnknownUser::default(),
            refresh: Refresh::default(),
            dedupe: Dedupe::default(),
            expired_key: Old::default(),
            expired_key_code: "4199".to_owned(),
            key_bound_to_user: true,
            get_key_needs_user: false,
            grant_lag_seconds: 0,
            result_lag_seconds: 0,
            failed_may_flip: false,
            is_test_payment: TestFlag::default(),
            buyer: Buyer::default(),
            repeat_execute: Repeat::default(),
            messenger_shape: MessengerShape::default(),
            promotion_list: ListForm::default(),
            calls_per_user: 10,
            calls_per_app: 3000,
            calls_per_brandpay_endpoint: 100,
        }
    }
}
