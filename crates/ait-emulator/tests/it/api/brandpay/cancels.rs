//! Giving money back.

use std::time::Duration;

use ait_emulator::api::{Basis, Movement, brandpay::Discount};
use serde_json::{Value, json};

use super::desk::{AUTOMATIC, CUSTOMER, Desk, fixture, members, refused};

fn given_back(desk: &Desk) -> i64 {
    desk.movements()
        .iter()
        .map(|movement| if let Movement::BrandpayCancel { amount, .. } = movement { *amount } else { 0 })
        .sum()
}

#[test]
fn all_at_once() {
    let mut desk = Desk::new();
    let key = desk.paid(10_000);
    let told = desk.cancel(&key, fixture("cancel.full.request"));
    let payment = told.json();
    let sample = fixture("cancel.full.response");
    for name in ["status", "balanceAmount", "suppliedAmount", "vat", "totalAmount", "taxFreeAmount"] {
        assert_eq!(payment[name], sample[name], "{name}");
    }
    assert_eq!(payment["card"]["acquireStatus"], "CANCELED");
    assert_eq!(members(&payment["cancels"]), members(&sample["cancels"]));
    let (mut told, mut wanted) = (payment["cancels"][0].clone(), sample["cancels"][0].clone());
    assert_eq!(payment["lastTransactionKey"], told["transactionKey"]);
    assert_ne!(payment["lastTransactionKey"], payment["transactionKey"]);
    for own in ["transactionKey", "canceledAt"] {
        told[own] = Value::Null;
        wanted[own] = Value::Null;
    }
    assert_eq!(told, wanted);
    let before = desk.core.world.clone();
    let again = desk.cancel(&key, fixture("cancel.full.request"));
    refused(&again, 400, "ALREADY_CANCELED_PAYMENT");
    assert_eq!(again.json(), fixture("already-canceled-payment.error"));
    assert_eq!(desk.core.world, before);
    assert_eq!((given_back(&desk), desk.core.violations()), (10_000, vec![]));
}

#[test]
fn a_part_and_then_the_rest() {
    let mut desk = Desk::new();
    let key = desk.paid(10_000);
    let payment = desk.cancel(&key, fixture("cancel.partial.request")).json();
    let sample = fixture("cancel.partial.response");
    for name in ["status", "balanceAmount", "suppliedAmount", "vat", "totalAmount"] {
        assert_eq!(payment[name], sample[name], "{name}");
    }
    assert_eq!(
        (&payment["cancels"][0]["refundableAmount"], &payment["card"]["acquireStatus"]),
        (&json!(7000), &json!("READY"))
    );
    let payment = desk.cancel(&key, json!({"cancelReason": "고객 변심", "cancelAmount": "7000"})).json();
    assert_eq!((&payment["status"], &payment["balanceAmount"]), (&json!("PARTIAL_CANCELED"), &json!(0)));
    assert_eq!(payment["cancels"].as_array().unwrap().len(), 2);
    assert_eq!(payment["lastTransactionKey"], payment["cancels"][1]["transactionKey"]);
    let before = desk.core.world.clone();
    let again = desk.cancel(&key, json!({"cancelReason": "x"}));
    refused(&again, 403, "NOT_CANCELABLE_AMOUNT");
    assert_eq!(again.json(), fixture("not-cancelable-amount.error"));
    assert_eq!(desk.core.world, before);
    assert_eq!((given_back(&desk), desk.core.violations()), (10_000, vec![]));
}

#[test]
fn no_more_than_is_left_and_only_what_is_believed() {
    let mut desk = Desk::new();
    let key = desk.paid(10_000);
    desk.cancel(&key, json!({"cancelReason": "x", "cancelAmount": 4000}));
    let before = desk.core.world.clone();
    refused(
        &desk.cancel(&key, json!({"cancelReason": "x", "cancelAmount": 6001})),
        403,
        "NOT_CANCELABLE_AMOUNT",
    );
    let told = desk.cancel(&key, json!({"cancelReason": "x", "cancelAmount": 1, "refundableAmount": 10_000}));
    refused(&told, 400, "NOT_MATCHES_REFUNDABLE_AMOUNT");
    assert_eq!(told.json(), fixture("not-matches-refundable-amount.error"));
    assert_eq!(desk.core.world, before);
    assert_eq!(
        desk.cancel(&key, json!({"cancelReason": "x", "cancelAmount": 6000, "refundableAmount": 6000}))
            .status,
        200
    );
}

#[test]
fn what_is_wrong_with_a_request() {
    let mut desk = Desk::new();
    let key = desk.paid(10_000);
    let before = desk.core.world.clone();
    let account = |bank: &str, number: &str, holder: &str| json!({"cancelReason": "x", "refundReceiveAccount": {"bank": bank, "accountNumber": number, "holderName": holder}});
    for (body, code) in [
        (json!({}), "INVALID_REQUEST"),
        (json!({"cancelReason": ""}), "INVALID_REQUEST"),
        (json!({"cancelReason": "이".repeat(201)}), "INVALID_REQUEST"),
        (json!({"cancelReason": "x", "cancelAmount": 0}), "INVALID_REQUEST"),
        (json!({"cancelReason": "x", "cancelAmount": -1}), "INVALID_REQUEST"),
        (json!({"cancelReason": "x", "cancelAmount": 5.99}), "INVALID_REQUEST"),
        (json!({"cancelReason": "x", "taxExemptionAmount": -1}), "INVALID_REQUEST"),
        (json!({"cancelReason": "x", "currency": "USD"}), "INVALID_REQUEST"),
        (json!({"cancelReason": "x", "taxFreeAmount": 1, "cancelAmount": 5}), "INVALID_REQUEST"),
        (json!({"cancelReason": "x", "taxExemptionAmount": 6, "cancelAmount": 5}), "INVALID_REQUEST"),
        (json!({"cancelReason": "x", "refundReceiveAccount": "92"}), "INVALID_REQUEST"),
        (
            json!({"cancelReason": "x", "refundReceiveAccount": {"accountNumber": "1", "holderName": "x"}}),
            "INVALID_REQUEST",
        ),
        (account("99", "10000000000", "홍길동"), "INVALID_BANK"),
        (account("92", "123456789012345678901", "홍길동"), "INVALID_REFUND_ACCOUNT_NUMBER"),
        (account("92", "12-34", "홍길동"), "INVALID_REFUND_ACCOUNT_NUMBER"),
        (account("92", "1", &"홍".repeat(61)), "INVALID_REFUND_ACCOUNT_INFO"),
    ] {
        refused(&desk.cancel(&key, body), 400, code);
    }
    assert_eq!(desk.core.world, before);
    refused(&desk.cancel("made-up", json!({"cancelReason": "x"})), 404, "NOT_FOUND_PAYMENT");
    assert_eq!(desk.cancel(&key, fixture("cancel.virtual-account.request")).status, 200);
}

#[test]
fn what_is_not_paid_cannot_be_cancelled() {
    let mut desk = Desk::new();
    let key = desk.session(1000, None);
    let cancel = json!({"cancelReason": "x"});
    refused(&desk.cancel(&key, cancel.clone()), 403, "NOT_CANCELABLE_PAYMENT");
    desk.advance(Duration::from_secs(601));
    refused(&desk.cancel(&key, cancel.clone()), 403, "NOT_CANCELABLE_PAYMENT");
    desk.customer().cards[0].refuses = Some("REJECT_CARD_COMPANY".to_owned());
    let key = desk.session(1000, None);
    desk.confirm(&key, 1000);
    refused(&desk.cancel(&key, cancel), 403, "NOT_CANCELABLE_PAYMENT");
}

#[test]
fn the_request_id_comes_back() {
    let mut desk = Desk::new();
    let key = desk.paid(1000);
    let payment =
        desk.cancel(&key, json!({"cancelReason": "x", "cancelRequestId": "c-1", "currency": "KRW"})).json();
    assert_eq!(payment["cancels"][0]["cancelRequestId"], "c-1");
}

#[test]
fn a_discount_goes_back_with_the_last_part() {
    for (by, column) in [("card", "cardDiscountAmount"), ("account", "transferDiscountAmount")] {
        let mut desk = Desk::new();
        let discount = |company| vec![Discount::new(company, 600, "12861", 1000)];
        desk.state().promotions.discount_cards = discount("31");
        desk.state().promotions.discount_banks = discount("88");
        let method = if by == "card" { desk.card_key() } else { desk.account_key() };
        let body = json!({
            "customerKey": CUSTOMER, "methodKey": method, "amount": 10_000, "orderId": "order-1", "orderName": "x",
            "discountCode": "12861",
        });
        let key = desk.call(AUTOMATIC, body).json()["paymentKey"].as_str().unwrap().to_owned();
        let told = desk.cancel(&key, json!({"cancelReason": "x", "cancelAmount": 599}));
        refused(&told, 400, "EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT");
        desk.cancel(&key, json!({"cancelReason": "x", "cancelAmount": 600}));
        let payment = desk.cancel(&key, json!({"cancelReason": "x"})).json();
        let parts: Vec<i64> =
            payment["cancels"].as_array().unwrap().iter().map(|one| one[column].as_i64().unwrap()).collect();
        assert_eq!(parts, [0, 600], "{by}");
        let sum = |name: &str| -> i64 {
            payment["cancels"].as_array().unwrap().iter().map(|one| one[name].as_i64().unwrap()).sum()
        };
        assert_eq!(sum("cardDiscountAmount") + sum("transferDiscountAmount"), 600);
    }
}

#[test]
fn the_tax_free_part_goes_back_as_told() {
    let mut desk = Desk::new();
    desk.state().shops.get_mut("tosspayments").unwrap().tax_free = true;
    let body = json!({
        "customerKey": CUSTOMER, "methodKey": desk.card_key(), "amount": 10_000, "orderId": "order-1", "orderName": "x",
        "taxFreeAmount": 4500,
    });
    let key = desk.call(AUTOMATIC, body).json()["paymentKey"].as_str().unwrap().to_owned();
    let part = |amount: i64, tax_free: i64| json!({"cancelReason": "x", "cancelAmount": amount, "taxFreeAmount": tax_free});
    refused(&desk.cancel(&key, part(5000, 4501)), 400, "INVALID_REQUEST");
    refused(&desk.cancel(&key, part(5501, 0)), 400, "INVALID_REQUEST");
    let payment = desk.cancel(&key, part(5000, 3400)).json();
    let amount = |payment: &Value, name: &str| payment[name].as_i64().unwrap();
    assert_eq!(
        (amount(&payment, "taxFreeAmount"), amount(&payment, "vat"), amount(&payment, "suppliedAmount")),
        (1100, 355, 3545)
    );
    let payment = desk.cancel(&key, json!({"cancelReason": "x"})).json();
    assert_eq!(
        (amount(&payment, "taxFreeAmount"), amount(&payment, "vat"), amount(&payment, "suppliedAmount")),
        (0, 0, 0)
    );
    assert_eq!(payment["cancels"][1]["taxFreeAmount"], 1100);
}

#[test]
fn a_cash_receipt_is_cancelled_with_it() {
    let mut desk = Desk::new();
    let mut request = fixture("automatic-payment.account.request");
    request["methodKey"] = desk.account_key().into();
    let key = desk.call(AUTOMATIC, request).json()["paymentKey"].as_str().unwrap().to_owned();
    let payment = desk.cancel(&key, json!({"cancelReason": "x", "cancelAmount": 5000})).json();
    let receipts = payment["cashReceipts"].as_array().unwrap();
    assert_eq!(
        (&receipts[0]["transactionType"], &receipts[1]["transactionType"]),
        (&json!("CONFIRM"), &json!("CANCEL"))
    );
    assert_eq!(
        (&receipts[1]["amount"], &receipts[1]["receiptKey"]),
        (&json!(5000), &payment["cancels"][0]["receiptKey"])
    );
}

#[test]
fn the_limit_of_a_shop_is_used_up() {
    let mut desk = Desk::new();
    let key = desk.paid(10_000);
    desk.state().shops.get_mut("tosspayments").unwrap().cancel_limit = Some(5000);
    let part = |amount: i64| json!({"cancelReason": "x", "cancelAmount": amount});
    refused(&desk.cancel(&key, part(5001)), 403, "EXCEED_CANCEL_LIMIT");
    assert_eq!(desk.cancel(&key, part(3000)).status, 200);
    refused(&desk.cancel(&key, part(2001)), 403, "EXCEED_CANCEL_LIMIT");
    assert_eq!(desk.cancel(&key, part(2000)).status, 200);
}

#[test]
fn too_quick_in_a_row_is_a_switch() {
    let mut desk = Desk::new();
    let key = desk.paid(10_000);
    desk.core.switches.consecutive_millis = 1000;
    let part = json!({"cancelReason": "x", "cancelAmount": 100});
    assert_eq!(desk.cancel(&key, part.clone()).status, 200);
    desk.advance(Duration::from_millis(999));
    let told = desk.cancel(&key, part.clone());
    refused(&told, 403, "FORBIDDEN_CONSECUTIVE_REQUEST");
    assert!(matches!(told.basis, Basis::Documented(_)));
    desk.advance(Duration::from_millis(1));
    assert_eq!(desk.cancel(&key, part).status, 200);
}

#[test]
fn a_payment_can_be_cancelled_until_it_is_due() {
    let mut desk = Desk::new();
    let key = desk.paid(10_000);
    desk.payment(&key).refund_due = Some(desk.now);
    let part = json!({"cancelReason": "x", "cancelAmount": 100});
    assert_eq!(desk.cancel(&key, part.clone()).status, 200);
    desk.advance(Duration::from_millis(1));
    refused(&desk.cancel(&key, part), 403, "EXCEED_MAX_REFUND_DUE");
}
