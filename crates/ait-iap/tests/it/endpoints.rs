//! The call as it travels, against the documented samples.

use std::collections::BTreeSet;

use crate::support::{ORDER, answered, fixtures, iap, order_id};
use ait_iap::{IapStatus, Order, OrderStatus, ait_core::UserKey};
use ait_testkit::{USER_KEY, answer, fixture, head, headers, one, sent, target, without_nulls};
use httpmock::MockServer;
use serde_json::json;

/// Sends the request and checks all of what travels.
async fn travels(request: OrderStatus, user: Option<&str>) {
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &fixture("iap/get-order-status.response"));
    iap(&server).order_status(request).await.unwrap();

    let request = one(&seen);
    assert_eq!(request.method_str(), "POST");
    assert_eq!(target(&request), "/api-partner/v1/apps-in-toss/order/get-order-status");
    assert_eq!(sent(&request), fixture("iap/get-order-status.request"));
    let user = user.map(|key| ("x-toss-user-key", key.to_owned()));
    assert_eq!(headers(&request), head(&server, &request, user));
}

#[tokio::test]
async fn the_request_travels_exactly_as_documented() {
    travels(OrderStatus::new(order_id()), None).await;
    travels(OrderStatus::new(order_id()).for_user(USER_KEY), Some("443731104")).await;
    let text = UserKey::from_text("toss-user-key-abc123").unwrap();
    travels(OrderStatus::new(order_id()).for_user(text), Some("toss-user-key-abc123")).await;
}

#[tokio::test]
async fn a_stored_request_travels_as_well() {
    assert_eq!(fixtures(".request"), ["iap/get-order-status.request"]);
    let documented = fixture("iap/get-order-status.request");
    travels(serde_json::from_value(documented.clone()).unwrap(), None).await;
    let mut stored = documented;
    stored["user"] = json!({ "key": USER_KEY });
    travels(serde_json::from_value(stored).unwrap(), Some("443731104")).await;
}

#[tokio::test]
async fn every_documented_answer_is_read_in_full() {
    for name in fixtures(".response") {
        for status in [200, 201, 400, 404, 500] {
            let order = answered(status, &fixture(&name)).await.unwrap();
            let read = serde_json::to_value(&order).unwrap();
            assert_eq!(read, without_nulls(&fixture(&name)["success"]), "{name}, HTTP {status}");
        }
    }
}

fn order(name: &str) -> Order {
    serde_json::from_value(fixture(&format!("iap/get-order-status{name}.response"))["success"].clone())
        .unwrap()
}

#[test]
fn what_is_read_means_what_it_should() {
    let paid = order("");
    assert_eq!(paid.order_id, order_id());
    assert_eq!(paid.order_id.as_str(), ORDER);
    assert_eq!(paid.sku.as_deref(), Some("ait.0000010000.af647449.3bd55cfd00.0000000475"));
    assert_eq!(paid.reason.as_deref(), Some("결제가 완료되었어요."));
    assert_eq!(paid.status, IapStatus::PaymentCompleted);
    // 2025-09-12 16:57:12 in Seoul, however it is written.
    for name in ["", ".offset", ".offset-colon"] {
        let time = order(name).status_determined_at.unwrap();
        assert_eq!(time.unix_seconds(), Some(1_757_663_832), "{name}: {time}");
    }
    for name in [".not-found", ".miniapp-mismatch", ".error"] {
        assert_eq!((order(name).sku, order(name).status_determined_at), (None, None), "{name}");
    }
    assert_eq!(order(".in-progress-no-time").status_determined_at, None);
}

#[test]
fn paid_is_what_both_readings_call_paid() {
    let mut known: BTreeSet<&str> = IapStatus::KNOWN.iter().map(IapStatus::as_str).collect();
    for (name, status, paid, refunded) in [
        ("", "PAYMENT_COMPLETED", true, false),
        (".purchased", "PURCHASED", true, false),
        (".in-progress", "ORDER_IN_PROGRESS", false, false),
        (".failed", "FAILED", false, false),
        (".refunded", "REFUNDED", false, true),
        (".not-found", "NOT_FOUND", false, false),
        (".miniapp-mismatch", "MINIAPP_MISMATCH", false, false),
        (".error", "ERROR", false, false),
    ] {
        let order = order(name);
        assert_eq!(order.status.as_str(), status);
        assert!(known.remove(status), "{status} is known");
        assert_eq!((order.is_paid(), order.is_refunded()), (paid, refunded), "{status}");
        assert_eq!((order.status.is_paid(), order.status.is_refunded()), (paid, refunded), "{status}");
    }
    assert!(known.is_empty(), "no sample has {known:?}");
    let unknown = order(".unknown-status");
    assert!(!unknown.status.is_known() && !unknown.is_paid() && !unknown.is_refunded());
}
