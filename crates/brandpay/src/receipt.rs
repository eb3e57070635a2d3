//! Cash receipts.

use ait_core::{Error, Secret, Timestamp, lenient, open_enum};
use serde::{Deserialize, Serialize};

use crate::{Amount, OrderId, PaymentFailure};

open_enum! {
    /// What a cash receipt is for: `type`.
    pub enum CashReceiptType {
        /// Deduction from a person's income.
        IncomeDeduction = "소득공제" => "소득공제",
        /// Proof of a company's expense.
        ExpenseProof = "지출증빙" => "지출증빙",
        /// None is issued: `type` alone.
        None = "미발행" => "미발행",
    }
}

open_enum! {
    /// What the number of a cash receipt is: `registrationNumberType`.
    pub enum RegistrationNumberType {
        /// A phone number. For [`CashReceiptType::IncomeDeduction`].
        Mobile = "MOBILE" => "휴대폰번호",
        /// A card for cash receipts.
        CashReceiptCard = "CASH_RECEIPT_CARD" => "현금영수증 카드",
        /// A company's registration. For [`CashReceiptType::ExpenseProof`].
        BusinessRegistration = "BUSINESS_REGISTRATION" => "사업자등록번호",
    }
}

/// The cash receipt to issue for an automatic payment from an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptOrder {
    #[serde(rename = "type")]
    kind: CashReceiptType,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    registration_number_type: Option<RegistrationNumberType>,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    registration_number: Option<Secret>,
}

impl ReceiptOrder {
    /// For deduction from a person's income: `type`, `registrationNumberType` and `registrationNumber`.
    #[must_use]
    pub fn income_deduction(number_type: RegistrationNumberType, number: impl Into<Secret>) -> Self {
        Self::numbered(CashReceiptType::IncomeDeduction, number_type, number.into())
    }

    /// For proof of a company's expense: `type`, `registrationNumberType` and `registrationNumber`.
    #[must_use]
    pub fn expense_proof(number_type: RegistrationNumberType, number: impl Into<Secret>) -> Self {
        Self::numbered(CashReceiptType::ExpenseProof, number_type, number.into())
    }

    /// None is issued.
    #[must_use]
    pub fn none() -> Self {
        Self { kind: CashReceiptType::None, registration_number_type: None, registration_number: None }
    }

    fn numbered(kind: CashReceiptType, number_type: RegistrationNumberType, number: Secret) -> Self {
        Self { kind, registration_number_type: Some(number_type), registration_number: Some(number) }
    }

    pub(crate) fn number(&self) -> Option<&Secret> {
        self.registration_number.as_ref()
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        use RegistrationNumberType::{BusinessRegistration, Mobile};
        let misfit = match self.kind {
            CashReceiptType::IncomeDeduction => BusinessRegistration,
            CashReceiptType::ExpenseProof => Mobile,
            _ => return Ok(()),
        };
        if self.registration_number_type == Some(misfit.clone()) {
            let rule = format!("must not be {misfit} for a receipt of this type; choose another");
            return Err(Error::invalid("registrationNumberType", rule));
        }
        if self.registration_number.as_ref().is_none_or(|number| number.expose().is_empty()) {
            let rule = "must be given for a receipt of this type; ask the buyer for it";
            return Err(Error::invalid("registrationNumber", rule));
        }
        Ok(())
    }
}

/// The cash receipt of a payment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CashReceipt {
    /// What it is for: `type`.
    #[serde(rename = "type")]
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub kind: Option<CashReceiptType>,
    /// Toss's key of it.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub receipt_key: Option<String>,
    /// Its number.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub issue_number: Option<String>,
    /// Where it is. Whoever has the address can read it, so `Debug` does not show it.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub receipt_url: Option<Secret>,
    /// Over how much.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// The tax-free part.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub tax_free_amount: Option<Amount>,
}

/// One event in the life of the cash receipts of a payment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CashReceiptEntry {
    /// Toss's key of it.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub receipt_key: Option<String>,
    /// The order.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// What was bought.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub order_name: Option<String>,
    /// What it is for: `type`.
    #[serde(rename = "type")]
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub kind: Option<CashReceiptType>,
    /// Its number.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub issue_number: Option<String>,
    /// Where it is. Whoever has the address can read it, so `Debug` does not show it.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub receipt_url: Option<Secret>,
    /// The shop's registration.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub business_number: Option<String>,
    /// Issued or cancelled.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub transaction_type: Option<ReceiptTransaction>,
    /// Over how much.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// The tax-free part.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub tax_free_amount: Option<Amount>,
    /// How far it has come.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub issue_status: Option<IssueStatus>,
    /// Why it failed.
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    pub failure: Option<PaymentFailure>,
    /// The buyer's phone or card number, masked or not: `Debug` does not show it.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub customer_identity_number: Option<Secret>,
    /// When it was asked for.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub requested_at: Option<Timestamp>,
}

open_enum! {
    /// What an entry of `cashReceipts` did: `transactionType`.
    pub enum ReceiptTransaction {
        /// Issued.
        Confirm = "CONFIRM",
        /// Cancelled.
        Cancel = "CANCEL",
    }
}

open_enum! {
    /// How far a cash receipt has come: `issueStatus`.
    pub enum IssueStatus {
        /// Under way.
        InProgress = "IN_PROGRESS",
        /// Issued.
        Completed = "COMPLETED",
        /// Failed.
        Failed = "FAILED",
    }
}
