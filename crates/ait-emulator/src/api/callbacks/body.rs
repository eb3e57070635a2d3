//! The bodies of callbacks.

use serde::{Deserialize, Serialize};

use super::News;
use crate::api::{
    Switches, Time, World,
    brandpay::{CustomerChange, MethodChange, webhook_payment},
    iap::{ChangeReason, Subscription, SubscriptionStatus},
    login::UnlinkReason,
    switches::MethodWord,
};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Unlinked {
    user_key: u64,
    referrer: UnlinkReason,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Verification {
    event_type: &'static str,
    occurred_at: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatusChanged<'a> {
    event_type: &'static str,
    event_version: &'static str,
    occurred_at: String,
    order_id: &'a str,
    sku: &'a str,
    change_reason: ChangeReason,
    subscription: Change,
}

#[derive(Serialize)]
struct Change {
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<State>,
    current: State,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct State {
    status: SubscriptionStatus,
    access_granted: bool,
    expires_at: Option<String>,
    auto_renew: bool,
}

/// A webhook of BrandPay.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Webhook<T> {
    event_type: &'static str,
    created_at: String,
    data: T,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MethodUpdated<'a> {
    customer_key: &'a str,
    method_key: &'a str,
    status: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CustomerStatusChanged<'a> {
    customer_key: &'a str,
    status: CustomerChange,
    changed_at: String,
}

/// The JSON text that tells these news. `None` if they are about a payment that is gone.
pub(super) fn of(news: &News, world: &World, switches: &Switches, now: Time) -> Option<String> {
    match news {
        News::Unlinked { user, referrer } => text(&Unlinked { user_key: *user, referrer: *referrer }),
        News::Verification => {
            text(&Verification { event_type: "callback.registration_verification", occurred_at: now.kst() })
        }
        News::Subscription { order, reason, previous, current } => text(&StatusChanged {
            event_type: "subscription.status_changed",
            event_version: "1.0",
            occurred_at: now.kst(),
            order_id: order,
            sku: &current.sku,
            change_reason: *reason,
            subscription: Change { previous: previous.as_ref().map(state), current: state(current) },
        }),
        News::Method { customer, method, status } => {
            let status = method_word(*status, switches);
            let data = MethodUpdated { customer_key: customer, method_key: method, status };
            webhook("METHOD_UPDATED", now, data)
        }
        News::Customer { customer, status } => {
            let changed_at = now.kst_with_zone();
            let data = CustomerStatusChanged { customer_key: customer, status: *status, changed_at };
            webhook("CUSTOMER_STATUS_CHANGED", now, data)
        }
        News::Payment(key) => {
            webhook("PAYMENT_STATUS_CHANGED", now, webhook_payment(world, switches, key, now)?)
        }
    }
}

fn state(subscription: &Subscription) -> State {
    State {
        status: subscription.status,
        access_granted: subscription.access_granted(),
        expires_at: subscription.expires_at.map(Time::kst),
        auto_renew: subscription.auto_renew,
    }
}

const fn method_word(change: MethodChange, switches: &Switches) -> &'static str {
    match (change, switches.method_word) {
        (MethodChange::Enabled, MethodWord::Table) => "ENABLED",
        (MethodChange::Enabled, MethodWord::Sample) => "ENABLE",
        (MethodChange::Disabled, _) => "DISABLED",
    }
}

fn webhook(event_type: &'static str, now: Time, data: impl Serialize) -> Option<String> {
    text(&Webhook { event_type, created_at: now.kst_with_micros(), data })
}

fn text(body: &impl Serialize) -> Option<String> {
    serde_json::to_string(body).ok()
}

/// The query that says what the body of an unlink callback says.
pub(crate) fn query(body: &str) -> String {
    match serde_json::from_str::<Unlinked>(body) {
        Ok(Unlinked { user_key, referrer }) => format!("userKey={user_key}&referrer={}", referrer.word()),
        // What was written above is read back; a state that was put in by hand may say anything.
        Err(_) => String::new(),
    }
}
