//! What becomes of a callback that is being sent while something else happens.

use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::shop::{Shop, attempts, open, seeded, status};
use crate::control::desk::Desk;

async fn subscribe(desk: &Desk, order: &str) {
    desk.get("PUT", &format!("/subscriptions/{order}"), json!({"sku": "gold"})).await;
}

#[tokio::test]
async fn an_answer_from_before_the_state_was_put_back_is_no_answer_to_what_happened_after() {
    for way in ["reset", "put", "patch"] {
        let (emulator, mut shop) = open(&["subscription"]).await;
        let desk = Desk { emulator };
        let empty = desk.get("GET", "/state", Value::Null).await;
        let (release, gate) = oneshot::channel::<()>();
        shop.holds(gate);
        shop.answers([status(500)]);
        subscribe(&desk, "order-1").await;
        let first = shop.next().await;
        match way {
            "reset" => desk.get("POST", "/state/reset", json!({"seed": 7})).await,
            "put" => desk.get("PUT", "/state", empty).await,
            _ => desk.get("PATCH", "/state", json!({"world": {"outbox": null, "subscriptions": null}})).await,
        };
        subscribe(&desk, "order-1").await;
        release.send(()).unwrap();
        let outbox = attempts(&desk.emulator, 1).await;
        let told: Vec<_> = outbox[0].attempts.iter().map(|attempt| attempt.status).collect();
        assert_eq!(told, [Some(200)], "{way}");
        assert_eq!(shop.heard_now().body, first.body, "{way}");
    }
}

#[tokio::test]
async fn after_a_reset_nothing_waits_for_what_was_sent_before() {
    let (emulator, mut shop) = open(&["subscription"]).await;
    let desk = Desk { emulator };
    let (_never, gate) = oneshot::channel::<()>();
    shop.holds(gate);
    subscribe(&desk, "order-1").await;
    let first = shop.next().await;
    desk.get("POST", "/state/reset", json!({"seed": 7})).await;
    subscribe(&desk, "order-1").await;
    assert_eq!(shop.next().await.body, first.body);
    assert_eq!(attempts(&desk.emulator, 1).await[0].attempts[0].status, Some(200));
}

#[tokio::test]
async fn a_change_of_something_else_keeps_what_is_being_sent() {
    let (emulator, mut shop) = open(&["subscription"]).await;
    let desk = Desk { emulator };
    let (release, gate) = oneshot::channel::<()>();
    shop.holds(gate);
    subscribe(&desk, "order-1").await;
    shop.next().await;
    desk.get("PATCH", "/state", json!({"world": {"subscriptions": null}})).await;
    release.send(()).unwrap();
    attempts(&desk.emulator, 1).await;
    subscribe(&desk, "order-2").await;
    let outbox = attempts(&desk.emulator, 2).await;
    assert_eq!(outbox.iter().map(|message| message.attempts.len()).collect::<Vec<_>>(), [1, 1]);
    shop.next().await;
    assert_eq!(shop.rest(), 0);
}

#[tokio::test]
async fn a_wish_lasts_until_the_answer_is_there() {
    let (emulator, mut shop) = open(&["subscription"]).await;
    let desk = Desk { emulator };
    subscribe(&desk, "order-1").await;
    attempts(&desk.emulator, 1).await;
    shop.next().await;
    let (release, gate) = oneshot::channel::<()>();
    shop.holds(gate);
    desk.get("POST", "/outbox/0/send", Value::Null).await;
    shop.next().await;
    // What whoever goes on would find, if the emulator ended now.
    let state = desk.get("GET", "/state", Value::Null).await;
    assert_eq!(state["world"]["outbox"]["messages"][0]["again"].as_array().unwrap().len(), 1);
    release.send(()).unwrap();
    attempts(&desk.emulator, 2).await;
    assert_eq!(desk.world()["outbox"]["messages"][0]["again"], json!([]));
    desk.get("PUT", "/state", state).await;
    shop.next().await;
    attempts(&desk.emulator, 2).await;
    assert_eq!(shop.rest(), 0);
}

#[tokio::test]
async fn a_shop_that_hangs_delays_callbacks_of_its_kind_only() {
    let mut hanging = Shop::open().await;
    hanging.answers((0..20).map(|_| ait_emulator::Reply::Hang));
    let mut shop = Shop::open().await;
    let builder = seeded().callback(hanging.callback("subscription"));
    let desk = Desk { emulator: builder.callback(shop.callback("unlink")).start().await.unwrap() };
    for n in 0..20 {
        subscribe(&desk, &format!("order-{n}")).await;
    }
    desk.get("POST", "/users/1/unlink", Value::Null).await;
    assert_eq!(shop.next().await.path, "/unlink");
    let before = hanging.rest();
    assert!(before < 10, "it waited for {before} others");
}

#[tokio::test]
async fn an_answer_that_comes_late_does_not_hurry_the_one_after_the_next() {
    let (emulator, mut shop) = open(&["subscription"]).await;
    let desk = Desk { emulator };
    let (release, late) = oneshot::channel::<()>();
    shop.holds(late);
    subscribe(&desk, "order-1").await;
    shop.next().await;
    subscribe(&desk, "order-2").await;
    subscribe(&desk, "order-3").await;
    let (_never, gate) = oneshot::channel::<()>();
    shop.holds(gate);
    // It goes without the first answer, which comes now.
    shop.next().await;
    release.send(()).unwrap();
    attempts(&desk.emulator, 1).await;
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
    assert_eq!(shop.rest(), 0, "the third waits for the second");
}
