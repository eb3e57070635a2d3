//! Every request and answer is stored without loss, and every answer survives what the future may do to it.
//!
//! Run these with `serde_json/arbitrary_precision` too: any crate of a build may turn it on.

use crate::support::{Op, fixtures};
use ait_login::{
    GenerateToken, LoginMe, PlainProfile, Profile, RefreshToken, RemoveByAccessToken, RemoveByUserKey, Token,
    VerifyAnonymousKey,
    ait_core::{AnonymousKey, Endpoint},
    unlink::Callback,
};
use ait_testkit::fixture;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// Decodes both ways serde_json knows, which take different roads.
fn read<T: DeserializeOwned + PartialEq + std::fmt::Debug>(value: &Value) -> Result<T, serde_json::Error> {
    let (text, tree) = (serde_json::from_str(&value.to_string()), serde_json::from_value::<T>(value.clone()));
    assert_eq!(text.is_ok(), tree.is_ok(), "{value}");
    text
}

fn profiles() -> Vec<(String, Value)> {
    let names = fixtures(".response").into_iter().filter(|name| Op::of_fixture(name) == Op::Me);
    names.map(|name| (name.clone(), fixture(&name)["success"].clone())).collect()
}

#[test]
fn every_request_is_stored_without_loss() {
    fn stored<E: Endpoint + Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(
        request: &E,
        text: &Value,
    ) {
        assert_eq!(serde_json::to_value(request).unwrap(), *text);
        assert_eq!(serde_json::from_str::<E>(&text.to_string()).unwrap(), *request);
    }
    stored(
        &GenerateToken::new("example-authorization-code", "DEFAULT"),
        &fixture("login/generate-token.request"),
    );
    stored(&RefreshToken::new("xNEYPA..."), &fixture("login/refresh-token.request"));
    stored(&LoginMe::new("a"), &json!({ "accessToken": "a" }));
    stored(&RemoveByAccessToken::new("a"), &json!({ "accessToken": "a" }));
    stored(&RemoveByUserKey::new(443_731_103), &fixture("login/remove-by-user-key.request"));
    stored(&RemoveByUserKey::new(1).access_token("a"), &json!({ "userKey": 1, "accessToken": "a" }));
    let key = AnonymousKey::new("hash").unwrap();
    stored(&VerifyAnonymousKey::new(key), &json!({ "user": { "anonymous": "hash" } }));
}

#[test]
fn any_member_but_the_required_ones_may_be_missing_null_or_empty() {
    fn all<T: DeserializeOwned + PartialEq + std::fmt::Debug>(name: &str, success: &Value, required: &str) {
        for member in success.as_object().unwrap().keys().filter(|member| *member != "receivedAt") {
            let mut answer = success.clone();
            answer[member] = json!(7);
            assert!(read::<T>(&answer).is_ok(), "{name} {member}: a number does no harm");
            answer.as_object_mut().unwrap().remove(member);
            let dropped = read::<T>(&answer).ok();
            for value in [json!(null), json!("")] {
                answer[member] = value;
                if member == required {
                    // An empty text is a token nobody can use, and still no reason to lose the others.
                    assert_eq!(read::<T>(&answer).is_ok(), answer[member] == "" && member == "accessToken");
                } else {
                    assert_eq!(read::<T>(&answer).ok(), dropped, "{name} {member}: it is not there");
                }
            }
            assert_eq!(dropped.is_none(), member == required, "{name} {member}");
        }
        let mut answer = success.clone();
        for value in [json!(1), json!("x"), json!({ "a": [1, 2.5] }), json!([[], {}])] {
            answer["aMemberOfTheFuture"] = value;
            assert!(read::<T>(&answer).is_ok(), "{name}");
        }
    }
    for name in fixtures(".response") {
        let mut success = fixture(&name)["success"].clone();
        match Op::of_fixture(&name) {
            Op::Generate | Op::Refresh => {
                // Not on the wire. Without it two readings would differ by the clock.
                success["receivedAt"] = json!(0);
                all::<Token>(&name, &success, "accessToken");
            }
            Op::Me => all::<Profile>(&name, &success, "userKey"),
            _ => {}
        }
    }
    let mut plain = fixture("login/login-me.decrypted");
    plain["userKey"] = json!(443_731_104);
    all::<PlainProfile>("login/login-me.decrypted", &plain, "userKey");
}

#[test]
fn profiles_are_stored_and_read_again() {
    for (name, success) in profiles() {
        let profile: Profile = read(&success).unwrap();
        let stored = serde_json::to_value(&profile).unwrap();
        assert_eq!(read::<Profile>(&stored).unwrap(), profile, "{name}");
        assert!(profile.user_key.number().is_some());
    }
}

#[test]
fn the_terms_may_be_a_list_in_a_list_and_never_cost_the_login() {
    for (name, mut success) in profiles() {
        let whole: Profile = read(&success).unwrap();
        let terms = success["agreedTerms"].clone();
        for nested in [json!([terms]), json!([[], [terms], null, true, { "a": 1 }, ""])] {
            success["agreedTerms"] = nested;
            assert_eq!(read::<Profile>(&success).unwrap(), whole, "{name}");
        }
        for (odd, read_as) in [
            (json!(null), vec![]),
            (json!({}), vec![]),
            (json!(true), vec![]),
            (json!("terms_tag1"), vec!["terms_tag1"]),
            (json!([7, ["a"]]), vec!["7", "a"]),
        ] {
            success["agreedTerms"] = odd;
            assert_eq!(read::<Profile>(&success).unwrap().agreed_terms, read_as, "{name}");
        }
    }
}

#[test]
fn a_callback_is_stored_as_toss_sends_it() {
    for name in fixtures(".callback") {
        let sample = fixture(&name);
        let callback: Callback = serde_json::from_value(sample.clone()).unwrap();
        let mut stored = serde_json::to_value(&callback).unwrap();
        assert_eq!(serde_json::from_value::<Callback>(stored.clone()).unwrap(), callback, "{name}");
        let key = |value: &Value| value["userKey"].to_string().trim_matches('"').to_owned();
        assert_eq!(key(&stored), key(&sample), "{name}");
        stored["userKey"] = sample["userKey"].clone();
        assert_eq!(stored, sample, "{name}");
    }
    assert_eq!(
        serde_json::to_value(serde_json::from_value::<Callback>(json!({ "userKey": 1 })).unwrap()).unwrap(),
        json!({ "userKey": 1 })
    );
}
