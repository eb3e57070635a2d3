//! The cards and accounts of a customer.

use ait_core::{Krw, Timestamp, lenient};
use serde::{Deserialize, Serialize};

use crate::{Bank, CardCompany, CardType, MethodKey, MethodStatus, OwnerType, Promotion};

/// The cards and accounts of a customer. Neither filtered nor sorted: a `DISABLED` one may be among them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Methods {
    /// Cards.
    #[serde(default, deserialize_with = "crate::form::objects")]
    pub cards: Vec<CardMethod>,
    /// Bank accounts.
    #[serde(default, deserialize_with = "crate::form::objects")]
    pub accounts: Vec<AccountMethod>,
    /// Whether the person was identified, by the browser or by a complete
    /// [`CustomerIdentity`](crate::CustomerIdentity).
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub is_identified: Option<bool>,
    /// The `id` of the method that was registered last, or used last within a month.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub selected_method_id: Option<String>,
}

/// A registered card. An empty text is read as none.
///
/// The fields are those from version `2022-11-16` on. Before, the company stood in `cardCompany`, `companyCode` and
/// `issueCompany`, which are not read: a shop whose id is set to an older version finds `None` in `issuer_code` and
/// `acquirer_code`, unless the server sends them too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CardMethod {
    /// The id for the browser SDK. Opaque: its prefixes differ.
    pub id: String,
    /// The key for paying and removing.
    pub method_key: MethodKey,
    /// The customer's own name for it.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// The name of the card.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub card_name: Option<String>,
    /// The number, masked.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub card_number: Option<String>,
    /// Who issued the card.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub issuer_code: Option<CardCompany>,
    /// Who buys its slips.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub acquirer_code: Option<CardCompany>,
    /// Whose card it is.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub owner_type: Option<OwnerType>,
    /// Credit, debit or gift.
    #[serde(default, deserialize_with = "crate::form::translated", skip_serializing_if = "Option::is_none")]
    pub card_type: Option<CardType>,
    /// The least amount for instalments.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub installment_minimum_amount: Option<Krw>,
    /// When it was registered.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub registered_at: Option<Timestamp>,
    /// Whether it can be used.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub status: Option<MethodStatus>,
    /// The name of an icon. A free text.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// Where the icon is.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub icon_url: Option<String>,
    /// Where a picture of the card is.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub card_img_url: Option<String>,
    /// In a captured answer only.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub card_product_code: Option<String>,
    /// Colours to show it in.
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    pub color: Option<Color>,
    /// Promotions. The documentation's own sample shows those of another company: compare before use.
    #[serde(default, deserialize_with = "crate::form::objects", skip_serializing_if = "Vec::is_empty")]
    pub promotions: Vec<Promotion>,
}

/// A registered bank account. An empty text is read as none.
///
/// The fields are those from version `2022-11-16` on. Before, the bank stood in `bank`, which is not read: a shop whose id
/// is set to an older version finds `None` in `bank_code`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AccountMethod {
    /// The id for the browser SDK. Opaque.
    pub id: String,
    /// The key for paying and removing.
    pub method_key: MethodKey,
    /// The customer's own name for it.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// The name of the account.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub account_name: Option<String>,
    /// The number, masked.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub account_number: Option<String>,
    /// The bank.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub bank_code: Option<Bank>,
    /// When it was registered.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub registered_at: Option<Timestamp>,
    /// Whether it can be used.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub status: Option<MethodStatus>,
    /// The name of an icon. A free text.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// Where the icon is.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub icon_url: Option<String>,
    /// Colours to show it in.
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    pub color: Option<Color>,
    /// Promotions. The documentation's own sample shows those of another company: compare before use.
    #[serde(default, deserialize_with = "crate::form::objects", skip_serializing_if = "Vec::is_empty")]
    pub promotions: Vec<Promotion>,
}

/// Colours as `#RRGGBB`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Color {
    /// Of the background.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub background: Option<String>,
    /// Of the text.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}
