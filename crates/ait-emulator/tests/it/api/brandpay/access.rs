//! Who may call, and how often.

use std::time::Duration;

use ait_emulator::api::{
    Basis,
    brandpay::{SecretKey, Shop},
    switches::BadKey,
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD},
};
use serde_json::{Value, json};

use super::desk::{CONFIRM, CUSTOMER, Desk, KEY, LEAVE, METHODS, basic, confirmation, header, refused};

const BY_KEY: &str = "/v1/promotions/card";

fn with(authorization: &str) -> crate::api::support::Told {
    Desk::new().with("GET", BY_KEY, &[("authorization", authorization)], &Value::Null)
}

#[test]
fn the_header_that_the_reference_prints_works() {
    let printed = "Basic dGVzdF9za195WnFta0tlUDhnSlhQeHprelFQeHJiUVJ4QjlsOg==";
    assert_eq!(basic(KEY), printed);
    assert_eq!(with(printed).status, 200);
    assert_eq!(with(&printed.replace("Basic", "basic")).status, 200);
}

#[test]
fn a_key_of_its_own_works() {
    let mut desk = Desk::new();
    let keys: Vec<String> = desk.state().secret_keys.keys().cloned().collect();
    // Four that documents print, and one that was made.
    assert_eq!(keys.len(), 5);
    let made = desk.state().secret_key().unwrap().to_owned();
    assert!(keys.contains(&made));
    assert!(!include_str!("../../../../src/api/brandpay.rs").contains(&made));
    for key in keys {
        let told = desk.with("GET", BY_KEY, &[("authorization", &basic(&key))], &Value::Null);
        assert_eq!((told.status, key.starts_with("test_")), (200, true));
    }
}

#[test]
fn a_wrong_form_is_told_from_a_wrong_key() {
    let format = "INCORRECT_BASIC_AUTH_FORMAT";
    refused(&with(&format!("Basic {}", STANDARD.encode(KEY))), 403, format);
    let unpadded = STANDARD_NO_PAD.encode(format!("{KEY}:"));
    assert!(unpadded.len() % 4 != 0);
    refused(&with(&format!("Basic {unpadded}")), 403, format);
    refused(&with(&format!("Basic {KEY}:")), 403, format);
    refused(&with(&format!("Basic {}", STANDARD.encode(format!("{KEY}:password")))), 403, format);
    refused(&with(&format!("Bearer {KEY}")), 403, format);
    refused(&with("Basic"), 403, format);
    refused(&with(&basic("test_sk_nobody")), 401, "UNAUTHORIZED_KEY");
    refused(&with(&basic("")), 401, "UNAUTHORIZED_KEY");
    refused(&with(&basic(&format!("\u{feff}{KEY}"))), 401, "UNAUTHORIZED_KEY");
    refused(&Desk::new().with("GET", BY_KEY, &[], &Value::Null), 401, "UNAUTHORIZED_KEY");
}

#[test]
fn the_status_of_a_wrong_key_is_a_switch() {
    for (bad_key, status, code) in [
        (BadKey::Unauthorized, 401, "UNAUTHORIZED_KEY"),
        (BadKey::Forbidden, 403, "UNAUTHORIZED_KEY"),
        (BadKey::InvalidApiKey, 400, "INVALID_API_KEY"),
    ] {
        let mut desk = Desk::new();
        desk.core.switches.bad_key = bad_key;
        let told = desk.with("GET", BY_KEY, &[("authorization", &basic("test_sk_x"))], &Value::Null);
        refused(&told, status, code);
        assert_eq!(told.basis, Basis::Assumed("bad_key"));
    }
}

#[test]
fn an_old_key_works_for_seven_more_days() {
    let mut desk = Desk::new();
    let now = desk.now;
    let mut rng = desk.rng.clone();
    let new = desk.state().reissue_key(KEY, now, &mut rng).unwrap();
    let status = |desk: &mut Desk, key: &str| {
        desk.with("GET", BY_KEY, &[("authorization", &basic(key))], &Value::Null).status
    };
    desk.advance(Duration::from_secs(7 * 24 * 3600 - 1));
    let made = desk.state().secret_key().unwrap().to_owned();
    let newest = desk.state().reissue_key(&made, now, &mut rng).unwrap();
    assert!([&new, &newest].iter().any(|key| desk.state().secret_key() == Some(key)), "not one that ends");
    assert_eq!((status(&mut desk, KEY), status(&mut desk, &new)), (200, 200));
    desk.advance(Duration::from_secs(1));
    assert_eq!((status(&mut desk, KEY), status(&mut desk, &new)), (401, 200));
    assert_eq!(desk.state().reissue_key("test_sk_x", now, &mut rng), None);
}

#[test]
fn a_shop_sees_its_own_payments_only() {
    let mut desk = Desk::new();
    let paid = desk.paid(1000);
    let open = desk.session_of("order-2", 1000, None);
    desk.state().shops.insert("aaa".to_owned(), Shop::default());
    desk.state().secret_keys.insert("live_sk_other".to_owned(), SecretKey::new("aaa"));
    let other = basic("live_sk_other");
    let headers = [("authorization", other.as_str())];
    let before = desk.core.world.clone();
    for target in [format!("/v1/payments/{paid}"), "/v1/payments/orders/order-1".to_owned()] {
        refused(&desk.with("GET", &target, &headers, &Value::Null), 404, "NOT_FOUND_PAYMENT");
    }
    let cancel = format!("/v1/payments/{paid}/cancel");
    refused(&desk.with("POST", &cancel, &headers, &json!({"cancelReason": "x"})), 404, "NOT_FOUND_PAYMENT");
    let told = desk.with("POST", CONFIRM, &headers, &confirmation(&open, "order-2", 1000));
    refused(&told, 404, "NOT_FOUND_PAYMENT_SESSION");
    assert_eq!(desk.core.world, before);
}

#[test]
fn a_bearer_is_a_token_that_works() {
    let mut desk = Desk::new();
    let token = desk.token();
    assert_eq!(desk.as_customer("GET", METHODS, &token, &Value::Null).status, 200);
    let code = "INVALID_ACCESS_TOKEN";
    refused(&desk.as_customer("GET", METHODS, "made-up", &Value::Null), 401, code);
    refused(&desk.look(METHODS), 401, code);
    refused(&desk.with("GET", METHODS, &[], &Value::Null), 401, code);
    desk.core.switches.invalid_access_token_status = 403;
    refused(&desk.with("GET", METHODS, &[], &Value::Null), 403, code);
    desk.advance(Duration::from_secs(2_592_000 - 1));
    assert_eq!(desk.as_customer("GET", METHODS, &token, &Value::Null).status, 200);
    desk.advance(Duration::from_secs(1));
    refused(&desk.as_customer("GET", METHODS, &token, &Value::Null), 403, code);
    refused(&desk.as_customer("POST", LEAVE, &token, &Value::Null), 403, code);
    assert!(desk.state().customers.contains_key(CUSTOMER));
}

#[test]
fn each_endpoint_has_its_calls_a_minute() {
    let mut desk = Desk::new();
    desk.core.switches.calls_per_brandpay_endpoint = 2;
    let call = |desk: &mut Desk, target: &str| desk.look(target);
    assert_eq!(call(&mut desk, BY_KEY).status, 200);
    desk.advance(Duration::from_secs(20));
    assert_eq!(call(&mut desk, BY_KEY).status, 200);
    let told = call(&mut desk, BY_KEY);
    refused(&told, 429, "TOO_MANY_REQUESTS");
    assert_eq!(told.basis, Basis::Assumed("too_many_requests_code"));
    assert_eq!(header(&told, "retry-after"), None);
    assert_eq!(call(&mut desk, "/v1/promotions").status, 200, "another endpoint");
    desk.core.switches.brandpay_retry_after = true;
    desk.core.switches.too_many_requests_code = "SLOWLY".to_owned();
    let told = call(&mut desk, BY_KEY);
    refused(&told, 429, "SLOWLY");
    assert_eq!(header(&told, "retry-after"), Some("40"));
    desk.advance(Duration::from_secs(40));
    assert_eq!(call(&mut desk, BY_KEY).status, 200);
}

#[test]
fn the_default_is_a_hundred_calls_a_minute() {
    let mut desk = Desk::new();
    desk.core.switches.calls_per_brandpay_endpoint =
        ait_emulator::api::Switches::default().calls_per_brandpay_endpoint;
    for _ in 0..100 {
        assert_eq!(desk.look(BY_KEY).status, 200);
    }
    assert_eq!(desk.look(BY_KEY).status, 429);
}

#[test]
fn every_answer_has_a_trace_id_of_its_own() {
    let mut desk = Desk::new();
    let first = header(&desk.look(BY_KEY), "x-tosspayments-trace-id").unwrap().to_owned();
    let refused = desk.look("/v1/payments/nothing");
    let second = header(&refused, "x-tosspayments-trace-id").unwrap();
    let told = desk.with("GET", BY_KEY, &[], &Value::Null);
    let third = header(&told, "x-tosspayments-trace-id").unwrap();
    assert!(first != second && second != third && first != third);
}

#[test]
fn english_texts_on_demand() {
    let mut desk = Desk::new();
    let english = |desk: &mut Desk, language: &str| {
        let headers = [("authorization", basic(KEY)), ("accept-language", language.to_owned())];
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        desk.with("GET", "/v1/payments/nothing", &headers, &Value::Null).json()["message"].clone()
    };
    assert_eq!(english(&mut desk, "en-US"), "There is no such payment.");
    assert_eq!(english(&mut desk, "ko-KR"), "존재하지 않는 결제 정보 입니다.");
    assert_eq!(desk.look("/v1/payments/nothing").json(), super::desk::fixture("not-found-payment.error"));
}
