//! Finding out what became of a call whose answer was lost.

use std::time::Duration;

use ait_core::{Answer, Endpoint, Error, Kind, Krw, Resolution, Schedule, Ticket, http::StatusCode};

use crate::{
    ErrorCode, ExecutePayment, MakePayment, PayStatus, Payment, PaymentStatus, RefundPayment, Step, TossPay,
    Transaction,
};

/// How long a request may still be on its way after its answer was given up. Making a payment moves no money and its
/// order number can be used only once, so little is at stake.
const QUIET_MAKE: Duration = Duration::from_secs(60);
/// The same for a refund, which carries no id of ours: whoever sends it again must be sure.
const QUIET_REFUND: Duration = Duration::from_secs(3600);

impl TossPay {
    /// Finds out what became of a call, in this or another process: asks [`PaymentStatus`] on `schedule` until it is
    /// decided. Nothing is sent again.
    ///
    /// It says what became of *that call*, not that the order is paid: deliver only if [`Payment::is_paid`].
    ///
    /// | call | done | not done | unknown |
    /// |---|---|---|---|
    /// | make | Toss knows the order number | it does not (HTTP 404), a minute after the call | otherwise |
    /// | execute | paid, also if given back since, in full or in part | `PAY_CANCEL`, and no transaction | any other status |
    /// | refund | all of it given back | an hour after the call: paid and all of it refundable, or given back in part only, or settled without a refund | otherwise |
    ///
    /// An order number that belongs to a payment of another amount was not made by this call: not done.
    ///
    /// An execution that never reached Toss is decided too: a payment that is not paid expires, after 15 minutes unless set
    /// otherwise, an hour at most, and is `PAY_CANCEL` then. The status decides it and never the time alone, because a payment
    /// in `PAY_APPROVED` may still be executed by a request that is late. What is unknown after a day is for a person: see the
    /// [page of the crate](crate#after-a-day).
    ///
    /// This call refunds all that is left, so a payment that is given back in part only was not refunded by it.
    ///
    /// # Errors
    ///
    /// If the ticket is not one of these three calls, or asking itself is impossible: the client is set up wrongly,
    /// its certificate is refused, or the user's key is stale. Such an error says nothing about the call: keep the ticket.
    ///
    /// ```no_run
    /// # use ait_tosspay::{ait_core::{Error, Resolution, Schedule, Ticket}, *};
    /// # async fn settle(pay: TossPay, stored: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// let ticket: Ticket = serde_json::from_str(stored)?;
    /// match pay.resolve(&ticket, &Schedule::default()).await? {
    ///     // The ticket may be that of a refund, or the money was given back since.
    ///     Resolution::Done(payment) if payment.is_paid() => println!("paid: deliver order {:?}", payment.order_no),
    ///     Resolution::Done(payment) => println!("done, and not paid: {}; do not deliver", payment.pay_status),
    ///     Resolution::NotDone => println!("{} did nothing; do not deliver for it", ticket.endpoint()),
    ///     _ => println!("not known yet: keep the ticket and come back"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn resolve(&self, ticket: &Ticket, schedule: &Schedule) -> Result<Resolution<Payment>, Error> {
        let doubt = Doubt::of(ticket)?;
        schedule
            .ask(|| async {
                let answer = self.payment_status(doubt.question()).answer().await;
                let age = ticket.age_at(answer.as_ref().map_or_else(Error::date, Answer::date));
                doubt.judge(answer.map(Answer::into_inner), age)
            })
            .await
    }
}

/// A call whose outcome is not known.
enum Doubt {
    Make(MakePayment),
    Execute(ExecutePayment),
    Refund(RefundPayment),
}

impl Doubt {
    fn of(ticket: &Ticket) -> Result<Self, Error> {
        match ticket.endpoint() {
            MakePayment::NAME => ticket.request().map(Self::Make),
            ExecutePayment::NAME => ticket.request().map(Self::Execute),
            RefundPayment::NAME => ticket.request().map(Self::Refund),
            _ => Err(Error::invalid("ticket", "must be one of Toss Pay's; resolve it with its own product")),
        }
    }

    fn question(&self) -> PaymentStatus {
        match self {
            Self::Make(request) => PaymentStatus::by_order_no(
                request.buyer().clone(),
                request.order_no().clone(),
                request.mode(),
            ),
            Self::Execute(request) => request.question(),
            Self::Refund(request) => request.question(),
        }
    }

    fn judge(&self, answer: Result<Payment, Error>, age: Duration) -> Result<Resolution<Payment>, Error> {
        let payment = match (answer, self) {
            (Ok(payment), _) => payment,
            (Err(error), Self::Make(_)) if is_not_found(&error) && age >= QUIET_MAKE => {
                return Ok(Resolution::NotDone);
            }
            (Err(error), _) => return Err(error),
        };
        if !self.is_about(&payment) {
            return Ok(Resolution::Unknown { ask_again: Duration::ZERO });
        }
        Ok(match self {
            Self::Make(request) if made_with(request.amount(), &payment) => Resolution::Done(payment),
            Self::Make(_) => Resolution::NotDone,
            Self::Execute(_) if payment.pay_status.was_executed() => Resolution::Done(payment),
            // A cancelled payment has ended without any movement of money: a transaction speaks against that.
            Self::Execute(_)
                if payment.pay_status == PayStatus::Canceled && payment.transactions.is_empty() =>
            {
                Resolution::NotDone
            }
            Self::Refund(_) if payment.is_refunded() => Resolution::Done(payment),
            Self::Refund(_) if is_not_given_back(&payment) && age >= QUIET_REFUND => Resolution::NotDone,
            _ => Resolution::Unknown { ask_again: Duration::ZERO },
        })
    }

    // An answer about another payment decides nothing about this one.
    fn is_about(&self, payment: &Payment) -> bool {
        match self {
            Self::Make(request) => payment.order_no.as_ref().is_none_or(|found| found == request.order_no()),
            Self::Execute(request) => payment.pay_token == *request.pay_token(),
            Self::Refund(request) => payment.pay_token == *request.pay_token(),
        }
    }
}

// The API itself says so by the status: not a gateway, and not with a code that is known to mean something else. No code
// is documented for this.
fn is_not_found(error: &Error) -> bool {
    error.kind() == Kind::Api
        && error.status() == Some(StatusCode::NOT_FOUND)
        && error.result_type() == Some("FAIL")
        && ErrorCode::of(error).is_none_or(|code| !code.is_of_something_else())
}

// An answer about another order never comes here; what this one does not say speaks for it.
fn made_with(amount: Krw, payment: &Payment) -> bool {
    payment.amount.is_none_or(|found| found == amount)
}

// A refund by this crate is of all that is left, and it left something.
fn is_not_given_back(payment: &Payment) -> bool {
    let is_taken = |one: &Transaction| one.step_type == Some(Step::Pay);
    match payment.pay_status {
        // All that was paid can still be refunded, and the answer says so.
        PayStatus::Complete => {
            payment.is_paid()
                && payment.refundable_amount.is_some()
                && payment.refundable_amount == payment.amount
        }
        // Nothing can be refunded any more: the transactions, if they are told, say whether anything was.
        PayStatus::Settled => payment.is_paid() && payment.transactions.iter().any(is_taken),
        _ => payment.pay_status.has_refund() && payment.is_partly_refunded(),
    }
}
