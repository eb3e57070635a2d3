//! Toss Pay, without I/O: the statuses of a payment, and how it gets from one to the next.

use std::{collections::BTreeSet, time::Duration};

use crate::api::support::{Bench, Told};
use ait_emulator::api::{
    Basis, Movement,
    pay::{PayStatus, Payments},
    switches::{Buyer, Repeat, TestFlag},
};
use ait_tosspay::{ExecutePayment, MakePayment, PaymentStatus, RefundPayment, ait_core::Endpoint};
use serde_json::{Value, json};

const USER: &[(&str, &str)] = &[("x-toss-user-key", "443731104")];

fn make(bench: &mut Bench, order_no: &str, amount: i64) -> String {
    let body = json!({"orderNo": order_no, "productDesc": "test02", "amount": amount, "amountTaxFree": 0, "isTestPayment": true});
    let told = bench.post(MakePayment::PATH, USER, body);
    told.success()["payToken"].as_str().unwrap().to_owned()
}

fn about(token: &str) -> Value {
    json!({"payToken": token, "reason": "고객변심(단순)", "isTestPayment": true})
}

fn execute(bench: &mut Bench, token: &str) -> Told {
    bench.post(ExecutePayment::PATH, USER, about(token))
}

fn refund(bench: &mut Bench, token: &str) -> Told {
    bench.post(RefundPayment::PATH, USER, about(token))
}

fn status(bench: &mut Bench, token: &str) -> Told {
    bench.post(PaymentStatus::PATH, USER, about(token))
}

fn stands(bench: &mut Bench, token: &str) -> PayStatus {
    serde_json::from_value(status(bench, token).success()["payStatus"].clone()).unwrap()
}

#[test]
fn all_nine_statuses_are_reached() {
    let mut seen = BTreeSet::new();
    let mut bench = Bench::new();
    bench.core.switches.buyer = Buyer::Waits;
    bench.core.world.pay.shop.hold = true;
    let (token, other) = (make(&mut bench, "o-1", 10), make(&mut bench, "o-2", 10));
    let mut see = |bench: &mut Bench, token: &str, expected| {
        assert_eq!(stands(bench, token), expected);
        assert_eq!(bench.core.violations(), []);
        seen.insert(format!("{expected:?}"));
    };
    see(&mut bench, &token, PayStatus::PayStandby);
    assert!(bench.core.world.pay.cancel(&other, bench.now));
    see(&mut bench, &other, PayStatus::PayCancel);
    assert!(bench.core.world.pay.approve(&token, bench.now));
    assert!(
        !bench.core.world.pay.approve(&token, bench.now) && !bench.core.world.pay.approve(&other, bench.now)
    );
    see(&mut bench, &token, PayStatus::PayApproved);
    let found = status(&mut bench, &token).success();
    assert_eq!(
        (&found["payMethod"], &found["paidAmount"], &found["transactions"]),
        (&Value::Null, &json!(0), &json!([]))
    );

    let told = execute(&mut bench, &token);
    assert!(matches!(told.basis, Basis::Assumed(_)));
    see(&mut bench, &token, PayStatus::PayProgress);
    assert!(!bench.core.world.pay.settle(&token) && !bench.core.world.pay.cancel(&token, bench.now));
    let found = status(&mut bench, &token).success();
    assert_eq!(
        (&found["refundableAmount"], &found["paidTs"], &found["transactions"]),
        (&json!(0), &Value::Null, &json!([]))
    );
    assert_eq!(refund(&mut bench, &token).code(), "COMMON_REFUND_ERROR");

    assert!(bench.core.world.pay.release(&token));
    see(&mut bench, &token, PayStatus::PayComplete);
    assert!(!bench.core.world.pay.release(&token));
    let mut settled = bench.core.world.pay.clone();
    assert!(settled.settle(&token) && !settled.settle(&token));
    let complete = std::mem::replace(&mut bench.core.world.pay, settled);
    see(&mut bench, &token, PayStatus::SettlementComplete);
    assert_eq!(status(&mut bench, &token).success()["refundableAmount"], 0);
    assert_eq!(refund(&mut bench, &token).code(), "COMMON_REFUND_ERROR", "no refund any more");
    bench.core.world.pay = complete;

    refund(&mut bench, &token).success();
    see(&mut bench, &token, PayStatus::RefundProgress);
    assert_eq!(status(&mut bench, &token).success()["transactions"].as_array().unwrap().len(), 1);
    assert_eq!(refund(&mut bench, &token).code(), "COMMON_REFUND_ERROR", "one refund at a time");
    assert!(bench.core.world.pay.release(&token));
    see(&mut bench, &token, PayStatus::RefundSuccess);
    assert!(bench.core.world.pay.settle(&token));
    see(&mut bench, &token, PayStatus::SettlementRefundComplete);
    assert_eq!(status(&mut bench, &token).success()["transactions"].as_array().unwrap().len(), 2);
    assert_eq!(seen.len(), PayStatus::ALL.len());
    for turn in [Payments::approve, Payments::cancel] {
        assert!(!turn(&mut bench.core.world.pay, "none", bench.now));
    }
}

#[test]
fn the_buyer_does_what_the_switch_says() {
    for (buyer, expected) in [
        (Buyer::Approves, PayStatus::PayApproved),
        (Buyer::Waits, PayStatus::PayStandby),
        (Buyer::Cancels, PayStatus::PayCancel),
    ] {
        let mut bench = Bench::new();
        bench.core.switches.buyer = buyer;
        let token = make(&mut bench, "o", 10);
        assert_eq!(stands(&mut bench, &token), expected);
        assert_eq!(bench.core.world.pay.of_order("o").unwrap().authenticated, buyer == Buyer::Approves);
    }
}

#[test]
fn a_test_is_one_by_the_reading_of_the_switch() {
    for (reading, flag, mode) in [
        (TestFlag::TrueIsTest, true, "TEST"),
        (TestFlag::TrueIsTest, false, "LIVE"),
        (TestFlag::TrueIsLive, true, "LIVE"),
        (TestFlag::TrueIsLive, false, "TEST"),
    ] {
        let mut bench = Bench::new();
        bench.core.switches.is_test_payment = reading;
        let body = json!({"orderNo": "o", "productDesc": "p", "amount": 10, "amountTaxFree": 0, "isTestPayment": flag});
        let token = bench.post(MakePayment::PATH, USER, body).success()["payToken"].clone();
        let about = |flag: bool| json!({"payToken": token, "reason": "r", "isTestPayment": flag});
        for path in [ExecutePayment::PATH, RefundPayment::PATH, PaymentStatus::PATH] {
            let before = bench.state();
            assert_eq!(bench.post(path, USER, about(!flag)).code(), "PAYMENT_NOT_FOUND");
            assert_eq!(bench.state(), before);
            let told = bench.post(path, USER, about(flag)).success();
            if path != RefundPayment::PATH {
                assert_eq!(told["mode"], mode);
            }
        }
        let paid = &bench.core.world.ledger.entries()[0].movement;
        assert!(matches!(paid, Movement::Payment { test, .. } if *test == (mode == "TEST")));
    }
}

#[test]
fn a_second_execution_is_refused_or_answered_like_the_first() {
    let mut bench = Bench::new();
    let token = make(&mut bench, "o", 10);
    let first = execute(&mut bench, &token).body.clone();
    bench.advance(Duration::from_secs(9));
    assert_eq!(execute(&mut bench, &token).code(), "PAYMENT_EXISTING_PAYMENT");
    bench.core.switches.repeat_execute = Repeat::AnswerAgain;
    let again = execute(&mut bench, &token);
    assert_eq!((&again.body, again.basis), (&first, Basis::Assumed("repeat_execute")));
    assert_eq!(bench.core.world.ledger.entries().len(), 1);
    refund(&mut bench, &token).success();
    assert_eq!(execute(&mut bench, &token).code(), "PAYMENT_EXISTING_PAYMENT");
    assert_eq!(bench.core.world.ledger.entries().len(), 2);
    assert_eq!(bench.core.violations(), []);
}
