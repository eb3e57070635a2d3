//! Each moment with each effect.

use super::{Bench, body, fault};
use crate::fault::{Effect, Moment};

const EFFECTS: [&str; 12] = [
    "reset",
    "close",
    "hang",
    "delay=5",
    "status=503",
    "fail=4110",
    "result=HTTP_TIMEOUT",
    "truncate=10",
    "invalid_json",
    "html",
    "answer_twice",
    "late_commit=60",
];

fn effects(moment: Moment) -> impl Iterator<Item = Effect> {
    EFFECTS.into_iter().map(|word| word.parse().unwrap()).filter(move |effect: &Effect| effect.fits(moment))
}

/// A bench with a key, and one that made the same call without a fault.
fn benches() -> (Bench, String) {
    let mut bench = Bench::new();
    let key = bench.get_key();
    (bench, key)
}

#[test]
fn before_the_commit_nothing_is_done() {
    let (bench, key) = benches();
    for moment in [Moment::AfterRead, Moment::BeforeCommit] {
        for effect in effects(moment).filter(|effect| !matches!(effect, Effect::Delay(_))) {
            let mut bench = bench.clone();
            bench.arm(&format!("execute_promotion {moment} {effect}"));
            let world = bench.0.core.world.clone();
            let plan = bench.grant(&key, 10);
            assert_eq!(fault(&plan), Some(format!("{moment} {effect}")));
            assert!(bench.0.core.world == world, "{moment} {effect} changed the world");
            let answers = ["status=503", "fail=4110", "result=HTTP_TIMEOUT", "invalid_json", "html"];
            assert_eq!(plan.answer.is_some(), answers.contains(&effect.to_string().as_str()), "{effect}");
        }
    }
}

#[test]
fn after_the_commit_all_is_done() {
    let (bench, key) = benches();
    let mut usual = bench.clone();
    let told = usual.grant(&key, 10);
    for moment in [Moment::AfterCommit, Moment::MidHeaders, Moment::MidBody, Moment::AfterAnswer] {
        for effect in effects(moment) {
            let mut bench = bench.clone();
            bench.arm(&format!("execute_promotion {moment} {effect}"));
            let plan = bench.grant(&key, 10);
            assert_eq!(fault(&plan), Some(format!("{moment} {effect}")));
            let lost =
                moment != Moment::AfterAnswer && !matches!(effect, Effect::Delay(_) | Effect::AnswerTwice);
            assert_eq!(bench.ledger()[0].answer_lost, lost, "{moment} {effect}");
            assert_eq!(bench.granted(), [10], "{moment} {effect}");
            bench.0.core.world.ledger = usual.0.core.world.ledger.clone();
            assert!(bench.0.core.world == usual.0.core.world, "{moment} {effect} changed something else");
            let other = ["status=503", "fail=4110", "result=HTTP_TIMEOUT", "invalid_json", "html"];
            let same = body(&plan) == body(&told);
            assert_eq!(same, !other.contains(&effect.to_string().as_str()), "{moment} {effect}");
        }
    }
}

#[test]
fn an_answer_in_the_place_of_the_apis() {
    for (effect, status, says, of_type) in [
        ("status=503", 503, r#""errorCode":"INTERNAL_ERROR""#, "application/json"),
        ("fail=4110", 200, r#""errorCode":"4110""#, "application/json"),
        ("result=HTTP_TIMEOUT", 200, r#""resultType":"HTTP_TIMEOUT""#, "application/json"),
        ("invalid_json", 200, r#""success":{""#, "application/json"),
        ("html", 502, "nginx", "text/html"),
    ] {
        for moment in ["before_commit", "after_commit"] {
            let mut bench = Bench::with(&format!("get_key {moment} {effect}"));
            let plan = bench.call(super::GET_KEY, super::USER, serde_json::json!({}));
            let answer = plan.answer.as_ref().unwrap();
            assert_eq!((answer.status, plan.content_type), (status, of_type), "{effect}");
            assert!(answer.body.contains(says), "{effect}: {}", answer.body);
            assert_eq!(answer.basis.to_string(), "assumed:a fault that was asked for");
        }
    }
}

#[test]
fn brandpay_says_it_in_its_own_form() {
    for (effect, before, after, says) in [
        ("status=503", 503, 503, r#""code":"INTERNAL_ERROR""#),
        ("fail=REJECT_CARD", 403, 403, r#""code":"REJECT_CARD""#),
        ("result=HTTP_TIMEOUT", 500, 500, r#""code":"HTTP_TIMEOUT""#),
        // A 200 would say that it was done.
        ("invalid_json", 500, 200, "\":\""),
        ("html", 502, 502, "nginx"),
    ] {
        for (moment, status) in [("before_commit", before), ("after_commit", after)] {
            let mut bench = Bench::with(&format!("brandpay.terms {moment} {effect}"));
            let plan = bench.send(super::request("brandpay.terms", &[], serde_json::json!({})));
            let answer = plan.answer.unwrap();
            assert_eq!(answer.status, status, "{moment} {effect}");
            assert!(
                answer.body.contains(says) && !answer.body.contains("resultType"),
                "{effect}: {}",
                answer.body
            );
        }
    }
}

#[test]
fn a_delay_makes_wait_before_it_is_done_and_changes_nothing_else() {
    let (mut bench, key) = benches();
    let mut usual = bench.clone();
    bench.arm("execute_promotion before_commit delay=30");
    let body =
        serde_json::json!({"promotionCode": crate::api::promotion::SAMPLE_CODE, "key": key, "amount": 10});
    let request = super::request(super::EXECUTE, &[("x-toss-user-key", super::USER)], body);
    let received = bench.0.receive(request, std::time::SystemTime::UNIX_EPOCH);
    assert_eq!(received.wait(), Some(std::time::Duration::from_millis(30)));
    assert!(bench.granted().is_empty());
    let plan = bench.0.answer(received, std::time::SystemTime::UNIX_EPOCH);
    assert_eq!(super::body(&plan), super::body(&usual.grant(&key, 10)));
    assert_eq!(fault(&plan), None, "nothing goes wrong any more");
    assert!(bench.0.core.world == usual.0.core.world);
    let logged = bench.0.log.entries().next_back().unwrap();
    assert_eq!(logged.fault.as_deref(), Some("before_commit delay=30"));
}
