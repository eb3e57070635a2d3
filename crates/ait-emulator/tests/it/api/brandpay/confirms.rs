//! Confirming what the buyer has authenticated.

use std::time::Duration;

use ait_emulator::api::{
    Basis, Movement,
    brandpay::{Card, PaymentStatus},
};
use serde_json::{Value, json};

use super::desk::{CONFIRM, CUSTOMER, Desk, KEY, basic, confirmation, fixture, members, refused};

#[test]
fn the_payment_of_the_sample() {
    let mut desk = Desk::new();
    let key = desk.session(10_000, None);
    let told = desk.call(
        CONFIRM,
        json!({"paymentKey": key, "amount": "10000", "customerKey": CUSTOMER, "orderId": "order-1"}),
    );
    assert_eq!(told.status, 200, "{}", told.body);
    let payment = told.json();
    let sample = fixture("confirm.response");
    assert_eq!(members(&payment), members(&sample));
    let own = [
        "paymentKey",
        "orderId",
        "transactionKey",
        "lastTransactionKey",
        "requestedAt",
        "approvedAt",
        "receipt",
        "secret",
    ];
    for (name, value) in sample.as_object().unwrap().iter().filter(|(name, _)| !own.contains(&name.as_str()))
    {
        assert_eq!(payment[name], *value, "{name}");
    }
    assert_eq!((&payment["paymentKey"], &payment["orderId"]), (&json!(key), &json!("order-1")));
    assert_eq!(payment["transactionKey"], payment["lastTransactionKey"]);
    assert_eq!(payment["approvedAt"], "2025-10-09T17:53:20+09:00");
    assert!(payment["secret"].as_str().unwrap().starts_with("ps_"));
    let movement = Movement::BrandpayPayment {
        customer: CUSTOMER.to_owned(),
        payment_key: key.clone(),
        order_id: "order-1".to_owned(),
        amount: 10_000,
    };
    assert_eq!(desk.movements(), [movement]);
    for target in [format!("/v1/payments/{key}"), "/v1/payments/orders/order-1".to_owned()] {
        assert_eq!(desk.look(&target).json(), payment);
    }
}

#[test]
fn the_members_stand_in_the_order_of_the_sample() {
    let path = format!("{}/../../fixtures/brandpay/confirm.response.json", env!("CARGO_MANIFEST_DIR"));
    let sample = std::fs::read_to_string(path).unwrap();
    let mut desk = Desk::new();
    let key = desk.session(10_000, None);
    let told = desk.confirm(&key, 10_000);
    let order = |text: &str| {
        let mut names: Vec<_> = fixture("confirm.response")
            .as_object()
            .unwrap()
            .keys()
            .map(|name| (text.find(&format!("\"{name}\"")).unwrap(), name.clone()))
            .collect();
        names.sort();
        names.into_iter().map(|(_, name)| name).collect::<Vec<_>>()
    };
    assert_eq!(order(&told.body), order(&sample));
}

#[test]
fn an_account_pays_by_transfer() {
    let mut desk = Desk::new();
    let account = desk.account_key();
    let key = desk.session(15_000, Some(&account));
    let payment = desk.confirm(&key, 15_000).json();
    assert_eq!((&payment["method"], &payment["card"]), (&json!("계좌이체"), &Value::Null));
    assert_eq!(payment["transfer"], json!({"bankCode": "88", "settlementStatus": "INCOMPLETED"}));
    assert_eq!(
        (&payment["suppliedAmount"], &payment["vat"]),
        (&json!(13_636), &json!(1364)),
        "as in the guide"
    );
}

#[test]
fn amounts_as_text_and_as_numbers() {
    for (amount, status) in [
        (json!(1000), 200),
        (json!("1000"), 200),
        (json!(1000.0), 200),
        (json!(1000.5), 400),
        (json!("1000.0"), 400),
        (json!(""), 400),
        (json!(null), 400),
        (json!(0), 400),
        (json!(-1000), 400),
        (json!("-1000"), 400),
        (json!([1000]), 400),
        (json!(true), 400),
        (json!(1e30), 400),
        (json!(u64::MAX), 400),
        (json!("99999999999999999999999"), 400),
    ] {
        let mut desk = Desk::new();
        let key = desk.session(1000, None);
        let before = desk.core.world.clone();
        let told = desk.call(
            CONFIRM,
            json!({"paymentKey": key, "amount": amount, "customerKey": CUSTOMER, "orderId": "order-1"}),
        );
        assert_eq!(told.status, status, "{amount}: {}", told.body);
        if status != 200 {
            refused(&told, 400, "INVALID_REQUEST");
            assert_eq!(desk.core.world, before);
        }
    }
}

#[test]
fn a_second_confirm_is_refused() {
    let mut desk = Desk::new();
    let key = desk.paid(1000);
    let before = desk.core.world.clone();
    let told = desk.confirm(&key, 1000);
    refused(&told, 400, "ALREADY_PROCESSED_PAYMENT");
    assert_eq!(told.json(), fixture("already-processed-payment.error"));
    assert_eq!(desk.core.world, before);
    desk.cancel(&key, json!({"cancelReason": "x"}));
    refused(&desk.confirm(&key, 1000), 400, "ALREADY_PROCESSED_PAYMENT");
}

#[test]
fn ten_minutes_to_confirm_and_thirty_to_authenticate() {
    let mut desk = Desk::new();
    let key = desk.session(1000, None);
    assert_eq!(desk.look(&format!("/v1/payments/{key}")).json()["status"], "IN_PROGRESS");
    desk.advance(Duration::from_secs(600));
    assert_eq!(desk.look(&format!("/v1/payments/{key}")).json()["status"], "IN_PROGRESS");
    desk.advance(Duration::from_millis(1));
    assert_eq!(desk.look(&format!("/v1/payments/{key}")).json()["status"], "EXPIRED");
    let told = desk.confirm(&key, 1000);
    refused(&told, 404, "NOT_FOUND_PAYMENT_SESSION");
    assert_eq!(told.json(), fixture("not-found-payment-session.error"));
    assert!(matches!(told.basis, Basis::Documented(_)));

    let (now, mut rng) = (desk.now, desk.rng.clone());
    let open = desk.state().open("order-2", 1000, CUSTOMER, now, &mut rng);
    assert_eq!(desk.look(&format!("/v1/payments/{open}")).json()["status"], "READY");
    refused(&desk.call(CONFIRM, confirmation(&open, "order-2", 1000)), 404, "NOT_FOUND_PAYMENT_SESSION");
    desk.advance(Duration::from_secs(30 * 60));
    let now = desk.now;
    assert!(desk.state().buyer_authenticates(&open, None, now));
    assert!(!desk.state().buyer_authenticates(&open, None, now), "once");
    desk.advance(Duration::from_secs(600));
    assert_eq!(desk.call(CONFIRM, confirmation(&open, "order-2", 1000)).status, 200);

    let late = desk.state().open("order-3", 1000, CUSTOMER, now, &mut rng);
    desk.advance(Duration::from_secs(30 * 60));
    let now = desk.now;
    assert!(!desk.state().buyer_authenticates(&late, None, now));
    assert_eq!(desk.look("/v1/payments/orders/order-3").json()["status"], "EXPIRED");
}

#[test]
fn an_open_payment_tells_no_method() {
    let mut desk = Desk::new();
    let key = desk.session(1000, None);
    let payment = desk.look(&format!("/v1/payments/{key}")).json();
    for name in
        ["approvedAt", "card", "transfer", "method", "lastTransactionKey", "transactionKey", "receipt"]
    {
        assert_eq!(payment[name], Value::Null, "{name}");
    }
    let sample = fixture("payment.in-progress.response");
    for name in ["status", "totalAmount", "balanceAmount", "suppliedAmount", "vat", "isPartialCancelable"] {
        assert_eq!(payment[name], sample[name], "{name}");
    }
}

#[test]
fn what_does_not_agree_with_the_session() {
    let mut desk = Desk::new();
    let key = desk.session(10_000, None);
    let (now, mut rng) = (desk.now, desk.rng.clone());
    desk.state().customer("another", now, &mut rng);
    let right = confirmation(&key, "order-1", 10_000);
    let before = desk.core.world.clone();
    for (name, value, status, code) in [
        ("amount", json!(9999), 400, "INVALID_REQUEST"),
        ("customerKey", json!("another"), 400, "NOT_MATCHES_CUSTOMER_KEY"),
        ("orderId", json!("order-2"), 400, "INVALID_REQUEST"),
        ("paymentKey", json!("made-up"), 404, "NOT_FOUND_PAYMENT_SESSION"),
        ("paymentKey", json!("k".repeat(201)), 400, "INVALID_REQUEST"),
        ("orderId", json!("short"), 400, "INVALID_ORDER_ID"),
        ("orderId", json!("o".repeat(65)), 400, "INVALID_ORDER_ID"),
        ("orderId", json!("order 1"), 400, "INVALID_ORDER_ID"),
        ("customerKey", json!("!!"), 400, "INVALID_CUSTOMER_KEY"),
    ] {
        let mut body = right.clone();
        body[name] = value;
        refused(&desk.call(CONFIRM, body), status, code);
    }
    for name in ["amount", "customerKey", "orderId", "paymentKey"] {
        let mut body = right.clone();
        body.as_object_mut().unwrap().remove(name);
        let told = desk.call(CONFIRM, body);
        refused(&told, 400, "INVALID_REQUEST");
        assert!(told.body.contains(name), "{}", told.body);
    }
    assert_eq!(desk.core.world, before);
    assert_eq!(desk.call(CONFIRM, right).status, 200);
}

#[test]
fn a_key_that_begins_with_emu_was_authenticated_just_now() {
    let mut desk = Desk::new();
    let told = desk.call(
        CONFIRM,
        json!({"paymentKey": "emu-1", "amount": 5000, "customerKey": "newcomer", "orderId": "order-7="}),
    );
    assert_eq!(told.status, 200, "{}", told.body);
    assert_eq!((&told.json()["method"], &told.json()["paymentKey"]), (&json!("카드"), &json!("emu-1")));
    let told = desk.call(CONFIRM, confirmation("emu-1", "order-7=", 5000));
    refused(&told, 400, "ALREADY_PROCESSED_PAYMENT");
    let told = desk.call(CONFIRM, confirmation("emu-account-2", "order-8", 5000));
    assert_eq!(told.json()["method"], "계좌이체");
    let before = desk.core.world.clone();
    refused(&desk.call(CONFIRM, confirmation("emu-3", "order-8", 5000)), 400, "DUPLICATED_ORDER_ID");
    let mut below = confirmation("emu-4", "order-9", 99);
    below["customerKey"] = "nobody-yet".into();
    refused(&desk.call(CONFIRM, below), 400, "BELOW_MINIMUM_AMOUNT");
    assert_eq!(desk.core.world, before, "nobody was made up for a refusal");
    assert_eq!(desk.core.violations(), []);
}

#[test]
fn the_least_amounts() {
    let mut desk = Desk::new();
    let account = desk.account_key();
    for (order, amount, method, status) in [
        ("order-1", 99, None, 400),
        ("order-2", 100, None, 200),
        ("order-3", 199, Some(&account), 400),
        ("order-4", 200, Some(&account), 200),
    ] {
        let key = desk.session_of(order, amount, method.map(String::as_str));
        let told = desk.call(CONFIRM, confirmation(&key, order, amount));
        assert_eq!(told.status, status, "{}", told.body);
        if status == 400 {
            refused(&told, 400, "BELOW_MINIMUM_AMOUNT");
        }
    }
}

#[test]
fn the_card_company_says_no_and_that_is_the_end() {
    let mut desk = Desk::new();
    desk.customer().cards[0].refuses = Some("REJECT_CARD_COMPANY".to_owned());
    let key = desk.session(1000, None);
    refused(&desk.confirm(&key, 1000), 403, "REJECT_CARD_COMPANY");
    let payment = desk.look(&format!("/v1/payments/{key}")).json();
    let sample = fixture("payment.aborted.response");
    for name in ["status", "method", "failure", "approvedAt", "balanceAmount", "lastTransactionKey"] {
        assert_eq!(payment[name], sample[name], "{name}");
    }
    assert_eq!(payment["card"], Value::Null);
    desk.customer().cards[0].refuses = None;
    refused(&desk.confirm(&key, 1000), 404, "NOT_FOUND_PAYMENT_SESSION");
    assert!(desk.movements().is_empty());
    assert_eq!(desk.core.violations(), []);
    let second = desk.session(1000, None);
    assert_eq!(desk.confirm(&second, 1000).status, 200, "the order can be paid in another way");
    assert_eq!(desk.look("/v1/payments/orders/order-1").json()["paymentKey"], second);
}

#[test]
fn what_passes_leaves_the_payment_open() {
    let mut desk = Desk::new();
    let key = desk.session(1000, None);
    for (code, status) in [("PROVIDER_ERROR", 400), ("MAINTAINED_METHOD", 400), ("COMMON_ERROR", 500)] {
        desk.customer().cards[0].refuses = Some(code.to_owned());
        let before = desk.core.world.clone();
        refused(&desk.confirm(&key, 1000), status, code);
        assert_eq!(desk.core.world, before);
    }
    desk.customer().cards[0].refuses = None;
    assert_eq!(desk.confirm(&key, 1000).status, 200);
}

#[test]
fn a_method_must_be_there() {
    let mut desk = Desk::new();
    let (now, mut rng) = (desk.now, desk.rng.clone());
    let foreign = desk.state().register_card("another", Card::new(now, &mut rng));
    for (method, code) in [("made-up", "NOT_FOUND_METHOD"), (foreign.as_str(), "NOT_FOUND_METHOD_OWNERSHIP")]
    {
        let key = desk.session(1000, Some(method));
        refused(&desk.confirm(&key, 1000), 404, code);
    }
    let card = desk.card_key();
    let key = desk.session(1000, Some(&card));
    desk.customer().cards[0].enabled = false;
    refused(&desk.confirm(&key, 1000), 404, "NOT_FOUND_METHOD");
    desk.customer().accounts.clear();
    let key = desk.session(1000, None);
    refused(&desk.confirm(&key, 1000), 404, "NOT_FOUND_METHOD");
    assert_eq!(desk.payment(&key).status, PaymentStatus::InProgress);
}

#[test]
fn one_order_is_paid_once() {
    let mut desk = Desk::new();
    let (one, two) = (desk.session(1000, None), desk.session(1000, None));
    assert_eq!(desk.confirm(&one, 1000).status, 200);
    let before = desk.core.world.clone();
    refused(&desk.confirm(&two, 1000), 400, "DUPLICATED_ORDER_ID");
    assert_eq!(desk.core.world, before);
    assert_eq!(desk.look("/v1/payments/orders/order-1").json()["paymentKey"], one);
}

#[test]
fn enum_values_in_english() {
    let mut desk = Desk::new();
    let key = desk.session(10_000, None);
    let headers = [("authorization", basic(KEY)), ("accept-language", "en-US".to_owned())];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let payment = desk.with("POST", CONFIRM, &headers, &confirmation(&key, "order-1", 10_000)).json();
    let sample = fixture("payment.english.response");
    for at in ["/method", "/card/cardType", "/card/ownerType", "/orderName"] {
        assert_eq!(payment.pointer(at), sample.pointer(at), "{at}");
    }
}

#[test]
fn unknown_payments() {
    let mut desk = Desk::new();
    for target in ["/v1/payments/made-up", "/v1/payments/orders/order-1", "/v1/payments/orders"] {
        refused(&desk.look(target), 404, "NOT_FOUND_PAYMENT");
    }
}
