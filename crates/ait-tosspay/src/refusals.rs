//! Codes that prove that a call did nothing, besides those that prove it for every call of Apps in Toss.
//!
//! A code is in a list if it cannot follow a first, successful send of the same call, and cannot be Toss's own doubt. Toss
//! Pay's guide says what its codes mean, and that one code comes with different texts; nothing says that all of it holds
//! through the gateway of Apps in Toss. So what is not certain is left out. The table in `docs/api/tosspay.md`, "Error
//! codes", has the reason for each code. The most tempting:
//!
//! | left out | because |
//! |---|---|
//! | `REFUND_ALREADY_REFUNDED`, `PAY_ALREADY_COMPLETED`, `REFUND_REFUND_NO_DUPLICATE` | they say that it was done |
//! | `TRANSACTION_PENDING_ERROR`, `TRANSACTION_NOT_COMPLETE`, `COMMON_TIMEOUT`, `COMMON_*_ERROR` | it may have happened |
//! | `COMMON_BREAK_TIME_OF_BANK`, `CARD_SYSTEM_ERROR`, `CARD_BANK_SYSTEM_ERROR`, `COMMON_THROTTLED` | they pass by themselves |
//! | `COMMON_EXCEED_LIMIT`, `REFUND_EXCEED_DAILY`, `DISCOUNT_CLOSED`, `USER_DISCOUNT_CLOSED` | this very call may have used it up |
//! | `EXECUTE_PAY_NOT_APPROVED`, `COMMON_REFUND_ERROR`, `COMMON_ITS_NOT_ABLE_TO_CHANGE_STATUS` | a call that worked leaves such a state too |
//! | states of the user, the account and the shop | they may have changed after a call that worked |

/// Of making a payment. No money moves there, and what is made by mistake expires unpaid.
pub(crate) const MAKE: &[&str] = &[
    // Looked at before the payment, or the same each time it is sent.
    "COMMON_INVALID_API_KEY",
    "COMMON_INVALID_PARAMETER",
    // These may follow a first, successful send. They are here because making moves no money: whoever gets one asks the
    // status by order number.
    "PAYMENT_DUPLICATION_ORDER_NO",
    "PAYMENT_EXISTING_PAYMENT",
];

/// Of taking the money.
pub(crate) const EXECUTE: &[&str] = &[
    // Looked at before the payment.
    "COMMON_INVALID_API_KEY",
    // The bank or the card company declined. Only a payment that was authenticated and not paid comes before them, one attempt
    // at a time: another is answered by TRANSACTION_PENDING_ERROR.
    "CARD_EXCEED_LIMIT",
    "CARD_NOT_AVAILABLE",
    "CARD_NOT_AVAILABLE_SHOP",
    "CARD_NOT_ENOUGH_BALANCE",
    "CARD_SPREADOUT_ERROR",
    "COMMON_NOT_ENOUGH_CASH",
    // Amount and card, which are the same each time it is sent, do not go together.
    "AVAILABLE_ONLY_TOSS_MONEY_UNDER_MIN_AMT",
    "CARD_MIN_AMOUNT_ERROR",
    "CARD_MIN_AMOUNT_FOR_SPREADOUT_ERROR",
];

/// Of giving it back. Each of the others may follow a refund that worked.
pub(crate) const REFUND: &[&str] = &["COMMON_INVALID_API_KEY"];
