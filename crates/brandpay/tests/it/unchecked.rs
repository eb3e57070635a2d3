//! Identifiers that break a rule: a text that is none is never sent, any other can be.

use crate::support::{Op, TOKEN, fixture, pay};
use ait_testkit::answer;
use brandpay::{
    ait_core::{Call, Endpoint, Error, IdempotencyKey, Kind, Krw, Outcome},
    *,
};
use httpmock::MockServer;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const CUSTOMER: &str = "customerKey: must not be empty; pass the random key of the customer";
const ORDER: &str = "orderId: must not be empty; choose another number";
const PAYMENT: &str = "paymentKey: must not be empty; pass it exactly as Toss gave it";
const METHOD: &str = "methodKey: must not be empty; pass it exactly as Toss gave it";
const SEGMENT: &str = "must not be empty, `.` or `..`, because it stands in a path; use another identifier";

fn key() -> IdempotencyKey {
    IdempotencyKey::new("k").unwrap()
}

fn confirm(payment: &str, order: &str, customer: &str) -> Confirm {
    let (payment, order) = (PaymentKey::unchecked(payment), OrderId::unchecked(order));
    Confirm::new(key(), payment, order, Krw::new(10_000), CustomerKey::unchecked(customer))
}

fn charge(customer: &str, method: &str, order: &str) -> Result<AutomaticPayment, Error> {
    let (customer, method) = (CustomerKey::unchecked(customer), MethodKey::unchecked(method));
    AutomaticPayment::new(key(), customer, method, OrderId::unchecked(order), "x", Krw::new(10_000))
}

#[track_caller]
fn refused(error: &Error, rule: &str) {
    assert_eq!((error.kind(), error.outcome()), (Kind::Config, Outcome::NotSent), "{error}");
    assert!(error.to_string().contains(rule), "{error} does not say {rule}");
}

#[tokio::test]
async fn an_unchecked_text_that_is_none_is_not_sent() {
    async fn sent<'a, E: Endpoint + Send + Sync + 'a>(call: Call<'a, E>, rule: &str)
    where
        E::Response: std::fmt::Debug + Send,
    {
        let error = call.await.unwrap_err();
        refused(&error, rule);
        assert_eq!(error.endpoint(), Some(E::NAME));
    }
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &fixture("confirm.response"));
    let pay = pay(&server);
    let nobody = || CustomerKey::unchecked("");
    let nothing = || MethodKey::unchecked("");
    sent(pay.confirm(confirm("", "o", "c")), PAYMENT).await;
    sent(pay.confirm(confirm("p", "", "c")), ORDER).await;
    sent(pay.confirm(confirm("p", "o", "")), CUSTOMER).await;
    refused(&charge("", "m", "o").unwrap_err(), CUSTOMER);
    refused(&charge("c", "", "o").unwrap_err(), METHOD);
    refused(&charge("c", "m", "").unwrap_err(), ORDER);
    refused(&Terms::new(nobody(), [Scope::Card]).unwrap_err(), CUSTOMER);
    refused(&AgreeTerms::new(key(), nobody(), [Scope::Card]).unwrap_err(), CUSTOMER);
    sent(pay.issue_access_token(IssueAccessToken::with_code(key(), nobody(), "x")), CUSTOMER).await;
    sent(pay.issue_access_token(IssueAccessToken::with_refresh_token(key(), nobody(), "x")), CUSTOMER).await;
    sent(pay.remove_card(RemoveCard::new(key(), TOKEN, nothing())), METHOD).await;
    sent(pay.remove_account(RemoveAccount::new(key(), TOKEN, nothing())), METHOD).await;
    for text in ["", ".", ".."] {
        let (payment, order) = (|| PaymentKey::unchecked(text), || OrderId::unchecked(text));
        let of = |field: &str| format!("{field}: {SEGMENT}");
        refused(&Cancel::rest(key(), payment(), "x").unwrap_err(), &of("paymentKey"));
        sent(pay.payment_by_key(PaymentByKey::new(payment())), &of("paymentKey")).await;
        sent(pay.payment_by_order(PaymentByOrder::new(order())), &of("orderId")).await;
        let customer = MethodsByCustomer::new(CustomerKey::unchecked(text));
        sent(pay.methods_by_customer(customer), &of("customerKey")).await;
    }
    assert!(seen.lock().unwrap().is_empty(), "nothing was sent");
}

#[tokio::test]
async fn what_breaks_another_rule_can_be_sent_unchecked() {
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &fixture("confirm.response"));
    let long = "키 ".repeat(400);
    // They are sent; the answer is about another payment.
    for result in [
        pay(&server).confirm(confirm(&long, ".", " ")).await,
        pay(&server).automatic_payment(charge(".", &long, " ").unwrap()).await,
    ] {
        assert_eq!(result.unwrap_err().kind(), Kind::Mismatch);
    }
    let seen = seen.lock().unwrap();
    let body = |at: usize| -> Value { serde_json::from_slice(seen[at].body_ref()).unwrap() };
    let expected = json!({ "paymentKey": long, "amount": 10_000, "customerKey": " ", "orderId": "." });
    assert_eq!(body(0), expected);
    let expected = json!({
        "customerKey": ".", "methodKey": long, "amount": 10_000, "orderId": " ", "orderName": "x"
    });
    assert_eq!(body(1), expected);
}

#[test]
fn a_received_identifier_is_any_text_but_none() {
    fn read<T: DeserializeOwned>(json: &Value) -> Option<T> {
        let (value, text) = (serde_json::from_value(json.clone()), serde_json::from_str(&json.to_string()));
        assert_eq!(value.is_ok(), text.is_ok(), "{json}");
        text.ok().or(value.ok())
    }
    for text in ["x", " ", "한글", "a/b", &"x".repeat(1_000)] {
        let json = json!(text);
        assert_eq!(read::<CustomerKey>(&json).unwrap().expose(), text);
        assert_eq!(read::<MethodKey>(&json).unwrap().expose(), text);
        assert_eq!(read::<OrderId>(&json).unwrap().as_str(), text);
        assert_eq!(read::<PaymentKey>(&json).unwrap().as_str(), text);
        assert_eq!(read::<OrderId>(&json).unwrap().to_string(), text);
        assert_eq!(read::<PaymentKey>(&json).unwrap().to_string(), text);
        assert_eq!(format!("{:?}", OrderId::unchecked(text)), format!("{text:?}"));
        assert_eq!(format!("{:?}", PaymentKey::unchecked(text)), format!("{text:?}"));
        assert_eq!(format!("{:?}", CustomerKey::unchecked(text)), "CustomerKey(..)");
        assert_eq!(format!("{:?}", MethodKey::unchecked(text)), "MethodKey(..)");
        assert_eq!(serde_json::to_value(OrderId::unchecked(text)).unwrap(), json);
        assert_eq!(serde_json::to_value(CustomerKey::unchecked(text)).unwrap(), json);
    }
    for none in [json!(""), json!(null), json!({}), json!([]), json!(["x"])] {
        assert!(read::<CustomerKey>(&none).is_none(), "{none}");
        assert!(read::<MethodKey>(&none).is_none(), "{none}");
        assert!(read::<OrderId>(&none).is_none(), "{none}");
        assert!(read::<PaymentKey>(&none).is_none(), "{none}");
    }
    assert_eq!(read::<OrderId>(&json!(20_260_001)).unwrap().as_str(), "20260001");
    for (json, expected) in [
        (serde_json::from_str::<CustomerKey>("\"\"").unwrap_err(), "a customer key"),
        (serde_json::from_str::<MethodKey>("\"\"").unwrap_err(), "a method key"),
        (serde_json::from_str::<OrderId>("\"\"").unwrap_err(), "an order number"),
        (serde_json::from_str::<PaymentKey>("\"\"").unwrap_err(), "a payment key"),
    ] {
        assert!(json.to_string().contains(expected), "{json}");
    }
}

#[test]
fn a_stored_request_without_its_essentials_is_no_request() {
    fn refused<E: DeserializeOwned>(op: Op, essential: &[&str]) {
        let whole = op.stored(op.body());
        assert!(serde_json::from_value::<E>(whole.clone()).is_ok(), "{op:?}");
        for member in essential {
            let mut missing = whole.clone();
            missing.as_object_mut().unwrap().remove(*member);
            assert!(serde_json::from_value::<E>(missing).is_err(), "{op:?} without {member}");
            for none in [json!(""), json!(null)] {
                let mut empty = whole.clone();
                empty[*member] = none.clone();
                assert!(serde_json::from_value::<E>(empty).is_err(), "{op:?}, {member} is {none}");
            }
        }
    }
    refused::<Terms>(Op::Terms, &["customerKey", "scope"]);
    refused::<AgreeTerms>(Op::AgreeTerms, &["idempotencyKey", "customerKey", "scope"]);
    refused::<IssueAccessToken>(Op::AccessToken, &["idempotencyKey", "customerKey"]);
    refused::<MethodsByCustomer>(Op::MethodsByCustomer, &["customerKey"]);
    refused::<RemoveCard>(Op::RemoveCard, &["idempotencyKey", "methodKey"]);
    refused::<RemoveAccount>(Op::RemoveAccount, &["idempotencyKey", "methodKey"]);
    refused::<RemoveCustomer>(Op::RemoveCustomer, &["idempotencyKey"]);
    let confirm = ["idempotencyKey", "paymentKey", "orderId", "customerKey", "amount"];
    refused::<Confirm>(Op::Confirm, &confirm);
    let charge = ["idempotencyKey", "customerKey", "methodKey", "orderId", "amount"];
    refused::<AutomaticPayment>(Op::AutomaticPayment, &charge);
    refused::<Cancel>(Op::Cancel, &["idempotencyKey", "paymentKey"]);
    refused::<PaymentByKey>(Op::PaymentByKey, &["paymentKey"]);
    refused::<PaymentByOrder>(Op::PaymentByOrder, &["orderId"]);
}
