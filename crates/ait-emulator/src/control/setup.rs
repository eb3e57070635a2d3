//! What happens outside the API: users log in, buyers approve, money comes.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    callbacks,
    patch::patched,
    reply::{Failure, Told, done, read, told},
};
use crate::{
    api::{
        Record, Rng, Table, Time, User, World,
        iap::{Order, OrderStatus},
        pay::Payments,
    },
    emulator::Shared,
};

/// More money than anybody pays or has, in won: sums of it stay numbers.
const MOST: i64 = 1_000_000_000_000_000;

/// A path of the index, with a method that it takes.
pub(super) fn route(shared: &Shared, parts: &[&str], body: &[u8]) -> Result<Told, Failure> {
    shared.caught_up(|engine| {
        let now = engine.now(shared.wall());
        let (core, rng) = engine.parts();
        set_up(&mut core.world, now, rng, parts, body)
    })
}

/// What is refused has changed nothing.
fn set_up(world: &mut World, now: Time, rng: &mut Rng, parts: &[&str], body: &[u8]) -> Result<Told, Failure> {
    match parts {
        ["users", key] => put_user(world, number(key)?, &read(body)?, rng),
        ["users", key, "authorize"] => {
            let Authorize { referrer } = read(body)?;
            let key = number(key)?;
            world.user(key, rng);
            let code = world.login.authorize(key, &referrer, now, rng);
            told(&json!({"authorizationCode": code, "referrer": referrer}))
        }
        ["users", key, "unlink"] => callbacks::unlink(world, number(key)?, body, rng),
        ["wallet", "topup"] => {
            let TopUp { amount } = read(body)?;
            if !(1..=MOST).contains(&amount) {
                return Err(Failure::new(400, format!("`amount` must be from 1 to {MOST}")));
            }
            world.promotion.top_up(amount);
            told(&json!({"wallet": world.promotion.wallet()}))
        }
        ["promotions", code] => put(&mut world.promotion.promotions, code, &read(body)?),
        ["grants", "fail"] => {
            let FailGrant { key } = read(body)?;
            if world.promotion.fail(&key, now) {
                done()
            } else {
                Err(Failure::new(
                    404,
                    "under this key no grant is to come or PENDING: make it fail before it is granted, or let it wait, by the switch grant_lag_seconds",
                ))
            }
        }
        ["payments", token, "refund"] => {
            let RefundPart { amount } = read(body)?;
            let did = world.refund_part(token, amount, now, rng);
            acted(&world.pay, token, &format!("refund {amount} won"), did, now)
        }
        ["payments", token, action] => act(&mut world.pay, token, action, now),
        ["templates", code] => put(&mut world.messenger.templates, code, &read(body)?),
        ["orders", id] => {
            let PutOrder { sku, status, user } = read(body)?;
            let mut order = Order::new(sku, status, now);
            order.user = user;
            let answer = told(&order);
            world.iap.insert((*id).to_owned(), order);
            answer
        }
        ["subscriptions", order] => callbacks::subscribe(world, order, body),
        ["brandpay", "customers", key] => callbacks::customer(world, key, body, now, rng),
        ["brandpay", "payments"] => {
            let Buy { order_id, amount, customer_key, method_key } = read(body)?;
            if !(1..=MOST).contains(&amount) {
                return Err(Failure::new(400, format!("`amount` must be from 1 to {MOST}")));
            }
            let method = method_key.as_deref();
            let key = world.brandpay.authenticate(&order_id, amount, &customer_key, method, now, rng);
            told(&json!({"paymentKey": key, "orderId": order_id, "amount": amount}))
        }
        _ => Err(not_there("anything under this path")),
    }
}

fn put_user(world: &mut World, key: u64, patch: &Value, rng: &mut Rng) -> Result<Told, Failure> {
    // Tried on a copy: a user that is refused must not use up chance.
    let mut tried = rng.clone();
    let user = match world.users.get(&key) {
        Some(user) => patched(user, patch)?,
        None => patched(&User::new(key, &mut tried), patch)?,
    };
    if user.key != key {
        return Err(Failure::new(400, format!("the user key is {key}, as the path says: leave out `key`")));
    }
    *rng = tried;
    let answer = told(&user);
    world.users.insert(key, user);
    answer
}

/// Changes what the body names, or makes one that is changed so, and tells the whole.
fn put<T: Record + Default + Serialize + DeserializeOwned>(
    things: &mut Table<String, T>,
    name: &str,
    patch: &Value,
) -> Result<Told, Failure> {
    let thing = patched(&things.get(name).cloned().unwrap_or_default(), patch)?;
    let answer = told(&thing);
    things.insert(name.to_owned(), thing);
    answer
}

/// What the buyer and the shop do with a payment.
fn act(pay: &mut Payments, token: &str, action: &str, now: Time) -> Result<Told, Failure> {
    let did = match action {
        "approve" => pay.approve(token, now),
        "cancel" => pay.cancel(token, now),
        "release" => pay.release(token),
        _ => pay.settle(token),
    };
    acted(pay, token, action, did, now)
}

/// The payment, or why it was not done.
fn acted(pay: &Payments, token: &str, action: &str, did: bool, now: Time) -> Result<Told, Failure> {
    match pay.payments.get(token) {
        Some(payment) if did => told(payment),
        Some(payment) => {
            let status = serde_json::to_value(payment.status_at(now)).unwrap_or_default();
            let status = status.as_str().unwrap_or_default();
            Err(Failure::new(409, format!("a payment in {status} cannot {action}")))
        }
        None => {
            Err(not_there("a payment with this token: GET /_ctl/v1/state has them below world.pay.payments"))
        }
    }
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
struct RefundPart {
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

fn number(key: &str) -> Result<u64, Failure> {
    key.parse().map_err(|_| {
        Failure::new(400, format!("a user key is a number, as 443731104, not `{}`", key.escape_default()))
    })
}

fn not_there(what: &str) -> Failure {
    Failure::new(404, format!("there is not {what}"))
}
