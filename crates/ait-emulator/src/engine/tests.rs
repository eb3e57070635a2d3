//! An engine under faults, without I/O.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::needless_pass_by_value, reason = "a body is made where it is sent: json!({…})")]

mod audit;
mod doubt;
mod late;
mod log;
mod lost;
mod magic;
mod moments;
mod oracle;
mod repeat;
mod rules;

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::{Clock, Engine, Plan};
use crate::api::{Entry, Host, Movement, Request, promotion::SAMPLE_CODE, routes};

pub(super) const USER: &str = "443731104";
const GET_KEY: &str = "promotion.get_key";
const EXECUTE: &str = "promotion.execute_promotion";

/// An engine with a clock that stands, and calls to it.
#[derive(Clone)]
struct Bench(Engine);

impl Bench {
    fn new() -> Self {
        Self::seeded(7)
    }

    fn seeded(seed: u64) -> Self {
        Self(Engine::new(seed, Clock::manual()))
    }

    fn with(rule: &str) -> Self {
        let mut bench = Self::new();
        bench.arm(rule);
        bench
    }

    fn arm(&mut self, rule: &str) {
        self.0.faults.add(rule.parse().unwrap());
    }

    /// Calls an endpoint by name, as this user.
    fn call(&mut self, name: &str, user: &str, body: Value) -> Plan {
        self.send(request(name, &[("x-toss-user-key", user)], body))
    }

    fn send(&mut self, request: Request) -> Plan {
        let wall = SystemTime::UNIX_EPOCH;
        let received = self.0.receive(request, wall);
        self.0.answer(received, wall)
    }

    fn advance(&mut self, by: Duration) {
        self.0.clock.advance(by, SystemTime::UNIX_EPOCH);
    }

    fn catch_up(&mut self) -> bool {
        self.0.catch_up(SystemTime::UNIX_EPOCH)
    }

    fn get_key(&mut self) -> String {
        let plan = self.call(GET_KEY, USER, json!({}));
        let body: Value = serde_json::from_str(&plan.answer.unwrap().body).unwrap();
        body["success"]["key"].as_str().unwrap().to_owned()
    }

    fn grant(&mut self, key: &str, amount: i64) -> Plan {
        self.call(EXECUTE, USER, json!({"promotionCode": SAMPLE_CODE, "key": key, "amount": amount}))
    }

    fn make(&mut self, order_no: &str) -> Plan {
        let body = json!({"orderNo": order_no, "productDesc": "x", "amount": 10, "amountTaxFree": 0, "isTestPayment": true});
        self.call("tosspay.make_payment", USER, body)
    }

    fn pay(&mut self, name: &str, token: &str) -> Plan {
        self.call(name, USER, json!({"payToken": token, "reason": "x", "isTestPayment": true}))
    }

    fn token(&self) -> String {
        self.0.core.world.pay.payments.keys().next().unwrap().clone()
    }

    fn ledger(&self) -> Vec<&Entry> {
        self.0.core.world.ledger.entries()
    }

    /// The amounts of the grants, in order.
    fn granted(&self) -> Vec<i64> {
        let amount = |entry: &&Entry| match entry.movement {
            Movement::Grant { amount, .. } => Some(amount),
            _ => None,
        };
        self.ledger().iter().filter_map(amount).collect()
    }
}

fn request(name: &str, headers: &[(&str, &str)], body: Value) -> Request {
    let route = routes().find(|route| route.name == name).unwrap();
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    Request {
        face: if route.host == Host::BrandPay {
            crate::api::Face::BrandPay
        } else {
            crate::api::Face::AppsInToss
        },
        method: route.method.to_owned(),
        path: route.path.to_owned(),
        query: String::new(),
        headers: map,
        body: body.to_string().into(),
        app: Some("my-app".to_owned()),
    }
}

/// What went wrong, as a rule says it.
fn fault(plan: &Plan) -> Option<String> {
    plan.fault.as_ref().map(|fault| format!("{} {}", fault.moment, fault.effect))
}

fn body(plan: &Plan) -> &str {
    &plan.answer.as_ref().unwrap().body
}
