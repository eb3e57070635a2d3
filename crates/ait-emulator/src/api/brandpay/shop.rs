//! Shops and their secret keys.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{BrandPay, SAMPLE_KEYS};
use crate::api::{Rng, Time};

/// How long an old secret key goes on working.
const OLD_KEY: Duration = Duration::from_secs(7 * 24 * 3600);

/// A shop: what stands behind `mId`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Shop {
    /// Whether it has a contract for BrandPay. Without one its keys are refused with `INVALID_API_KEY`.
    pub brandpay: bool,
    /// Whether it has the contract for automatic payments, else `NOT_SUPPORTED_BILLING_MERCHANT`.
    pub automatic_payments: bool,
    /// Whether it takes accounts, else `NOT_SUPPORTED_METHOD`.
    pub accounts: bool,
    /// Whether it has the contract for card points, else `FORBIDDEN_REQUEST`.
    pub card_points: bool,
    /// Whether it sells things free of tax. If not, `taxFreeAmount` is always 0.
    pub tax_free: bool,
    /// How much it may still give back, else `EXCEED_CANCEL_LIMIT`.
    pub cancel_limit: Option<i64>,
}

impl Default for Shop {
    fn default() -> Self {
        Self {
            brandpay: true,
            automatic_payments: true,
            accounts: true,
            card_points: false,
            tax_free: false,
            cancel_limit: None,
        }
    }
}

/// A secret key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SecretKey {
    /// Whose it is: an `mId`.
    pub shop: String,
    /// Until when it works, if it was replaced.
    #[serde(default)]
    pub until: Option<Time>,
}

impl SecretKey {
    /// A key of this shop.
    #[must_use]
    pub fn new(shop: impl Into<String>) -> Self {
        Self { shop: shop.into(), until: None }
    }
}

impl BrandPay {
    /// A secret key that was made here, not one that a document prints.
    #[must_use]
    pub fn secret_key(&self) -> Option<&str> {
        let mut works = self.secret_keys.iter().filter(|(_, held)| held.until.is_none());
        works.find(|(key, _)| !SAMPLE_KEYS.contains(&key.as_str())).map(|(key, _)| key.as_str())
    }

    /// A new secret key in the place of this one, which works for seven more days. `None` if there is no such key.
    pub fn reissue_key(&mut self, key: &str, now: Time, rng: &mut Rng) -> Option<String> {
        let old = self.secret_keys.get_mut(key)?;
        old.until = Some(now.plus(OLD_KEY));
        let shop = old.shop.clone();
        let new = format!("test_sk_{}", rng.alphanumeric(32));
        self.secret_keys.insert(new.clone(), SecretKey::new(shop));
        Some(new)
    }
}
