//! Limits on both sides: what still fits, and what does not any more.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use brandpay::{
    ait_core::{Endpoint, IdempotencyKey, Krw},
    *,
};
use serde_json::{Value, json};
use support::{Op, PAYMENT_KEY, fixture};

fn key() -> IdempotencyKey {
    IdempotencyKey::new("k").unwrap()
}

fn payment() -> PaymentKey {
    PaymentKey::new(PAYMENT_KEY).unwrap()
}

#[test]
fn lengths_fit_to_the_last_character() {
    let cancel = |reason: &str| Cancel::rest(key(), payment(), reason).is_ok();
    assert!(cancel("x") && cancel(&"가".repeat(200)) && !cancel(&"가".repeat(201)) && !cancel(""));
    let account = |number: &str, holder: &str| RefundAccount::new(Bank::Shinhan, number, holder).is_ok();
    assert!(account("1", "x") && account(&"1".repeat(20), &"가".repeat(60)));
    for (number, holder) in
        [("", "x"), ("1", ""), ("12a", "x"), (&"1".repeat(21), "x"), ("1", &"가".repeat(61))]
    {
        assert!(!account(number, holder), "{number} {holder}");
    }
    for (text, fits) in [("m", true), ("", false), ("a b", false), ("a\u{7}b", false), ("a\u{3000}b", false)]
    {
        assert_eq!(MethodKey::new(text).is_ok(), fits, "{text:?}");
        assert_eq!(PaymentKey::new(text).is_ok(), fits, "{text:?}");
    }
    assert!(MethodKey::new("x".repeat(300)).is_ok() && MethodKey::new("x".repeat(301)).is_err());
    let error = CustomerKey::new("ab c").unwrap_err().to_string();
    assert!(error.contains("character 3 "), "{error}");
}

#[test]
fn a_part_may_be_all_that_is_refundable() {
    let part = |won: i64, left: i64| {
        Cancel::part(key(), payment(), Krw::new(won), "x").unwrap().refundable(Krw::new(left)).check().is_ok()
    };
    assert!(part(10, 10) && part(9, 10) && !part(11, 10));
    let rest =
        |left: i64| Cancel::rest(key(), payment(), "x").unwrap().refundable(Krw::new(left)).check().is_ok();
    assert!(rest(1) && !rest(0) && !rest(-1));
}

#[test]
fn what_was_stored_is_checked_again_before_it_is_sent() {
    fn refuses<E: Endpoint + serde::de::DeserializeOwned>(stored: &Value) -> bool {
        serde_json::from_value::<E>(stored.clone()).unwrap().check().is_err()
    }
    let mut cancel = Op::Cancel.stored(Some(fixture("cancel.virtual-account.request")));
    assert!(!refuses::<Cancel>(&cancel));
    cancel["refundReceiveAccount"]["accountNumber"] = json!("1-2");
    assert!(refuses::<Cancel>(&cancel));
    let stored = Op::AutomaticPayment.stored(Some(fixture("automatic-payment.account.request")));
    for (field, value) in
        [("registrationNumber", json!("")), ("registrationNumberType", json!("BUSINESS_REGISTRATION"))]
    {
        let mut charge = stored.clone();
        charge["cashReceipt"][field] = value;
        assert!(refuses::<AutomaticPayment>(&charge), "{field}");
    }
    for (op, scopes) in [(Op::AgreeTerms, json!([])), (Op::Terms, json!(["CARD", "REGISTER", "BILLING"]))] {
        let mut terms = op.stored(op.body());
        terms["scope"] = scopes;
        assert!(
            if op == Op::Terms { refuses::<Terms>(&terms) } else { refuses::<AgreeTerms>(&terms) },
            "{op:?}"
        );
    }
    let mut proof = stored;
    proof["cashReceipt"]["type"] = json!("지출증빙");
    assert!(refuses::<AutomaticPayment>(&proof), "not with a phone number");
    proof["cashReceipt"]["registrationNumberType"] = json!("BUSINESS_REGISTRATION");
    assert!(!refuses::<AutomaticPayment>(&proof));
}

#[test]
fn a_grant_needs_what_it_is_named_after() {
    let customer = || CustomerKey::new("customer").unwrap();
    let with_code = |code: &str| IssueAccessToken::with_code(key(), customer(), code);
    assert!(with_code("c").check().is_ok() && with_code("").check().is_err());
    let renewal =
        |token: &str| IssueAccessToken::with_refresh_token(key(), customer(), token).check().is_ok();
    assert!(renewal("t") && !renewal(""));
    for (rrn, fits) in
        [("9001011", true), ("900101", false), ("90010112", false), ("900101x", false), ("", false)]
    {
        let identity = CustomerIdentity::new().rrn(rrn);
        assert_eq!(with_code("c").customer_identity(identity).check().is_ok(), fits, "{rrn}");
    }
}

#[test]
fn every_part_of_a_cancel_has_its_own_place() {
    let cancel = Cancel::part(key(), payment(), Krw::new(9), "x").unwrap();
    let cancel = cancel.refundable(Krw::new(10)).tax_free(Krw::new(2)).tax_exemption(Krw::new(3));
    let cancel = cancel.currency("KRW").request_id("c-1");
    let sent = serde_json::to_value(cancel.body()).unwrap();
    let expected = json!({
        "cancelReason": "x", "cancelAmount": 9, "refundableAmount": 10, "taxFreeAmount": 2, "taxExemptionAmount": 3,
        "currency": "KRW", "cancelRequestId": "c-1"
    });
    assert_eq!(sent, expected);
}
