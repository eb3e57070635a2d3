//! A payment, and how it was paid.

use serde::{Deserialize, Serialize};

use super::{Amounts, Shop};
use crate::api::Time;

/// The nine statuses: `payStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names are the API's own")]
pub enum PayStatus {
    PayStandby,
    PayApproved,
    PayCancel,
    PayProgress,
    PayComplete,
    RefundProgress,
    RefundSuccess,
    SettlementComplete,
    SettlementRefundComplete,
}

impl PayStatus {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::PayStandby,
        Self::PayApproved,
        Self::PayCancel,
        Self::PayProgress,
        Self::PayComplete,
        Self::RefundProgress,
        Self::RefundSuccess,
        Self::SettlementComplete,
        Self::SettlementRefundComplete,
    ];

    /// Whether the buyer's money was taken, be it that it was given back later.
    #[must_use]
    pub const fn was_executed(self) -> bool {
        !matches!(self, Self::PayStandby | Self::PayApproved | Self::PayCancel)
    }

    /// Whether money was given back, all of it or a part.
    #[must_use]
    pub const fn was_refunded(self) -> bool {
        matches!(self, Self::RefundProgress | Self::RefundSuccess | Self::SettlementRefundComplete)
    }

    /// Whether what is left of the payment can be refunded: not while a refund is under way, nor once it is settled.
    #[must_use]
    pub const fn can_be_refunded(self) -> bool {
        matches!(self, Self::PayComplete | Self::RefundSuccess)
    }
}

/// A method of payment: `payMethod`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names are the API's own")]
pub enum Method {
    #[default]
    TossMoney,
    Card,
}

/// The account behind Toss money. By default the one of the documentation's sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Account {
    /// `accountBankCode`
    pub bank_code: String,
    /// `accountBankName`
    pub bank_name: String,
    /// `accountNumber`, masked.
    pub number: String,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            bank_code: "092".to_owned(),
            bank_name: "토스뱅크".to_owned(),
            number: "100******094".to_owned(),
        }
    }
}

/// A card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Card {
    /// `cardCompanyCode`
    pub company_code: u32,
    /// `cardCompanyName`
    pub company_name: String,
    /// `cardMethodType`: `CREDIT`, `CHECK` or `PREPAYMENT`.
    pub method_type: String,
    /// `cardUserType`: `PERSONAL` and so on.
    pub user_type: String,
    /// `cardNumber`, masked.
    pub number: String,
    /// `cardBinNumber`
    pub bin: String,
    /// `cardNum4Print`
    pub last4: String,
    /// `spreadOut`: the months of instalment that the buyer chooses, if it may be.
    pub months: u32,
    /// `noInterest`
    pub no_interest: bool,
}

impl Default for Card {
    fn default() -> Self {
        Self {
            company_code: 1,
            company_name: "신한".to_owned(),
            method_type: "CREDIT".to_owned(),
            user_type: "PERSONAL".to_owned(),
            number: "451842******1234".to_owned(),
            bin: "451842".to_owned(),
            last4: "1234".to_owned(),
            months: 0,
            no_interest: false,
        }
    }
}

/// What pays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Means {
    /// Toss money, out of an account.
    TossMoney(Account),
    /// A card.
    Card(Card),
}

/// What the buyer chose when authenticating.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Choice {
    /// What pays.
    pub means: Means,
    /// `discountAmountV2`
    pub instant_discount: i64,
    /// `paidPointV2`
    pub points: i64,
}

impl Choice {
    /// `payMethod`
    #[must_use]
    pub const fn method(&self) -> Method {
        match self.means {
            Means::TossMoney(_) => Method::TossMoney,
            Means::Card(_) => Method::Card,
        }
    }

    pub(super) const fn account(&self) -> Option<&Account> {
        match &self.means {
            Means::TossMoney(account) => Some(account),
            Means::Card(_) => None,
        }
    }

    pub(super) const fn card(&self) -> Option<&Card> {
        match &self.means {
            Means::TossMoney(_) => None,
            Means::Card(card) => Some(card),
        }
    }

    /// `discountedAmount`: instant discount and points together.
    #[must_use]
    pub const fn discounted(&self) -> i64 {
        self.instant_discount + self.points
    }
}

/// `stepType`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names are the API's own")]
pub enum Step {
    Pay,
    Refund,
}

/// A transaction: the whole amount went one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Transaction {
    /// Which way.
    pub step: Step,
    /// `transactionId`
    pub id: String,
    /// When.
    pub at: Time,
    /// How much, discounts included.
    pub amount: i64,
    /// How much of it is a discount, points included.
    pub discounted: i64,
    /// How much of it is points.
    pub points: i64,
}

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Payment {
    /// `payToken`
    pub pay_token: String,
    /// `orderNo`
    pub order_no: String,
    /// Who pays.
    pub user: String,
    /// `productDesc`
    pub product_desc: String,
    /// What it is made of.
    pub amounts: Amounts,
    /// The only method that the buyer is offered, if it is only one: `enablePayMethods`.
    pub only: Option<Method>,
    /// Whether a cash receipt is issued, and what for: `cashReceiptTradeOption`.
    pub cash_receipt: Option<String>,
    /// Whether the buyer may pay by instalments.
    pub installment: bool,
    /// Whether it is a test.
    pub test: bool,
    /// Where it stands.
    pub status: PayStatus,
    /// Whether its execution and its refund get stuck in progress, though their money has moved, until it is released.
    pub hold: bool,
    /// Whether the buyer has authenticated it.
    pub authenticated: bool,
    /// What the buyer chose then.
    pub choice: Option<Choice>,
    /// `cardAuthorizationNo`
    pub card_authorization_no: Option<String>,
    /// `cashReceiptMgtKey`
    pub cash_receipt_key: Option<String>,
    /// When it was made.
    pub made_at: Time,
    /// When it is cancelled unless it was executed before, if ever.
    pub expires_at: Option<Time>,
    /// What moved.
    pub transactions: Vec<Transaction>,
}

impl Payment {
    /// `LIVE` or `TEST`.
    pub(super) const fn mode(&self) -> &'static str {
        if self.test { "TEST" } else { "LIVE" }
    }

    /// The buyer authenticates it, and chooses.
    pub(super) fn approve(&mut self, shop: &Shop) {
        let amount = self.amounts.amount;
        let instant_discount = shop.instant_discount.clamp(0, amount);
        let points = shop.points.clamp(0, amount - instant_discount);
        let means = match self.only.unwrap_or(shop.method) {
            Method::TossMoney => Means::TossMoney(shop.account.clone()),
            Method::Card => {
                // Below 50,000 won there are no instalments.
                let months = if self.installment && amount >= 50_000 { shop.card.months } else { 0 };
                Means::Card(Card { months, ..shop.card.clone() })
            }
        };
        self.choice = Some(Choice { means, instant_discount, points });
        self.authenticated = true;
        self.status = PayStatus::PayApproved;
    }

    /// `paidAmount`
    pub(super) fn paid_amount(&self) -> i64 {
        self.amounts.amount - self.discounted()
    }

    pub(super) fn discounted(&self) -> i64 {
        self.choice.as_ref().map_or(0, Choice::discounted)
    }

    /// Where it stands by this time: one that was not executed in time is cancelled.
    #[must_use]
    pub fn status_at(&self, now: Time) -> PayStatus {
        let waits = matches!(self.status, PayStatus::PayStandby | PayStatus::PayApproved);
        match self.expires_at {
            Some(at) if waits && at <= now => PayStatus::PayCancel,
            _ => self.status,
        }
    }

    /// The transaction that took the money.
    pub(super) fn taken(&self) -> Option<&Transaction> {
        self.transactions.iter().find(|transaction| transaction.step == Step::Pay)
    }

    /// The transactions that are over: the last one is not, while the payment or a refund is in progress.
    pub(super) fn finished(&self) -> impl Iterator<Item = &Transaction> {
        let under_way = matches!(self.status, PayStatus::PayProgress | PayStatus::RefundProgress);
        self.transactions.iter().take(self.transactions.len().saturating_sub(usize::from(under_way)))
    }

    pub(crate) fn refunds(&self) -> impl Iterator<Item = &Transaction> {
        self.transactions.iter().filter(|transaction| transaction.step == Step::Refund)
    }

    /// What was given back, discounts included.
    #[must_use]
    pub fn refunded(&self) -> i64 {
        // A state that was put back may hold anything.
        self.refunds().fold(0, |sum, refund| sum.saturating_add(refund.amount))
    }

    /// What was not given back.
    #[must_use]
    pub fn left(&self) -> i64 {
        self.amounts.amount.saturating_sub(self.refunded())
    }

    /// `refundableAmount`
    pub(super) fn refundable(&self) -> i64 {
        if self.status.can_be_refunded() { self.left() } else { 0 }
    }

    /// The part of a discount that falls to this part of the amount: discounts shrink with it.
    fn share(&self, whole: i64, of: i64) -> i64 {
        let share = (i128::from(whole) * i128::from(of)).checked_div(self.amounts.amount.into());
        share.and_then(|share| share.try_into().ok()).unwrap_or(0)
    }

    /// The discount that is left, points included.
    pub(super) fn discount_left(&self) -> i64 {
        self.share(self.discounted(), self.left())
    }

    /// Takes the money, or gives this much of it back.
    pub(super) fn moved(&mut self, step: Step, amount: i64, id: String, at: Time) {
        let points = self.choice.as_ref().map_or(0, |choice| choice.points);
        let (left, whole) = (self.left(), self.discounted());
        let part = |whole| match step {
            Step::Pay => whole,
            Step::Refund => {
                self.share(whole, left).saturating_sub(self.share(whole, left.saturating_sub(amount)))
            }
        };
        let moved = Transaction { step, id, at, amount, discounted: part(whole), points: part(points) };
        self.transactions.push(moved);
    }
}
