//! Toss Login without I/O: cutting links, and the check of anonymous keys.

use crate::api::support::{Bench, Told};
use ait_emulator::api::{
    Basis, User,
    switches::{AnonKeyAnswer, FailureStatus, Old, RemovedPayload, UnknownAnonKey, UnknownUser},
};
use ait_login::{Removed, VerifiedAnonymousKey};
use serde_json::{Value, json};

const BASE: &str = "/api-partner/v1/apps-in-toss";
const OAUTH: &str = "/api-partner/v1/apps-in-toss/user/oauth2";

fn bench() -> Bench {
    let mut bench = Bench::new();
    bench.core.switches.calls_per_app = 0;
    bench
}

fn logged_in(bench: &mut Bench, code: &str) -> (String, String) {
    let body = json!({"authorizationCode": code, "referrer": "DEFAULT"});
    let tokens = bench.post(&format!("{OAUTH}/generate-token"), &[], body).success();
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    (format!("Bearer {}", text("accessToken")), text("refreshToken"))
}

fn login_me(bench: &mut Bench, authorization: &str) -> Told {
    bench.get(&format!("{OAUTH}/login-me"), &[("authorization", authorization)])
}

fn by_token(bench: &mut Bench, authorization: &str) -> Told {
    let path = format!("{OAUTH}/access/remove-by-access-token");
    bench.post(&path, &[("authorization", authorization)], json!({}))
}

fn by_key(bench: &mut Bench, body: Value) -> Told {
    bench.post(&format!("{OAUTH}/access/remove-by-user-key"), &[], body)
}

/// All that belongs to the link of user 7 is dead, and a new login brings it back.
fn cut(bench: &mut Bench, tokens: &[(String, String)], code: &str) {
    assert!(!bench.core.world.users[&7].linked);
    for (access, refresh) in tokens {
        let refresh = json!({"refreshToken": refresh});
        assert_eq!(login_me(bench, access).body, r#"{"error":"invalid_grant"}"#);
        let answer = bench.post(&format!("{OAUTH}/refresh-token"), &[], refresh);
        assert_eq!(answer.body, r#"{"error":"invalid_grant"}"#);
    }
    let body = json!({"authorizationCode": code, "referrer": "DEFAULT"});
    let answer = bench.post(&format!("{OAUTH}/generate-token"), &[], body);
    assert_eq!(answer.body, r#"{"error":"invalid_grant"}"#, "a code from before the cut");
    let (access, _) = logged_in(bench, "emu-7-again");
    assert!(bench.core.world.users[&7].linked);
    login_me(bench, &access).success();
}

#[test]
fn an_access_token_cuts_the_link_of_its_user() {
    let mut bench = bench();
    let tokens = [logged_in(&mut bench, "emu-7-1"), logged_in(&mut bench, "emu-7-2")];
    let other = logged_in(&mut bench, "emu-8");
    let code = bench.core.world.login.authorize(7, "DEFAULT", bench.now, &mut bench.rng);
    let answer = by_token(&mut bench, &tokens[1].0);
    assert_eq!((answer.basis, answer.success()), (Basis::Assumed("removed_payload"), json!({"userKey": 7})));
    let removed: Removed = serde_json::from_value(answer.success()).unwrap();
    assert_eq!(removed.user_key.unwrap().number(), Some(7));
    assert_eq!(by_token(&mut bench, &tokens[0].0).body, r#"{"error":"invalid_grant"}"#);
    cut(&mut bench, &tokens, &code);
    login_me(&mut bench, &other.0).success();
}

#[test]
fn what_a_cut_by_access_token_says_is_a_switch() {
    let mut bench = bench();
    bench.core.switches.removed_payload = RemovedPayload::Empty;
    let (access, _) = logged_in(&mut bench, "emu-7");
    assert_eq!(by_token(&mut bench, &access).success(), json!({}));
}

#[test]
fn a_cut_by_access_token_is_refused_as_a_profile_is() {
    let mut bench = bench();
    let (access, _) = logged_in(&mut bench, "emu-7");
    assert_eq!(by_token(&mut bench, "Basic x").code(), "4010");
    assert_eq!(by_token(&mut bench, "Bearer x").code.as_deref(), Some("invalid_grant"));
    bench.core.world.users.get_mut(&7).unwrap().linked = false;
    let before = bench.core.world.clone();
    let answer = by_token(&mut bench, &access);
    assert_eq!(answer.code(), "USER_KEY_NOT_FOUND");
    assert!(matches!(answer.basis, Basis::Assumed(_)));
    assert!(bench.core.world == before);
    bench.core.world.users.remove(&7);
    assert_eq!(by_token(&mut bench, &access).code(), "USER_NOT_FOUND");
}

#[test]
fn a_user_key_cuts_its_link() {
    let mut bench = bench();
    let tokens = [logged_in(&mut bench, "emu-7-1"), logged_in(&mut bench, "emu-7-2")];
    let code = bench.core.world.login.authorize(7, "DEFAULT", bench.now, &mut bench.rng);
    let answer = by_key(&mut bench, json!({"userKey": 7}));
    assert!(matches!(answer.basis, Basis::Documented(_)));
    assert_eq!(answer.success(), json!({"userKey": 7}));
    cut(&mut bench, &tokens, &code);
}

#[test]
fn a_stale_user_key_is_refused_unless_the_switch_says_otherwise() {
    let mut bench = bench();
    logged_in(&mut bench, "emu-7");
    by_key(&mut bench, json!({"userKey": 7})).success();
    let before = bench.core.world.clone();
    assert_eq!(by_key(&mut bench, json!({"userKey": 7})).code(), "4010");
    bench.core.switches.unlink_again = Old::Accept;
    let answer = by_key(&mut bench, json!({"userKey": 7}));
    assert_eq!((answer.basis, answer.success()), (Basis::Assumed("unlink_again"), json!({"userKey": 7})));
    bench.core.switches.unknown_user = UnknownUser::Refuse;
    assert_eq!(by_key(&mut bench, json!({"userKey": 8})).code(), "4010");
    assert!(bench.core.world == before);
    bench.core.switches.unknown_user = UnknownUser::Create;
    by_key(&mut bench, json!({"userKey": 8})).success();
    assert!(!bench.core.world.users[&8].linked);
}

#[test]
fn a_cut_by_user_key_needs_a_token_if_the_switch_says_so() {
    let mut bench = bench();
    let (own, _) = logged_in(&mut bench, "emu-7");
    let (other, _) = logged_in(&mut bench, "emu-8");
    bench.core.switches.unlink_needs_token = true;
    let path = format!("{OAUTH}/access/remove-by-user-key");
    let before = bench.core.world.clone();
    assert_eq!(by_key(&mut bench, json!({"userKey": 7})).code(), "4010");
    let answer = bench.post(&path, &[("authorization", &other)], json!({"userKey": 7}));
    assert_eq!(answer.body, r#"{"error":"invalid_grant"}"#);
    assert!(bench.core.world == before);
    bench.post(&path, &[("authorization", &own)], json!({"userKey": 7})).success();
}

#[test]
fn a_user_key_is_a_number() {
    let mut bench = bench();
    let before = bench.core.world.clone();
    for body in [json!({}), json!({"userKey": "+7"}), json!({"userKey": -7}), json!({"userKey": 7.5})] {
        let answer = by_key(&mut bench, body);
        assert_eq!((answer.status, answer.code().as_str()), (400, "INVALID_PARAMETER"));
        assert_eq!(answer.json()["error"]["data"]["errorDetails"][0]["field"], "userKey");
    }
    assert!(bench.core.world == before);
}

#[test]
fn the_user_can_cut_the_link_too() {
    let mut bench = bench();
    let tokens = [logged_in(&mut bench, "emu-7")];
    assert!(bench.core.world.unlink(7));
    assert!(!bench.core.world.unlink(7) && !bench.core.world.unlink(8));
    cut(&mut bench, &tokens, "emu-7");
}

fn verify(bench: &mut Bench, key: &str) -> Told {
    bench.send(
        ait_emulator::api::Face::AppsInToss,
        "POST",
        &format!("{BASE}/users/anon-key/verify"),
        &[("x-anon-key", key)],
        String::new(),
    )
}

#[test]
fn an_anonymous_key_is_good_while_its_user_is_linked() {
    let mut bench = bench();
    bench.core.switches.unknown_user = UnknownUser::Refuse;
    let user = User::new(7, &mut bench.rng);
    let key = user.anonymous_key.clone();
    bench.core.world.users.insert(7, user);
    let answer = verify(&mut bench, &key);
    assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"resultType":"SUCCESS","success":"true"}"#));
    bench.core.switches.anon_key_answer = AnonKeyAnswer::Flag;
    let answer = verify(&mut bench, &key);
    assert_eq!(answer.basis, Basis::Assumed("anon_key_answer"));
    assert_eq!(answer.success(), json!(true));
    serde_json::from_value::<VerifiedAnonymousKey>(answer.success()).unwrap();

    bench.core.world.users.get_mut(&7).unwrap().linked = false;
    let before = bench.core.world.clone();
    for key in [key.as_str(), "made-up", ""] {
        let answer = verify(&mut bench, key);
        assert_eq!((answer.status, answer.code().as_str()), (200, "4010"));
    }
    bench.core.switches.failure_status = FailureStatus::Listed;
    assert_eq!(verify(&mut bench, &key).status, 401);
    assert!(bench.core.world == before);
}

#[test]
fn a_forged_anonymous_key_is_refused_as_the_switch_says() {
    let mut bench = bench();
    verify(&mut bench, "emu-1").success();
    let forged = "k".repeat(64);
    let seen = verify(&mut bench, &forged);
    assert_eq!((seen.status, seen.code().as_str()), (200, "4010"));
    assert_eq!(seen.basis, Basis::Assumed("unknown_anon_key"));
    bench.core.switches.unknown_anon_key = UnknownAnonKey::Unauthorized;
    let documented = verify(&mut bench, &forged);
    assert_eq!((documented.status, documented.code().as_str()), (401, "4010"));
    assert!(matches!(documented.basis, Basis::Documented(_)));
    bench.core.switches.unknown_anon_key = UnknownAnonKey::Genuine;
    verify(&mut bench, &forged).success();
    for key in ["k".repeat(65), format!("emu-{}", "k".repeat(61))] {
        assert_eq!(verify(&mut bench, &key).code(), "4010");
    }
    let answer = bench.post(&format!("{BASE}/users/anon-key/verify"), &[], json!({}));
    assert_eq!(answer.code(), "4010");
}

#[test]
fn a_user_key_may_be_digits_as_text() {
    let mut bench = bench();
    assert_eq!(by_key(&mut bench, json!({"userKey": "443731103"})).success()["userKey"], 443_731_103);
    for bad in ["", "7.0", "abc"] {
        assert_eq!(by_key(&mut bench, json!({ "userKey": bad })).code(), "INVALID_PARAMETER", "{bad}");
    }
}
