//! Grants made again while nobody knows what became of the first.

use std::time::Duration;

use serde_json::json;

use super::{Bench, USER, body};
use crate::api::promotion::SAMPLE_CODE;

const LATE: &str = "execute_promotion before_commit late_commit=60";

/// What the result of this key says.
fn result(bench: &mut Bench, key: &str) -> String {
    let plan =
        bench.call("promotion.execution_result", USER, json!({"promotionCode": SAMPLE_CODE, "key": key}));
    body(&plan).to_owned()
}

fn wait(bench: &mut Bench, seconds: u64) {
    bench.advance(Duration::from_secs(seconds));
    bench.catch_up();
}

fn rules(bench: &Bench) -> Vec<String> {
    bench.0.core.violations().into_iter().map(|violation| violation.rule).collect()
}

/// A grant of 10 was put off for a minute, and nobody was told.
fn put_off() -> (Bench, [String; 3]) {
    let mut bench = Bench::new();
    let keys = [bench.get_key(), bench.get_key(), bench.get_key()];
    bench.arm(LATE);
    assert!(bench.grant(&keys[0], 10).answer.is_none());
    (bench, keys)
}

#[test]
fn another_key_while_the_first_grant_is_on_its_way_pays_twice() {
    for asks in [false, true] {
        let (mut bench, [first, second, third]) = put_off();
        if asks {
            // That there is no record yet says nothing.
            assert!(result(&mut bench, &first).contains("4111"));
        }
        bench.grant(&second, 10);
        assert!(rules(&bench).is_empty());
        wait(&mut bench, 60);
        assert_eq!(bench.granted(), [10, 10]);
        assert_eq!(rules(&bench), ["no-double-pay"]);
        // From here on nothing is in doubt.
        assert!(result(&mut bench, &first).contains("SUCCESS"));
        bench.grant(&third, 10);
        assert_eq!(rules(&bench).len(), 1);
    }
}

#[test]
fn two_that_are_both_on_their_way_pay_twice() {
    for (first, second) in [(60, 90), (90, 60), (60, 60)] {
        let mut bench = Bench::new();
        let keys = [bench.get_key(), bench.get_key()];
        for (key, seconds) in keys.iter().zip([first, second]) {
            bench.arm(&format!("execute_promotion before_commit late_commit={seconds}"));
            bench.grant(key, 10);
        }
        wait(&mut bench, 100);
        assert_eq!(bench.granted(), [10, 10]);
        assert_eq!(rules(&bench), ["no-double-pay"], "{first} {second}");
    }
}

#[test]
fn one_on_its_way_is_another_promise_than_those_before_it_and_those_unlike_it() {
    let mut bench = Bench::new();
    let keys: Vec<_> = (0..3).map(|_| bench.get_key()).collect();
    let other = bench.call("promotion.get_key", "7", json!({}));
    let other: serde_json::Value = serde_json::from_str(body(&other)).unwrap();
    bench.grant(&keys[0], 10);
    bench.arm(LATE);
    bench.grant(&keys[1], 10);
    bench.grant(&keys[2], 11);
    bench.call(
        "promotion.execute_promotion",
        "7",
        json!({"promotionCode": SAMPLE_CODE, "key": other["success"]["key"], "amount": 10}),
    );
    wait(&mut bench, 60);
    assert_eq!(bench.granted().len(), 4);
    assert!(rules(&bench).is_empty());
}

#[test]
fn one_that_failed_in_the_meantime_was_not_paid_besides() {
    let (mut bench, [_, second, _]) = put_off();
    bench.0.core.switches.grant_lag_seconds = 5;
    bench.grant(&second, 10);
    let now = bench.0.now(std::time::SystemTime::UNIX_EPOCH);
    assert!(bench.0.core.world.promotion.fail(&second, now));
    wait(&mut bench, 10);
    assert!(result(&mut bench, &second).contains("FAILED"));
    wait(&mut bench, 60);
    assert_eq!(bench.granted(), [10, 10]);
    assert!(rules(&bench).is_empty());
}

#[test]
fn the_same_key_again_is_no_other_grant() {
    let (mut bench, [first, ..]) = put_off();
    bench.grant(&first, 10);
    wait(&mut bench, 60);
    assert_eq!(bench.granted(), [10]);
    assert!(rules(&bench).is_empty());
}

#[test]
fn when_it_was_asked_outlives_a_snapshot() {
    let (mut bench, [_, second, _]) = put_off();
    bench.grant(&second, 10);
    let text = serde_json::to_string(&bench.0.snapshot()).unwrap();
    let mut other = Bench::seeded(99);
    other.0.restore(serde_json::from_str(&text).unwrap());
    wait(&mut other, 60);
    let text = serde_json::to_string(&other.0.snapshot()).unwrap();
    other.0.restore(serde_json::from_str(&text).unwrap());
    assert_eq!(rules(&other), ["no-double-pay"]);
}

/// A grant of 10 failed, and is paid after all in a second. `told`: the caller asked in between.
fn flipped(told: bool) -> (Bench, [String; 3]) {
    let mut bench = Bench::new();
    let keys = [bench.get_key(), bench.get_key(), bench.get_key()];
    bench.0.core.switches.failed_may_flip = true;
    let now = bench.0.now(std::time::SystemTime::UNIX_EPOCH);
    assert!(bench.0.core.world.promotion.fail(&keys[0], now));
    bench.grant(&keys[0], 10);
    bench.get_key();
    if told {
        assert!(result(&mut bench, &keys[0]).contains("FAILED"));
    }
    wait(&mut bench, 5);
    bench.get_key();
    assert_eq!(bench.granted(), [10, 10], "the first, which came back, and the same, paid after all");
    (bench, keys)
}

#[test]
fn one_in_the_place_of_a_failure_that_was_paid_after_all_pays_twice() {
    let (mut bench, [_, second, third]) = flipped(true);
    assert!(rules(&bench).is_empty());
    bench.grant(&second, 10);
    assert_eq!(rules(&bench), ["no-double-pay"]);
    // It took that place: the next is another promise.
    bench.grant(&third, 10);
    assert_eq!(rules(&bench).len(), 1);
}

#[test]
fn a_failure_that_nobody_was_told_of_is_not_replaced_nor_is_one_whose_success_was_told() {
    let (mut bench, [_, second, _]) = flipped(false);
    bench.grant(&second, 10);
    assert!(rules(&bench).is_empty());

    let (mut bench, [first, second, _]) = flipped(true);
    assert!(result(&mut bench, &first).contains("SUCCESS"));
    bench.grant(&second, 10);
    assert!(rules(&bench).is_empty());

    let (mut bench, [_, second, _]) = flipped(true);
    bench.grant(&second, 11);
    assert!(rules(&bench).is_empty());
}

#[test]
fn a_failure_whose_key_is_used_again_is_no_doubt() {
    let mut bench = Bench::new();
    let keys = [bench.get_key(), bench.get_key()];
    bench.0.core.switches.dedupe = crate::api::switches::Dedupe::Never;
    let fails = |bench: &mut Bench, failing| {
        bench.0.core.world.promotion.promotions.get_mut(SAMPLE_CODE).unwrap().failing = failing;
    };
    fails(&mut bench, true);
    bench.grant(&keys[0], 10);
    assert!(result(&mut bench, &keys[0]).contains("FAILED"));
    fails(&mut bench, false);
    bench.grant(&keys[0], 10);
    bench.grant(&keys[1], 10);
    assert_eq!(bench.granted(), [10, 10, 10]);
    assert!(rules(&bench).is_empty());
}

#[test]
fn what_time_pays_after_all_is_not_asked_again() {
    let mut bench = Bench::new();
    let keys = [bench.get_key(), bench.get_key()];
    bench.0.core.switches.failed_may_flip = true;
    bench.0.core.switches.grant_lag_seconds = 5;
    let now = bench.0.now(std::time::SystemTime::UNIX_EPOCH);
    assert!(bench.0.core.world.promotion.fail(&keys[0], now));
    bench.grant(&keys[0], 10);
    // Another promise, made while the first is pending. Its answer is lost.
    bench.arm("execute_promotion after_commit reset");
    bench.grant(&keys[1], 10);
    for _ in 0..3 {
        wait(&mut bench, 5);
        bench.get_key();
    }
    assert_eq!(bench.granted(), [10, 10, 10]);
    assert!(rules(&bench).is_empty());
}
