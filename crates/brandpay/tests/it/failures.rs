//! Every way in which Toss Payments says no, what that proves, and what is sent again.

use crate::support::{Op, answered, eager, fixture, fixtures, pay, plain};
use ait_testkit::{answer, answers, fitting, header, page};
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
    let response = op.response_to(&op.stored(op.body()));
    let fits =
        |(status, body)| if body == op.response() { (status, response.clone()) } else { (status, body) };
    let seen = answers(&server, replies.into_iter().map(fits).collect());
    assert_eq!(op.run(&eager(&server)).await.unwrap(), plain(&response), "{context}");
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
async fn a_success_that_cannot_be_read_was_done_if_it_names_the_payment() {
    for op in Op::MONEY {
        let mut body = op.response();
        body["receipt"] = json!(["unreadable"]);
        let error = answered(op, 200, &body).await.unwrap_err();
        assert_eq!((error.outcome(), error.kind()), (Outcome::Done, Kind::Decode), "{op:?}");
        assert!(error.ticket().is_some());
        for (member, value) in [
            ("paymentKey", json!(null)),
            ("paymentKey", json!("of another payment")),
            ("orderId", json!("of-another-order")),
            ("totalAmount", json!(1)),
            ("status", json!("ABORTED")),
            ("failure", json!({ "code": "REJECT_CARD_PAYMENT", "message": "?" })),
        ] {
            let checks = match (op, member) {
                (Op::AutomaticPayment, "paymentKey") => value.is_null(),
                (Op::Cancel, member) => ["paymentKey", "status"].contains(&member),
                _ => true,
            };
            let outcome = if checks { Outcome::Unknown } else { Outcome::Done };
            let mut body = body.clone();
            body[member] = value;
            if (op, member) == (Op::AutomaticPayment, "paymentKey") {
                continue;
            }
            let server = MockServer::start_async().await;
            answer(&server, 200, &body);
            let stored = fitting(&op.stored(op.body()), &op.response());
            let error = op.send_stored(&pay(&server), stored).await.unwrap_err();
            assert_eq!(error.outcome(), outcome, "{op:?} {member}: {error}");
        }
    }
}

/// Nothing was done in any of these trials, and a shop goes by the outcome.
#[tokio::test]
async fn a_body_that_is_no_payment_proves_nothing_whatever_the_status() {
    for op in Op::ALL.into_iter().filter(|op| op.is_write()) {
        for body in [
            json!("<html>maintenance</html>"),
            json!(null),
            json!({}),
            json!([]),
            json!({ "status": "maintenance" }),
            json!({ "code": "REJECT_CARD_PAYMENT", "message": "?" }),
        ] {
            for status in [200, 202] {
                // That one says in its own words that a customer was removed.
                let error = answered(op, status, &body).await.unwrap_err();
                assert_eq!(error.outcome(), Outcome::Unknown, "{op:?} {body}: {error}");
            }
        }
    }
}

#[tokio::test]
async fn an_answer_about_something_else_is_no_success() {
    let of = |member: &str, value: Value| {
        let mut body = fixture("confirm.response");
        body[member] = value;
        body
    };
    for body in [
        of("paymentKey", json!("of another payment")),
        of("orderId", json!("of-another-order")),
        of("totalAmount", json!(999)),
        of("status", json!("ABORTED")),
        of("status", json!("IN_PROGRESS")),
        of("status", json!("EXPIRED")),
        of("status", json!("WAITING_FOR_DEPOSIT")),
        of("status", json!("CANCELED")),
        of("status", json!("SOMETHING_NEW")),
        of("failure", json!({ "code": "REJECT_CARD_PAYMENT", "message": "?" })),
    ] {
        for op in [Op::Confirm, Op::AutomaticPayment] {
            if op == Op::AutomaticPayment && body["paymentKey"] == "of another payment" {
                continue; // It has no key before its answer.
            }
            let server = MockServer::start_async().await;
            answer(&server, 200, &body);
            let stored = fitting(&op.stored(op.body()), &fixture("confirm.response"));
            let error = op.send_stored(&pay(&server), stored).await.unwrap_err();
            assert_eq!((error.kind(), error.outcome()), (Kind::Mismatch, Outcome::Unknown), "{op:?} {body}");
            assert_eq!(error.settled_by(), Some("brandpay.payment_by_order"));
            assert!(error.to_string().contains("key may have been used before"), "{error}");
        }
    }
}

#[tokio::test]
async fn a_cancel_is_one_that_the_answer_lists() {
    let cancel = |change: fn(&mut Value)| {
        let mut body = fixture("cancel.partial.response");
        change(&mut body);
        body
    };
    for (body, field) in [
        (cancel(|body| body["status"] = json!("DONE")), "status"),
        (cancel(|body| body["cancels"] = json!(null)), "cancels"),
        (cancel(|body| body["cancels"][0]["cancelAmount"] = json!(1)), "cancels"),
        (cancel(|body| body["cancels"][0]["cancelStatus"] = json!("IN_PROGRESS")), "cancels"),
        (cancel(|body| body["cancels"][0]["cancelStatus"] = json!("ABORTED")), "cancels"),
        (cancel(|body| body["cancels"][0]["cancelRequestId"] = json!("of another")), "cancels"),
    ] {
        let error = answered(Op::Cancel, 200, &body).await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (Kind::Mismatch, Outcome::Unknown), "{field}");
        assert!(error.to_string().contains(&format!("`{field}`")), "{error}");
    }
    let rest = json!({ "cancelReason": "고객 변심" });
    for (balance, fits) in [(json!(0), true), (json!(null), true), (json!(1), false)] {
        let mut body = cancel(|_| {});
        body["balanceAmount"] = balance.clone();
        let server = MockServer::start_async().await;
        answer(&server, 200, &body);
        let stored = fitting(&Op::Cancel.stored(Some(rest.clone())), &body);
        assert_eq!(Op::Cancel.send_stored(&pay(&server), stored).await.is_ok(), fits, "{balance}");
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
