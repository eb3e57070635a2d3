//! The id of a transmission names what happened, and nothing else.

use std::{collections::BTreeSet, time::Duration};

use ait_emulator::api::login::UnlinkReason;
use serde_json::{Value, json};

use super::shop::open;
use crate::control::desk::Desk;

/// The id of the first callback of a run.
async fn id(desk: &Desk, wait: u64, what: &str) -> String {
    desk.get("POST", "/state/reset", json!({"seed": 7})).await;
    desk.emulator.advance(Duration::from_millis(wait));
    match what {
        "unlink" => {
            let unlink = |core: &mut ait_emulator::api::Core, _, rng: &mut _| {
                core.world.user_unlinks(1, UnlinkReason::Unlink, rng)
            };
            assert!(desk.emulator.world(unlink));
        }
        "verify" => drop(desk.get("POST", "/callbacks/subscription/verify", Value::Null).await),
        order => {
            let path = format!("/subscriptions/{order}");
            desk.get("PUT", &path, json!({"sku": "gold"})).await;
        }
    }
    desk.emulator.outbox()[0].transmission.clone()
}

#[tokio::test]
async fn the_same_run_gives_the_same_ids_and_another_event_another() {
    let (emulator, _shop) = open(&["unlink", "subscription"]).await;
    let desk = Desk { emulator };
    let mut ids = BTreeSet::new();
    // The first and the last differ in the millisecond only, which their bodies do not tell.
    for (wait, what) in [(0, "order-1"), (0, "order-2"), (0, "verify"), (0, "unlink"), (1, "order-1")] {
        let first = id(&desk, wait, what).await;
        assert_eq!(id(&desk, wait, what).await, first, "{wait} {what}");
        assert!(ids.insert(first), "{wait} {what}");
    }
}
