//! The outbox is a part of the state; addresses are not.

use std::{fs, time::Duration};

use ait_emulator::Emulator;
use serde_json::{Value, json};

use super::{
    shop::{Shop, attempts, minutes, seeded, status},
    till::transmission,
};
use crate::control::desk::Desk;

#[tokio::test]
async fn what_was_not_delivered_is_sent_by_whoever_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut shop = Shop::open().await;
    let kept = || seeded().state(folder.path());
    let desk = Desk { emulator: kept().callback(shop.callback("brandpay")).start().await.unwrap() };
    shop.answers([status(500), status(500)]);
    desk.get(
        "POST",
        "/brandpay/payments",
        json!({"orderId": "order-1", "amount": 1000, "customerKey": "c-1"}),
    )
    .await;
    let outbox = attempts(&desk.emulator, 3).await;
    let failed: Vec<_> = outbox.iter().map(|message| message.due.is_some()).collect();
    assert_eq!(failed, [true, true, false]);
    let first: Vec<_> =
        [shop.next().await, shop.next().await, shop.next().await].map(|heard| transmission(&heard).0).into();
    drop(desk);

    // Without an address it waits.
    let emulator = kept().start().await.unwrap();
    emulator.advance(Duration::from_secs(60));
    assert_eq!(emulator.outbox().len(), 3);
    assert_eq!(shop.rest(), 0);
    drop(emulator);

    let emulator = kept().callback(shop.callback("brandpay")).start().await.unwrap();
    let heard = [shop.next().await, shop.next().await].map(|heard| transmission(&heard));
    assert_eq!([&heard[0].0, &heard[1].0], [&first[0], &first[1]]);
    assert_eq!([heard[0].2.as_str(), heard[1].2.as_str()], ["1", "1"]);
    let outbox = attempts(&emulator, 5).await;
    assert_eq!((minutes(&outbox[0]), minutes(&outbox[2])), (vec![0, 1], vec![0]));
    // The payment that was open expires all the same.
    emulator.advance(Duration::from_secs(600));
    assert!(shop.next().await.body.starts_with(br#"{"eventType":"PAYMENT_STATUS_CHANGED""#));
    assert_eq!(emulator.outbox().len(), 4);
    assert_eq!(emulator.outbox()[3].id, 3);
}

#[tokio::test]
async fn a_state_without_an_outbox_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk { emulator: seeded().state(folder.path()).start().await.unwrap() };
    desk.get(
        "POST",
        "/brandpay/payments",
        json!({"orderId": "order-1", "amount": 1000, "customerKey": "c-1"}),
    )
    .await;
    drop(desk);
    let file = folder.path().join("state.json");
    let mut state: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let world = state["world"].as_object_mut().unwrap();
    assert!(world.remove("outbox").is_some() && world.remove("subscriptions").is_some());
    assert!(world["brandpay"].as_object_mut().unwrap().remove("expiring").is_some());
    for payment in world["brandpay"]["payments"].as_object_mut().unwrap().values_mut() {
        assert!(payment.as_object_mut().unwrap().remove("automatic").is_some());
    }
    let switches = state["switches"].as_object_mut().unwrap();
    assert!(switches.remove("method_word").is_some() && switches.remove("callback_retries").is_some());
    fs::write(&file, state.to_string()).unwrap();
    let emulator = Emulator::builder().state(folder.path()).start().await.unwrap();
    assert_eq!(emulator.outbox().len(), 0);
    assert_eq!(emulator.world(|core, _, _| core.world.brandpay.payments.len()), 1);
}

#[tokio::test]
async fn putting_a_state_back_leaves_the_addresses_and_brings_the_outbox() {
    let mut shop = Shop::open().await;
    let desk = Desk { emulator: seeded().callback(shop.callback("unlink")).start().await.unwrap() };
    let empty = desk.get("GET", "/state", Value::Null).await;
    desk.get("POST", "/users/1/unlink", Value::Null).await;
    attempts(&desk.emulator, 1).await;
    shop.next().await;
    let full = desk.get("GET", "/state", Value::Null).await;
    desk.get("PUT", "/state", empty).await;
    assert_eq!(desk.get("GET", "/outbox", Value::Null).await, json!([]));
    desk.get("PUT", "/state", full).await;
    assert_eq!(desk.emulator.outbox()[0].attempts.len(), 1);
    desk.get("POST", "/outbox/0/send", Value::Null).await;
    shop.next().await;
    desk.get("POST", "/state/reset", json!({"seed": 7})).await;
    assert_eq!(desk.emulator.outbox().len(), 0);
    desk.get("POST", "/users/1/unlink", Value::Null).await;
    shop.next().await;
    let told = desk.get("GET", "/outbox", Value::Null).await;
    assert_eq!((told.as_array().unwrap().len(), &told[0]["id"]), (1, &json!(0)));
}
