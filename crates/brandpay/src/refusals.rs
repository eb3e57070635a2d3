//! Codes that prove that a request did nothing, besides those that prove it for every call.
//!
//! A code is in a list if two things hold. It names something that is looked at *before* anything is done. And what it
//! names is not brought about by the request itself, nor does it pass by itself: else it could be the answer to a second
//! attempt after a first one that worked. Never in a list, although they sound like a refusal:
//!
//! | left out | because |
//! |---|---|
//! | `ALREADY_*`, `DUPLICATED_*` | they may tell of this very request |
//! | `*_PROCESSING`, `FAILED_*`, `PROVIDER_ERROR`, `COMMON_ERROR`, `UNKNOWN_*` | it may have happened |
//! | `NOT_FOUND_PAYMENT_SESSION` of a payment | taking the money ends the session too: a lookup tells |
//! | `NOT_FOUND_PAYMENT` of a payment | the moment between "not yet" and "no more" is not told: a lookup tells |
//! | `MAINTAINED_METHOD`, `NOT_AVAILABLE_BANK` | they pass: an attempt before or after them may have worked |
//! | `FORBIDDEN_CONSECUTIVE_REQUEST` | the request that came just before may be this very one |
//! | `REFUND_REJECTED` | another company's word, which may be about a refund it has made already |
//! | `FORBIDDEN_REQUEST`, `NOT_FOUND` | they do not say what is looked at, or when |
//! | `INVALID_ACCESS_TOKEN` | a token ends by itself, and is looked at before the key |
//! | codes seen in partner code alone, `EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT` for one | no document says when they come |

/// Of calls about a customer.
pub(crate) const CUSTOMER: &[&str] = &[
    // The request, the version or the shop's contract is wrong: every attempt meets the same.
    "API_VERSION_UPDATE_NEEDED",
    "INVALID_CUSTOMER_KEY",
    "NOT_FOUND_HTTP_METHOD",
    "NOT_FOUND_MERCHANT",
    // The token or code is another customer's.
    "NOT_MATCHES_CUSTOMER_KEY",
];

/// Of taking money.
pub(crate) const PAY: &[&str] = &[
    // The request, the version or the shop's contract is wrong: every attempt meets the same.
    "API_VERSION_UPDATE_NEEDED",
    "BELOW_MINIMUM_AMOUNT",
    "INVALID_CUSTOMER_KEY",
    "INVALID_ORDER_ID",
    "INVALID_ORDER_NAME",
    "NOT_FOUND_HTTP_METHOD",
    "NOT_FOUND_MERCHANT",
    // There is nothing to charge: no such method, or it is not this customer's, or it cannot pay here.
    "NOT_FOUND_METHOD",
    "NOT_FOUND_METHOD_IN_GROUP",
    "NOT_FOUND_METHOD_OWNERSHIP",
    "NOT_MATCHES_CUSTOMER_KEY",
    "NOT_SUPPORTED_METHOD",
    // The buyer did not prove who they are.
    "EXCEED_MAX_AUTH_COUNT",
    "INVALID_PASSWORD",
    // The card company or the bank said no. A paid order is not brought before it again.
    "REJECT_ACCOUNT_PAYMENT",
    "REJECT_CARD_COMPANY",
];

/// Of giving money back. All but three are in the documented table of this call.
pub(crate) const CANCEL: &[&str] = &[
    // The request, the version or the shop's contract is wrong: every attempt meets the same. These three are of the
    // general list.
    "API_VERSION_UPDATE_NEEDED",
    "NOT_FOUND_HTTP_METHOD",
    "NOT_FOUND_MERCHANT",
    // The account to pay back to is wrong, or takes no money.
    "FORBIDDEN_BANK_REFUND_REQUEST",
    "INVALID_BANK",
    "INVALID_REFUND_ACCOUNT_INFO",
    "INVALID_REFUND_ACCOUNT_NUMBER",
    // The payment cannot be cancelled, or not in this way, ever.
    "EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT",
    "EXCEED_MAX_REFUND_DUE",
    "NOT_ALLOWED_PARTIAL_REFUND",
    "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT",
    "NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER",
    "NOT_FOUND_PAYMENT",
    // What is left does not allow it. A cancel brings that about, but not this one: its key would replay its success, as
    // partners measured, and they saw nothing change after these.
    "EXCEED_CANCEL_LIMIT",
    "NOT_CANCELABLE_AMOUNT",
    "NOT_CANCELABLE_PAYMENT",
    "NOT_MATCHES_REFUNDABLE_AMOUNT",
];
