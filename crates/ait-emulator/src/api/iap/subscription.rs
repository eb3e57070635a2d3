//! Subscriptions: no call asks for them, a callback tells of them.

use serde::{Deserialize, Serialize};

use crate::api::{
    Time, World,
    callbacks::News,
    store::{Record, Table},
};

/// A subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Subscription {
    /// The product.
    pub sku: String,
    /// How it stands.
    pub status: SubscriptionStatus,
    /// The end of the paid time, if it is told.
    #[serde(default)]
    pub expires_at: Option<Time>,
    /// Whether it renews by itself.
    pub auto_renew: bool,
}

/// The subscriptions, by the id of their first order.
pub type Subscriptions = Table<String, Subscription>;

impl Record for Subscription {}

/// The six states of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names are the API's own")]
pub enum SubscriptionStatus {
    Active,
    Expired,
    InGracePeriod,
    OnHold,
    Paused,
    Revoked,
}

/// Why a subscription changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names are the API's own")]
pub enum ChangeReason {
    Created,
    Renewed,
    Recovered,
    Restarted,
    EnteredGracePeriod,
    OnHold,
    Paused,
    AutoRenewEnabled,
    AutoRenewDisabled,
    Extended,
    Expired,
    Revoked,
}

impl Subscription {
    /// One that runs and renews by itself.
    #[must_use]
    pub fn new(sku: impl Into<String>) -> Self {
        Self { sku: sku.into(), status: SubscriptionStatus::Active, expires_at: None, auto_renew: true }
    }

    /// Whether the user has access: while it runs, and in the grace period.
    #[must_use]
    pub const fn access_granted(&self) -> bool {
        matches!(self.status, SubscriptionStatus::Active | SubscriptionStatus::InGracePeriod)
    }
}

impl World {
    /// A subscription begins or changes, and the shop is called back with the state before and after.
    pub fn subscribe(&mut self, order: impl Into<String>, current: Subscription, reason: ChangeReason) {
        let order = order.into();
        let previous = self.subscriptions.insert(order.clone(), current.clone());
        self.fresh.push(News::Subscription { order, reason, previous, current });
    }
}
