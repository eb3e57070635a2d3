//! `POST /pay/get-payment-status`: tells how a payment stands.

use std::time::Duration;

use ait_core::{
    Endpoint, Envelope, Error, Host, Krw, Mismatch, Mode, Payload, Safety, Secret, Timestamp, User, lenient,
    open_enum,
};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    Bank, CardCompany, CardKind, CardOwner, Environment, OrderNo, PayMethod, PayStatus, PayToken, form,
};

/// Asks how a payment stands. It only reads: ask as often as you like, and it settles what became of the other calls.
///
/// A payment that Toss does not know is an error of kind [`Api`](ait_core::Kind::Api) with status 404. No code for it is
/// documented.
///
/// Documented: official API reference "결제 상태 조회하기", official Toss Pay guide §5. The first demands the token *or* the
/// order number, the second both: one is enough here, and both are better.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use = "a request does nothing until it is handed to TossPay::payment_status"]
pub struct PaymentStatus {
    user: User,
    #[serde(flatten)]
    body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    #[serde(skip_serializing_if = "Option::is_none")]
    pay_token: Option<PayToken>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_no: Option<OrderNo>,
    is_test_payment: Mode,
}

impl PaymentStatus {
    /// Asks by token, and by order number too if you add [`order_no`](Self::order_no). `mode` is the one the payment was made
    /// in: `isTestPayment`.
    pub fn by_pay_token(user: impl Into<User>, pay_token: PayToken, mode: Mode) -> Self {
        Self {
            user: user.into(),
            body: Body { pay_token: Some(pay_token), order_no: None, is_test_payment: mode },
        }
    }

    /// Asks by order number: for a payment whose token was lost. `mode` is the one it was made in: `isTestPayment`.
    pub fn by_order_no(user: impl Into<User>, order_no: OrderNo, mode: Mode) -> Self {
        Self {
            user: user.into(),
            body: Body { pay_token: None, order_no: Some(order_no), is_test_payment: mode },
        }
    }

    /// Asks by order number as well.
    pub fn order_no(mut self, order_no: OrderNo) -> Self {
        self.body.order_no = Some(order_no);
        self
    }
}

/// How a payment stands. Amounts are whole won. Fields that are only shown and cannot be read are `None`, as in
/// [`ExecutedPayment`](crate::ExecutedPayment).
///
/// Neither form nor zone of the times is documented. Their text is kept ([`Timestamp::as_str`]); where it can be read and
/// has no zone, Korean time is assumed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Payment {
    /// Live or test.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub mode: Option<Environment>,
    /// The token of the payment.
    pub pay_token: PayToken,
    /// The order number.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub order_no: Option<OrderNo>,
    /// How it stands.
    pub pay_status: PayStatus,
    /// Toss money or card.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub pay_method: Option<PayMethod>,
    /// The total that the shop asked for.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub amount: Option<Krw>,
    /// The part that discounts and Toss points covered. Whether it shrinks with a refund of a part, as that of
    /// [`RefundedPayment`](crate::RefundedPayment) does, is not documented.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub discounted_amount: Option<Krw>,
    /// The part that immediate discounts covered.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub discount_amount_v2: Option<Krw>,
    /// The part that Toss points covered.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub paid_point_v2: Option<Krw>,
    /// The part that the method of payment covered.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub paid_amount: Option<Krw>,
    /// What can still be refunded. After settlement nothing can, whatever was refunded before.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub refundable_amount: Option<Krw>,
    /// The part that bears tax.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub amount_taxable: Option<Krw>,
    /// The part that bears none.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub amount_tax_free: Option<Krw>,
    /// The value-added tax.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub amount_vat: Option<Krw>,
    /// The service fee.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub amount_service_fee: Option<Krw>,
    /// The deposit on disposable cups.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub disposable_cup_deposit: Option<Krw>,
    /// The bank, for Toss money.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub account_bank_code: Option<Bank>,
    /// The name of the bank.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub account_bank_name: Option<String>,
    /// The account number, partly masked.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub account_number: Option<String>,
    /// The card, for card payments.
    #[serde(default, deserialize_with = "form::shown_object", skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
    /// What happened so far, in order.
    #[serde(default, deserialize_with = "lenient::list")]
    pub transactions: Vec<Transaction>,
    /// When the buyer first asked for the payment. Korean time is assumed.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub created_ts: Option<Timestamp>,
    /// When the payment was completed. Korean time is assumed.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub paid_ts: Option<Timestamp>,
}

impl Payment {
    /// The buyer's money has been taken, and none of it was given back.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        self.pay_status.is_paid() && self.refund().is_none()
    }

    /// The buyer has **all** the money back, as the amounts say, and no refund is under way. `REFUND_SUCCESS` alone does not
    /// say so: it is the status of a refund in part too. Where the answer does not say how much, this is false.
    #[must_use]
    pub fn is_refunded(&self) -> bool {
        self.refunded_amount().is_some_and(|back| back.get() > 0 && self.amount == Some(back))
    }

    /// The buyer has a part of the money back, and the shop keeps the rest. The API cannot refund a part, but the shop's
    /// console and Toss can.
    #[must_use]
    pub fn is_partly_refunded(&self) -> bool {
        let part = |back: Krw| back.get() > 0 && self.amount.is_some_and(|amount| back < amount);
        self.refunded_amount().is_some_and(part)
    }

    /// How much the buyer has back, discounts included: the sum of the refunds among the transactions, or what of the amount
    /// cannot be refunded any more. `None` while a refund is under way, and where the answer does not say or contradicts
    /// itself.
    #[must_use]
    pub fn refunded_amount(&self) -> Option<Krw> {
        let told = match self.refund() {
            Some(_) => self.refund_rows(),
            None if !self.pay_status.has_refund() => Some(0),
            None => None,
        };
        // Once settled, nothing can be refunded, however much was.
        let gone = match (self.amount, self.refundable_amount) {
            (Some(amount), Some(left)) if self.pay_status == PayStatus::Refunded => {
                amount.get().checked_sub(left.get())
            }
            _ => None,
        };
        let back = match (told, gone) {
            _ if self.pay_status == PayStatus::RefundInProgress => None,
            (Some(told), Some(gone)) if told != gone => None,
            (told, gone) => told.or(gone),
        };
        // A refund of nothing is none.
        back.filter(|back| *back > 0 || !(self.pay_status.has_refund() || self.refund().is_some()))
            .map(Krw::new)
    }

    /// The first refund, if there was one. It may be of a part.
    #[must_use]
    pub fn refund(&self) -> Option<&Transaction> {
        self.refunds().next()
    }

    fn refunds(&self) -> impl Iterator<Item = &Transaction> {
        self.transactions.iter().filter(|transaction| transaction.step_type == Some(Step::Refund))
    }

    // The sign of a refund is documented as negative, and counts for nothing here.
    fn refund_rows(&self) -> Option<i64> {
        self.refunds()
            .try_fold(0_i64, |sum, refund| sum.checked_add(refund.transaction_amount?.get().checked_abs()?))
    }
}

/// The card of a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Card {
    /// Whether the instalments bear no interest.
    #[serde(default, deserialize_with = "form::no_interest", skip_serializing_if = "Option::is_none")]
    pub no_interest: Option<bool>,
    /// Months of instalment; 0 for one payment.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub spread_out: Option<u32>,
    /// The card company's approval number.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub card_authorization_no: Option<String>,
    /// Credit, debit or prepaid.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub card_method_type: Option<CardKind>,
    /// Whose card it is.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub card_user_type: Option<CardOwner>,
    /// The card number, masked in the middle.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub card_number: Option<String>,
    /// The issuer's number of the card.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub card_bin_number: Option<String>,
    /// The last four digits of the card.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub card_num4_print: Option<String>,
    /// Where the buyer sees the card slip. It holds the token, so `Debug` does not show it.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub sales_check_link_url: Option<Secret>,
    /// The name of the card company.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub card_company_name: Option<String>,
    /// The card company. A number here, text in [`ExecutedPayment`](crate::ExecutedPayment).
    #[serde(
        default,
        deserialize_with = "form::shown",
        serialize_with = "form::as_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub card_company_code: Option<CardCompany>,
}

/// One thing that happened to a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Transaction {
    /// Payment or refund.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub step_type: Option<Step>,
    /// Toss's id of this transaction. Reconcile by it.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<String>,
    /// The part that the method of payment covered.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub paid_amount: Option<Krw>,
    /// The amount. Negative for a refund.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub transaction_amount: Option<Krw>,
    /// The part that discounts and Toss points covered.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub discounted_amount: Option<Krw>,
    /// The part that Toss points covered.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub point_amount: Option<Krw>,
    /// When it was processed. Korean time is assumed.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub reg_ts: Option<Timestamp>,
}

open_enum! {
    /// What a transaction did: `stepType`.
    pub enum Step {
        /// Took the money.
        Pay = "PAY" => "결제",
        /// Gave it back.
        Refund = "REFUND" => "환불",
    }
}

impl Endpoint for PaymentStatus {
    const NAME: &'static str = "tosspay.payment_status";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::TOSS_PAY;
    const PATH: &'static str = "/api-partner/v1/apps-in-toss/pay/get-payment-status";
    const SAFETY: Safety<Self> = Safety::Read;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Envelope;
    type Response = Payment;

    fn body(&self) -> Option<impl Serialize> {
        Some(&self.body)
    }

    fn user(&self) -> Option<&User> {
        Some(&self.user)
    }

    fn check(&self) -> Result<(), Error> {
        if self.body.pay_token.is_none() && self.body.order_no.is_none() {
            return Err(Error::invalid(
                "payToken",
                "must be given, or else orderNo; a stored request has lost both",
            ));
        }
        self.body.pay_token.as_ref().map_or(Ok(()), PayToken::check)?;
        self.body.order_no.as_ref().map_or(Ok(()), OrderNo::check)
    }

    fn verify(&self, payload: &Payload<'_>) -> Result<(), Mismatch> {
        let PaymentStatus { body, .. } = self;
        body.pay_token.as_ref().map_or(Ok(()), |pay_token| payload.same("payToken", pay_token))?;
        body.order_no.as_ref().map_or(Ok(()), |order_no| payload.same_if_given("orderNo", order_no))
    }

    fn secrets(&self) -> Vec<&str> {
        self.body.pay_token.iter().map(PayToken::expose).collect()
    }
}
