//! The other side: a Toss Pay of a page, which answers with the documented samples, filled in with what was asked.

use std::{
    collections::HashMap,
    fs,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use ait_emulator::{Reply, Request, Response};
use serde_json::{Value, json};

/// The payments it knows, by token. An order number that ends in `-declined` is declined; one that ends in `-lost` is
/// paid, but the answer never arrives.
#[derive(Clone, Default)]
pub(crate) struct Toss(Arc<Mutex<HashMap<String, Payment>>>);

#[derive(Clone)]
struct Payment {
    order_no: String,
    amount: i64,
    status: &'static str,
}

impl Toss {
    pub(crate) async fn answer(self, request: Request) -> Reply {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let token = body["payToken"].as_str().unwrap_or_default().to_owned();
        let mut payments = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let operation = request.path.rsplit('/').next().unwrap_or_default();
        if operation == "make-payment" {
            let token = format!("quickstart-{}", payments.len() + 1);
            let order_no = body["orderNo"].as_str().unwrap_or_default().to_owned();
            let amount = body["amount"].as_i64().unwrap_or_default();
            payments.insert(token.clone(), Payment { order_no, amount, status: "PAY_STANDBY" });
            return sample("make-payment.response", &json!({ "payToken": token }));
        }
        let Some(payment) = payments.get_mut(&token) else {
            return Reply::Answer(Response::html(404, "<h1>Not Found</h1>"));
        };
        let (order_no, amount) = (payment.order_no.clone(), payment.amount);
        match operation {
            "execute-payment" if order_no.ends_with("-declined") => sample(
                "execute-payment.declined.response",
                &json!({ "payToken": token, "orderNo": order_no }),
            ),
            "execute-payment" => {
                payment.status = "PAY_COMPLETE";
                if order_no.ends_with("-lost") {
                    return Reply::Close;
                }
                let filled =
                    json!({ "payToken": token, "orderNo": order_no, "amount": amount, "paidAmount": amount });
                sample("execute-payment.response", &filled)
            }
            "refund-payment" => {
                payment.status = "REFUND_SUCCESS";
                let filled =
                    json!({ "payToken": token, "refundedAmount": amount, "refundedPaidAmount": amount });
                sample("refund-payment.refunded.response", &filled)
            }
            "get-payment-status" => {
                let name = match payment.status {
                    "REFUND_SUCCESS" => "get-payment-status.refunded.response",
                    _ => "get-payment-status.paid.response",
                };
                let status = payment.status;
                sample(
                    name,
                    &json!({ "payToken": token, "orderNo": order_no, "payStatus": status, "amount": amount }),
                )
            }
            _ => Reply::Answer(Response::html(404, "<h1>Not Found</h1>")),
        }
    }
}

/// A documented sample, with some members of its payload replaced.
fn sample(name: &str, filled: &Value) -> Reply {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../fixtures/tosspay/{name}.json"));
    let text = fs::read_to_string(path).unwrap_or_default();
    let mut answer: Value = serde_json::from_str(&text).unwrap_or_default();
    for (key, value) in filled.as_object().into_iter().flatten() {
        answer["success"][key] = value.clone();
    }
    Reply::Answer(Response::json(200, answer.to_string()))
}
