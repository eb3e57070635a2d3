//! Every way in which Toss Pay says no, and what that proves.

use std::time::Duration;

use crate::support::{Op, answered, eager, fixtures};
use ait_testkit::{answer, fixture};
use ait_tosspay::{
    ErrorCode,
    ait_core::{Error, Kind, Outcome},
};
use httpmock::MockServer;
use serde_json::{Value, json};

/// What is documented to have done nothing, by call. The page of Toss Pay says which call answers which code.
fn proves_nothing_was_done(op: Op, code: &str) -> bool {
    match code {
        // Known before the product is reached.
        "INVALID_PARAMETER" | "4010" | "4050" | "4095" => true,
        // An execution that answers one of these may have taken the money before.
        "PAYMENT_EXISTING_PAYMENT" | "PAYMENT_DUPLICATION_ORDER_NO" | "COMMON_INVALID_PARAMETER" => {
            op == Op::Make
        }
        // Declined by a bank or a card company.
        "COMMON_NOT_ENOUGH_CASH"
        | "AVAILABLE_ONLY_TOSS_MONEY_UNDER_MIN_AMT"
        | "CARD_NOT_AVAILABLE_SHOP"
        | "CARD_NOT_AVAILABLE"
        | "CARD_EXCEED_LIMIT"
        | "CARD_NOT_ENOUGH_BALANCE"
        | "CARD_SPREADOUT_ERROR"
        | "CARD_MIN_AMOUNT_ERROR"
        | "CARD_MIN_AMOUNT_FOR_SPREADOUT_ERROR" => op == Op::Execute,
        // Not the bank's maintenance: it passes by itself, and may answer a second attempt after a first that worked.
        code => code == "COMMON_INVALID_API_KEY",
    }
}

fn expect(op: Op, error: &Error, outcome: Outcome, context: &str) {
    let context = format!("{op:?}, {context}: {error}");
    assert_eq!(error.outcome(), outcome, "{context}");
    assert_eq!(error.endpoint(), Some(op.endpoint()), "{context}");
    let settled_by = (op.is_write() && outcome >= Outcome::Unknown).then_some("tosspay.payment_status");
    assert_eq!(error.settled_by(), settled_by, "{context}");
    assert_eq!(error.is_safe_to_resend(), !op.is_write() || outcome <= Outcome::Refused, "{context}");
    assert_eq!(error.attempts(), 1, "{context}");
}

async fn refused(op: Op, status: u16, body: &Value, code: &str, reason: Option<&str>) {
    let error = answered(op, status, body).await.unwrap_err();
    let refused = !op.is_write() || proves_nothing_was_done(op, code);
    let outcome = if refused { Outcome::Refused } else { Outcome::Unknown };
    expect(op, &error, outcome, &format!("{code}, HTTP {status}"));
    assert_eq!(error.kind(), Kind::Api);
    assert_eq!(error.code(), Some(code));
    assert_eq!(error.reason(), reason);
    assert_eq!(error.result_type(), Some("FAIL"));
    assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
    let known = ErrorCode::of(&error).unwrap();
    assert_eq!((known.as_str(), known.is_known()), (code, ErrorCode::from(code).is_known()));
}

#[tokio::test]
async fn every_documented_error_is_told_whatever_the_status() {
    for name in fixtures(".error") {
        let body = fixture(&name);
        let code = body["error"]["errorCode"].as_str().unwrap().to_owned();
        let reason = body["error"]["reason"].as_str();
        assert!(ErrorCode::from(code.as_str()).is_known(), "{code}");
        for op in Op::ALL {
            for status in [200, 400, 404] {
                refused(op, status, &body, &code, reason).await;
            }
        }
    }
}

#[tokio::test]
async fn every_code_of_toss_pay_proves_what_the_page_says_at_every_call() {
    for code in ErrorCode::KNOWN.iter().map(ErrorCode::as_str).chain(crate::error_codes::ALL) {
        let body = json!({ "resultType": "FAIL", "error": { "errorCode": code, "reason": "?" } });
        for op in [Op::Make, Op::Execute, Op::Refund] {
            refused(op, 200, &body, code, Some("?")).await;
        }
    }
}

#[tokio::test]
async fn a_code_inside_a_success_answer_proves_the_same_but_for_the_common_ones() {
    for code in crate::error_codes::ALL {
        let mut body = declined();
        body["success"]["errorCode"] = json!(code);
        let error = answered(Op::Execute, 200, &body).await.unwrap_err();
        let refused = proves_nothing_was_done(Op::Execute, code);
        expect(Op::Execute, &error, if refused { Outcome::Refused } else { Outcome::Unknown }, code);
        assert_eq!(error.code(), Some(code));
    }
}

#[tokio::test]
async fn every_common_error_is_told_too() {
    let common = ["fail", "fail-full", "unauthenticated", "foreign-certificate", "rate-limit", "validation"];
    for name in common.into_iter().chain(["internal-error"]) {
        let body = fixture(&format!("envelope/{name}"));
        let code = body["error"]["errorCode"].as_str().unwrap();
        assert!(ErrorCode::from(code).is_known(), "{code}");
        for op in Op::ALL {
            for status in [200, 400, 404, 500] {
                refused(op, status, &body, code, body["error"]["reason"].as_str()).await;
            }
        }
    }
}

#[tokio::test]
async fn a_code_nobody_documented_leaves_doubt_about_a_write() {
    for code in ["PAYMENT_LIMIT_EXCEEDED", "", "common_invalid_api_key", "COMMON_INVALID_API_KEY ", "4011"] {
        let body = json!({ "resultType": "FAIL", "error": { "errorCode": code, "reason": "?" } });
        for op in Op::ALL {
            refused(op, 200, &body, code, Some("?")).await;
        }
    }
    let body = json!({ "resultType": "FAIL", "error": { "reason": "no code at all" } });
    for op in Op::ALL {
        let error = answered(op, 400, &body).await.unwrap_err();
        let outcome = if op.is_write() { Outcome::Unknown } else { Outcome::Refused };
        expect(op, &error, outcome, "no code");
        assert_eq!((error.code(), ErrorCode::of(&error)), (None, None));
    }
}

#[tokio::test]
async fn the_odd_result_types_leave_doubt_even_with_a_listed_code() {
    let odd = ["http-timeout", "network-error", "execution-fail", "interrupted", "internal-error"];
    for name in odd {
        let documented = fixture(&format!("envelope/result-{name}"));
        let mut listed = documented.clone();
        listed["error"] = json!({ "errorCode": "COMMON_INVALID_API_KEY" });
        for body in [documented, listed] {
            for op in Op::ALL {
                let error = answered(op, 200, &body).await.unwrap_err();
                expect(op, &error, Outcome::Unknown, name);
                assert_eq!(error.kind(), Kind::Api);
                assert_eq!(error.result_type(), body["resultType"].as_str());
            }
        }
    }
}

#[tokio::test]
async fn a_read_is_asked_again_and_a_write_is_not() {
    for name in ["http-timeout", "network-error", "execution-fail", "interrupted", "internal-error"] {
        let body = fixture(&format!("envelope/result-{name}"));
        for op in Op::ALL {
            let server = MockServer::start_async().await;
            let seen = answer(&server, 200, &body);
            let error = op.run(&eager(&server)).await.unwrap_err();
            let expected = if op.is_write() { 1 } else { 3 };
            assert_eq!(seen.lock().unwrap().len(), expected, "{op:?}, {name}");
            assert_eq!(error.attempts() as usize, expected, "{op:?}, {name}");
        }
    }
}

#[tokio::test]
async fn a_refusal_over_a_rate_limit_is_the_one_that_a_write_survives() {
    let mut body = fixture("envelope/rate-limit");
    body["error"]["data"]["retryAfterSeconds"] = json!(0);
    for op in Op::ALL {
        let server = MockServer::start_async().await;
        let seen = answer(&server, 429, &body);
        let error = op.run(&eager(&server)).await.unwrap_err();
        assert_eq!(seen.lock().unwrap().len(), 3, "{op:?}");
        assert_eq!(error.outcome(), Outcome::Refused, "{op:?}");
        assert!(error.is_rate_limited());
        assert_eq!(error.retry_after(), Some(Duration::ZERO));
    }
}

fn declined() -> Value {
    fixture("tosspay/execute-payment.declined.response")
}

#[tokio::test]
async fn a_declined_payment_in_a_success_answer_is_never_a_payment() {
    let error = answered(Op::Execute, 200, &declined()).await.unwrap_err();
    // No source says that nothing was done.
    expect(Op::Execute, &error, Outcome::Unknown, "declined");
    assert_eq!(error.kind(), Kind::Api);
    assert_eq!(error.code(), Some("COMMON_BREAK_TIME_OF_BANK"));
    assert_eq!(ErrorCode::of(&error), Some(ErrorCode::BankMaintenance));
    assert_eq!(error.reason(), declined()["success"]["msg"].as_str());
    assert_eq!(error.result_type(), Some("SUCCESS"));

    let mut unlisted = declined();
    unlisted["success"]["errorCode"] = json!("PAYMENT_EXISTING_PAYMENT");
    let error = answered(Op::Execute, 200, &unlisted).await.unwrap_err();
    expect(Op::Execute, &error, Outcome::Unknown, "declined with an unlisted code");

    let mut silent = declined();
    silent["success"]["errorCode"] = Value::Null;
    let error = answered(Op::Execute, 200, &silent).await.unwrap_err();
    expect(Op::Execute, &error, Outcome::Unknown, "declined without a code");
    assert_eq!(error.code(), Some("-1"));
}

/// Payloads that speak against themselves, with the code they name.
fn inner_failures() -> Vec<(Value, &'static str)> {
    vec![
        (json!({ "code": -1 }), "-1"),
        (json!({ "code": 1 }), "1"),
        (json!({ "code": "-1" }), "-1"),
        (json!({ "code": -1.0 }), "-1"),
        // "code other than 0": that is other than 0 too.
        (json!({ "code": "DECLINED" }), "DECLINED"),
        (json!({ "code": 0, "errorCode": "PAYMENT_REJECTED" }), "PAYMENT_REJECTED"),
        (json!({ "errorCode": "PAYMENT_REJECTED" }), "PAYMENT_REJECTED"),
        (json!({ "errorCode": "PAYMENT_REJECTED", "msg": "" }), "PAYMENT_REJECTED"),
        (json!({ "errorCode": 4444 }), "4444"),
        (json!({ "code": null, "errorCode": "PAYMENT_REJECTED", "msg": null }), "PAYMENT_REJECTED"),
    ]
}

#[tokio::test]
async fn a_hidden_failure_is_found_whole_and_with_everything_else_missing() {
    for (op, whole) in [
        (Op::Make, fixture("tosspay/make-payment.response")),
        (Op::Execute, fixture("tosspay/execute-payment.response")),
        (Op::Refund, fixture("tosspay/refund-payment.refunded.response")),
    ] {
        for (inner, code) in inner_failures() {
            let alone = json!({ "resultType": "SUCCESS", "success": inner });
            let mut within = whole.clone();
            for (name, value) in inner.as_object().unwrap() {
                within["success"][name] = value.clone();
            }
            for body in [alone, within] {
                let error = answered(op, 200, &body).await.unwrap_err();
                expect(op, &error, Outcome::Unknown, &inner.to_string());
                assert_eq!((error.kind(), error.code()), (Kind::Api, Some(code)), "{op:?}, {inner}");
                assert_eq!(error.result_type(), Some("SUCCESS"));
            }
        }
        // A common code proves something only before the product speaks.
        for code in ["4010", "4050", "4095", "INVALID_PARAMETER"] {
            let mut inside = whole.clone();
            inside["success"]["errorCode"] = json!(code);
            let error = answered(op, 200, &inside).await.unwrap_err();
            expect(op, &error, Outcome::Unknown, code);
        }
        let mut listed = whole.clone();
        listed["success"]["errorCode"] = json!("COMMON_INVALID_API_KEY");
        let error = answered(op, 200, &listed).await.unwrap_err();
        expect(op, &error, Outcome::Refused, "listed");
    }
}

#[tokio::test]
async fn a_payload_that_speaks_for_itself_is_a_payment() {
    for (op, name) in [
        (Op::Make, "tosspay/make-payment.response"),
        (Op::Execute, "tosspay/execute-payment.response"),
        (Op::Refund, "tosspay/refund-payment.refunded.response"),
    ] {
        for (member, value) in [
            ("code", json!(0)),
            ("code", json!("0")),
            ("code", json!(0.0)),
            ("code", json!(null)),
            ("errorCode", json!("")),
            ("errorCode", json!(null)),
            ("msg", json!("")),
            ("msg", json!(7)),
        ] {
            let mut body = fixture(name);
            body["success"][member] = value.clone();
            assert!(answered(op, 200, &body).await.is_ok(), "{op:?} {member}: {value}");
        }
    }
}

#[tokio::test]
async fn a_success_that_cannot_be_read_was_done_if_it_names_the_payment() {
    for (op, member, outcome) in [
        // Nothing identifies a payment before it has a token.
        (Op::Make, "payToken", Outcome::Done),
        (Op::Execute, "amount", Outcome::Done),
        (Op::Refund, "refundableAmount", Outcome::Done),
        (Op::Status, "amount", Outcome::Done),
        (Op::Execute, "payToken", Outcome::Unknown),
        (Op::Refund, "payToken", Outcome::Unknown),
        (Op::Status, "payToken", Outcome::Unknown),
    ] {
        let mut body = fixture(&format!("tosspay/{}.response", op.word()));
        body["success"][member] = json!(["unreadable"]);
        let error = answered(op, 200, &body).await.unwrap_err();
        expect(op, &error, outcome, member);
        assert_eq!(error.kind(), Kind::Decode);
        assert_eq!(error.expose_body(), Some(body.to_string().as_bytes()));
    }
}
