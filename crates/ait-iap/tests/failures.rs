//! Every way in which looking an order up fails, and what is wrong before it is sent.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what they expect by failing"
)]

mod support;

use std::time::Duration;

use ait_iap::{
    OrderId, OrderStatus,
    ait_core::{Endpoint, Host, Kind, Outcome, Safety, http::Method},
};
use httpmock::MockServer;
use serde_json::{Value, json};
use support::{ORDER, answer, answered, eager, fixture, iap, order_id};

#[test]
fn the_row_of_the_table_is_right() {
    assert_eq!(OrderStatus::NAME, "iap.order_status");
    assert_eq!(OrderStatus::METHOD, Method::POST);
    assert_eq!(OrderStatus::HOST, Host::APPS_IN_TOSS);
    assert_eq!(OrderStatus::HOST.name(), "apps-in-toss-api.toss.im");
    assert!(matches!(OrderStatus::SAFETY, Safety::Read));
    assert!(OrderStatus::REFUSALS.is_empty());
    assert!(OrderStatus::DEADLINE >= Duration::from_secs(10));
    assert!(OrderStatus::new(order_id()).ticket().is_none(), "there is nothing to find out later");
}

#[tokio::test]
async fn every_common_error_is_told_whatever_the_status() {
    let common = ["fail", "fail-full", "unauthenticated", "foreign-certificate", "rate-limit", "validation"];
    for name in common.into_iter().chain(["internal-error"]) {
        let body = fixture(&format!("envelope/{name}"));
        for status in [200, 400, 401, 404, 500] {
            let error = answered(status, &body).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.outcome()),
                (Kind::Api, Outcome::Refused),
                "{name}, HTTP {status}"
            );
            assert_eq!(error.code(), body["error"]["errorCode"].as_str(), "{name}, HTTP {status}");
            assert_eq!(error.reason(), body["error"]["reason"].as_str(), "{name}, HTTP {status}");
            assert_eq!(error.endpoint(), Some("iap.order_status"));
            assert_eq!(error.settled_by(), None);
            assert!(error.is_safe_to_resend());
        }
    }
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again() {
    for name in ["http-timeout", "network-error", "execution-fail", "interrupted", "internal-error"] {
        let server = MockServer::start_async().await;
        let seen = answer(&server, 200, &fixture(&format!("envelope/result-{name}")));
        let error = eager(&server).order_status(OrderStatus::new(order_id())).await.unwrap_err();
        assert_eq!((seen.lock().unwrap().len(), error.attempts()), (3, 3), "{name}");
        assert_eq!(error.outcome(), Outcome::Unknown, "{name}");
        assert!(error.is_safe_to_resend() && error.ticket().is_none(), "{name}");
    }
}

#[tokio::test]
async fn an_answer_without_its_essentials_is_no_order() {
    for member in ["orderId", "status"] {
        let mut body = fixture("iap/get-order-status.response");
        body["success"].as_object_mut().unwrap().remove(member);
        let error = answered(200, &body).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Decode, "{member}");
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.contains(&format!("missing field `{member}`")), "{source}");
        assert_eq!(error.expose_body(), Some(body.to_string().as_bytes()));
    }
}

#[test]
fn only_a_blank_order_id_is_refused() {
    let fine = [ORDER, "0198f0a2-7c1e-7e64-9d0b-3a5f6c7d8e9f", "주문 1", "1", " x"];
    for id in fine.map(str::to_owned).into_iter().chain(["x".repeat(500)]) {
        assert_eq!(OrderId::new(id.clone()).unwrap().to_string(), id, "opaque, to the letter");
    }
    for blank in ["", " ", "\n\t"] {
        let error = OrderId::new(blank).unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (Kind::Config, Outcome::NotSent));
        assert!(error.to_string().starts_with("orderId: must not be blank"), "{error}");
    }
}

#[tokio::test]
async fn a_stored_request_with_a_blank_id_is_not_sent() {
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &fixture("iap/get-order-status.response"));
    let stored: OrderStatus = serde_json::from_value(json!({ "orderId": "" })).unwrap();
    let error = iap(&server).order_status(stored).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Config, Outcome::NotSent));
    assert!(error.to_string().starts_with("iap.order_status: orderId: "), "{error}");
    assert_eq!(seen.lock().unwrap().len(), 0);
}

#[test]
fn an_anonymous_user_cannot_ask_not_even_from_a_store() {
    let read = |user: Value| serde_json::from_value::<OrderStatus>(json!({ "orderId": ORDER, "user": user }));
    let error = read(json!({ "anonymous": "anon-CANARY" })).unwrap_err().to_string();
    assert!(error.contains("userKey") && !error.contains("CANARY"), "{error}");
    assert!(read(json!({ "key": 1 })).unwrap().user().is_some());
    assert!(read(Value::Null).unwrap().user().is_none());
}

#[test]
fn a_request_is_stored_without_loss() {
    for request in [OrderStatus::new(order_id()), OrderStatus::new(order_id()).for_user(7_u64)] {
        let text = serde_json::to_string(&request).unwrap();
        assert_eq!(serde_json::from_str::<OrderStatus>(&text).unwrap(), request, "{text}");
        assert_eq!(request.order_id().as_str(), ORDER);
    }
    let error = serde_json::from_value::<OrderStatus>(json!({ "user": { "key": 1 } })).unwrap_err();
    assert!(error.to_string().contains("orderId"), "{error}");
}

#[tokio::test]
async fn users_are_not_shown() {
    const KEY: u64 = 7_410_258_963_014_725;
    let request = || OrderStatus::new(order_id()).for_user(KEY);
    assert!(!format!("{:?} {:#?}", request(), request()).contains("7410258963014725"));
    for body in [
        json!({ "resultType": "FAIL", "error": { "errorCode": "4010", "reason": format!("no user {KEY}") } }),
        json!({ "resultType": "SUCCESS", "success": { "orderId": { "x": KEY } } }),
        json!({ "resultType": "SUCCESS", "success": KEY }),
    ] {
        let server = MockServer::start_async().await;
        answer(&server, 200, &body);
        let error = iap(&server).order_status(request()).await.unwrap_err();
        let mut text = format!("{error} {error:?} {error:#?}");
        let mut next = std::error::Error::source(&error);
        while let Some(source) = next {
            text.push_str(&format!("{source} {source:?}"));
            next = source.source();
        }
        assert!(!text.contains("7410258963014725"), "{text}");
    }
}
