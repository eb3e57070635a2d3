//! The subscription webhook.

use ait_iap::webhook::{ChangeReason, Credential, Event, StatusChanged, SubscriptionStatus};
use serde_json::{Value, json};

use super::shop::{Shop, header, open, seeded};
use crate::control::desk::Desk;

const FIXTURES: [&str; 12] = [
    "created",
    "renewed",
    "recovered",
    "restarted",
    "entered-grace-period",
    "on-hold",
    "paused",
    "auto-renew-enabled",
    "auto-renew-disabled",
    "extended",
    "expired",
    "revoked",
];

fn fixture(name: &str) -> Value {
    let path = format!("{}/../../fixtures/iap/{name}.callback.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

async fn next(shop: &mut Shop) -> (Value, Event) {
    let heard = shop.next().await;
    assert_eq!((heard.method.as_str(), header(&heard, "content-type")), ("POST", Some("application/json")));
    (serde_json::from_slice(&heard.body).unwrap(), Event::parse(&heard.body).unwrap())
}

fn change(event: Event) -> StatusChanged {
    match event {
        Event::StatusChanged(change) => *change,
        event => panic!("{event:?}"),
    }
}

/// What the control API has to be told so that the state becomes this one.
fn put(state: &Value, reason: &str, sku: &Value) -> Value {
    json!({
        "sku": sku, "status": state["status"], "changeReason": reason, "expiresAt": state["expiresAt"],
        "autoRenew": state["autoRenew"],
    })
}

#[tokio::test]
async fn every_documented_change_is_told_as_the_sample_has_it() {
    let (emulator, mut shop) = open(&["subscription"]).await;
    let desk = Desk { emulator };
    for name in FIXTURES {
        let mut sample = fixture(&format!("subscription.{name}"));
        let order = format!("order-{name}");
        let path = format!("/subscriptions/{order}");
        if let Some(previous) = sample["subscription"].get("previous") {
            desk.get("PUT", &path, put(previous, "CREATED", &sample["sku"])).await;
            next(&mut shop).await;
        }
        let current = &sample["subscription"]["current"];
        let reason = sample["changeReason"].as_str().unwrap().to_owned();
        let told = desk.get("PUT", &path, put(current, &reason, &sample["sku"])).await;
        assert_eq!(told["accessGranted"], current["accessGranted"], "{name}");
        let (body, event) = next(&mut shop).await;
        sample["orderId"] = json!(order);
        sample["occurredAt"] = json!("2026-01-01T00:00:00");
        assert_eq!(body, sample, "{name}");
        let change = change(event);
        assert_eq!(change.change_reason, Some(ChangeReason::from(reason.as_str())), "{name}");
        assert!(
            change.change_reason.unwrap().is_known()
                && change.subscription.current.status.unwrap().is_known()
        );
    }
}

#[tokio::test]
async fn a_change_names_what_changes_and_the_rest_stays() {
    let (emulator, mut shop) = open(&["subscription"]).await;
    let desk = Desk { emulator };
    let path = "/subscriptions/first-order";
    let told = desk.get("PUT", path, json!({"sku": "gold"})).await;
    assert_eq!(
        told,
        json!({"orderId": "first-order", "sku": "gold", "changeReason": "CREATED", "status": "ACTIVE",
            "accessGranted": true, "expiresAt": null, "autoRenew": true})
    );
    let first = change(next(&mut shop).await.1);
    assert_eq!((first.order_id.as_str(), first.sku.as_deref()), ("first-order", Some("gold")));
    assert_eq!((first.subscription.previous, first.event_version.as_deref()), (None, Some("1.0")));
    desk.get("PUT", path, json!({"changeReason": "EXTENDED", "expiresAt": "2026-04-02T09:15:42"})).await;
    change(next(&mut shop).await.1);
    desk.get("POST", "/clock/advance", json!({"seconds": 90})).await;
    desk.get("PUT", path, json!({"changeReason": "ON_HOLD", "status": "ON_HOLD", "autoRenew": false})).await;
    let (body, event) = next(&mut shop).await;
    assert_eq!(body["occurredAt"], "2026-01-01T00:01:30");
    assert_eq!(body["subscription"]["previous"]["expiresAt"], "2026-04-02T09:15:42");
    let third = change(event).subscription;
    let (previous, current) = (third.previous.unwrap(), third.current);
    assert_eq!(previous.expires_at, current.expires_at);
    assert_eq!((previous.auto_renew, current.auto_renew), (Some(true), Some(false)));
    assert_eq!(
        (previous.status, current.status),
        (Some(SubscriptionStatus::Active), Some(SubscriptionStatus::OnHold))
    );
    desk.get("PUT", path, json!({"changeReason": "REVOKED", "expiresAt": null})).await;
    assert_eq!(next(&mut shop).await.0["subscription"]["current"]["expiresAt"], Value::Null);
    let kept = &desk.world()["subscriptions"]["first-order"];
    assert_eq!((&kept["status"], &kept["expires_at"]), (&json!("ON_HOLD"), &Value::Null));
    for (path, body, says) in [
        (path, json!({"status": "ACTIVE"}), "needs its `changeReason`"),
        ("/subscriptions/new", json!({}), "needs its `sku`"),
        (
            path,
            json!({"changeReason": "EXTENDED", "expiresAt": "tomorrow"}),
            "`expiresAt` must be a time in Korea",
        ),
        (path, json!({"changeReason": "BORED"}), "unknown variant `BORED`"),
        (path, json!({"changeReason": "EXTENDED", "status": "FINE"}), "unknown variant `FINE`"),
        (path, json!({"changeReason": "EXTENDED", "expires": null}), "unknown field `expires`"),
    ] {
        let told = desk.ask("PUT", path, body).await;
        assert!(told.status == 400 && told.error().contains(says), "{}", told.body);
    }
    assert_eq!(desk.emulator.outbox().len(), 4);
    assert_eq!(&desk.world()["subscriptions"]["first-order"], kept);
    assert_eq!(shop.rest(), 0);
}

#[tokio::test]
async fn the_console_checks_the_address() {
    let mut shop = Shop::open().await;
    let desk = Desk { emulator: seeded().start().await.unwrap() };
    let told = desk.ask("POST", "/callbacks/subscription/verify", Value::Null).await;
    assert_eq!(
        (told.status, told.error().as_str()),
        (409, "subscription has no address to check: give it one with PUT /_ctl/v1/callbacks/subscription")
    );
    desk.emulator.callback(shop.with("subscription", "subscriptions:long@"));
    desk.get("POST", "/callbacks/subscription/verify", Value::Null).await;
    let heard = shop.next().await;
    let credential = Credential::new("subscriptions:long").unwrap();
    assert!(credential.accepts(header(&heard, "authorization")));
    assert!(!Credential::new("subscriptions:lon").unwrap().accepts(header(&heard, "authorization")));
    let mut sample = fixture("registration-verification");
    sample["occurredAt"] = json!("2026-01-01T00:00:00");
    assert_eq!(serde_json::from_slice::<Value>(&heard.body).unwrap(), sample);
    assert!(matches!(Event::parse(&heard.body).unwrap(), Event::RegistrationVerification(_)));
}
