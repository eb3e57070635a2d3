//! How a payment stands.

use crate::support::fixture;
use brandpay::Payment;
use serde_json::json;

#[test]
fn a_payment_is_cancelled_in_full_when_nothing_is_left() {
    for (name, full, paid) in [
        ("cancel.full.response", true, false),
        ("cancel.rest.response", true, false),
        ("cancel.partial.response", false, true),
        ("confirm.response", false, true),
        ("payment.in-progress.response", false, false),
        ("payment.aborted.response", false, false),
    ] {
        let payment: Payment = serde_json::from_value(fixture(name)).unwrap();
        assert_eq!((payment.is_fully_canceled(), payment.is_paid()), (full, paid), "{name}");
    }
}

#[test]
fn nobody_has_paid_unless_the_status_says_so_and_something_is_left() {
    let with = |status: &str, balance: serde_json::Value| -> Payment {
        let mut payment = fixture("confirm.response");
        payment["status"] = json!(status);
        payment["balanceAmount"] = balance;
        serde_json::from_value(payment).unwrap()
    };
    for (status, taken) in [
        ("READY", false),
        ("IN_PROGRESS", false),
        ("WAITING_FOR_DEPOSIT", false),
        ("DONE", true),
        ("PARTIAL_CANCELED", true),
        ("CANCELED", false),
        ("ABORTED", false),
        ("EXPIRED", false),
        ("A_STATUS_OF_TOMORROW", false),
    ] {
        for (balance, full) in [
            (json!(0), true),
            (json!("0.00"), true),
            (json!(1), false),
            (json!(0.01), false),
            (json!(-1), false),
            (json!(null), false),
        ] {
            let payment = with(status, balance.clone());
            assert_eq!(payment.is_fully_canceled(), full, "{status} {balance}");
            assert_eq!(payment.is_paid(), taken && !full, "{status} {balance}");
        }
    }
}
