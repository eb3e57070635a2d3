//! Where callbacks go, what was sent, and what happens so that they are.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::{
    paging::Page,
    reply::{Failure, Told, done, read, told},
};
use crate::{
    api::{
        Rng, Time, World,
        brandpay::{Account, Card, CustomerChange},
        callbacks::{Attempt, Callback, CallbackKind, Message, News},
        iap::{ChangeReason, Subscription, SubscriptionStatus},
        login::UnlinkReason,
    },
    emulator::Shared,
    engine::masked,
};

pub(super) fn list(shared: &Shared) -> Result<Told, Failure> {
    let callbacks = shared.engine(|engine| engine.core.callbacks.clone());
    let list = callbacks.values().map(|callback| (callback.kind().name(), shown(callback)));
    told(&list.collect::<BTreeMap<_, _>>())
}

fn shown(callback: &Callback) -> Value {
    json!({"url": callback.url(), "method": callback.method()})
}

const PUT: &str =
    r#"the body must be {"url": "http://…", "method": "POST"}, where `method` may be left out or be GET"#;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Put {
    url: String,
    #[serde(default)]
    method: Method,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Method {
    Get,
    #[default]
    Post,
}

pub(super) fn put(shared: &Shared, kind: &str, body: &[u8]) -> Result<Told, Failure> {
    let kind = named(kind)?;
    // What serde says of it may show the URL, and the password in it.
    let Put { url, method } = read(body).map_err(|_| Failure::new(400, PUT))?;
    let callback = Callback::new(kind, &url).and_then(|callback| match method {
        Method::Get => callback.get(),
        Method::Post => Ok(callback),
    });
    let callback = callback.map_err(|bad| Failure::new(400, bad.to_string()))?;
    let answer = told(&shown(&callback));
    shared.engine(|engine| engine.core.callbacks.insert(kind, callback));
    answer
}

pub(super) fn remove(shared: &Shared, kind: &str) -> Result<Told, Failure> {
    let kind = named(kind)?;
    match shared.engine(|engine| engine.core.callbacks.remove(&kind)) {
        Some(_) => done(),
        None => Err(Failure::new(
            404,
            format!("{0} has no address: give it one with PUT /_ctl/v1/callbacks/{0}", kind.name()),
        )),
    }
}

fn named(kind: &str) -> Result<CallbackKind, Failure> {
    kind.parse().map_err(|bad| Failure::new(404, format!("{bad}")))
}

/// The console checks the address of the subscription webhook.
pub(super) fn verify(shared: &Shared) -> Result<Told, Failure> {
    shared.engine(|engine| {
        if !engine.core.callbacks.contains_key(&CallbackKind::Subscription) {
            return Err(Failure::new(
                409,
                "subscription has no address to check: give it one with PUT /_ctl/v1/callbacks/subscription",
            ));
        }
        engine.core.world.fresh.push(News::Verification);
        done()
    })
}

pub(super) fn outbox(shared: &Shared, query: &str) -> Result<Told, Failure> {
    let page = Page::of(query, "a callback")?;
    let outbox = shared.caught_up(|engine| engine.core.world.outbox.clone());
    let messages: Vec<&Message> = outbox.from(page.first()).take(page.taken()).collect();
    let number = |message: &Value| message["id"].as_u64().unwrap_or_default();
    page.tell(messages.into_iter().map(entry).collect(), number, None)
}

fn entry(message: &Message) -> Value {
    json!({
        "id": message.id,
        "kind": message.kind.name(),
        "at": message.at.to_string(),
        "transmissionId": message.transmission,
        "sent": message.sent(),
        "attempts": message.attempts.iter().map(attempt).collect::<Vec<_>>(),
        "nextAt": message.due.map(|at| at.to_string()),
        "body": masked(message.body.as_bytes()),
    })
}

fn attempt(attempt: &Attempt) -> Value {
    json!({"at": attempt.at.to_string(), "status": attempt.status, "error": attempt.error})
}

/// Sends one once more. It is on its way when this answers, or waits for its turn.
pub(super) fn send(shared: &Shared, id: &str) -> Result<Told, Failure> {
    let not_there = || {
        Failure::new(404, format!("there is no callback {id} in the outbox: GET /_ctl/v1/outbox lists them"))
    };
    let number = id.parse().map_err(|_| not_there())?;
    shared.caught_up(|engine| {
        let now = engine.now(shared.wall());
        let Some(kind) = engine.core.world.outbox.get(number).map(|message| message.kind) else {
            return Err(not_there());
        };
        if !engine.core.callbacks.contains_key(&kind) {
            return Err(Failure::new(
                409,
                format!("{0} has no address: give it one with PUT /_ctl/v1/callbacks/{0}", kind.name()),
            ));
        }
        engine.core.world.outbox.again(number, now);
        done()
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unlink {
    #[serde(default)]
    referrer: UnlinkReason,
}

/// A user cuts the link in the app.
pub(super) fn unlink(world: &mut World, key: u64, body: &[u8], rng: &mut Rng) -> Result<Told, Failure> {
    let Unlink { referrer } = read(body)?;
    if world.user_unlinks(key, referrer, rng) {
        told(&json!({"userKey": key, "referrer": referrer}))
    } else {
        Err(Failure::new(
            409,
            format!(
                "the link of this user is cut already: PUT /_ctl/v1/users/{key} with {{\"linked\": true}} makes it anew"
            ),
        ))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PutSubscription {
    sku: Option<String>,
    status: Option<SubscriptionStatus>,
    change_reason: Option<ChangeReason>,
    /// `null` is a value too: the time is not told.
    #[serde(default, deserialize_with = "given")]
    expires_at: Option<Option<String>>,
    auto_renew: Option<bool>,
}

fn given<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(d).map(Some)
}

/// A subscription begins, or what is named of it changes.
pub(super) fn subscribe(world: &mut World, order: &str, body: &[u8]) -> Result<Told, Failure> {
    let put: PutSubscription = read(body)?;
    let known = world.subscriptions.get(order).cloned();
    let needs = |what: &str| Failure::new(400, what);
    let reason = match (put.change_reason, &known) {
        (Some(reason), _) => reason,
        (None, None) => ChangeReason::Created,
        (None, Some(_)) => return Err(needs("a change of a subscription needs its `changeReason`")),
    };
    let mut subscription = match (known, put.sku) {
        (known, Some(sku)) => Subscription { sku, ..known.unwrap_or_else(|| Subscription::new("")) },
        (Some(known), None) => known,
        (None, None) => return Err(needs("a new subscription needs its `sku`")),
    };
    subscription.status = put.status.unwrap_or(subscription.status);
    subscription.auto_renew = put.auto_renew.unwrap_or(subscription.auto_renew);
    if let Some(text) = put.expires_at {
        subscription.expires_at = text.as_deref().map(korean).transpose()?;
    }
    let answer = told(&json!({
        "orderId": order,
        "sku": subscription.sku,
        "changeReason": reason,
        "status": subscription.status,
        "accessGranted": subscription.access_granted(),
        "expiresAt": subscription.expires_at.map(Time::kst),
        "autoRenew": subscription.auto_renew,
    }));
    world.subscribe(order, subscription, reason);
    answer
}

fn korean(text: &str) -> Result<Time, Failure> {
    let rule = "`expiresAt` must be a time in Korea without a zone, 2026-04-02T09:15:42, or null";
    Time::from_kst(text).ok_or_else(|| Failure::new(400, rule))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CustomerDoes {
    does: Deed,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Deed {
    RegisterCard,
    RegisterAccount,
    ChangePassword,
    ActivateOneTouch,
    DeactivateOneTouch,
}

/// What a BrandPay customer does in the browser, where no call of the shop is needed.
pub(super) fn customer(
    world: &mut World,
    key: &str,
    body: &[u8],
    now: Time,
    rng: &mut Rng,
) -> Result<Told, Failure> {
    let CustomerDoes { does } = read(body)?;
    let state = &mut world.brandpay;
    state.customer(key, now, rng);
    let (method, change) = match does {
        Deed::RegisterCard => (Some(state.register_card(key, Card::new(now, rng))), None),
        Deed::RegisterAccount => (Some(state.register_account(key, Account::new(now, rng))), None),
        Deed::ChangePassword => (None, Some(CustomerChange::PasswordChanged)),
        Deed::ActivateOneTouch => (None, Some(CustomerChange::OneTouchActivated)),
        Deed::DeactivateOneTouch => (None, Some(CustomerChange::OneTouchDeactivated)),
    };
    if let Some(change) = change {
        state.customer_did(key, change);
    }
    told(&json!({"customerKey": key, "methodKey": method}))
}
