//! `POST /pay/execute-payment`: takes the money.

use std::time::Duration;

use ait_core::{
    Endpoint, Envelope, Error, Host, Krw, Mismatch, Mode, Payload, Safety, Secret, Ticket, Timestamp, User,
    lenient,
};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    Bank, CardCompany, CardKind, CardOwner, Environment, OrderNo, PayMethod, PayToken, PaymentStatus, form,
};

/// Takes the money of a payment that the buyer has authenticated.
///
/// The guide's test key can make payments but never execute them.
///
/// Send the [order number](Self::order_no) always: an execution whose number is not the payment's fails, instead of taking
/// the money of another order.
///
/// The bank behind Toss money may take 10 seconds, and Toss advises to wait 3 to 5 more. The deadline of this call is 70
/// seconds; a shorter one than 15 gives up on payments that are then taken.
///
/// `Ok` proves that Toss says SUCCESS of this token, and of this order number if it was sent and is given, without a failure
/// inside: the money was taken.
///
/// Documented: official API reference "결제 실행하기", official Toss Pay guide §3; order number and times in Toss Pay's own guide,
/// api.html, "가맹점 결제 승인", and qna.html, "Time Out 처리 시간".
///
/// # When the outcome is unknown
///
/// The buyer may have paid. Never execute again: ask [`PaymentStatus`] until it decides, first after a second, then
/// more slowly. One early "not paid" proves nothing, because the request may still be on its way. A payment that was not
/// paid expires within the hour, and is [`PayStatus::Canceled`](crate::PayStatus::Canceled) then.
///
/// ```no_run
/// # use ait_tosspay::{ait_core::{Error, Mode, Outcome, User}, *};
/// # enum Sale { Paid, NotPaid, AskLater }
/// # async fn execute(pay: TossPay, user: User, token: PayToken, order_no: OrderNo) -> Result<Sale, Error> {
/// let request = ExecutePayment::new(user.clone(), token.clone(), Mode::Live).order_no(order_no);
/// match pay.execute_payment(request).await {
///     Ok(paid) => Ok(Sale::Paid),
///     Err(error) if error.outcome() <= Outcome::Refused => Ok(Sale::NotPaid),
///     Err(_unknown_or_done) => {
///         let question = PaymentStatus::by_pay_token(user, token, Mode::Live);
///         Ok(match pay.payment_status(question).await {
///             Ok(payment) if payment.is_paid() => Sale::Paid,
///             Ok(payment) if payment.pay_status == PayStatus::Canceled => Sale::NotPaid,
///             // Not decided, or the question failed, which says nothing about the payment: put it on a list, release
///             // no goods and take no second payment.
///             _ => Sale::AskLater,
///         })
///     }
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use = "a request does nothing until it is handed to TossPay::execute_payment"]
pub struct ExecutePayment {
    user: User,
    #[serde(flatten)]
    body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    pay_token: PayToken,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_no: Option<OrderNo>,
    is_test_payment: Mode,
}

impl ExecutePayment {
    /// Takes the money of this payment. `mode` is the one the payment was made in: `isTestPayment`. Add the
    /// [order number](Self::order_no).
    pub fn new(user: impl Into<User>, pay_token: PayToken, mode: Mode) -> Self {
        Self { user: user.into(), body: Body { pay_token, order_no: None, is_test_payment: mode } }
    }

    /// The order number, for Toss to compare: if it is not the payment's, nothing is paid. Send it always.
    pub fn order_no(mut self, order_no: OrderNo) -> Self {
        self.body.order_no = Some(order_no);
        self
    }

    /// The token of the payment.
    #[must_use]
    pub fn pay_token(&self) -> &PayToken {
        &self.body.pay_token
    }

    /// How to ask what became of it.
    pub(crate) fn question(&self) -> PaymentStatus {
        PaymentStatus::by_pay_token(self.user.clone(), self.body.pay_token.clone(), self.body.is_test_payment)
    }
}

/// A payment whose money was taken.
///
/// Fields that do not apply to the method of payment are `None`. So are those that are only shown and cannot be read: the
/// card, the account, the receipt, texts and times. Amounts are whole won.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ExecutedPayment {
    /// 0 for success. In the guide's sample, missing from its table.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub code: Option<i64>,
    /// Live or test.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub mode: Option<Environment>,
    /// The order number.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub order_no: Option<OrderNo>,
    /// The price.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub amount: Option<Krw>,
    /// When the payment was approved. The zone is not documented; Korean time is assumed, and the text is kept.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub approval_time: Option<Timestamp>,
    /// `결제 완료` for success.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub state_msg: Option<String>,
    /// The part that discounts and Toss points covered; 0 if none.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub discounted_amount: Option<Krw>,
    /// The part that the method of payment covered: the price without discounts. Cash receipts are issued over it.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub paid_amount: Option<Krw>,
    /// Toss money or card.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub pay_method: Option<PayMethod>,
    /// The token of the payment.
    pub pay_token: PayToken,
    /// Toss's id of this transaction. Reconcile by it.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<String>,
    /// The card company. Text here, a number in [`Payment`](crate::Payment).
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub card_company_code: Option<CardCompany>,
    /// The name of the card company.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub card_company_name: Option<String>,
    /// The card company's approval number. Only live payments carry a true one.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub card_authorization_no: Option<String>,
    /// Months of instalment; 0 for one payment, and always below 50,000 won.
    #[serde(
        default,
        deserialize_with = "form::shown",
        serialize_with = "form::as_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub spread_out: Option<u32>,
    /// Whether the instalments bear no interest.
    #[serde(
        default,
        deserialize_with = "form::no_interest",
        serialize_with = "form::as_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub no_interest: Option<bool>,
    /// Where the buyer sees the card slip, after authenticating. It holds the token, so `Debug` does not show it.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub sales_check_link_url: Option<Secret>,
    /// Credit, debit or prepaid.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub card_method_type: Option<CardKind>,
    /// The card number, masked in the middle.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub card_number: Option<String>,
    /// Whose card it is.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub card_user_type: Option<CardOwner>,
    /// The last four digits of the card; some companies mask them.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub card_num4_print: Option<String>,
    /// The issuer's number of the card. May be masked; not fully reliable, says the guide.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub card_bin_number: Option<String>,
    /// Toss's own number of the cash receipt, if one was issued. Not the tax office's.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub cash_receipt_mgt_key: Option<String>,
    /// The bank, for Toss money.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub account_bank_code: Option<Bank>,
    /// The name of the bank.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub account_bank_name: Option<String>,
    /// The account number, partly masked.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub account_number: Option<String>,
    /// An explanation, if it failed.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub msg: Option<String>,
    /// A code, if it failed. You will not see one here: such an answer becomes an error.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
}

impl Endpoint for ExecutePayment {
    const NAME: &'static str = "tosspay.execute_payment";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::TOSS_PAY;
    const PATH: &'static str = "/api-partner/v1/apps-in-toss/pay/execute-payment";
    const SAFETY: Safety<Self> = Safety::Once { settled_by: PaymentStatus::NAME };
    const REFUSALS: &'static [&'static str] = crate::refusals::EXECUTE;
    const DEADLINE: Duration = Duration::from_secs(70);
    type Dialect = Envelope;
    type Response = ExecutedPayment;

    fn body(&self) -> Option<impl Serialize> {
        Some(&self.body)
    }

    fn user(&self) -> Option<&User> {
        Some(&self.user)
    }

    fn check(&self) -> Result<(), Error> {
        self.body.pay_token.check()?;
        self.body.order_no.as_ref().map_or(Ok(()), OrderNo::check)
    }

    fn ticket(&self) -> Option<Ticket> {
        Ticket::new(self).ok()
    }

    // `code`, `errorCode` and `msg` stand inside `success`: a payment that they speak against is not paid.

    fn verify(&self, payload: &Payload<'_>) -> Result<(), Mismatch> {
        payload.same("payToken", &self.body.pay_token)?;
        self.body.order_no.as_ref().map_or(Ok(()), |order_no| payload.same_if_given("orderNo", order_no))
    }

    fn secrets(&self) -> Vec<&str> {
        vec![self.body.pay_token.expose()]
    }
}
