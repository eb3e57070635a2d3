//! Every way in which Toss Payments says no, what that proves, and what is sent again.

use crate::support::{Op, answered, eager, fixture, fixtures, plain};
use ait_testkit::{answer, answers, header, page};
use brandpay::{
    ErrorCode,
    ait_core::{Error, Kind, Outcome},
};
use httpmock::MockServer;
use serde_json::{Value, json};
use tokio::task::{JoinSet, LocalSet};

const DOUBTFUL: [&str; 14] = [
    "PROVIDER_ERROR",
    "ALREADY_PROCESSED_PAYMENT",
    "ALREADY_CANCELED_PAYMENT",
    "ALREADY_REFUND_PAYMENT",
    "DUPLICATED_ORDER_ID",
    "IDEMPOTENT_REQUEST_PROCESSING",
    "FAILED_DB_PROCESSING",
    "FAILED_INTERNAL_SYSTEM_PROCESSING",
    "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING",
    "FAILED_REFUND_PROCESS",
    "FAILED_PARTIAL_REFUND",
    "COMMON_ERROR",
    "UNKNOWN_ERROR",
    "A_CODE_OF_TOMORROW",
];

async fn failed(op: Op, status: u16, code: &str) -> Error {
    answered(op, status, &json!({ "code": code, "message": "?" })).await.unwrap_err()
}

#[tokio::test]
async fn doubtful_codes_never_prove_that_nothing_was_done() {
    for op in Op::ALL.into_iter().filter(|op| op.is_write()) {
        for code in DOUBTFUL {
            for status in [400, 403, 404, 500] {
                let error = failed(op, status, code).await;
                assert_eq!(error.outcome(), Outcome::Unknown, "{op:?} {code} {status}");
                assert_eq!(error.code(), Some(code));
                assert_eq!(error.ticket().is_some(), Op::MONEY.contains(&op), "{op:?}");
            }
        }
        for body in [json!({}), json!([]), json!("x"), json!(null)] {
            let error = answered(op, 400, &body).await.unwrap_err();
            assert_eq!((error.outcome(), error.kind()), (Outcome::Unknown, Kind::Decode), "{op:?} {body}");
        }
    }
}

#[tokio::test]
async fn key_and_bytes_are_identical_on_every_attempt() {
    for op in Op::ALL.into_iter().filter(|op| op.is_write()) {
        for (status, code) in [(500, "FAILED_INTERNAL_SYSTEM_PROCESSING"), (503, "X")] {
            let no = (status, json!({ "code": code, "message": "?" }));
            the_same_each_time(op, vec![no.clone(), no, (200, op.response())]).await;
        }
    }
}

#[tokio::test]
async fn a_call_that_is_still_at_work_is_waited_for_under_its_key() {
    // All at once, because each of them waits.
    let (mut waiting, local) = (JoinSet::new(), LocalSet::new());
    for op in Op::ALL.into_iter().filter(|op| op.is_write()) {
        let busy = (409, json!({ "code": "IDEMPOTENT_REQUEST_PROCESSING", "message": "?" }));
        waiting.spawn_local_on(the_same_each_time(op, vec![busy, (200, op.response())]), &local);
    }
    local.run_until(waiting.join_all()).await;
}

/// One call that ends well after the last of these answers, with the same key and bytes on every attempt.
async fn the_same_each_time(op: Op, replies: Vec<(u16, Value)>) {
    let (server, expected) = (MockServer::start_async().await, replies.len());
    let context = format!("{op:?} {}", replies[0].1);
    let seen = answers(&server, replies);
    assert_eq!(op.run(&eager(&server)).await.unwrap(), plain(&op.response()), "{context}");
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), expected, "{context}");
    for request in &*seen {
        assert_eq!(request.body_ref(), seen[0].body_ref());
        assert_eq!(header(request, "idempotency-key").as_deref(), Some(crate::support::KEY));
        assert_eq!(request.uri(), seen[0].uri());
    }
}

#[tokio::test]
async fn a_broken_server_proves_nothing_whatever_its_code() {
    for op in Op::ALL.into_iter().filter(|op| op.is_write()) {
        for code in ["INVALID_REQUEST", "REJECT_CARD_COMPANY", "UNAUTHORIZED_KEY", "NOT_CANCELABLE_PAYMENT"] {
            for status in [500, 503] {
                let error = failed(op, status, code).await;
                assert_eq!((error.outcome(), error.code()), (Outcome::Unknown, Some(code)), "{op:?} {code}");
            }
        }
    }
}

#[tokio::test]
async fn a_refusal_is_bound_to_the_key_and_not_asked_again() {
    for op in Op::MONEY {
        for (status, code) in [
            (400, "INVALID_REQUEST"),
            (403, "FORBIDDEN_REQUEST"),
            (404, "NOT_FOUND_PAYMENT"),
            (400, "PROVIDER_ERROR"),
        ] {
            let server = MockServer::start_async().await;
            let seen = answer(&server, status, &json!({ "code": code, "message": "?" }));
            let error = op.run(&eager(&server)).await.unwrap_err();
            assert_eq!((seen.lock().unwrap().len(), error.attempts()), (1, 1), "{op:?} {code}");
        }
    }
}

#[tokio::test]
async fn a_lost_answer_stays_in_doubt_and_leaves_a_ticket() {
    for op in Op::MONEY {
        let server = MockServer::start_async().await;
        answer(&server, 502, &json!("gateway"));
        let error = op.run(&eager(&server)).await.unwrap_err();
        assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 3));
        assert!(error.is_safe_to_resend(), "the same key protects it");
        assert_eq!(error.ticket().unwrap().endpoint(), error.endpoint().unwrap());
    }
}

#[tokio::test]
async fn a_success_that_cannot_be_read_was_done() {
    for op in Op::MONEY {
        let mut body = op.response();
        body.as_object_mut().unwrap().remove("paymentKey");
        let error = answered(op, 200, &body).await.unwrap_err();
        assert_eq!((error.outcome(), error.kind()), (Outcome::Done, Kind::Decode));
        assert!(error.ticket().is_some());
    }
}

#[tokio::test]
async fn a_customer_who_was_not_removed_is_no_success() {
    let error =
        answered(Op::RemoveCustomer, 200, &fixture("remove-customer.failed.response")).await.unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::Unknown, Kind::Api));
    // Only what says so was not done.
    let silent = json!({ "customerKey": "customer" });
    assert_eq!(answered(Op::RemoveCustomer, 200, &silent).await.unwrap(), silent);
}

#[tokio::test]
async fn every_documented_error_is_told() {
    for name in fixtures(".error").into_iter().filter(|name| !name.starts_with("empty-object")) {
        let body = fixture(&name);
        for op in Op::ALL {
            let error = answered(op, 400, &body).await.unwrap_err();
            assert_eq!(error.code(), body["code"].as_str());
            assert_eq!(error.reason(), body["message"].as_str());
            assert!(ErrorCode::of(&error).unwrap().is_known(), "{name}");
        }
    }
}

#[test]
fn every_documented_code_is_known() {
    let page = page("brandpay-codes.md");
    let (_, codes) = page.split_once("## Error codes").unwrap();
    let (codes, _) = codes.split_once("### Only in the browser").unwrap();
    let words = codes.split('`').skip(1).step_by(2);
    let mut known = 0;
    for word in words.filter(|word| word.contains('_') && !word.ends_with('_')) {
        assert!(ErrorCode::from(word).is_known(), "{word}");
        known += 1;
    }
    assert!(known > 80, "the page changed its form: {known}");
}
