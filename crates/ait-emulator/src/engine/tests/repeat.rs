//! The same calls with the same seed are the same bytes.

use std::time::Duration;

use serde_json::json;

use super::{Bench, GET_KEY, USER};

/// A day: calls, faults with chance in them, time. What was answered, and the log.
fn day(bench: &mut Bench, hours: std::ops::Range<u64>) -> Vec<String> {
    let mut told = Vec::new();
    for hour in hours {
        for user in [USER, "1", "2", "99200001"] {
            let plan = bench.call(GET_KEY, user, json!({}));
            told.push(format!("{:?} {:?}", plan.answer, plan.fault));
        }
        let plan = bench.make(&format!("order-{hour}"));
        told.push(format!("{:?} {:?}", plan.answer, plan.fault));
        let key = bench.0.core.world.promotion.keys().keys().next().cloned().unwrap_or_default();
        let plan = bench.grant(&key, 10);
        told.push(format!("{:?} {:?}", plan.answer, plan.fault));
        bench.advance(Duration::from_secs(600));
        told.push(bench.0.now(std::time::SystemTime::UNIX_EPOCH).to_string());
    }
    told
}

fn chancy(seed: u64) -> Bench {
    let mut bench = Bench::seeded(seed);
    bench.arm("* before_commit reset p=0.2 times=any");
    bench.arm("* after_commit hang p=0.2 times=any");
    bench.arm("* before_commit late_commit=900 p=0.2 times=any");
    bench.0.log.keep_lines();
    bench
}

#[test]
fn two_runs_with_one_seed_are_the_same() {
    let runs: Vec<_> = [7, 7, 8]
        .map(|seed| {
            let mut bench = chancy(seed);
            (
                day(&mut bench, 0..20),
                bench.0.log.take_lines(),
                serde_json::to_string(&bench.0.snapshot()).unwrap(),
            )
        })
        .into();
    assert!(runs[0] == runs[1]);
    assert!(runs[0].0 != runs[2].0 && runs[0].1 != runs[2].1 && runs[0].2 != runs[2].2);
    assert!(runs[0].1.iter().any(|line| line.contains(r#""late":true"#)), "the day has some of everything");
}

#[test]
fn a_run_goes_on_from_a_snapshot_as_if_it_had_not_been_interrupted() {
    let mut whole = chancy(7);
    day(&mut whole, 0..10);
    whole.0.log.take_lines();
    let text = serde_json::to_string(&whole.0.snapshot()).unwrap();
    let mut second = Bench::seeded(1);
    second.0.restore(serde_json::from_str(&text).unwrap());
    second.0.log.keep_lines();
    assert!(day(&mut second, 10..20) == day(&mut whole, 10..20));
    assert!(second.0.log.take_lines() == whole.0.log.take_lines());
    assert!(second.0.snapshot() == whole.0.snapshot());
}

#[test]
fn a_fault_does_not_change_what_is_made_later() {
    let mut usual = Bench::new();
    let mut faulty = Bench::new();
    // Chance is taken for each call, and nothing comes of it.
    faulty.arm("* before_commit reset p=0 times=any");
    faulty.arm("make_payment before_commit reset times=any");
    for bench in [&mut usual, &mut faulty] {
        bench.get_key();
    }
    faulty.make("order-1");
    assert_eq!(usual.get_key(), faulty.get_key());
}

#[test]
fn debug_shows_no_secrets() {
    let mut bench = Bench::new();
    let key = bench.get_key();
    bench.arm("execute_promotion before_commit late_commit=60");
    bench.grant(&key, 10);
    let world = &bench.0.core.world;
    let shown = format!("{:?} {:?}", bench.0, bench.0.snapshot());
    for (name, secret) in world.secrets().into_iter().chain([("key", key), ("user", USER.to_owned())]) {
        assert!(!shown.contains(&secret), "{name} in {shown}");
    }
}
