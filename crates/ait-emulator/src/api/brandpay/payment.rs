//! Payments, as they are remembered.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{BrandPay, SAMPLE_SHOP};
use crate::api::{Rng, Time, store::Record};

/// From opening to authentication.
const TO_AUTHENTICATE: Duration = Duration::from_secs(30 * 60);
/// From authentication to confirm.
const TO_CONFIRM: Duration = Duration::from_secs(10 * 60);

/// Where a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names are the API's own")]
pub enum PaymentStatus {
    Ready,
    InProgress,
    Done,
    PartialCanceled,
    Canceled,
    Aborted,
    /// Never stored: what the clock makes of `READY` and `IN_PROGRESS`.
    Expired,
}

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Payment {
    /// Whose payment it is: an `mId`.
    pub shop: String,
    /// Who pays.
    pub customer: String,
    /// The order.
    pub order_id: String,
    /// What is bought.
    pub order_name: String,
    /// The price.
    pub amount: i64,
    /// What is left of it.
    pub balance: i64,
    /// The part that is free of tax, of what is left.
    #[serde(default)]
    pub tax_free: i64,
    /// Where it stands. [`Payment::status_at`] knows of time.
    pub status: PaymentStatus,
    /// When it was opened.
    pub requested_at: Time,
    /// When the buyer authenticated it.
    #[serde(default)]
    pub authenticated_at: Option<Time>,
    /// When the money was taken.
    #[serde(default)]
    pub approved_at: Option<Time>,
    /// The method that the buyer chose. `None`: the first that can pay.
    #[serde(default)]
    pub method_key: Option<String>,
    /// What is asked for besides.
    #[serde(default)]
    pub wishes: Wishes,
    /// What paid, once it has.
    #[serde(default)]
    pub slip: Option<Slip>,
    /// The discount.
    #[serde(default)]
    pub discount: i64,
    /// The cash receipt.
    #[serde(default)]
    pub receipt: Option<CashReceipt>,
    /// What was given back.
    #[serde(default)]
    pub cancels: Vec<Cancel>,
    /// The code and the text of the refusal that ended it.
    #[serde(default)]
    pub failure: Option<(String, String)>,
    /// The transaction that took the money.
    pub transaction_key: String,
    /// By which webhooks are recognised.
    pub secret: String,
    /// Whether a part can be cancelled, else `NOT_ALLOWED_PARTIAL_REFUND`.
    pub partial_cancelable: bool,
    /// Until when it can be cancelled, else `EXCEED_MAX_REFUND_DUE`.
    #[serde(default)]
    pub refund_due: Option<Time>,
    /// The code with which a cancel is refused: `REFUND_REJECTED`, `PROVIDER_ERROR` and so on.
    #[serde(default)]
    pub refuses_cancel: Option<String>,
    /// Whether it was taken without its buyer. No webhook tells of it.
    #[serde(default)]
    pub automatic: bool,
}

/// What is asked for besides the money.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Wishes {
    /// Instalments, in months. 0: at once.
    pub months: u8,
    /// The code of a discount.
    pub discount_code: Option<String>,
    /// Whether card points pay.
    pub card_points: bool,
    /// Whether it is spent on culture.
    pub culture_expense: bool,
    /// The type of the cash receipt, and whom it names.
    pub cash_receipt: Option<(String, String)>,
}

/// What paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the fields are those of the API's `card` and `transfer`")]
pub enum Slip {
    /// A card.
    Card {
        issuer_code: String,
        acquirer_code: String,
        number: String,
        card_type: String,
        owner_type: String,
        months: u8,
        interest_free: bool,
        card_points: bool,
    },
    /// An account.
    Transfer { bank_code: String, culture_expense: bool },
}

/// A cash receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CashReceipt {
    /// `소득공제` or `지출증빙`.
    pub kind: String,
    /// The key.
    pub key: String,
    /// The number of issue.
    pub issue_number: String,
    /// Whom it names, masked.
    pub identity: String,
    /// The amount.
    pub amount: i64,
    /// The part that is free of tax.
    pub tax_free: i64,
}

/// A cancel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Cancel {
    /// What was given back.
    pub amount: i64,
    /// Why.
    pub reason: String,
    /// The part that is free of tax.
    pub tax_free: i64,
    /// The part that is exempt from tax.
    pub tax_exempt: i64,
    /// What was left afterwards.
    pub left: i64,
    /// The discount that was taken back.
    pub discount: i64,
    /// When.
    pub at: Time,
    /// The transaction.
    pub transaction_key: String,
    /// The cash receipt that was cancelled.
    #[serde(default)]
    pub receipt_key: Option<String>,
    /// What the request called itself.
    #[serde(default)]
    pub request_id: Option<String>,
}

/// The names of a payment: its order, and if it was paid, whose it is and in which month.
pub(super) const ORDER: &str = "order";
pub(super) const SPENT: &str = "spent";

/// What a customer spends in the month of this time.
pub(super) fn spending(customer: &str, at: Time) -> String {
    let kst = at.kst();
    format!("{} {customer}", kst.get(..7).unwrap_or(&kst))
}

impl Record for Payment {
    const AUDITED: bool = true;

    fn names(&self) -> Vec<(&'static str, String)> {
        let spent = self.approved_at.map(|at| (SPENT, spending(&self.customer, at)));
        spent.into_iter().chain([(ORDER, self.order_id.clone())]).collect()
    }
}

impl Payment {
    /// A payment that was just opened.
    pub(super) fn open(
        shop: &str,
        customer: &str,
        order_id: &str,
        amount: i64,
        at: Time,
        rng: &mut Rng,
    ) -> Self {
        Self {
            shop: shop.to_owned(),
            customer: customer.to_owned(),
            order_id: order_id.to_owned(),
            order_name: "토스 티셔츠 외 2건".to_owned(),
            amount,
            balance: amount,
            tax_free: 0,
            status: PaymentStatus::Ready,
            requested_at: at,
            authenticated_at: None,
            approved_at: None,
            method_key: None,
            wishes: Wishes::default(),
            slip: None,
            discount: 0,
            receipt: None,
            cancels: Vec::new(),
            failure: None,
            transaction_key: transaction_key(rng),
            secret: format!("ps_{}", rng.alphanumeric(28)),
            partial_cancelable: true,
            refund_due: None,
            refuses_cancel: None,
            automatic: false,
        }
    }

    pub(super) fn authenticate(&mut self, at: Time) {
        self.status = PaymentStatus::InProgress;
        self.authenticated_at = Some(at);
    }

    /// Where it stands at this time.
    #[must_use]
    pub fn status_at(&self, now: Time) -> PaymentStatus {
        if self.expires_at().is_some_and(|at| at <= now) { PaymentStatus::Expired } else { self.status }
    }

    /// When it expires if nothing happens to it: a moment after its time is over.
    pub(super) fn expires_at(&self) -> Option<Time> {
        const MOMENT: Duration = Duration::from_millis(1);
        match (self.status, self.authenticated_at) {
            (PaymentStatus::Ready, _) => Some(self.requested_at.plus(TO_AUTHENTICATE + MOMENT)),
            (PaymentStatus::InProgress, Some(at)) => Some(at.plus(TO_CONFIRM + MOMENT)),
            _ => None,
        }
    }

    /// Whether the money was taken, whatever happened to it later.
    #[must_use]
    pub const fn is_approved(&self) -> bool {
        self.approved_at.is_some()
    }
}

/// A new transaction key: 32 hexadecimal digits.
pub(super) fn transaction_key(rng: &mut Rng) -> String {
    rng.bytes::<16>().iter().map(|byte| format!("{byte:02X}")).collect()
}

impl BrandPay {
    /// The buyer opens a payment of the shop `tosspayments` in the browser: `READY` for thirty minutes. Its payment key
    /// comes back.
    pub fn open(&mut self, order_id: &str, amount: i64, customer: &str, now: Time, rng: &mut Rng) -> String {
        self.customer(customer, now, rng);
        let payment = Payment::open(SAMPLE_SHOP, customer, order_id, amount, now, rng);
        let key = rng.alphanumeric(48);
        self.payments.insert(key.clone(), payment);
        self.will_expire(&key);
        key
    }

    /// The buyer opens a payment and authenticates it with a method, by its key; `None` is the first that can pay. It can
    /// be confirmed for ten minutes. Its payment key comes back.
    pub fn authenticate(
        &mut self,
        order_id: &str,
        amount: i64,
        customer: &str,
        method: Option<&str>,
        now: Time,
        rng: &mut Rng,
    ) -> String {
        let key = self.open(order_id, amount, customer, now, rng);
        self.buyer_authenticates(&key, method, now);
        key
    }

    /// The buyer authenticates a payment that is open. Tells whether it could be.
    pub fn buyer_authenticates(&mut self, payment_key: &str, method: Option<&str>, now: Time) -> bool {
        match self.payments.get_mut(payment_key) {
            Some(payment) if payment.status_at(now) == PaymentStatus::Ready => {
                payment.authenticate(now);
                payment.method_key = method.map(str::to_owned);
                self.will_expire(payment_key);
                true
            }
            _ => false,
        }
    }

    /// The payment of an order: the one that was paid, or else the one that was opened last.
    #[must_use]
    pub fn payment_of_order(&self, order_id: &str) -> Option<(&str, &Payment)> {
        let of_order = self.payments.named(ORDER, order_id).into_iter();
        of_order
            .filter_map(|key| Some((key, self.payments.get(key)?)))
            .max_by_key(|(key, payment)| (payment.is_approved(), payment.requested_at, *key))
            .map(|(key, payment)| (key.as_str(), payment))
    }
}
