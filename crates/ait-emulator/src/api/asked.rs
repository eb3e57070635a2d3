//! What an answer that arrived tells of a payment whose first answer was lost.

use serde_json::Value;

use super::{Answer, Request, World};

/// The caller has this answer: if it shows that a payment was taken, the shop knows of it now. It may have looked the
/// payment up, sent the same call again, or given the money back.
pub(super) fn delivered(world: &mut World, endpoint: &str, request: &Request, answer: &Answer) {
    if !world.ledger.has_lost() {
        return;
    }
    let json = |text: &[u8]| serde_json::from_slice::<Value>(text).unwrap_or_default();
    let (sent, told) = (|| json(&request.body), || json(answer.body.as_bytes()));
    let key = match (endpoint, answer.code.as_deref()) {
        ("tosspay.execute_payment" | "tosspay.refund_payment" | "tosspay.payment_status", None) => {
            told()["success"]["payToken"].take()
        }
        ("tosspay.execute_payment", Some("PAYMENT_EXISTING_PAYMENT")) => sent()["payToken"].take(),
        (
            "brandpay.confirm"
            | "brandpay.automatic_payment"
            | "brandpay.cancel"
            | "brandpay.payment_by_key"
            | "brandpay.payment_by_order",
            None,
        ) => told()["paymentKey"].take(),
        ("brandpay.confirm", Some("ALREADY_PROCESSED_PAYMENT")) => sent()["paymentKey"].take(),
        ("brandpay.confirm" | "brandpay.automatic_payment", Some("DUPLICATED_ORDER_ID")) => {
            let order = sent()["orderId"].take();
            let paid = order.as_str().and_then(|order| world.brandpay.payment_of_order(order));
            paid.map_or(Value::Null, |(key, _)| key.into())
        }
        _ => Value::Null,
    };
    if let Some(key) = key.as_str() {
        world.ledger.tell_of_payment(key);
    }
}

/// The shop has taken this webhook of BrandPay: it knows of the payment that it tells of.
pub(super) fn heard(world: &mut World, body: &str) {
    if !world.ledger.has_lost() {
        return;
    }
    let told: Value = serde_json::from_str(body).unwrap_or_default();
    if let Some(key) = told["data"]["paymentKey"].as_str() {
        world.ledger.tell_of_payment(key);
    }
}
