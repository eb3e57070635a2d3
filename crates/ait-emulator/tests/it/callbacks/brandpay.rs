//! Webhooks of BrandPay payments.

use std::time::Duration;

use brandpay::{
    AutomaticPayment, MethodKey, Payment, PaymentByKey, PaymentStatus,
    ait_core::{Krw, Outcome},
    webhook::is_same,
};
use serde_json::{Value, json};

use super::{
    shop::attempts,
    till::{CUSTOMER, Till, customer, key, order},
};

const TEN_MINUTES: Duration = Duration::from_secs(600);

fn amounts(payment: &Payment) -> (Option<i64>, Option<i64>) {
    let won = |amount: &Option<brandpay::Amount>| {
        amount.as_ref().and_then(|amount| serde_json::to_value(amount).ok()?.as_i64())
    };
    (won(&payment.total_amount), won(&payment.balance_amount))
}

#[tokio::test]
async fn a_payment_and_its_cancels_are_told_as_the_calls_tell_them() {
    let mut till = Till::with_customer().await;
    let paid = till.confirm("emu-1", "order-1").await.unwrap();
    let (body, event) = till.event().await;
    let webhook: Value = serde_json::from_str(&body).unwrap();
    // Two calls before: the clock moves by a tenth of a second with each.
    let at = till.desk.emulator.outbox().last().unwrap().at;
    assert_eq!(webhook["createdAt"], format!("{}.{:03}000", at.kst(), at.unix_millis() % 1000));
    assert_eq!(event.created_at.unwrap().as_str().len(), "2026-01-01T00:00:00.000000".len());
    let brandpay::webhook::Data::PaymentStatusChanged(told) = event.data else { panic!("{body}") };
    assert_eq!(told.status, PaymentStatus::Done);
    assert_eq!(
        serde_json::to_value(&*told).unwrap(),
        serde_json::to_value(&paid).unwrap(),
        "as the confirm told it"
    );
    assert!(is_same(paid.secret.as_ref().unwrap(), &told));

    till.cancel(&paid, Some(4_000)).await;
    let told = till.payment().await;
    assert_eq!((told.status.as_str(), amounts(&told)), ("PARTIAL_CANCELED", (Some(10_000), Some(6_000))));
    let rest = till.cancel(&paid, None).await;
    let told = till.payment().await;
    assert_eq!(serde_json::to_value(&told).unwrap(), serde_json::to_value(&rest).unwrap());
    assert_eq!(amounts(&told), (Some(10_000), Some(0)));

    let another = till.confirm("emu-2", "order-2").await.unwrap();
    assert_eq!(till.payment().await.order_id, another.order_id);
    till.cancel(&another, None).await;
    assert_eq!(till.payment().await.status, PaymentStatus::Canceled);
    assert_eq!((till.shop.rest(), till.outbox()), (0, 3 + 5));
}

#[tokio::test]
async fn the_switches_for_payments_hold_for_webhooks() {
    let mut till = Till::with_customer().await;
    till.desk
        .get("PATCH", "/switches", json!({"payment_version": "v20221116", "payment_secret": false}))
        .await;
    till.confirm("emu-1", "order-1").await.unwrap();
    let told: Value = serde_json::from_str(&till.event().await.0).unwrap();
    assert_eq!((&told["data"]["version"], &told["data"]["secret"]), (&json!("2022-11-16"), &Value::Null));
}

#[tokio::test]
async fn a_lost_answer_has_its_webhook_and_an_undone_call_has_none() {
    let mut till = Till::with_customer().await;
    // Any number of times: the client asks again under its key.
    let faulty = async |till: &mut Till, what: &str, name: &str| {
        till.desk.emulator.fault(&format!("brandpay.confirm {what} times=any")).unwrap();
        let error = till.confirm(&format!("emu-{name}"), &format!("order-{name}")).await.unwrap_err();
        assert!(error.outcome() > Outcome::Refused, "{what}: {error}");
        till.desk.get("DELETE", "/faults", Value::Null).await;
    };
    for (n, what) in ["before_commit reset", "before_commit status=500"].iter().enumerate() {
        faulty(&mut till, what, &format!("undone-{n}")).await;
        assert_eq!(till.outbox(), 3, "{what}");
    }
    for (n, what) in ["after_commit reset", "after_commit status=500", "mid_body close"].iter().enumerate() {
        faulty(&mut till, what, &format!("lost-{n}")).await;
        let told = till.payment().await;
        assert_eq!((told.order_id.as_str(), told.status.as_str()), (&*format!("order-lost-{n}"), "DONE"));
        let asked = till.pay.payment_by_key(PaymentByKey::new(told.payment_key)).await.unwrap();
        assert_eq!(asked.status, PaymentStatus::Done);
    }
    assert_eq!(till.outbox(), 6, "each once, however often it was asked");
    // Put off, and done by the clock: the moment of the webhook is that of the payment.
    faulty(&mut till, "before_commit late_commit=60", "late").await;
    assert_eq!(till.outbox(), 6);
    till.desk.get("POST", "/clock/advance", json!({"seconds": 3600})).await;
    assert_eq!(till.payment().await.status, PaymentStatus::Done);
    let late = till.desk.emulator.outbox().pop().unwrap().at;
    assert!(till.desk.emulator.now().since(late) >= Duration::from_secs(3500));
    assert_eq!((till.outbox(), till.shop.rest()), (7, 0));
}

#[tokio::test]
async fn what_time_brings_is_told_in_its_order() {
    let mut till = Till::with_customer().await;
    let expires = till.desk.emulator.world(|core, now, rng| {
        core.world.brandpay.authenticate("order-1", 10_000, CUSTOMER, None, now, rng)
    });
    till.desk.emulator.fault("brandpay.confirm before_commit late_commit=1200 times=any").unwrap();
    till.confirm("emu-2", "order-2").await.unwrap_err();
    till.desk.emulator.advance(Duration::from_secs(3600));
    let first = till.payment().await;
    assert_eq!((first.payment_key.as_str(), first.status), (expires.as_str(), PaymentStatus::Expired));
    assert_eq!(till.payment().await.status, PaymentStatus::Done);
    let moments: Vec<_> = till.desk.emulator.outbox().iter().map(|message| message.at).collect();
    assert!(moments.is_sorted(), "{moments:?}");
    assert_eq!(till.shop.rest(), 0);
}

#[tokio::test]
async fn a_replay_under_an_idempotency_key_is_no_second_event() {
    let mut till = Till::with_customer().await;
    till.confirm("emu-1", "order-1").await.unwrap();
    till.payment().await;
    till.confirm("emu-1", "order-1").await.unwrap();
    assert_eq!(till.outbox(), 4);
}

#[tokio::test]
async fn a_refusal_by_the_card_company_is_told_and_another_refusal_is_not() {
    let mut till = Till::with_customer().await;
    let paid = till.desk.emulator.world(|core, now, rng| {
        let brandpay = &mut core.world.brandpay;
        brandpay.customers.get_mut(CUSTOMER).unwrap().cards[0].refuses =
            Some("REJECT_CARD_COMPANY".to_owned());
        brandpay.authenticate("order-1", 10_000, CUSTOMER, None, now, rng)
    });
    till.confirm("no-such-payment", "order-0").await.unwrap_err();
    assert_eq!(till.outbox(), 3);
    till.confirm(&paid, "order-1").await.unwrap_err();
    assert_eq!(till.payment().await.status, PaymentStatus::Aborted);
    assert_eq!(till.outbox(), 4);
}

#[tokio::test]
async fn automatic_payments_and_their_cancels_are_not_told() {
    let till = Till::with_customer().await;
    let card: MethodKey = till.methods().await.cards[0].method_key.clone();
    let charge =
        AutomaticPayment::new(key("charge"), customer(), card, order("order-1"), "커피", Krw::new(10_000));
    let paid = till.pay.automatic_payment(charge.unwrap()).await.unwrap();
    till.cancel(&paid, Some(1_000)).await;
    assert_eq!(till.outbox(), 3);
}

#[tokio::test]
async fn a_payment_that_nobody_confirms_expires_once() {
    let mut till = Till::with_customer().await;
    let emulator = &till.desk.emulator;
    let (opened, authenticated, confirmed) = emulator.world(|core, now, rng| {
        let state = &mut core.world.brandpay;
        let opened = state.open("order-1", 10_000, CUSTOMER, now, rng);
        let authenticated = state.open("order-2", 10_000, CUSTOMER, now, rng);
        assert!(state.buyer_authenticates(&authenticated, None, now));
        (opened, authenticated, state.authenticate("order-3", 10_000, CUSTOMER, None, now, rng))
    });
    let start = emulator.now();
    till.confirm(&confirmed, "order-3").await.unwrap();
    assert_eq!(till.payment().await.payment_key.as_str(), confirmed);
    // Exactly ten minutes are in time.
    let late = till.desk.emulator.now().since(start);
    till.desk.emulator.advance(TEN_MINUTES - late);
    assert_eq!(till.outbox(), 4);
    till.desk.emulator.advance(Duration::from_millis(1));
    let told = till.payment().await;
    assert_eq!((told.status.as_str(), told.payment_key.as_str()), ("EXPIRED", authenticated.as_str()));
    // All at once: the moment of the webhook is that of the end, and what has expired before is told no more.
    till.desk.emulator.advance(Duration::from_secs(24 * 3600));
    let (body, event) = till.event().await;
    let brandpay::webhook::Data::PaymentStatusChanged(told) = event.data else { panic!("{body}") };
    assert_eq!((told.status.as_str(), told.payment_key.as_str()), ("EXPIRED", opened.as_str()));
    assert!(body.contains(r#""createdAt":"2026-01-01T00:30:00.001000""#), "{body}");
    till.desk.emulator.advance(Duration::from_secs(24 * 3600));
    let outbox = attempts(&till.desk.emulator, 6).await;
    assert_eq!((outbox.len(), till.shop.rest()), (6, 0));
}
