//! What is kept of the money as things change, against going through everything.

use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime},
};

use serde_json::{Value, json};

use super::{Bench, EXECUTE, USER, oracle, request};
use crate::{
    api::{Patch, Rng, promotion::SAMPLE_CODE},
    engine::Plan,
};

pub(super) const KEY: &str = "Basic dGVzdF9za195WnFta0tlUDhnSlhQeHprelFQeHJiUVJ4QjlsOg==";
const RULES: [&str; 6] = [
    "execute_payment after_commit reset",
    "execute_promotion before_commit late_commit=3",
    "execute_promotion after_commit reset",
    "brandpay.confirm after_commit html",
    "brandpay.cancel mid_body reset",
    "refund_payment after_commit close",
];

/// A number below that one.
fn below(rng: &mut Rng, most: u32) -> u32 {
    u32::from_le_bytes(rng.bytes()) % most
}

/// A call of BrandPay; its path has this in the place of its parameter.
pub(super) fn brandpay(bench: &mut Bench, name: &str, path: &str, body: Value) -> Plan {
    let mut request = request(name, &[("authorization", KEY)], body);
    request.path = request.path.replace("{paymentKey}", path).replace("{orderId}", path);
    bench.send(request)
}

/// One of many things that a shop does.
fn call(bench: &mut Bench, rng: &mut Rng, keys: &mut Vec<String>) {
    let some = below(rng, 12);
    let user = if below(rng, 4) == 0 { "7" } else { USER };
    let tokens: Vec<String> = bench.0.core.world.pay.payments.keys().cloned().collect();
    let token = tokens.get(usize::try_from(below(rng, 8)).unwrap()).cloned().unwrap_or_default();
    match below(rng, 12) {
        0 | 1 => drop(bench.make(&format!("o-{some}"))),
        2 | 3 => drop(bench.pay("tosspay.execute_payment", &token)),
        4 => drop(bench.pay("tosspay.refund_payment", &token)),
        5 => keys.push(bench.get_key()),
        6 | 7 => {
            let key = keys.get(keys.len().saturating_sub(1 + usize::try_from(some % 4).unwrap()));
            let body = json!({"promotionCode": SAMPLE_CODE, "key": key, "amount": 1 + some % 2});
            bench.call(EXECUTE, user, body);
        }
        8 => {
            let body = json!({"promotionCode": SAMPLE_CODE, "key": keys.last()});
            bench.call("promotion.execution_result", USER, body);
        }
        9 => {
            let body = json!({"paymentKey": format!("emu-{some}"), "orderId": format!("order-{}", some % 6),
                "amount": 1000, "customerKey": "customer"});
            brandpay(bench, "brandpay.confirm", "", body);
        }
        10 => {
            let body = json!({"cancelReason": "x", "cancelAmount": 300});
            brandpay(bench, "brandpay.cancel", &format!("emu-{some}"), body);
        }
        _ => {
            let body = json!({"templateSetCode": "t", "context": {}});
            bench.call("messenger.send_message", user, body);
        }
    }
}

/// Somebody changes the state behind the back of the API.
fn edit(bench: &mut Bench, rng: &mut Rng) {
    let world = &mut bench.0.core.world;
    let payment = world.pay.payments.keys().last().cloned().unwrap_or_default();
    let first = world.brandpay.payments.keys().next().cloned().unwrap_or_default();
    match below(rng, 12) {
        0 => drop(world.pay.payments.remove(&payment)),
        1 => drop(world.pay.settle(&payment)),
        2 => world.pay.payments.values_mut().for_each(|payment| payment.amounts.amount += 1),
        3 => drop(world.brandpay.payments.get_mut(&first).map(|payment| payment.balance -= 1)),
        4 => world.brandpay.payments.clear(),
        5 => world.messenger.sent.clear(),
        6 => world.promotion.promotions.clear(),
        7 => world.promotion.top_up(7),
        8 => {
            let mut list = serde_json::to_value(&world.ledger).unwrap();
            let entries = list.as_array_mut().unwrap();
            entries.truncate(entries.len() * 3 / 4);
            world.patch(&json!({"ledger": list})).unwrap();
            world.audit_anew();
        }
        9 => world
            .patch(
                &json!({"promotion": {"promotions": {(SAMPLE_CODE): {"given": {"1": 3}, "failing": true}}}}),
            )
            .unwrap(),
        10 => *world = serde_json::from_value(serde_json::to_value(&*world).unwrap()).unwrap(),
        _ => world.patch(&json!({"brandpay": {"payments": null}, "promotion": {"grants": null}})).unwrap(),
    }
}

#[test]
fn what_is_kept_says_what_going_through_everything_says() {
    let mut broken = BTreeSet::new();
    for seed in 0..30 {
        let (mut bench, mut rng, mut keys) = (Bench::seeded(seed), Rng::new(seed), Vec::<String>::new());
        let switches = &mut bench.0.core.switches;
        switches.failed_may_flip = seed % 2 == 0;
        switches.grant_lag_seconds = seed % 3;
        (switches.calls_per_user, switches.calls_per_brandpay_endpoint) = (0, 0);
        if seed % 5 == 0 {
            switches.dedupe = serde_json::from_value(json!("never")).unwrap();
        }
        for step in 0..150 {
            match below(&mut rng, 40) {
                0 if step > 40 => edit(&mut bench, &mut rng),
                1 | 2 => bench.arm(RULES[usize::try_from(below(&mut rng, 6)).unwrap()]),
                3 => {
                    bench.advance(Duration::from_secs(u64::from(below(&mut rng, 5))));
                    bench.catch_up();
                }
                4 => bench.0.core.world.audit(),
                5 => {
                    let now = bench.0.clock.now(SystemTime::UNIX_EPOCH);
                    if let Some(key) = keys.last() {
                        bench.0.core.world.promotion.fail(key, now);
                    }
                }
                _ => call(&mut bench, &mut rng, &mut keys),
            }
            let world = &bench.0.core.world;
            let mut kept = bench.0.core.violations();
            kept.sort_unstable();
            assert_eq!(kept, oracle::violations(world), "seed {seed}, step {step}");
            broken.extend(kept.into_iter().map(|violation| violation.rule));
        }
    }
    // Ways to break a rule are among them.
    assert!(broken.contains("no-double-pay") && broken.contains("sums-equal"), "{broken:?}");
}
