//! Charging a method without its owner.

use std::time::Duration;

use ait_emulator::api::{
    Basis, Movement,
    brandpay::{Account, Discount, InterestFree},
    switches::SmallInstallment,
};
use serde_json::{Value, json};

use super::desk::{AUTOMATIC, CONFIRM, CUSTOMER, Desk, confirmation, fixture, members, refused};

fn by_card(desk: &mut Desk, amount: i64, more: Value) -> Value {
    let key = desk.card_key();
    body(&key, amount, more)
}

fn body(method: &str, amount: i64, more: Value) -> Value {
    let mut body = json!({
        "customerKey": CUSTOMER, "methodKey": method, "amount": amount, "orderId": "order-1=", "orderName": "생수 외 1건",
    });
    body.as_object_mut().unwrap().append(&mut more.as_object().unwrap().clone());
    body
}

#[test]
fn the_sample_is_paid() {
    let mut desk = Desk::new();
    let mut request = fixture("automatic-payment.request");
    request["methodKey"] = desk.card_key().into();
    let payment = desk.call(AUTOMATIC, request).json();
    assert_eq!(members(&payment), members(&fixture("confirm.response")));
    assert_eq!(
        (&payment["orderName"], &payment["totalAmount"]),
        (&json!("토스 티셔츠 외 2건"), &json!(10_000))
    );
    assert!(matches!(&desk.movements()[..], [Movement::BrandpayPayment { amount: 10_000, .. }]));
    assert_eq!(desk.look("/v1/payments/orders/eQ2W9gCBN7Xu4l2vEUUC1").json(), payment);
}

#[test]
fn instalments() {
    for (months, amount, status, told) in [
        (json!(0), 60_000, 200, 0),
        (json!(2), 60_000, 200, 2),
        (json!(12), 50_000, 200, 12),
        (json!(12), 49_999, 200, 0),
        (json!(1), 60_000, 400, 0),
        (json!(13), 60_000, 400, 0),
        (json!(-2), 60_000, 400, 0),
        (json!("3"), 60_000, 400, 0),
        (json!(2.5), 60_000, 400, 0),
        (json!(1e20), 60_000, 400, 0),
    ] {
        let mut desk = Desk::new();
        let request = by_card(&mut desk, amount, json!({"cardInstallmentPlan": months}));
        let before = desk.core.world.clone();
        let answer = desk.call(AUTOMATIC, request);
        assert_eq!(answer.status, status, "{months}: {}", answer.body);
        if status == 200 {
            assert_eq!(answer.json()["card"]["installmentPlanMonths"], told);
        } else {
            refused(&answer, 400, "INVALID_REQUEST");
            assert_eq!(desk.core.world, before);
        }
    }
    let mut desk = Desk::new();
    desk.core.switches.small_installment = SmallInstallment::Refuse;
    let request = by_card(&mut desk, 49_999, json!({"cardInstallmentPlan": 2}));
    let answer = desk.call(AUTOMATIC, request);
    refused(&answer, 400, "INVALID_REQUEST");
    assert_eq!(answer.basis, Basis::Assumed("small_installment"));
}

#[test]
fn instalments_without_interest() {
    let mut desk = Desk::new();
    desk.state().promotions.interest_free_cards = vec![InterestFree::new("31", &[2, 3], 60_000)];
    let mut number = 0;
    let mut pay = |months: u8, amount: i64| {
        number += 1;
        let more = json!({"cardInstallmentPlan": months, "orderId": format!("order-{number}")});
        let request = by_card(&mut desk, amount, more);
        let card = desk.call(AUTOMATIC, request).json()["card"].clone();
        (card["isInterestFree"].as_bool().unwrap(), card["interestPayer"].clone())
    };
    assert_eq!(pay(3, 60_000), (true, json!("CARD_COMPANY")));
    assert_eq!(pay(3, 59_999), (false, Value::Null));
    assert_eq!(pay(4, 60_000), (false, Value::Null));
    assert_eq!(pay(0, 60_000), (false, Value::Null));
}

#[test]
fn the_order_number_is_used_up() {
    let mut desk = Desk::new();
    let request = by_card(&mut desk, 1000, json!({}));
    assert_eq!(desk.call(AUTOMATIC, request.clone()).status, 200);
    let before = desk.core.world.clone();
    refused(&desk.call(AUTOMATIC, request), 400, "DUPLICATED_ORDER_ID");
    assert_eq!(desk.core.world, before);
}

#[test]
fn what_is_wrong_with_a_request() {
    let mut desk = Desk::new();
    let right = by_card(&mut desk, 1000, json!({}));
    let before = desk.core.world.clone();
    for (name, value, code) in [
        ("orderName", json!(""), "INVALID_ORDER_NAME"),
        ("orderName", json!("이".repeat(101)), "INVALID_ORDER_NAME"),
        ("orderId", json!("short"), "INVALID_ORDER_ID"),
        ("orderId", json!("order*1"), "INVALID_ORDER_ID"),
        ("customerKey", json!("x"), "INVALID_CUSTOMER_KEY"),
        ("amount", json!(0), "INVALID_REQUEST"),
        ("taxFreeAmount", json!(1001), "INVALID_REQUEST"),
        ("useCardPoint", json!("yes"), "INVALID_REQUEST"),
        ("cultureExpense", json!(1), "INVALID_REQUEST"),
        ("customerEmail", json!({}), "INVALID_REQUEST"),
        ("discountCode", json!(12862), "INVALID_REQUEST"),
        ("cashReceipt", json!("소득공제"), "INVALID_REQUEST"),
    ] {
        let mut request = right.clone();
        request[name] = value;
        refused(&desk.call(AUTOMATIC, request), 400, code);
    }
    for name in ["customerKey", "methodKey", "amount", "orderId", "orderName"] {
        let mut request = right.clone();
        request.as_object_mut().unwrap().remove(name);
        let answer = desk.call(AUTOMATIC, request);
        refused(&answer, 400, "INVALID_REQUEST");
        assert!(answer.body.contains(name), "{}", answer.body);
    }
    assert_eq!(desk.core.world, before);
    let mut longest = right;
    longest["orderName"] = "이".repeat(100).into();
    assert_eq!(desk.call(AUTOMATIC, longest).status, 200);
}

#[test]
fn cash_receipts_of_accounts() {
    let mut desk = Desk::new();
    let account = desk.account_key();
    let mut request = fixture("automatic-payment.account.request");
    request["methodKey"] = account.clone().into();
    let payment = desk.call(AUTOMATIC, request).json();
    let sample = fixture("payment.account.response");
    assert_eq!(members(&payment["cashReceipt"]), members(&sample["cashReceipt"]));
    assert_eq!(members(&payment["cashReceipts"]), members(&sample["cashReceipts"]));
    assert_eq!(payment["cashReceipts"][0]["customerIdentityNumber"], "010****0000");
    assert_eq!((&payment["cultureExpense"], &payment["method"]), (&json!(true), &json!("계좌이체")));
    let mut request = fixture("automatic-payment.no-receipt.request");
    request["methodKey"] = account.clone().into();
    let payment = desk.call(AUTOMATIC, request).json();
    assert_eq!((&payment["cashReceipt"], &payment["cashReceipts"]), (&Value::Null, &Value::Null));
    let card = desk.card_key();
    let receipt = json!({"type": "지출증빙", "registrationNumberType": "BUSINESS_REGISTRATION", "registrationNumber": "0000000000"});
    let payment = desk
        .call(AUTOMATIC, body(&card, 1000, json!({"cashReceipt": receipt, "cultureExpense": true})))
        .json();
    assert_eq!(
        (&payment["cashReceipt"], &payment["cultureExpense"]),
        (&Value::Null, &json!(false)),
        "not by card"
    );
    for wrong in [
        json!({"type": "소득공제"}),
        json!({"type": "소득공제", "registrationNumberType": "BUSINESS_REGISTRATION", "registrationNumber": "1"}),
        json!({"type": "지출증빙", "registrationNumberType": "MOBILE", "registrationNumber": "1"}),
        json!({"type": "소득공제", "registrationNumberType": "MOBILE"}),
        json!({"type": "미발행", "registrationNumber": "1"}),
        json!({"type": "기타"}),
        json!({}),
    ] {
        refused(
            &desk.call(AUTOMATIC, body(&account, 1000, json!({"cashReceipt": wrong, "orderId": "order-9"}))),
            400,
            "INVALID_REQUEST",
        );
    }
}

#[test]
fn a_discount_is_taken_from_its_budget() {
    let mut desk = Desk::new();
    desk.state().promotions.discount_cards = vec![Discount::new("31", 600, "12861", 2000)];
    desk.state().promotions.discount_cards[0].balance = 1200;
    let pay = |desk: &mut Desk, order: &str, amount: i64, code: &str| {
        let request = by_card(desk, amount, json!({"discountCode": code, "orderId": order}));
        desk.call(AUTOMATIC, request)
    };
    let payment = pay(&mut desk, "order-1", 10_000, "12861").json();
    assert_eq!((&payment["discount"], &payment["totalAmount"]), (&json!({"amount": 600}), &json!(10_000)));
    assert_eq!(payment["card"]["amount"], 9400);
    refused(&pay(&mut desk, "order-2", 10_000, "99999"), 400, "INVALID_REQUEST");
    refused(&pay(&mut desk, "order-2", 1999, "12861"), 400, "INVALID_REQUEST");
    refused(&pay(&mut desk, "order-2", 100_000_000, "12861"), 400, "INVALID_REQUEST");
    assert_eq!(desk.state().promotions.discount_cards[0].balance, 600);
    assert_eq!(pay(&mut desk, "order-2", 2000, "12861").status, 200);
    refused(&pay(&mut desk, "order-3", 10_000, "12861"), 400, "INVALID_MAXIMUM_DISCOUNT_AMOUNT");
    desk.state().promotions.discount_cards[0].balance = 1000;
    desk.state().promotions.discount_cards[0].due_date = "2025-10-08".to_owned();
    refused(&pay(&mut desk, "order-3", 10_000, "12861"), 400, "INVALID_REQUEST");
    assert_eq!(desk.core.violations(), []);
}

#[test]
fn a_tax_free_part_needs_a_shop_that_sells_such_things() {
    for (sells, told) in [(false, (0, 9091, 909)), (true, (4500, 5000, 500))] {
        let mut desk = Desk::new();
        desk.state().shops.get_mut("tosspayments").unwrap().tax_free = sells;
        let request = by_card(&mut desk, 10_000, json!({"taxFreeAmount": 4500}));
        let payment = desk.call(AUTOMATIC, request).json();
        let amount = |name: &str| payment[name].as_i64().unwrap();
        assert_eq!((amount("taxFreeAmount"), amount("suppliedAmount"), amount("vat")), told);
    }
}

#[test]
fn a_fresh_account_waits_twelve_hours() {
    let mut desk = Desk::new();
    let (now, mut rng) = (desk.now, desk.rng.clone());
    let key = desk.state().register_account(CUSTOMER, Account::new(now, &mut rng));
    desk.advance(Duration::from_secs(12 * 3600 - 1));
    refused(&desk.call(AUTOMATIC, body(&key, 1000, json!({}))), 403, "RESTRICTED_TRANSFER_ACCOUNT");
    desk.advance(Duration::from_secs(1));
    assert_eq!(desk.call(AUTOMATIC, body(&key, 1000, json!({}))).status, 200);
}

#[test]
fn a_month_has_its_limit() {
    let mut desk = Desk::new();
    let mut of_another = confirmation("emu-1", "order-0", 2500);
    of_another["customerKey"] = "another".into();
    assert_eq!(desk.call(CONFIRM, of_another).status, 200);
    desk.customer().monthly_limit = Some(3000);
    let pay = |desk: &mut Desk, order: &str, amount: i64| {
        let request = by_card(desk, amount, json!({"orderId": order}));
        desk.call(AUTOMATIC, request)
    };
    assert_eq!(pay(&mut desk, "order-1", 2000).status, 200);
    refused(&pay(&mut desk, "order-2", 1001), 400, "EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT");
    assert_eq!(pay(&mut desk, "order-2", 1000).status, 200);
    desk.advance(Duration::from_secs(23 * 24 * 3600));
    assert_eq!(pay(&mut desk, "order-3", 3000).status, 200, "another month");
}

#[test]
fn the_bank_says_no_and_nothing_is_kept() {
    let mut desk = Desk::new();
    let account = desk.account_key();
    desk.customer().accounts[0].refuses = Some("REJECT_ACCOUNT_PAYMENT".to_owned());
    let before = desk.core.world.clone();
    refused(&desk.call(AUTOMATIC, body(&account, 1000, json!({}))), 403, "REJECT_ACCOUNT_PAYMENT");
    assert_eq!(desk.core.world, before);
    desk.customer().accounts[0].refuses = None;
    assert_eq!(desk.call(AUTOMATIC, body(&account, 1000, json!({}))).status, 200);
}

#[test]
fn terms_for_automatic_payment_are_a_switch() {
    let mut desk = Desk::new();
    desk.core.switches.billing_terms_needed = true;
    let request = by_card(&mut desk, 1000, json!({}));
    let answer = desk.call(AUTOMATIC, request.clone());
    refused(&answer, 403, "REQUIRED_BILLING_TERMS");
    assert_eq!(answer.basis, Basis::Assumed("billing_terms_needed"));
    desk.customer().agreed.insert(7);
    assert_eq!(desk.call(AUTOMATIC, request).status, 200);
}
