//! Every way in which looking an order up fails.

use std::time::Duration;

use crate::support::{answered, eager, order_id};
use ait_iap::{
    ErrorCode, OrderStatus,
    ait_core::{Endpoint, Host, Kind, Outcome, Safety, http::Method},
};
use ait_testkit::{answer, fixture};
use httpmock::MockServer;

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
            let code = ErrorCode::of(&error).unwrap();
            assert_eq!((Some(code.as_str()), code.is_known()), (error.code(), true));
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
