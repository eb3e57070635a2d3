//! The state, the clock and the faults of a run.

use serde_json::{Value, json};

use super::desk::{Desk, USER};

pub(super) async fn payment(desk: &Desk, order: &str) -> String {
    use ait_tosspay::{
        MakePayment, OrderNo, TossPay,
        ait_core::{Krw, Mode, User},
    };
    let shop = TossPay::new(desk.emulator.client().unwrap());
    let order = OrderNo::new(order).unwrap();
    let make = MakePayment::new(User::key(USER), order, "coffee", Krw::new(4_500), Mode::Sandbox).unwrap();
    shop.make_payment(make).await.unwrap().pay_token.expose().to_owned()
}

fn secrets(desk: &Desk) -> Vec<(&'static str, String)> {
    desk.emulator.environment()
}

#[tokio::test]
async fn a_state_is_taken_out_and_put_back() {
    let desk = Desk::new().await;
    payment(&desk, "order-1").await;
    let (state, world) = (desk.get("GET", "/state", Value::Null).await, desk.world());
    payment(&desk, "order-2").await;
    desk.get("POST", "/faults", json!({"rule": "* tls hang"})).await;
    assert_ne!(desk.world(), world);
    desk.get("PUT", "/state", state.clone()).await;
    assert_eq!(desk.world(), world);
    assert_eq!(desk.get("GET", "/state", Value::Null).await, state);
    assert_eq!(desk.get("GET", "/requests", Value::Null).await, json!([]), "the log begins anew");
}

#[tokio::test]
async fn programs_keep_their_secrets() {
    let desk = Desk::new().await;
    let held = secrets(&desk);
    let elsewhere = ait_emulator::Emulator::builder().seed(99).start().await.unwrap();
    let state = elsewhere.engine(|engine| serde_json::to_value(engine.snapshot()).unwrap());
    for (method, path, body) in [
        ("POST", "/state/reset", json!({})),
        ("POST", "/state/reset", json!({"seed": 5})),
        ("PUT", "/state", json!({"world": {}})),
        ("PATCH", "/state", json!({"world": null})),
        ("PATCH", "/state", json!({"world": {"login": null, "brandpay": null}})),
    ] {
        desk.get(method, path, body.clone()).await;
        assert_eq!(secrets(&desk), held, "{method} {path} {body}");
        let told = desk.get("GET", "/env", Value::Null).await;
        assert_eq!(told, json!(held.iter().cloned().collect::<std::collections::BTreeMap<_, _>>()));
    }
    desk.get("PUT", "/state", state).await;
    let key = &held.iter().find(|(name, _)| *name == "BRANDPAY_SECRET_KEY").unwrap().1;
    let keys = desk.world()["brandpay"]["secret_keys"].clone();
    assert!(keys.get(key).is_some(), "the one that programs hold works");
    assert!(keys.get(elsewhere.brandpay_secret_key()).is_some(), "the one that came along works too");
    let decryption = |held: Vec<(&'static str, String)>| -> Vec<_> {
        held.into_iter().filter(|(name, _)| name.starts_with("AIT_DECRYPTION")).collect()
    };
    assert_eq!(decryption(secrets(&desk)), decryption(held.clone()));
}

#[tokio::test]
async fn a_reset_empties_the_world_and_leaves_the_switches() {
    let desk = Desk::new().await;
    payment(&desk, "order-1").await;
    desk.get("PATCH", "/switches", json!({"failure_status": "listed"})).await;
    desk.get("POST", "/faults", json!({"rule": "* tls hang nth=9"})).await;
    assert_eq!(desk.get("POST", "/state/reset", json!({"seed": 5})).await, json!({"seed": 5}));
    let state = desk.get("GET", "/state", Value::Null).await;
    assert_eq!(state["world"]["pay"]["payments"], json!({}));
    assert_eq!(state["switches"]["failure_status"], "listed");
    assert_eq!((&state["faults"]["armed"], &state["calls"]), (&json!([]), &json!(0)));
    assert_eq!(state["clock"]["manual"]["now"], 1_767_193_200_000_u64);
    let first = payment(&desk, "order-1").await;
    desk.get("POST", "/state/reset", json!({"seed": 5})).await;
    assert_eq!(payment(&desk, "order-1").await, first, "by the seed");
    desk.get("POST", "/state/reset", Value::Null).await;
    assert!(desk.get("GET", "/clock", Value::Null).await["clock"]["wall"].is_object());
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_keeps_the_log() {
    let desk = Desk::new().await;
    let token = payment(&desk, "order-1").await;
    let before = desk.get("GET", "/state", Value::Null).await;
    desk.get("PATCH", "/state", json!({"world": {"pay": {"payments": {token: {"product_desc": "tea"}}}}}))
        .await;
    let mut expected = before;
    let payments = expected["world"]["pay"]["payments"].as_object_mut().unwrap();
    payments.values_mut().for_each(|payment| payment["product_desc"] = json!("tea"));
    assert_eq!(desk.get("GET", "/state", Value::Null).await, expected);
    assert_eq!(desk.get("GET", "/requests", Value::Null).await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_empty_wallet_takes_one_member() {
    let desk = Desk::new().await;
    for promotion in [json!({"wallet": 0}), json!({"wallet": 0, "charged": 0})] {
        desk.get("POST", "/wallet/topup", json!({"amount": 5})).await;
        desk.get("PATCH", "/state", json!({"world": {"promotion": promotion}})).await;
        assert_eq!(desk.world()["promotion"]["wallet"], 0);
        assert_eq!(desk.get("GET", "/invariants", Value::Null).await["holds"], true);
    }
}

#[tokio::test]
async fn the_clock_is_set_and_moved_and_what_is_due_is_done() {
    let desk = Desk::new().await;
    desk.get("POST", "/faults", json!({"rule": "make_payment before_commit late_commit=60"})).await;
    assert!(super::masks::lost(&desk).await);
    desk.get("POST", "/clock/advance", json!({"seconds": 59})).await;
    assert_eq!(desk.world()["pay"]["payments"], json!({}));
    desk.get("POST", "/clock/advance", json!({"seconds": 1})).await;
    assert_eq!(desk.world()["pay"]["payments"].as_object().unwrap().len(), 1);
    let told = desk.get("PUT", "/clock", json!({"unixMillis": 1_800_000_000_000_u64})).await;
    assert_eq!(
        (&told["unixMillis"], &told["now"]),
        (&json!(1_800_000_000_000_u64), &json!("2027-01-15T08:00:00.000Z"))
    );
    let told = desk.get("PUT", "/clock", json!({"unixMillis": u64::MAX})).await;
    assert_eq!(told["now"], "9000-01-01T00:00:00.000Z");
    let told = desk.get("POST", "/clock/advance", json!({"seconds": u64::MAX})).await;
    assert_eq!(told["now"], "9000-01-01T00:00:00.000Z");
    // Every time of an answer can still be told.
    payment(&desk, "order-2").await;
}

#[tokio::test]
async fn a_clock_that_runs_is_set_to_the_year_9000_at_most() {
    use ait_emulator::{Emulator, engine::Clock};
    let clocks = [Clock::default(), Clock::manual()];
    for clock in clocks {
        let desk = Desk { emulator: Emulator::builder().clock(clock).start().await.unwrap() };
        for millis in [1 << 63, u64::MAX, 253_402_300_799_999] {
            let told = desk.get("PUT", "/clock", json!({"unixMillis": millis})).await;
            assert_eq!(told["now"], "9000-01-01T00:00:00.000Z", "{clock:?} {millis}");
        }
    }
}

#[tokio::test]
async fn numbers_at_their_ends_are_audited_and_do_not_end_a_call() {
    let desk = Desk::new().await;
    let (most, least) = (i64::MAX, i64::MIN);
    let entry = |kind: &str, amount: i64| json!({"number": 0, "at": 0, "kind": kind, "user": "1", "promotion": "Y", "key": "k", "amount": amount, "test": false});
    let paid = |kind: &str, amount: i64| {
        json!({"number": 0, "at": 0, "kind": kind, "user": "1", "pay_token": "t", "transaction_id": "x", "order_no": "o",
            "amount": amount, "test": false})
    };
    let grant = |amount: i64, stage: &str| {
        json!({"user": "1", "promotion": "Y", "test": false, "amount": amount, "accepted_at": 0, "visible_at": 0,
            "decided_at": 0, "fails": false, "flips_at": null, "stage": stage})
    };
    let code = ait_emulator::api::promotion::SAMPLE_CODE;
    let promotions = json!({
        "taken": most, "wallet": least, "promotions": {
            "Y": {"given": {"1": most, "2": most}, "spent": least},
            // What fails is given back, to where there is no room.
            (code): {"given": {"443731104": least}, "spent": least, "failing": true},
        },
        "grants": {"k": [grant(most, "accepted"), grant(most, "accepted")]},
    });
    let ledger = [
        entry("grant", most),
        entry("grant", most),
        entry("grant_failed", least),
        paid("payment", most),
        paid("payment", most),
        paid("refund", least),
    ];
    desk.get("PATCH", "/state", json!({"world": {"promotion": promotions, "ledger": ledger}})).await;
    let told = desk.get("GET", "/invariants", Value::Null).await;
    assert_eq!(told["holds"], false);
    let twice = i128::from(most) * 2;
    assert!(
        told.to_string().contains(&format!("given to users by promotion Y: {twice} by the state")),
        "{told}"
    );
    desk.get("POST", "/wallet/topup", json!({"amount": 1_000_000_000_000_000_u64})).await;

    // A grant that has failed is given back.
    let grants = json!({"promotion": {"due": ["k"], "grants": {"k": [
        {"user": "443731104", "promotion": code, "test": false, "amount": most, "accepted_at": 0, "visible_at": 0,
            "decided_at": 0, "fails": true, "flips_at": null, "stage": "accepted"}]}}});
    desk.get("PATCH", "/state", json!({"world": grants})).await;
    // Each call settles first.
    payment(&desk, "order-1").await;
    desk.get("GET", "/invariants", Value::Null).await;
    assert_eq!(desk.world()["promotion"]["grants"]["k"][0]["stage"], "failed");
}

#[tokio::test]
async fn requests_since_a_number() {
    let desk = Desk::new().await;
    for order in ["order-1", "order-2", "order-3"] {
        payment(&desk, order).await;
    }
    for (path, numbers) in
        [("/requests", vec![0, 1, 2]), ("/requests?after=0", vec![1, 2]), ("/requests?x=1&after=2", vec![])]
    {
        let told = desk.get("GET", path, Value::Null).await;
        let told: Vec<_> =
            told.as_array().unwrap().iter().map(|entry| entry["number"].as_u64().unwrap()).collect();
        assert_eq!(told, numbers, "{path}");
    }
}
