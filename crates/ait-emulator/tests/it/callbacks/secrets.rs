//! Secrets stay out of what people look at, and the same seed gives the same bytes.

use ait_emulator::api::login::UnlinkReason;
use serde_json::{Value, json};

use super::{
    shop::{Shop, attempts, seeded},
    till::confirm,
};
use crate::control::desk::Desk;

const BEFORE: &str = "canary-user:canary%20password@";
const VALUE: &str = "canary-user:canary password";

/// A day in which everything is told, and what the shop heard.
async fn a_day(desk: &Desk, shop: &mut Shop) -> Vec<String> {
    let emulator = &desk.emulator;
    emulator.world(|core, _, rng| core.world.user_unlinks(443_731_104, UnlinkReason::Unlink, rng));
    desk.get("PUT", "/subscriptions/order-1", json!({"sku": "gold"})).await;
    let pay = brandpay::BrandPay::new(emulator.client().unwrap(), emulator.brandpay_secret_key());
    pay.confirm(confirm("emu-canary-payment-1", "order-1")).await.unwrap();
    let count = emulator.outbox().len();
    assert_eq!(count, 2 + 3 + 1);
    attempts(emulator, count).await;
    let mut heard = Vec::new();
    for _ in 0..count {
        let request = shop.next().await;
        let port = shop.port().to_string();
        heard.push(
            String::from_utf8([&request.head[..], &request.body[..]].concat())
                .unwrap()
                .replace(&port, "PORT"),
        );
    }
    heard
}

#[tokio::test]
async fn neither_password_nor_secret_is_shown_anywhere() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let folder = tempfile::tempdir().unwrap();
    let (log, state) = (folder.path().join("log"), folder.path().join("state"));
    std::fs::create_dir(&state).unwrap();
    let mut shop = Shop::open().await;
    let mut builder = seeded().log(&log).state(&state);
    for kind in ["unlink", "subscription", "brandpay"] {
        builder = builder.callback(shop.with(kind, BEFORE));
    }
    let mut shown = vec![format!("{builder:?}")];
    let desk = Desk { emulator: builder.start().await.unwrap() };
    let heard = a_day(&desk, &mut shop).await;
    let encoded = STANDARD.encode(VALUE);
    assert!(
        heard.iter().all(|heard| heard.contains(&format!("authorization: Basic {encoded}\r\n"))),
        "{heard:?}"
    );
    let secret = desk
        .emulator
        .world(|core, _, _| core.world.brandpay.payments.values().next().unwrap().secret.clone());
    assert!(heard.iter().any(|heard| heard.contains(&secret)));

    let everything = desk.get("GET", "/state", Value::Null).await.to_string();
    for path in ["/callbacks", "/outbox", "/requests", "/env", "/faults"] {
        shown.push(desk.get("GET", path, Value::Null).await.to_string());
    }
    shown.push(format!("{:?} {:?}", desk.emulator, desk.emulator.outbox()));
    shown.push(
        desk.emulator
            .engine(|engine| format!("{engine:?} {:?} {:?}", engine.snapshot(), engine.core.callbacks)),
    );
    let url = format!("http://{BEFORE}127.0.0.1:{}/x", shop.port());
    shown.push(desk.ask("PUT", "/callbacks/brandpay", json!({"url": url})).await.body);
    drop(desk);
    shown.push(std::fs::read_to_string(&log).unwrap());
    let kept = std::fs::read_to_string(state.join("state.json")).unwrap();
    // What the state keeps are the world's own secrets, and no password.
    assert!(kept.contains(&secret) && kept.contains("443731104"));
    for text in shown.iter().chain([&kept, &everything]) {
        for part in ["canary password", "canary%20password", "canary-user", &encoded] {
            assert!(!text.contains(part), "{part} in {text}");
        }
    }
    for text in &shown {
        for part in [secret.as_str(), "443731104", "emu-canary-payment-1", "customer-1"] {
            assert!(!text.contains(part), "{part} in {text}");
        }
    }
}

#[tokio::test]
async fn two_runs_with_one_seed_tell_the_same_bytes_and_addresses_change_no_key() {
    let mut runs = Vec::new();
    for (seed, listens) in [(7, true), (7, true), (8, true), (7, false)] {
        let mut shop = Shop::open().await;
        let mut builder = seeded().seed(seed);
        for kind in ["unlink", "subscription", "brandpay"].iter().filter(|_| listens) {
            builder = builder.callback(shop.callback(kind));
        }
        let desk = Desk { emulator: builder.start().await.unwrap() };
        let mut heard = Vec::new();
        if listens {
            heard = a_day(&desk, &mut shop).await;
        } else {
            let emulator = &desk.emulator;
            emulator.world(|core, _, rng| core.world.user_unlinks(443_731_104, UnlinkReason::Unlink, rng));
            desk.get("PUT", "/subscriptions/order-1", json!({"sku": "gold"})).await;
            let pay = brandpay::BrandPay::new(emulator.client().unwrap(), emulator.brandpay_secret_key());
            pay.confirm(confirm("emu-canary-payment-1", "order-1")).await.unwrap();
        }
        let mut state = desk.get("GET", "/state", Value::Null).await;
        let outbox = state["world"]["outbox"].take();
        runs.push((heard, outbox, state));
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0].0, runs[2].0);
    assert_eq!(runs[0].2, runs[3].2);
    let ids: std::collections::BTreeSet<_> = runs[0].1["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["transmission"].to_string())
        .collect();
    assert_eq!(ids.len(), 6, "each has an id of its own");
}
