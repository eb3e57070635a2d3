//! Canaries: who is asked about is not shown, neither by a request nor by an error about it.

use crate::support::{iap, order_id};
use ait_iap::OrderStatus;
use ait_testkit::{answer, logged};
use httpmock::MockServer;
use serde_json::json;

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
        let text = logged(&error);
        assert!(!text.contains("7410258963014725"), "{text}");
    }
}
