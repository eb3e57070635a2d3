//! `POST /v1/payments/{paymentKey}/cancel`: gives money back.

use std::{borrow::Cow, time::Duration};

use ait_core::{
    Endpoint, Error, Flat, Host, IdempotencyKey, Mismatch, Payload, Safety, Secret, Ticket, lenient,
};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    Amount, Bank, Cancellation, HOST, Payment, PaymentKey,
    confirm::{part, positive},
    escape::{escape, segment},
};

/// Gives money back: [all that is left](Self::rest), or [a part](Self::part).
///
/// More than what is left is [`ErrorCode::NotCancelableAmount`](crate::ErrorCode::NotCancelableAmount), and a part and then
/// the rest leaves the status at `PARTIAL_CANCELED`, as partners measured. Ask [`Payment::is_fully_canceled`].
///
/// | field | rule |
/// |---|---|
/// | `cancelReason` | 1 to 200 characters |
/// | amounts | more than 0; not more than [`refundable`](Self::refundable) |
/// | `taxFreeAmount` | 0 to the cancelled amount |
/// | `taxExemptionAmount` | not negative |
///
/// `Ok` proves that Toss says of this payment that it is cancelled, in part or as a whole, and lists a cancel that fits this
/// one and is carried out: of its [`request_id`](Self::request_id), or else of its amount, or one that left nothing.
///
/// Documented: official core API reference, "결제 취소".
///
/// # The key
///
/// It is what keeps a repeated part from being given back twice. Two cancels of the same amount need two keys:
/// `idempotency::derived("cancel-1", …)` and `derived("cancel-2", …)`. **Never use a key with another body**: see
/// [`idempotency`](crate::idempotency).
///
/// # When the outcome is unknown
///
/// The money may have been given back. After a lost answer, a 5xx, a 409 or a 429 repeat the *same request with the
/// same key*, which is safe for 15 days. After any other 4xx, such as
/// [`ErrorCode::ProviderError`](crate::ErrorCode::ProviderError), the same key only repeats the error: let
/// [`BrandPay::resolve`](crate::BrandPay::resolve) look for it, which can prove a part only if
/// [`refundable`](Self::refundable) or [`request_id`](Self::request_id) is set.
///
/// It never proves that nothing was given back. [`Payment::balance_amount`] and its `cancels` show that, a few minutes
/// after the call. Only then cancel again, under a new key, and a part only with the same `refundable`: if the first
/// one comes after all, the server refuses the second.
///
/// ```no_run
/// # use brandpay::{ait_core::{Error, Krw, Outcome, Resolution, Schedule}, *};
/// # async fn cancel(pay: BrandPay, payment: Payment) -> Result<(), Error> {
/// let key = idempotency::derived("cancel-1", &payment.order_id, Krw::new(3_000))?;
/// let request = Cancel::part(key, payment.payment_key, Krw::new(3_000), "상품 한 개 품절")?
///     .refundable(Krw::new(10_000)); // what is left before: a mismatch stops the cancel
/// let Err(error) = pay.cancel(request.clone()).await else { return Ok(()) };
/// if error.outcome() < Outcome::Unknown {
///     return Err(error); // nothing was given back
/// }
/// // The same key never gives back twice. Only a success settles it: a refusal of the repeat leaves the first in doubt.
/// if pay.cancel(request).await.is_ok() {
///     return Ok(());
/// }
/// match error.ticket() {
///     Some(ticket) if matches!(pay.resolve(ticket, &Schedule::default()).await?, Resolution::Done(_)) => Ok(()),
///     _ => Err(error), // not known: store the ticket, and do not cancel again under another key
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "a request does nothing until it is handed to BrandPay::cancel"]
pub struct Cancel {
    idempotency_key: IdempotencyKey,
    payment_key: PaymentKey,
    #[serde(flatten)]
    body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    cancel_reason: String,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    cancel_amount: Option<Amount>,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    refundable_amount: Option<Amount>,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    tax_free_amount: Option<Amount>,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    tax_exemption_amount: Option<Amount>,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    refund_receive_account: Option<RefundAccount>,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    cancel_request_id: Option<String>,
}

impl Cancel {
    /// Gives all back that is left. The reason is `cancelReason`.
    ///
    /// # Errors
    ///
    /// If the reason breaks a rule above.
    pub fn rest(
        key: IdempotencyKey,
        payment_key: PaymentKey,
        reason: impl Into<String>,
    ) -> Result<Self, Error> {
        Self::new(key, payment_key, None, reason.into())
    }

    /// Gives this amount back: `cancelAmount`. The reason is `cancelReason`.
    ///
    /// # Errors
    ///
    /// If the reason or the amount breaks a rule above.
    pub fn part(
        key: IdempotencyKey,
        payment_key: PaymentKey,
        amount: impl Into<Amount>,
        reason: impl Into<String>,
    ) -> Result<Self, Error> {
        Self::new(key, payment_key, Some(amount.into()), reason.into())
    }

    fn new(
        key: IdempotencyKey,
        payment_key: PaymentKey,
        amount: Option<Amount>,
        reason: String,
    ) -> Result<Self, Error> {
        let body = Body {
            cancel_reason: reason,
            cancel_amount: amount,
            refundable_amount: None,
            tax_free_amount: None,
            tax_exemption_amount: None,
            currency: None,
            refund_receive_account: None,
            cancel_request_id: None,
        };
        let request = Self { idempotency_key: key, payment_key, body };
        request.check().map(|()| request)
    }

    /// What you believe is left before this cancel: `refundableAmount`. If it is not, nothing is done
    /// ([`ErrorCode::NotMatchesRefundableAmount`](crate::ErrorCode::NotMatchesRefundableAmount)).
    pub fn refundable(mut self, amount: impl Into<Amount>) -> Self {
        self.body.refundable_amount = Some(amount.into());
        self
    }

    /// The tax-free part of the cancelled amount: `taxFreeAmount`.
    pub fn tax_free(mut self, amount: impl Into<Amount>) -> Self {
        self.body.tax_free_amount = Some(amount.into());
        self
    }

    /// The tax-exempt part: `taxExemptionAmount`. In unofficial descriptions only.
    pub fn tax_exemption(mut self, amount: impl Into<Amount>) -> Self {
        self.body.tax_exemption_amount = Some(amount.into());
        self
    }

    /// The currency, for foreign payments: `currency`.
    pub fn currency(mut self, currency: impl Into<String>) -> Self {
        self.body.currency = Some(currency.into());
        self
    }

    /// Where the money goes, for virtual accounts alone: `refundReceiveAccount`.
    pub fn refund_account(mut self, account: RefundAccount) -> Self {
        self.body.refund_receive_account = Some(account);
        self
    }

    /// Your own id of this cancel, for foreign payments that are cancelled later: `cancelRequestId`.
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.body.cancel_request_id = Some(id.into());
        self
    }

    /// The key. Store it before the call.
    #[must_use]
    pub fn idempotency_key(&self) -> &IdempotencyKey {
        &self.idempotency_key
    }

    /// The payment.
    #[must_use]
    pub fn payment_key(&self) -> &PaymentKey {
        &self.payment_key
    }

    /// The amount, or `None` for all that is left.
    #[must_use]
    pub fn amount(&self) -> Option<Amount> {
        self.body.cancel_amount
    }

    pub(crate) fn reason(&self) -> &str {
        &self.body.cancel_reason
    }

    pub(crate) fn left_before(&self) -> Option<Amount> {
        self.body.refundable_amount
    }

    pub(crate) fn own_id(&self) -> Option<&str> {
        self.body.cancel_request_id.as_deref()
    }

    /// Whether `cancel` is carried out and may be this one.
    fn is_made(&self, cancel: &Cancellation) -> bool {
        let Body { cancel_amount, cancel_request_id, .. } = &self.body;
        let is_own = cancel.cancel_request_id == *cancel_request_id || cancel.cancel_request_id.is_none();
        let fits = cancel_amount.is_none() || cancel.cancel_amount == *cancel_amount;
        cancel.is_carried_out() && is_own && fits
    }
}

/// The cancels of a payment.
#[derive(Default, Deserialize)]
#[serde(transparent)]
struct Cancels(#[serde(deserialize_with = "crate::form::objects")] Vec<Cancellation>);

/// The account that a cancelled virtual account is paid back to. `Debug` shows neither name nor number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundAccount {
    // Called `bankCode` in answers.
    bank: Bank,
    account_number: Secret,
    holder_name: Secret,
}

impl RefundAccount {
    /// 1 to 20 digits without hyphens, and a name of 1 to 60 characters.
    ///
    /// # Errors
    ///
    /// If one of these rules is broken.
    pub fn new(
        bank: Bank,
        account_number: impl Into<Secret>,
        holder_name: impl Into<Secret>,
    ) -> Result<Self, Error> {
        let account = Self { bank, account_number: account_number.into(), holder_name: holder_name.into() };
        account.check().map(|()| account)
    }

    fn check(&self) -> Result<(), Error> {
        let number = self.account_number.expose();
        if !matches!(number.len(), 1..=20) || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::invalid("accountNumber", "must be 1 to 20 digits; leave out the hyphens"));
        }
        let length = self.holder_name.expose().chars().count();
        if !matches!(length, 1..=60) {
            let rule = format!("must have 1 to 60 characters, has {length}; write it as the bank does");
            return Err(Error::invalid("holderName", rule));
        }
        Ok(())
    }
}

impl Endpoint for Cancel {
    const NAME: &'static str = "brandpay.cancel";
    const METHOD: Method = Method::POST;
    const HOST: Host = HOST;
    const PATH: &'static str = "/v1/payments/{paymentKey}/cancel";
    const SAFETY: Safety<Self> = Safety::Keyed {
        key: |request| &request.idempotency_key,
        settled_by: Some(crate::PaymentByKey::NAME),
    };
    const REFUSALS: &'static [&'static str] = crate::refusals::CANCEL;
    const DEADLINE: Duration = Duration::from_secs(70);
    type Dialect = Flat;
    type Response = Payment;

    fn body(&self) -> Option<impl Serialize> {
        Some(&self.body)
    }

    fn path(&self) -> Cow<'_, str> {
        Cow::Owned(format!("/v1/payments/{}/cancel", escape(self.payment_key.as_str())))
    }

    fn check(&self) -> Result<(), Error> {
        let body = &self.body;
        segment("paymentKey", self.payment_key.as_str())?;
        let length = body.cancel_reason.chars().count();
        if !matches!(length, 1..=200) {
            let rule = format!("must have 1 to 200 characters, has {length}; say why in a few words");
            return Err(Error::invalid("cancelReason", rule));
        }
        positive("cancelAmount", body.cancel_amount)?;
        positive("refundableAmount", body.refundable_amount)?;
        if body.cancel_amount.zip(body.refundable_amount).is_some_and(|(part, left)| part > left) {
            let rule = "must not be more than refundableAmount; ask for the payment to see what is left";
            return Err(Error::invalid("cancelAmount", rule));
        }
        // Without an amount all that is left is cancelled.
        let whole = body.cancel_amount.map(|amount| ("cancelAmount", amount));
        let whole = whole.or(body.refundable_amount.map(|left| ("refundableAmount", left)));
        part("taxFreeAmount", body.tax_free_amount, whole)?;
        part("taxExemptionAmount", body.tax_exemption_amount, None)?;
        body.refund_receive_account.as_ref().map_or(Ok(()), RefundAccount::check)
    }

    fn verify(&self, payload: &Payload<'_>) -> Result<(), Mismatch> {
        payload.same("paymentKey", &self.payment_key)?;
        let rule = "does not say that money was given back";
        payload.one_of("status", &["CANCELED", "PARTIAL_CANCELED"], rule)?;
        let Cancels(cancels) = payload.get("cancels")?.unwrap_or_default();
        if !cancels.iter().any(|cancel| self.is_made(cancel)) {
            return Err(Mismatch::new("cancels", "lists no cancel like this one that is carried out"));
        }
        match (self.body.cancel_amount, payload.get::<Amount>("balanceAmount")?) {
            (None, Some(balance)) if !balance.is_zero() => {
                Err(Mismatch::new("balanceAmount", "says that something is left"))
            }
            _ => Ok(()),
        }
    }

    fn ticket(&self) -> Option<Ticket> {
        Ticket::new(self).ok()
    }

    fn secrets(&self) -> Vec<&str> {
        let account = self.body.refund_receive_account.as_ref();
        let account = account.map(|account| [account.account_number.expose(), account.holder_name.expose()]);
        std::iter::once(self.reason()).chain(account.into_iter().flatten()).collect()
    }
}
