//! What the log says.

use serde_json::json;

use super::{Bench, GET_KEY, USER};

#[test]
fn it_tells_what_was_written() {
    for (rule, status, code, entries) in [
        ("get_key after_answer close", Some(200), None, 1),
        ("execute_promotion before_commit reset", None, None, 0),
        ("execute_promotion before_commit status=503", Some(503), Some("INTERNAL_ERROR"), 0),
        ("execute_promotion after_commit reset", None, None, 1),
        ("execute_promotion after_commit close", None, None, 1),
        ("execute_promotion after_commit hang", None, None, 1),
        ("execute_promotion after_commit fail=4110", Some(200), Some("4110"), 1),
        ("execute_promotion after_commit truncate=10", Some(200), None, 1),
        ("execute_promotion mid_body reset", Some(200), None, 1),
    ] {
        let mut bench = Bench::new();
        let key = bench.get_key();
        bench.arm(rule);
        bench.grant(&key, 10);
        let entry = bench.0.log.entries().next_back().unwrap();
        assert_eq!(
            (entry.status, entry.code.as_deref(), entry.entries.len()),
            (status, code, entries),
            "{rule}"
        );
        assert_eq!(entry.whole()["answer"].is_null(), status.is_none(), "{rule}");
        assert_eq!(entry.basis.is_some(), status.is_some(), "{rule}");
        let (_, said) = rule.split_once(' ').unwrap();
        assert_eq!(entry.fault.as_deref(), Some(said).filter(|_| !rule.starts_with("get_key")));
    }
}

#[test]
fn it_tells_when_a_body_was_said_to_be_something_else() {
    for (kind, told) in [
        ("application/json", None),
        ("text/plain; x=y", Some("`content-type` must be application/json, not `text/plain`")),
    ] {
        let mut bench = Bench::new();
        let headers = [("x-toss-user-key", USER), ("content-type", kind)];
        bench.send(super::request(GET_KEY, &headers, json!({})));
        assert_eq!(bench.0.log.entries().next_back().unwrap().not_json.as_deref(), told);
    }
    let mut bench = Bench::new();
    bench.get_key();
    let entry = bench.0.log.entries().next_back().unwrap();
    assert!(entry.not_json.as_ref().is_some_and(|told| told.starts_with("`content-type` is missing")));
    assert!(entry.line().contains("not_json"));
}

#[test]
fn its_numbers_only_rise() {
    let mut bench = Bench::new();
    let key = bench.get_key();
    bench.arm("execute_promotion before_commit late_commit=60");
    bench.grant(&key, 10);
    bench.get_key();
    bench.advance(std::time::Duration::from_secs(60));
    bench.get_key();
    let log: Vec<_> = bench.0.log.entries().map(|entry| (entry.number, entry.late)).collect();
    assert_eq!(log, [(0, false), (1, false), (2, false), (3, true), (4, false)]);
    assert_eq!(bench.0.snapshot().calls, 5);
}

#[test]
fn it_keeps_the_last_thousand() {
    let mut bench = Bench::new();
    for _ in 0..1003 {
        bench.call("iap.order_status", USER, json!({"orderId": "o"}));
    }
    let numbers: Vec<_> = bench.0.log.entries().map(|entry| entry.number).collect();
    assert_eq!((numbers.len(), numbers[0], numbers[999]), (1000, 3, 1002));
}

#[test]
fn lines_are_kept_only_for_somebody_and_taken_once() {
    let mut bench = Bench::new();
    bench.get_key();
    assert!(bench.0.log.take_lines().is_empty());
    bench.0.log.keep_lines();
    bench.get_key();
    let lines = bench.0.log.take_lines();
    assert_eq!(lines.len(), 1);
    assert!(lines[0].contains(GET_KEY) && !lines[0].contains('\n'));
    assert!(bench.0.log.take_lines().is_empty());
}

#[test]
fn it_masks_users_and_bodies() {
    let mut bench = Bench::new();
    let key = bench.get_key();
    bench.grant(&key, 10);
    let log = &bench.0.log;
    let whole: String = log.entries().map(|entry| entry.whole().to_string()).collect();
    for secret in [USER, &key] {
        assert!(!whole.contains(secret) && !format!("{log:?}").contains(secret), "{secret}");
    }
    assert!(whole.contains(r#""amount":10"#), "{whole}");
}

#[test]
fn it_keeps_16_mib_of_bodies_and_says_which_are_gone() {
    let mut bench = Bench::new();
    bench.arm("iap.order_status before_commit reset");
    let big = |letter: &str| json!({"orderId": "o", "padding": letter.repeat(5 << 20)});
    for letter in ["a", "b", "c"] {
        bench.call("iap.order_status", USER, big(letter));
    }
    let kept = |bench: &Bench| -> Vec<bool> {
        bench.0.log.entries().map(|entry| entry.whole()["request"].is_object()).collect()
    };
    assert_eq!(kept(&bench), [true, true, true]);
    bench.call("iap.order_status", USER, big("d"));
    assert_eq!(kept(&bench), [false, true, true, true]);
    let first = bench.0.log.entries().next().unwrap().whole();
    assert_eq!(first["request"], "not kept any more: only the last 16 MiB are");
    assert!(first["answer"].is_null(), "there was none");
    // Small ones take no room from big ones; all else is kept.
    bench.call("iap.order_status", USER, json!({"orderId": "o"}));
    assert_eq!(kept(&bench), [false, true, true, true, true]);
    bench.call("iap.order_status", USER, big("e"));
    assert_eq!(kept(&bench), [false, false, true, true, true, true]);
    let second = bench.0.log.entries().nth(1).unwrap().whole();
    assert_eq!((&second["request"], &second["endpoint"]), (&second["answer"], &json!("iap.order_status")));
    // What leaves the log, or is forgotten, gives its room back.
    for _ in 0..997 {
        bench.call("iap.order_status", USER, json!({"orderId": "o"}));
    }
    assert!(kept(&bench).iter().take(2).all(|kept| *kept) && kept(&bench).len() == 1000);
    bench.0.log.clear();
    for letter in ["a", "b", "c"] {
        bench.call("iap.order_status", USER, big(letter));
    }
    assert_eq!(kept(&bench), [true, true, true]);
}
