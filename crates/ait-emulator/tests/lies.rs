//! What the clients say of a call against what the ledger says, for every endpoint at every moment of every fault.
#![cfg(feature = "client")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod lies {
    pub(super) mod calls;
    pub(super) mod stage;
}

use std::collections::BTreeMap;

use ait_core::{Error, Outcome};
use ait_emulator::{
    api::{Host, routes},
    fault::{Effect, Moment},
};
use lies::{
    calls::call,
    stage::{Report, Settled, Stage},
};
use tokio::task::JoinSet;

/// The calls that leave a ticket.
const SETTLED: [&str; 7] = [
    "promotion.execute_promotion",
    "tosspay.make_payment",
    "tosspay.execute_payment",
    "tosspay.refund_payment",
    "brandpay.confirm",
    "brandpay.automatic_payment",
    "brandpay.cancel",
];

/// One of each kind.
fn effects() -> Vec<Effect> {
    let words = [
        "reset",
        "close",
        "hang",
        "delay=5",
        "status=500",
        "status=503",
        "status=400",
        "fail=INTERNAL_ERROR",
        "fail=4110",
        "result=HTTP_TIMEOUT",
        "result=NETWORK_ERROR",
        "result=EXECUTION_FAIL",
        "result=INTERRUPTED",
        "result=INTERNAL_ERROR",
        "truncate=10",
        "invalid_json",
        "html",
        "answer_twice",
        "late_commit=600",
    ];
    words.iter().map(|word| word.parse().unwrap()).collect()
}

fn cases(endpoint: &'static str) -> Vec<String> {
    let mut cases = Vec::new();
    for moment in Moment::ALL {
        for effect in effects().into_iter().filter(|effect| effect.fits(moment)) {
            let endpoint = if moment.has_request() { endpoint } else { "*" };
            cases.push(format!("{endpoint} {moment} {effect}"));
            // The second try meets the same.
            if effect == Effect::Reset {
                cases.push(format!("{endpoint} {moment} {effect} times=any"));
            }
        }
    }
    cases
}

/// What the client said must be true.
fn check(rule: &str, report: &Report) {
    let Report { error, committed, settled, reads, .. } = report;
    let said = error.as_ref().map(Error::outcome);
    let told = || error.as_ref().map(ToString::to_string);
    match said {
        // What only reads as far as the client goes makes no promise about effects.
        _ if *reads => {}
        None | Some(Outcome::Done) => {
            assert!(committed, "{rule}: said done, and nothing was done: {:?}", told());
        }
        Some(Outcome::NotSent | Outcome::Refused) => {
            assert!(!committed, "{rule}: said {said:?}, and it was done: {:?}", told());
        }
        Some(Outcome::Unknown) => {}
        other => panic!("{rule}: {other:?}"),
    }
    match settled {
        Some(Settled::Done) => assert!(committed, "{rule}: resolved to done, and nothing was done"),
        Some(Settled::NotDone) => assert!(!committed, "{rule}: resolved to not done, and it was done"),
        Some(Settled::Unknown) | None => {}
    }
}

async fn every_fault_of(endpoint: &'static str) -> BTreeMap<&'static str, usize> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut running = JoinSet::new();
    let mut cases = cases(endpoint).into_iter();
    loop {
        while running.len() < 8
            && let Some(rule) = cases.next()
        {
            running.spawn(async move {
                let stage = Stage::new(&rule).await;
                let report = call(&stage, endpoint).await;
                (rule, report)
            });
        }
        let Some(done) = running.join_next().await else { return seen };
        let (rule, report) = done.unwrap();
        check(&rule, &report);
        assert_eq!(report.violations, [], "{rule}");
        let said = report.error.as_ref().map_or("ok", |error| match error.outcome() {
            Outcome::NotSent => "not sent",
            Outcome::Refused => "refused",
            Outcome::Done => "done",
            _ => "unknown",
        });
        *seen.entry(said).or_default() += 1;
        *seen.entry("all").or_default() += 1;
        if report.settled == Some(Settled::Done) {
            *seen.entry("settled").or_default() += 1;
        }
    }
}

/// The first try is done and its answer lost; the second is refused, as by a server that looks at its secret key first.
#[tokio::test]
async fn a_refused_repeat_hides_no_loss() {
    let keyed = routes().filter(|route| route.writes && route.host == Host::BrandPay);
    let mut unknown = 0;
    for endpoint in keyed.map(|route| route.name) {
        for code in ["INVALID_API_KEY", "INVALID_REQUEST", "REJECT_CARD_PAYMENT", "NOT_FOUND_PAYMENT"] {
            let refused = format!("{endpoint} before_commit fail={code} nth=2 times=any");
            let rule = format!("{endpoint} after_commit reset; {refused}");
            let report = call(&Stage::new(&rule).await, endpoint).await;
            check(&rule, &report);
            let error = report.error.as_ref().unwrap_or_else(|| panic!("{rule}: the answer came"));
            assert_eq!((error.attempts(), error.code()), (2, Some(code)), "{rule}");
            unknown += usize::from(error.outcome() == Outcome::Unknown);
        }
    }
    assert_eq!(unknown, 8 * 4);
}

macro_rules! every_fault_of {
    ($($test:ident: $endpoint:literal,)+) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                let seen = every_fault_of($endpoint).await;
                // Faults that do not keep the answer leave it as it is, and some do.
                assert!(seen["all"] > 40 && seen["ok"] >= 3, "{seen:?}");
                // Where a ticket settles, it does.
                assert!(!SETTLED.contains(&$endpoint) || seen.contains_key("settled"), "{seen:?}");
                println!("{}: {seen:?}", $endpoint);
            }
        )+

        #[test]
        fn no_endpoint_is_left_out() {
            let mut tested = vec![$($endpoint),+];
            let mut all: Vec<_> = routes().map(|route| route.name).collect();
            tested.sort_unstable();
            all.sort_unstable();
            assert_eq!(tested, all);
        }
    };
}

every_fault_of! {
    generate_token: "login.generate_token",
    refresh_token: "login.refresh_token",
    login_me: "login.login_me",
    remove_by_access_token: "login.remove_by_access_token",
    remove_by_user_key: "login.remove_by_user_key",
    verify_anonymous_key: "login.verify_anonymous_key",
    get_key: "promotion.get_key",
    execute_promotion: "promotion.execute_promotion",
    execution_result: "promotion.execution_result",
    make_payment: "tosspay.make_payment",
    execute_payment: "tosspay.execute_payment",
    refund_payment: "tosspay.refund_payment",
    payment_status: "tosspay.payment_status",
    order_status: "iap.order_status",
    send_message: "messenger.send_message",
    send_test_message: "messenger.send_test_message",
    send_bulk_messages: "messenger.send_bulk_messages",
    terms: "brandpay.terms",
    agree_terms: "brandpay.agree_terms",
    issue_access_token: "brandpay.issue_access_token",
    methods_by_token: "brandpay.methods_by_token",
    methods_by_customer: "brandpay.methods_by_customer",
    remove_card: "brandpay.remove_card",
    remove_account: "brandpay.remove_account",
    confirm: "brandpay.confirm",
    automatic_payment: "brandpay.automatic_payment",
    remove_customer: "brandpay.remove_customer",
    card_promotions: "brandpay.card_promotions",
    bank_promotions: "brandpay.bank_promotions",
    cancel: "brandpay.cancel",
    payment_by_key: "brandpay.payment_by_key",
    payment_by_order: "brandpay.payment_by_order",
    all_promotions: "brandpay.all_promotions",
    all_card_promotions: "brandpay.all_card_promotions",
}
