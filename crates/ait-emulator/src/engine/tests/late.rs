//! What a fault puts off.

use std::time::Duration;

use super::{Bench, GET_KEY, USER, fault};
use crate::api::Time;

const MINUTE: Duration = Duration::from_secs(60);

/// A grant that is put off for a minute.
fn put_off() -> Bench {
    let mut bench = Bench::new();
    let key = bench.get_key();
    bench.arm("execute_promotion before_commit late_commit=60");
    let plan = bench.grant(&key, 10);
    assert_eq!(fault(&plan).as_deref(), Some("before_commit late_commit=60"));
    assert!(plan.answer.is_none());
    bench
}

#[test]
fn it_is_done_when_the_clock_gets_there_and_not_before() {
    let mut bench = put_off();
    let due = bench.0.now(std::time::SystemTime::UNIX_EPOCH).plus(MINUTE);
    bench.advance(MINUTE - Duration::from_millis(1));
    assert!(!bench.catch_up());
    assert!(bench.granted().is_empty());
    bench.advance(Duration::from_millis(1));
    assert!(bench.catch_up());
    assert!(!bench.catch_up(), "once");
    assert_eq!(bench.granted(), [10]);
    let entry = &bench.ledger()[0];
    assert!(entry.answer_lost);
    assert_eq!(entry.at, due);
}

#[test]
fn it_happened_when_it_was_due_however_late_somebody_looks() {
    let mut bench = put_off();
    let due = bench.0.now(std::time::SystemTime::UNIX_EPOCH).plus(MINUTE);
    bench.advance(3 * MINUTE);
    bench.catch_up();
    assert_eq!(bench.ledger()[0].at, due);
}

#[test]
fn setting_the_clock_gets_there_too_and_so_does_the_next_call() {
    let mut bench = put_off();
    bench.0.clock.set(Time::from_unix_millis(2_000_000_000_000), std::time::SystemTime::UNIX_EPOCH);
    bench.call(GET_KEY, USER, serde_json::json!({}));
    assert_eq!(bench.granted(), [10]);

    // 600 ticks of a tenth of a second.
    let mut bench = put_off();
    for _ in 0..599 {
        bench.call("promotion.execution_result", "1", serde_json::json!({}));
    }
    assert!(bench.granted().is_empty());
    bench.call("promotion.execution_result", "1", serde_json::json!({}));
    assert_eq!(bench.granted(), [10]);
}

#[test]
fn it_is_done_before_a_call_that_was_read_earlier_and_waits() {
    let mut bench = put_off();
    bench.arm("get_key before_commit delay=5");
    let request = super::request(GET_KEY, &[("x-toss-user-key", USER)], serde_json::json!({}));
    let received = bench.0.receive(request, std::time::SystemTime::UNIX_EPOCH);
    bench.advance(MINUTE);
    bench.0.answer(received, std::time::SystemTime::UNIX_EPOCH);
    let log: Vec<_> = bench.0.log.entries().map(|entry| (entry.endpoint.unwrap(), entry.late)).collect();
    assert_eq!(log[2..], [("promotion.execute_promotion", true), (GET_KEY, false)]);
}

#[test]
fn several_are_done_in_the_order_in_which_they_are_due() {
    let mut bench = Bench::new();
    let keys: Vec<_> = (0..4).map(|_| bench.get_key()).collect();
    // The last two are due at the same time: the first call comes first.
    for (key, (seconds, amount)) in keys.iter().zip([(90, 1), (30, 2), (60, 3), (60, 4)]) {
        bench.arm(&format!("execute_promotion before_commit late_commit={seconds}"));
        if let super::Clock::Manual { tick_millis, .. } = &mut bench.0.clock {
            *tick_millis = 0;
        }
        bench.grant(key, amount);
    }
    assert!(bench.granted().is_empty());
    bench.advance(10 * MINUTE);
    bench.catch_up();
    assert_eq!(bench.granted(), [2, 3, 4, 1]);
    assert_eq!(bench.0.core.violations(), []);
}

#[test]
fn it_outlives_a_snapshot() {
    let mut bench = put_off();
    let text = serde_json::to_string(&bench.0.snapshot()).unwrap();
    let mut other = Bench::seeded(99);
    other.0.restore(serde_json::from_str(&text).unwrap());
    for bench in [&mut bench, &mut other] {
        bench.advance(MINUTE);
        bench.catch_up();
        assert_eq!(bench.granted(), [10]);
    }
    assert!(bench.0.core.world == other.0.core.world);
}

#[test]
fn what_was_put_off_and_cannot_be_read_is_refused() {
    let snapshot = serde_json::to_value(put_off().0.snapshot()).unwrap();
    for (member, value) in [("body", serde_json::json!("%%")), ("headers", serde_json::json!([["a b", "c"]]))]
    {
        let mut broken = snapshot.clone();
        broken["late"][0][member] = value;
        assert!(serde_json::from_value::<crate::engine::Snapshot>(broken).is_err(), "{member}");
    }
}

#[test]
fn restoring_forgets_what_was_put_off_since() {
    let mut bench = Bench::new();
    let (before, key) = (bench.0.snapshot(), bench.get_key());
    bench.arm("execute_promotion before_commit late_commit=60");
    bench.grant(&key, 10);
    bench.0.restore(before);
    bench.advance(MINUTE);
    assert!(!bench.catch_up());
}
