//! Toss Pay's codes, against the tables of `docs/api/tosspay.md`, "Error codes".

use std::collections::BTreeSet;

use crate::support::fixtures;
use ait_testkit::{fixture, page};
use ait_tosspay::{ErrorCode, ExecutePayment, MakePayment, PaymentStatus, RefundPayment, ait_core::Endpoint};
use serde_json::json;

/// The rows of the tables whose first column has this above it.
fn tables(first: &str) -> Vec<Vec<String>> {
    let page = page("tosspay.md");
    let section = page.split("\n## ").find(|section| section.lines().next() == Some("Error codes")).unwrap();
    let cells = |row: &str| -> Vec<String> {
        let row = row.trim().trim_start_matches('|').trim_end_matches('|');
        row.split('|').map(|cell| cell.trim().trim_matches('`').to_owned()).collect()
    };
    let tables = section.split("\n\n").filter(|part| {
        let head = part.lines().find(|line| line.starts_with('|'));
        head.is_some_and(|head| cells(head)[0] == first)
    });
    let rows = tables.flat_map(|table| table.lines().filter(|line| line.starts_with('|')).skip(2).map(cells));
    rows.collect()
}

fn sorted<'a>(codes: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut codes: Vec<_> = codes.into_iter().collect();
    codes.sort_unstable();
    codes
}

#[test]
fn every_documented_code_is_named_with_its_text_or_stands_elsewhere() {
    let (named, elsewhere) = (tables("Code"), tables("Elsewhere"));
    for row in &named {
        let code = ErrorCode::from(row[0].as_str());
        assert!(code.is_known(), "{code}");
        assert_eq!(code.korean_name(), Some(row[1].as_str()), "{code}");
        assert!(row[2].len() > 20 && row[4].len() > 10, "{code} has a meaning, and a reason");
    }
    for row in &elsewhere {
        assert!(!ErrorCode::from(row[0].as_str()).is_known(), "{}", row[0]);
    }
    let documented: BTreeSet<&str> = named.iter().chain(&elsewhere).map(|row| row[0].as_str()).collect();
    let older = [
        "PAY_EXPIRED",
        "PAY_ALREADY_COMPLETED",
        "PAY_ITS_NOT_ABLE_TO_PAY",
        "COMMON_SIGN_FAILED_CS_CALL",
        "COMMON_TEMP_DENIAL_ERROR",
    ];
    assert_eq!(documented, ALL.into_iter().chain(older).collect(), "94, and five of older pages");
    assert_eq!((named.len(), elsewhere.len(), ALL.len()), (64, 35, 94));

    let common = ["INTERNAL_ERROR", "INVALID_PARAMETER", "4010", "4050", "4095"];
    let known = sorted(ErrorCode::KNOWN.iter().map(ErrorCode::as_str));
    assert_eq!(known, sorted(named.iter().map(|row| row[0].as_str()).chain(common)));
}

#[test]
fn every_code_goes_both_ways() {
    for text in ALL {
        let code: ErrorCode = serde_json::from_value(json!(text)).unwrap();
        assert_eq!((code.as_str(), &code), (text, &ErrorCode::from(text)));
        assert_eq!(serde_json::to_value(&code).unwrap(), json!(text));
    }
}

#[test]
fn the_samples_have_the_words_of_the_table() {
    for name in fixtures(".error") {
        let error = fixture(&name)["error"].clone();
        let code = ErrorCode::from(error["errorCode"].as_str().unwrap());
        assert_eq!(code.korean_name(), error["reason"].as_str(), "{name}");
    }
}

#[test]
fn each_common_code_has_its_own_name() {
    for (name, code) in [
        ("tosspay/existing-payment.error", ErrorCode::ExistingPayment),
        ("tosspay/invalid-api-key.error", ErrorCode::InvalidApiKey),
        ("tosspay/bank-break-time.error", ErrorCode::BankMaintenance),
        ("envelope/internal-error", ErrorCode::Internal),
        ("envelope/fail", ErrorCode::InvalidParameter),
        ("envelope/unauthenticated", ErrorCode::Unauthenticated),
        ("envelope/foreign-certificate", ErrorCode::ForeignApp),
        ("envelope/rate-limit", ErrorCode::TooManyRequests),
    ] {
        assert_eq!(fixture(name)["error"]["errorCode"], code.as_str(), "{name}");
    }
}

// One code too many is a payment taken for none. The common codes are no refusals inside a SUCCESS answer.
#[test]
fn the_codes_that_prove_that_nothing_was_done_are_these_and_no_more() {
    let make = [
        "COMMON_INVALID_API_KEY",
        "COMMON_INVALID_PARAMETER",
        "PAYMENT_DUPLICATION_ORDER_NO",
        "PAYMENT_EXISTING_PAYMENT",
    ];
    let execute = [
        "COMMON_INVALID_API_KEY",
        "CARD_EXCEED_LIMIT",
        "CARD_NOT_AVAILABLE",
        "CARD_NOT_AVAILABLE_SHOP",
        "CARD_NOT_ENOUGH_BALANCE",
        "CARD_SPREADOUT_ERROR",
        "COMMON_NOT_ENOUGH_CASH",
        "AVAILABLE_ONLY_TOSS_MONEY_UNDER_MIN_AMT",
        "CARD_MIN_AMOUNT_ERROR",
        "CARD_MIN_AMOUNT_FOR_SPREADOUT_ERROR",
    ];
    assert_eq!(MakePayment::REFUSALS, make);
    assert_eq!(ExecutePayment::REFUSALS, execute);
    assert_eq!(RefundPayment::REFUSALS, ["COMMON_INVALID_API_KEY"]);
    assert!(PaymentStatus::REFUSALS.is_empty());
    for (call, refusals) in [
        ("make-payment", MakePayment::REFUSALS),
        ("execute-payment", ExecutePayment::REFUSALS),
        ("refund-payment", RefundPayment::REFUSALS),
    ] {
        let rows = tables("Code");
        let proves = |cell: &str| ["every call", call].contains(&cell);
        let listed = rows.iter().filter(|row| proves(&row[3])).map(|row| row[0].as_str());
        assert_eq!(sorted(refusals.iter().copied()), sorted(listed), "{call}");
        for row in &rows {
            let cells = ["none", "every call", "make-payment", "execute-payment", "refund-payment"];
            assert!(cells.contains(&row[3].as_str()), "{row:?}");
        }
    }
}

/// The codes of Toss Pay's own guide (qna.html).
pub(crate) const ALL: [&str; 94] = [
    "COMMON_SYSTEM_ERROR",
    "COMMON_INVALID_PARAMETER",
    "COMMON_PAY_ERROR",
    "COMMON_NOT_ENOUGH_CASH",
    "COMMON_EXCEED_LIMIT",
    "COMMON_ASSET_GET_ACCOUNT_ERROR",
    "COMMON_REFUND_ERROR",
    "REFUND_REFUND_NO_DUPLICATE",
    "PAYMENT_DUPLICATION_ORDER_NO",
    "PAYMENT_EXISTING_PAYMENT",
    "TRANSACTION_PENDING_ERROR",
    "INVALID_ACCOUNT_STATUS",
    "FRAUD_DETECTION_SYSTEM_ERROR",
    "USER_STATUS_ERROR",
    "REFUND_ALREADY_REFUNDED",
    "TRANSACTION_NOT_COMPLETE",
    "TRANSACTION_NOT_FOUND",
    "INACTIVE_USER",
    "AUTO_CHARGE_NOT_YET_REGISTER_ACCOUNT",
    "PAY_UNAUTHORIZED",
    "TOSS_APP_UPDATE_IS_REQUIRED",
    "PAY_CANCEL_ITS_NOT_CANCELABLE_STATUS",
    "COUPON_ASSIGN_FAIL",
    "DISCOUNT_CLOSED",
    "USER_DISCOUNT_CLOSED",
    "DISCOUNT_NEED_ISSUE",
    "DISCOUNT_ALREADY_ISSUED",
    "AVAILABLE_ONLY_TOSS_MONEY_UNDER_MIN_AMT",
    "AUTO_PAY_TERM_INACTIVE_FAIL",
    "AGE_POLICY_ERROR",
    "PAY_FRAUD_DETECTED",
    "BLOCKED_THE_USE_OF_POINT",
    "CARD_SYSTEM_ERROR",
    "CARD_BANK_SYSTEM_ERROR",
    "CARD_NOT_AVAILABLE_SHOP",
    "CARD_NOT_AVAILABLE",
    "CARD_EXCEED_LIMIT",
    "CARD_NOT_ENOUGH_BALANCE",
    "CARD_SPREADOUT_ERROR",
    "CARD_MIN_AMOUNT_ERROR",
    "CARD_MIN_AMOUNT_FOR_SPREADOUT_ERROR",
    "BNPL_INVALID_REQUEST",
    "BNPL_NOT_EXIST_USER",
    "BNPL_EXCEED_PAYABLE_AMOUNT",
    "BNPL_ALREADY_COMPLETED_REQUEST",
    "BNPL_IN_PROGRESS_REQUEST",
    "BNPL_NOT_FOUND_PAYMENT",
    "BNPL_ALREADY_COMPLETED_REFUND",
    "NOT_SET_BNPL_PAYMENT_ACCOUNT",
    "SALES_CHECK_NOT_FOUND_USER",
    "SALES_CHECK_USER_AUTH_FAIL",
    "SALES_CHECK_USER_AUTH_DECRYPT_FAIL",
    "SALES_CHECK_CARD_ONLY",
    "NOT_SUPPORTED_BILLING_KEY_SHOP",
    "BILLING_KEY_ALREADY_ACTIVATED",
    "BILLING_KEY_REGISTRATION_CANCELLED",
    "BILLING_KEY_UNREGISTERED_BY_CANCEL",
    "BILLING_KEY_AUTH_ERROR",
    "BILLING_KEY_USER_CI_ERROR",
    "BILLING_KEY_REMOVE_NOT_ALLOWED_SHOP",
    "ALREADY_EXISTED_AUTH",
    "NOT_SUPPORTED_PAYMENT_METHOD",
    "EXIST_ACTIVATED_BILLING_KEY_USING_THIS_METHOD",
    "COMMON_BILLING_KEY_NOT_FOUND",
    "CORE_USER_ERROR",
    "COMMON_PAY_RESELLER_ERROR",
    "RESELLER_ONLY_CARD_PAYMENT",
    "RESELLER_CALLBACK_PROCESS_ERROR",
    "NOT_APPROVED_CARD_PAYMENT",
    "PAY_CARD_AUTH_REQUEST_ERROR",
    "NOT_SUPPORTED_RESELLER_SHOP",
    "PAYMENT_SHOP_STATE_NOT_NORMAL",
    "PAYMENT_SHOP_STATE_CANNOT_REFUND",
    "COMMON_INVALID_API_KEY",
    "NOT_INTERNAL_SHOP",
    "COMMON_BREAK_TIME_OF_BANK",
    "COMMON_UNAUTHORIZED",
    "REFUND_EXCEED_DAILY",
    "EXECUTE_PAY_NOT_APPROVED",
    "PAUSE_USER",
    "COMMON_TIMEOUT",
    "COMMON_THROTTLED",
    "COMMON_ITS_NOT_ABLE_TO_CHANGE_STATUS",
    "ESCROW_IMPOSSIBLE_STATUS",
    "CASH_RECEIPT_JOIN_MEMBER_FAIL",
    "CASH_RECEIPT_REGIST_ISSUE_FAIL",
    "CASH_RECEIPT_ALREADY_ISSUE_FAIL",
    "CASH_RECEIPT_ALREADY_CANCEL_FAIL",
    "CASH_RECEIPT_CANCEL_ISSUE_FAIL",
    "CASH_RECEIPT_REVOKE_REGIST_ISSUE_FAIL",
    "CASH_RECEIPT_GET_INFO_FAIL",
    "CASH_RECEIPT_NOT_EXIST",
    "CASH_RECEIPT_GET_POPUP_URI_FAIL",
    "CASH_RECEIPT_UNKNOWN_STATUS_CODE",
];
