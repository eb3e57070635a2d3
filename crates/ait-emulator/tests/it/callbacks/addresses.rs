//! Where callbacks go, and where they do not.

use std::time::Duration;

use ait_emulator::{Emulator, api::login::UnlinkReason};
use serde_json::{Value, json};

use super::{
    shop::{Shop, attempts, open, seeded},
    till::{CUSTOMER, Till},
};
use crate::control::desk::Desk;

fn cut(emulator: &Emulator, user: u64) {
    assert!(emulator.world(|core, _, rng| core.world.user_unlinks(user, UnlinkReason::Unlink, rng)));
}

#[tokio::test]
async fn without_an_address_nothing_is_put_into_the_outbox_also_not_for_later() {
    let mut shop = Shop::open().await;
    let emulator = seeded().callback(shop.callback("subscription")).start().await.unwrap();
    cut(&emulator, 1);
    emulator.world(|core, now, rng| {
        core.world.brandpay.authenticate("order-1", 1_000, CUSTOMER, None, now, rng);
    });
    emulator.advance(Duration::from_secs(3600));
    assert_eq!(emulator.outbox().len(), 0);
    for kind in ["unlink", "brandpay"] {
        emulator.callback(shop.callback(kind));
    }
    emulator.advance(Duration::from_secs(3600));
    assert_eq!(emulator.outbox().len(), 0, "what happened before is past");
    cut(&emulator, 2);
    assert_eq!(emulator.outbox().len(), 1);
    assert_eq!(shop.next().await.path, "/unlink");
    assert_eq!(shop.rest(), 0);
}

#[tokio::test]
async fn each_kind_has_its_address_which_can_be_changed_and_taken_away() {
    let (mut one, mut two) = (Shop::open().await, Shop::open().await);
    let desk = Desk { emulator: seeded().start().await.unwrap() };
    assert_eq!(desk.get("GET", "/callbacks", Value::Null).await, json!({}));
    for (kind, shop) in [("unlink", &one), ("brandpay", &two)] {
        let url = format!("http://u:p@127.0.0.1:{}/{kind}?a=b", shop.port());
        let told = desk.get("PUT", &format!("/callbacks/{kind}"), json!({"url": url})).await;
        assert_eq!(told, json!({"url": url.replace("u:p@", "…@"), "method": "POST"}));
        assert_eq!(desk.get("GET", "/callbacks", Value::Null).await[kind], told);
    }
    cut(&desk.emulator, 1);
    assert_eq!(one.next().await.path, "/unlink?a=b");
    desk.emulator.callback(two.callback("unlink"));
    cut(&desk.emulator, 2);
    assert_eq!(two.next().await.path, "/unlink");
    assert_eq!(desk.get("DELETE", "/callbacks/unlink", Value::Null).await, json!({"done": true}));
    cut(&desk.emulator, 3);
    let told = desk.get("GET", "/callbacks", Value::Null).await;
    assert_eq!(told.as_object().unwrap().keys().collect::<Vec<_>>(), ["brandpay"]);
    let outbox = desk.get("GET", "/outbox", Value::Null).await;
    assert_eq!(outbox.as_array().unwrap().len(), 2);
    assert_eq!((one.rest(), two.rest()), (0, 0));
}

#[tokio::test]
async fn a_retry_goes_to_the_address_of_then_and_waits_for_one() {
    let (emulator, shop) = open(&["unlink"]).await;
    let desk = Desk { emulator };
    desk.get("PATCH", "/switches", json!({"callback_retries": "as_brandpay"})).await;
    shop.answers([ait_emulator::Reply::Close]);
    cut(&desk.emulator, 1);
    attempts(&desk.emulator, 1).await;
    desk.get("DELETE", "/callbacks/unlink", Value::Null).await;
    desk.emulator.advance(Duration::from_secs(3600));
    assert_eq!(desk.emulator.outbox()[0].attempts.len(), 1);
    let mut another = Shop::open().await;
    desk.emulator.callback(another.callback("unlink"));
    another.next().await;
    attempts(&desk.emulator, 2).await;
}

const RULE: &str =
    r#"the body must be {"url": "http://…", "method": "POST"}, where `method` may be left out or be GET"#;

#[tokio::test]
async fn an_address_elsewhere_is_refused_and_the_old_one_stays() {
    let (emulator, mut shop) = open(&["unlink"]).await;
    let desk = Desk { emulator };
    let before = desk.get("GET", "/callbacks", Value::Null).await;
    for (kind, body, status, says) in [
        ("unlink", json!({"url": "http://u:canary@shop.example/"}), 400, "to this machine only"),
        ("unlink", json!({"url": "http://10.0.0.1:3000/"}), 400, "not to `10.0.0.1`"),
        ("unlink", json!({"url": "http://u:canary@10.0.0.1:3000/"}), 400, "to this machine only"),
        ("unlink", json!({"url": "http://canary/word@127.0.0.1:3000/"}), 400, "to this machine only"),
        ("unlink", json!({"url": "http://canary?word@127.0.0.1:3000/"}), 400, "to this machine only"),
        ("unlink", json!({"url": "http://canary#word@127.0.0.1:3000/"}), 400, "to this machine only"),
        ("unlink", json!({"url": "http://canary%2fword%40127.0.0.1/"}), 400, "the URL is none"),
        ("unlink", json!("http://u:canary@127.0.0.1/"), 400, RULE),
        ("unlink", json!({"http://u:canary@127.0.0.1/": ""}), 400, RULE),
        ("unlink", json!({"url": "http://127.0.0.1:1/", "method": "canary"}), 400, RULE),
        ("unlink", json!({"url": "https://u:canary@127.0.0.1/"}), 400, "without TLS"),
        ("unlink", json!({"url": "ftp://u:canary@127.0.0.1/"}), 400, "without TLS"),
        ("unlink", json!({"url": "http://u:can ary@127.0.0.1/"}), 400, "the URL is none"),
        ("unlink", json!({"url": "http://127.0.0.1:1/", "method": "PUT"}), 400, RULE),
        ("unlink", json!({"url": "http://127.0.0.1:1/", "user": "x"}), 400, RULE),
        ("unlink", json!({}), 400, RULE),
        ("brandpay", json!({"url": "http://127.0.0.1:1/", "method": "GET"}), 400, "only the unlink callback"),
        ("deposit", json!({"url": "http://127.0.0.1:1/"}), 404, "unlink, subscription and brandpay"),
    ] {
        let told = desk.ask("PUT", &format!("/callbacks/{kind}"), body).await;
        assert!(told.status == status && told.error().contains(says), "{}", told.body);
        assert!(!told.body.contains("canary") && !told.body.contains("ary@"), "{}", told.body);
    }
    for (kind, says) in [("brandpay", "brandpay has no address"), ("deposit", "there are the callbacks")] {
        let told = desk.ask("DELETE", &format!("/callbacks/{kind}"), Value::Null).await;
        assert!(told.status == 404 && told.error().contains(says), "{}", told.body);
    }
    assert_eq!(desk.get("GET", "/callbacks", Value::Null).await, before);
    cut(&desk.emulator, 1);
    shop.next().await;
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_nobody_listening_is_told() {
    let (emulator, mut shop) = open(&["unlink"]).await;
    let mut elsewhere = Shop::open().await;
    let to = format!("http://127.0.0.1:{}/", elsewhere.port());
    shop.answers([ait_emulator::Reply::Answer(ait_emulator::Response::text(307, "").header("location", to))]);
    cut(&emulator, 1);
    assert_eq!(attempts(&emulator, 1).await[0].attempts[0].status, Some(307));
    shop.next().await;
    let gone = shop.callback("unlink");
    shop.close().await;
    emulator.callback(gone);
    cut(&emulator, 2);
    let outbox = attempts(&emulator, 2).await;
    assert!(outbox[1].attempts[0].error.as_ref().unwrap().contains("refused"), "{outbox:?}");
    assert_eq!(elsewhere.rest(), 0);
}

#[tokio::test]
async fn a_shop_may_call_while_it_is_called() {
    let mut till = Till::with_customer().await;
    let (release, gate) = tokio::sync::oneshot::channel::<()>();
    till.shop.holds(gate);
    till.confirm("emu-1", "order-1").await.unwrap();
    let paid = till.payment().await;
    // Asks before it answers, and hears of what it does meanwhile.
    till.cancel(&paid, None).await;
    assert_eq!(till.payment().await.status.as_str(), "CANCELED");
    release.send(()).unwrap();
    attempts(&till.desk.emulator, 5).await;
}
