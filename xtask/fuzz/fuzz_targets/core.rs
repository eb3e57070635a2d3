//! The emulator's API without I/O: any requests, one after another, and the invariants after each.
//!
//! Six bytes are a step. A step calls an endpoint with a body made of words that the world has used before, or does what
//! users and the shop do outside of the API, or sends the bytes that follow as they are.
#![no_main]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a finding is a panic")]

use std::time::Duration;

use ait_emulator::api::{
    Core, Face, Handled, Request, Rng, Route, Time, World, iap,
    promotion::{self, Promotion},
    routes,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

const STEPS: usize = 40;

fuzz_target!(|data: &[u8]| {
    let mut stage = Stage::new();
    let mut left = data;
    for _ in 0..STEPS {
        let Some((step, rest)) = left.split_first_chunk::<6>() else { break };
        left = stage.step(*step, rest);
        let violations = stage.core.violations();
        assert!(violations.is_empty(), "{violations:?}");
    }
    let text = serde_json::to_string(&stage.core.world).unwrap();
    let again: World = serde_json::from_str(&text).unwrap();
    assert!(again == stage.core.world, "the world is stored as another one: {text}");
});

struct Stage {
    core: Core,
    now: Time,
    rng: Rng,
    /// Texts that were sent or answered.
    words: Vec<String>,
    routes: Vec<&'static Route>,
}

impl Stage {
    fn new() -> Self {
        let mut rng = Rng::new(7);
        let mut core = Core::new(&mut rng);
        core.switches.calls_per_app = 0;
        core.switches.calls_per_user = 0;
        core.switches.calls_per_brandpay_endpoint = 0;
        core.world.promotion.promotions.insert("PROMOTION".to_owned(), Promotion::new(100_000));
        core.world.promotion.top_up(50_000);
        let words =
            ["order-1", "order-2", "customer-1", "PROMOTION", "TEST_PROMOTION", "443731104", "", "REGISTER"];
        let now = Time::from_unix_millis(1_760_000_000_000);
        let words = words.map(str::to_owned).to_vec();
        Self { core, now, rng, words, routes: routes().collect() }
    }

    fn step<'a>(&mut self, step: [u8; 6], rest: &'a [u8]) -> &'a [u8] {
        let [what, who, a, b, c, d] = step;
        match what {
            0..=191 => {
                let route = self.routes[usize::from(what) % self.routes.len()];
                let body = self.body(route, [a, b, c, d]);
                let path = self.path(route.path, a);
                self.call(route.host.face(), route.method, &path, who, body.to_string().into_bytes());
                rest
            }
            192..=223 => {
                self.outside(what, who, [a, b, c, d]);
                rest
            }
            _ => {
                let (raw, rest) = rest.split_at(rest.len().min(usize::from(a)));
                self.raw(what, who, raw);
                rest
            }
        }
    }

    fn word(&self, at: u8) -> String {
        self.words[usize::from(at) % self.words.len()].clone()
    }

    fn path(&self, template: &str, at: u8) -> String {
        let parts = template
            .split('/')
            .map(|part| if part.starts_with('{') { self.word(at) } else { part.to_owned() });
        parts.collect::<Vec<_>>().join("/")
    }

    /// Every member that an endpoint may look for.
    fn body(&self, route: &Route, [a, b, c, d]: [u8; 4]) -> Value {
        let (first, second) = (self.word(a), self.word(b));
        let amount = amount(c);
        let mut body = json!({
            "payToken": first, "orderNo": second, "amount": amount, "amountTaxFree": if d & 1 == 0 { 0 } else { amount },
            "isTestPayment": d & 2 == 0, "productDesc": "커피", "reason": "환불", "promotionCode": second,
            "key": first, "userKey": 443_731_104, "authorizationCode": first, "refreshToken": first,
            "referrer": "DEFAULT", "orderId": second, "paymentKey": first, "customerKey": self.word(d),
            "methodKey": first, "orderName": "커피", "cancelReason": "환불", "grantType": "AuthorizationCode",
            "code": first, "scope": ["REGISTER"], "termsId": [1], "templateSetCode": "template", "deploymentId": "1",
            "context": {}, "contextList": [{"userKey": 443_731_104, "context": {}}], "anonKey": first,
        });
        let members = body.as_object_mut().unwrap();
        if d & 4 != 0 {
            members.insert("cancelAmount".to_owned(), amount.into());
        }
        if route.name == "promotion.execute_promotion" && d & 8 == 0 {
            members.insert("promotionCode".to_owned(), "PROMOTION".into());
        }
        if route.name == "brandpay.automatic_payment" {
            members.insert("taxFreeAmount".to_owned(), 0.into());
        }
        // One that is missing, or another kind of thing.
        if d & 0x30 == 0x30 {
            let name = members.keys().nth(usize::from(c) % members.len()).unwrap().clone();
            if d & 0x40 == 0 {
                members.remove(&name)
            } else {
                members.insert(name, odd(c))
            };
        }
        body
    }

    fn call(&mut self, face: Face, method: &str, target: &str, who: u8, body: Vec<u8>) {
        let (path, query) = Request::split(target);
        let headers = self.headers(who);
        let (path, query) = (path.to_owned(), query.to_owned());
        let app = (who & 0x80 == 0).then(|| "my-app".to_owned());
        let request =
            Request { face, method: method.to_owned(), path, query, headers, body: body.into(), app };
        self.handle(&request);
        // Many a caller that loses an answer sends it again.
        if who & 0x40 == 0 {
            self.handle(&request);
        }
    }

    fn headers(&self, who: u8) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let mut set = |name: &'static str, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        };
        match who & 3 {
            0 | 1 => set("x-toss-user-key", if who & 1 == 0 { "443731104" } else { "7" }),
            2 => set("x-anon-key", &self.word(who >> 2)),
            _ => {}
        }
        let shop = self.core.world.brandpay.secret_key().unwrap_or_default();
        match who & 0x0c {
            0 | 4 => set("authorization", &format!("Basic {}", base64(&format!("{shop}:")))),
            8 => set("authorization", &format!("Bearer {}", self.word(who >> 4))),
            _ => {}
        }
        // A key of its own for each word, and none for some.
        if who & 0x10 == 0 {
            set("idempotency-key", &format!("key-{}-{}", self.words.len(), who >> 5));
        } else if who & 0x20 == 0 {
            set("idempotency-key", "key");
        }
        headers
    }

    fn handle(&mut self, request: &Request) {
        let Handled { endpoint, answer, entries, .. } = self.core.handle(request, self.now, &mut self.rng);
        let said = format!("{endpoint:?} {} {}", answer.status, answer.body);
        assert!((200..600).contains(&answer.status) && answer.status != 500, "{said}");
        let body: Value =
            serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {said}"));
        for (name, value) in &answer.headers {
            assert!(HeaderValue::from_str(value).is_ok(), "{name}: {said}");
        }
        assert!(endpoint.is_some() || entries.is_empty(), "money moved without an endpoint: {said}");
        assert!(answer.status < 400 || entries.is_empty(), "money moved and it was refused: {said}");
        self.learn(&body);
        self.now = self.now.plus(Duration::from_millis(100));
    }

    fn learn(&mut self, body: &Value) {
        match body {
            Value::String(word)
                if word.len() <= 200 && !self.words.contains(word) && self.words.len() < 200 =>
            {
                self.words.push(word.clone());
            }
            Value::Array(values) => values.iter().for_each(|value| self.learn(value)),
            Value::Object(members) => members.values().for_each(|value| self.learn(value)),
            _ => {}
        }
    }

    /// What users, buyers and the shop do.
    fn outside(&mut self, what: u8, who: u8, [a, b, c, d]: [u8; 4]) {
        let (first, second) = (self.word(a), self.word(b));
        let world = &mut self.core.world;
        let rng = &mut self.rng;
        let learnt = match what % 16 {
            0 => Some(world.login.authorize(443_731_104, "DEFAULT", self.now, rng)),
            1 => world.pay.approve(&first, self.now).then_some(first),
            2 => world.pay.cancel(&first, self.now).then_some(first),
            3 => world.pay.release(&first).then_some(first),
            4 => world.pay.settle(&first).then_some(first),
            5 => world.promotion.fail(&first, self.now).then_some(first),
            6 => {
                world.promotion.top_up(amount(c).clamp(1, 1_000_000));
                None
            }
            7 => {
                let won = amount(c).clamp(1, 1_000_000_000_000);
                Some(world.brandpay.authenticate(&second, won, &first, None, self.now, rng))
            }
            8 => Some(world.brandpay.redirect_code(first, self.now, rng)),
            9 => {
                let card = ait_emulator::api::brandpay::Card::new(self.now, rng);
                Some(world.brandpay.register_card(first, card))
            }
            10 => {
                let order = iap::Order::new("sku", iap::OrderStatus::Purchased, self.now);
                Some(world.order(order, rng))
            }
            11 => {
                self.core.switches.grant_lag_seconds = u64::from(c) * 30;
                None
            }
            12 => {
                world.pay.shop.hold = d & 1 == 1;
                world.pay.shop.points = amount(c).clamp(0, 1_000_000);
                None
            }
            13 => {
                world.pay.shop.instant_discount = amount(c).clamp(0, 1_000_000);
                None
            }
            14 => {
                promotion::settle(world, self.now);
                None
            }
            _ => {
                self.now = self.now.plus(Duration::from_secs(u64::from(who) * 60 * u64::from(c)));
                None
            }
        };
        self.words.extend(learnt.filter(|word| word.len() <= 200));
        if self.words.len() > 200 {
            self.words.truncate(200);
        }
    }

    /// Method, target and body, parted by line breaks.
    fn raw(&mut self, what: u8, who: u8, raw: &[u8]) {
        let mut parts = raw.splitn(3, |byte| *byte == b'\n');
        let mut next = || parts.next().unwrap_or_default();
        let (method, target, body) = (next(), next(), next().to_vec());
        let face = if what & 1 == 0 { Face::AppsInToss } else { Face::BrandPay };
        let target = String::from_utf8_lossy(target).into_owned();
        if what & 2 == 0 {
            self.call(face, &String::from_utf8_lossy(method), &target, who, body);
        } else {
            // A path that is there, and any body.
            let at = method.first().copied().unwrap_or_default();
            let route = self.routes[usize::from(at) % self.routes.len()];
            let path = format!("{}?{target}", self.path(route.path, who));
            self.call(route.host.face(), route.method, &path, who, body);
        }
    }
}

fn amount(selector: u8) -> i64 {
    const AMOUNTS: [i64; 16] = [
        0,
        1,
        10,
        100,
        1_000,
        4_500,
        5_000,
        10_000,
        50_000,
        100_000,
        -1,
        -4_500,
        1_000_000_000_000,
        9_007_199_254_740_993,
        i64::MAX,
        i64::MIN,
    ];
    AMOUNTS[usize::from(selector) % AMOUNTS.len()]
}

fn odd(selector: u8) -> Value {
    match selector % 8 {
        0 => Value::Null,
        1 => json!([]),
        2 => json!({"a": [1]}),
        3 => json!(1e300),
        4 => json!("x".repeat(5000)),
        5 => json!(true),
        6 => json!("\u{0}\u{202e}--emu-any-after_commit-reset"),
        _ => json!(u64::MAX),
    }
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}
