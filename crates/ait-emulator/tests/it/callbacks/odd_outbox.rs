//! An outbox that was written by hand.

use serde_json::{Value, json};

use super::{
    shop::{attempts, open, status},
    till::transmission,
};
use crate::control::desk::Desk;

fn message(id: u64, tries: u64) -> Value {
    json!({"id": id, "kind": "brandpay", "at": 0, "transmission": "one", "body": "{}", "due": 0, "tries": tries})
}

#[tokio::test]
async fn numbers_that_could_name_two_callbacks_are_refused() {
    let (emulator, mut shop) = open(&["brandpay"]).await;
    let desk = Desk { emulator };
    for (outbox, says) in [
        (json!({"next": u64::MAX}), "`next` of an outbox is below 9007199254740992"),
        (json!({"next": 1_u64 << 53}), "`next` of an outbox is below 9007199254740992"),
        (json!({"next": 1, "messages": [message(1, 0)]}), "ids of an outbox rise and stay below its `next`"),
        (json!({"next": 2, "messages": [message(1, 0), message(1, 0)]}), "ids of an outbox rise"),
        (json!({"next": 3, "messages": [message(2, 0), message(1, 0)]}), "ids of an outbox rise"),
    ] {
        let told = desk.ask("PATCH", "/state", json!({"world": {"outbox": outbox}})).await;
        assert!(told.status == 400 && told.error().contains(says), "{outbox}: {}", told.body);
    }
    desk.get("POST", "/brandpay/customers/c-1", json!({"does": "change_password"})).await;
    shop.next().await;
}

#[tokio::test]
async fn two_with_one_transmission_are_two_callbacks() {
    let (emulator, mut shop) = open(&["brandpay"]).await;
    let desk = Desk { emulator };
    let outbox = json!({"next": 2, "messages": [message(0, 0), message(1, 0)]});
    desk.get("PATCH", "/state", json!({"world": {"outbox": outbox}})).await;
    let outbox = attempts(&desk.emulator, 2).await;
    let sent = outbox.iter().map(|message| (message.id, message.attempts.len(), message.due));
    assert_eq!(sent.collect::<Vec<_>>(), [(0, 1, None), (1, 1, None)]);
    assert_eq!(shop.rest(), 2);
}

#[tokio::test]
async fn tries_without_end_have_come_to_theirs() {
    let (emulator, shop) = open(&["brandpay"]).await;
    let desk = Desk { emulator };
    shop.answers([status(500)]);
    let outbox = json!({"next": 1, "messages": [message(0, u64::MAX)]});
    desk.get("PATCH", "/state", json!({"world": {"outbox": outbox}})).await;
    let outbox = attempts(&desk.emulator, 1).await;
    assert_eq!((outbox[0].attempts[0].status, outbox[0].due), (Some(500), None));
}

#[tokio::test]
async fn of_many_attempts_the_last_hundred_are_kept_and_all_are_counted() {
    let (emulator, mut shop) = open(&["brandpay"]).await;
    let desk = Desk { emulator };
    desk.emulator.world(|core, _, _| {
        use ait_emulator::api::brandpay::CustomerChange;
        core.world.brandpay.customer_did("customer-1", CustomerChange::PasswordChanged);
    });
    for _ in 1..105 {
        desk.get("POST", "/outbox/0/send", Value::Null).await;
    }
    for n in 0..105 {
        assert_eq!(transmission(&shop.next().await).2, n.to_string());
    }
    let told = loop {
        let told = desk.get("GET", "/outbox", Value::Null).await;
        if told[0]["sent"] != 104 {
            break told;
        }
    };
    assert_eq!((&told[0]["sent"], told[0]["attempts"].as_array().unwrap().len()), (&json!(105), 100));
}
