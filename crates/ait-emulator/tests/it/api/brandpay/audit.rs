//! What must be true of payments and of the ledger.

use ait_emulator::api::{Movement, brandpay::PaymentStatus};
use serde_json::json;

use super::desk::Desk;

/// A world of payments in every state.
fn desk() -> (Desk, String) {
    let mut desk = Desk::new();
    desk.session_of("order-0", 500, None);
    let key = desk.paid(10_000);
    desk.cancel(&key, json!({"cancelReason": "x", "cancelAmount": 4000}));
    assert_eq!(desk.core.violations(), []);
    (desk, key)
}

fn broken(change: impl FnOnce(&mut Desk, &str)) -> usize {
    let (mut desk, key) = desk();
    change(&mut desk, &key);
    desk.core.violations().iter().filter(|found| found.rule == "sums-equal").count()
}

#[test]
fn a_sum_that_is_wrong_is_found() {
    assert_eq!(broken(|_, _| {}), 0);
    assert_eq!(broken(|desk, key| desk.payment(key).balance += 1), 1, "balance = total - cancels");
    assert_eq!(broken(|desk, key| desk.payment(key).cancels[0].amount = 3999), 1);
    assert_eq!(
        broken(|desk, key| {
            desk.payment(key).amount = 20_000;
            desk.payment(key).balance = 16_000;
        }),
        1,
        "the ledger knows of 10000"
    );
    assert_eq!(
        broken(|desk, key| {
            desk.payment(key).cancels[0].amount = 5000;
            desk.payment(key).balance = 5000;
        }),
        1,
        "the ledger knows of 4000"
    );
    assert_eq!(broken(|desk, key| drop(desk.state().payments.remove(key))), 1);
}

#[test]
fn a_status_that_does_not_agree_is_found() {
    for (status, found) in [
        (PaymentStatus::PartialCanceled, 0),
        (PaymentStatus::Done, 1),
        (PaymentStatus::Canceled, 1),
        (PaymentStatus::InProgress, 1),
        (PaymentStatus::Ready, 1),
        (PaymentStatus::Aborted, 1),
    ] {
        assert_eq!(broken(|desk, key| desk.payment(key).status = status), found, "{status:?}");
    }
    let open = |desk: &mut Desk| desk.state().payment_of_order("order-0").unwrap().0.to_owned();
    for status in [PaymentStatus::Done, PaymentStatus::PartialCanceled, PaymentStatus::Canceled] {
        let found = broken(|desk, _| {
            let open = open(desk);
            desk.payment(&open).status = status;
        });
        assert_eq!(found, 1, "{status:?}");
    }
    let approved = broken(|desk, _| {
        let open = open(desk);
        desk.payment(&open).approved_at = Some(desk.now);
    });
    assert_eq!(approved, 2, "neither the ledger nor the status knows of it");
}

#[test]
fn one_entry_for_each_movement() {
    let (mut desk, key) = desk();
    let kinds = |desk: &Desk| {
        let pay = |movement: &&Movement| matches!(movement, Movement::BrandpayPayment { .. });
        let all = desk.movements();
        (all.iter().filter(pay).count(), all.len())
    };
    assert_eq!(kinds(&desk), (1, 2));
    desk.cancel(&key, json!({"cancelReason": "x"}));
    assert_eq!(kinds(&desk), (1, 3));
}
