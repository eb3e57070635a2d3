//! In-app purchases, without I/O.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod api_support;

use ait_emulator::api::{
    Time,
    iap::{Order, OrderStatus},
};
use api_support::Bench;
use serde_json::json;

const PATH: &str = "/api-partner/v1/apps-in-toss/order/get-order-status";

fn bench_with(status: OrderStatus) -> Bench {
    let mut bench = Bench::new();
    let order = Order::new("ait.0000010000.sku", status, Time::from_unix_millis(1_757_663_832_000));
    bench.core.world.iap.insert("o-1".to_owned(), order);
    bench
}

#[test]
fn every_state_is_told() {
    for status in OrderStatus::ALL {
        let answer = bench_with(status).post(PATH, &[], json!({"orderId": "o-1"}));
        assert_eq!(answer.status, 200);
        let body = answer.success();
        assert_eq!(body["status"], json!(status), "{body}");
        let known =
            !matches!(status, OrderStatus::NotFound | OrderStatus::MiniappMismatch | OrderStatus::Error);
        assert_eq!(body.get("sku").is_some(), known, "{body}");
        if known {
            assert_eq!(body["statusDeterminedAt"], "2025-09-12T16:57:12");
        }
    }
}

#[test]
fn an_order_that_is_not_there_is_a_success_with_a_status() {
    let answer = Bench::new().post(PATH, &[], json!({"orderId": "o-2"}));
    assert_eq!(
        answer.success(),
        json!({"orderId": "o-2", "status": "NOT_FOUND", "reason": "주문을 찾을 수 없습니다."})
    );
}

#[test]
fn with_a_user_only_that_users_orders_are_seen() {
    let mut bench = bench_with(OrderStatus::Purchased);
    bench.core.world.iap.get_mut("o-1").unwrap().user = Some(7);
    let mut status = |user| {
        bench.post(PATH, &[("x-toss-user-key", user)], json!({"orderId": "o-1"})).success()["status"].clone()
    };
    assert_eq!(status("7"), "PURCHASED");
    assert_eq!(status("8"), "NOT_FOUND");
}

#[test]
fn a_missing_order_id_is_named() {
    let answer = Bench::new().post(PATH, &[], json!({}));
    assert_eq!((answer.status, answer.code().as_str()), (400, "INVALID_PARAMETER"));
    assert!(answer.body.contains(r#""field":"orderId""#), "{}", answer.body);
}
