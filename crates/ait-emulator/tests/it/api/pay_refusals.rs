//! Toss Pay: every refusal by what leads to it, and what the ledger must bear out.

use std::time::Duration;

use crate::api::support::{Bench, Told};
use ait_emulator::api::{
    Basis,
    pay::{ApiKey, Method, PayStatus},
    switches::{Buyer, ExecuteFailure, FailureStatus, OrderNoTaken},
};
use ait_tosspay::{
    ExecutePayment, ExecutedPayment, MakePayment, PaymentStatus, RefundPayment, ait_core::Endpoint,
};
use serde_json::{Value, json};

const USER: &[(&str, &str)] = &[("x-toss-user-key", "443731104")];
const OTHER: &[(&str, &str)] = &[("x-toss-user-key", "443731105")];
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

fn order(order_no: &str) -> Value {
    json!({"orderNo": order_no, "productDesc": "test02", "amount": 11_000, "amountTaxFree": 0, "isTestPayment": true})
}

fn make(bench: &mut Bench, order_no: &str) -> String {
    let told = bench.post(MakePayment::PATH, USER, order(order_no));
    told.success()["payToken"].as_str().unwrap().to_owned()
}

fn about(token: &str) -> Value {
    json!({"payToken": token, "reason": "고객변심", "isTestPayment": true})
}

fn ask(bench: &mut Bench, path: &str, token: &str) -> Told {
    bench.post(path, USER, about(token))
}

fn stands(bench: &Bench, token: &str) -> PayStatus {
    bench.core.world.pay.payments[token].status
}

fn field_of(told: &Told) -> String {
    assert_eq!((told.status, told.code().as_str()), (400, "INVALID_PARAMETER"), "{}", told.body);
    let field = &told.json()["error"]["data"]["errorDetails"][0]["field"];
    field.as_str().unwrap().to_owned()
}

type SetUp = fn(&mut Bench, &str);

const MAKE: &str = MakePayment::PATH;
const EXECUTE: &str = ExecutePayment::PATH;
const REFUND: &str = RefundPayment::PATH;
const STATUS: &str = PaymentStatus::PATH;

fn pay(bench: &mut Bench, token: &str) {
    ask(bench, EXECUTE, token).success();
}

fn pay_and_break(bench: &mut Bench, token: &str) {
    pay(bench, token);
    bench.core.world.pay.shop.bank_break = true;
}

/// What leads to a refusal: where, how, with which code, and with which status if it is the one that is listed.
const REFUSALS: &[(&str, &str, SetUp, &str, u16)] = &[
    ("order number taken", MAKE, |_, _| {}, "PAYMENT_EXISTING_PAYMENT", 400),
    (
        "wrong key",
        MAKE,
        |bench, _| bench.core.world.pay.shop.api_key = ApiKey::Wrong,
        "COMMON_INVALID_API_KEY",
        400,
    ),
    (
        "wrong key",
        EXECUTE,
        |bench, _| bench.core.world.pay.shop.api_key = ApiKey::Wrong,
        "COMMON_INVALID_API_KEY",
        400,
    ),
    (
        "wrong key",
        REFUND,
        |bench, _| bench.core.world.pay.shop.api_key = ApiKey::Wrong,
        "COMMON_INVALID_API_KEY",
        400,
    ),
    (
        "wrong key",
        STATUS,
        |bench, _| bench.core.world.pay.shop.api_key = ApiKey::Wrong,
        "COMMON_INVALID_API_KEY",
        400,
    ),
    (
        "test key",
        EXECUTE,
        |bench, _| bench.core.world.pay.shop.api_key = ApiKey::SharedTest,
        "COMMON_INVALID_API_KEY",
        400,
    ),
    (
        "bank",
        EXECUTE,
        |bench, _| bench.core.world.pay.shop.bank_break = true,
        "COMMON_BREAK_TIME_OF_BANK",
        400,
    ),
    ("bank", REFUND, pay_and_break, "COMMON_BREAK_TIME_OF_BANK", 400),
    ("executed", EXECUTE, pay, "PAYMENT_EXISTING_PAYMENT", 400),
    (
        "cancelled",
        EXECUTE,
        |bench, token| assert!(bench.core.world.pay.cancel(token, bench.now)),
        "EXECUTE_PAY_NOT_APPROVED",
        400,
    ),
    ("expired", EXECUTE, |bench, _| bench.advance(Duration::from_secs(900)), "PAY_EXPIRED", 400),
    ("not executed", REFUND, |_, _| {}, "COMMON_REFUND_ERROR", 400),
    (
        "settled",
        REFUND,
        |bench, token| {
            pay(bench, token);
            assert!(bench.core.world.pay.settle(token));
        },
        "COMMON_REFUND_ERROR",
        400,
    ),
    (
        "refunded",
        REFUND,
        |bench, token| {
            pay(bench, token);
            ask(bench, REFUND, token).success();
        },
        "REFUND_ALREADY_REFUNDED",
        400,
    ),
    ("unknown", EXECUTE, |bench, _| bench.core.world.pay.payments.clear(), "PAYMENT_NOT_FOUND", 400),
    ("unknown", REFUND, |bench, _| bench.core.world.pay.payments.clear(), "PAYMENT_NOT_FOUND", 400),
    ("unknown", STATUS, |bench, _| bench.core.world.pay.payments.clear(), "PAYMENT_NOT_FOUND", 404),
    (
        "unlinked",
        MAKE,
        |bench, _| bench.core.world.users.get_mut(&443_731_104).unwrap().linked = false,
        "4010",
        401,
    ),
];

#[test]
fn every_refusal_has_a_cause_and_changes_nothing() {
    for (cause, path, set_up, code, listed) in REFUSALS {
        let mut bench = Bench::new();
        let token = make(&mut bench, "o-1");
        set_up(&mut bench, &token);
        let before = bench.state();
        let mut body = order("o-1");
        body.as_object_mut().unwrap().extend(about(&token).as_object().unwrap().clone());
        let told = bench.post(path, USER, body.clone());
        assert_eq!((told.code().as_str(), told.status), (*code, 200), "{cause} {path}");
        assert!(!told.json()["error"]["reason"].as_str().unwrap().is_empty());
        bench.core.switches.failure_status = FailureStatus::Listed;
        let told = bench.post(path, USER, body);
        assert_eq!((told.code().as_str(), told.status), (*code, *listed), "{cause} {path}");
        assert_eq!(bench.state(), before, "{cause} {path}");
    }
}

#[test]
fn a_payment_that_waits_is_not_executed() {
    let mut bench = Bench::new();
    bench.core.switches.buyer = Buyer::Waits;
    let token = make(&mut bench, "o-1");
    assert_eq!(ask(&mut bench, EXECUTE, &token).code(), "EXECUTE_PAY_NOT_APPROVED");
    assert!(bench.core.world.pay.approve(&token, bench.now));
    ask(&mut bench, EXECUTE, &token).success();
}

#[test]
fn the_shared_test_key_makes_payments_only() {
    let mut bench = Bench::new();
    bench.core.world.pay.shop.api_key = ApiKey::SharedTest;
    let token = make(&mut bench, "o-1");
    assert_eq!(ask(&mut bench, EXECUTE, &token).code(), "COMMON_INVALID_API_KEY");
    ask(&mut bench, STATUS, &token).success();
}

#[test]
fn a_card_needs_no_bank() {
    let mut bench = Bench::new();
    bench.core.world.pay.shop.method = Method::Card;
    bench.core.world.pay.shop.bank_break = true;
    let token = make(&mut bench, "o-1");
    ask(&mut bench, EXECUTE, &token).success();
    ask(&mut bench, REFUND, &token).success();
}

#[test]
fn the_payment_of_another_user_is_not_found() {
    let mut bench = Bench::new();
    let token = make(&mut bench, "o-1");
    bench.post(STATUS, OTHER, json!({"orderNo": "none", "isTestPayment": true}));
    let before = bench.state();
    for path in [EXECUTE, REFUND, STATUS] {
        let told = bench.post(path, OTHER, about(&token));
        assert_eq!(told.code(), "PAYMENT_NOT_FOUND");
        assert!(matches!(told.basis, Basis::Assumed(_)));
        assert_eq!(bench.state(), before);
    }
}

#[test]
fn a_status_is_asked_for_by_token_or_order_or_both() {
    let mut bench = Bench::new();
    let (token, _other) = (make(&mut bench, "o-1"), make(&mut bench, "o-2"));
    let mut ask = |token: Option<&str>, order: Option<&str>, needs_both: bool| {
        bench.core.switches.status_needs_both = needs_both;
        bench.post(STATUS, USER, json!({"payToken": token, "orderNo": order, "isTestPayment": true}))
    };
    for (by_token, by_order) in [(true, true), (true, false), (false, true)] {
        let (token, order) = (by_token.then_some(token.as_str()), by_order.then_some("o-1"));
        assert_eq!(ask(token, order, false).success()["orderNo"], "o-1");
        let told = ask(token, order, true);
        match (by_token, by_order) {
            (true, true) => assert_eq!(told.success()["orderNo"], "o-1"),
            (true, false) => assert_eq!(field_of(&told), "orderNo"),
            _ => assert_eq!(field_of(&told), "payToken"),
        }
    }
    assert_eq!(field_of(&ask(None, None, false)), "payToken");
    for order in ["o-2", "o-3"] {
        assert_eq!(ask(Some(&token), Some(order), false).code(), "PAYMENT_NOT_FOUND");
    }
    assert_eq!(ask(None, Some("o-3"), false).code(), "PAYMENT_NOT_FOUND");
    assert_eq!(ask(Some("none"), Some("o-1"), false).code(), "PAYMENT_NOT_FOUND");
}

#[test]
fn an_execution_compares_the_order_number() {
    let mut bench = Bench::new();
    let token = make(&mut bench, "o-1");
    let mut body = about(&token);
    body["orderNo"] = json!("o-2");
    assert_eq!(bench.post(EXECUTE, USER, body.clone()).code(), "PAYMENT_NOT_FOUND");
    body["orderNo"] = json!("o-1");
    bench.post(EXECUTE, USER, body).success();
}

#[test]
fn an_order_number_is_taken_when_the_switch_says() {
    let mut bench = Bench::new();
    bench.core.switches.buyer = Buyer::Waits;
    let first = make(&mut bench, "o-1");
    let again = |bench: &mut Bench| bench.post(MAKE, USER, order("o-1")).code.clone();
    assert_eq!(again(&mut bench).as_deref(), Some("PAYMENT_EXISTING_PAYMENT"));
    bench.core.switches.order_no_taken = OrderNoTaken::Authenticated;
    let second = make(&mut bench, "o-1");
    assert_ne!(first, second);
    assert_eq!(
        (stands(&bench, &first), stands(&bench, &second)),
        (PayStatus::PayCancel, PayStatus::PayStandby)
    );
    assert_eq!(bench.core.world.pay.of_order("o-1").unwrap().pay_token, second);
    bench.advance(YEAR * 2 - Duration::from_secs(1));
    let third = make(&mut bench, "o-1");
    bench.advance(Duration::from_secs(1));
    assert_eq!(
        again(&mut bench).as_deref(),
        Some("PAYMENT_EXISTING_PAYMENT"),
        "two years after the first use"
    );
    assert!(bench.core.world.pay.approve(&third, bench.now));

    make(&mut bench, "o-2");
    let token = make(&mut bench, "o-2");
    assert!(bench.core.world.pay.approve(&token, bench.now));
    assert_eq!(bench.post(MAKE, USER, order("o-2")).code(), "PAYMENT_EXISTING_PAYMENT");
    assert!(bench.core.world.pay.cancel(&token, bench.now));
    assert_eq!(
        bench.post(MAKE, USER, order("o-2")).code(),
        "PAYMENT_EXISTING_PAYMENT",
        "it was authenticated"
    );
}

#[test]
fn a_failure_stands_inside_the_success_by_a_switch() {
    let mut bench = Bench::new();
    bench.core.switches.execute_failure = ExecuteFailure::InSuccess;
    let token = make(&mut bench, "2026-000019");
    bench.core.world.pay.shop.bank_break = true;
    let before = bench.state();
    let told = ask(&mut bench, EXECUTE, &token);
    let said = told.success();
    assert_eq!((&said["code"], &said["errorCode"]), (&json!(-1), &json!("COMMON_BREAK_TIME_OF_BANK")));
    assert_eq!(
        (&said["amount"], &said["transactionId"], &said["payToken"]),
        (&Value::Null, &Value::Null, &json!(token))
    );
    assert_eq!(
        (told.code.as_deref(), told.basis),
        (Some("COMMON_BREAK_TIME_OF_BANK"), Basis::Assumed("execute_failure"))
    );
    let read: ExecutedPayment = serde_json::from_value(said).unwrap();
    assert_eq!(read.error_code.as_deref(), Some("COMMON_BREAK_TIME_OF_BANK"));
    assert_eq!(bench.state(), before);
}

#[test]
fn state_that_the_ledger_does_not_bear_out_is_found() {
    let mut bench = Bench::new();
    let token = make(&mut bench, "o-1");
    ask(&mut bench, EXECUTE, &token).success();
    let good = serde_json::to_value(&bench.core.world).unwrap();
    let rules = |pointer: &str, value: Value| {
        let mut spoiled = good.clone();
        *spoiled.pointer_mut(pointer).unwrap() = value;
        let mut bench = Bench::new();
        bench.core.world = serde_json::from_value(spoiled).unwrap();
        bench.core.violations().into_iter().map(|violation| violation.rule).collect::<Vec<_>>()
    };
    let status = format!("/pay/payments/{token}/status");
    for (status_told, wrong) in [
        ("PAY_STANDBY", 1),
        ("PAY_APPROVED", 1),
        ("PAY_CANCEL", 1),
        ("PAY_PROGRESS", 0),
        ("PAY_COMPLETE", 0),
        ("SETTLEMENT_COMPLETE", 0),
        ("REFUND_PROGRESS", 1),
        ("REFUND_SUCCESS", 1),
        ("SETTLEMENT_REFUND_COMPLETE", 1),
    ] {
        assert_eq!(rules(&status, json!(status_told)), vec!["sums-equal"; wrong], "{status_told}");
    }
    assert_eq!(rules(&format!("/pay/payments/{token}/amounts/amount"), json!(1)), ["sums-equal"]);
    assert_eq!(rules("/pay/payments", json!({})), ["sums-equal"]);
    assert_eq!(rules("/ledger", json!([])), ["sums-equal"]);
}
