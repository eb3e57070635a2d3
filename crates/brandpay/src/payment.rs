//! A payment, as confirm, automatic payment, cancel, lookup and webhooks tell it.

use std::collections::BTreeMap;

use ait_core::{Mismatch, Payload, Secret, Timestamp, lenient};
use serde::{Deserialize, Serialize};

use crate::{
    Amount, Cancellation, Card, CashReceipt, CashReceiptEntry, EasyPay, GiftCertificate, Method, MobilePhone,
    OrderId, PaymentFailure, PaymentKey, PaymentKind, PaymentStatus, Transfer, VirtualAccount,
};

/// A payment (official core API reference, "Payment 객체").
///
/// Which fields there are depends on the version that is set for the shop, and no request can choose it: everything but
/// the two keys and the status may be missing. Versions before `2022-11-16` have more, which is not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Payment {
    /// The payment.
    pub payment_key: PaymentKey,
    /// The order.
    pub order_id: OrderId,
    /// How it stands.
    pub status: PaymentStatus,
    /// The version of this object: `2022-11-16`, `2024-06-01`.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// BrandPay or another kind: `type`.
    #[serde(rename = "type")]
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub kind: Option<PaymentKind>,
    /// What was bought.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub order_name: Option<String>,
    /// The merchant id.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub m_id: Option<String>,
    /// What it is paid with.
    #[serde(default, deserialize_with = "crate::form::translated", skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// The currency of all amounts: `KRW`.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The country: `KR`.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The whole price.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub total_amount: Option<Amount>,
    /// What has not been given back.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub balance_amount: Option<Amount>,
    /// The price without tax.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub supplied_amount: Option<Amount>,
    /// The value-added tax.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub vat: Option<Amount>,
    /// The tax-free part.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub tax_free_amount: Option<Amount>,
    /// The tax-exempt part.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub tax_exemption_amount: Option<Amount>,
    /// When it was opened.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub requested_at: Option<Timestamp>,
    /// When it was paid.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub approved_at: Option<Timestamp>,
    /// Whether an escrow holds it.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub use_escrow: Option<bool>,
    /// Whether it is for culture.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub culture_expense: Option<bool>,
    /// Whether a part can be cancelled.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub is_partial_cancelable: Option<bool>,
    /// The last transaction, payment or cancel.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub last_transaction_key: Option<String>,
    /// The transaction. Said to be gone since `2022-11-16`, yet in the sample of `2024-06-01`.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub transaction_key: Option<String>,
    /// What was given back, in order.
    #[serde(default, deserialize_with = "crate::form::objects", skip_serializing_if = "Vec::is_empty")]
    pub cancels: Vec<Cancellation>,
    /// The card.
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
    /// The bank account.
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Transfer>,
    /// The wallet of another company. Older samples have its name alone, which is read as its
    /// [`provider`](EasyPay::provider).
    #[serde(default, deserialize_with = "crate::form::easy_pay", skip_serializing_if = "Option::is_none")]
    pub easy_pay: Option<EasyPay>,
    /// The part paid by that wallet. Core API only.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub easy_pay_amount: Option<Amount>,
    /// The discount of that wallet. Core API only.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub easy_pay_discount_amount: Option<Amount>,
    /// The virtual account.
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    pub virtual_account: Option<VirtualAccount>,
    /// The phone bill. Not with BrandPay.
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    pub mobile_phone: Option<MobilePhone>,
    /// The gift certificate. Not with BrandPay.
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    pub gift_certificate: Option<GiftCertificate>,
    /// The cash receipt.
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    pub cash_receipt: Option<CashReceipt>,
    /// What became of the cash receipts, in order.
    #[serde(default, deserialize_with = "crate::form::objects", skip_serializing_if = "Vec::is_empty")]
    pub cash_receipts: Vec<CashReceiptEntry>,
    /// The immediate discount.
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    pub discount: Option<AppliedDiscount>,
    /// What the shop stored with it: up to 5 pairs.
    #[serde(default, deserialize_with = "crate::form::texts", skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
    /// The receipt.
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Page>,
    /// The payment page.
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    pub checkout: Option<Page>,
    /// Why the approval failed.
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    pub failure: Option<PaymentFailure>,
    /// What webhooks about this payment carry too: see [`webhook::is_same`](crate::webhook::is_same). Store it.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub secret: Option<Secret>,
}

impl Payment {
    /// The buyer's money was taken, and not all of it was given back.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        matches!(self.status, PaymentStatus::Done | PaymentStatus::PartialCanceled)
            && !self.is_fully_canceled()
    }

    /// Nothing of it is left with the shop: `balanceAmount` is 0.
    ///
    /// **Never ask the status**: after several parts that make up the whole it stays
    /// [`PartialCanceled`](PaymentStatus::PartialCanceled).
    #[must_use]
    pub fn is_fully_canceled(&self) -> bool {
        self.balance_amount.is_some_and(|balance| balance.is_zero())
    }
}

/// What an answer to a call that takes money has to say before it counts.
pub(crate) fn was_taken(payload: &Payload<'_>) -> Result<(), Mismatch> {
    payload.one_of("status", &["DONE"], "does not say that the money was taken")?;
    payload.none("failure", "says that the payment failed")
}

/// An immediate discount.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AppliedDiscount {
    /// What was taken off.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
}

/// A page in the web. Whoever has the address can read what was bought, so `Debug` does not show it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Page {
    /// Where it is.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub url: Option<Secret>,
}
