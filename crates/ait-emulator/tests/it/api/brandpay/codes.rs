//! Every code, and how it comes about.

use std::time::Duration;

use ait_emulator::api::brandpay::{Card, SecretKey, Shop};
use serde_json::{Value, json};

use super::desk::{
    AGREE, AUTOMATIC, CONFIRM, CUSTOMER, Desk, KEY, METHODS, REMOVE_ACCOUNT, REMOVE_CARD, TOKEN, basic,
    confirmation, refused,
};
use crate::api::support::Told;

/// The codes of the documents and their status: the general list, idempotency, cancels.
const LISTED: &[(u16, &str)] = &[
    (
        400,
        "INVALID_REQUEST INVALID_API_KEY ALREADY_PROCESSED_PAYMENT PROVIDER_ERROR BELOW_MINIMUM_AMOUNT \
           DUPLICATED_ORDER_ID API_VERSION_UPDATE_NEEDED INVALID_CUSTOMER_KEY INVALID_ORDER_ID INVALID_ORDER_NAME \
           NOT_MATCHES_CUSTOMER_KEY NOT_SUPPORTED_METHOD MAINTAINED_METHOD INVALID_IDEMPOTENCY_KEY \
           ALREADY_CANCELED_PAYMENT INVALID_REFUND_ACCOUNT_INFO EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT \
           INVALID_REFUND_ACCOUNT_NUMBER INVALID_BANK NOT_MATCHES_REFUNDABLE_AMOUNT REFUND_REJECTED \
           ALREADY_REFUND_PAYMENT FORBIDDEN_BANK_REFUND_REQUEST",
    ),
    (401, "UNAUTHORIZED_KEY"),
    (
        403,
        "INVALID_PASSWORD EXCEED_MAX_AUTH_COUNT REJECT_ACCOUNT_PAYMENT REJECT_CARD_COMPANY FORBIDDEN_REQUEST \
           FORBIDDEN_CONSECUTIVE_REQUEST NOT_AVAILABLE_BANK INCORRECT_BASIC_AUTH_FORMAT NOT_CANCELABLE_AMOUNT \
           NOT_CANCELABLE_PAYMENT EXCEED_MAX_REFUND_DUE NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT \
           NOT_ALLOWED_PARTIAL_REFUND NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER EXCEED_CANCEL_LIMIT",
    ),
    (
        404,
        "NOT_FOUND NOT_FOUND_METHOD NOT_FOUND_METHOD_IN_GROUP NOT_FOUND_METHOD_OWNERSHIP NOT_FOUND_MERCHANT \
           NOT_FOUND_PAYMENT NOT_FOUND_PAYMENT_SESSION NOT_FOUND_HTTP_METHOD",
    ),
    (409, "IDEMPOTENT_REQUEST_PROCESSING"),
    (
        500,
        "FAILED_DB_PROCESSING FAILED_INTERNAL_SYSTEM_PROCESSING FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING \
           FAILED_METHOD_HANDLING COMMON_ERROR UNKNOWN_ERROR FAILED_REFUND_PROCESS FAILED_METHOD_HANDLING_CANCEL \
           FAILED_PARTIAL_REFUND",
    ),
];

fn listed() -> impl Iterator<Item = (u16, &'static str)> {
    LISTED.iter().flat_map(|(status, codes)| codes.split_whitespace().map(|code| (*status, code)))
}

fn asking(desk: &mut Desk, key: &str, method: &str, target: &str, code: &str) -> Told {
    let headers = [("authorization", basic(key)), ("tosspayments-test-code", code.to_owned())];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    desk.with(method, target, &headers, &Value::Null)
}

#[test]
fn every_listed_code_can_be_asked_for() {
    let mut desk = Desk::new();
    let before = desk.core.world.clone();
    for (status, code) in listed() {
        let told = asking(&mut desk, KEY, "POST", CONFIRM, code);
        refused(&told, status, code);
        assert!(told.basis.to_string().starts_with("documented:"), "{code}");
        assert!(!told.body.contains("요청을 처리할 수 없습니다."), "{code} has a text of its own");
    }
    for (status, code) in [
        (401, "INVALID_ACCESS_TOKEN"),
        (403, "NOT_SUPPORTED_BILLING_MERCHANT"),
        (404, "NOT_FOUND_CUSTOMER"),
        (500, "FAILED_CARD_COMPANY"),
        (403, "RESTRICTED_TRANSFER_ACCOUNT"),
        (400, "INVALID_STOPPED_CARD"),
        (400, "EXCEED_NEW_LIMIT"),
    ] {
        let told = asking(&mut desk, KEY, "GET", "/v1/promotions", code);
        refused(&told, status, code);
        assert!(told.basis.to_string().starts_with("assumed:"), "{code}");
    }
    assert_eq!(desk.core.world, before);
}

#[test]
fn a_live_key_asks_in_vain() {
    let mut desk = Desk::new();
    desk.state().secret_keys.insert("live_sk_1".to_owned(), SecretKey::new("tosspayments"));
    assert_eq!(asking(&mut desk, "live_sk_1", "GET", "/v1/promotions", "COMMON_ERROR").status, 200);
    refused(
        &asking(&mut desk, "test_sk_unknown", "GET", "/v1/promotions", "COMMON_ERROR"),
        401,
        "UNAUTHORIZED_KEY",
    );
}

fn pay(desk: &mut Desk, change: impl FnOnce(&mut Value)) -> Told {
    let mut body = json!({
        "customerKey": CUSTOMER, "methodKey": desk.card_key(), "amount": 10_000, "orderId": "order-1", "orderName": "x",
    });
    change(&mut body);
    desk.call(AUTOMATIC, body)
}

fn shop(desk: &mut Desk) -> &mut Shop {
    desk.state().shops.get_mut("tosspayments").unwrap()
}

fn cancelling(desk: &mut Desk, code: &str) -> Told {
    let key = desk.paid(10_000);
    desk.payment(&key).refuses_cancel = Some(code.to_owned());
    desk.cancel(&key, json!({"cancelReason": "x"}))
}

fn paying(desk: &mut Desk, code: &str) -> Told {
    desk.customer().cards[0].refuses = Some(code.to_owned());
    pay(desk, |_| {})
}

type How = fn(&mut Desk) -> Told;

/// Each code, and the state that brings it about.
const BY_STATE: &[(u16, &str, How)] = &[
    (400, "INVALID_REQUEST", |desk| pay(desk, |body| body["amount"] = json!("ten"))),
    (400, "INVALID_API_KEY", |desk| {
        shop(desk).brandpay = false;
        desk.look("/v1/promotions")
    }),
    (400, "ALREADY_PROCESSED_PAYMENT", |desk| {
        let key = desk.paid(1000);
        desk.confirm(&key, 1000)
    }),
    (400, "PROVIDER_ERROR", |desk| paying(desk, "PROVIDER_ERROR")),
    (400, "BELOW_MINIMUM_AMOUNT", |desk| pay(desk, |body| body["amount"] = json!(99))),
    (400, "DUPLICATED_ORDER_ID", |desk| {
        pay(desk, |_| {});
        pay(desk, |_| {})
    }),
    (400, "INVALID_CUSTOMER_KEY", |desk| pay(desk, |body| body["customerKey"] = json!("?"))),
    (400, "INVALID_ORDER_ID", |desk| pay(desk, |body| body["orderId"] = json!("?"))),
    (400, "INVALID_ORDER_NAME", |desk| pay(desk, |body| body["orderName"] = json!(""))),
    (400, "NOT_MATCHES_CUSTOMER_KEY", |desk| {
        let code =
            desk.call(AGREE, json!({"customerKey": "another", "scope": ["REGISTER"]})).json()["code"].clone();
        desk.call(TOKEN, json!({"grantType": "AuthorizationCode", "customerKey": CUSTOMER, "code": code}))
    }),
    (400, "NOT_SUPPORTED_METHOD", |desk| {
        shop(desk).accounts = false;
        let account = desk.account_key();
        pay(desk, |body| body["methodKey"] = json!(account))
    }),
    (400, "MAINTAINED_METHOD", |desk| paying(desk, "MAINTAINED_METHOD")),
    (400, "INVALID_IDEMPOTENCY_KEY", |desk| desk.keyed(CONFIRM, &"k".repeat(301), json!({}))),
    (400, "EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT", |desk| {
        desk.customer().monthly_limit = Some(9999);
        pay(desk, |_| {})
    }),
    (400, "EXCEED_OPEN_BANKING_ONE_TIME_LIMIT", |desk| {
        desk.customer().accounts[0].one_time_limit = Some(9999);
        let account = desk.account_key();
        pay(desk, |body| body["methodKey"] = json!(account))
    }),
    (400, "INVALID_MAXIMUM_DISCOUNT_AMOUNT", |desk| {
        desk.state().promotions.discount_cards[1].balance = 0;
        pay(desk, |body| body["discountCode"] = json!("12861"))
    }),
    (400, "INVALID_STOPPED_CARD", |desk| paying(desk, "INVALID_STOPPED_CARD")),
    (401, "UNAUTHORIZED_KEY", |desk| {
        desk.state().secret_keys.clear();
        desk.look("/v1/promotions")
    }),
    (401, "INVALID_ACCESS_TOKEN", |desk| {
        let token = desk.token();
        desk.advance(Duration::from_secs(2_592_000));
        desk.as_customer("GET", METHODS, &token, &Value::Null)
    }),
    (403, "REJECT_ACCOUNT_PAYMENT", |desk| {
        desk.customer().accounts[0].refuses = Some("REJECT_ACCOUNT_PAYMENT".to_owned());
        let account = desk.account_key();
        pay(desk, |body| body["methodKey"] = json!(account))
    }),
    (403, "REJECT_CARD_COMPANY", |desk| paying(desk, "REJECT_CARD_COMPANY")),
    (403, "INVALID_PASSWORD", |desk| paying(desk, "INVALID_PASSWORD")),
    (403, "EXCEED_MAX_AUTH_COUNT", |desk| paying(desk, "EXCEED_MAX_AUTH_COUNT")),
    (403, "NOT_AVAILABLE_BANK", |desk| paying(desk, "NOT_AVAILABLE_BANK")),
    (403, "FORBIDDEN_REQUEST", |desk| pay(desk, |body| body["useCardPoint"] = json!(true))),
    (403, "INCORRECT_BASIC_AUTH_FORMAT", |desk| {
        desk.with("GET", "/v1/promotions", &[("authorization", "Basic dGVzdA==")], &Value::Null)
    }),
    (403, "NOT_SUPPORTED_BILLING_MERCHANT", |desk| {
        shop(desk).automatic_payments = false;
        pay(desk, |_| {})
    }),
    (403, "FORBIDDEN_DORMANT_OR_WITHDRAWAL_CUSTOMER", |desk| {
        desk.customer().dormant = true;
        pay(desk, |_| {})
    }),
    (403, "RESTRICTED_TRANSFER_ACCOUNT", |desk| {
        desk.customer().accounts[0].registered_at = desk.now;
        let account = desk.account_key();
        pay(desk, |body| body["methodKey"] = json!(account))
    }),
    (404, "NOT_FOUND_METHOD", |desk| {
        desk.customer().cards[0].enabled = false;
        pay(desk, |_| {})
    }),
    (404, "NOT_FOUND_METHOD_IN_GROUP", |desk| {
        let (token, body) = (desk.token(), json!({"methodKey": desk.card_key()}));
        desk.as_customer("POST", REMOVE_ACCOUNT, &token, &body)
    }),
    (404, "NOT_FOUND_METHOD_OWNERSHIP", |desk| {
        let (now, mut rng) = (desk.now, desk.rng.clone());
        let foreign = desk.state().register_card("another", Card::new(now, &mut rng));
        let token = desk.token();
        desk.as_customer("POST", REMOVE_CARD, &token, &json!({"methodKey": foreign}))
    }),
    (404, "NOT_FOUND_MERCHANT", |desk| {
        desk.state().shops.clear();
        desk.look("/v1/promotions")
    }),
    (404, "NOT_FOUND_CUSTOMER", |desk| desk.look(&format!("{METHODS}/nobody"))),
    (404, "NOT_FOUND_PAYMENT", |desk| desk.look("/v1/payments/nothing")),
    (404, "NOT_FOUND_PAYMENT_SESSION", |desk| {
        let key = desk.session(1000, None);
        desk.advance(Duration::from_secs(601));
        desk.confirm(&key, 1000)
    }),
    (409, "IDEMPOTENT_REQUEST_PROCESSING", |desk| {
        desk.state().processing.insert("k".to_owned());
        desk.keyed(CONFIRM, "k", confirmation("emu-1", "order-1", 1000))
    }),
    (500, "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING", |desk| {
        paying(desk, "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING")
    }),
    (500, "FAILED_METHOD_HANDLING", |desk| paying(desk, "FAILED_METHOD_HANDLING")),
    (400, "ALREADY_CANCELED_PAYMENT", |desk| {
        let key = desk.paid(1000);
        desk.cancel(&key, json!({"cancelReason": "x"}));
        desk.cancel(&key, json!({"cancelReason": "x"}))
    }),
    (400, "EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT", |desk| {
        let key = pay(desk, |body| body["discountCode"] = json!("12861")).json()["paymentKey"]
            .as_str()
            .unwrap()
            .to_owned();
        desk.cancel(&key, json!({"cancelReason": "x", "cancelAmount": 1}))
    }),
    (400, "NOT_MATCHES_REFUNDABLE_AMOUNT", |desk| {
        let key = desk.paid(1000);
        desk.cancel(&key, json!({"cancelReason": "x", "refundableAmount": 999}))
    }),
    (400, "REFUND_REJECTED", |desk| cancelling(desk, "REFUND_REJECTED")),
    (400, "ALREADY_REFUND_PAYMENT", |desk| cancelling(desk, "ALREADY_REFUND_PAYMENT")),
    (400, "FORBIDDEN_BANK_REFUND_REQUEST", |desk| cancelling(desk, "FORBIDDEN_BANK_REFUND_REQUEST")),
    (403, "NOT_CANCELABLE_AMOUNT", |desk| {
        let key = desk.paid(1000);
        desk.cancel(&key, json!({"cancelReason": "x", "cancelAmount": 1001}))
    }),
    (403, "NOT_CANCELABLE_PAYMENT", |desk| {
        let key = desk.session(1000, None);
        desk.cancel(&key, json!({"cancelReason": "x"}))
    }),
    (403, "EXCEED_MAX_REFUND_DUE", |desk| {
        let key = desk.paid(1000);
        desk.payment(&key).refund_due = Some(desk.now);
        desk.advance(Duration::from_millis(1));
        desk.cancel(&key, json!({"cancelReason": "x"}))
    }),
    (403, "NOT_ALLOWED_PARTIAL_REFUND", |desk| {
        let key = desk.paid(1000);
        desk.payment(&key).partial_cancelable = false;
        desk.cancel(&key, json!({"cancelReason": "x", "cancelAmount": 1}))
    }),
    (403, "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT", |desk| {
        cancelling(desk, "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT")
    }),
    (403, "NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER", |desk| {
        let key = desk.paid(1000);
        desk.customer().dormant = true;
        desk.cancel(&key, json!({"cancelReason": "x"}))
    }),
    (403, "EXCEED_CANCEL_LIMIT", |desk| {
        let key = desk.paid(1000);
        shop(desk).cancel_limit = Some(999);
        desk.cancel(&key, json!({"cancelReason": "x"}))
    }),
    (403, "FORBIDDEN_CONSECUTIVE_REQUEST", |desk| {
        desk.core.switches.consecutive_millis = 1;
        let key = desk.paid(1000);
        desk.cancel(&key, json!({"cancelReason": "x", "cancelAmount": 1}));
        desk.cancel(&key, json!({"cancelReason": "x", "cancelAmount": 1}))
    }),
    (500, "FAILED_REFUND_PROCESS", |desk| cancelling(desk, "FAILED_REFUND_PROCESS")),
    (500, "FAILED_PARTIAL_REFUND", |desk| cancelling(desk, "FAILED_PARTIAL_REFUND")),
];

#[test]
fn codes_that_the_state_brings_about() {
    for (status, code, how) in BY_STATE {
        let mut desk = Desk::new();
        let told = how(&mut desk);
        refused(&told, *status, code);
        assert_eq!(desk.core.violations(), [], "{code}");
    }
}
