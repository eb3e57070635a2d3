//! Toss Login without I/O: the profile.

use std::collections::BTreeSet;

use crate::api::support::{Bench, Told};
use ait_emulator::api::{
    Basis,
    switches::{FailureStatus, ProfileForm},
};
use ait_login::{Decryptor, Gender, Nationality, Profile};
use serde_json::{Value, json};

const OAUTH: &str = "/api-partner/v1/apps-in-toss/user/oauth2";

fn logged_in(user: u64) -> (Bench, String) {
    let mut bench = Bench::new();
    bench.core.switches.calls_per_app = 0;
    bench.core.world.user(user, &mut bench.rng).email = Some("user@example.com".to_owned());
    let body = json!({"authorizationCode": format!("emu-{user}"), "referrer": "DEFAULT"});
    let tokens = bench.post(&format!("{OAUTH}/generate-token"), &[], body).success();
    let token = tokens["accessToken"].as_str().unwrap().to_owned();
    (bench, token)
}

fn login_me(bench: &mut Bench, authorization: &str) -> Told {
    bench.get(&format!("{OAUTH}/login-me"), &[("authorization", authorization)])
}

fn profile(bench: &mut Bench, token: &str) -> Value {
    login_me(bench, &format!("Bearer {token}")).success()
}

fn decryptor(bench: &Bench) -> Decryptor {
    let login = &bench.core.world.login;
    Decryptor::new(&login.decryption_key, &login.aad).unwrap()
}

#[test]
fn a_profile_has_the_members_of_the_sample_and_can_be_decrypted() {
    let (mut bench, token) = logged_in(443_731_104);
    let user = bench.core.world.users.get_mut(&443_731_104).unwrap();
    user.agreed_terms = vec!["terms_tag1".to_owned(), "terms_tag2".to_owned()];
    let answer = login_me(&mut bench, &format!("bearer  {token}"));
    assert!(matches!(answer.basis, Basis::Sample(_)));
    let told = answer.success();
    let sample = include_str!("../../../../../fixtures/login/login-me.response.json");
    let sample: Value = serde_json::from_str(sample).unwrap();
    let sample = sample["success"].as_object().unwrap();
    assert!(told.as_object().unwrap().keys().eq(sample.keys()));
    for name in ["userKey", "scope", "agreedTerms", "di", "email"] {
        assert_eq!(told[name], sample[name], "{name}");
    }
    let places = ["userKey", "scope", "agreedTerms", "name", "ci", "di", "email"];
    assert!(places.map(|name| answer.body.find(&format!("\"{name}\"")).unwrap()).is_sorted());

    let read: Profile = serde_json::from_value(told).unwrap();
    let plain = decryptor(&bench).decrypt_profile(&read).unwrap();
    let user = &bench.core.world.users[&443_731_104];
    let text = |value: &Option<ait_login::ait_core::Secret>| value.as_ref().map(|v| v.expose().to_owned());
    assert_eq!(text(&plain.name), user.name);
    assert_eq!(text(&plain.phone), user.phone);
    assert_eq!(text(&plain.birthday), user.birthday);
    assert_eq!(text(&plain.ci), user.ci);
    assert_eq!((plain.gender, plain.nationality), (Some(Gender::Female), Some(Nationality::Local)));
    assert_eq!(plain.email, None);
}

#[test]
fn every_field_has_an_iv_of_its_own_each_time() {
    let (mut bench, token) = logged_in(7);
    let mut ivs = BTreeSet::new();
    for _ in 0..2 {
        let told = profile(&mut bench, &token);
        for name in ["name", "phone", "birthday", "ci", "gender", "nationality"] {
            assert!(ivs.insert(told[name].as_str().unwrap()[..16].to_owned()), "{name}");
        }
    }
}

#[test]
fn the_additional_data_and_the_key_count() {
    let (mut bench, token) = logged_in(7);
    let before = decryptor(&bench);
    bench.core.world.login.aad.push('x');
    let name = ait_login::Encrypted::new(profile(&mut bench, &token)["name"].as_str().unwrap());
    assert!(before.decrypt(&name).is_err());
    assert_eq!(decryptor(&bench).decrypt(&name).unwrap().expose(), "김토스");
}

#[test]
fn a_field_needs_its_scope_and_a_value() {
    let fields = ["name", "phone", "birthday", "ci", "gender", "nationality", "email"];
    for open in fields {
        let (mut bench, token) = logged_in(7);
        bench.core.world.users.get_mut(&7).unwrap().scopes = vec![format!("user_{open}")];
        let told = profile(&mut bench, &token);
        assert_eq!(told["scope"], format!("user_{open},user_key"));
        for field in fields {
            assert_eq!(told[field].is_string(), field == open, "{field} with user_{open}");
        }
    }
    let (mut bench, token) = logged_in(7);
    bench.core.world.users.get_mut(&7).unwrap().phone = None;
    assert!(profile(&mut bench, &token)["phone"].is_null());
    bench.core.world.users.get_mut(&7).unwrap().scopes = Vec::new();
    bench.core.world.users.get_mut(&7).unwrap().agreed_terms = Vec::new();
    let told = login_me(&mut bench, &format!("Bearer {token}")).json();
    let sample = include_str!("../../../../../fixtures/login/login-me.no-consent.response.json");
    let mut sample: Value = serde_json::from_str(sample).unwrap();
    sample["success"]["userKey"] = json!(7);
    assert_eq!(told, sample);
}

#[test]
fn a_profile_deviates_if_the_switch_says_so() {
    let (mut bench, token) = logged_in(7);
    bench.core.switches.profile_form = ProfileForm::Deviant;
    let answer = login_me(&mut bench, &format!("Bearer {token}"));
    assert_eq!(answer.basis, Basis::Assumed("profile_form"));
    let told = answer.success();
    assert_eq!(told["userKey"], "7");
    assert!(told["scope"].as_str().unwrap().starts_with("user_ci, user_birthday, "));
    assert!(told["certTxId"].is_string() && told["policy"].is_string() && told["name"].is_string());
    assert!(told.get("di").is_none() && told.get("email").is_none());
    let read: Profile = serde_json::from_value(told).unwrap();
    assert_eq!(decryptor(&bench).decrypt(&read.name.unwrap()).unwrap().expose(), "김토스");
}

/// Every code of `login-me`, and the state that brings it.
#[test]
fn every_code_comes_of_a_state() {
    type Change = fn(&mut Bench);
    let cases: [(&str, u16, Change); 5] = [
        ("USER_NOT_FOUND", 401, |bench| drop(bench.core.world.users.remove(&7))),
        ("USER_KEY_NOT_FOUND", 401, |bench| bench.core.world.users.get_mut(&7).unwrap().linked = false),
        ("INTERNAL_ERROR", 500, |bench| bench.core.world.login.decryption_key = "c2hvcnQ=".to_owned()),
        ("INTERNAL_ERROR", 500, |bench| bench.core.world.login.decryption_key = "?".to_owned()),
        ("BAD_REQUEST_RETRIEVE_CERT_RESULT_EXCEEDED_LIMIT", 401, |bench| {
            bench.core.switches.profiles_per_token = 2;
        }),
    ];
    for (code, status, change) in cases {
        let (mut bench, token) = logged_in(7);
        for _ in 0..2 {
            profile(&mut bench, &token);
        }
        change(&mut bench);
        let before = bench.core.world.clone();
        let answer = login_me(&mut bench, &format!("Bearer {token}"));
        assert_eq!((answer.status, answer.code().as_str()), (200, code));
        bench.core.switches.failure_status = FailureStatus::Listed;
        assert_eq!(login_me(&mut bench, &format!("Bearer {token}")).status, status);
        assert!(bench.core.world == before, "{code}: a refusal changed the world");
    }
}

#[test]
fn without_an_access_token_nobody_is_known() {
    let (mut bench, token) = logged_in(7);
    for authorization in ["", "Bearer", "Bearer ", &token, &format!("Basic {token}")] {
        let answer = login_me(&mut bench, authorization);
        assert_eq!(answer.code(), "4010", "{authorization:?}");
    }
    let answer = bench.get(&format!("{OAUTH}/login-me"), &[]);
    assert_eq!(answer.code(), "4010");
    assert_eq!(login_me(&mut bench, &format!("Bearer {token}x")).body, r#"{"error":"invalid_grant"}"#);
}
