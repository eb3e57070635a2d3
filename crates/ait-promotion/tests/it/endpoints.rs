//! Each call as it travels, against the documented samples.

use crate::support::{OBJECT, Op, fixtures, promotion};
use ait_promotion::{
    ExecutePromotion, GetKey, GrantStatus, PromotionCode, PromotionKey,
    ait_core::{Krw, User, UserKey},
};
use ait_testkit::{USER_KEY, answer, fixture, head, headers, key, one, sent, target, users};
use httpmock::MockServer;
use serde_json::{Value, json};

const ANONYMOUS: &str = "7Jq0f9-anon.hash_0123456789";

fn response(op: Op) -> Value {
    fixture(&format!("promotion/{}.response", op.word()))
}

/// The answer to this request: the samples of execute-promotion differ in one character of the key, a slip.
fn response_to(op: Op, request: &Value) -> Value {
    let mut response = response(op);
    if op == Op::Execute {
        response["success"]["key"] = request["key"].clone();
    }
    response
}

#[tokio::test]
async fn every_documented_request_travels_exactly_as_documented() {
    for name in fixtures(".request") {
        let op = Op::of_fixture(&name);
        let server = MockServer::start_async().await;
        let seen = answer(&server, 200, &response_to(op, &fixture(&name)));
        op.send(&promotion(&server), fixture(&name), key()).await.unwrap();

        let request = one(&seen);
        assert_eq!(request.method_str(), "POST", "{name}");
        assert_eq!(target(&request), op.path(), "{name}");
        assert_eq!(sent(&request), fixture(&name), "{name}");
        let user = Some(("x-toss-user-key", USER_KEY.to_string()));
        assert_eq!(headers(&request), head(&server, &request, user), "{name}");
    }
}

#[tokio::test]
async fn an_anonymous_user_travels_in_the_other_header_alone() {
    for op in Op::ALL {
        let server = MockServer::start_async().await;
        let sample = fixture(&format!("promotion/{}.request", op.word()));
        let seen = answer(&server, 200, &response_to(op, &sample));
        op.send(&promotion(&server), sample.clone(), json!({ "anonymous": ANONYMOUS })).await.unwrap();

        let request = one(&seen);
        assert_eq!(users(&request), [("x-anon-key".to_owned(), ANONYMOUS.to_owned())], "{op:?}");
        assert_eq!(sent(&request), sample, "{op:?}: the user stays out of the body");
    }
}

#[tokio::test]
async fn a_key_can_be_asked_for_without_a_user() {
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &response(Op::Key));
    promotion(&server).get_key(GetKey::without_user()).await.unwrap();
    let request = one(&seen);
    assert_eq!(users(&request), []);
    assert_eq!(headers(&request), head(&server, &request, None));
    assert_eq!(request.body_ref(), b"{}");
}

#[tokio::test]
async fn requests_made_by_hand_travel_as_documented() {
    let server = MockServer::start_async().await;
    let user = User::key(USER_KEY);
    let sample = fixture("promotion/execute-promotion.test.request");
    let grant_key = PromotionKey::new(sample["key"].as_str().unwrap()).unwrap();
    let code = PromotionCode::new("01JPPJ6SB66BQXXDAKRQZ6SZD7").unwrap();

    let seen = answer(&server, 200, &response(Op::Key));
    let issued = promotion(&server).get_key(GetKey::new(UserKey::new(USER_KEY))).await.unwrap();
    assert_eq!(issued.key, grant_key);
    assert_eq!(one(&seen).body_ref(), b"{}");
    server.reset_async().await;

    let seen = answer(&server, 200, &response(Op::Execute));
    let execute = ExecutePromotion::new(user.clone(), code.test(), grant_key.clone(), Krw::new(10)).unwrap();
    let executed = promotion(&server).execute_promotion(execute.clone()).await.unwrap();
    assert_eq!(executed.key, grant_key);
    assert_eq!(sent(&one(&seen)), sample);
    server.reset_async().await;

    let seen = answer(&server, 200, &response(Op::Result));
    let live = ExecutePromotion::new(user, code, grant_key, Krw::new(10)).unwrap();
    let status = promotion(&server).execution_result(live.result()).await.unwrap();
    assert_eq!(status, GrantStatus::Pending);
    assert_eq!(sent(&one(&seen)), fixture("promotion/execution-result.request"));
}

#[tokio::test]
async fn every_documented_answer_is_read_in_full_whatever_the_status() {
    for name in fixtures(".response") {
        for status in [200, 400, 401, 403, 500] {
            let answer = crate::support::answered(Op::of_fixture(&name), status, &fixture(&name)).await;
            if name == OBJECT {
                let error = answer.unwrap_err();
                assert_eq!(
                    error.kind(),
                    ait_promotion::ait_core::Kind::Decode,
                    "it says nothing about the grant"
                );
            } else {
                assert_eq!(answer.unwrap(), fixture(&name)["success"], "{name}, HTTP {status}");
            }
        }
    }
}

#[test]
fn a_status_says_where_the_points_are() {
    for (text, status, paid, undecided) in [
        ("SUCCESS", GrantStatus::Success, true, false),
        ("PENDING", GrantStatus::Pending, false, true),
        ("FAILED", GrantStatus::Failed, false, false),
    ] {
        assert_eq!(GrantStatus::from(text), status);
        assert_eq!((status.is_paid(), status.is_undecided()), (paid, undecided), "{text}");
    }
    for unknown in ["", "success", "SUCCESS ", "FAIL", "TAKEN_BACK"] {
        let status = GrantStatus::from(unknown);
        assert_eq!((status.is_paid(), status.is_undecided()), (false, true), "{unknown:?}");
    }
}
