//! `POST /payments`: charges a registered method without the buyer.

use std::time::Duration;

use ait_core::{
    Endpoint, Error, Flat, Host, IdempotencyKey, Krw, Mismatch, Payload, Safety, Secret, Ticket, lenient,
};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    Amount, CustomerKey, HOST, MethodKey, OrderId, Payment, PaymentByOrder, ReceiptOrder,
    confirm::{part, positive},
    payment::was_taken,
};

/// Charges a registered method without the buyer. Needs a risk review and a contract of its own.
///
/// | field | rule |
/// |---|---|
/// | `orderName` | 1 to 100 characters |
/// | `cardInstallmentPlan` | 0, or 2 to 12 months from 50,000 won |
/// | `taxFreeAmount` | 0 to `amount` |
///
/// `Ok` proves that Toss says of a payment for this order and (where the answer has it) of this amount that the status is
/// `DONE` and nothing failed.
///
/// Documented: official BrandPay reference, "자동결제". The newer state of it marks `cultureExpense` and `taxFreeAmount` as
/// required, and its own sample has neither: they are optional here.
///
/// # When the outcome is unknown
///
/// The customer may have paid. [`BrandPay::resolve`](crate::BrandPay::resolve) asks for the order number, and sends
/// nothing again. After a lost answer, a 5xx, a 409 or a 429 you may instead repeat the *same request with the same
/// key*, which is safe for 15 days. After any other 4xx, such as
/// [`ErrorCode::ProviderError`](crate::ErrorCode::ProviderError), the same key only repeats the error: resolve it, and
/// only after [`NotDone`](ait_core::Resolution::NotDone) charge again, under a new key and a new order number, because
/// the failed payment may hold the old one. About the key see [`idempotency`](crate::idempotency). There is no webhook
/// for these payments.
///
/// An order that is not found stays unknown, however long ago the charge was: nothing documents when it can come no more.
/// The [page of the crate](crate#after-a-day) says what to do about it after a day.
///
/// ```no_run
/// # use brandpay::{ait_core::{Error, Krw, Outcome, Resolution, Schedule}, *};
/// # enum Charge { Paid, NotPaid, AskLater }
/// # async fn charge(pay: BrandPay, customer: CustomerKey, card: MethodKey) -> Result<Charge, Error> {
/// let order = OrderId::new("subscription-2026-03")?;
/// let key = idempotency::derived("automatic-payment", &order, Krw::new(9_900))?;
/// let request = AutomaticPayment::new(key, customer, card, order, "구독 3월", Krw::new(9_900))?; // store it
/// match pay.automatic_payment(request).await {
///     Ok(_payment) => Ok(Charge::Paid),
///     Err(error) if error.outcome() <= Outcome::Refused => Ok(Charge::NotPaid),
///     Err(error) => {
///         let Some(ticket) = error.ticket() else { return Ok(Charge::AskLater) };
///         Ok(match pay.resolve(ticket, &Schedule::default()).await? {
///             Resolution::Done(payment) if payment.is_paid() => Charge::Paid,
///             Resolution::NotDone => Charge::NotPaid, // charge again under a new order number
///             _ => Charge::AskLater, // store the ticket, and do not charge again
///         })
///     }
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "a request does nothing until it is handed to BrandPay::automatic_payment"]
pub struct AutomaticPayment {
    idempotency_key: IdempotencyKey,
    #[serde(flatten)]
    body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    customer_key: CustomerKey,
    method_key: MethodKey,
    amount: Amount,
    order_id: OrderId,
    order_name: String,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    card_installment_plan: Option<u32>,
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    cash_receipt: Option<ReceiptOrder>,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    culture_expense: Option<bool>,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    customer_email: Option<Secret>,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    discount_code: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    shipping_address: Option<Secret>,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    tax_free_amount: Option<Amount>,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    use_card_point: Option<bool>,
}

impl AutomaticPayment {
    /// Charges this method.
    ///
    /// # Errors
    ///
    /// If the name of the order or the amount breaks a rule above.
    pub fn new(
        key: IdempotencyKey,
        customer_key: CustomerKey,
        method_key: MethodKey,
        order_id: OrderId,
        order_name: impl Into<String>,
        amount: impl Into<Amount>,
    ) -> Result<Self, Error> {
        let body = Body {
            customer_key,
            method_key,
            amount: amount.into(),
            order_id,
            order_name: order_name.into(),
            card_installment_plan: None,
            cash_receipt: None,
            culture_expense: None,
            customer_email: None,
            discount_code: None,
            shipping_address: None,
            tax_free_amount: None,
            use_card_point: None,
        };
        let request = Self { idempotency_key: key, body };
        request.check().map(|()| request)
    }

    /// Months of instalment, for cards: `cardInstallmentPlan`. 0 for one payment.
    pub fn card_installment_plan(mut self, months: u32) -> Self {
        self.body.card_installment_plan = Some(months);
        self
    }

    /// The cash receipt to issue, for accounts: `cashReceipt`. In the older state of the reference only.
    pub fn cash_receipt(mut self, receipt: ReceiptOrder) -> Self {
        self.body.cash_receipt = Some(receipt);
        self
    }

    /// Whether it is for culture, for accounts: `cultureExpense`.
    pub fn culture_expense(mut self, culture: bool) -> Self {
        self.body.culture_expense = Some(culture);
        self
    }

    /// Where mail about the payment goes: `customerEmail`.
    pub fn customer_email(mut self, address: impl Into<Secret>) -> Self {
        self.body.customer_email = Some(address.into());
        self
    }

    /// The code of a promotion: `discountCode`.
    pub fn discount_code(mut self, code: impl Into<String>) -> Self {
        self.body.discount_code = Some(code.into());
        self
    }

    /// Where the goods go, for fraud detection: `shippingAddress`. In the older state of the reference only.
    pub fn shipping_address(mut self, address: impl Into<Secret>) -> Self {
        self.body.shipping_address = Some(address.into());
        self
    }

    /// The tax-free part: `taxFreeAmount`.
    pub fn tax_free_amount(mut self, amount: impl Into<Amount>) -> Self {
        self.body.tax_free_amount = Some(amount.into());
        self
    }

    /// Whether card points are ticked beforehand: `useCardPoint`. Without it, or with `false`, the buyer decides, says the
    /// reference, although nobody is asked here. Needs a contract.
    pub fn use_card_point(mut self, points: bool) -> Self {
        self.body.use_card_point = Some(points);
        self
    }

    /// The key. Store it before the call.
    #[must_use]
    pub fn idempotency_key(&self) -> &IdempotencyKey {
        &self.idempotency_key
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

impl Endpoint for AutomaticPayment {
    const NAME: &'static str = "brandpay.automatic_payment";
    const METHOD: Method = Method::POST;
    const HOST: Host = HOST;
    const PATH: &'static str = "/v1/brandpay/payments";
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
        let body = &self.body;
        body.customer_key.check()?;
        body.method_key.check()?;
        body.order_id.check()?;
        positive("amount", Some(body.amount))?;
        part("taxFreeAmount", body.tax_free_amount, Some(("amount", body.amount)))?;
        let length = body.order_name.chars().count();
        if !matches!(length, 1..=100) {
            let rule = format!("must have 1 to 100 characters, has {length}; say in short what is bought");
            return Err(Error::invalid("orderName", rule));
        }
        match body.card_installment_plan {
            None | Some(0) => {}
            Some(2..=12) if body.amount >= Krw::new(50_000).into() => {}
            Some(months) => {
                let rule = format!(
                    "must be 0, or 2 to 12 months from 50,000 won, is {months}; choose another number"
                );
                return Err(Error::invalid("cardInstallmentPlan", rule));
            }
        }
        body.cash_receipt.as_ref().map_or(Ok(()), ReceiptOrder::check)
    }

    fn verify(&self, payload: &Payload<'_>) -> Result<(), Mismatch> {
        payload.same("orderId", &self.body.order_id)?;
        payload.same_if_given("totalAmount", &self.body.amount)?;
        was_taken(payload)
    }

    fn ticket(&self) -> Option<Ticket> {
        Ticket::new(self).ok()
    }

    fn secrets(&self) -> Vec<&str> {
        let body = &self.body;
        let mut secrets = body.customer_key.quotations();
        secrets.extend([body.method_key.expose(), &body.order_name]);
        let number = body.cash_receipt.as_ref().and_then(ReceiptOrder::number);
        let texts = [body.customer_email.as_ref(), body.shipping_address.as_ref(), number];
        secrets.extend(texts.into_iter().flatten().map(Secret::expose));
        secrets
    }
}
