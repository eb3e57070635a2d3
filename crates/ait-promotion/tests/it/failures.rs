//! Every way in which a promotion says no, and what that proves.

use std::{collections::BTreeSet, time::Duration};

use crate::support::{Op, answered, eager, fixtures, promotion};
use ait_promotion::{
    ErrorCode, ExecutePromotion,
    ait_core::{Endpoint, Error, Kind, Outcome},
    grant::{Asked, Executed},
};
use ait_testkit::{answer, fixture, key, page, stored};
use httpmock::MockServer;
use serde_json::{Value, json};

/// The fourth column of the table of codes, and those known before the product is reached.
fn proves_nothing_was_done(code: &str) -> bool {
    if ["INVALID_PARAMETER", "4010", "4050", "4095"].contains(&code) {
        return true;
    }
    let page = page("promotion.md");
    let row = page.lines().find(|line| line.starts_with(&format!("| `{code}` |")));
    row.is_some_and(|row| row.split('|').nth(4).unwrap().trim() == "refused")
}

/// The third column of the table of codes.
fn is_in_the_guide(code: &str) -> bool {
    let page = page("promotion.md");
    let row = page.lines().find(|line| line.starts_with(&format!("| `{code}` |")));
    row.unwrap().split('|').nth(3).unwrap().trim() == "official guide"
}

fn expect(op: Op, error: &Error, outcome: Outcome, context: &str) {
    let context = format!("{op:?}, {context}: {error}");
    assert_eq!(error.outcome(), outcome, "{context}");
    assert_eq!(error.endpoint(), Some(op.endpoint()), "{context}");
    let doubtful = op.is_write() && outcome >= Outcome::Unknown;
    assert_eq!(error.settled_by(), doubtful.then_some("promotion.execution_result"), "{context}");
    assert_eq!(error.ticket().is_some(), doubtful, "{context}");
    assert_eq!(error.is_safe_to_resend(), !op.is_write() || outcome <= Outcome::Refused, "{context}");
    assert_eq!(error.attempts(), 1, "{context}");
}

async fn refused(op: Op, status: u16, body: &Value, code: &str) {
    let error = answered(op, status, body).await.unwrap_err();
    let outcome =
        if !op.is_write() || proves_nothing_was_done(code) { Outcome::Refused } else { Outcome::Unknown };
    expect(op, &error, outcome, &format!("{code}, HTTP {status}"));
    assert_eq!((error.kind(), error.code()), (Kind::Api, Some(code)));
    assert_eq!(error.reason(), body["error"]["reason"].as_str());
    assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
    assert_eq!(ErrorCode::of(&error).unwrap().as_str(), code);
    if op.is_write() {
        let expected = match (outcome, code) {
            (Outcome::Refused, "4095") => Executed::NotTaken,
            (Outcome::Refused, code) => Executed::Refused { code: code.to_owned() },
            (_, code) => Executed::Unclear { code: code.to_owned() },
        };
        assert_eq!(Executed::of(&Err(error)), expected);
    } else if op == Op::Result {
        let expected = if code == "4111" { Asked::NoRecord } else { Asked::Silent };
        assert_eq!(Asked::of(&Err(error)), expected);
    }
}

#[tokio::test]
async fn every_documented_error_is_told_whatever_the_status() {
    for name in fixtures(".error") {
        let body = fixture(&name);
        let code = body["error"]["errorCode"].as_str().unwrap().to_owned();
        let known = ErrorCode::from(code.as_str());
        assert!(known.is_known(), "{code}");
        // The texts of the other four are ours, and no name.
        let reason = body["error"]["reason"].as_str().filter(|_| is_in_the_guide(&code));
        assert_eq!(known.korean_name(), reason, "{code}");
        for op in Op::ALL {
            for status in [200, 400, 403] {
                refused(op, status, &body, &code).await;
            }
        }
    }
}

#[tokio::test]
async fn every_common_error_is_told_too() {
    for name in ["unauthenticated", "foreign-certificate", "rate-limit", "validation", "internal-error"] {
        let body = fixture(&format!("envelope/{name}"));
        let code = body["error"]["errorCode"].as_str().unwrap().to_owned();
        assert!(ErrorCode::from(code.as_str()).is_known(), "{code}");
        for op in Op::ALL {
            for status in [200, 401, 500] {
                refused(op, status, &body, &code).await;
            }
        }
    }
}

#[test]
fn the_refusals_are_those_of_the_table() {
    let listed: BTreeSet<&str> = ExecutePromotion::REFUSALS.iter().copied().collect();
    let numbers: Vec<&str> =
        ErrorCode::KNOWN.iter().map(ErrorCode::as_str).filter(|code| code.starts_with("41")).collect();
    assert_eq!(numbers.len(), fixtures(".error").len());
    for code in numbers {
        assert_eq!(listed.contains(code), proves_nothing_was_done(code), "{code}");
    }
    assert_eq!(listed.len(), 8);
}

#[test]
fn every_code_comes_with_advice() {
    for code in ErrorCode::KNOWN {
        assert!(code.advice().len() > 20, "{code}");
    }
    for doubtful in ["4110", "4111", "4113", "4117", "INTERNAL_ERROR"] {
        let advice = ErrorCode::from(doubtful).advice();
        assert!(advice.contains("same key"), "{doubtful}: {advice}");
    }
}

#[tokio::test]
async fn a_code_nobody_documented_leaves_doubt_about_a_grant() {
    for code in ["4117", "40000", "", "4100 ", "4101"] {
        let body = json!({ "resultType": "FAIL", "error": { "errorCode": code, "reason": "?" } });
        for op in Op::ALL {
            refused(op, 200, &body, code).await;
        }
    }
    let error =
        answered(Op::Execute, 400, &json!({ "resultType": "FAIL", "error": { "reason": "?" } })).await;
    let error = error.unwrap_err();
    expect(Op::Execute, &error, Outcome::Unknown, "no code at all");
    assert_eq!((ErrorCode::of(&error), Executed::of(&Err(error))), (None, Executed::Odd));
}

#[tokio::test]
async fn the_other_form_of_an_error_is_read_too_and_proves_nothing_by_itself() {
    let mut body = fixture("envelope/fail-code-message");
    body["error"]["code"] = json!(4112);
    let error = answered(Op::Execute, 200, &body).await.unwrap_err();
    assert_eq!((error.code(), error.outcome()), (Some("4112"), Outcome::Unknown));
    assert_eq!(Executed::of(&Err(error)), Executed::Unclear { code: "4112".to_owned() });
    // What it lacks is the word that this is the product's answer.
    body["resultType"] = json!("FAIL");
    let error = answered(Op::Execute, 200, &body).await.unwrap_err();
    assert_eq!((error.code(), error.outcome()), (Some("4112"), Outcome::Refused));
}

#[tokio::test]
async fn the_odd_result_types_leave_doubt_even_with_a_listed_code() {
    for name in ["http-timeout", "network-error", "execution-fail", "interrupted", "internal-error"] {
        let documented = fixture(&format!("envelope/result-{name}"));
        let mut listed = documented.clone();
        listed["error"] = json!({ "errorCode": "4100" });
        for body in [documented, listed] {
            for op in Op::ALL {
                let error = answered(op, 200, &body).await.unwrap_err();
                expect(op, &error, Outcome::Unknown, name);
                assert_eq!(error.result_type(), body["resultType"].as_str());
                match op {
                    Op::Execute => assert_eq!(Executed::of(&Err(error)), Executed::Odd),
                    Op::Result => assert_eq!(Asked::of(&Err(error)), Asked::Silent),
                    Op::Key => {}
                }
            }
        }
    }
    // Nor does "no record" count when the server is not itself.
    let mut lost = fixture("envelope/result-internal-error");
    lost["error"] = json!({ "errorCode": "4111" });
    let error = stored_question(&lost).await;
    assert_eq!(Asked::of(&Err(error)), Asked::Silent);
}

async fn stored_question(body: &Value) -> Error {
    let server = MockServer::start_async().await;
    answer(&server, 200, body);
    let request = stored(fixture("promotion/execution-result.request"), key());
    promotion(&server).execution_result(request).await.unwrap_err()
}

#[tokio::test]
async fn a_key_and_a_question_are_asked_for_again_and_a_grant_is_not() {
    for name in ["http-timeout", "internal-error"] {
        let body = fixture(&format!("envelope/result-{name}"));
        for op in Op::ALL {
            let server = MockServer::start_async().await;
            let seen = answer(&server, 200, &body);
            op.run(&eager(&server)).await.unwrap_err();
            assert_eq!(seen.lock().unwrap().len(), if op.is_write() { 1 } else { 3 }, "{op:?}, {name}");
        }
    }
}

#[tokio::test]
async fn a_refusal_over_a_rate_limit_is_the_one_that_a_grant_survives() {
    let mut body = fixture("envelope/rate-limit");
    body["error"]["data"]["retryAfterSeconds"] = json!(0);
    for op in Op::ALL {
        let server = MockServer::start_async().await;
        let seen = answer(&server, 429, &body);
        let error = op.run(&eager(&server)).await.unwrap_err();
        assert_eq!(seen.lock().unwrap().len(), 3, "{op:?}");
        assert_eq!((error.outcome(), error.retry_after()), (Outcome::Refused, Some(Duration::ZERO)));
    }
}

#[tokio::test]
async fn a_page_and_a_lost_payload_leave_doubt() {
    for body in [
        json!("<html>502</html>"),
        json!({ "resultType": "SUCCESS", "success": {} }),
        json!({ "resultType": "SUCCESS", "success": { "key": "" } }),
        json!({ "resultType": "SUCCESS", "success": { "key": "of another grant" } }),
        json!({ "resultType": "SUCCESS", "success": null }),
        json!({ "resultType": "SUCCESS" }),
    ] {
        let error = answered(Op::Execute, 200, &body).await.unwrap_err();
        expect(Op::Execute, &error, Outcome::Unknown, &body.to_string());
        assert_eq!(Executed::of(&Err(error)), Executed::Silent);
    }
}

#[tokio::test]
async fn a_limit_that_proves_nothing_is_not_taken_for_a_request_that_was_not() {
    let unclear = |code: &str| Executed::Unclear { code: code.to_owned() };
    let with =
        |result_type: &str, code: &str| json!({ "resultType": result_type, "error": { "errorCode": code } });
    for (status, body, expected) in [
        (429, json!("<html>429</html>"), Executed::Silent),
        (429, with("FAIL", "40000"), unclear("40000")),
        (429, with("HTTP_TIMEOUT", "4095"), Executed::Odd),
        (200, with("HTTP_TIMEOUT", "4095"), Executed::Odd),
        (200, json!({ "errorCode": "4095", "reason": "?" }), unclear("4095")),
        (400, json!({ "errorCode": "4113", "reason": "?" }), unclear("4113")),
    ] {
        let error = answered(Op::Execute, status, &body).await.unwrap_err();
        expect(Op::Execute, &error, Outcome::Unknown, &body.to_string());
        assert_eq!(Executed::of(&Err(error)), expected, "{body}");
    }
}

#[test]
fn what_never_left_was_not_taken() {
    assert_eq!(Executed::of(&Err(Error::invalid("amount", "?"))), Executed::NotTaken);
}
