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
