//! The switches that are not told elsewhere.

use ait_emulator::api::{
    Basis, Switches,
    brandpay::{SecretKey, Shop},
    switches::{ForeignSession, PaymentVersion},
};
use serde_json::Value;

use super::desk::{CONFIRM, Desk, basic, confirmation, fixture, members, refused};

#[test]
fn the_code_for_another_amount() {
    let mut desk = Desk::new();
    desk.core.switches.amount_mismatch_code = "FORBIDDEN_REQUEST".to_owned();
    let key = desk.session(1000, None);
    let told = desk.confirm(&key, 999);
    refused(&told, 403, "FORBIDDEN_REQUEST");
    assert_eq!(told.basis, Basis::Assumed("amount_mismatch_code"));
}

#[test]
fn a_payment_that_another_shop_opened() {
    for (switch, status, code) in [
        (ForeignSession::NotFoundPaymentSession, 404, "NOT_FOUND_PAYMENT_SESSION"),
        (ForeignSession::InvalidApiKey, 400, "INVALID_API_KEY"),
        (ForeignSession::UnauthorizedKey, 401, "UNAUTHORIZED_KEY"),
        (ForeignSession::ForbiddenRequest, 403, "FORBIDDEN_REQUEST"),
    ] {
        let mut desk = Desk::new();
        desk.core.switches.foreign_session = switch;
        desk.state().shops.insert("aaa".to_owned(), Shop::default());
        desk.state().secret_keys.insert("test_sk_aaa".to_owned(), SecretKey::new("aaa"));
        let key = desk.session(1000, None);
        let headers = [("authorization", basic("test_sk_aaa"))];
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        refused(&desk.with("POST", CONFIRM, &headers, &confirmation(&key, "order-1", 1000)), status, code);
    }
}

#[test]
fn the_older_version_of_a_payment() {
    let mut desk = Desk::new();
    desk.core.switches.payment_version = PaymentVersion::V20221116;
    let key = desk.session(15_000, None);
    let payment = desk.confirm(&key, 15_000).json();
    let sample = fixture("confirm.guide.response");
    assert_eq!(members(&payment), members(&sample));
    for name in ["version", "totalAmount", "suppliedAmount", "vat", "method", "type", "status"] {
        assert_eq!(payment[name], sample[name], "{name}");
    }
    let cancelled = desk.cancel(&key, serde_json::json!({"cancelReason": "x", "cancelAmount": 3000})).json();
    assert_eq!(members(&cancelled["cancels"]), members(&fixture("cancel.partial.response")["cancels"]));
}

#[test]
fn a_key_of_the_payment_widget_has_the_older_version() {
    let mut desk = Desk::new();
    desk.state().secret_keys.insert("test_gsk_1".to_owned(), SecretKey::new("tosspayments"));
    let key = desk.paid(1000);
    let headers = [("authorization", basic("test_gsk_1"))];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let told = desk.with("GET", &format!("/v1/payments/{key}"), &headers, &Value::Null).json();
    assert_eq!(told["version"], "2022-11-16");
}

#[test]
fn whether_a_payment_tells_its_secret() {
    let mut desk = Desk::new();
    desk.core.switches.payment_secret = false;
    let key = desk.session(1000, None);
    assert_eq!(desk.confirm(&key, 1000).json()["secret"], fixture("confirm.response")["secret"]);
    desk.core.switches.payment_secret = true;
    let secret = desk.look(&format!("/v1/payments/{key}")).json()["secret"].clone();
    assert_eq!(secret, desk.payment(&key).secret);
}

#[test]
fn switches_go_through_json() {
    let mut switches = Switches::default();
    switches.foreign_session = ForeignSession::ForbiddenRequest;
    switches.code_seconds = 1;
    let text = serde_json::to_string(&switches).unwrap();
    assert!(text.contains(r#""foreign_session":"forbidden_request""#), "{text}");
    assert_eq!(serde_json::from_str::<Switches>(&text).unwrap(), switches);
}
