//! Every way in which a message is refused, and what that proves.

use std::time::Duration;

use crate::support::{Op, answered, eager};
use ait_emulator::{Reply, Server};
use ait_messenger::{
    ErrorCode, Messenger,
    ait_core::{Client, Error, Kind, Outcome, RetryPolicy},
};
use ait_testkit::{answer, fixture, page};
use httpmock::MockServer;
use serde_json::{Value, json};

fn expect(op: Op, error: &Error, outcome: Outcome, context: &str) {
    let context = format!("{op:?}, {context}: {error}");
    assert_eq!(error.outcome(), outcome, "{context}");
    assert_eq!(error.endpoint(), Some(op.endpoint()), "{context}");
    assert_eq!(error.settled_by(), None, "{context}: there is nothing to ask");
    assert!(error.ticket().is_none(), "{context}: there is nothing to ask");
    assert_eq!(error.is_safe_to_resend(), outcome <= Outcome::Refused, "{context}");
}

#[tokio::test]
async fn every_common_error_is_told_whatever_the_status() {
    for (name, refused) in [
        ("fail", true),
        ("fail-full", true),
        ("unauthenticated", true),
        ("foreign-certificate", true),
        ("rate-limit", true),
        ("validation", true),
        ("internal-error", false),
    ] {
        let body = fixture(&format!("envelope/{name}"));
        for op in Op::ALL {
            for status in [200, 400, 401, 403, 500] {
                let error = answered(op, status, &body).await.unwrap_err();
                let outcome = if refused { Outcome::Refused } else { Outcome::Unknown };
                expect(op, &error, outcome, &format!("{name}, HTTP {status}"));
                assert_eq!(error.kind(), Kind::Api);
                assert_eq!(error.code(), body["error"]["errorCode"].as_str());
                assert_eq!(error.reason(), body["error"]["reason"].as_str());
                assert_eq!(error.attempts(), 1);
                let known = ErrorCode::of(&error).unwrap();
                assert_eq!((Some(known.as_str()), known.is_known()), (error.code(), true));
            }
        }
    }
}

#[tokio::test]
async fn a_stale_key_is_told_apart() {
    for op in Op::ALL {
        let error = answered(op, 200, &fixture("envelope/unauthenticated")).await.unwrap_err();
        assert_eq!(ErrorCode::of(&error), Some(ErrorCode::Unauthenticated));
        assert_eq!(error.code(), Some("4010"));
    }
}

#[test]
fn the_codes_are_those_of_the_table() {
    let page = page("messenger.md");
    let (_, section) = page.split_once("\n## Errors\n").unwrap();
    let rows =
        section.lines().take_while(|line| !line.starts_with("## ")).filter(|line| line.starts_with("| `"));
    let listed: Vec<_> = rows.map(|row| row.split('`').nth(1).unwrap()).collect();
    assert_eq!(listed, ["INVALID_PARAMETER", "INTERNAL_ERROR", "4010", "4050", "4095"]);
    for code in &listed {
        assert!(ErrorCode::from(*code).is_known(), "{code}");
    }
    assert_eq!(ErrorCode::KNOWN.len(), listed.len());
}

#[test]
fn each_code_has_its_own_name() {
    for (name, code) in [
        ("envelope/internal-error", ErrorCode::Internal),
        ("envelope/fail", ErrorCode::InvalidParameter),
        ("envelope/unauthenticated", ErrorCode::Unauthenticated),
        ("envelope/foreign-certificate", ErrorCode::ForeignApp),
        ("envelope/rate-limit", ErrorCode::TooManyRequests),
    ] {
        assert_eq!(fixture(name)["error"]["errorCode"], code.as_str(), "{name}");
    }
    assert_eq!(ErrorCode::KNOWN.len(), 5);
}

#[tokio::test]
async fn a_code_nobody_documented_leaves_doubt() {
    for code in ["TEMPLATE_NOT_FOUND", "", "4011", "invalid_parameter"] {
        let body = json!({ "resultType": "FAIL", "error": { "errorCode": code, "reason": "?" } });
        for op in Op::ALL {
            let error = answered(op, 400, &body).await.unwrap_err();
            expect(op, &error, Outcome::Unknown, code);
            assert_eq!(ErrorCode::of(&error).map(|code| code.is_known()), Some(false));
        }
    }
    for body in
        [json!({ "resultType": "FAIL", "error": { "reason": "no code" } }), json!({ "resultType": "FAIL" })]
    {
        for op in Op::ALL {
            let error = answered(op, 400, &body).await.unwrap_err();
            expect(op, &error, Outcome::Unknown, "no code");
            assert_eq!(ErrorCode::of(&error), None);
        }
    }
}

#[tokio::test]
async fn a_message_in_doubt_is_never_sent_again() {
    let odd = ["http-timeout", "network-error", "execution-fail", "interrupted", "internal-error"];
    for name in odd {
        for op in Op::ALL {
            let server = MockServer::start_async().await;
            let seen = answer(&server, 200, &fixture(&format!("envelope/result-{name}")));
            let error = op.run(&eager(&server)).await.unwrap_err();
            expect(op, &error, Outcome::Unknown, name);
            assert_eq!((seen.lock().unwrap().len(), error.attempts()), (1, 1), "{op:?}, {name}");
        }
    }
    for op in Op::ALL {
        let server = MockServer::start_async().await;
        let seen = answer(&server, 502, &json!("<html>bad gateway</html>"));
        let error = op.run(&eager(&server)).await.unwrap_err();
        expect(op, &error, Outcome::Unknown, "a page");
        assert_eq!(seen.lock().unwrap().len(), 1, "{op:?}");
    }
}

#[tokio::test]
async fn a_lost_answer_may_have_sent_it_and_is_not_sent_again() {
    for op in Op::ALL {
        let (count, arrived) = tokio::sync::watch::channel(0);
        let server = Server::builder().http(move |_| {
            count.send_modify(|count| *count += 1);
            async { Reply::Reset }
        });
        let server = server.await.unwrap();
        let policy = RetryPolicy::default().base(Duration::ZERO);
        let client = Client::builder().base_url(server.url()).no_proxy().retry(policy).build().unwrap();
        let error = op.run(&Messenger::new(client)).await.unwrap_err();
        expect(op, &error, Outcome::Unknown, "reset");
        assert_eq!(error.kind(), Kind::Transport, "{op:?}: {error}");
        assert_eq!((*arrived.borrow(), error.attempts()), (1, 1), "{op:?}");
        assert!(error.to_string().starts_with(op.endpoint()), "{error}");
    }
}

#[tokio::test]
async fn a_refusal_over_a_rate_limit_is_the_one_that_is_sent_again() {
    let mut body = fixture("envelope/rate-limit");
    body["error"]["data"]["retryAfterSeconds"] = json!(0);
    for op in Op::ALL {
        let server = MockServer::start_async().await;
        let seen = answer(&server, 429, &body);
        let error = op.run(&eager(&server)).await.unwrap_err();
        assert_eq!(seen.lock().unwrap().len(), 3, "{op:?}");
        expect(op, &error, Outcome::Refused, "rate limit");
        assert!(error.is_rate_limited());
        assert_eq!(ErrorCode::of(&error), Some(ErrorCode::TooManyRequests));
        assert_eq!(error.retry_after(), Some(Duration::ZERO));
    }
}

#[tokio::test]
async fn a_success_that_cannot_be_read_was_accepted() {
    for op in Op::ALL {
        for success in [json!({ "msgCount": "many" }), json!("ok"), json!(1), Value::Null] {
            let body = json!({ "resultType": "SUCCESS", "success": success });
            let error = answered(op, 200, &body).await.unwrap_err();
            expect(op, &error, Outcome::Done, &body.to_string());
            assert_eq!(error.kind(), Kind::Decode);
            assert_eq!(error.expose_body(), Some(body.to_string().as_bytes()));
        }
    }
}
