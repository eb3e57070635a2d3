//! Payments that were taken, of which the shop was never told.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::{Bench, audit::brandpay, body};
use crate::{api::callbacks::Callback, engine::Next};

/// The orders that are lost if the run is over now.
fn lost(bench: &Bench) -> Vec<String> {
    let lost = bench.0.core.lost_sales();
    assert!(lost.iter().all(|violation| violation.rule == "no-lost-sale"));
    assert_eq!(bench.0.core.violations(), [], "while it runs, the shop may still ask");
    lost.into_iter().map(|violation| violation.what.split(" was paid").next().unwrap().to_owned()).collect()
}

/// A Toss Pay payment was taken, and the answer was lost.
fn paid() -> (Bench, String) {
    let mut bench = Bench::new();
    bench.make("o-1");
    let token = bench.token();
    bench.arm("execute_payment after_commit reset");
    bench.pay("tosspay.execute_payment", &token);
    assert_eq!(lost(&bench), ["order o-1"]);
    (bench, token)
}

#[test]
fn whoever_asks_toss_pay_has_not_lost_the_sale() {
    let by_order = |bench: &mut Bench, _: &str| {
        bench.call("tosspay.payment_status", super::USER, json!({"orderNo": "o-1", "isTestPayment": true}));
    };
    let status = |bench: &mut Bench, token: &str| drop(bench.pay("tosspay.payment_status", token));
    // By default refused: it exists already.
    let again = |bench: &mut Bench, token: &str| drop(bench.pay("tosspay.execute_payment", token));
    let answered = |bench: &mut Bench, token: &str| {
        bench.0.core.switches.repeat_execute = serde_json::from_value(json!("answer_again")).unwrap();
        bench.pay("tosspay.execute_payment", token);
    };
    let refund = |bench: &mut Bench, token: &str| drop(bench.pay("tosspay.refund_payment", token));
    for ask in [by_order, status, again, answered, refund] as [fn(&mut Bench, &str); 5] {
        let (mut bench, token) = paid();
        ask(&mut bench, &token);
        assert!(lost(&bench).is_empty());
    }
}

#[test]
fn a_question_that_gets_no_answer_or_asks_for_another_payment_tells_nothing() {
    let (mut bench, token) = paid();
    for rule in ["payment_status after_commit reset", "payment_status before_commit html"] {
        bench.arm(rule);
        bench.pay("tosspay.payment_status", &token);
        assert_eq!(lost(&bench), ["order o-1"], "{rule}");
    }
    bench.make("o-2");
    bench.call("tosspay.payment_status", super::USER, json!({"orderNo": "o-2", "isTestPayment": true}));
    bench.pay("tosspay.payment_status", "nothing");
    assert_eq!(lost(&bench), ["order o-1"]);
    // What was given back is no sale, also if nobody was told of that either.
    bench.arm("refund_payment after_commit reset");
    bench.pay("tosspay.refund_payment", &token);
    assert!(lost(&bench).is_empty());
}

#[test]
fn what_was_put_off_is_asked_for_after_it_was_done() {
    let mut bench = Bench::new();
    bench.make("o-1");
    let token = bench.token();
    bench.arm("execute_payment before_commit late_commit=60");
    bench.pay("tosspay.execute_payment", &token);
    bench.pay("tosspay.payment_status", &token);
    bench.advance(Duration::from_secs(60));
    bench.catch_up();
    assert_eq!(lost(&bench), ["order o-1"], "it was asked for before");
    bench.pay("tosspay.payment_status", &token);
    assert!(lost(&bench).is_empty());
}

/// A BrandPay payment was taken, and the answer was lost.
fn confirmed() -> Bench {
    let mut bench = Bench::new();
    bench.arm("brandpay.confirm after_commit reset");
    confirm(&mut bench, "emu-1");
    assert_eq!(lost(&bench), ["BrandPay order order-1"]);
    bench
}

fn confirm(bench: &mut Bench, key: &str) -> Option<String> {
    let body = json!({"paymentKey": key, "orderId": "order-1", "amount": 1000, "customerKey": "customer"});
    let plan = brandpay(bench, "brandpay.confirm", "", body);
    plan.answer.and_then(|answer| answer.code)
}

#[test]
fn whoever_asks_brandpay_has_not_lost_the_sale() {
    let by_key = |bench: &mut Bench| drop(brandpay(bench, "brandpay.payment_by_key", "emu-1", Value::Null));
    let by_order =
        |bench: &mut Bench| drop(brandpay(bench, "brandpay.payment_by_order", "order-1", Value::Null));
    let again = |bench: &mut Bench| {
        assert_eq!(confirm(bench, "emu-1").as_deref(), Some("ALREADY_PROCESSED_PAYMENT"));
    };
    let other =
        |bench: &mut Bench| assert_eq!(confirm(bench, "emu-2").as_deref(), Some("DUPLICATED_ORDER_ID"));
    let cancel = |bench: &mut Bench| {
        drop(brandpay(bench, "brandpay.cancel", "emu-1", json!({"cancelReason": "x", "cancelAmount": 100})));
    };
    for ask in [by_key, by_order, again, other, cancel] as [fn(&mut Bench); 5] {
        let mut bench = confirmed();
        ask(&mut bench);
        assert!(lost(&bench).is_empty());
    }
}

#[test]
fn an_answer_under_the_same_idempotency_key_tells_of_it() {
    let mut bench = Bench::new();
    bench.arm("brandpay.automatic_payment after_commit reset");
    let wall = SystemTime::UNIX_EPOCH;
    let (core, mut rng) = (&mut bench.0.core, crate::api::Rng::new(1));
    let method = core.world.brandpay.customer("customer", bench.0.clock.now(wall), &mut rng).cards[0]
        .method_key
        .clone();
    let body = json!({"customerKey": "customer", "methodKey": method, "amount": 1000, "orderId": "order-1",
        "orderName": "tea"});
    let pay = |bench: &mut Bench| {
        let headers = [("authorization", super::audit::KEY), ("idempotency-key", "k")];
        bench.send(super::request("brandpay.automatic_payment", &headers, body.clone()))
    };
    assert!(pay(&mut bench).fault.is_some());
    assert_eq!(lost(&bench), ["BrandPay order order-1"]);
    assert!(self::body(&pay(&mut bench)).contains("\"DONE\""));
    assert!(lost(&bench).is_empty());
}

#[test]
fn a_webhook_that_the_shop_takes_tells_of_it() {
    let mut bench = Bench::new();
    let callback: Callback = "brandpay=http://127.0.0.1:1/".parse().unwrap();
    bench.0.core.callbacks.insert(callback.kind(), callback);
    bench.arm("brandpay.confirm after_commit reset");
    confirm(&mut bench, "emu-1");
    let mut refused = 0;
    while let Next::Now(letter) = bench.0.next_letter(SystemTime::UNIX_EPOCH, |_| true) {
        let tells = letter.body.contains("emu-1");
        assert_eq!(lost(&bench), ["BrandPay order order-1"]);
        // The payment is told of a second time, a minute later.
        let outcome = if tells && refused == 0 { 500 } else { 200 };
        refused += u32::from(outcome == 500);
        bench.0.sent(*letter, Ok(outcome));
    }
    assert_eq!((lost(&bench).len(), refused), (1, 1));
    bench.advance(Duration::from_secs(60));
    let Next::Now(letter) = bench.0.next_letter(SystemTime::UNIX_EPOCH, |_| true) else {
        panic!("it is due")
    };
    bench.0.sent(*letter, Ok(200));
    assert!(lost(&bench).is_empty());
}
