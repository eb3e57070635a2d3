//! Toss Pay, without I/O: payments that expire, and refunds of a part.

use std::time::Duration;

use crate::api::support::{Bench, Told};
use ait_emulator::api::{
    Movement,
    pay::{Method, PayStatus},
    switches::{Buyer, OrderNoTaken},
};
use ait_tosspay::{ExecutePayment, MakePayment, Payment, PaymentStatus, RefundPayment, ait_core::Endpoint};
use serde_json::{Value, json};

const USER: &[(&str, &str)] = &[("x-toss-user-key", "443731104")];
const QUARTER: Duration = Duration::from_secs(15 * 60);
const MOMENT: Duration = Duration::from_millis(1);

fn make(bench: &mut Bench, order_no: &str, amount: i64) -> String {
    let body = json!({"orderNo": order_no, "productDesc": "p", "amount": amount, "amountTaxFree": 0, "isTestPayment": true});
    bench.post(MakePayment::PATH, USER, body).success()["payToken"].as_str().unwrap().to_owned()
}

fn ask(bench: &mut Bench, path: &str, token: &str) -> Told {
    bench.post(path, USER, json!({"payToken": token, "reason": "단순변심", "isTestPayment": true}))
}

fn stands(bench: &mut Bench, token: &str) -> String {
    ask(bench, PaymentStatus::PATH, token).success()["payStatus"].as_str().unwrap().to_owned()
}

/// Gives a part back, as the shop does in the console.
fn refund_part(bench: &mut Bench, token: &str, amount: i64) -> bool {
    bench.core.world.refund_part(token, amount, bench.now, &mut bench.rng)
}

#[test]
fn a_payment_that_is_not_executed_is_cancelled_after_15_minutes() {
    for (buyer, before) in [(Buyer::Waits, "PAY_STANDBY"), (Buyer::Approves, "PAY_APPROVED")] {
        let mut bench = Bench::new();
        bench.core.switches.buyer = buyer;
        let token = make(&mut bench, "o-1", 10);
        bench.advance(QUARTER - MOMENT);
        assert_eq!(stands(&mut bench, &token), before);
        bench.advance(MOMENT);
        bench.store_and_load();
        assert_eq!(stands(&mut bench, &token), "PAY_CANCEL");
        let found = ask(&mut bench, PaymentStatus::PATH, &token).success();
        assert_eq!((&found["transactions"], &found["paidTs"]), (&json!([]), &Value::Null));
        assert_eq!(ask(&mut bench, ExecutePayment::PATH, &token).code(), "PAY_EXPIRED");
        let now = bench.now;
        assert!(!bench.core.world.pay.approve(&token, now) && !bench.core.world.pay.cancel(&token, now));
        assert!(bench.core.world.ledger.is_empty());
        assert_eq!(bench.core.violations(), []);
    }
}

#[test]
fn a_payment_that_was_executed_never_expires() {
    let mut bench = Bench::new();
    bench.core.world.pay.shop.hold = true;
    let token = make(&mut bench, "o-1", 10);
    ask(&mut bench, ExecutePayment::PATH, &token).success();
    for expected in ["PAY_PROGRESS", "PAY_COMPLETE"] {
        bench.advance(QUARTER * 10);
        assert_eq!(stands(&mut bench, &token), expected);
        bench.core.world.pay.release(&token);
    }
}

#[test]
fn how_long_a_payment_lives_is_a_switch() {
    for (seconds, after, expected) in
        [(3600, 3599, "PAY_APPROVED"), (3600, 3600, "PAY_CANCEL"), (0, 1_000_000, "PAY_APPROVED")]
    {
        let mut bench = Bench::new();
        bench.core.switches.payment_seconds = seconds;
        let token = make(&mut bench, "o-1", 10);
        // It is that of the payment from then on.
        bench.core.switches.payment_seconds = 1;
        bench.advance(Duration::from_secs(after));
        assert_eq!(stands(&mut bench, &token), expected, "{seconds}, {after}");
    }
}

#[test]
fn the_order_number_of_a_payment_that_expired_is_as_free_as_the_switch_says() {
    let order = |bench: &mut Bench| {
        let body = json!({"orderNo": "o-1", "productDesc": "p", "amount": 10, "amountTaxFree": 0, "isTestPayment": true});
        bench.post(MakePayment::PATH, USER, body).code.clone()
    };
    let mut bench = Bench::new();
    bench.core.switches.buyer = Buyer::Waits;
    make(&mut bench, "o-1", 10);
    bench.advance(QUARTER);
    assert_eq!(order(&mut bench).as_deref(), Some("PAYMENT_EXISTING_PAYMENT"));
    bench.core.switches.order_no_taken = OrderNoTaken::Authenticated;
    assert_eq!(order(&mut bench), None);
}

/// The example of Toss Pay's own guide: of 10,000 won paid with 9,000, 4,000 given back leave a discount of 600.
#[test]
fn a_discount_shrinks_with_a_refund_in_part() {
    let mut bench = Bench::new();
    let shop = &mut bench.core.world.pay.shop;
    (shop.method, shop.instant_discount, shop.points) = (Method::Card, 700, 300);
    let token = make(&mut bench, "o-1", 10_000);
    ask(&mut bench, ExecutePayment::PATH, &token).success();
    assert!(refund_part(&mut bench, &token, 4_000));
    let found = ask(&mut bench, PaymentStatus::PATH, &token).success();
    assert_eq!((&found["payStatus"], &found["refundableAmount"]), (&json!("REFUND_SUCCESS"), &json!(6_000)));
    let row = &found["transactions"][1];
    assert_eq!(
        [&row["transactionAmount"], &row["paidAmount"], &row["discountedAmount"], &row["pointAmount"]],
        [&json!(-4_000), &json!(3_600), &json!(400), &json!(120)]
    );
    let payment: Payment = serde_json::from_value(found).unwrap();
    assert!(payment.is_partly_refunded() && !payment.is_refunded() && !payment.is_paid());
    assert_eq!(bench.core.world.pay.payments[&token].refunded(), 4_000);
    assert_eq!(bench.core.violations(), []);

    // Another part; the call gives back the rest.
    assert!(refund_part(&mut bench, &token, 1_000));
    let told = ask(&mut bench, RefundPayment::PATH, &token).success();
    assert_eq!(
        [&told["refundedAmount"], &told["refundedDiscountAmount"], &told["refundedPaidAmount"]],
        [&json!(5_000), &json!(500), &json!(4_500)]
    );
    assert_eq!((&told["refundableAmount"], &told["discountedAmount"]), (&json!(0), &json!(0)));
    assert_eq!(ask(&mut bench, RefundPayment::PATH, &token).code(), "REFUND_ALREADY_REFUNDED");
    let found = ask(&mut bench, PaymentStatus::PATH, &token).success();
    assert!(serde_json::from_value::<Payment>(found).unwrap().is_refunded());
    let entries = bench.core.world.ledger.entries();
    let back = entries.iter().filter_map(|entry| match &entry.movement {
        Movement::Refund { amount, .. } => Some(*amount),
        _ => None,
    });
    assert_eq!(back.collect::<Vec<_>>(), [4_000, 1_000, 5_000]);
    assert_eq!(bench.core.violations(), []);
}

#[test]
fn a_part_is_given_back_only_of_what_is_left() {
    let mut bench = Bench::new();
    let token = make(&mut bench, "o-1", 10);
    assert!(!refund_part(&mut bench, &token, 1), "it is not paid");
    ask(&mut bench, ExecutePayment::PATH, &token).success();
    for amount in [-1, 0, 11] {
        assert!(!refund_part(&mut bench, &token, amount), "{amount}");
    }
    assert!(!refund_part(&mut bench, "none", 1));
    bench.core.world.pay.payments.get_mut(&token).unwrap().hold = true;
    assert!(refund_part(&mut bench, &token, 4));
    assert!(!refund_part(&mut bench, &token, 1), "one refund at a time");
    assert_eq!(stands(&mut bench, &token), "REFUND_PROGRESS");
    assert!(bench.core.world.pay.release(&token));
    assert!(!refund_part(&mut bench, &token, 7) && refund_part(&mut bench, &token, 6));
    let rows = |bench: &mut Bench| {
        ask(bench, PaymentStatus::PATH, &token).success()["transactions"].as_array().unwrap().len()
    };
    assert_eq!(rows(&mut bench), 2, "the second refund is under way");
    assert!(bench.core.world.pay.release(&token));
    assert_eq!(rows(&mut bench), 3);
    assert!(bench.core.world.pay.settle(&token));
    assert_eq!(stands(&mut bench, &token), "SETTLEMENT_REFUND_COMPLETE");
    assert_eq!(bench.core.world.pay.payments[&token].status, PayStatus::SettlementRefundComplete);
    assert_eq!(bench.core.violations(), []);
}

#[test]
fn a_payment_of_nothing_is_given_back_once() {
    let mut bench = Bench::new();
    bench.core.switches.smallest_payment = 0;
    let token = make(&mut bench, "o-1", 0);
    ask(&mut bench, ExecutePayment::PATH, &token).success();
    ask(&mut bench, RefundPayment::PATH, &token).success();
    assert_eq!(ask(&mut bench, RefundPayment::PATH, &token).code(), "REFUND_ALREADY_REFUNDED");
    assert_eq!(bench.core.violations(), []);
}
