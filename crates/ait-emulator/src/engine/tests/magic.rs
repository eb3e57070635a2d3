//! Faults by data.

use serde_json::json;

use super::{Bench, EXECUTE, GET_KEY, USER, fault, request};
use crate::api::promotion::SAMPLE_CODE;

#[test]
fn an_order_number_marks_one_endpoint_once() {
    let mut bench = Bench::new();
    let order = "o-1--emu-make_payment-after_commit-reset";
    let plan = bench.make(order);
    assert_eq!(fault(&plan).as_deref(), Some("after_commit reset"));
    assert_eq!(bench.0.core.world.pay.payments.len(), 1);
    assert_eq!(fault(&bench.make(order)), None, "once");
    assert_eq!(
        fault(&bench.make("o-2--emu-make_payment-after_commit-reset")).as_deref(),
        Some("after_commit reset")
    );
}

#[test]
fn a_payment_remembers_the_mark_of_its_order() {
    for name in ["execute_payment", "refund_payment", "payment_status"] {
        let mut bench = Bench::new();
        let mark = format!("o--emu-{name}-after_commit-hang");
        assert_eq!(fault(&bench.make(&mark)), None);
        let token = bench.token();
        for endpoint in ["execute_payment", "refund_payment", "payment_status"] {
            let plan = bench.pay(&format!("tosspay.{endpoint}"), &token);
            let hit = (endpoint == name).then_some("after_commit hang");
            assert_eq!(fault(&plan).as_deref(), hit, "{name} {endpoint}");
        }
        assert_eq!(fault(&bench.pay(&format!("tosspay.{name}"), &token)), None, "once");
    }
}

#[test]
fn one_mark_for_any_endpoint_works_once_for_each() {
    let mut bench = Bench::new();
    let order = "o--emu-any-after_commit-status-503";
    assert_eq!(fault(&bench.make(order)).as_deref(), Some("after_commit status=503"));
    let token = bench.token();
    for endpoint in ["tosspay.execute_payment", "tosspay.refund_payment"] {
        assert_eq!(fault(&bench.pay(endpoint, &token)).as_deref(), Some("after_commit status=503"));
        assert_eq!(fault(&bench.pay(endpoint, &token)), None);
    }
}

#[test]
fn a_mark_may_stand_in_any_text() {
    const MARK: &str = "x--emu-any-before_commit-close";
    let execute = |code: &str| json!({"promotionCode": code, "key": "k", "amount": 1, "more": {"list": [1, {"deep": MARK}]}});
    let nested = request(EXECUTE, &[("x-toss-user-key", USER)], execute(SAMPLE_CODE));
    let anonymous = request(GET_KEY, &[("x-anon-key", MARK)], json!({}));
    let mut query = request("brandpay.terms", &[], json!({}));
    query.query = "scope=REGISTER&customerKey=x%2D-emu-any-before_commit-close".to_owned();
    let mut path = request("brandpay.payment_by_key", &[], json!({}));
    path.path = format!("/v1/payments/{MARK}");
    for marked in [nested, anonymous, query, path] {
        let mut bench = Bench::new();
        let name = marked.path.clone();
        let plan = bench.send(marked.clone());
        assert_eq!(fault(&plan).as_deref(), Some("before_commit close"), "{name}");
        assert_eq!(bench.send(marked).fault, None, "{name}: once");
    }
}

#[test]
fn a_user_key_counts_moments_and_effects() {
    let mut bench = Bench::new();
    for (user, told) in [
        ("99100001", Some("before_commit reset")),
        ("99210001", Some("after_commit close")),
        ("99320001", Some("mid_headers hang")),
        ("99490001", Some("mid_body delay=3000")),
        ("99500001", Some("after_answer reset")),
        ("99130001", Some("before_commit status=500")),
        ("99240001", Some("after_commit html")),
        ("99150001", Some("before_commit invalid_json")),
        ("99260001", Some("after_commit fail=INTERNAL_ERROR")),
        ("99170001", Some("before_commit result=HTTP_TIMEOUT")),
        ("99180001", Some("before_commit late_commit=60")),
        // Not at that moment, no such moment, too short, not digits.
        ("99280001", None),
        ("99600001", None),
        ("9920001", None),
        ("9920000x", None),
    ] {
        let plan = bench.call(GET_KEY, user, json!({}));
        assert_eq!(fault(&plan).as_deref(), told, "{user}");
        assert_eq!(fault(&bench.call(GET_KEY, user, json!({}))), None, "{user}: once");
    }
    let reads = json!({"promotionCode": SAMPLE_CODE, "key": "k"});
    assert_eq!(fault(&bench.call("promotion.execution_result", "99200009", reads)), None, "it only reads");
}

#[test]
fn the_header_works_each_time() {
    let mut bench = Bench::new();
    for _ in 0..3 {
        let headers = [("x-toss-user-key", USER), ("x-emulator-fault", " after_commit  status=503 ")];
        assert_eq!(
            fault(&bench.send(request(GET_KEY, &headers, json!({})))).as_deref(),
            Some("after_commit status=503")
        );
    }
}

#[test]
fn magic_comes_before_rules() {
    let mut bench = Bench::with("get_key after_commit hang times=any");
    let headers = [("x-toss-user-key", USER), ("x-emulator-fault", "before_commit close")];
    assert_eq!(
        fault(&bench.send(request(GET_KEY, &headers, json!({})))).as_deref(),
        Some("before_commit close")
    );
}

#[test]
fn what_is_malformed_is_ignored_and_hides_nothing() {
    for words in [
        "",
        "reset",
        "after_commit",
        "after_commit nothing",
        "never reset",
        "accept reset",
        "tls hang",
        "after_commit late_commit=5",
        "before_commit truncate=5",
        "before_commit status=99",
        "before_commit fail",
    ] {
        let mut bench = Bench::new();
        let headers = [("x-toss-user-key", USER), ("x-emulator-fault", words)];
        assert_eq!(fault(&bench.send(request(GET_KEY, &headers, json!({})))), None, "{words}");
        let headers = [("x-toss-user-key", "99200001"), ("x-emulator-fault", words)];
        let told = fault(&bench.send(request(GET_KEY, &headers, json!({}))));
        assert_eq!(told.as_deref(), Some("after_commit reset"), "{words}");
    }
    for mark in [
        "o--emu-",
        "o--emu-any",
        "o--emu-any-after_commit",
        "o--emu-any-after_commit-nothing",
        "o--emu-any-accept-reset",
        "o--emu-any-before_commit-truncate-5",
        "o--emu-any-after_commit-reset-5",
        "o--emu-payment-after_commit-reset",
        "o-emu-any-after_commit-reset",
    ] {
        assert_eq!(fault(&Bench::new().make(mark)), None, "{mark}");
        let also = format!("{mark}--emu-any-after_commit-close");
        assert_eq!(fault(&Bench::new().make(&also)).as_deref(), Some("after_commit close"), "{also}");
    }
}

#[test]
fn a_mark_that_is_spent_hides_no_other() {
    let mut bench = Bench::new();
    let body = |second: &str| {
        let first = "a--emu-make_payment-before_commit-close";
        json!({"orderNo": "o", "productDesc": first, "other": second})
    };
    bench.call("tosspay.make_payment", USER, body(""));
    let second = body("b--emu-make_payment-before_commit-hang");
    assert_eq!(
        fault(&bench.call("tosspay.make_payment", USER, second)).as_deref(),
        Some("before_commit hang")
    );
}

#[test]
fn clearing_the_rules_makes_marks_work_again() {
    let mut bench = Bench::new();
    let order = "o--emu-make_payment-before_commit-close";
    bench.make(order);
    bench.0.faults.clear();
    assert_eq!(fault(&bench.make(order)).as_deref(), Some("before_commit close"));
}

/// What the log says of the last call: its fault, and what was ignored.
fn logged(bench: &Bench) -> (Option<String>, Option<String>) {
    let entry = bench.0.log.entries().last().unwrap();
    (entry.fault.clone(), entry.ignored.clone())
}

#[test]
fn a_malformed_mark_is_named_in_the_log() {
    for (mark, told) in [
        ("o--emu-bogus-after_commit-reset", "a mark: there is no endpoint `bogus`"),
        ("o--emu-payment-after_commit-reset", "a mark: there is no endpoint `payment`"),
        (
            "o--emu-any-aftercommit-reset",
            "a mark: `aftercommit` is no moment; use one of accept, tls, after_read",
        ),
        ("o--emu-any-after_commit-rest", "a mark: `rest` is no effect; use one of reset, close"),
        ("o--emu-any-accept-reset", "a mark: at `accept` no request was read"),
        (
            "o--emu-any-before_commit-truncate-5",
            "a mark: `truncate=5` cannot happen at `before_commit`; it can at after_commit",
        ),
        (
            "o--emu-any-after_commit",
            "a mark: it is --emu-ENDPOINT-MOMENT-EFFECT, not `--emu-any-after_commit`",
        ),
        ("o--emu-", "a mark: it is --emu-ENDPOINT-MOMENT-EFFECT, not `--emu-`"),
        // Of another endpoint: it is seen as early as can be.
        ("o--emu-execute_payment-after_commit-rest", "a mark: `rest` is no effect"),
    ] {
        let mut bench = Bench::new();
        bench.make(mark);
        let (fault, ignored) = logged(&bench);
        assert_eq!(fault, None, "{mark}");
        let ignored = ignored.unwrap_or_default();
        assert!(ignored.starts_with(told), "{mark}: {ignored}");
        bench.make(&format!("{mark}--emu-any-before_commit-close"));
        let (fault, ignored) = logged(&bench);
        assert_eq!(fault.as_deref(), Some("before_commit close"), "{mark}");
        assert!(ignored.is_some_and(|ignored| ignored.starts_with(told)), "{mark}: beside one that works");
    }
}

#[test]
fn a_malformed_header_is_named_in_the_log() {
    for (words, told) in [
        ("after_commit", "x-emulator-fault: it says MOMENT EFFECT, not `after_commit`"),
        ("bogus reset", "x-emulator-fault: `bogus` is no moment"),
        ("after_commit rest", "x-emulator-fault: `rest` is no effect"),
        ("mid_body html", "x-emulator-fault: `html` cannot happen at `mid_body`"),
    ] {
        let mut bench = Bench::new();
        let headers = [("x-toss-user-key", USER), ("x-emulator-fault", words)];
        bench.send(request(GET_KEY, &headers, json!({})));
        let (fault, ignored) = logged(&bench);
        assert_eq!(fault, None, "{words}");
        let ignored = ignored.unwrap_or_default();
        assert!(ignored.starts_with(told), "{words}: {ignored}");
    }
}

#[test]
fn a_user_key_whose_digits_do_not_fit_is_named_in_the_log_without_the_key() {
    // The pairs of third and fourth digit that ask for a fault, as docs/emulator.md lists them.
    let pairs = ["1 0123456789", "2 012345679", "3 0129", "4 0129", "5 012"];
    let mut bench = Bench::new();
    for moment in '0'..='9' {
        for effect in '0'..='9' {
            let user = format!("99{moment}{effect}0417");
            bench.call(GET_KEY, &user, json!({}));
            let (fault, ignored) = logged(&bench);
            let works = pairs.iter().any(|pair| pair.starts_with(moment) && pair[2..].contains(effect));
            assert_eq!((fault.is_some(), ignored.is_none()), (works, works), "{user}");
            let ignored = ignored.unwrap_or_default();
            assert!(works || ignored.starts_with(&format!("user key 99{moment}{effect}…: ")), "{ignored}");
            assert!(!ignored.contains("0417"), "{ignored}");
        }
    }
    for user in ["443731104", "9920001"] {
        bench.call(GET_KEY, user, json!({}));
        assert_eq!(logged(&bench), (None, None), "{user}");
    }
}

#[test]
fn what_was_ignored_is_told_in_short() {
    let mut bench = Bench::new();
    bench.make(&format!("o--emu-{}", "가".repeat(100_000)));
    assert_eq!(logged(&bench).1.unwrap().chars().count(), 400);
    bench.make("o--emu-make_payment-after_commit-reset");
    assert_eq!(logged(&bench), (Some("after_commit reset".to_owned()), None));
}
