//! Everything the API remembers.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    Ledger, Rng, User, UserId,
    audit::Audit,
    brandpay::BrandPay,
    callbacks::{Fresh, Outbox},
    iap,
    limits::Limits,
    login::Login,
    messenger::Messages,
    pay::Payments,
    promotion::Promotions,
    store::{Table, patch_members, patch_whole},
    user::ANONYMOUS,
};

/// Everything the API remembers: a plain value. Its JSON is what the control API reads and writes as `state`. `Debug` counts
/// what there is and shows none of it: it holds keys, tokens and people.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct World {
    /// The users, by user key.
    pub users: Table<u64, User>,
    /// Codes, tokens, and the key of the profiles.
    pub login: Login,
    /// Promotions, keys, grants and the biz wallet.
    pub promotion: Promotions,
    /// Payments by Toss Pay.
    pub pay: Payments,
    /// Messages.
    pub messenger: Messages,
    /// BrandPay: customers, methods, payments.
    pub brandpay: BrandPay,
    /// Orders of in-app purchases.
    pub iap: iap::Orders,
    /// Subscriptions, by the id of their first order.
    pub subscriptions: iap::Subscriptions,
    /// Every movement of money and points.
    pub ledger: Ledger,
    /// Who called how often in the last minute.
    pub(crate) limits: Limits,
    /// What the shop is told without asking.
    pub outbox: Outbox,
    #[serde(skip)]
    pub(crate) fresh: Fresh,
    #[serde(skip)]
    pub(crate) audit: Audit,
}

patch_whole!(Outbox);
patch_members!(World: users, login, promotion, pay, messenger, brandpay, iap, subscriptions, ledger, limits, outbox);

impl World {
    pub(crate) fn new(rng: &mut Rng) -> Self {
        Self {
            login: Login::new(rng),
            promotion: Promotions::new(rng),
            pay: Payments::new(rng),
            messenger: Messages::new(rng),
            brandpay: BrandPay::new(rng),
            ..Self::default()
        }
    }

    /// The user with this key, made up if there was none.
    pub fn user(&mut self, key: u64, rng: &mut Rng) -> &mut User {
        self.users.get_or_insert_with(&key, || User::new(key, rng))
    }

    /// The user whom a call names.
    pub(crate) fn known(&self, user: &UserId) -> Option<&User> {
        match user {
            UserId::Key(key) => self.users.get(key),
            UserId::Anonymous(key) => {
                self.users.named(ANONYMOUS, key).first().and_then(|key| self.users.get(*key))
            }
        }
    }

    /// Secrets that a program needs, by the names of their environment variables.
    pub(crate) fn secrets(&self) -> Vec<(&'static str, String)> {
        let brandpay = self.brandpay.secret_key().map(|key| ("BRANDPAY_SECRET_KEY", key.to_owned()));
        self.login.secrets().into_iter().chain(brandpay).collect()
    }

    /// Takes over the secrets of another world, which programs hold already.
    pub(crate) fn keep_secrets(&mut self, from: &Self) {
        self.login.keep_secrets(&from.login);
        self.brandpay.secret_keys.clone_from(&from.brandpay.secret_keys);
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("users", &self.users.len())
            .field("login", &self.login)
            .field("promotions", &self.promotion.promotions.len())
            .field("payments", &self.pay.payments.len())
            .field("brandpay", &self.brandpay)
            .field("orders", &self.iap.len())
            .field("ledger", &self.ledger.len())
            .finish_non_exhaustive()
    }
}
