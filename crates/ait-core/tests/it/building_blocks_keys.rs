//! Users, keys, secrets, addresses: what they accept and what they show.

use ait_core::{
    AnonymousKey, Client, Error, Host, IdempotencyKey, Identity, Kind, Outcome, Secret, User, UserKey,
    firewall,
};
use serde_json::json;

#[test]
fn a_user_is_stored_as_one_of_two_keys_and_never_shown() {
    let text = "toss-user-key-abc123";
    for (user, stored) in [
        (User::key(443_731_104), json!({ "key": 443_731_104 })),
        (User::key(u64::MAX), json!({ "key": u64::MAX })),
        (User::key(UserKey::from_text("443731104").unwrap()), json!({ "key": 443_731_104 })),
        (User::key(UserKey::from_text("0443731104").unwrap()), json!({ "key": "0443731104" })),
        (User::key(UserKey::from_text(text).unwrap()), json!({ "key": text })),
        (User::anonymous(text).unwrap(), json!({ "anonymous": text })),
        (User::anonymous("443731104").unwrap(), json!({ "anonymous": "443731104" })),
    ] {
        assert_eq!(serde_json::to_value(&user).unwrap(), stored);
        assert_eq!(serde_json::from_value::<User>(stored.clone()).unwrap(), user, "{stored}");
        let shown = format!("{user:?} {user:#?}");
        assert!(!shown.contains("443731104") && !shown.contains("abc123"), "{shown}");
    }
    assert_eq!(UserKey::new(7).expose(), "7");
    assert_eq!(UserKey::from_text("443731104").unwrap().number(), Some(443_731_104));
    assert_eq!(UserKey::from_text(text).unwrap().number(), None);
    for value in [json!("443731104"), json!(443_731_104.0)] {
        assert_eq!(serde_json::from_value::<UserKey>(value).unwrap(), UserKey::new(443_731_104));
    }
    for odd in [
        json!({}),
        json!({ "key": 1, "anonymous": "x" }),
        json!({ "key": -1 }),
        json!({ "key": null }),
        json!(7),
    ] {
        assert!(serde_json::from_value::<User>(odd.clone()).is_err(), "{odd} is no user");
    }
}

#[test]
fn keys_that_fit_no_header_are_refused_without_being_quoted() {
    for key in
        [String::new(), "x".repeat(65), "CANARY key".to_owned(), "CANARY\r\nx: y".to_owned(), "키".to_owned()]
    {
        for error in [
            AnonymousKey::new(key.clone()).unwrap_err(),
            UserKey::from_text(key.clone()).unwrap_err(),
            User::anonymous(key.clone()).unwrap_err(),
        ] {
            assert_eq!((error.kind(), error.outcome()), (Kind::Config, Outcome::NotSent));
            let message = format!("{error} {error:?}");
            assert!(message.contains("1 to 64 visible ASCII") && !message.contains("CANARY"), "{message}");
            assert!(message.contains(&format!("{} bytes", key.len())), "{message}");
        }
        assert!(serde_json::from_value::<User>(json!({ "anonymous": key })).is_err());
    }
    assert!(AnonymousKey::new("x".repeat(64)).is_ok() && AnonymousKey::new("!~").is_ok());
}

#[test]
fn idempotency_keys_have_1_to_300_visible_characters() {
    for key in ["x".to_owned(), "x".repeat(300), "!order:17/cancel~4500".to_owned()] {
        let made = IdempotencyKey::new(key.clone()).unwrap();
        assert_eq!(made.as_str(), key);
        assert_eq!(serde_json::to_value(&made).unwrap(), json!(key));
        assert_eq!(serde_json::from_value::<IdempotencyKey>(json!(key)).unwrap(), made);
    }
    for (key, words) in [
        (String::new(), "1 to 300 characters, has 0"),
        ("x".repeat(301), "1 to 300 characters, has 301"),
        ("ab c".to_owned(), "byte 2 is not"),
        ("주문-17".to_owned(), "byte 0 is not"),
        ("a\nb".to_owned(), "byte 1 is not"),
        ("a\u{7f}".to_owned(), "byte 1 is not"),
    ] {
        let error = IdempotencyKey::new(key.clone()).unwrap_err();
        assert!(
            error.to_string().starts_with("idempotencyKey: ") && error.to_string().contains(words),
            "{error}"
        );
        assert!(serde_json::from_value::<IdempotencyKey>(json!(key)).is_err());
    }
}

#[test]
fn a_secret_is_read_and_written_and_not_shown() {
    let secret = Secret::from("CANARY");
    assert_eq!((secret.expose(), serde_json::to_value(&secret).unwrap()), ("CANARY", json!("CANARY")));
    assert_eq!(serde_json::from_value::<Secret>(json!("CANARY")).unwrap(), secret);
    assert_eq!(format!("{secret:?} {secret:#?}"), "Secret(..) Secret(..)");
    assert_ne!(secret, Secret::from("CANARX".to_owned()));
}

#[test]
fn the_firewall_tables_name_every_address() {
    let mut inbound: Vec<String> = firewall::INBOUND.iter().map(ToString::to_string).collect();
    let mut expected = Vec::new();
    for network in ["117.52.3", "211.115.96", "106.249.5"] {
        expected.push(format!("{network}.11"));
        expected.extend((80..=87).map(|host| format!("{network}.{host}")));
    }
    inbound.sort();
    expected.sort();
    assert_eq!((inbound.len(), inbound), (27, expected));

    let outbound: Vec<_> =
        firewall::OUTBOUND.iter().map(|(host, addresses)| (*host, addresses.len())).collect();
    assert_eq!(outbound, [(Host::APPS_IN_TOSS.name(), 3), (Host::TOSS_PAY.name(), 3)]);
    let mut all: Vec<_> = firewall::OUTBOUND.iter().flat_map(|(_, addresses)| addresses.iter()).collect();
    all.sort();
    all.dedup();
    assert_eq!((all.len(), firewall::PORT), (6, 443));
    // The page prints every one of them.
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/api/envelope.md")).unwrap();
    for (host, addresses) in firewall::OUTBOUND {
        let row = page.lines().find(|line| line.starts_with(&format!("| `{host}` | `"))).unwrap();
        assert_eq!(row.matches('`').count(), 2 + 2 * addresses.len(), "{row}");
        assert!(addresses.iter().all(|address| row.contains(&format!("`{address}`"))), "{row}");
    }
    assert!(Host::APPS_IN_TOSS.requires_identity() && Host::TOSS_PAY.requires_identity());
    assert!(!Host::new("api.tosspayments.com").requires_identity());
}

#[test]
fn shared_types_go_anywhere() {
    fn anywhere<T: Send + Sync + 'static>() {}
    anywhere::<Client>();
    anywhere::<Error>();
    anywhere::<Identity>();
    anywhere::<User>();
    anywhere::<Secret>();
    assert_eq!(size_of::<Error>(), 8);
    assert_eq!(size_of::<Result<(), Error>>(), 8);
    assert!(Outcome::NotSent < Outcome::Refused && Outcome::Refused < Outcome::Unknown);
    assert!(Outcome::Unknown < Outcome::Done);
    assert_eq!(Outcome::Unknown.join(Outcome::Refused), Outcome::Unknown);
    assert_eq!(Outcome::NotSent.join(Outcome::Done), Outcome::Done);
}
