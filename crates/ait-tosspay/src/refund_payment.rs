//! `POST /pay/refund-payment`: gives the money back.

use std::time::Duration;

use ait_core::{
    Endpoint, Envelope, Error, Host, Krw, Mismatch, Mode, Payload, Safety, Ticket, Timestamp, User, lenient,
};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{Bank, CardKind, CardOwner, PayToken, PaymentStatus, form};

/// The special characters that a reason may hold. A space is not among them.
const SPECIAL: &str = "_-:.^@()[]#/!%?&";

/// Gives back all that is left of the payment. There is no amount: this API refunds no part. The shop's console and Toss
/// can, so part of it may be with the buyer before.
///
/// A payment that is settled, about a year after its approval, cannot be refunded any more.
///
/// | field | rule |
/// |---|---|
/// | `reason` | 1 to 55 characters of Hangul, letters, digits and `_ - : . ^ @ ( ) [ ] # / ! % ? &`; no space: write `_` instead |
///
/// `Ok` proves that Toss says SUCCESS of this token, without a failure inside: what was left was given back.
///
/// Documented: official API reference "결제 환불하기", official Toss Pay guide §4. The reason is optional in the first and
/// required in the second, so it is always sent. Parts and settlement: Toss Pay's own guide, api.html, "결제 상태" and "결제 환불".
///
/// # When the outcome is unknown
///
/// The request carries no id of yours, so **never repeat it** before [`PaymentStatus`] shows that nothing was given
/// back: no [`Step::Refund`](crate::Step::Refund) among the transactions, and `refundableAmount` unchanged. While the
/// status is `REFUND_PROGRESS`, wait. `REFUND_SUCCESS` may be a refund of a part:
/// [`is_refunded`](crate::Payment::is_refunded) looks at the amounts.
///
/// ```no_run
/// # use ait_tosspay::{ait_core::{Error, Mode, Outcome, User}, *};
/// # enum Refund { Done, NotDone, AskLater }
/// # async fn refund(pay: TossPay, user: User, token: PayToken) -> Result<Refund, Error> {
/// let request = RefundPayment::new(user.clone(), token.clone(), "단순변심", Mode::Live)?;
/// match pay.refund_payment(request).await {
///     Ok(refunded) => Ok(Refund::Done),
///     Err(error) if error.outcome() <= Outcome::Refused => Ok(Refund::NotDone),
///     Err(_unknown_or_done) => {
///         let question = PaymentStatus::by_pay_token(user, token, Mode::Live);
///         Ok(match pay.payment_status(question).await {
///             Ok(payment) if payment.is_refunded() => Refund::Done,
///             // Not decided, or the question failed, which says nothing about the refund.
///             _ => Refund::AskLater,
///         })
///     }
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use = "a request does nothing until it is handed to TossPay::refund_payment"]
pub struct RefundPayment {
    user: User,
    #[serde(flatten)]
    body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    pay_token: PayToken,
    reason: String,
    is_test_payment: Mode,
}

impl RefundPayment {
    /// Gives back what is left of this payment. `mode` is the one the payment was made in: `isTestPayment`.
    ///
    /// # Errors
    ///
    /// If the reason breaks a rule above.
    pub fn new(
        user: impl Into<User>,
        pay_token: PayToken,
        reason: impl Into<String>,
        mode: Mode,
    ) -> Result<Self, Error> {
        let body = Body { pay_token, reason: reason.into(), is_test_payment: mode };
        let request = Self { user: user.into(), body };
        request.check().map(|()| request)
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

/// A payment given back. Amounts are whole won. Fields that are only shown and cannot be read are `None`, as in
/// [`ExecutedPayment`](crate::ExecutedPayment).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RefundedPayment {
    /// Toss's number of the refund.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub refund_no: Option<String>,
    /// When the refund was processed. The zone is not documented; Korean time is assumed, and the text is kept.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub approval_time: Option<Timestamp>,
    /// Toss's own number of the cash receipt.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub cash_receipt_mgt_key: Option<String>,
    /// What could still be refunded.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub refundable_amount: Option<Krw>,
    /// The discount that is left, which shrinks with the amount: of 10,000 won with a tenth off, 4,000 given back leave 600.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub discounted_amount: Option<Krw>,
    /// What the method of payment covered.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub paid_amount: Option<Krw>,
    /// What was asked to be refunded.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub refunded_amount: Option<Krw>,
    /// The part of it that takes back a discount.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub refunded_discount_amount: Option<Krw>,
    /// The part of it that goes back to the method of payment.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub refunded_paid_amount: Option<Krw>,
    /// The token of the payment.
    pub pay_token: PayToken,
    /// Toss's id of this transaction. Reconcile by it.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<String>,
    /// Credit, debit or prepaid.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub card_method_type: Option<CardKind>,
    /// The card number, masked in the middle.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub card_number: Option<String>,
    /// Whose card it is.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub card_user_type: Option<CardOwner>,
    /// The last four digits of the card.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub card_num4_print: Option<String>,
    /// The issuer's number of the card.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub card_bin_number: Option<String>,
    /// The bank, for Toss money.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub account_bank_code: Option<Bank>,
    /// The name of the bank.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub account_bank_name: Option<String>,
    /// The account number, partly masked.
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    pub account_number: Option<String>,
    /// Not documented for refunds; kept so that a failure hidden here, as in an execution, is not taken for a refund.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    code: Option<i64>,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    error_code: Option<String>,
    #[serde(default, deserialize_with = "form::shown", skip_serializing_if = "Option::is_none")]
    msg: Option<String>,
}

impl Endpoint for RefundPayment {
    const NAME: &'static str = "tosspay.refund_payment";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::TOSS_PAY;
    const PATH: &'static str = "/api-partner/v1/apps-in-toss/pay/refund-payment";
    const SAFETY: Safety<Self> = Safety::Once { settled_by: PaymentStatus::NAME };
    const REFUSALS: &'static [&'static str] = crate::refusals::REFUND;
    const DEADLINE: Duration = Duration::from_secs(70);
    type Dialect = Envelope;
    type Response = RefundedPayment;

    fn body(&self) -> Option<impl Serialize> {
        Some(&self.body)
    }

    fn user(&self) -> Option<&User> {
        Some(&self.user)
    }

    fn check(&self) -> Result<(), Error> {
        self.body.pay_token.check()?;
        let reason = &self.body.reason;
        let length = reason.chars().count();
        if !matches!(length, 1..=55) {
            return Err(Error::invalid(
                "reason",
                format!("must have 1 to 55 characters, has {length}; say why in a few words"),
            ));
        }
        match reason.chars().enumerate().find(|(_, character)| !is_allowed(*character)) {
            None => Ok(()),
            Some((at, character)) => Err(Error::invalid(
                "reason",
                format!(
                    "must be Hangul, letters, digits and {SPECIAL}, but character {} is {character:?}; write `_` for a space",
                    at + 1
                ),
            )),
        }
    }

    fn ticket(&self) -> Option<Ticket> {
        Ticket::new(self).ok()
    }

    fn verify(&self, payload: &Payload<'_>) -> Result<(), Mismatch> {
        payload.same("payToken", &self.body.pay_token)
    }

    fn secrets(&self) -> Vec<&str> {
        vec![self.body.pay_token.expose()]
    }

    fn personal_data(&self) -> Vec<String> {
        vec![self.body.reason.clone()]
    }
}

// Syllables, and the jamo that people type in between. Fillers are among the jamo, and show nothing.
fn is_allowed(character: char) -> bool {
    let hangul = matches!(character, '가'..='힣' | '\u{3131}'..='\u{318e}' | '\u{1100}'..='\u{11ff}');
    let filler = matches!(character, '\u{115f}' | '\u{1160}' | '\u{3164}');
    hangul && !filler || character.is_ascii_alphanumeric() || SPECIAL.contains(character)
}
