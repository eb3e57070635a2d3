//! Toss Login without I/O: codes and tokens.

use std::time::Duration;

use crate::api::support::{Bench, Told};
use ait_emulator::api::{
    Basis,
    login::Code,
    switches::{FailureStatus, InvalidGrant, NewLogin, Refresh, TokenForm, UnknownUser},
};
use ait_login::Token;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

const OAUTH: &str = "/api-partner/v1/apps-in-toss/user/oauth2";
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// A bench whose refusals leave no trace in the counters.
fn bench() -> Bench {
    let mut bench = Bench::new();
    bench.core.switches.calls_per_app = 0;
    bench
}

fn generate(bench: &mut Bench, code: &str, referrer: &str) -> Told {
    let body = json!({"authorizationCode": code, "referrer": referrer});
    bench.post(&format!("{OAUTH}/generate-token"), &[], body)
}

fn refresh(bench: &mut Bench, token: &str) -> Told {
    bench.post(&format!("{OAUTH}/refresh-token"), &[], json!({"refreshToken": token}))
}

fn login_me(bench: &mut Bench, token: &str) -> Told {
    bench.get(&format!("{OAUTH}/login-me"), &[("authorization", &format!("Bearer {token}"))])
}

fn logged_in(bench: &mut Bench, code: &str) -> (String, String) {
    let tokens = generate(bench, code, "DEFAULT").success();
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    (text("accessToken"), text("refreshToken"))
}

/// It is `invalid_grant`, bare, and has changed nothing.
fn invalid(bench: &mut Bench, basis: &str, call: impl Fn(&mut Bench) -> Told) {
    let before = bench.core.world.clone();
    let answer = call(bench);
    assert_eq!((answer.status, answer.body.as_str()), (400, r#"{"error":"invalid_grant"}"#), "{basis}");
    assert_eq!(answer.code.as_deref(), Some("invalid_grant"));
    assert!(answer.basis.to_string().contains(basis), "{} is not {basis}", answer.basis);
    assert!(bench.core.world == before, "{basis}: a refusal changed the world");
}

#[test]
fn a_code_of_the_app_becomes_tokens_as_in_the_sample() {
    let mut bench = bench();
    let code = bench.core.world.login.authorize(7, "DEFAULT", bench.now, &mut bench.rng);
    let answer = generate(&mut bench, &code, "DEFAULT");
    assert!(matches!(answer.basis, Basis::Sample(_)));
    let tokens = answer.success();
    let sample = include_str!("../../../../../fixtures/login/generate-token.response.json");
    let sample: Value = serde_json::from_str(sample).unwrap();
    assert_eq!(tokens.as_object().unwrap().len(), sample["success"].as_object().unwrap().len());
    for name in ["tokenType", "expiresIn", "scope"] {
        assert_eq!(tokens[name], sample["success"][name]);
    }
    let places = ["tokenType", "accessToken", "refreshToken", "expiresIn", "scope"];
    let places = places.map(|name| answer.body.find(&format!("\"{name}\"")).unwrap());
    assert!(places.is_sorted(), "the members stand as in the sample: {}", answer.body);
    let token: Token = serde_json::from_value(tokens).unwrap();
    assert_eq!((token.expires_in, token.scope.iter().count()), (Some(3599), 6));
    assert!(bench.core.world.users[&7].linked);
}

#[test]
fn an_access_token_has_the_form_of_a_jwt() {
    let mut bench = bench();
    let (token, _) = logged_in(&mut bench, "emu-7");
    let parts: Vec<_> = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap()).collect();
    let [header, claims, signature] = parts.as_slice() else { panic!("{} parts", parts.len()) };
    let [header, claims] = [header, claims].map(|part| serde_json::from_slice::<Value>(part).unwrap());
    let fixture = |text| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!(header, fixture(include_str!("../../../../../fixtures/login/access-token.header.json")));
    let sample = fixture(include_str!("../../../../../fixtures/login/access-token.claims.json"));
    assert!(claims.as_object().unwrap().keys().eq(sample.as_object().unwrap().keys()));
    assert_eq!((&claims["iss"], &claims["aud"]), (&sample["iss"], &json!("my-app")));
    assert_eq!((&claims["iat"], &claims["nbf"]), (&json!(1_760_000_000), &json!(1_760_000_000)));
    assert_eq!((&claims["exp"], claims["scope"][0].as_str()), (&json!(1_760_003_600), Some("user_ci")));
    assert_eq!(signature.len(), 256);
}

#[test]
fn a_code_is_good_for_one_exchange_in_ten_minutes_with_its_referrer() {
    let mut bench = bench();
    let code = bench.core.world.login.authorize(7, "SANDBOX", bench.now, &mut bench.rng);
    invalid(&mut bench, "another referrer", |bench| generate(bench, &code, "sandbox"));
    invalid(&mut bench, "another referrer", |bench| generate(bench, &code, "DEFAULT"));
    bench.advance(Duration::from_millis(599_999));
    generate(&mut bench, &code, "SANDBOX").success();
    invalid(&mut bench, "used up", |bench| generate(bench, &code, "SANDBOX"));

    let code = bench.core.world.login.authorize(7, "SANDBOX", bench.now, &mut bench.rng);
    bench.advance(Duration::from_secs(600));
    invalid(&mut bench, "too old", |bench| generate(bench, &code, "SANDBOX"));
    invalid(&mut bench, "no such code", |bench| generate(bench, "made-up", "SANDBOX"));
}

#[test]
fn a_magic_code_logs_its_user_in_once() {
    let mut bench = bench();
    for (code, user) in [("emu-443731104", 443_731_104), ("emu-7", 7), ("emu-7-", 7), ("emu-7-x-y", 7)] {
        let (token, _) = logged_in(&mut bench, code);
        assert_eq!(login_me(&mut bench, &token).success()["userKey"], user);
        invalid(&mut bench, "used up", |bench| generate(bench, code, "DEFAULT"));
        bench.advance(DAY);
        invalid(&mut bench, "used up", |bench| generate(bench, code, "DEFAULT"));
    }
    for code in ["emu-", "emu-x", "emu--1", "emu-+7", "emu-7x", "EMU-7", "emu-9223372036854775808"] {
        invalid(&mut bench, "no such code", |bench| generate(bench, code, "DEFAULT"));
    }
}

#[test]
fn a_magic_code_needs_nobody_even_where_unknown_users_are_refused() {
    let mut bench = bench();
    bench.core.switches.unknown_user = UnknownUser::Refuse;
    logged_in(&mut bench, "emu-7");
    assert!(bench.core.world.users[&7].linked);
}

#[test]
fn a_refresh_token_takes_turns() {
    let mut bench = bench();
    let (first_access, first) = logged_in(&mut bench, "emu-7");
    let answer = refresh(&mut bench, &first);
    assert_eq!(answer.basis, Basis::Assumed("refresh"));
    let tokens: Token = serde_json::from_value(answer.success()).unwrap();
    let second = tokens.refresh_token.unwrap();
    assert_ne!(second.expose(), first);
    invalid(&mut bench, "replaced", |bench| refresh(bench, &first));
    login_me(&mut bench, &first_access).success();
    login_me(&mut bench, tokens.access_token.expose()).success();
    bench.advance(14 * DAY - Duration::from_millis(1));
    refresh(&mut bench, second.expose()).success();
    invalid(&mut bench, "no such refresh token", |bench| refresh(bench, "made-up"));
}

#[test]
fn a_refresh_token_is_kept_if_the_switch_says_so() {
    let mut bench = bench();
    bench.core.switches.refresh = Refresh::Keep;
    let (_, token) = logged_in(&mut bench, "emu-7");
    for _ in 0..3 {
        assert_eq!(refresh(&mut bench, &token).success()["refreshToken"], json!(token));
    }
    bench.advance(14 * DAY);
    invalid(&mut bench, "too old", |bench| refresh(bench, &token));
}

#[test]
fn an_access_token_lives_for_an_hour() {
    let mut bench = bench();
    let (token, _) = logged_in(&mut bench, "emu-7");
    bench.advance(HOUR - Duration::from_millis(1));
    login_me(&mut bench, &token).success();
    bench.advance(Duration::from_millis(1));
    invalid(&mut bench, "too old", |bench| login_me(bench, &token));
}

#[test]
fn a_new_login_keeps_the_tokens_of_the_old_one_unless_the_switch_says_otherwise() {
    let mut bench = bench();
    let (access, token) = logged_in(&mut bench, "emu-7-1");
    let (other, _) = logged_in(&mut bench, "emu-8");
    logged_in(&mut bench, "emu-7-2");
    login_me(&mut bench, &access).success();
    let code = bench.core.world.login.authorize(7, "DEFAULT", bench.now, &mut bench.rng);
    bench.core.switches.new_login = NewLogin::EndsTokens;
    let (newest, _) = logged_in(&mut bench, "emu-7-3");
    invalid(&mut bench, "a new login ended it", |bench| login_me(bench, &access));
    invalid(&mut bench, "replaced", |bench| refresh(bench, &token));
    login_me(&mut bench, &newest).success();
    login_me(&mut bench, &other).success();
    logged_in(&mut bench, &code);
}

#[test]
fn tokens_have_the_form_of_the_switch() {
    let mut bench = bench();
    bench.core.switches.token_form = TokenForm::Table;
    let answer = generate(&mut bench, "emu-7-1", "DEFAULT");
    assert_eq!(answer.basis, Basis::Assumed("token_form"));
    let tokens = answer.success();
    assert_eq!((&tokens["tokenType"], &tokens["expiresIn"]), (&json!("bearer"), &json!("3599")));
    assert_eq!(serde_json::from_value::<Token>(tokens.clone()).unwrap().expires_in, Some(3599));

    bench.core.switches.token_form = TokenForm::Sparse;
    let (_, token) = logged_in(&mut bench, "emu-7-2");
    assert_eq!(generate(&mut bench, "emu-7-3", "DEFAULT").success()["tokenType"], "Bearer");
    let tokens = refresh(&mut bench, &token).success();
    let sample = include_str!("../../../../../fixtures/login/refresh-token.sparse.response.json");
    let sample: Value = serde_json::from_str(sample).unwrap();
    assert!(tokens.as_object().unwrap().keys().eq(sample["success"].as_object().unwrap().keys()));
}

#[test]
fn invalid_grant_has_the_form_and_status_of_the_switches() {
    let told = |form, status, failure| {
        let mut bench = bench();
        bench.core.switches.invalid_grant = form;
        bench.core.switches.invalid_grant_status = status;
        bench.core.switches.failure_status = failure;
        let answers =
            [generate(&mut bench, "x", "DEFAULT"), refresh(&mut bench, "x"), login_me(&mut bench, "x")];
        answers.map(|answer| (answer.status, answer.json()["resultType"] == "FAIL"))
    };
    let (ok, listed) = (FailureStatus::Ok, FailureStatus::Listed);
    assert_eq!(told(InvalidGrant::Bare, 400, ok), [(400, false), (400, false), (400, false)]);
    assert_eq!(told(InvalidGrant::Bare, 401, listed), [(401, false), (401, false), (401, false)]);
    assert_eq!(told(InvalidGrant::EnvelopeAtRefresh, 400, ok), [(400, false), (200, true), (400, false)]);
    assert_eq!(told(InvalidGrant::Envelope, 400, ok), [(200, true), (200, true), (200, true)]);
    assert_eq!(told(InvalidGrant::Envelope, 400, listed), [(400, true), (400, true), (401, true)]);
    let mut bench = bench();
    bench.core.switches.invalid_grant = InvalidGrant::Envelope;
    assert_eq!(refresh(&mut bench, "x").code(), "invalid_grant");
}

#[test]
fn a_user_who_is_gone_is_an_internal_error() {
    let mut bench = bench();
    let (_, token) = logged_in(&mut bench, "emu-7");
    let code = bench.core.world.login.authorize(7, "DEFAULT", bench.now, &mut bench.rng);
    bench.core.world.users.remove(&7);
    bench.core.switches.unknown_user = UnknownUser::Refuse;
    bench.core.switches.failure_status = FailureStatus::Listed;
    let before = bench.core.world.clone();
    for answer in [generate(&mut bench, &code, "DEFAULT"), refresh(&mut bench, &token)] {
        assert_eq!((answer.code().as_str(), answer.status), ("INTERNAL_ERROR", 500));
    }
    assert!(bench.core.world == before);
    bench.core.switches.unknown_user = UnknownUser::Create;
    generate(&mut bench, &code, "DEFAULT").success();
    assert!(bench.core.world.users[&7].linked);
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    let mut bench = bench();
    let cases = [
        ("generate-token", json!({}), "authorizationCode"),
        ("generate-token", json!({"authorizationCode": "emu-7"}), "referrer"),
        ("generate-token", json!({"authorizationCode": " ", "referrer": "DEFAULT"}), "authorizationCode"),
        ("generate-token", json!({"authorizationCode": 7, "referrer": "DEFAULT"}), "authorizationCode"),
        ("generate-token", json!({"authorizationCode": "emu-7", "referrer": ""}), "referrer"),
        ("refresh-token", json!({"refreshToken": null}), "refreshToken"),
        ("refresh-token", json!([]), "body"),
    ];
    let before = bench.core.world.clone();
    for (path, body, field) in cases {
        let answer = bench.post(&format!("{OAUTH}/{path}"), &[], body);
        assert_eq!((answer.status, answer.code().as_str()), (400, "INVALID_PARAMETER"));
        assert_eq!(answer.json()["error"]["data"]["errorDetails"][0]["field"], field, "{}", answer.body);
    }
    assert!(bench.core.world == before);
}

#[test]
fn a_state_can_be_written_by_hand() {
    let mut bench = bench();
    let code = Code::new(7, "SANDBOX", bench.now);
    bench.core.world.login.codes.insert("by-hand".to_owned(), code);
    let text = serde_json::to_string(&bench.core.world).unwrap();
    bench.core.world = serde_json::from_str(&text).unwrap();
    generate(&mut bench, "by-hand", "SANDBOX").success();
}
