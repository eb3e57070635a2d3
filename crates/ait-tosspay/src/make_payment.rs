//! `POST /pay/make-payment`: creates a payment for the buyer to authenticate.

use std::time::Duration;

use ait_core::{Endpoint, Envelope, Error, Host, Krw, Mode, Safety, Ticket, User, lenient, open_enum};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{OrderNo, PayMethod, PayToken, PaymentStatus, form};

/// Creates a payment. No money moves: the buyer authenticates it in the app (the SDK's `checkoutPayment`), and then
/// [`ExecutePayment`](crate::ExecutePayment) takes the money.
///
/// | field | rule |
/// |---|---|
/// | `orderNo` | see [`OrderNo`] |
/// | `productDesc` | 1 to 255 characters, not blank, no `\`, no `"`, no `'`; control characters are refused by this crate |
/// | amounts | whole won, from 0, at most 7 digits |
/// | `enablePayMethods` | at most 100 characters |
/// | `cashReceiptTradeOption`, `installment` | at most 10 characters |
///
/// A payment that is not paid expires: 15 minutes after it was made, an hour at most. It is `PAY_CANCEL` then.
///
/// `Ok` proves that Toss says SUCCESS and gives a token: there is a payment for this order. No money has moved.
///
/// Documented: official API reference "결제 생성하기", official Toss Pay guide §1; the expiry in Toss Pay's own guide, api.html,
/// "결제 생성" (`expiredTime`, which Apps in Toss does not offer).
///
/// # When the outcome is unknown
///
/// Ask for the order number. If Toss knows it, the payment was made, and the answer carries its token. If it does not,
/// wait a little and ask again: the request may still be on its way. Making the *same* order number once more is then
/// harmless. Toss refuses a number that is taken ([`ErrorCode::ExistingPayment`](crate::ErrorCode::ExistingPayment)), which
/// means "ask the status": the payment may be the one that you made. Or, as Toss Pay's own guide has it, Toss makes another
/// payment as long as the buyer has not authenticated: go on with the token of the last answer.
///
/// ```no_run
/// # use ait_tosspay::{ait_core::{Error, Mode, Outcome, User}, *};
/// # async fn make(pay: TossPay, user: User, order: MakePayment) -> Result<PayToken, Error> {
/// let order_no = order.order_no().clone();
/// match pay.make_payment(order).await {
///     Ok(made) => Ok(made.pay_token),
///     Err(lost) if lost.outcome() >= Outcome::Unknown => {
///         let question = PaymentStatus::by_order_no(user, order_no, Mode::Live);
///         match pay.payment_status(question).await {
///             Ok(found) => Ok(found.pay_token),
///             // That the question failed says nothing about the payment: it is still unknown.
///             Err(_) => Err(lost),
///         }
///     }
///     Err(error) => Err(error),
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use = "a request does nothing until it is handed to TossPay::make_payment"]
pub struct MakePayment {
    user: User,
    #[serde(flatten)]
    body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    order_no: OrderNo,
    product_desc: String,
    amount: Krw,
    amount_tax_free: Krw,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount_taxable: Option<Krw>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount_vat: Option<Krw>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount_service_fee: Option<Krw>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enable_pay_methods: Option<PayMethod>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cash_receipt: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cash_receipt_trade_option: Option<CashReceiptKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    installment: Option<Installment>,
    is_test_payment: Mode,
}

open_enum! {
    /// What a cash receipt is for: `cashReceiptTradeOption`.
    pub enum CashReceiptKind {
        /// Ordinary. The default.
        General = "GENERAL" => "일반",
        /// Culture.
        Culture = "CULTURE" => "문화비",
        /// Public transport.
        PublicTransport = "PUBLIC_TP" => "교통비",
    }
}

open_enum! {
    /// Whether the buyer may pay by instalments: `installment`.
    pub enum Installment {
        /// Allowed. The default.
        Allowed = "USE" => "할부 사용",
        /// Not allowed.
        Forbidden = "NOT_USE" => "할부 미사용",
    }
}

impl MakePayment {
    /// A payment of `amount`, all of it taxable unless [`tax_free`](Self::tax_free) says otherwise. The mode says whether it
    /// is a trial: `isTestPayment`.
    ///
    /// # Errors
    ///
    /// If the description or the amount breaks a rule above.
    pub fn new(
        user: impl Into<User>,
        order_no: OrderNo,
        product_desc: impl Into<String>,
        amount: Krw,
        mode: Mode,
    ) -> Result<Self, Error> {
        let request = Self {
            user: user.into(),
            body: Body {
                order_no,
                product_desc: product_desc.into(),
                amount,
                amount_tax_free: Krw::new(0),
                amount_taxable: None,
                amount_vat: None,
                amount_service_fee: None,
                enable_pay_methods: None,
                cash_receipt: None,
                cash_receipt_trade_option: None,
                installment: None,
                is_test_payment: mode,
            },
        };
        request.check().map(|()| request)
    }

    /// The part of the amount that bears no tax: `amountTaxFree`. Default 0, which is sent: Toss demands the field.
    pub fn tax_free(mut self, amount: Krw) -> Self {
        self.body.amount_tax_free = amount;
        self
    }

    /// The part of the amount that bears tax: `amountTaxable`. Default: Toss computes it and the tax if
    /// [`tax_free`](Self::tax_free) is 0; beside a tax-free part nothing says so, so give both.
    pub fn taxable(mut self, amount: Krw) -> Self {
        self.body.amount_taxable = Some(amount);
        self
    }

    /// The value-added tax within the amount: `amountVat`. Default: Toss computes an eleventh of the taxable part, rounded
    /// up, if [`tax_free`](Self::tax_free) is 0.
    pub fn vat(mut self, amount: Krw) -> Self {
        self.body.amount_vat = Some(amount);
        self
    }

    /// The service fee within the amount: `amountServiceFee`.
    pub fn service_fee(mut self, amount: Krw) -> Self {
        self.body.amount_service_fee = Some(amount);
        self
    }

    /// The only method offered to the buyer: `enablePayMethods`. Default: what the shop is set up for.
    pub fn only_method(mut self, method: PayMethod) -> Self {
        self.body.enable_pay_methods = Some(method);
        self
    }

    /// Issues a cash receipt: `cashReceipt` and `cashReceiptTradeOption`. Default: neither is sent, and none is issued.
    pub fn cash_receipt(mut self, kind: CashReceiptKind) -> Self {
        self.body.cash_receipt = Some(true);
        self.body.cash_receipt_trade_option = Some(kind);
        self
    }

    /// Says that no cash receipt is issued: `cashReceipt` false, and no `cashReceiptTradeOption`. Without it nothing is
    /// sent, which has the same effect; the guide asks shops that do not use receipts to send false.
    pub fn without_cash_receipt(mut self) -> Self {
        self.body.cash_receipt = Some(false);
        self.body.cash_receipt_trade_option = None;
        self
    }

    /// Whether the buyer may pay by instalments: `installment`. Default: allowed.
    pub fn installment(mut self, installment: Installment) -> Self {
        self.body.installment = Some(installment);
        self
    }

    /// The order number, to ask for when the answer was lost. Store it before the call.
    #[must_use]
    pub fn order_no(&self) -> &OrderNo {
        &self.body.order_no
    }

    /// The total.
    #[must_use]
    pub fn amount(&self) -> Krw {
        self.body.amount
    }

    /// Real money or not.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.body.is_test_payment
    }

    pub(crate) fn buyer(&self) -> &User {
        &self.user
    }
}

/// A payment made, waiting for the buyer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MadePayment {
    /// Toss's token of this payment. Store it.
    pub pay_token: PayToken,
    /// Not documented here; kept so that a failure hidden here, as in an execution, is not taken for a payment.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    code: Option<i64>,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    error_code: Option<String>,
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    msg: Option<String>,
}

impl Endpoint for MakePayment {
    const NAME: &'static str = "tosspay.make_payment";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::TOSS_PAY;
    const PATH: &'static str = "/api-partner/v1/apps-in-toss/pay/make-payment";
    const SAFETY: Safety<Self> = Safety::Once { settled_by: PaymentStatus::NAME };
    const REFUSALS: &'static [&'static str] = crate::refusals::MAKE;
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Envelope;
    type Response = MadePayment;

    fn body(&self) -> Option<impl Serialize> {
        Some(&self.body)
    }

    fn user(&self) -> Option<&User> {
        Some(&self.user)
    }

    fn check(&self) -> Result<(), Error> {
        let body = &self.body;
        body.order_no.check()?;
        described(&body.product_desc)?;
        amount("amount", Some(body.amount))?;
        amount("amountTaxFree", Some(body.amount_tax_free))?;
        amount("amountTaxable", body.amount_taxable)?;
        amount("amountVat", body.amount_vat)?;
        amount("amountServiceFee", body.amount_service_fee)?;
        let (receipt, installment) = (&body.cash_receipt_trade_option, &body.installment);
        choice("enablePayMethods", body.enable_pay_methods.as_ref().map(PayMethod::as_str), 100)?;
        choice("cashReceiptTradeOption", receipt.as_ref().map(CashReceiptKind::as_str), 10)?;
        choice("installment", installment.as_ref().map(Installment::as_str), 10)
    }

    fn ticket(&self) -> Option<Ticket> {
        Ticket::new(self).ok()
    }

    fn personal_data(&self) -> Vec<String> {
        vec![self.body.product_desc.clone()]
    }
}

fn described(text: &str) -> Result<(), Error> {
    let invalid = |rule: String| Err(Error::invalid("productDesc", rule));
    let length = text.chars().count();
    if text.trim().is_empty() {
        return invalid("must not be blank; say what is bought".to_owned());
    }
    if length > 255 {
        return invalid(format!("must have at most 255 characters, has {length}; shorten it"));
    }
    let is_forbidden = |character: &char| matches!(character, '\\' | '"' | '\'') || character.is_control();
    match text.chars().enumerate().find(|(_, character)| is_forbidden(character)) {
        Some((at, character)) => invalid(format!(
            "must not contain a backslash, a quotation mark (\" or ') or a control character, but character {} is {character:?}; remove it",
            at + 1
        )),
        None => Ok(()),
    }
}

// A value that this release does not know is sent, as far as it fits.
fn choice(field: &'static str, value: Option<&str>, most: usize) -> Result<(), Error> {
    match value.map(|value| value.chars().count()) {
        Some(length) if length > most => Err(Error::invalid(
            field,
            format!("must have at most {most} characters, has {length}; choose a documented value"),
        )),
        _ => Ok(()),
    }
}

fn amount(field: &'static str, amount: Option<Krw>) -> Result<(), Error> {
    match amount.map(Krw::get) {
        None | Some(0..=9_999_999) => Ok(()),
        Some(won) => Err(Error::invalid(
            field,
            format!("must be from 0 to 9999999 won (7 digits), is {won}; send whole won"),
        )),
    }
}
