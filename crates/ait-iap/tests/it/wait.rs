//! Waiting for an order, over the wire. The pauses are tested without a clock, beside the code.

use crate::support::{iap, order_id};
use ait_iap::{
    Iap, Order, OrderId, OrderStatus,
    ait_core::{Error, Kind, Resolution, Schedule},
};
use ait_testkit::{USER_KEY, answer, answers, fixture, header, sent};
use httpmock::MockServer;
use serde_json::{Value, json};

async fn ask(iap: &Iap) -> Result<Resolution<Order>, Error> {
    iap.wait_for_order(&OrderStatus::new(order_id()), &Schedule::once()).await
}

async fn against(body: Value) -> (Result<Resolution<Order>, Error>, usize) {
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &body);
    let result = ask(&iap(&server)).await;
    let asked = seen.lock().unwrap().len();
    (result, asked)
}

fn sample(name: &str) -> Value {
    fixture(&format!("iap/get-order-status{name}.response"))
}

#[tokio::test]
async fn a_decided_order_ends_the_waiting() {
    for (name, paid, refunded) in [
        ("", true, false),
        (".purchased", true, false),
        (".refunded", false, true),
        (".failed", false, false),
    ] {
        let (Ok(Resolution::Done(order)), 1) = against(sample(name)).await else {
            panic!("{name}: not done")
        };
        assert_eq!((order.is_paid(), order.is_refunded()), (paid, refunded), "{name}");
        assert_eq!(serde_json::to_value(order).unwrap(), sample(name)["success"], "{name}");
    }
}

#[tokio::test]
async fn an_undecided_order_is_not_known_at_the_end() {
    for name in [".in-progress", ".in-progress-no-time", ".error", ".unknown-status"] {
        let (result, asked) = against(sample(name)).await;
        let Ok(Resolution::Unknown { ask_again }) = result else { panic!("{name}: {result:?}") };
        assert!(asked == 1 && !ask_again.is_zero(), "{name}: the schedule says when to come back");
    }
}

#[tokio::test]
async fn an_order_of_another_app_is_the_end_and_no_proof() {
    let (result, asked) = against(sample(".miniapp-mismatch")).await;
    let Ok(Resolution::Done(order)) = result else { panic!("{result:?}") };
    assert_eq!((order.is_paid(), order.is_refunded(), asked), (false, false, 1));
}

#[tokio::test]
async fn an_order_that_is_never_found_is_not_known() {
    let (result, asked) = against(sample(".not-found")).await;
    let Ok(Resolution::Unknown { ask_again }) = result else { panic!("{result:?}") };
    assert!(asked == 7 && !ask_again.is_zero(), "the schedule says when to come back");
}

#[tokio::test]
async fn an_order_that_appears_late_is_found_by_the_schedule() {
    let server = MockServer::start_async().await;
    let (absent, paid) = ((200, sample(".not-found")), (200, sample(".purchased")));
    let seen = answers(&server, [vec![absent; 7], vec![paid]].concat());
    let schedule = Schedule::once().questions(1);
    let result = iap(&server).wait_for_order(&OrderStatus::new(order_id()), &schedule).await;
    assert!(matches!(result, Ok(Resolution::Done(order)) if order.is_paid()));
    assert_eq!(seen.lock().unwrap().len(), 8);
}

#[tokio::test]
async fn the_moment_after_a_purchase_comes_once() {
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &sample(".not-found"));
    let schedule = Schedule::once().questions(1);
    let result = iap(&server).wait_for_order(&OrderStatus::new(order_id()), &schedule).await;
    assert!(matches!(result, Ok(Resolution::Unknown { .. })), "{result:?}");
    assert_eq!(seen.lock().unwrap().len(), 7 + 1, "each later question is one question");
}

#[tokio::test]
async fn an_order_that_appears_in_a_moment_is_found() {
    let server = MockServer::start_async().await;
    let seen = answers(&server, vec![(200, sample(".not-found")), (200, sample(".purchased"))]);
    let request = OrderStatus::new(order_id()).for_user(USER_KEY);
    let iap = iap(&server);
    let schedule = Schedule::once();
    // The future may move between threads.
    let waiting: std::pin::Pin<Box<dyn Future<Output = _> + Send>> =
        Box::pin(iap.wait_for_order(&request, &schedule));
    assert!(matches!(waiting.await, Ok(Resolution::Done(order)) if order.is_paid()));
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 2);
    for request in seen.iter() {
        assert_eq!(sent(request), fixture("iap/get-order-status.request"));
        assert_eq!(header(request, "x-toss-user-key").as_deref(), Some("443731104"));
    }
}

#[tokio::test]
async fn a_refusal_that_lasts_is_told() {
    for (name, code) in
        [("unauthenticated", "4010"), ("foreign-certificate", "4050"), ("fail", "INVALID_PARAMETER")]
    {
        let server = MockServer::start_async().await;
        let seen = answer(&server, 200, &fixture(&format!("envelope/{name}")));
        // Five questions are allowed, and one is asked.
        let request = OrderStatus::new(order_id());
        let error = iap(&server).wait_for_order(&request, &Schedule::default()).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Api, Some(code)));
        assert_eq!(seen.lock().unwrap().len(), 1, "{name}");
    }
    let blank = OrderStatus::new(OrderId::unchecked(" "));
    let server = MockServer::start_async().await;
    let error = iap(&server).wait_for_order(&blank, &Schedule::default()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Config);
}

#[tokio::test]
async fn a_question_that_failed_proves_nothing() {
    for name in ["result-internal-error", "internal-error", "rate-limit"] {
        let mut body = fixture(&format!("envelope/{name}"));
        if name == "rate-limit" {
            body["error"]["data"]["retryAfterSeconds"] = json!(0);
        }
        let (result, asked) = against(body).await;
        assert!(matches!(result, Ok(Resolution::Unknown { .. })), "{name}: {result:?}");
        assert_eq!(asked, 1, "{name}");
    }
    // The code of a wrong request, from a server that does not know itself what it did.
    let mut doubtful = fixture("envelope/result-internal-error");
    doubtful["error"] = json!({ "errorCode": "INVALID_PARAMETER" });
    let (result, _) = against(doubtful).await;
    assert!(matches!(result, Ok(Resolution::Unknown { .. })), "{result:?}");
}
