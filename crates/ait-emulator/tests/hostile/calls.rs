//! Each call that has an effect, and what its answer has to say.

use ait_core::{Client, Endpoint, Error, IdempotencyKey, Krw, Mode, User};
use ait_login::{Login, RemoveByUserKey};
use ait_messenger::{Messenger, Recipient, SendBulkMessages, SendMessage, TemplateSetCode};
use ait_promotion::{ExecutePromotion, Promotion, PromotionCode, PromotionKey};
use ait_tosspay::{ExecutePayment, MakePayment, OrderNo, PayToken, RefundPayment, TossPay};
use brandpay::{
    AutomaticPayment, BrandPay, Cancel, Confirm, CustomerKey, MethodKey, OrderId, PaymentKey, RemoveCard,
};
use serde_json::{Value, json};

use super::words::Form;

pub(crate) const USER: u64 = 443_731_104;

/// What a client said of a call: nothing but its success, or its error.
#[derive(Debug)]
pub(crate) struct Claim(Option<Error>);

impl Claim {
    /// `None` for a success.
    pub(crate) fn outcome(&self) -> Option<ait_core::Outcome> {
        self.0.as_ref().map(Error::outcome)
    }

    pub(crate) fn line(&self) -> String {
        self.0.as_ref().map(|error| format!("{error} {error:?}")).unwrap_or_default()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Make,
    Execute,
    Refund,
    Grant,
    Message,
    Messages,
    Unlink,
    Confirm,
    Charge,
    Cancel,
    RemoveCard,
}

impl Call {
    pub(crate) const WRITES: [Self; 11] = [
        Self::Make,
        Self::Execute,
        Self::Refund,
        Self::Grant,
        Self::Message,
        Self::Messages,
        Self::Unlink,
        Self::Confirm,
        Self::Charge,
        Self::Cancel,
        Self::RemoveCard,
    ];

    pub(crate) fn form(self) -> Form {
        if self.is_keyed() { Form::Flat } else { Form::Envelope }
    }

    pub(crate) fn is_keyed(self) -> bool {
        matches!(self, Self::Confirm | Self::Charge | Self::Cancel | Self::RemoveCard)
    }

    /// The codes that the client takes for proof.
    pub(crate) fn refusals(self) -> &'static [&'static str] {
        match self {
            Self::Make => MakePayment::REFUSALS,
            Self::Execute => ExecutePayment::REFUSALS,
            Self::Refund => RefundPayment::REFUSALS,
            Self::Grant => ExecutePromotion::REFUSALS,
            Self::Message => SendMessage::REFUSALS,
            Self::Messages => SendBulkMessages::REFUSALS,
            Self::Unlink => RemoveByUserKey::REFUSALS,
            Self::Confirm => Confirm::REFUSALS,
            Self::Charge => AutomaticPayment::REFUSALS,
            Self::Cancel => Cancel::REFUSALS,
            Self::RemoveCard => RemoveCard::REFUSALS,
        }
    }

    pub(crate) async fn make(self, client: &Client) -> Claim {
        let (user, key) = (User::key(USER), IdempotencyKey::new("key-of-order-18").unwrap());
        let pay = TossPay::new(client.clone());
        let brandpay = BrandPay::new(client.clone(), "test_sk_hostile");
        let token = PayToken::new("T18").unwrap();
        let (payment, order) = (PaymentKey::new("P18").unwrap(), OrderId::new("order-18").unwrap());
        let customer = CustomerKey::new("customer-18").unwrap();
        let card = MethodKey::new("M18").unwrap();
        let template = TemplateSetCode::new("order-shipped").unwrap();
        let error = match self {
            Self::Make => {
                let order_no = OrderNo::new("order-18").unwrap();
                let request = MakePayment::new(user, order_no, "coffee", Krw::new(1_000), Mode::Live);
                pay.make_payment(request.unwrap()).await.err()
            }
            Self::Execute => {
                let request = ExecutePayment::new(user, token, Mode::Live);
                pay.execute_payment(request.order_no(OrderNo::new("order-18").unwrap())).await.err()
            }
            Self::Refund => {
                let request = RefundPayment::new(user, token, "sold-out", Mode::Live);
                pay.refund_payment(request.unwrap()).await.err()
            }
            Self::Grant => {
                let (code, key) = (PromotionCode::new("C18").unwrap(), PromotionKey::new("K18").unwrap());
                let request = ExecutePromotion::new(user, code, key, Krw::new(10)).unwrap();
                Promotion::new(client.clone()).execute_promotion(request).await.err()
            }
            Self::Message => {
                let request = SendMessage::new(user, template).with("name", "CANARY");
                Messenger::new(client.clone()).send_message(request).await.err()
            }
            Self::Messages => {
                let recipient = Recipient::new(user).with("name", "CANARY");
                let request = SendBulkMessages::new(template, [recipient]).unwrap();
                Messenger::new(client.clone()).send_bulk_messages(request).await.err()
            }
            Self::Unlink => {
                Login::new(client.clone()).remove_by_user_key(RemoveByUserKey::new(USER)).await.err()
            }
            Self::Confirm => {
                let request = Confirm::new(key, payment, order, Krw::new(1_000), customer);
                brandpay.confirm(request).await.err()
            }
            Self::Charge => {
                let request = AutomaticPayment::new(key, customer, card, order, "coffee", Krw::new(1_000));
                brandpay.automatic_payment(request.unwrap()).await.err()
            }
            Self::Cancel => {
                let request = Cancel::part(key, payment, Krw::new(300), "sold out").unwrap();
                brandpay.cancel(request).await.err()
            }
            Self::RemoveCard => brandpay.remove_card(RemoveCard::new(key, "access", card)).await.err(),
        };
        Claim(error)
    }

    /// The answer of a server that did it.
    pub(crate) fn success(self) -> Value {
        let envelope = |payload: Value| json!({ "resultType": "SUCCESS", "success": payload });
        let payment = json!({
            "paymentKey": "P18", "orderId": "order-18", "status": "DONE", "totalAmount": 1_000,
            "balanceAmount": 1_000, "method": "카드", "failure": null, "approvedAt": "2026-03-02T09:15:42+09:00",
            "card": { "number": "4330-****", "amount": 1_000 },
        });
        match self {
            Self::Make => envelope(json!({ "payToken": "T18", "code": 0 })),
            Self::Execute => envelope(json!({
                "payToken": "T18", "orderNo": "order-18", "amount": 1_000, "code": 0, "mode": "LIVE",
                "errorCode": null, "transactionId": "tr-1",
            })),
            Self::Refund => envelope(json!({
                "payToken": "T18", "refundNo": "r-1", "refundedAmount": 1_000, "refundableAmount": 0, "code": 0,
            })),
            Self::Grant => envelope(json!({ "key": "K18" })),
            Self::Message | Self::Messages => envelope(json!({ "msgCount": 1, "sentPushCount": 1 })),
            Self::Unlink => envelope(json!({ "userKey": USER })),
            Self::Confirm | Self::Charge => payment,
            Self::Cancel => {
                let mut payment = payment;
                payment["status"] = json!("PARTIAL_CANCELED");
                payment["balanceAmount"] = json!(700);
                payment["cancels"] = json!([{
                    "cancelAmount": 300, "cancelReason": "sold out", "refundableAmount": 700,
                    "cancelStatus": "DONE", "canceledAt": "2026-03-02T09:20:00+09:00",
                }]);
                payment
            }
            Self::RemoveCard => json!({ "methodKey": "M18", "cardNumber": "4330-****", "id": "c-1" }),
        }
    }

    /// Whether a body says that this very call was done, by the auditor's own reading: the last word of a member counts
    /// only if it is the only one.
    pub(crate) fn was_done_says(self, body: &str) -> bool {
        let Ok(value) = serde_json::from_str::<Value>(body) else { return false };
        let payload = match self.form() {
            Form::Flat => value.clone(),
            Form::Envelope if value["resultType"] == "SUCCESS" && value["error"].is_null() => {
                value["success"].clone()
            }
            Form::Envelope => return false,
        };
        // A sender of messages and an unlink answer with next to nothing: SUCCESS is all they say.
        if matches!(self, Self::Message | Self::Messages | Self::Make) {
            return clean(&payload) && clean(&value);
        }
        if self == Self::Unlink {
            // It must not be another user's; what is no key at all says nothing.
            let is_another = match &payload["userKey"] {
                Value::String(key) => !key.is_empty() && *key != USER.to_string(),
                Value::Number(key) => key.as_u64().is_some_and(|key| key != USER),
                _ => false,
            };
            return !is_another && clean(&payload) && clean(&value);
        }
        let same = |name: &str, expected: &str| as_text(&payload[name]) == expected;
        let absent_or = |name: &str, expected: &str| payload[name].is_null() || same(name, expected);
        let paid = payload["status"] == "DONE" && payload["failure"].is_null();
        let names_this = match self {
            Self::Execute => same("payToken", "T18") && absent_or("orderNo", "order-18"),
            Self::Refund => same("payToken", "T18"),
            Self::Grant => same("key", "K18"),
            Self::Confirm => {
                same("paymentKey", "P18")
                    && same("orderId", "order-18")
                    && absent_or("totalAmount", "1000")
                    && paid
            }
            Self::Charge => same("orderId", "order-18") && absent_or("totalAmount", "1000") && paid,
            Self::Cancel => {
                let listed = payload["cancels"].as_array().is_some_and(|cancels| {
                    cancels.iter().any(|cancel| {
                        as_text(&cancel["cancelAmount"]) == "300"
                            && (cancel["cancelStatus"].is_null()
                                || cancel["cancelStatus"] == ""
                                || cancel["cancelStatus"] == "DONE")
                    })
                });
                let given_back =
                    ["PARTIAL_CANCELED", "CANCELED"].iter().any(|status| payload["status"] == *status);
                same("paymentKey", "P18") && given_back && listed
            }
            Self::RemoveCard => same("methodKey", "M18"),
            Self::Make | Self::Message | Self::Messages | Self::Unlink => true,
        };
        let speaks_well = match self.form() {
            Form::Flat => payload["code"].is_null() || payload["message"].is_null(),
            Form::Envelope => clean(&payload) && clean(&value),
        };
        names_this && speaks_well
    }
}

/// No failure beside or inside a success.
fn clean(value: &Value) -> bool {
    let quiet = |code: &Value| match code {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty() || text.trim() == "0",
        Value::Number(number) => number.as_f64() == Some(0.0),
        _ => false,
    };
    quiet(&value["code"]) && quiet(&value["errorCode"])
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string().trim_end_matches(".0").to_owned(),
        _ => String::new(),
    }
}
