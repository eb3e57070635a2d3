//! Tokens: what is read, and how long they last.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ait_login::Token;
use ait_testkit::fixture;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const START: u64 = 1_760_000_000;

fn at(second: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(second)
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Decodes both ways serde_json knows, which take different roads.
fn read<T: DeserializeOwned + PartialEq + std::fmt::Debug>(value: &Value) -> Result<T, serde_json::Error> {
    let (text, tree) = (serde_json::from_str(&value.to_string()), serde_json::from_value::<T>(value.clone()));
    assert_eq!(text.is_ok(), tree.is_ok(), "{value}");
    text
}

fn token(expires_in: &Value) -> Token {
    let token = json!({ "accessToken": "a", "expiresIn": expires_in, "receivedAt": START });
    read(&token).unwrap()
}

#[test]
fn the_lifetime_may_be_a_number_or_text() {
    for (value, lifetime) in [
        (json!(3599), 3599),
        (json!("3599"), 3599),
        (json!(3599.0), 3599),
        (json!(" 60 "), 60),
        (json!(0), 0),
        // What cannot be read is the documented hour, never a login that fails.
        (json!(null), 3600),
        (json!(""), 3600),
        (json!("soon"), 3600),
        (json!(-1), 3600),
        (json!(true), 3600),
    ] {
        let token = token(&value);
        assert_eq!(token.lifetime(), seconds(lifetime), "{value}");
        assert_eq!(token.expires_at(), at(START + lifetime), "{value}");
    }
}

#[test]
fn freshness_is_counted_from_the_receipt() {
    let token = token(&json!(3599));
    for (now, margin, fresh) in [
        (START, 0, true),
        (START, 3598, true),
        (START, 3599, false),
        (START + 3538, 60, true),
        (START + 3539, 60, false),
        (START + 3598, 0, true),
        (START + 3599, 0, false),
        (START + 1_000_000, 0, false),
        // The clock was set back: nobody knows how old the token is.
        (START - 1, 0, false),
        (0, 0, false),
    ] {
        assert_eq!(token.is_fresh(at(now), seconds(margin)), fresh, "{now}, {margin}");
    }
    assert!(!token.is_fresh(at(START + 1), Duration::MAX));
}

#[test]
fn lifetimes_beyond_all_clocks_are_none() {
    let token = token(&json!(u64::MAX));
    assert_eq!(token.expires_at(), at(START));
    assert!(!token.is_fresh(at(START), Duration::ZERO));
    assert_eq!(Token::REFRESH_LIFETIME, seconds(14 * 86_400));
}

#[test]
fn the_time_of_receipt_is_added_and_kept() {
    let answer = fixture("login/generate-token.response")["success"].clone();
    // It is told to the second.
    let before = SystemTime::now() - seconds(1);
    let token: Token = read(&answer).unwrap();
    assert!(before <= token.received_at && token.received_at <= SystemTime::now());
    let again: Token = read(&serde_json::to_value(&token).unwrap()).unwrap();
    assert_eq!(again, token, "what is stored is the same token");

    let mut stored = answer.clone();
    stored["receivedAt"] = json!(START);
    let token: Token = read(&stored).unwrap();
    assert_eq!(token.received_at, at(START));
    assert_eq!(serde_json::to_value(&token).unwrap(), stored, "stored and read again");
    // Nothing a server may one day put there breaks a login.
    for odd in [json!("2026-11-21T00:00:00Z"), json!(null), json!(-1), json!(u64::MAX)] {
        stored["receivedAt"] = odd.clone();
        assert!(read::<Token>(&stored).unwrap().received_at >= before, "{odd}");
    }
}
