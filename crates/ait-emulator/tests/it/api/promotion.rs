//! Promotions, without I/O: keys, grants and their results.

use std::time::Duration;

use crate::api::support::{Bench, Told};
use ait_emulator::api::{
    Basis, Face, UserId,
    promotion::{GrantStatus, PromotionStatus, SAMPLE_CODE},
    routes,
    switches::{Dedupe, Old, UnknownPromotion},
};
use ait_promotion::{ExecutePromotion, ExecutionResult, GetKey, ait_core::Endpoint};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const USER: &[(&str, &str)] = &[("x-toss-user-key", "443731104")];
const OTHER: &[(&str, &str)] = &[("x-toss-user-key", "443731105")];
const HOUR: Duration = Duration::from_secs(3600);

fn get_key(bench: &mut Bench) -> String {
    let key = bench.post(GetKey::PATH, USER, json!({})).success()["key"].clone();
    key.as_str().unwrap().to_owned()
}

fn execute_as(bench: &mut Bench, user: &[(&str, &str)], code: &str, key: &str) -> Told {
    bench.post(ExecutePromotion::PATH, user, json!({"promotionCode": code, "key": key, "amount": 10}))
}

fn execute(bench: &mut Bench, key: &str) -> Told {
    execute_as(bench, USER, SAMPLE_CODE, key)
}

fn result_as(bench: &mut Bench, user: &[(&str, &str)], code: &str, key: &str) -> Told {
    bench.post(ExecutionResult::PATH, user, json!({"promotionCode": code, "key": key}))
}

fn result(bench: &mut Bench, key: &str) -> Told {
    result_as(bench, USER, SAMPLE_CODE, key)
}

/// The result, or the code of its refusal.
fn said(told: &Told) -> String {
    match &told.code {
        Some(code) => code.clone(),
        None => told.success().as_str().unwrap().to_owned(),
    }
}

fn decodes<E: Endpoint<Response: DeserializeOwned>>(told: &Told) -> E::Response {
    serde_json::from_value(told.success()).unwrap()
}

#[test]
fn the_endpoints_are_those_of_the_client() {
    let ours = |name| {
        let route = routes().find(|route| route.name == name).unwrap();
        (route.method, route.host.name(), route.path, route.writes)
    };
    let host = "apps-in-toss-api.toss.im";
    assert_eq!(ours(GetKey::NAME), ("POST", host, GetKey::PATH, true));
    assert_eq!(ours(ExecutePromotion::NAME), ("POST", host, ExecutePromotion::PATH, true));
    assert_eq!(ours(ExecutionResult::NAME), ("POST", host, ExecutionResult::PATH, false));
}

#[test]
fn a_grant_is_accepted_and_paid() {
    let mut bench = Bench::new();
    let told = bench.post(GetKey::PATH, USER, json!({}));
    let key = told.success()["key"].as_str().unwrap().to_owned();
    assert_eq!(key.len(), 44, "32 bytes in Base64: {key}");
    let _ = decodes::<GetKey>(&told);

    let told = execute(&mut bench, &key);
    assert_eq!(told.body, format!(r#"{{"resultType":"SUCCESS","success":{{"key":"{key}"}}}}"#));
    assert!(matches!(told.basis, Basis::Documented(_)));
    let _ = decodes::<ExecutePromotion>(&told);

    let told = result(&mut bench, &key);
    assert_eq!(told.body, r#"{"resultType":"SUCCESS","success":"SUCCESS"}"#);
    assert!(decodes::<ExecutionResult>(&told).is_paid());

    let promotions = &bench.core.world.promotion;
    assert_eq!(promotions.wallet(), 999_999_990);
    assert_eq!(promotions.promotions[SAMPLE_CODE].spent(), 10);
    assert_eq!(promotions.promotions[SAMPLE_CODE].given_to("443731104"), 10);
    assert_eq!(promotions.keys()[&key].user.as_deref(), Some("443731104"));
    assert_eq!(promotions.grants(&key)[0].status(bench.now), GrantStatus::Success);
    let entry = serde_json::to_value(&bench.core.world.ledger.entries()[0].movement).unwrap();
    assert_eq!(
        entry,
        json!({"kind": "grant", "user": "443731104", "promotion": SAMPLE_CODE, "key": key, "amount": 10, "test": false})
    );
    assert_eq!(bench.core.violations(), []);
}

#[test]
fn an_anonymous_user_is_granted_too() {
    let mut bench = Bench::new();
    let anonymous = [("x-anon-key", "anonymous-1")];
    let key = bench.post(GetKey::PATH, &anonymous, json!({})).success()["key"].clone();
    let key = key.as_str().unwrap();
    execute_as(&mut bench, &anonymous, SAMPLE_CODE, key).success();
    assert_eq!(said(&result_as(&mut bench, &anonymous, SAMPLE_CODE, key)), "SUCCESS");
    assert_eq!(
        bench.core.world.promotion.grants(key)[0].user,
        UserId::Anonymous("anonymous-1".into()).to_string()
    );
}

#[test]
fn a_test_moves_nothing_and_answers_the_same() {
    for (prefix, assumed) in [("TEST_", false), ("TEST ", true)] {
        let mut bench = Bench::new();
        let code = format!("{prefix}{SAMPLE_CODE}");
        let key = get_key(&mut bench);
        let told = execute_as(&mut bench, USER, &code, &key);
        assert_eq!(told.success(), json!({"key": key}));
        assert_eq!(matches!(told.basis, Basis::Assumed(_)), assumed);
        assert_eq!(said(&result_as(&mut bench, USER, &code, &key)), "SUCCESS");
        assert_eq!(said(&result(&mut bench, &key)), "4111", "it is not a live grant");
        assert_eq!(said(&execute_as(&mut bench, USER, &code, &key)), "4113");
        assert_eq!(bench.core.world.promotion.wallet(), 1_000_000_000);
        assert_eq!(bench.core.world.promotion.promotions[SAMPLE_CODE].spent(), 0);
        assert_eq!(bench.core.world.ledger.entries().len(), 1);
        assert_eq!(bench.core.violations(), []);
    }
}

#[test]
fn a_promotion_grants_after_a_test_that_a_review_does_not_hinder() {
    let mut bench = Bench::new();
    let promotion = bench.core.world.promotion.promotions.get_mut(SAMPLE_CODE).unwrap();
    (promotion.tested, promotion.status) = (false, PromotionStatus::NotApproved);
    let key = get_key(&mut bench);
    execute_as(&mut bench, USER, &format!("TEST_{SAMPLE_CODE}"), &key).success();
    let promotion = bench.core.world.promotion.promotions.get_mut(SAMPLE_CODE).unwrap();
    assert!(promotion.tested);
    promotion.status = PromotionStatus::Running;
    let key = get_key(&mut bench);
    execute(&mut bench, &key).success();
}

#[test]
fn get_key_takes_any_body_and_needs_a_user_by_a_switch() {
    let mut bench = Bench::new();
    for body in ["", "{}", "[1,2]", "not json"] {
        let told = bench.send(Face::AppsInToss, "POST", GetKey::PATH, &[], body.to_owned());
        assert!(told.success()["key"].is_string());
        assert_eq!(told.basis, Basis::Assumed("get_key_needs_user"));
    }
    bench.core.switches.get_key_needs_user = true;
    assert_eq!(said(&bench.post(GetKey::PATH, &[], json!({}))), "4010");
    assert!(bench.post(GetKey::PATH, USER, json!({})).success()["key"].is_string());
}

#[test]
fn a_key_belongs_to_the_user_who_asked_for_it() {
    let mut bench = Bench::new();
    let key = get_key(&mut bench);
    let told = execute_as(&mut bench, OTHER, SAMPLE_CODE, &key);
    assert_eq!(
        (said(&told).as_str(), told.basis),
        ("INVALID_PARAMETER", Basis::Assumed("key_bound_to_user"))
    );
    // One that was asked for without a user is anybody's.
    let free = bench.post(GetKey::PATH, &[], json!({})).success()["key"].clone();
    execute_as(&mut bench, OTHER, SAMPLE_CODE, free.as_str().unwrap()).success();

    bench.core.switches.key_bound_to_user = false;
    execute_as(&mut bench, OTHER, SAMPLE_CODE, &key).success();
    assert_eq!(said(&result_as(&mut bench, OTHER, SAMPLE_CODE, &key)), "SUCCESS");
    assert_eq!(said(&result(&mut bench, &key)), "4111", "the grant is another user's");
}

#[test]
fn a_key_lives_for_an_hour() {
    let mut bench = Bench::new();
    let (young, old) = (get_key(&mut bench), get_key(&mut bench));
    bench.advance(HOUR - Duration::from_millis(1));
    execute(&mut bench, &young).success();
    bench.advance(Duration::from_millis(1));
    let told = execute(&mut bench, &old);
    assert_eq!((said(&told).as_str(), told.basis), ("4199", Basis::Assumed("expired_key_code")));
    bench.core.switches.expired_key_code = "4101".to_owned();
    assert_eq!(said(&execute(&mut bench, &old)), "4101");
    // The age is looked at before the use.
    assert_eq!(said(&execute(&mut bench, &young)), "4101");
    assert_eq!(said(&result(&mut bench, &young)), "SUCCESS");

    bench.core.switches.expired_key = Old::Accept;
    let told = execute(&mut bench, &old);
    assert_eq!((said_key(&told), told.basis), (old.clone(), Basis::Assumed("expired_key")));
    assert_eq!(said(&execute(&mut bench, &old)), "4113");
}

fn said_key(told: &Told) -> String {
    told.success()["key"].as_str().unwrap().to_owned()
}

#[test]
fn a_used_key_is_refused_as_the_switch_says() {
    let other = format!("TEST_{SAMPLE_CODE}");
    for (dedupe, same, another) in [
        (Dedupe::Key, "4113", "4113"),
        (Dedupe::PromotionAndKey, "4113", "paid"),
        (Dedupe::Never, "paid", "paid"),
    ] {
        let mut bench = Bench::new();
        bench.core.switches.dedupe = dedupe;
        let key = get_key(&mut bench);
        execute(&mut bench, &key).success();
        for (code, expected) in [(other.as_str(), another), (SAMPLE_CODE, same)] {
            let told = execute_as(&mut bench, USER, code, &key);
            assert_eq!(told.code.as_deref().unwrap_or("paid"), expected, "{dedupe:?} {code}");
            if expected == "paid" {
                assert_eq!(told.basis, Basis::Assumed("dedupe"));
            }
        }
        let rules: Vec<_> = bench.core.violations().into_iter().map(|violation| violation.rule).collect();
        let expected: &[&str] = if dedupe == Dedupe::Never { &["no-double-pay"] } else { &[] };
        assert_eq!(rules, expected);
    }
}

#[test]
fn a_result_is_hidden_then_pending_then_there() {
    let mut bench = Bench::new();
    bench.core.switches.result_lag_seconds = 5;
    bench.core.switches.grant_lag_seconds = 20;
    let key = get_key(&mut bench);
    execute(&mut bench, &key).success();
    let mut after = |seconds| {
        bench.advance(Duration::from_secs(seconds));
        said(&result(&mut bench, &key))
    };
    assert_eq!([after(4), after(1), after(14), after(1)], ["4111", "PENDING", "PENDING", "SUCCESS"]);
}

#[test]
fn unknown_promotions_are_refused_or_made() {
    let mut bench = Bench::new();
    let key = get_key(&mut bench);
    assert_eq!(said(&execute_as(&mut bench, USER, "NEW", &key)), "4100");
    assert_eq!(said(&result_as(&mut bench, USER, "NEW", &key)), "4100");
    bench.core.switches.unknown_promotion = UnknownPromotion::Create;
    assert_eq!(said(&result_as(&mut bench, USER, "NEW", &key)), "4111");
    assert!(!bench.core.world.promotion.promotions.contains_key("NEW"), "a question makes nothing");
    execute_as(&mut bench, USER, "NEW", &key).success();
    assert_eq!(bench.core.world.promotion.promotions["NEW"].spent(), 10);
    assert_eq!(bench.core.violations(), []);
}

#[test]
fn ten_calls_a_minute_over_the_three_calls() {
    let mut bench = Bench::new();
    let key = get_key(&mut bench);
    execute(&mut bench, &key).success();
    for _ in 0..8 {
        assert_eq!(said(&result(&mut bench, &key)), "SUCCESS");
    }
    for told in
        [result(&mut bench, &key), execute(&mut bench, &key), bench.post(GetKey::PATH, USER, json!({}))]
    {
        assert_eq!(said(&told), "4095");
        assert_eq!(told.json()["error"]["data"]["retryAfterSeconds"], 60);
    }
    assert_eq!(said(&result_as(&mut bench, OTHER, SAMPLE_CODE, &key)), "4111", "others may still call");
    bench.advance(Duration::from_secs(60));
    assert_eq!(said(&result(&mut bench, &key)), "SUCCESS");
}

#[test]
fn the_same_calls_give_the_same_bytes() {
    let run = |through_json: bool| {
        let mut bench = Bench::new();
        bench.core.switches.grant_lag_seconds = 3;
        bench.core.switches.failed_may_flip = true;
        let mut bodies = Vec::new();
        for fails in [false, true, false] {
            let key = get_key(&mut bench);
            if fails {
                assert!(bench.core.world.promotion.fail(&key, bench.now));
            }
            for wait in [0, 1, 2, 3] {
                bench.advance(Duration::from_secs(wait * 10));
                let told = if wait == 0 { execute(&mut bench, &key) } else { result(&mut bench, &key) };
                bodies.push(told.body.clone());
                if through_json {
                    bench.store_and_load();
                }
            }
        }
        (bodies, bench.core.world)
    };
    assert_eq!(run(false), run(false));
    assert_eq!(run(false), run(true));
}

#[test]
fn odd_requests_are_refused_and_change_nothing() {
    let mut bench = Bench::new();
    bench.core.switches.calls_per_user = 0;
    let key = get_key(&mut bench);
    let before = bench.state();
    let deep = "[".repeat(5000);
    let odd = [
        json!(null),
        json!([]),
        json!({}),
        json!("x"),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!(true),
    ];
    for path in [ExecutePromotion::PATH, ExecutionResult::PATH] {
        let good = json!({"promotionCode": SAMPLE_CODE, "key": key, "amount": 10});
        let names: &[&str] = if path == ExecutePromotion::PATH {
            &["promotionCode", "key", "amount"]
        } else {
            &["promotionCode", "key"]
        };
        for name in names {
            let mut values = odd.to_vec();
            values.push(json!("x".repeat(100_000)));
            for value in values {
                let mut body = good.clone();
                body[*name] = value.clone();
                let told = bench.post(path, USER, body);
                assert_ne!(told.code, None, "{path} {name} {value}");
                assert_eq!(bench.state(), before, "{path} {name} {value}");
            }
            let mut body: Value = good.clone();
            body.as_object_mut().unwrap().remove(*name);
            let told = bench.post(path, USER, body);
            assert_eq!((told.status, said(&told).as_str()), (400, "INVALID_PARAMETER"));
            assert_eq!(told.json()["error"]["data"]["errorDetails"][0]["field"], *name);
        }
        for body in ["", "null", "[]", "\"x\"", "{", deep.as_str(), "{\"a\":1e999}"] {
            let told = bench.send(Face::AppsInToss, "POST", path, USER, body.to_owned());
            assert_eq!(told.status, 400, "{body:.20}");
            assert_eq!(bench.state(), before);
        }
    }
}
