//! In-app purchases, without I/O.

use crate::api::support::Bench;
use ait_emulator::api::{
    Basis, Time,
    iap::{Order, OrderStatus},
    switches::{OrderTime, UnknownOrder},
};
use ait_iap::Order as Told;
use serde_json::{Value, json};

const PATH: &str = "/api-partner/v1/apps-in-toss/order/get-order-status";

fn order(status: OrderStatus) -> Order {
    Order::new("ait.0000010000.sku", status, Time::from_unix_millis(1_757_663_832_000))
}

fn bench_with(order: Order) -> Bench {
    let mut bench = Bench::new();
    bench.core.switches.calls_per_app = 0;
    bench.core.world.iap.insert("o-1".to_owned(), order);
    bench
}

fn status(bench: &mut Bench, headers: &[(&str, &str)]) -> Value {
    bench.post(PATH, headers, json!({"orderId": "o-1"})).success()["status"].clone()
}

#[test]
fn every_state_is_told() {
    for status in OrderStatus::ALL {
        let answer = bench_with(order(status)).post(PATH, &[], json!({"orderId": "o-1"}));
        assert_eq!(answer.status, 200);
        assert!(matches!(answer.basis, Basis::Documented(_)));
        let body = answer.success();
        assert_eq!(body["status"], json!(status), "{body}");
        let known =
            !matches!(status, OrderStatus::NotFound | OrderStatus::MiniappMismatch | OrderStatus::Error);
        assert_eq!(body.get("sku").is_some(), known, "{body}");
        if known {
            assert_eq!(body["statusDeterminedAt"], "2025-09-12T16:57:12");
        }
        serde_json::from_value::<Told>(body).unwrap();
    }
}

#[test]
fn an_order_that_is_not_there_is_a_success_with_a_status() {
    let answer = Bench::new().post(PATH, &[], json!({"orderId": "o-2"}));
    assert_eq!(
        answer.success(),
        json!({"orderId": "o-2", "status": "NOT_FOUND", "reason": "주문을 찾을 수 없어요."})
    );
}

#[test]
fn an_order_without_a_product_has_the_form_of_the_switch() {
    for (shape, value) in [(UnknownOrder::Nulls, Value::Null), (UnknownOrder::Empty, json!(""))] {
        for status in OrderStatus::ALL {
            let mut bench = bench_with(order(status));
            bench.core.switches.unknown_order = shape;
            let answer = bench.post(PATH, &[], json!({"orderId": "o-1"}));
            let told = answer.success();
            let unknown = told["reason"].as_str().is_some_and(|_| {
                matches!(status, OrderStatus::NotFound | OrderStatus::MiniappMismatch | OrderStatus::Error)
            });
            assert_eq!(told["sku"] == value && told["statusDeterminedAt"] == value, unknown, "{told}");
            assert!(told.get("sku").is_some(), "{told}");
            assert_eq!(answer.basis == Basis::Assumed("unknown_order"), unknown, "{told}");
        }
        let mut bench = Bench::new();
        bench.core.switches.unknown_order = shape;
        assert_eq!(bench.post(PATH, &[], json!({"orderId": "o-2"})).success()["sku"], value);
    }
}

#[test]
fn with_a_user_only_that_users_orders_are_seen() {
    let mut bench = bench_with(order(OrderStatus::Purchased).user(7));
    assert_eq!(status(&mut bench, &[("x-toss-user-key", "7")]), "PURCHASED");
    assert_eq!(status(&mut bench, &[("x-toss-user-key", "8")]), "NOT_FOUND");
    assert_eq!(status(&mut bench, &[]), "PURCHASED");
    bench.core.world.iap.get_mut("o-1").unwrap().user = None;
    assert_eq!(status(&mut bench, &[("x-toss-user-key", "8")]), "PURCHASED");
}

#[test]
fn an_order_of_another_app_is_a_mismatch_without_a_product() {
    let mut bench = bench_with(order(OrderStatus::Refunded).app("my-app"));
    assert_eq!(status(&mut bench, &[]), "REFUNDED");
    bench.core.world.iap.get_mut("o-1").unwrap().app = Some("other-app".to_owned());
    let told = bench.post(PATH, &[], json!({"orderId": "o-1"})).success();
    let reason = "다른 미니앱의 상품이에요.";
    assert_eq!(told, json!({"orderId": "o-1", "status": "MINIAPP_MISMATCH", "reason": reason}));
}

#[test]
fn an_order_gets_an_id_and_moves_on() {
    let mut bench = Bench::new();
    let id = bench.core.world.order(order(OrderStatus::OrderInProgress), &mut bench.rng);
    assert_eq!(id.len(), 36);
    let told = bench.post(PATH, &[], json!({"orderId": id})).success();
    assert_eq!((&told["orderId"], &told["status"]), (&json!(id), &json!("ORDER_IN_PROGRESS")));
    let now = bench.now;
    bench.core.world.iap.get_mut(&id).unwrap().set_status(OrderStatus::PaymentCompleted, now);
    let told = bench.post(PATH, &[], json!({"orderId": id})).success();
    assert_eq!(told["status"], "PAYMENT_COMPLETED");
    assert_eq!(told["statusDeterminedAt"], now.kst());
}

#[test]
fn a_user_is_needed_if_the_switch_says_so() {
    let mut bench = bench_with(order(OrderStatus::Purchased));
    bench.core.switches.order_status_needs_user = true;
    let answer = bench.post(PATH, &[], json!({"orderId": "o-1"}));
    assert_eq!((answer.code().as_str(), answer.basis), ("4010", Basis::Assumed("order_status_needs_user")));
    assert_eq!(status(&mut bench, &[("x-toss-user-key", "7")]), "PURCHASED");
}

#[test]
fn the_time_has_an_offset_if_the_switch_says_so() {
    let mut bench = bench_with(order(OrderStatus::Purchased));
    bench.core.switches.order_time = OrderTime::Offset;
    let answer = bench.post(PATH, &[], json!({"orderId": "o-1"}));
    assert_eq!(answer.basis, Basis::Assumed("order_time"));
    assert_eq!(answer.success()["statusDeterminedAt"], "2025-09-12T16:57:12+0900");
    serde_json::from_value::<Told>(answer.success()).unwrap();
}

#[test]
fn what_is_missing_or_odd_is_named_and_changes_nothing() {
    let mut bench = bench_with(order(OrderStatus::Purchased));
    let before = bench.core.world.clone();
    let bodies = [json!({}), json!({"orderId": " "}), json!({"orderId": 7}), json!({"orderId": ["o-1"]})];
    for body in bodies {
        let answer = bench.post(PATH, &[], body);
        assert_eq!((answer.status, answer.code().as_str()), (400, "INVALID_PARAMETER"));
        assert!(answer.body.contains(r#""field":"orderId""#), "{}", answer.body);
    }
    for user in ["x", "", "+7", "-7", "7.0", "18446744073709551616"] {
        let answer = bench.post(PATH, &[("x-toss-user-key", user)], json!({"orderId": "o-1"}));
        assert_eq!(answer.json()["error"]["data"]["errorDetails"][0]["field"], "x-toss-user-key");
    }
    for body in [json!([]), json!(null), json!("o-1"), json!(1e300)] {
        assert_eq!(bench.post(PATH, &[], body).code(), "INVALID_PARAMETER");
    }
    assert!(bench.core.world == before);
}
