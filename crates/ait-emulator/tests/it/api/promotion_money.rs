//! Promotions: every refusal by what leads to it, and where the money is.

use std::time::Duration;

use crate::api::support::{Bench, Told};
use ait_emulator::api::{
    Basis, Movement,
    promotion::{Promotion, PromotionStatus, SAMPLE_CODE, settle},
    switches::{Dedupe, Old},
};
use serde_json::{Value, json};

const BASE: &str = "/api-partner/v1/apps-in-toss/promotion/";
const USER: &[(&str, &str)] = &[("x-toss-user-key", "443731104")];

fn get_key(bench: &mut Bench) -> String {
    let key =
        bench.post(&format!("{BASE}execute-promotion/get-key"), USER, json!({})).success()["key"].clone();
    key.as_str().unwrap().to_owned()
}

fn grant(bench: &mut Bench, code: &str, key: &str, amount: i64) -> Told {
    let body = json!({"promotionCode": code, "key": key, "amount": amount});
    bench.post(&format!("{BASE}execute-promotion"), USER, body)
}

fn result(bench: &mut Bench, key: &str) -> Told {
    bench.post(&format!("{BASE}execution-result"), USER, json!({"promotionCode": SAMPLE_CODE, "key": key}))
}

fn said(told: &Told) -> String {
    told.code.clone().unwrap_or_else(|| told.success().as_str().unwrap().to_owned())
}

fn sample(bench: &mut Bench) -> &mut Promotion {
    bench.core.world.promotion.promotions.get_mut(SAMPLE_CODE).unwrap()
}

fn rules(bench: &Bench) -> Vec<String> {
    bench.core.violations().into_iter().map(|violation| violation.rule).collect()
}

/// A bench without a limit of calls, and a user and a key that are known.
fn bench() -> (Bench, String) {
    let mut bench = Bench::new();
    bench.core.switches.calls_per_user = 0;
    let key = get_key(&mut bench);
    (bench, key)
}

type SetUp = fn(&mut Bench, &str);

/// What leads to a refusal of a grant of 10 points, its code, and whether a test grant is refused too.
const REFUSALS: &[(&str, SetUp, &str, bool)] = &[
    ("unknown", |bench, _| bench.core.world.promotion.promotions.clear(), "4100", true),
    ("stopped", |bench, _| sample(bench).status = PromotionStatus::Stopped, "4104", true),
    ("ended", |bench, _| sample(bench).status = PromotionStatus::Ended, "4105", true),
    ("not approved", |bench, _| sample(bench).status = PromotionStatus::NotApproved, "4108", false),
    ("not begun", |bench, _| sample(bench).status = PromotionStatus::NotBegun, "4109", false),
    ("never tested", |bench, _| sample(bench).tested = false, "4109", false),
    (
        "budget used up",
        |bench, _| {
            sample(bench).budget = 20;
            let key = get_key(bench);
            grant(bench, SAMPLE_CODE, &key, 20).success();
        },
        "4109",
        true,
    ),
    ("ailing", |bench, _| sample(bench).ailing = true, "4110", true),
    (
        "rest of the budget too small",
        |bench, _| {
            sample(bench).budget = 20;
            let key = get_key(bench);
            grant(bench, SAMPLE_CODE, &key, 11).success();
        },
        "4112",
        true,
    ),
    ("wallet short", |bench, _| bench.core.world.promotion.top_up(-999_999_991), "4112", true),
    ("used key", |bench, key| drop(grant(bench, SAMPLE_CODE, key, 1).success()), "4113", true),
    ("too much at once", |bench, _| sample(bench).most_per_grant = 9, "4114", true),
    (
        "too much for one person",
        |bench, _| {
            sample(bench).most_per_person = 12;
            let key = get_key(bench);
            grant(bench, SAMPLE_CODE, &key, 3).success();
        },
        "4114",
        true,
    ),
    ("more than the budget", |bench, _| sample(bench).budget = 9, "4116", true),
    ("hour over", |bench, _| bench.advance(Duration::from_secs(3600)), "4199", true),
    ("smallest grant", |bench, _| bench.core.switches.smallest_grant = 11, "INVALID_PARAMETER", true),
    (
        "unlinked user",
        |bench, _| bench.core.world.users.get_mut(&443_731_104).unwrap().linked = false,
        "4010",
        true,
    ),
];

#[test]
fn every_refusal_has_a_cause_and_changes_nothing() {
    for (cause, set_up, code, test_too) in REFUSALS {
        for test in [false, true] {
            let (mut bench, key) = bench();
            set_up(&mut bench, &key);
            let before = bench.state();
            let sent = format!("{}{SAMPLE_CODE}", if test { "TEST_" } else { "" });
            let told = grant(&mut bench, &sent, &key, 10);
            if test && !test_too {
                told.success();
            } else {
                assert_eq!(said(&told), *code, "{cause}");
                assert!(!told.json()["error"]["reason"].as_str().unwrap().is_empty(), "{cause}");
                assert_eq!(bench.state(), before, "{cause}");
            }
            assert_eq!(rules(&bench), [""; 0], "{cause}");
        }
    }
}

#[test]
fn just_within_every_limit() {
    let (mut bench, key) = bench();
    bench.core.world.promotion.top_up(-999_999_990);
    let promotion = sample(&mut bench);
    (promotion.budget, promotion.most_per_grant, promotion.most_per_person) = (10, 10, 10);
    bench.core.switches.smallest_grant = 10;
    grant(&mut bench, SAMPLE_CODE, &key, 10).success();
    assert_eq!(bench.core.world.promotion.wallet(), 0);
    bench.core.world.promotion.top_up(-1);
    assert_eq!(bench.core.world.promotion.wallet(), 0, "no more is taken out than there is");
    bench.core.world.promotion.top_up(5);
    assert_eq!(bench.core.world.promotion.wallet(), 5);
    assert_eq!(rules(&bench), [""; 0]);
}

#[test]
fn a_key_that_was_not_issued_is_named() {
    let (mut bench, _) = bench();
    let before = bench.state();
    let told = grant(&mut bench, SAMPLE_CODE, "3oBpxjUgl5r66edcVi7ynHGIjhzr9K0ka6FfEKikev0=", 10);
    assert_eq!((told.status, said(&told).as_str()), (400, "INVALID_PARAMETER"));
    assert_eq!(told.json()["error"]["data"]["errorDetails"][0]["field"], "key");
    assert!(matches!(told.basis, Basis::Assumed(_)));
    assert_eq!(bench.state(), before);
    assert_eq!(said(&result(&mut bench, "made up")), "4111");
}

#[test]
fn a_grant_that_fails_gives_its_money_back() {
    let by_promotion: SetUp = |bench, _| sample(bench).failing = true;
    let by_key: SetUp = |bench, key| assert!(bench.core.world.promotion.fail(key, bench.now));
    for (set_up, later) in [(by_promotion, false), (by_key, false), (by_key, true)] {
        let (mut bench, key) = bench();
        bench.core.switches.grant_lag_seconds = 5;
        if !later {
            set_up(&mut bench, &key);
        }
        grant(&mut bench, SAMPLE_CODE, &key, 10).success();
        if later {
            set_up(&mut bench, &key);
        }
        bench.advance(Duration::from_secs(4));
        assert_eq!(said(&result(&mut bench, &key)), "PENDING");
        assert_eq!(bench.core.world.promotion.wallet(), 999_999_990);
        assert_eq!(rules(&bench), [""; 0]);
        bench.advance(Duration::from_secs(1));
        assert_eq!(said(&result(&mut bench, &key)), "FAILED");
        assert_eq!(bench.core.world.promotion.wallet(), 1_000_000_000);
        let failing = sample(&mut bench).failing;
        let mut untouched = Promotion::new(100_000_000);
        untouched.failing = failing;
        assert_eq!(*sample(&mut bench), untouched, "nothing is left of it");
        let last = bench.core.world.ledger.iter().last().unwrap();
        assert!(matches!(&last.movement, Movement::GrantFailed { amount: 10, test: false, .. }), "{last:?}");
        assert_eq!(bench.core.world.ledger.entries().len(), 2);
        assert_eq!(said(&grant(&mut bench, SAMPLE_CODE, &key, 10)), "4113", "the key stays used");
        bench.advance(Duration::from_secs(500));
        assert_eq!(said(&result(&mut bench, &key)), "FAILED");
        assert!(!bench.core.world.promotion.fail(&key, bench.now), "nothing is left to fail");
        assert_eq!(rules(&bench), [""; 0]);
    }
    let (mut bench, key) = bench();
    assert!(!bench.core.world.promotion.fail("made up", bench.now));
    grant(&mut bench, SAMPLE_CODE, &key, 10).success();
    assert!(!bench.core.world.promotion.fail(&key, bench.now), "it is paid");
}

#[test]
fn what_a_failure_gave_back_can_be_granted_again() {
    let (mut bench, key) = bench();
    let promotion = sample(&mut bench);
    (promotion.budget, promotion.failing) = (10, true);
    let second = get_key(&mut bench);
    grant(&mut bench, SAMPLE_CODE, &key, 10).success();
    // No call came in between.
    grant(&mut bench, SAMPLE_CODE, &second, 10).success();
    assert_eq!(rules(&bench), [""; 0]);
}

#[test]
fn a_key_that_paid_twice_tells_what_the_user_has() {
    let (mut bench, key) = bench();
    bench.core.switches.dedupe = Dedupe::Never;
    bench.core.switches.grant_lag_seconds = 10;
    grant(&mut bench, SAMPLE_CODE, &key, 10).success();
    bench.advance(Duration::from_secs(10));
    grant(&mut bench, SAMPLE_CODE, &key, 10).success();
    assert_eq!(said(&result(&mut bench, &key)), "SUCCESS");
}

#[test]
fn a_failure_may_flip() {
    let (mut bench, key) = bench();
    bench.core.switches.grant_lag_seconds = 5;
    bench.core.switches.failed_may_flip = true;
    sample(&mut bench).failing = true;
    grant(&mut bench, SAMPLE_CODE, &key, 10).success();
    bench.advance(Duration::from_secs(9));
    assert_eq!(said(&result(&mut bench, &key)), "FAILED");
    bench.advance(Duration::from_secs(1));
    assert_eq!(said(&result(&mut bench, &key)), "SUCCESS");
    assert_eq!(bench.core.world.promotion.wallet(), 999_999_990);
    assert_eq!(bench.core.world.ledger.entries().len(), 3);
    assert_eq!(rules(&bench), [""; 0]);

    // Whoever has granted it again in the meantime has paid twice.
    let (first, second) = (get_key(&mut bench), get_key(&mut bench));
    grant(&mut bench, SAMPLE_CODE, &first, 10).success();
    bench.advance(Duration::from_secs(5));
    sample(&mut bench).failing = false;
    assert_eq!(said(&result(&mut bench, &first)), "FAILED");
    grant(&mut bench, SAMPLE_CODE, &second, 10).success();
    assert_eq!(rules(&bench), [""; 0]);
    bench.advance(Duration::from_secs(5));
    settle(&mut bench.core.world, bench.now);
    assert_eq!(rules(&bench), ["no-double-pay"]);
}

#[test]
fn a_failure_without_a_lag_flips_after_a_second() {
    let (mut bench, key) = bench();
    bench.core.switches.failed_may_flip = true;
    assert!(bench.core.world.promotion.fail(&key, bench.now));
    grant(&mut bench, SAMPLE_CODE, &key, 10).success();
    assert_eq!(said(&result(&mut bench, &key)), "FAILED");
    bench.advance(Duration::from_secs(1));
    assert_eq!(said(&result(&mut bench, &key)), "SUCCESS");
}

#[test]
fn a_failure_does_not_flip_without_money() {
    let (mut bench, key) = bench();
    bench.core.switches.failed_may_flip = true;
    sample(&mut bench).failing = true;
    grant(&mut bench, SAMPLE_CODE, &key, 10).success();
    assert_eq!(said(&result(&mut bench, &key)), "FAILED");
    sample(&mut bench).budget = 9;
    bench.advance(Duration::from_secs(1));
    assert_eq!(said(&result(&mut bench, &key)), "FAILED");
    sample(&mut bench).budget = 1000;
    bench.advance(Duration::from_secs(1));
    assert_eq!(said(&result(&mut bench, &key)), "FAILED", "for good");
    assert_eq!(rules(&bench), [""; 0]);
}

#[test]
fn a_lost_answer_and_another_key_pay_twice_unless_the_first_grant_failed() {
    for fails in [false, true] {
        let (mut bench, key) = bench();
        sample(&mut bench).failing = fails;
        grant(&mut bench, SAMPLE_CODE, &key, 10).success();
        bench.core.world.ledger.lose_answers(&[0]);
        sample(&mut bench).failing = false;
        let second = get_key(&mut bench);
        grant(&mut bench, SAMPLE_CODE, &second, 10).success();
        assert_eq!(rules(&bench), if fails { vec![] } else { vec!["no-double-pay"] });
    }
}

/// The three assumptions of the model of one grant, in every combination.
#[test]
fn every_server_of_the_model_can_be_had() {
    for (dedupes, expires, shows) in (0..8).map(|bits| (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0)) {
        let (mut bench, key) = bench();
        let switches = &mut bench.core.switches;
        switches.dedupe = if dedupes { Dedupe::Key } else { Dedupe::Never };
        switches.expired_key = if expires { Old::Refuse } else { Old::Accept };
        switches.result_lag_seconds = if shows { 60 } else { 1_000_000 };
        grant(&mut bench, SAMPLE_CODE, &key, 10).success();
        assert_eq!(said(&result(&mut bench, &key)), "4111");
        let again = |bench: &mut Bench| grant(bench, SAMPLE_CODE, &key, 10).code.clone();
        assert_eq!(again(&mut bench).as_deref(), if dedupes { Some("4113") } else { None });
        bench.advance(Duration::from_secs(65 * 60));
        let old = match (expires, dedupes) {
            (true, _) => Some("4199"),
            (false, true) => Some("4113"),
            (false, false) => None,
        };
        assert_eq!(again(&mut bench).as_deref(), old);
        assert_eq!(said(&result(&mut bench, &key)), if shows { "SUCCESS" } else { "4111" });
        let paid = bench.core.world.promotion.grants(&key).len();
        assert_eq!(paid, 1 + usize::from(!dedupes) + usize::from(!dedupes && !expires));
        assert_eq!(rules(&bench).len(), paid - 1);
    }
}

#[test]
fn state_that_the_ledger_does_not_bear_out_is_found() {
    let (mut bench, key) = bench();
    grant(&mut bench, SAMPLE_CODE, &key, 10).success();
    let good = serde_json::to_value(&bench.core.world).unwrap();
    let spoil = |pointer: &str, value: Value| {
        let mut spoiled = good.clone();
        *spoiled.pointer_mut(pointer).unwrap() = value;
        let mut bench = Bench::new();
        bench.core.world = serde_json::from_value(spoiled).unwrap();
        rules(&bench)
    };
    let sample = format!("/promotion/promotions/{SAMPLE_CODE}");
    assert_eq!(spoil(&format!("{sample}/spent"), json!(11)), ["sums-equal"]);
    assert_eq!(spoil(&format!("{sample}/given"), json!({})), ["sums-equal"]);
    assert_eq!(spoil("/promotion/taken", json!(5)), ["sums-equal"]);
    assert_eq!(spoil("/promotion/grants", json!({})), ["sums-equal"]);
    assert_eq!(spoil("/promotion/promotions", json!({})), ["sums-equal"]);
    assert_eq!(spoil("/ledger", json!([])).len(), 4);
    // What is left in the wallet is for whoever sets the stage: one member, and all adds up.
    assert_eq!(spoil("/promotion/wallet", json!(0)), [""; 0]);
}

#[test]
fn an_older_state_tells_what_was_charged() {
    let (mut bench, key) = bench();
    grant(&mut bench, SAMPLE_CODE, &key, 10).success();
    let mut old = serde_json::to_value(&bench.core.world).unwrap();
    let members = old["promotion"].as_object_mut().unwrap();
    assert_eq!(members.remove("taken"), Some(json!(10)));
    members.insert("charged".to_owned(), json!(1_000_000_000));
    bench.core.world = serde_json::from_value(old).unwrap();
    assert_eq!((bench.core.world.promotion.wallet(), rules(&bench)), (999_999_990, vec![]));
    bench.core.world.promotion.top_up(-999_999_990);
    assert_eq!(rules(&bench), [""; 0]);
}
