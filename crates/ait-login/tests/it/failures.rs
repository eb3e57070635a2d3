//! Every way in which Toss Login says no, and what that proves.

use std::time::Duration;

use crate::support::{Op, answered, eager, fixtures};
use ait_login::{
    ErrorCode, GenerateToken, LoginMe, RefreshToken, RemoveByAccessToken, RemoveByUserKey,
    VerifyAnonymousKey,
    ait_core::{Endpoint, Error, Kind, Outcome},
};
use ait_testkit::{answer, fixture};
use httpmock::MockServer;
use serde_json::{Value, json};

/// Found out before the request reaches the product.
const PROOFS: [&str; 5] = ["INVALID_PARAMETER", "4010", "4050", "4095", "invalid_grant"];

fn expect(op: Op, error: &Error, outcome: Outcome, context: &str) {
    let context = format!("{op:?}, {context}: {error}");
    assert_eq!(error.outcome(), outcome, "{context}");
    assert_eq!(error.endpoint(), Some(op.endpoint()), "{context}");
    assert_eq!(error.settled_by(), None, "{context}: nothing tells");
    assert_eq!(error.is_safe_to_resend(), !op.is_write() || outcome <= Outcome::Refused, "{context}");
    assert_eq!(error.attempts(), 1, "{context}");
}

fn of_code(op: Op, code: &str) -> Outcome {
    if !op.is_write() || PROOFS.contains(&code) { Outcome::Refused } else { Outcome::Unknown }
}

#[tokio::test]
async fn every_documented_error_is_told_whatever_the_status() {
    let common = ["fail", "fail-full", "unauthenticated", "foreign-certificate", "rate-limit", "validation"];
    let common = common.into_iter().chain(["internal-error"]).map(|name| format!("envelope/{name}"));
    for name in fixtures(".error").into_iter().chain(common) {
        let body = fixture(&name);
        let code = body["error"]["errorCode"].as_str().unwrap();
        assert!(ErrorCode::from(code).is_known() || name.starts_with("envelope/"), "{code}");
        for op in Op::ALL {
            for status in [200, 400, 401, 404] {
                let error = answered(op, status, &body).await.unwrap_err();
                expect(op, &error, of_code(op, code), &format!("{name}, HTTP {status}"));
                assert_eq!((error.kind(), error.code()), (Kind::Api, Some(code)));
                assert_eq!(error.reason(), body["error"]["reason"].as_str());
                assert_eq!(ErrorCode::of(&error), Some(ErrorCode::from(code)));
            }
        }
    }
}

#[test]
fn no_code_of_its_own_proves_that_nothing_was_done() {
    let lists = [
        GenerateToken::REFUSALS,
        RefreshToken::REFUSALS,
        LoginMe::REFUSALS,
        RemoveByAccessToken::REFUSALS,
        RemoveByUserKey::REFUSALS,
        VerifyAnonymousKey::REFUSALS,
    ];
    assert!(lists.concat().is_empty(), "no list of codes is documented");
}

#[test]
fn each_code_has_its_own_name() {
    for (name, code) in [
        ("login/invalid-grant", ErrorCode::InvalidGrant),
        ("login/user-key-not-found", ErrorCode::UserKeyNotFound),
        ("login/user-not-found", ErrorCode::UserNotFound),
        ("login/cert-result-limit", ErrorCode::TooManyLookups),
        ("envelope/internal-error", ErrorCode::Internal),
        ("envelope/fail", ErrorCode::InvalidParameter),
        ("envelope/unauthenticated", ErrorCode::Unauthenticated),
        ("envelope/foreign-certificate", ErrorCode::ForeignApp),
        ("envelope/rate-limit", ErrorCode::TooManyRequests),
    ] {
        let name = if name.starts_with("login/") { format!("{name}.error") } else { name.to_owned() };
        assert_eq!(fixture(&name)["error"]["errorCode"], code.as_str(), "{name}");
    }
    assert_eq!(ErrorCode::KNOWN.len(), 9);
}

#[tokio::test]
async fn a_bare_invalid_grant_is_a_refusal_with_that_code() {
    let body = fixture("envelope/invalid-grant");
    for op in Op::ALL {
        for status in [200, 400, 401] {
            let error = answered(op, status, &body).await.unwrap_err();
            expect(op, &error, Outcome::Refused, "bare");
            assert_eq!(ErrorCode::of(&error), Some(ErrorCode::InvalidGrant));
            assert_eq!(error.kind(), Kind::Api);
        }
    }
}

#[tokio::test]
async fn a_code_nobody_documented_leaves_doubt_about_a_write() {
    for code in ["SOMETHING_NEW", "", "INVALID_GRANT", "4011"] {
        let body = json!({ "resultType": "FAIL", "error": { "errorCode": code, "reason": "?" } });
        for op in Op::ALL {
            expect(op, &answered(op, 400, &body).await.unwrap_err(), of_code(op, code), code);
        }
    }
}

#[tokio::test]
async fn a_lost_read_is_asked_again_and_a_write_is_not() {
    let names = ["http-timeout", "network-error", "execution-fail", "interrupted", "internal-error"];
    for name in names {
        let body = fixture(&format!("envelope/result-{name}"));
        for op in Op::ALL {
            let server = MockServer::start_async().await;
            let seen = answer(&server, 200, &body);
            let error = op.run(&eager(&server)).await.unwrap_err();
            assert_eq!(error.outcome(), Outcome::Unknown, "{op:?}, {name}");
            let expected = if op.is_write() { 1 } else { 3 };
            assert_eq!(seen.lock().unwrap().len(), expected, "{op:?}, {name}");
        }
    }
}

#[tokio::test]
async fn a_refused_code_is_not_exchanged_again() {
    for body in [fixture("envelope/invalid-grant"), fixture("login/invalid-grant.error")] {
        for op in Op::ALL {
            let server = MockServer::start_async().await;
            let seen = answer(&server, 400, &body);
            op.run(&eager(&server)).await.unwrap_err();
            assert_eq!(seen.lock().unwrap().len(), 1, "{op:?}");
        }
    }
}

#[tokio::test]
async fn a_success_that_cannot_be_read_was_done() {
    for (op, required) in [(Op::Generate, "accessToken"), (Op::Refresh, "accessToken"), (Op::Me, "userKey")] {
        let mut body = op.response();
        body["success"].as_object_mut().unwrap().remove(required);
        let error = answered(op, 200, &body).await.unwrap_err();
        expect(op, &error, Outcome::Done, "nothing of use");
        assert_eq!(error.kind(), Kind::Decode);
    }
}

#[tokio::test]
async fn a_key_passes_only_on_a_yes() {
    for yes in [json!(true), json!("true"), json!("TRUE")] {
        let body = json!({ "resultType": "SUCCESS", "success": yes });
        assert_eq!(answered(Op::Verify, 200, &body).await.unwrap(), json!(true));
    }
    let no = [json!("false"), json!(false), json!(null), json!({}), json!(""), json!("maybe"), json!([true])];
    for no in no {
        let body = json!({ "resultType": "SUCCESS", "success": no });
        assert!(answered(Op::Verify, 200, &body).await.is_err(), "{no}");
    }
    let error =
        answered(Op::Verify, 200, &fixture("login/verify-anon-key.false.response")).await.unwrap_err();
    expect(Op::Verify, &error, Outcome::Refused, "false");
    assert_eq!((error.kind(), error.code()), (Kind::Api, Some("false")));
}

#[tokio::test]
async fn a_rate_limit_is_waited_for() {
    let mut body: Value = fixture("envelope/rate-limit");
    body["error"]["data"]["retryAfterSeconds"] = json!(0);
    for op in Op::ALL {
        let server = MockServer::start_async().await;
        let seen = answer(&server, 429, &body);
        let error = op.run(&eager(&server)).await.unwrap_err();
        assert_eq!(seen.lock().unwrap().len(), 3, "{op:?}");
        assert_eq!((error.outcome(), error.retry_after()), (Outcome::Refused, Some(Duration::ZERO)));
    }
}
