//! A server, or a gateway, that says each answer twice on a connection that is kept: the second copy must not become the
//! answer to the next question.

use ait_core::{
    Client, Endpoint, IdempotencyKey, Krw, Mode, Resolution, RetryPolicy, Schedule, Ticket, User,
};
use ait_emulator::{Response, Server};
use ait_iap::{Iap, OrderId as IapOrder, OrderStatus};
use ait_promotion::{ExecutePromotion, GetKey, Promotion, PromotionCode, PromotionKey};
use ait_tosspay::{MakePayment, OrderNo, PaymentStatus, TossPay};
use brandpay::{BrandPay, Confirm, CustomerKey, OrderId, PaymentByOrder, PaymentKey};
use serde_json::{Value, json};

/// How often each race is run.
const ROUNDS: usize = 200;

/// Says each answer twice, the second time when the next question comes on the same connection: nothing that can be heard
/// before it is asked. What it says depends on the request alone.
async fn parrot(answer: fn(&str, &Value, u64) -> Response) -> Server {
    let server = Server::builder().raw(move |mut connection| async move {
        let mut number = connection.number() * 1_000;
        let mut again: Option<Response> = None;
        while let Ok(Some(request)) = connection.read_request().await {
            let sent = serde_json::from_slice(&request.body).unwrap_or_default();
            let answer = answer(&request.path, &sent, number);
            number += 1;
            for copy in again.iter().chain([&answer]) {
                if connection.respond(copy).await.is_err() {
                    return;
                }
            }
            again = Some(answer);
        }
    });
    server.await.unwrap()
}

fn client(server: &Server) -> Client {
    let client = Client::builder().base_url(server.url()).no_proxy().retry(RetryPolicy::never());
    client.build().unwrap()
}

/// A ticket of a call an hour ago.
fn old<E: Endpoint + serde::Serialize>(request: &E) -> Ticket {
    let mut ticket = serde_json::to_value(Ticket::new(request).unwrap()).unwrap();
    ticket["made_at"] = json!(ticket["made_at"].as_u64().unwrap() - 3_600);
    serde_json::from_value(ticket).unwrap()
}

fn envelope(status: u16, body: &Value) -> Response {
    Response::json(status, body.to_string())
}

#[tokio::test]
async fn a_paid_order_is_not_called_unpaid_by_the_answer_about_another() {
    let server = parrot(|_, sent, _| {
        if sent["orderNo"] == "paid" {
            let paid =
                json!({ "payToken": "T1", "orderNo": "paid", "payStatus": "PAY_COMPLETE", "amount": 1_000 });
            return envelope(200, &json!({ "resultType": "SUCCESS", "success": paid }));
        }
        envelope(404, &json!({ "resultType": "FAIL", "error": { "errorCode": "NO_SUCH", "reason": "?" } }))
    });
    let server = server.await;
    let pay = TossPay::new(client(&server));
    let order = |text: &str| OrderNo::new(text).unwrap();
    let made = MakePayment::new(User::key(1), order("paid"), "coffee", Krw::new(1_000), Mode::Live).unwrap();
    for _ in 0..ROUNDS {
        let other = PaymentStatus::by_order_no(User::key(1), order("missing"), Mode::Live);
        pay.payment_status(other).await.unwrap_err();
        let resolution = pay.resolve(&old(&made), &Schedule::once()).await.unwrap();
        assert!(matches!(resolution, Resolution::Done(_)), "{resolution:?}");
    }
}

#[tokio::test]
async fn a_confirmed_payment_is_not_called_missing_by_the_answer_about_another() {
    let server = parrot(|target, _, _| {
        if target.contains("order-paid") {
            return envelope(
                200,
                &json!({ "paymentKey": "P1", "orderId": "order-paid", "status": "DONE", "totalAmount": 1_000 }),
            );
        }
        envelope(404, &json!({ "code": "NOT_FOUND_PAYMENT", "message": "?" }))
    });
    let server = server.await;
    let pay = BrandPay::new(client(&server), "test_sk_twice");
    let order = |text: &str| OrderId::new(text).unwrap();
    let made = Confirm::new(
        IdempotencyKey::new("key").unwrap(),
        PaymentKey::new("P1").unwrap(),
        order("order-paid"),
        Krw::new(1_000),
        CustomerKey::new("customer").unwrap(),
    );
    for _ in 0..ROUNDS {
        pay.payment_by_order(PaymentByOrder::new(order("order-missing"))).await.unwrap_err();
        let resolution = pay.resolve(&old(&made), &Schedule::once()).await.unwrap();
        assert!(matches!(resolution, Resolution::Done(_)), "{resolution:?}");
    }
}

#[tokio::test]
async fn points_are_not_called_paid_by_the_answer_about_another_key() {
    let server = parrot(|target, sent, number| {
        if target.ends_with("get-key") {
            let key = format!("fresh-{number}");
            return envelope(200, &json!({ "resultType": "SUCCESS", "success": { "key": key } }));
        }
        let status = if sent["key"] == "paid" { "SUCCESS" } else { "PENDING" };
        envelope(200, &json!({ "resultType": "SUCCESS", "success": status }))
    });
    let server = server.await;
    let promotion = Promotion::new(client(&server));
    let grant = |key: &str| {
        let (code, key) = (PromotionCode::new("C1").unwrap(), PromotionKey::new(key).unwrap());
        ExecutePromotion::new(User::key(1), code, key, Krw::new(10)).unwrap()
    };
    let mut keys = std::collections::BTreeSet::new();
    for _ in 0..ROUNDS {
        assert!(promotion.execution_result(grant("paid").result()).await.unwrap().is_paid());
        let resolution = promotion.resolve(&old(&grant("pending")), &Schedule::once()).await.unwrap();
        assert!(matches!(resolution, Resolution::Unknown { .. }), "{resolution:?}");
        // A key that is handed out twice pays one user for the other.
        let key = promotion.get_key(GetKey::new(User::key(1))).await.unwrap().key;
        assert!(keys.insert(key), "a key came twice");
    }
}

#[tokio::test]
async fn an_order_is_not_called_bought_by_the_answer_about_another() {
    let server = parrot(|_, sent, _| {
        let status = if sent["orderId"] == "bought" { "PURCHASED" } else { "FAILED" };
        let order = json!({ "orderId": sent["orderId"], "status": status, "sku": "coffee" });
        envelope(200, &json!({ "resultType": "SUCCESS", "success": order }))
    });
    let server = server.await;
    let iap = Iap::new(client(&server));
    let order = |text: &str| OrderStatus::new(IapOrder::new(text).unwrap());
    for _ in 0..ROUNDS {
        assert!(iap.order_status(order("bought")).await.unwrap().is_paid());
        assert!(!iap.order_status(order("failed")).await.unwrap().is_paid());
    }
}
