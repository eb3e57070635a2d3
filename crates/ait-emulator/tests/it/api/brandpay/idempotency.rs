//! What an idempotency key replays.

use std::time::Duration;

use ait_emulator::api::switches::BearerIdentity;
use serde_json::{Value, json};

use super::desk::{CONFIRM, Desk, KEY, LEAVE, METHODS, REMOVE_CARD, basic, confirmation, header, refused};

const DAY: Duration = Duration::from_secs(24 * 3600);

#[test]
fn the_first_answer_once_more_byte_for_byte() {
    let mut desk = Desk::new();
    let key = desk.session(10_000, None);
    let body = confirmation(&key, "order-1", 10_000);
    let first = desk.keyed(CONFIRM, "k-1", body.clone());
    assert_eq!(first.status, 200);
    let first_id = header(&first, "x-tosspayments-trace-id").unwrap();
    assert_eq!(header(&first, "idempotency-key"), Some("k-1"));
    desk.advance(DAY * 15 - Duration::from_millis(1));
    let world = desk.core.world.clone();
    let again = desk.keyed(CONFIRM, "k-1", body.clone());
    assert_eq!((again.status, &again.body), (200, &first.body));
    assert_eq!(header(&again, "idempotency-key"), Some("k-1"));
    let ids: Vec<&str> = header(&again, "x-tosspayments-trace-id").unwrap().split(',').collect();
    assert_eq!((ids.len(), ids[0]), (2, first_id));
    assert_ne!(ids[0], ids[1]);
    assert_eq!(desk.core.world, world, "a replay moves nothing");
    desk.advance(Duration::from_millis(1));
    refused(&desk.keyed(CONFIRM, "k-1", body), 400, "ALREADY_PROCESSED_PAYMENT");
    assert_eq!(desk.movements().len(), 1);
}

#[test]
fn the_body_does_not_count() {
    let mut desk = Desk::new();
    let (one, two) = (desk.session_of("order-1", 1000, None), desk.session_of("order-2", 2000, None));
    let first = desk.keyed(CONFIRM, "k", confirmation(&one, "order-1", 1000));
    let second = desk.keyed(CONFIRM, "k", confirmation(&two, "order-2", 2000));
    assert_eq!(first.body, second.body, "one key for two confirms tells of the first twice");
    assert_eq!(desk.movements().len(), 1);
}

#[test]
fn a_refusal_is_bound_to_the_key_as_well() {
    let mut desk = Desk::new();
    let key = desk.session(10_000, None);
    let wrong = desk.keyed(CONFIRM, "k", confirmation(&key, "order-1", 1));
    let right = desk.keyed(CONFIRM, "k", confirmation(&key, "order-1", 10_000));
    assert_eq!((wrong.status, right.status), (400, 400));
    assert_eq!((&wrong.body, &wrong.code), (&right.body, &right.code));
    assert!(desk.movements().is_empty());
    assert_eq!(desk.keyed(CONFIRM, "k-2", confirmation(&key, "order-1", 10_000)).status, 200);
}

#[test]
fn url_and_api_key_count() {
    let mut desk = Desk::new();
    let (one, two) = (desk.paid(1000), desk.session_of("order-2", 1000, None));
    assert_eq!(desk.call(CONFIRM, confirmation(&two, "order-2", 1000)).status, 200);
    let reason = json!({"cancelReason": "x"});
    for payment in [&one, &two] {
        let told = desk.keyed(&format!("/v1/payments/{payment}/cancel"), "k", reason.clone());
        assert_eq!(told.json()["paymentKey"], **payment);
    }
    let other = desk.state().secret_keys.keys().find(|key| *key != KEY).unwrap().clone();
    let headers = [("authorization", basic(&other)), ("idempotency-key", "k".to_owned())];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let told = desk.with("POST", &format!("/v1/payments/{one}/cancel"), &headers, &reason);
    refused(&told, 400, "ALREADY_CANCELED_PAYMENT");
}

#[test]
fn a_get_has_no_key() {
    let mut desk = Desk::new();
    let headers = [("authorization", basic(KEY)), ("idempotency-key", "k".repeat(301))];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let told = desk.with("GET", "/v1/promotions", &headers, &Value::Null);
    assert_eq!((told.status, header(&told, "idempotency-key")), (200, None));
    assert!(desk.state().idempotency.is_empty());
}

#[test]
fn a_key_has_at_most_300_characters() {
    let mut desk = Desk::new();
    let key = desk.session(1000, None);
    let body = confirmation(&key, "order-1", 1000);
    let told = desk.keyed(CONFIRM, &"k".repeat(301), body.clone());
    refused(&told, 400, "INVALID_IDEMPOTENCY_KEY");
    assert_eq!(told.json(), super::desk::fixture("invalid-idempotency-key.error"));
    assert_eq!(desk.keyed(CONFIRM, &"k".repeat(300), body).status, 200);
}

#[test]
fn while_the_first_runs_the_second_waits() {
    let mut desk = Desk::new();
    let key = desk.session(1000, None);
    desk.state().processing.insert("k".to_owned());
    let body = confirmation(&key, "order-1", 1000);
    let world = desk.core.world.clone();
    let told = desk.keyed(CONFIRM, "k", body.clone());
    refused(&told, 409, "IDEMPOTENT_REQUEST_PROCESSING");
    assert_eq!(told.json(), super::desk::fixture("idempotent-request-processing.error"));
    assert_eq!(desk.core.world, world, "and is not bound to the key");
    desk.state().processing.clear();
    assert_eq!(desk.keyed(CONFIRM, "k", body).status, 200);
}

#[test]
fn whether_an_error_of_the_server_is_bound_is_a_switch() {
    for (bound, second) in [(false, 200), (true, 500)] {
        let mut desk = Desk::new();
        desk.core.switches.replay_server_errors = bound;
        let key = desk.session(1000, None);
        desk.customer().cards[0].refuses = Some("FAILED_DB_PROCESSING".to_owned());
        let body = confirmation(&key, "order-1", 1000);
        refused(&desk.keyed(CONFIRM, "k", body.clone()), 500, "FAILED_DB_PROCESSING");
        desk.customer().cards[0].refuses = None;
        assert_eq!(desk.keyed(CONFIRM, "k", body).status, second);
    }
}

#[test]
fn an_error_that_was_asked_for_is_an_answer_like_any_other() {
    let mut desk = Desk::new();
    let key = desk.session(1000, None);
    let body = confirmation(&key, "order-1", 1000);
    let authorization = basic(KEY);
    let asked = |code: &'static str, key: &'static str| {
        [
            ("authorization", authorization.clone()),
            ("tosspayments-test-code", code.to_owned()),
            ("idempotency-key", key.to_owned()),
        ]
    };
    for (code, idempotency_key, second) in
        [("IDEMPOTENT_REQUEST_PROCESSING", "k-1", 200), ("REJECT_CARD_COMPANY", "k-2", 403)]
    {
        let headers = asked(code, idempotency_key);
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(desk.with("POST", CONFIRM, &headers, &body).code.as_deref(), Some(code));
        assert_eq!(desk.keyed(CONFIRM, idempotency_key, body.clone()).status, second);
    }
}

#[test]
fn a_token_that_has_ended_is_looked_at_before_the_key_unless_switched() {
    for (to_dead, status) in [(false, 401), (true, 200)] {
        let mut desk = Desk::new();
        desk.core.switches.replay_to_dead_token = to_dead;
        let token = format!("Bearer {}", desk.token());
        let headers = [("authorization", token.as_str()), ("idempotency-key", "k")];
        let first = desk.with("POST", LEAVE, &headers, &Value::Null);
        assert_eq!(first.json()["success"], true);
        let again = desk.with("POST", LEAVE, &headers, &Value::Null);
        assert_eq!((again.status, again.body == first.body), (status, to_dead));
        let other = [("authorization", token.as_str()), ("idempotency-key", "k-2")];
        refused(&desk.with("POST", LEAVE, &other, &Value::Null), 401, "INVALID_ACCESS_TOKEN");
        refused(&desk.with("GET", METHODS, &other, &Value::Null), 401, "INVALID_ACCESS_TOKEN");
    }
}

#[test]
fn whose_key_a_bearer_uses_is_a_switch() {
    for (identity, second) in [(BearerIdentity::Token, 404), (BearerIdentity::Customer, 200)] {
        let mut desk = Desk::new();
        desk.core.switches.bearer_identity = identity;
        let body = json!({"methodKey": desk.card_key()});
        let token = desk.token();
        let remove = |desk: &mut Desk, token: &str| {
            let token = format!("Bearer {token}");
            desk.with("POST", REMOVE_CARD, &[("authorization", &token), ("idempotency-key", "k")], &body)
                .status
        };
        assert_eq!(remove(&mut desk, &token), 200);
        assert_eq!(remove(&mut desk, &token), 200, "a replay");
        let refresh = desk.customer().token.clone().unwrap().refresh_token;
        let renewal = json!({"grantType": "RefreshToken", "customerKey": super::desk::CUSTOMER, "refreshToken": refresh});
        let token = desk.call(super::desk::TOKEN, renewal).json()["accessToken"].as_str().unwrap().to_owned();
        assert_eq!(remove(&mut desk, &token), second);
    }
}
