//! A subscription before and after a change.

use ait_core::{Timestamp, lenient, open_enum};
use serde::{Deserialize, Serialize};

/// A subscription before and after a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Subscription {
    /// Before. Absent for a new subscription.
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    pub previous: Option<SubscriptionState>,
    /// After. **Decide by this**, not by the reason of the change.
    pub current: SubscriptionState,
}

/// How a subscription stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SubscriptionState {
    /// How it stands.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub status: Option<SubscriptionStatus>,
    /// Whether Toss takes the user to have access. How it follows from the rest is not documented.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub access_granted: Option<bool>,
    /// The end of the paid time, in Korean time. `None` means that the time is not known, **not** for ever.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Whether it renews by itself.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub auto_renew: Option<bool>,
}

open_enum! {
    /// How a subscription stands: `status`. The names are reported; the meanings are those the names suggest.
    pub enum SubscriptionStatus {
        /// Running.
        Active = "ACTIVE",
        /// A payment failed; access goes on for a while.
        InGracePeriod = "IN_GRACE_PERIOD",
        /// The payment is still missing; access stopped.
        OnHold = "ON_HOLD",
        /// Paused.
        Paused = "PAUSED",
        /// Over.
        Expired = "EXPIRED",
        /// Taken back.
        Revoked = "REVOKED",
    }
}

open_enum! {
    /// Why a subscription changed: `changeReason`. The names are reported; the meanings are those the names suggest,
    /// and which status follows is not documented: decide by [`Subscription::current`].
    pub enum ChangeReason {
        /// A new subscription.
        Created = "CREATED",
        /// Renewed.
        Renewed = "RENEWED",
        /// A payment that had failed went through.
        Recovered = "RECOVERED",
        /// Begun again.
        Restarted = "RESTARTED",
        /// A payment failed and the grace period begins.
        EnteredGracePeriod = "ENTERED_GRACE_PERIOD",
        /// Put on hold.
        OnHold = "ON_HOLD",
        /// Paused.
        Paused = "PAUSED",
        /// Automatic renewal was switched on.
        AutoRenewEnabled = "AUTO_RENEW_ENABLED",
        /// Automatic renewal was switched off.
        AutoRenewDisabled = "AUTO_RENEW_DISABLED",
        /// The paid time was lengthened.
        Extended = "EXTENDED",
        /// Over.
        Expired = "EXPIRED",
        /// Taken back, after a refund for instance.
        Revoked = "REVOKED",
    }
}
