//! `POST /payments/confirm`: takes the money.

use std::time::Duration;

use ait_core::{Endpoint, Error, Flat, Host, IdempotencyKey, Mismatch, Payload, Safety, Ticket};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    Amount, CustomerKey, HOST, OrderId, Payment, PaymentByOrder, PaymentKey, payment::was_taken,
    redirect::Verified,
};

/// Takes the money of a payment that the buyer has authenticated, within ten minutes.
///
/// The amount is that of the stored order, never that of the redirect, which the buyer can edit: see
/// [`redirect::Success`](crate::redirect::Success). It travels as a number. An approval may take about 60 seconds, hence
/// the deadline.
///
/// Documented: official BrandPay reference, "결제 승인".
///
/// `Ok` proves that Toss says of this payment, with its key, its order and (where the answer has it) its amount, that the
/// status is `DONE` and nothing failed.
///
/// # The key
///
/// [`idempotency::derived`](crate::idempotency::derived) makes one from the order. **Never use a key with another
/// body**: for 15 days the server replays its first answer, a 4xx like `PROVIDER_ERROR` too, and does nothing. After a
/// refusal, another try of the buyer needs another key.
///
/// # When the outcome is unknown
///
/// The buyer may have paid. [`BrandPay::resolve`](crate::BrandPay::resolve) asks, and sends nothing again. After a lost
/// answer, a 5xx, a 409 or a 429 you may instead repeat the *same request with the same key*, which is safe for 15
/// days. After any other 4xx, such as [`ErrorCode::ProviderError`](crate::ErrorCode::ProviderError), the same key only
/// repeats the error: resolve it, and after [`NotDone`](ait_core::Resolution::NotDone) take another try of the buyer
/// under a new key. [`ErrorCode::AlreadyProcessedPayment`](crate::ErrorCode::AlreadyProcessedPayment) and
/// [`ErrorCode::NotFoundPaymentSession`](crate::ErrorCode::NotFoundPaymentSession) count as unknown too, because a paid
/// order may answer so: a lookup tells.
///
/// ```no_run
/// # use brandpay::{ait_core::{Error, Krw, Outcome, Resolution, Schedule}, redirect::Success, *};
/// # enum Sale { Paid, NotPaid, AskLater }
/// # async fn confirm(pay: BrandPay, query: &str, order: OrderId, customer: CustomerKey) -> Result<Sale, Error> {
/// let verified = Success::parse(query)?.verify(&order, Krw::new(10_000))?;
/// let key = idempotency::derived("confirm", &order, Krw::new(10_000))?;
/// let request = Confirm::verified(key, verified, customer); // store it, or at least its key
/// match pay.confirm(request).await {
///     Ok(_payment) => Ok(Sale::Paid),
///     Err(error) if error.outcome() <= Outcome::Refused => Ok(Sale::NotPaid),
///     Err(error) => {
///         let Some(ticket) = error.ticket() else { return Ok(Sale::AskLater) };
///         Ok(match pay.resolve(ticket, &Schedule::default()).await? {
///             Resolution::Done(payment) if payment.is_paid() => Sale::Paid,
///             Resolution::NotDone => Sale::NotPaid,
///             _ => Sale::AskLater, // store the ticket; release no goods and take no second payment
///         })
///     }
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "a request does nothing until it is handed to BrandPay::confirm"]
pub struct Confirm {
    idempotency_key: IdempotencyKey,
    #[serde(flatten)]
    body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    payment_key: PaymentKey,
    amount: Amount,
    customer_key: CustomerKey,
    order_id: OrderId,
}

impl Confirm {
    /// Takes the money of a redirect that was compared with the order.
    pub fn verified(key: IdempotencyKey, redirect: Verified, customer_key: CustomerKey) -> Self {
        let Verified { payment_key, order_id, amount } = redirect;
        Self::new(key, payment_key, order_id, amount, customer_key)
    }

    /// Takes the money. `order_id` and `amount` are those of the stored order; comparing them with the redirect is up to
    /// you.
    pub fn new(
        key: IdempotencyKey,
        payment_key: PaymentKey,
        order_id: OrderId,
        amount: impl Into<Amount>,
        customer_key: CustomerKey,
    ) -> Self {
        let body = Body { payment_key, amount: amount.into(), customer_key, order_id };
        Self { idempotency_key: key, body }
    }

    /// The key. Store it before the call.
    #[must_use]
    pub fn idempotency_key(&self) -> &IdempotencyKey {
        &self.idempotency_key
    }

    /// The payment.
    #[must_use]
    pub fn payment_key(&self) -> &PaymentKey {
        &self.body.payment_key
    }

    /// The order.
    #[must_use]
    pub fn order_id(&self) -> &OrderId {
        &self.body.order_id
    }

    /// The price.
    #[must_use]
    pub fn amount(&self) -> Amount {
        self.body.amount
    }
}

impl Endpoint for Confirm {
    const NAME: &'static str = "brandpay.confirm";
    const METHOD: Method = Method::POST;
    const HOST: Host = HOST;
    const PATH: &'static str = "/v1/brandpay/payments/confirm";
    const SAFETY: Safety<Self> =
        Safety::Keyed { key: |request| &request.idempotency_key, settled_by: Some(PaymentByOrder::NAME) };
    const REFUSALS: &'static [&'static str] = crate::refusals::PAY;
    const DEADLINE: Duration = Duration::from_secs(70);
    type Dialect = Flat;
    type Response = Payment;

    fn body(&self) -> Option<impl Serialize> {
        Some(&self.body)
    }

    fn check(&self) -> Result<(), Error> {
        let Body { payment_key, amount, customer_key, order_id } = &self.body;
        payment_key.check()?;
        customer_key.check()?;
        order_id.check()?;
        positive("amount", Some(*amount))
    }

    fn verify(&self, payload: &Payload<'_>) -> Result<(), Mismatch> {
        let Body { payment_key, amount, order_id, .. } = &self.body;
        payload.same("paymentKey", payment_key)?;
        payload.same("orderId", order_id)?;
        payload.same_if_given("totalAmount", amount)?;
        was_taken(payload)
    }

    fn ticket(&self) -> Option<Ticket> {
        Ticket::new(self).ok()
    }

    fn secrets(&self) -> Vec<&str> {
        self.body.customer_key.quotations()
    }
}

/// A part of an amount may be nothing. `whole` is its name and itself, if both are known.
pub(crate) fn part(
    field: &'static str,
    part: Option<Amount>,
    whole: Option<(&str, Amount)>,
) -> Result<(), Error> {
    let Some(part) = part else { return Ok(()) };
    if part < Amount::default() {
        let rule = format!("must not be negative, is {part}; leave it out if there is no such part");
        return Err(Error::invalid(field, rule));
    }
    match whole {
        Some((name, whole)) if part > whole => Err(Error::invalid(
            field,
            format!("must not be more than {name}, of which it is a part; lower it"),
        )),
        _ => Ok(()),
    }
}

pub(crate) fn positive(field: &'static str, amount: Option<Amount>) -> Result<(), Error> {
    match amount {
        Some(amount) if !amount.is_positive() => Err(Error::invalid(
            field,
            format!("must be more than 0, is {amount}; take it from the stored order"),
        )),
        _ => Ok(()),
    }
}
