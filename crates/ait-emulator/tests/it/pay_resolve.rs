//! What became of a payment of Toss Pay whose answer was lost, as its ticket resolves it when time passes.

#![cfg(feature = "client")]

use std::time::Duration;

use ait_core::{Krw, Mode, Outcome, Resolution, RetryPolicy, Schedule, Ticket, User};
use ait_emulator::{Emulator, api::Movement, engine::Clock};
use ait_tosspay::{ErrorCode, ExecutePayment, MakePayment, OrderNo, PayToken, RefundPayment, TossPay};

const QUARTER: Duration = Duration::from_secs(900);

struct Shop {
    emulator: Emulator,
    pay: TossPay,
    token: PayToken,
}

fn user() -> User {
    User::key(443_731_104)
}

fn order_no() -> OrderNo {
    OrderNo::new("order-1").unwrap()
}

/// As it would be if the shop's clock had shown so many seconds less.
fn made_earlier(ticket: &Ticket, by: u64) -> Ticket {
    let mut stored = serde_json::to_value(ticket).unwrap();
    let made_at = stored["made_at"].as_u64().unwrap();
    stored["made_at"] = (made_at - by).into();
    serde_json::from_value(stored).unwrap()
}

impl Shop {
    /// With a payment of 10,000 won that the buyer has authenticated.
    async fn open() -> Self {
        let emulator = Emulator::builder().seed(7).clock(Clock::default()).start().await.unwrap();
        let client = emulator.client_builder().unwrap().retry(RetryPolicy::never()).build().unwrap();
        let pay = TossPay::new(client);
        let make = MakePayment::new(user(), order_no(), "커피", Krw::new(10_000), Mode::Sandbox).unwrap();
        let token = pay.make_payment(make).await.unwrap().pay_token;
        Self { emulator, pay, token }
    }

    /// Executes it under a fault; the outcome, the code and the ticket.
    async fn execute(&self, fault: &str) -> (Outcome, Option<ErrorCode>, Option<Ticket>) {
        self.emulator.fault(&format!("tosspay.execute_payment {fault}")).unwrap();
        let request = ExecutePayment::new(user(), self.token.clone(), Mode::Sandbox).order_no(order_no());
        let error = self.pay.execute_payment(request).await.unwrap_err();
        (error.outcome(), ErrorCode::of(&error), error.ticket().cloned())
    }

    async fn said(&self, ticket: &Ticket) -> &'static str {
        match self.pay.resolve(ticket, &Schedule::once()).await.unwrap() {
            Resolution::Done(_) => "done",
            Resolution::NotDone => "not done",
            _ => "unknown",
        }
    }

    fn moved(&self) -> Vec<i64> {
        let entries = self.emulator.ledger();
        let amount = |movement: &Movement| match movement {
            Movement::Payment { amount, .. } => *amount,
            Movement::Refund { amount, .. } => -amount,
            other => panic!("{other:?}"),
        };
        entries.iter().map(|entry| amount(&entry.movement)).collect()
    }
}

#[tokio::test]
async fn an_execution_that_never_arrived_is_decided_when_the_payment_expires() {
    let shop = Shop::open().await;
    let (outcome, _, ticket) = shop.execute("before_commit reset").await;
    let ticket = ticket.unwrap();
    assert_eq!(outcome, Outcome::Unknown);
    assert_eq!(shop.said(&ticket).await, "unknown", "it may still be on its way");
    shop.emulator.advance(QUARTER);
    assert_eq!(shop.said(&ticket).await, "not done");
    assert_eq!(shop.moved(), [0_i64; 0]);
}

#[tokio::test]
async fn an_execution_that_comes_late_is_done_before_the_payment_expires_and_never_after() {
    for (late, said, moved) in [(600, "done", vec![10_000]), (1_000, "not done", vec![])] {
        let shop = Shop::open().await;
        let (outcome, _, ticket) = shop.execute(&format!("before_commit late_commit={late}")).await;
        let ticket = ticket.unwrap();
        assert_eq!(outcome, Outcome::Unknown);
        assert_eq!(shop.said(&ticket).await, "unknown");
        shop.emulator.advance(Duration::from_secs(1_100));
        assert_eq!(shop.said(&ticket).await, said, "{late}");
        assert_eq!(shop.moved(), moved, "{late}");
        assert_eq!(shop.emulator.violations(), []);
    }
}

#[tokio::test]
async fn a_declined_card_is_a_refusal_and_a_time_out_of_toss_is_none() {
    for (code, expected) in [
        ("CARD_NOT_ENOUGH_BALANCE", Outcome::Refused),
        ("COMMON_NOT_ENOUGH_CASH", Outcome::Refused),
        ("COMMON_TIMEOUT", Outcome::Unknown),
        ("TRANSACTION_PENDING_ERROR", Outcome::Unknown),
        ("COMMON_EXCEED_LIMIT", Outcome::Unknown),
        ("EXECUTE_PAY_NOT_APPROVED", Outcome::Unknown),
    ] {
        let shop = Shop::open().await;
        let (outcome, known, ticket) = shop.execute(&format!("before_commit fail={code}")).await;
        assert_eq!((outcome, known), (expected, Some(ErrorCode::from(code))));
        assert_eq!(ticket.is_some(), expected == Outcome::Unknown, "{code}");
    }
}

#[tokio::test]
async fn a_refund_in_part_is_no_answer_to_a_refund_that_was_lost() {
    let shop = Shop::open().await;
    let execute = ExecutePayment::new(user(), shop.token.clone(), Mode::Sandbox).order_no(order_no());
    shop.pay.execute_payment(execute).await.unwrap();
    let part =
        shop.emulator.world(|core, now, rng| core.world.refund_part(shop.token.expose(), 4_000, now, rng));
    assert!(part);
    shop.emulator.fault("tosspay.refund_payment before_commit reset").unwrap();
    let request = || RefundPayment::new(user(), shop.token.clone(), "단순변심", Mode::Sandbox).unwrap();
    let error = shop.pay.refund_payment(request()).await.unwrap_err();
    let ticket = error.ticket().unwrap().clone();
    assert_eq!(shop.said(&ticket).await, "unknown");
    // An hour later, by the clock of the server and by that of the shop: nothing of it came.
    shop.emulator.advance(Duration::from_secs(3_601));
    assert_eq!(shop.said(&ticket).await, "unknown");
    assert_eq!(shop.said(&made_earlier(&ticket, 3_601)).await, "not done");
    // The rest, and its answer is lost: done.
    shop.emulator.fault("tosspay.refund_payment after_commit reset").unwrap();
    let error = shop.pay.refund_payment(request()).await.unwrap_err();
    assert_eq!(shop.said(error.ticket().unwrap()).await, "done");
    assert_eq!(shop.moved(), [10_000, -4_000, -6_000]);
    assert_eq!(shop.emulator.violations(), []);
}
