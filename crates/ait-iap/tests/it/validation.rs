//! What is checked before anything is sent.

use crate::support::{ORDER, iap, order_id};
use ait_iap::{
    OrderId, OrderStatus,
    ait_core::{Endpoint, Kind, Outcome},
};
use ait_testkit::{answer, fitting, fixture};
use httpmock::MockServer;
use serde_json::{Value, json};

#[test]
fn order_ids_are_not_blank_and_hold_no_blanks() {
    let fine = [ORDER, "0198f0a2-7c1e-7e64-9d0b-3a5f6c7d8e9f", "주문-1", "1"];
    for id in fine.map(str::to_owned).into_iter().chain(["x".repeat(500)]) {
        assert_eq!(OrderId::new(id.clone()).unwrap().to_string(), id, "opaque, to the letter");
    }
    for (id, words) in [
        ("", "must not be blank; pass it"),
        (" ", "must not be blank; pass it"),
        ("\n\t", "must not be blank; pass it"),
        ("ab\n", "must not contain blanks or control characters, but character 3 is one; pass it"),
        (" x", "but character 1 is one"),
        ("주문 1", "but character 3 is one"),
        ("a\0", "but character 2 is one"),
    ] {
        let error = OrderId::new(id).unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (Kind::Config, Outcome::NotSent));
        assert!(error.to_string().starts_with("orderId: ") && error.to_string().contains(words), "{error}");
    }
    assert_eq!(OrderId::unchecked("주문 1").as_str(), "주문 1", "the way out");
}

#[tokio::test]
async fn a_blank_id_is_not_sent_and_an_odd_one_is() {
    let server = MockServer::start_async().await;
    let body = fitting(&fixture("iap/get-order-status.response"), &json!({ "orderId": "a b" }));
    let seen = answer(&server, 200, &body);
    for blank in ["", " \n"] {
        let request = OrderStatus::new(OrderId::unchecked(blank));
        let error = iap(&server).order_status(request).await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (Kind::Config, Outcome::NotSent));
        assert!(error.to_string().starts_with("iap.order_status: orderId: "), "{error}");
    }
    assert_eq!(seen.lock().unwrap().len(), 0);
    iap(&server).order_status(OrderStatus::new(OrderId::unchecked("a b"))).await.unwrap();
    let sent: Value = serde_json::from_slice(seen.lock().unwrap()[0].body_ref()).unwrap();
    assert_eq!(sent, json!({ "orderId": "a b" }));
    for lost in [json!({ "orderId": "" }), json!({ "orderId": null }), json!({})] {
        assert!(serde_json::from_value::<OrderStatus>(lost.clone()).is_err(), "{lost}");
    }
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
