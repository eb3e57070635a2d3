//! The same calls give the same bytes, and a world that was stored goes on as if it had not been.

use std::time::Duration;

use serde_json::json;

use super::desk::{
    AGREE, AUTOMATIC, CONFIRM, CUSTOMER, Desk, LEAVE, METHODS, REMOVE_CARD, confirmation, fixture,
};

/// Everything once, and what was said.
fn scenario(store: bool) -> (Vec<String>, String) {
    let mut desk = Desk::new();
    let mut said = Vec::new();
    let mut say = |desk: &mut Desk, told: crate::api::support::Told| {
        said.push(format!("{} {:?} {}", told.status, told.headers, told.body));
        desk.advance(Duration::from_secs(1));
        if store {
            desk.store_and_load();
        }
    };
    let told = desk.call(AGREE, fixture("agree-terms.request"));
    say(&mut desk, told);
    let token = desk.token();
    let told = desk.look(&format!("{METHODS}/{CUSTOMER}"));
    say(&mut desk, told);
    let key = desk.session(10_000, None);
    for _ in 0..2 {
        let told = desk.keyed(CONFIRM, "k-1", confirmation(&key, "order-1", 10_000));
        say(&mut desk, told);
    }
    let told = desk.call(CONFIRM, confirmation("emu-1", "order-2", 5000));
    say(&mut desk, told);
    let mut request = fixture("automatic-payment.account.request");
    request["methodKey"] = desk.account_key().into();
    let told = desk.call(AUTOMATIC, request);
    say(&mut desk, told);
    for amount in [3000, 7000, 1] {
        let told = desk.cancel(&key, json!({"cancelReason": "x", "cancelAmount": amount}));
        say(&mut desk, told);
    }
    desk.customer().cards[0].refuses = Some("REJECT_CARD_COMPANY".to_owned());
    let told = desk.call(CONFIRM, confirmation("emu-2", "order-3", 5000));
    say(&mut desk, told);
    let card = desk.card_key();
    let told = desk.as_customer("POST", REMOVE_CARD, &token, &json!({"methodKey": card}));
    say(&mut desk, told);
    let told = desk.as_customer("POST", LEAVE, &token, &serde_json::Value::Null);
    say(&mut desk, told);
    let told = desk.look("/v1/payments/orders/order-1");
    say(&mut desk, told);
    assert_eq!(desk.core.violations(), []);
    (said, serde_json::to_string(&desk.core.world).unwrap())
}

#[test]
fn the_same_calls_give_the_same_bytes() {
    assert_eq!(scenario(false), scenario(false));
}

#[test]
fn a_stored_world_goes_on() {
    assert_eq!(scenario(false), scenario(true));
}
