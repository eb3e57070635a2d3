//! Asking until an order is decided.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use ait_core::{Error, Kind, Outcome, Resolution, Schedule};

use crate::{ErrorCode, Iap, IapStatus, Order, OrderStatus};

/// An order may be unknown for a moment right after its purchase. Partners ask six times more, this far apart.
const MOMENT: Duration = Duration::from_millis(350);
const MOMENTS: usize = 6;

impl Iap {
    /// Asks how an order stands until that is decided or the schedule ends.
    ///
    /// | status | answer |
    /// |---|---|
    /// | `PURCHASED`, `PAYMENT_COMPLETED` | [`Done`](Resolution::Done): paid; grant it if your ledger has no grant |
    /// | `REFUNDED` | `Done`: revoke it |
    /// | `FAILED` | `Done`: not paid, or paid and not granted; the documentation says both, so ask a person |
    /// | `MINIAPP_MISMATCH` | `Done`: an order of another app, or the client has another app's certificate; check that |
    /// | `ORDER_IN_PROGRESS`, `ERROR`, any status this release does not know | asked again by the schedule; at its end [`Unknown`](Resolution::Unknown) |
    /// | `NOT_FOUND` | at the first question asked six times more, 350 ms apart, because it may be too early; then by the schedule, at its end `Unknown` |
    ///
    /// `NOT_FOUND` never says that nothing was paid: an order may be unknown for a moment, and with
    /// [`for_user`](OrderStatus::for_user) an order of another user is not found either.
    ///
    /// **`Done` alone is no reason to grant**: it is the end of the waiting. Grant on [`Order::is_paid`].
    ///
    /// ```no_run
    /// # use ait_iap::{ait_core::{Error, Resolution, Schedule}, *};
    /// # fn grant_once(_: &Order) {}
    /// # fn revoke(_: &Order) {}
    /// # async fn wait(iap: Iap, id: OrderId) -> Result<(), Error> {
    /// match iap.wait_for_order(&OrderStatus::new(id), &Schedule::default()).await? {
    ///     Resolution::Done(order) if order.is_paid() => grant_once(&order),
    ///     Resolution::Done(order) if order.is_refunded() => revoke(&order),
    ///     Resolution::Done(order) => println!("{:?}: {:?}", order.status, order.reason),
    ///     undecided => println!("ask again later: {undecided:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If asking is impossible, now and later: the request is wrong, the user's key is stale (code `4010`), or the
    /// certificate is refused or belongs to another app (code `4050`). Any other failed question is asked again.
    pub async fn wait_for_order(
        &self,
        request: &OrderStatus,
        schedule: &Schedule,
    ) -> Result<Resolution<Order>, Error> {
        // The moment after the purchase is over when the schedule asks again.
        let is_first = AtomicBool::new(true);
        // The schedule asks again after a refusal; a lasting one is handed past it.
        let question = || async {
            let moments = if is_first.swap(false, Ordering::Relaxed) { MOMENTS } else { 0 };
            match self.ask_shortly(request, moments).await {
                Err(error) if is_lasting(&error) => Ok(Resolution::Done(Err(error))),
                answer => answer.map(|order| meaning(order, Ok)),
            }
        };
        match schedule.ask(question).await? {
            Resolution::Done(Err(error)) => Err(error),
            Resolution::Done(Ok(order)) => Ok(Resolution::Done(order)),
            Resolution::NotDone => Ok(Resolution::NotDone),
            Resolution::Unknown { ask_again } => Ok(Resolution::Unknown { ask_again }),
            _ => Ok(Resolution::Unknown { ask_again: Duration::ZERO }),
        }
    }

    async fn ask_shortly(&self, request: &OrderStatus, moments: usize) -> Result<Order, Error> {
        past_the_moment(moments, || self.order_status(request.clone()).into_future(), tokio::time::sleep)
            .await
    }
}

/// Asks, and shortly again while there is no such order, so many times at most.
async fn past_the_moment<A, S>(
    moments: usize,
    ask: impl Fn() -> A,
    sleep: impl Fn(Duration) -> S,
) -> Result<Order, Error>
where
    A: Future<Output = Result<Order, Error>>,
    S: Future<Output = ()>,
{
    for _ in 0..moments {
        let order = ask().await?;
        if order.status != IapStatus::NotFound {
            return Ok(order);
        }
        sleep(MOMENT).await;
    }
    ask().await
}

fn meaning<T>(order: Order, done: impl FnOnce(Order) -> T) -> Resolution<T> {
    match order.status {
        IapStatus::PaymentCompleted
        | IapStatus::Purchased
        | IapStatus::Refunded
        | IapStatus::Failed
        | IapStatus::MiniappMismatch => Resolution::Done(done(order)),
        _ => Resolution::Unknown { ask_again: Duration::ZERO },
    }
}

// Asking again cannot cure a wrong request. A stale key and a foreign certificate end the schedule by themselves.
fn is_lasting(error: &Error) -> bool {
    error.kind() == Kind::Api
        && error.outcome() == Outcome::Refused
        && ErrorCode::of(error) == Some(ErrorCode::InvalidParameter)
}

#[cfg(test)]
mod tests {
    use std::{
        cell::RefCell,
        future::ready,
        pin::pin,
        task::{Context, Poll, Waker},
        time::Duration,
    };

    use ait_core::{Error, Resolution};

    use super::{MOMENTS, meaning, past_the_moment};
    use crate::{IapStatus, Order, OrderId};

    fn order(status: &str) -> Order {
        let order_id = OrderId::new("1").unwrap();
        Order { order_id, sku: None, status_determined_at: None, status: status.into(), reason: None }
    }

    /// Answers the questions in order, and `NOT_FOUND` when there are no more. Returns the last status, the number of
    /// questions and the pauses.
    fn play(answers: &[&str]) -> (Result<IapStatus, Error>, usize, Vec<u128>) {
        let (asked, pauses) = (RefCell::new(0), RefCell::new(Vec::new()));
        let ask = || {
            let number = asked.replace_with(|asked| *asked + 1);
            ready(match answers.get(number).copied().unwrap_or("NOT_FOUND") {
                "broken" => Err(Error::invalid("test", "broken")),
                status => Ok(order(status)),
            })
        };
        let sleep = |pause: Duration| {
            pauses.borrow_mut().push(pause.as_millis());
            ready(())
        };
        let mut run = pin!(past_the_moment(MOMENTS, ask, sleep));
        let Poll::Ready(result) = run.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
            panic!("nothing here can be pending");
        };
        (result.map(|order| order.status), asked.take(), pauses.take())
    }

    #[test]
    fn an_order_that_is_not_there_is_looked_for_six_times_more() {
        let (status, asked, pauses) = play(&[]);
        assert_eq!((status.unwrap(), asked, pauses), (IapStatus::NotFound, 7, vec![350; 6]));
        let (status, asked, pauses) = play(&["NOT_FOUND", "NOT_FOUND", "PURCHASED"]);
        assert_eq!((status.unwrap(), asked, pauses), (IapStatus::Purchased, 3, vec![350; 2]));
        let (status, asked, _) = play(&["NOT_FOUND"; 6].into_iter().chain(["REFUNDED"]).collect::<Vec<_>>());
        assert_eq!((status.unwrap(), asked), (IapStatus::Refunded, 7));
    }

    #[test]
    fn nothing_else_is_asked_twice_in_a_moment() {
        for status in IapStatus::KNOWN.iter().filter(|status| **status != IapStatus::NotFound) {
            let (answer, asked, pauses) = play(&[status.as_str()]);
            assert_eq!((&answer.unwrap(), asked, pauses.len()), (status, 1, 0));
        }
        let (answer, asked, pauses) = play(&["NOT_FOUND", "broken"]);
        assert!(answer.is_err());
        assert_eq!((asked, pauses.len()), (2, 1));
    }

    #[test]
    fn each_status_means_what_the_table_says() {
        for (status, expected) in [
            ("PURCHASED", "done"),
            ("PAYMENT_COMPLETED", "done"),
            ("REFUNDED", "done"),
            ("FAILED", "done"),
            ("NOT_FOUND", "unknown"),
            ("MINIAPP_MISMATCH", "done"),
            ("ORDER_IN_PROGRESS", "unknown"),
            ("ERROR", "unknown"),
            ("PARTIALLY_REFUNDED", "unknown"),
            ("", "unknown"),
            ("purchased", "unknown"),
        ] {
            let found = match meaning(order(status), |order| order) {
                Resolution::Done(found) => {
                    assert_eq!(found, order(status));
                    "done"
                }
                Resolution::NotDone => "not done",
                _ => "unknown",
            };
            assert_eq!(found, expected, "{status}");
        }
    }
}
