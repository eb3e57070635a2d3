//! Whole flows of the clients against the emulator, with answers lost, requests late and processes killed, until they end:
//! what they say at the end is true, and nobody is paid twice.
#![cfg(feature = "client")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod flows {
    pub(super) mod row;
}

use std::time::Duration;

use ait_core::{Krw, User};
use ait_emulator::{
    Emulator,
    api::{
        Movement, Switches,
        switches::{Dedupe, Old},
    },
};
use ait_promotion::{
    Grant, GrantState, Promotion, PromotionCode,
    grant::{ExpiredCode, GrantError, Policy, Progress},
};
use flows::row::Row;
use tokio::task::JoinSet;

const CODE: &str = "01JPPJ6SB66BQXXDAKRQZ6SZD7";
/// Each on a third of the calls it fits.
const FAULTS: [&str; 7] = [
    "promotion.execute_promotion before_commit reset",
    "promotion.execute_promotion after_commit reset",
    "promotion.execute_promotion after_commit result=HTTP_TIMEOUT",
    "promotion.execute_promotion before_commit late_commit=1800",
    "promotion.execute_promotion before_commit late_commit=7200",
    "promotion.execution_result after_commit html",
    "promotion.get_key after_commit close",
];

/// What the server does, as far as nobody has documented it.
#[derive(Clone, Copy, Debug)]
struct Server {
    /// A used key is refused.
    dedupes: bool,
    /// A key is refused after its hour.
    expires: bool,
    /// Five minutes after the hour, the result tells of every grant that was accepted.
    tells: bool,
}

impl Server {
    fn all() -> impl Iterator<Item = Self> {
        (0..8).map(|bits| Self { dedupes: bits & 1 != 0, expires: bits & 2 != 0, tells: bits & 4 != 0 })
    }

    fn switches(self) -> Switches {
        let mut switches = Switches::default();
        switches.dedupe = if self.dedupes { Dedupe::Key } else { Dedupe::Never };
        switches.expired_key = if self.expires { Old::Refuse } else { Old::Accept };
        switches.result_lag_seconds = if self.tells { 120 } else { 3 * 3600 };
        switches.grant_lag_seconds = 10;
        switches
    }

    /// As the model of the grant flow says it.
    fn is_safe_for(self, probes: bool) -> bool {
        !probes || (self.expires && self.tells) || (self.dedupes && !self.expires)
    }
}

/// One grant, from its first step to its end, with faults and crashes that the seed determines.
/// Its end, and how often it paid.
async fn grant(server: Server, probes: bool, seed: u64) -> (Server, &'static str, usize) {
    let context = format!("{server:?}, probes: {probes}, seed: {seed}");
    let mut emulator = Emulator::builder().seed(seed).switches(server.switches());
    for fault in FAULTS {
        emulator = emulator.fault(format!("{fault} p=0.33 times=3").parse().unwrap());
    }
    let emulator = emulator.start().await.unwrap();
    let policy = match probes {
        true => Policy::probe_fence(ExpiredCode::new("4199").unwrap()),
        false => Policy::park(),
    };
    let policy = policy.questions(30);
    let grant = Grant::new(User::key(443_731_104), PromotionCode::new(CODE).unwrap(), Krw::new(10)).unwrap();
    let mut row = Row::killed_at(seed);
    let mut end = None;
    for _ in 0..500 {
        // A new process each time: nothing is remembered but the row.
        let promotion = Promotion::new(emulator.client().unwrap());
        match grant.run(&promotion, &policy, &mut row).await {
            Ok(Progress::Over(state)) => {
                end = Some(state);
                break;
            }
            Ok(Progress::Waiting { ask_again, .. }) => emulator.advance(ask_again),
            Err(GrantError::Store(_)) => {}
            Err(GrantError::Call(_)) => emulator.advance(Duration::from_secs(60)),
            other => panic!("{context}: {other:?}"),
        }
    }
    let end = end.unwrap_or_else(|| panic!("{context}: the grant never ends: {:?}", row.state()));
    // What was put off comes too.
    emulator.advance(Duration::from_secs(24 * 3600));
    let paid =
        emulator.ledger().iter().filter(|entry| matches!(entry.movement, Movement::Grant { .. })).count();
    if server.is_safe_for(probes) {
        assert!(paid <= 1, "{context}: paid {paid} times, ends {end:?}");
        assert_eq!(emulator.violations(), [], "{context}");
    }
    let end = match &end {
        GrantState::Paid { .. } => {
            assert!(paid >= 1, "{context}: {end:?}");
            "paid"
        }
        GrantState::Failed { .. } | GrantState::Refused { .. } => {
            assert_eq!(paid, 0, "{context}: {end:?}");
            "not paid"
        }
        GrantState::Parked { .. } => "parked",
        other => panic!("{context}: {other:?} is no end"),
    };
    (server, end, paid)
}

async fn grants(probes: bool) -> Vec<(Server, &'static str, usize)> {
    let (mut running, mut ended) = (JoinSet::new(), Vec::new());
    for server in Server::all() {
        for seed in 0..24 {
            if running.len() == 8 {
                ended.push(running.join_next().await.unwrap().unwrap());
            }
            running.spawn(grant(server, probes, seed));
        }
    }
    ended.extend(running.join_all().await);
    ended
}

fn count(ended: &[(Server, &str, usize)], end: &str) -> usize {
    ended.iter().filter(|(_, other, _)| *other == end).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grant_that_parks_in_doubt_pays_once_on_every_server() {
    let ended = grants(false).await;
    // Both happen: a doubt that a question settles, and one that is left to a person.
    let (paid, parked) = (count(&ended, "paid"), count(&ended, "parked"));
    assert!(
        paid > ended.len() / 10 && parked > ended.len() / 10,
        "{paid} paid, {parked} parked of {}",
        ended.len()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grant_that_probes_pays_once_where_it_says_so() {
    let ended = grants(true).await;
    // Where every doubt can be settled it is: nothing is left for a person.
    let sure = |server: &Server| server.dedupes && server.expires && server.tells;
    let parked = |(server, end, _): &&(Server, &str, usize)| sure(server) && *end == "parked";
    assert_eq!(ended.iter().filter(parked).count(), 0, "{ended:?}");
    // And the emulator can show what must not be: on some other servers it pays twice.
    assert!(ended.iter().any(|(server, _, paid)| !server.is_safe_for(true) && *paid > 1), "{ended:?}");
}

#[tokio::test]
async fn the_emulator_catches_a_new_key_after_a_doubt() {
    use ait_promotion::{ExecutePromotion, GetKey};
    let emulator = Emulator::start().await.unwrap();
    let promotion = Promotion::new(emulator.client().unwrap());
    emulator.fault("promotion.execute_promotion after_commit reset").unwrap();
    for _ in 0..2 {
        let user = User::key(7);
        let key = promotion.get_key(GetKey::new(user.clone())).await.unwrap().key;
        let code = PromotionCode::new(CODE).unwrap();
        // The mistake of a public template: an error is taken for "not paid".
        let _ =
            promotion.execute_promotion(ExecutePromotion::new(user, code, key, Krw::new(10)).unwrap()).await;
    }
    let violations = emulator.violations();
    assert_eq!(violations.len(), 1, "{violations:?}");
    assert_eq!(violations[0].rule, "no-double-pay");
}

#[tokio::test]
async fn a_key_asked_for_without_a_user_pays_the_user_of_the_grant() {
    use ait_promotion::{ExecutePromotion, GetKey};
    let emulator = Emulator::start().await.unwrap();
    let promotion = Promotion::new(emulator.client().unwrap());
    let key = promotion.get_key(GetKey::without_user()).await.unwrap().key;
    let code = PromotionCode::new(CODE).unwrap();
    let request = ExecutePromotion::new(User::key(7), code, key, Krw::new(10)).unwrap();
    let question = request.result();
    promotion.execute_promotion(request).await.unwrap();
    assert!(promotion.execution_result(question).await.unwrap().is_paid());
    assert_eq!(emulator.violations(), []);
}

/// The bank's maintenance is over when the status is asked, and the payment is not executed again.
#[tokio::test]
async fn a_payment_in_the_banks_maintenance_is_in_doubt_until_the_status_tells() {
    use ait_tosspay::{
        ErrorCode, ExecutePayment, MakePayment, OrderNo, TossPay,
        ait_core::{Mode, Outcome, Resolution, Schedule},
    };
    let emulator = Emulator::start().await.unwrap();
    let pay = TossPay::new(emulator.client().unwrap());
    for (fault, paid) in [("after_commit", true), ("before_commit", false)] {
        let order = OrderNo::new(format!("order-{paid}")).unwrap();
        let make = MakePayment::new(User::key(7), order, "coffee", Krw::new(4_500), Mode::Sandbox).unwrap();
        let token = pay.make_payment(make).await.unwrap().pay_token;
        emulator.fault(&format!("tosspay.execute_payment {fault} fail=COMMON_BREAK_TIME_OF_BANK")).unwrap();
        let error =
            pay.execute_payment(ExecutePayment::new(User::key(7), token, Mode::Sandbox)).await.unwrap_err();
        assert_eq!(ErrorCode::of(&error), Some(ErrorCode::BankMaintenance));
        assert_eq!(error.outcome(), Outcome::Unknown);
        let settled = pay.resolve(error.ticket().unwrap(), &Schedule::once()).await.unwrap();
        assert_eq!(matches!(settled, Resolution::Done(payment) if payment.is_paid()), paid);
    }
    assert_eq!(emulator.violations(), []);
}

#[tokio::test]
async fn a_doubt_that_was_settled_is_none() {
    use ait_promotion::{ExecutePromotion, GetKey};
    let emulator = Emulator::start().await.unwrap();
    let promotion = Promotion::new(emulator.client().unwrap());
    emulator.fault("promotion.execute_promotion after_commit reset").unwrap();
    for asks in [true, false] {
        let user = User::key(7);
        let key = promotion.get_key(GetKey::new(user.clone())).await.unwrap().key;
        let code = PromotionCode::new(CODE).unwrap();
        let request = ExecutePromotion::new(user, code, key, Krw::new(10)).unwrap();
        let question = request.result();
        let _ = promotion.execute_promotion(request).await;
        if asks {
            assert!(promotion.execution_result(question).await.unwrap().is_paid());
        }
    }
    // The second one is another promise to the same user, made with open eyes.
    assert_eq!(emulator.violations(), []);
}
