//! What happens outside the API: users log in, buyers approve, money comes.

use std::time::SystemTime;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    reply::{Failure, Told, done, read, told},
    run::{caught_up, merge},
};
use crate::{
    api::{
        Rng, Time, World,
        iap::{Order, OrderStatus},
    },
    emulator::Shared,
};

/// `None`: there is no such thing.
pub(super) fn route(
    shared: &Shared,
    method: &str,
    parts: &[&str],
    body: &[u8],
) -> Option<Result<Told, Failure>> {
    let known = [
        ("PUT", "users"),
        ("POST", "users"),
        ("POST", "wallet"),
        ("PUT", "promotions"),
        ("POST", "grants"),
        ("POST", "payments"),
        ("PUT", "templates"),
        ("PUT", "orders"),
        ("POST", "brandpay"),
    ];
    if !known.iter().any(|(verb, first)| *verb == method && parts.first() == Some(first)) {
        return None;
    }
    caught_up(shared, |engine| {
        let now = engine.now(SystemTime::now());
        let (core, rng) = engine.parts();
        set_up(&mut core.world, now, rng, parts, body).transpose()
    })
}

/// `Ok(None)`: there is no such thing.
fn set_up(
    world: &mut World,
    now: Time,
    rng: &mut Rng,
    parts: &[&str],
    body: &[u8],
) -> Result<Option<Told>, Failure> {
    let told = match parts {
        ["users", key] => {
            let key = number(key)?;
            changed(world.user(key, rng), read(body)?)
        }
        ["users", key, "authorize"] => {
            let Authorize { referrer } = read(body)?;
            let key = number(key)?;
            world.user(key, rng);
            let code = world.login.authorize(key, &referrer, now, rng);
            told(&json!({"authorizationCode": code, "referrer": referrer}))
        }
        ["wallet", "topup"] => {
            let TopUp { amount } = read(body)?;
            world.promotion.top_up(amount);
            told(&json!({"wallet": world.promotion.wallet()}))
        }
        ["promotions", code] => {
            let promotions = &mut world.promotion.promotions;
            changed(promotions.entry((*code).to_owned()).or_default(), read(body)?)
        }
        ["grants", "fail"] => {
            let FailGrant { key } = read(body)?;
            if world.promotion.fail(&key, now) {
                done()
            } else {
                Err(not_there("a grant to fail under this key"))
            }
        }
        ["payments", token, action] => {
            let pay = &mut world.pay;
            let did = match *action {
                "approve" => pay.approve(token),
                "cancel" => pay.cancel(token),
                "release" => pay.release(token),
                "settle" => pay.settle(token),
                _ => return Ok(None),
            };
            match pay.payments.get(*token) {
                Some(payment) if did => told(payment),
                Some(payment) => {
                    let status = serde_json::to_value(payment.status).unwrap_or_default();
                    Err(Failure::new(409, format!("a payment in {status} cannot {action}")))
                }
                None => Err(not_there("a payment with this token")),
            }
        }
        ["templates", code] => {
            let templates = &mut world.messenger.templates;
            changed(templates.entry((*code).to_owned()).or_default(), read(body)?)
        }
        ["orders", id] => {
            let PutOrder { sku, status, user } = read(body)?;
            let mut order = Order::new(sku, status, now);
            order.user = user;
            let answer = told(&order);
            world.iap.insert((*id).to_owned(), order);
            answer
        }
        ["brandpay", "payments"] => {
            let Buy { order_id, amount, customer_key, method_key } = read(body)?;
            let method = method_key.as_deref();
            let key = world.brandpay.authenticate(&order_id, amount, &customer_key, method, now, rng);
            told(&json!({"paymentKey": key, "orderId": order_id, "amount": amount}))
        }
        _ => return Ok(None),
    };
    told.map(Some)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Authorize {
    #[serde(default = "app")]
    referrer: String,
}

fn app() -> String {
    "DEFAULT".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TopUp {
    amount: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FailGrant {
    key: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PutOrder {
    sku: String,
    status: OrderStatus,
    user: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Buy {
    order_id: String,
    amount: i64,
    customer_key: String,
    method_key: Option<String>,
}

/// Changes what the body names, and tells the whole.
fn changed<T: Serialize + DeserializeOwned>(thing: &mut T, patch: Value) -> Result<Told, Failure> {
    let mut value = serde_json::to_value(&*thing).map_err(|error| Failure::new(500, error.to_string()))?;
    merge(&mut value, patch);
    *thing = serde_json::from_value(value).map_err(|error| Failure::new(400, error.to_string()))?;
    told(thing)
}

fn number(key: &str) -> Result<u64, Failure> {
    key.parse()
        .map_err(|_| Failure::new(400, format!("a user key is a number, not `{}`", key.escape_default())))
}

fn not_there(what: &str) -> Failure {
    Failure::new(404, format!("there is not {what}"))
}
