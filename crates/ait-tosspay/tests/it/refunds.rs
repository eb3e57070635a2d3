//! How much of a payment was given back, as its status tells.

use std::time::Duration;

use ait_testkit::fixture;
use ait_tosspay::{
    ExecutePayment, Payment, RefundPayment,
    ait_core::{Endpoint, Krw},
};
use serde_json::{Value, json};

fn read(name: &str, change: impl FnOnce(&mut Value)) -> Payment {
    let mut payment = fixture(&format!("tosspay/get-payment-status.{name}.response"))["success"].clone();
    change(&mut payment);
    serde_json::from_value(payment).unwrap()
}

/// All of it paid; all of it given back; a part; how much.
fn said(payment: &Payment) -> (bool, bool, bool, Option<i64>) {
    let back = payment.refunded_amount().map(Krw::get);
    (payment.is_paid(), payment.is_refunded(), payment.is_partly_refunded(), back)
}

#[test]
fn a_refund_is_whole_or_in_part_as_the_amounts_say() {
    assert_eq!(said(&read("paid", |_| ())), (true, false, false, Some(0)));
    assert_eq!(said(&read("refunded", |_| ())), (false, true, false, Some(10)));
    assert_eq!(said(&read("partly-refunded", |_| ())), (false, false, true, Some(4_000)));
    // Either the amounts or the transactions are enough.
    for (name, expected) in
        [("refunded", (false, true, false, Some(10))), ("partly-refunded", (false, false, true, Some(4_000)))]
    {
        for member in ["refundableAmount", "transactions"] {
            let payment = read(name, |payment| payment[member] = Value::Null);
            assert_eq!(said(&payment), expected, "{name} without {member}");
        }
        let positive = read(name, |payment| {
            let amount = payment["transactions"][1]["transactionAmount"].as_i64().unwrap();
            payment["transactions"][1]["transactionAmount"] = json!(-amount);
        });
        assert_eq!(said(&positive), expected, "{name}, the sign is not relied on");
    }
}

#[test]
fn a_status_alone_says_of_no_refund_how_much() {
    for status in ["REFUND_SUCCESS", "SETTLEMENT_REFUND_COMPLETE"] {
        let payment = read("refunded", |payment| {
            *payment = json!({ "payToken": "t", "payStatus": status });
        });
        assert_eq!(said(&payment), (false, false, false, None), "{status}");
    }
    // Once settled nothing can be refunded, however much was.
    let settled = read("partly-refunded", |payment| {
        payment["payStatus"] = json!("SETTLEMENT_REFUND_COMPLETE");
        payment["refundableAmount"] = json!(0);
    });
    assert_eq!(said(&settled), (false, false, true, Some(4_000)));
    let silent = read("partly-refunded", |payment| {
        payment["payStatus"] = json!("SETTLEMENT_REFUND_COMPLETE");
        payment["refundableAmount"] = json!(0);
        payment["transactions"] = json!([]);
    });
    assert_eq!(said(&silent), (false, false, false, None));
}

#[test]
fn what_is_under_way_or_contradicts_itself_says_nothing() {
    for name in ["refunded", "partly-refunded"] {
        let under_way = read(name, |payment| payment["payStatus"] = json!("REFUND_PROGRESS"));
        assert_eq!(said(&under_way), (false, false, false, None), "{name}");
        let odd = read(name, |payment| payment["refundableAmount"] = payment["amount"].clone());
        assert_eq!(said(&odd), (false, false, false, None), "{name}");
    }
    let nothing = read("refunded", |payment| {
        payment["refundableAmount"] = Value::Null;
        payment["transactions"][1]["transactionAmount"] = json!(0);
    });
    assert_eq!(said(&nothing), (false, false, false, None));
    let most = read("refunded", |payment| {
        payment["refundableAmount"] = Value::Null;
        payment["transactions"][1]["transactionAmount"] = json!(i64::MIN);
    });
    assert_eq!(said(&most), (false, false, false, None));
}

// Toss Pay's own guide: the bank may take 10 seconds; wait these and 3 to 5 more.
#[test]
fn the_calls_that_a_bank_answers_wait_for_it() {
    for deadline in [ExecutePayment::DEADLINE, RefundPayment::DEADLINE] {
        assert!(deadline >= Duration::from_secs(15), "{deadline:?}");
    }
}
