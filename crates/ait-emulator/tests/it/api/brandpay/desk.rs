//! A shop's desk: calls with its key, and a customer who is there already.

use std::ops::{Deref, DerefMut};

use ait_emulator::api::{
    Face, Movement,
    brandpay::{BrandPay, Customer, Payment, PaymentStatus},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::api::support::{Bench, Told};

pub(crate) const KEY: &str = "test_sk_yZqmkKeP8gJXPxzkzQPxrbQRxB9l";
pub(crate) const CUSTOMER: &str = "c6thB674j9vCU4XsvcPk";
pub(crate) const CONFIRM: &str = "/v1/brandpay/payments/confirm";
pub(crate) const AUTOMATIC: &str = "/v1/brandpay/payments";
pub(crate) const TOKEN: &str = "/v1/brandpay/authorizations/access-token";
pub(crate) const AGREE: &str = "/v1/brandpay/terms/agree";
pub(crate) const METHODS: &str = "/v1/brandpay/payments/methods";
pub(crate) const REMOVE_CARD: &str = "/v1/brandpay/payments/methods/card/remove";
pub(crate) const REMOVE_ACCOUNT: &str = "/v1/brandpay/payments/methods/account/remove";
pub(crate) const LEAVE: &str = "/v1/brandpay/customers/remove";

pub(crate) fn basic(key: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{key}:")))
}

pub(crate) struct Desk(Bench);

impl Deref for Desk {
    type Target = Bench;

    fn deref(&self) -> &Bench {
        &self.0
    }
}

impl DerefMut for Desk {
    fn deref_mut(&mut self) -> &mut Bench {
        &mut self.0
    }
}

impl Desk {
    /// Without a limit on calls, so that a refusal leaves the whole world as it was.
    pub(crate) fn new() -> Self {
        let mut bench = Bench::new();
        bench.core.switches.calls_per_brandpay_endpoint = 0;
        let mut desk = Self(bench);
        let now = desk.now;
        let Bench { core, rng, .. } = &mut desk.0;
        core.world.brandpay.customer(CUSTOMER, now, rng);
        desk
    }

    pub(crate) fn state(&mut self) -> &mut BrandPay {
        &mut self.0.core.world.brandpay
    }

    pub(crate) fn customer(&mut self) -> &mut Customer {
        self.state().customers.get_mut(CUSTOMER).unwrap()
    }

    pub(crate) fn card_key(&mut self) -> String {
        self.customer().cards[0].method_key.clone()
    }

    pub(crate) fn account_key(&mut self) -> String {
        self.customer().accounts[0].method_key.clone()
    }

    pub(crate) fn payment(&mut self, key: &str) -> &mut Payment {
        self.state().payments.get_mut(key).unwrap()
    }

    pub(crate) fn with(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Told {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.raw(method, target, headers, body)
    }

    /// Sends a call, and looks whether a refusal has left the world as it was.
    pub(crate) fn raw(&mut self, method: &str, target: &str, headers: &[(&str, &str)], body: String) -> Told {
        let before = self.core.world.clone();
        let told = self.0.send(Face::BrandPay, method, target, headers, body);
        let remembered = headers.iter().any(|(name, _)| *name == "idempotency-key")
            || self.core.switches.calls_per_brandpay_endpoint != 0;
        if told.status != 200 && !remembered {
            let mut after = self.core.world.clone();
            if told.status == 403 && target == CONFIRM {
                // The card company's no ends the payment, and that is all.
                let aborted = after.brandpay.payments.values_mut();
                let aborted = aborted.filter(|payment| payment.status == PaymentStatus::Aborted);
                assert!(aborted.into_iter().all(|payment| !payment.is_approved()));
                after.brandpay.payments = before.brandpay.payments.clone();
            }
            assert_eq!(after, before, "{method} {target}: {}", told.body);
        }
        told
    }

    pub(crate) fn call(&mut self, target: &str, body: Value) -> Told {
        self.with("POST", target, &[("authorization", &basic(KEY))], &body)
    }

    pub(crate) fn keyed(&mut self, target: &str, key: &str, body: Value) -> Told {
        self.with("POST", target, &[("authorization", &basic(KEY)), ("idempotency-key", key)], &body)
    }

    pub(crate) fn look(&mut self, target: &str) -> Told {
        self.with("GET", target, &[("authorization", &basic(KEY))], &Value::Null)
    }

    pub(crate) fn token(&mut self) -> String {
        let now = self.now;
        let Bench { core, rng, .. } = &mut self.0;
        let code = core.world.brandpay.redirect_code(CUSTOMER, now, rng);
        let body = json!({"grantType": "AuthorizationCode", "customerKey": CUSTOMER, "code": code});
        self.call(TOKEN, body).json()["accessToken"].as_str().unwrap().to_owned()
    }

    pub(crate) fn as_customer(&mut self, method: &str, target: &str, token: &str, body: &Value) -> Told {
        self.with(method, target, &[("authorization", &format!("Bearer {token}"))], body)
    }

    /// A payment that the buyer has authenticated, for `order-1`.
    pub(crate) fn session(&mut self, amount: i64, method: Option<&str>) -> String {
        self.session_of("order-1", amount, method)
    }

    pub(crate) fn session_of(&mut self, order: &str, amount: i64, method: Option<&str>) -> String {
        let now = self.now;
        let Bench { core, rng, .. } = &mut self.0;
        core.world.brandpay.authenticate(order, amount, CUSTOMER, method, now, rng)
    }

    pub(crate) fn confirm(&mut self, key: &str, amount: i64) -> Told {
        self.call(CONFIRM, confirmation(key, "order-1", amount))
    }

    /// A payment that is paid.
    pub(crate) fn paid(&mut self, amount: i64) -> String {
        let key = self.session(amount, None);
        let answer = self.confirm(&key, amount);
        assert_eq!(answer.status, 200, "{}", answer.body);
        key
    }

    pub(crate) fn cancel(&mut self, key: &str, body: Value) -> Told {
        self.call(&format!("/v1/payments/{key}/cancel"), body)
    }

    pub(crate) fn movements(&self) -> Vec<Movement> {
        self.0.core.world.ledger.entries().iter().map(|entry| entry.movement.clone()).collect()
    }
}

pub(crate) fn confirmation(key: &str, order: &str, amount: i64) -> Value {
    json!({"paymentKey": key, "amount": amount, "customerKey": CUSTOMER, "orderId": order})
}

/// Status and code of a refusal.
pub(crate) fn refusal(told: &Told) -> (u16, String) {
    let body = told.json();
    assert_eq!(body["code"].as_str(), told.code.as_deref(), "{body}");
    assert!(body["message"].as_str().is_some_and(|message| !message.is_empty()), "{body}");
    assert_eq!(body.as_object().unwrap().len(), 2, "a refusal is flat: {body}");
    (told.status, told.code.clone().unwrap_or_else(|| panic!("no refusal: {body}")))
}

pub(crate) fn refused(told: &Told, status: u16, code: &str) {
    assert_eq!(refusal(told), (status, code.to_owned()), "{}", told.body);
}

pub(crate) fn header<'a>(told: &'a Told, name: &str) -> Option<&'a str> {
    told.headers.iter().find(|(given, _)| *given == name).map(|(_, value)| value.as_str())
}

pub(crate) fn fixture(name: &str) -> Value {
    let path = format!("{}/../../fixtures/brandpay/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The names of all members, at every depth: `card.issuerCode`, `cancels[].cancelAmount`.
pub(crate) fn members(value: &Value) -> Vec<String> {
    fn walk(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                for (name, value) in map {
                    let at = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                    found.push(at.clone());
                    walk(value, &at, found);
                }
            }
            Value::Array(list) => list.iter().for_each(|value| walk(value, &format!("{at}[]"), found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(value, "", &mut found);
    found.sort();
    found.dedup();
    found
}
