//! Toss Pay, without I/O: every field by its rule.

use crate::api::support::{Bench, Told};
use ait_emulator::api::{Basis, Face, pay::PayStatus, switches::Old};
use ait_tosspay::{ExecutePayment, MakePayment, PaymentStatus, RefundPayment, ait_core::Endpoint};
use serde_json::{Value, json};

const USER: &[(&str, &str)] = &[("x-toss-user-key", "443731104")];
const MAKE: &str = MakePayment::PATH;
const EXECUTE: &str = ExecutePayment::PATH;
const REFUND: &str = RefundPayment::PATH;
const STATUS: &str = PaymentStatus::PATH;

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

fn field_of(told: &Told) -> String {
    assert_eq!((told.status, told.code().as_str()), (400, "INVALID_PARAMETER"), "{}", told.body);
    let field = &told.json()["error"]["data"]["errorDetails"][0]["field"];
    field.as_str().unwrap().to_owned()
}

#[test]
fn every_field_has_its_rule() {
    let good = json!({"orderNo": "o-1", "productDesc": "p", "amount": 11_000, "amountTaxFree": 0, "isTestPayment": true,
        "amountTaxable": 10_000, "amountVat": 1_000, "amountServiceFee": 0, "enablePayMethods": "CARD", "cashReceipt": true,
        "cashReceiptTradeOption": "PUBLIC_TP", "installment": "NOT_USE"});
    let text = |length: usize| json!("x".repeat(length));
    let bad: &[(&str, Value)] = &[
        ("orderNo", text(51)),
        ("orderNo", json!("a b")),
        ("orderNo", json!("주문")),
        ("orderNo", json!("")),
        ("orderNo", json!(1)),
        ("productDesc", text(256)),
        ("productDesc", json!("  ")),
        ("productDesc", json!("a\\b")),
        ("productDesc", json!("a\"b")),
        ("productDesc", json!("a'b")),
        ("amount", json!(10_000_000)),
        ("amount", json!(-1)),
        ("amount", json!("11000")),
        ("amount", json!(1.5)),
        ("amountTaxFree", json!(10_000_000)),
        ("amountTaxFree", json!(11_001)),
        ("amountTaxable", json!(10_001)),
        ("amountTaxable", json!("1")),
        ("amountVat", json!(11_001)),
        ("amountServiceFee", json!(-1)),
        ("enablePayMethods", text(101)),
        ("cashReceiptTradeOption", json!("OTHER")),
        ("installment", json!("MAYBE")),
        ("isTestPayment", json!("true")),
    ];
    let mut bench = Bench::new();
    bench.core.world.user(443_731_104, &mut bench.rng);
    let before = bench.state();
    for (field, value) in bad {
        let mut body = good.clone();
        body[*field] = value.clone();
        assert_eq!(field_of(&bench.post(MAKE, USER, body)), *field, "{value}");
    }
    for field in ["orderNo", "productDesc", "amount", "amountTaxFree", "isTestPayment"] {
        for gone in [true, false] {
            let mut body = good.clone();
            if gone {
                drop(body.as_object_mut().unwrap().remove(field));
            } else {
                body[field] = Value::Null;
            }
            assert_eq!(field_of(&bench.post(MAKE, USER, body)), field);
        }
    }
    for (path, field, value) in [
        (EXECUTE, "payToken", text(31)),
        (EXECUTE, "payToken", Value::Null),
        (EXECUTE, "orderNo", text(51)),
        (EXECUTE, "isTestPayment", Value::Null),
        (REFUND, "payToken", text(31)),
        (REFUND, "payToken", Value::Null),
        (REFUND, "reason", text(56)),
        (REFUND, "reason", json!("a+b")),
        (REFUND, "reason", json!("漢字")),
        (REFUND, "isTestPayment", Value::Null),
        (STATUS, "payToken", text(31)),
        (STATUS, "isTestPayment", Value::Null),
    ] {
        let mut body = about("t");
        body[field] = value;
        assert_eq!(field_of(&bench.post(path, USER, body)), field, "{path}");
    }
    assert_eq!(bench.state(), before);
    // The longest that may be, and every character.
    let mut body = good;
    body["orderNo"] = json!(format!("aZ09_-:.^@{}", "x".repeat(40)));
    body["productDesc"] = json!("가".repeat(255));
    bench.post(MAKE, USER, body).success();
}

#[test]
fn amounts_add_up() {
    let mut bench = Bench::new();
    let mut parts = |order_no: &str, rest: Value| {
        let mut body = order(order_no);
        body.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        bench.post(MAKE, USER, body).success();
        let told = bench.post(STATUS, USER, json!({"orderNo": order_no, "isTestPayment": true})).success();
        ["amount", "amountTaxFree", "amountTaxable", "amountVat", "amountServiceFee"]
            .map(|name| told[name].as_i64().unwrap())
    };
    assert_eq!(parts("a", json!({})), [11_000, 0, 10_000, 1_000, 0]);
    assert_eq!(parts("b", json!({"amount": 9_999_999})), [9_999_999, 0, 9_090_908, 909_091, 0]);
    assert_eq!(parts("c", json!({"amountTaxFree": 11_000})), [11_000, 11_000, 0, 0, 0]);
    assert_eq!(
        parts("d", json!({"amountTaxFree": 5_000, "amountServiceFee": 500})),
        [11_000, 5_000, 5_000, 500, 500]
    );
    assert_eq!(parts("e", json!({"amountVat": 0})), [11_000, 0, 11_000, 0, 0]);
    assert_eq!(
        parts("f", json!({"amountTaxable": 10_000, "amountVat": 1_000})),
        [11_000, 0, 10_000, 1_000, 0]
    );
}

#[test]
fn what_is_not_documented_is_a_switch() {
    let mut bench = Bench::new();
    let mut body = order("o-1");
    body["amount"] = json!(0);
    let told = bench.post(MAKE, USER, body.clone());
    assert_eq!((field_of(&told).as_str(), told.basis), ("amount", Basis::Assumed("smallest_payment")));
    bench.core.switches.smallest_payment = 0;
    body["productDesc"] = json!("a,b");
    bench.core.switches.comma_in_product_desc = Old::Refuse;
    let told = bench.post(MAKE, USER, body.clone());
    assert_eq!(
        (field_of(&told).as_str(), told.basis),
        ("productDesc", Basis::Assumed("comma_in_product_desc"))
    );
    bench.core.switches.comma_in_product_desc = Old::Accept;
    bench.post(MAKE, USER, body).success();

    let mut refund = |reason: Value, needed, blank| {
        bench.core.switches.refund_needs_reason = needed;
        bench.core.switches.blank_in_refund_reason = blank;
        let order_no = format!("r-{}", bench.core.world.ledger.entries().len());
        let body = order(&order_no);
        if bench.core.world.pay.of_order(&order_no).is_none() {
            bench.post(MAKE, USER, body).success();
        }
        let token = bench.core.world.pay.of_order(&order_no).unwrap().pay_token.clone();
        if bench.core.world.pay.payments[&token].status == PayStatus::PayApproved {
            bench.post(EXECUTE, USER, about(&token)).success();
        }
        let told =
            bench.post(REFUND, USER, json!({"payToken": token, "reason": reason, "isTestPayment": true}));
        told.code.as_ref().map(|_| told.basis)
    };
    assert_eq!(refund(json!(null), true, Old::Refuse), Some(Basis::Assumed("refund_needs_reason")));
    assert_eq!(refund(json!(""), true, Old::Refuse), Some(Basis::Assumed("refund_needs_reason")));
    assert_eq!(refund(json!(null), false, Old::Refuse), None);
    assert_eq!(refund(json!("단순 변심"), true, Old::Refuse), Some(Basis::Assumed("blank_in_refund_reason")));
    assert_eq!(refund(json!("단순 변심"), true, Old::Accept), None);
    assert_eq!(refund(json!("가힣ㄱaZ09_-:.^@()[]#/!%?&"), true, Old::Refuse), None);
}

#[test]
fn odd_requests_are_refused_and_change_nothing() {
    let mut bench = Bench::new();
    let token = make(&mut bench, "o-1");
    let before = bench.state();
    let deep = "[".repeat(5000);
    let odd =
        [json!([]), json!({}), json!(-1), json!(1e300), json!(u64::MAX), json!(i64::MIN), json!("\u{0}")];
    for path in [MAKE, EXECUTE, REFUND, STATUS] {
        for body in ["", "null", "[]", "7", "{", "{\"a\"", "{\"amount\":1e999}", deep.as_str()] {
            let told = bench.send(Face::AppsInToss, "POST", path, USER, body.to_owned());
            assert_eq!(told.status, 400, "{path} {body:.20}");
        }
        let good = if path == MAKE { order("o-2") } else { about(&token) };
        let needed: &[&str] = match path {
            MAKE => &["orderNo", "productDesc", "amount", "amountTaxFree", "isTestPayment"],
            REFUND => &["payToken", "reason", "isTestPayment"],
            _ => &["payToken", "isTestPayment"],
        };
        for name in needed {
            for value in &odd {
                if *name == "productDesc" && value.is_string() {
                    continue;
                }
                let mut body = good.clone();
                body[*name] = value.clone();
                let told = bench.post(path, USER, body);
                assert!(told.code.is_some(), "{path} {name} {value}");
                assert_eq!(bench.state(), before, "{path} {name} {value}");
            }
        }
        assert_eq!(bench.post(path, &[], good).code(), "4010", "{path} needs a user");
    }
}
