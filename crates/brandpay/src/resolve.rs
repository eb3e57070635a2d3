//! What became of a call whose answer was lost.

use std::time::{Duration, SystemTime};

use ait_core::{Endpoint, Error, Resolution, Schedule, Ticket};

use crate::{
    Amount, AutomaticPayment, BrandPay, Cancel, CancelStatus, Cancellation, Confirm, ErrorCode, OrderId,
    Payment, PaymentByKey, PaymentByOrder, PaymentKey, PaymentStatus,
};

/// Ten minutes from the authentication, which comes before the confirm, and time for a slow approval.
const SESSION: Duration = Duration::from_secs(12 * 60);
/// An approval takes about a minute: a request that was sent is at its end after this.
const QUIET: Duration = Duration::from_secs(3 * 60);
/// How long before its ticket a call may have taken effect: the ticket of an error is made when the call has failed, which
/// takes up to its deadline, and clocks differ.
const BEFORE: Duration = Duration::from_secs(3 * 60);

impl BrandPay {
    /// Finds out what became of a [`Confirm`], an [`AutomaticPayment`] or a [`Cancel`] whose answer was lost. It only
    /// reads, so nothing is sent again. Use the secret key of the call: another shop's payments are not found.
    ///
    /// | call | `Done` | `NotDone` |
    /// |---|---|---|
    /// | confirm | the order is paid, or was and is given back; order, payment key and amount fit | the approval failed or came too late; or the payment is not found 12 minutes after the call, when its session is over |
    /// | automatic payment | the same; order and amount fit | the approval failed, seen 3 minutes after the call or later; never because the order is not found |
    /// | cancel of all that is left | nothing is left, whoever gave it back | never |
    /// | cancel of a part | there is a cancel with its [`request_id`](Cancel::request_id), or else one of its amount and reason, made since the call, that led from [`refundable`](Cancel::refundable) to what is left then | never |
    ///
    /// `Done` says what became of *that call*: deliver only for a payment, and only if [`Payment::is_paid`].
    ///
    /// Everything else is `Unknown`: a payment in progress, a status nobody knows, an order with another amount, a cancel
    /// that is carried out later. A part that names neither of the two stays `Unknown`, because another cancel of the same
    /// amount looks the same.
    ///
    /// An automatic payment whose order is not found stays `Unknown`: the [page of the crate](crate#after-a-day) says what
    /// to do about it after a day.
    ///
    /// After a lost answer, a 5xx, a 409 or a 429, a success of the *same call with the same key* settles all of these
    /// too, for 15 days: the ticket holds the request, [`Ticket::request`]. A refusal of the repeat does not: it may
    /// have come before the key was looked up. After any other 4xx a repeat only gets the same error.
    ///
    /// # Errors
    ///
    /// If the ticket is for another call or cannot be read, or asking is impossible because the client is set up wrongly.
    /// An error says nothing about the call: keep the ticket.
    pub async fn resolve(&self, ticket: &Ticket, schedule: &Schedule) -> Result<Resolution<Payment>, Error> {
        match ticket.endpoint() {
            Confirm::NAME => {
                let made: Confirm = ticket.request()?;
                let order = Order {
                    id: made.order_id(),
                    amount: made.amount(),
                    payment_key: Some(made.payment_key()),
                };
                schedule.ask(|| self.ask_order(&order, ticket)).await
            }
            AutomaticPayment::NAME => {
                let made: AutomaticPayment = ticket.request()?;
                let order = Order { id: made.order_id(), amount: made.amount(), payment_key: None };
                schedule.ask(|| self.ask_order(&order, ticket)).await
            }
            Cancel::NAME => {
                let made: Cancel = ticket.request()?;
                schedule.ask(|| self.ask_cancel(&made, ticket)).await
            }
            _ => {
                let rule =
                    "must be of a confirm, an automatic payment or a cancel; repeat others with their key";
                Err(Error::invalid("ticket", rule))
            }
        }
    }

    async fn ask_order(&self, order: &Order<'_>, ticket: &Ticket) -> Result<Resolution<Payment>, Error> {
        match self.payment_by_order(PaymentByOrder::new(order.id.clone())).answer().await {
            Ok(answer) => {
                let age = ticket.age_at(answer.date());
                Ok(order.judge(answer.into_inner(), age))
            }
            Err(error) if is_not_found(&error) => {
                let over = order.payment_key.is_some() && ticket.age_at(error.date()) >= SESSION;
                Ok(if over { Resolution::NotDone } else { unknown() })
            }
            Err(error) => Err(error),
        }
    }

    async fn ask_cancel(&self, made: &Cancel, ticket: &Ticket) -> Result<Resolution<Payment>, Error> {
        let answer = self.payment_by_key(PaymentByKey::new(made.payment_key().clone())).answer().await?;
        let now = answer.date().unwrap_or_else(SystemTime::now);
        let since = now.checked_sub(ticket.age_at(answer.date()) + BEFORE);
        let payment = answer.into_inner();
        let done = payment.payment_key == *made.payment_key() && is_canceled(made, &payment, since);
        Ok(if done { Resolution::Done(payment) } else { unknown() })
    }
}

// The code alone, with another status, may be a gateway's.
fn is_not_found(error: &Error) -> bool {
    error.status().is_some_and(|status| status == 404)
        && ErrorCode::of(error) == Some(ErrorCode::NotFoundPayment)
}

// The schedule puts its own pause in the place of this one.
fn unknown<T>() -> Resolution<T> {
    Resolution::Unknown { ask_again: Duration::ZERO }
}

struct Order<'a> {
    id: &'a OrderId,
    amount: Amount,
    /// A confirm knows which payment it is; an automatic payment has only its order.
    payment_key: Option<&'a PaymentKey>,
}

impl Order<'_> {
    fn judge(&self, payment: Payment, age: Duration) -> Resolution<Payment> {
        let fits = payment.order_id == *self.id
            && payment.total_amount == Some(self.amount)
            && self.payment_key.is_none_or(|key| *key == payment.payment_key);
        if !fits {
            return unknown();
        }
        match payment.status {
            PaymentStatus::Done | PaymentStatus::PartialCanceled => Resolution::Done(payment),
            // A virtual account may be cancelled before it was paid.
            PaymentStatus::Canceled if payment.approved_at.is_some() => Resolution::Done(payment),
            // Without its key, what failed may be an earlier payment for the same order.
            PaymentStatus::Aborted | PaymentStatus::Expired if self.payment_key.is_some() || age >= QUIET => {
                Resolution::NotDone
            }
            _ => unknown(),
        }
    }
}

fn is_canceled(made: &Cancel, payment: &Payment, since: Option<SystemTime>) -> bool {
    if let Some(id) = made.own_id() {
        let own = |cancel: &&Cancellation| cancel.cancel_request_id.as_deref() == Some(id);
        if let Some(cancel) = payment.cancels.iter().find(own) {
            return cancel.is_carried_out();
        }
    }
    let Some(amount) = made.amount() else {
        // Without any cancel the balance was 0 from the start.
        let given_back = payment.cancels.iter().any(Cancellation::is_carried_out);
        return payment.is_fully_canceled() && given_back && payment.cancels.iter().all(is_over);
    };
    let left = made.left_before().and_then(|before| before.checked_sub(amount));
    // What is left only shrinks, so a payment passes from one balance to another once at most.
    left.is_some()
        && payment.cancels.iter().any(|cancel| {
            let at = cancel.canceled_at.as_ref().and_then(ait_core::Timestamp::system_time);
            // One with an id of its own is somebody else's.
            cancel.cancel_request_id.is_none()
                && cancel.refundable_amount == left
                && cancel.cancel_amount == Some(amount)
                && cancel.cancel_reason.as_deref() == Some(made.reason())
                && at.zip(since).is_some_and(|(at, since)| at >= since)
                && cancel.is_carried_out()
        })
}

fn is_over(cancel: &Cancellation) -> bool {
    cancel.is_carried_out() || cancel.cancel_status == Some(CancelStatus::Aborted)
}
