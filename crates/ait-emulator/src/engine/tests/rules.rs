//! The conditions of rules.

use serde_json::json;

use super::{Bench, GET_KEY, USER, fault};
use crate::fault::Moment;

/// Which of these calls the rule hits: user 1, user 2, user 1 …
fn hits(rule: &str, calls: usize) -> Vec<usize> {
    hits_by(7, rule, calls)
}

fn hits_by(seed: u64, rule: &str, calls: usize) -> Vec<usize> {
    let mut bench = Bench::seeded(seed);
    bench.arm(rule);
    let hit = |n: &usize| fault(&bench.call(GET_KEY, ["1", "2"][n % 2], json!({}))).is_some();
    (0..calls).filter(hit).collect()
}

#[test]
fn how_often_and_when() {
    assert_eq!(hits("* after_commit reset", 4), [0], "once, if nothing is said");
    assert_eq!(hits("* after_commit reset times=3", 6), [0, 1, 2]);
    assert_eq!(hits("* after_commit reset times=any", 4), [0, 1, 2, 3]);
    assert_eq!(hits("* after_commit reset nth=3", 6), [2]);
    assert_eq!(hits("* after_commit reset nth=3 times=any", 6), [2]);
    assert_eq!(hits("* after_commit reset user=2 times=any", 6), [1, 3, 5]);
    assert_eq!(hits("* after_commit reset user=2 nth=2", 6), [3], "of the calls that fit");
    assert_eq!(hits("* after_commit reset p=1 times=2", 4), [0, 1]);
    assert!(hits("* after_commit reset p=0 times=any", 50).is_empty());
    let some = hits("* before_commit reset p=0.3 times=any", 200);
    assert!((35..90).contains(&some.len()), "{}", some.len());
    assert_eq!(some, hits("* before_commit reset p=0.3 times=any", 200), "by the seed");
    assert_ne!(some, hits_by(8, "* before_commit reset p=0.3 times=any", 200), "by the seed");
}

#[test]
fn the_endpoint_by_its_whole_name_its_last_part_or_any() {
    for (endpoint, hit) in [
        ("promotion.get_key", true),
        ("get_key", true),
        ("*", true),
        ("promotion.execute_promotion", false),
        ("terms", false),
    ] {
        assert_eq!(!hits(&format!("{endpoint} after_commit reset"), 1).is_empty(), hit, "{endpoint}");
    }
    // Part of a name is no name, and any endpoint is one that is not there too.
    assert!("key after_commit reset".parse::<crate::fault::Rule>().is_err());
    let mut bench = Bench::with("* after_commit reset");
    let mut request = super::request(GET_KEY, &[], json!({}));
    request.path = "/nowhere".to_owned();
    assert_eq!(fault(&bench.send(request)).as_deref(), Some("after_commit reset"));
}

#[test]
fn the_code_of_the_answer() {
    let mut bench = Bench::with("execute_promotion after_commit reset code=4100 times=any");
    let key = bench.get_key();
    assert_eq!(fault(&bench.grant(&key, 10)), None);
    let unknown = |bench: &mut Bench| {
        bench.call(super::EXECUTE, USER, json!({"promotionCode": "NONE", "key": "k", "amount": 10}))
    };
    assert_eq!(fault(&unknown(&mut bench)).as_deref(), Some("after_commit reset"));
    let mut bench = Bench::with("execute_promotion after_commit reset code=4109 times=any");
    assert_eq!(fault(&unknown(&mut bench)), None);
}

#[test]
fn the_user_of_either_header_and_the_customer_of_brandpay() {
    let mut bench = Bench::with("* after_commit reset user=anon-1 times=any");
    let anonymous = super::request(GET_KEY, &[("x-anon-key", "anon-1")], json!({}));
    assert!(bench.send(anonymous).fault.is_some());
    let mut bench = Bench::with("brandpay.agree_terms after_commit reset user=c-1 times=any");
    let agree =
        |customer: &str| super::request("brandpay.agree_terms", &[], json!({"customerKey": customer}));
    assert!(bench.send(agree("c-1")).fault.is_some());
    assert!(bench.send(agree("c-2")).fault.is_none());
}

#[test]
fn the_first_that_holds_wins_and_all_that_fit_count() {
    let mut bench = Bench::with("get_key after_commit reset times=2");
    bench.arm("get_key after_commit close nth=2");
    bench.arm("get_key after_commit hang times=any");
    let told: Vec<_> = (0..3).map(|_| fault(&bench.call(GET_KEY, USER, json!({}))).unwrap()).collect();
    assert_eq!(told, ["after_commit reset", "after_commit reset", "after_commit hang"]);
    let armed: Vec<_> =
        bench.0.faults.armed().iter().map(|armed| (armed.id, armed.seen, armed.done)).collect();
    assert_eq!(armed, [(0, 2, 2), (1, 3, 0), (2, 3, 1)]);
}

#[test]
fn rules_are_taken_away_by_number_and_numbers_are_not_used_again() {
    let mut bench = Bench::with("get_key after_commit reset");
    bench.arm("get_key after_commit close");
    assert!(bench.0.faults.remove(0) && !bench.0.faults.remove(0));
    assert_eq!(fault(&bench.call(GET_KEY, USER, json!({}))).as_deref(), Some("after_commit close"));
    bench.0.faults.clear();
    assert!(bench.0.faults.armed().is_empty());
    assert_eq!(bench.0.faults.add("* accept hang".parse().unwrap()), 2);
}

#[test]
fn a_connection_meets_the_rules_of_its_own_moment() {
    let mut bench = Bench::with("* tls close times=2");
    bench.arm("* accept delay=5 nth=2");
    bench.arm("* after_commit reset times=any");
    assert_eq!(bench.0.connection(Moment::Accept), None);
    let told = [Moment::Tls, Moment::Accept, Moment::Tls, Moment::Tls]
        .map(|moment| bench.0.connection(moment).map(|effect| effect.to_string()));
    let told: Vec<_> = told.iter().map(Option::as_deref).collect();
    assert_eq!(told, [Some("close"), Some("delay=5"), Some("close"), None]);
}
