//! The parts of a payment.

use ait_core::{Secret, Timestamp, lenient, open_enum};
use serde::{Deserialize, Serialize};

use crate::{Amount, Bank, CardCompany, CardType, EasyPayProvider, ErrorCode, OwnerType};

/// The card of a payment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Card {
    /// The part paid by card.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// Who issued the card.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub issuer_code: Option<CardCompany>,
    /// Who buys the slip.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub acquirer_code: Option<CardCompany>,
    /// The number, masked.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Months of instalment; 0 for one payment.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub installment_plan_months: Option<u32>,
    /// The card company's approval number.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub approve_no: Option<String>,
    /// Whether card points were used.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub use_card_point: Option<bool>,
    /// Credit, debit or gift.
    #[serde(default, deserialize_with = "crate::form::translated", skip_serializing_if = "Option::is_none")]
    pub card_type: Option<CardType>,
    /// Whose card it is.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub owner_type: Option<OwnerType>,
    /// How far the slip has come.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub acquire_status: Option<AcquireStatus>,
    /// Whether the instalments bear no interest.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub is_interest_free: Option<bool>,
    /// Who pays that interest.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub interest_payer: Option<InterestPayer>,
}

open_enum! {
    /// How far a card slip has come: `acquireStatus`.
    pub enum AcquireStatus {
        /// Not asked for.
        Ready = "READY",
        /// Asked for.
        Requested = "REQUESTED",
        /// Bought.
        Completed = "COMPLETED",
        /// Its cancel was asked for.
        CancelRequested = "CANCEL_REQUESTED",
        /// Cancelled.
        Canceled = "CANCELED",
    }
}

open_enum! {
    /// Who pays the interest of instalments: `interestPayer`.
    pub enum InterestPayer {
        /// The buyer.
        Buyer = "BUYER",
        /// The card company.
        CardCompany = "CARD_COMPANY",
        /// The shop.
        Merchant = "MERCHANT",
    }
}

/// The bank account of a payment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Transfer {
    /// The bank.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub bank_code: Option<Bank>,
    /// Whether it is settled with the shop.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub settlement_status: Option<SettlementStatus>,
}

/// The phone bill of a payment. `Debug` does not show the number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MobilePhone {
    /// The number. Partner code also knows an object: its `plain` is read then, or else its `masking`.
    #[serde(default, deserialize_with = "crate::form::phone", skip_serializing_if = "Option::is_none")]
    pub customer_mobile_phone: Option<Secret>,
    /// Whether it is settled with the shop.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub settlement_status: Option<SettlementStatus>,
    /// Where the receipt is. Whoever has the address can read it, so `Debug` does not show it.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub receipt_url: Option<Secret>,
}

/// The gift certificate of a payment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GiftCertificate {
    /// The approval number.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub approve_no: Option<String>,
    /// Whether it is settled with the shop.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub settlement_status: Option<SettlementStatus>,
}

open_enum! {
    /// Whether a payment is settled with the shop: `settlementStatus`.
    pub enum SettlementStatus {
        /// Not yet.
        Incompleted = "INCOMPLETED",
        /// It is.
        Completed = "COMPLETED",
    }
}

/// The wallet of another company.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EasyPay {
    /// Whose it is.
    #[serde(default, deserialize_with = "crate::form::translated", skip_serializing_if = "Option::is_none")]
    pub provider: Option<EasyPayProvider>,
    /// The part paid from its own money.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// Its discount.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub discount_amount: Option<Amount>,
}

/// The virtual account of a payment. `Debug` shows neither names nor numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct VirtualAccount {
    /// For one payment or for many.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub account_type: Option<AccountType>,
    /// The number.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub account_number: Option<Secret>,
    /// The bank.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub bank_code: Option<Bank>,
    /// The buyer.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<Secret>,
    /// Who paid in.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub depositor_name: Option<Secret>,
    /// Until when. Without an offset: Korean time.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub due_date: Option<Timestamp>,
    /// How far the refund has come.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub refund_status: Option<RefundStatus>,
    /// Whether it is too late.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub expired: Option<bool>,
    /// Whether it is settled with the shop.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub settlement_status: Option<SettlementStatus>,
    /// Where a refund goes.
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    pub refund_receive_account: Option<RefundedAccount>,
}

open_enum! {
    /// What a virtual account is for: `accountType`. Translations are not documented and stay as they came.
    pub enum AccountType {
        /// One payment.
        General = "일반" => "일반",
        /// Many.
        Fixed = "고정" => "고정",
    }
}

open_enum! {
    /// How far the refund of a virtual account has come: `refundStatus`.
    pub enum RefundStatus {
        /// None was asked for.
        None = "NONE",
        /// Under way.
        Pending = "PENDING",
        /// Failed.
        Failed = "FAILED",
        /// Failed in part.
        PartialFailed = "PARTIAL_FAILED",
        /// Done.
        Completed = "COMPLETED",
    }
}

/// Where the refund of a virtual account goes, as answers tell it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RefundedAccount {
    /// The bank. Called `bank` in a request.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub bank_code: Option<Bank>,
    /// The number.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub account_number: Option<Secret>,
    /// Whose account it is.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub holder_name: Option<Secret>,
}

/// Why an approval or a receipt failed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PaymentFailure {
    /// The code.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    /// The explanation, for a person.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// One cancel of a payment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Cancellation {
    /// What was given back.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub cancel_amount: Option<Amount>,
    /// Why.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub cancel_reason: Option<String>,
    /// The tax-free part of it.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub tax_free_amount: Option<Amount>,
    /// The tax-exempt part of it.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub tax_exemption_amount: Option<Amount>,
    /// What was left after it.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub refundable_amount: Option<Amount>,
    /// The card discount taken back.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub card_discount_amount: Option<Amount>,
    /// The account discount taken back, BrandPay's own included.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub transfer_discount_amount: Option<Amount>,
    /// The wallet's discount taken back.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub easy_pay_discount_amount: Option<Amount>,
    /// When.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub canceled_at: Option<Timestamp>,
    /// Its transaction. Reconcile by it.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub transaction_key: Option<String>,
    /// The cash receipt that was cancelled with it.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub receipt_key: Option<String>,
    /// How far it has come; missing in older versions.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub cancel_status: Option<CancelStatus>,
    /// The shop's own id of it, for foreign payments that are cancelled later.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub cancel_request_id: Option<String>,
}

impl Cancellation {
    /// The money was given back. Older versions do not tell, and know nothing but cancels that are done.
    pub(crate) fn is_carried_out(&self) -> bool {
        self.cancel_status.as_ref().is_none_or(|status| *status == CancelStatus::Done)
    }
}

open_enum! {
    /// How far a cancel has come: `cancelStatus`.
    pub enum CancelStatus {
        /// Done.
        Done = "DONE",
        /// Carried out later.
        InProgress = "IN_PROGRESS",
        /// Failed.
        Aborted = "ABORTED",
    }
}
