//! Promotions of card companies and banks.

use ait_core::{lenient, open_enum};
use serde::{Deserialize, Serialize};

use crate::{Amount, Bank, CardCompany, PaymentKind};

/// A promotion. The one detail that its `type` names is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Promotion {
    /// Which payments it is for.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub pay_type: Option<PaymentKind>,
    /// What it gives: `type`.
    #[serde(rename = "type")]
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub kind: Option<PromotionType>,
    /// With [`PromotionType::CardDiscount`].
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    pub card_discount: Option<Discount>,
    /// With [`PromotionType::CardInterestFree`].
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    pub card_interest_free: Option<InterestFree>,
    /// With [`PromotionType::CardPoint`].
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    pub card_point: Option<Point>,
    /// With [`PromotionType::BankDiscount`].
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    pub bank_discount: Option<BankDiscount>,
}

open_enum! {
    /// What a promotion gives.
    pub enum PromotionType {
        /// A discount on card payments.
        CardDiscount = "CARD_DISCOUNT",
        /// Instalments without interest.
        CardInterestFree = "CARD_INTEREST_FREE",
        /// Payment with card points.
        CardPoint = "CARD_POINT",
        /// A discount on payments from an account.
        BankDiscount = "BANK_DISCOUNT",
    }
}

open_enum! {
    /// How a bank's discount is counted: `bankDiscount.type`.
    pub enum DiscountType {
        /// An amount: `discountAmount`.
        FixedAmount = "FIXED_AMOUNT",
        /// A part of the price: `discountRate`.
        FixedRate = "FIXED_RATE",
    }
}

/// A discount on card payments. The company is called `issuerCode` among methods and in the core API, `companyCode` in
/// [`CardPromotions`](crate::CardPromotions), where it is the acquirer's: each stands where its call has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Discount {
    /// The card company, among methods and in the core API.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub issuer_code: Option<CardCompany>,
    /// The card company, in [`CardPromotions`](crate::CardPromotions).
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub company_code: Option<CardCompany>,
    /// What is taken off.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub discount_amount: Option<Amount>,
    /// What is left of the promotion's budget. At 0 it cannot be used.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub balance: Option<Amount>,
    /// The code to send along with the payment.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub discount_code: Option<String>,
    /// The last day, `yyyy-MM-dd`, good to its end.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub due_date: Option<String>,
    /// The least payment.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub minimum_payment_amount: Option<Amount>,
    /// The greatest payment.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub maximum_payment_amount: Option<Amount>,
    /// The currency of the amounts.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

/// Instalments without interest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct InterestFree {
    /// The card company, among methods and in the core API.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub issuer_code: Option<CardCompany>,
    /// The card company, in [`CardPromotions`](crate::CardPromotions).
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub company_code: Option<CardCompany>,
    /// The last day, `yyyy-MM-dd`, good to its end.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub due_date: Option<String>,
    /// The numbers of months that bear no interest.
    #[serde(default, deserialize_with = "crate::form::scalars", skip_serializing_if = "Vec::is_empty")]
    pub installment_free_months: Vec<u32>,
    /// The least payment.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub minimum_payment_amount: Option<Amount>,
    /// The currency of the amounts.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

/// Payment with card points.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Point {
    /// The card company, among methods and in the core API.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub issuer_code: Option<CardCompany>,
    /// The card company, in [`CardPromotions`](crate::CardPromotions).
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub company_code: Option<CardCompany>,
    /// The last day, `yyyy-MM-dd`, good to its end.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub due_date: Option<String>,
    /// The least payment.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub minimum_payment_amount: Option<Amount>,
    /// The currency of the amounts.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

/// A discount on payments from an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BankDiscount {
    /// How it is counted. In [`AllPromotions`](crate::AllPromotions) only.
    #[serde(rename = "type")]
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub kind: Option<DiscountType>,
    /// The bank.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub bank_code: Option<Bank>,
    /// What is taken off.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub discount_amount: Option<Amount>,
    /// The part that is taken off, from 0.01 to 0.3. In [`AllPromotions`](crate::AllPromotions) only.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub discount_rate: Option<Amount>,
    /// What is left of the promotion's budget. At 0 it cannot be used.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub balance: Option<Amount>,
    /// The code to send along with the payment.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub discount_code: Option<String>,
    /// The last day, `yyyy-MM-dd`, good to its end.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub due_date: Option<String>,
    /// The least payment.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub minimum_payment_amount: Option<Amount>,
    /// The greatest payment.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub maximum_payment_amount: Option<Amount>,
    /// The currency of the amounts.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

/// The promotions of card companies, by what they give.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CardPromotionList {
    /// Discounts.
    #[serde(default, deserialize_with = "crate::form::objects", skip_serializing_if = "Vec::is_empty")]
    pub discount_cards: Vec<Discount>,
    /// Instalments without interest.
    #[serde(default, deserialize_with = "crate::form::objects", skip_serializing_if = "Vec::is_empty")]
    pub interest_free_cards: Vec<InterestFree>,
    /// Payment with points. Not in [`AllCardPromotions`](crate::AllCardPromotions).
    #[serde(default, deserialize_with = "crate::form::objects", skip_serializing_if = "Vec::is_empty")]
    pub point_cards: Vec<Point>,
}

/// The promotions of banks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BankPromotionList {
    /// Discounts.
    #[serde(default, deserialize_with = "crate::form::objects", skip_serializing_if = "Vec::is_empty")]
    pub discount_banks: Vec<BankDiscount>,
}
