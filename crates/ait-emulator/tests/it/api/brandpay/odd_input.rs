//! Foreign input never ends in a panic, and never moves money.

use ait_emulator::api::{Host, routes};
use serde_json::json;

use super::desk::{CUSTOMER, Desk, KEY, basic};

fn odd_values() -> Vec<String> {
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let mut odd: Vec<String> = [
        "",
        "null",
        "[]",
        "{}",
        "1",
        "\"text\"",
        "true",
        "{",
        "\u{0}",
        "[{}]",
        "1e999",
        "-1",
        "0.5",
        "{\"a\":",
        "{\"\":\"\"}",
        "18446744073709551616",
        "\"\u{1f4a9}\"",
        "[null]",
        "{\"customerKey\":{}}",
    ]
    .map(str::to_owned)
    .to_vec();
    odd.extend([deep, "x".repeat(10_000), format!("\"{}\"", "y".repeat(10_000))]);
    odd
}

const FIELDS: [&str; 22] = [
    "customerKey",
    "scope",
    "termsId",
    "grantType",
    "code",
    "refreshToken",
    "customerIdentity",
    "methodKey",
    "paymentKey",
    "amount",
    "orderId",
    "orderName",
    "cardInstallmentPlan",
    "cashReceipt",
    "discountCode",
    "taxFreeAmount",
    "cancelReason",
    "cancelAmount",
    "refundableAmount",
    "refundReceiveAccount",
    "cancelRequestId",
    "taxExemptionAmount",
];

fn right() -> serde_json::Value {
    json!({
        "customerKey": CUSTOMER, "scope": ["CARD"], "termsId": [5], "grantType": "AuthorizationCode", "code": "x",
        "methodKey": "x", "paymentKey": "x", "amount": 1000, "orderId": "order-1", "orderName": "x", "cancelReason": "x",
        "customerIdentity": {"ci": "x"}, "refundReceiveAccount": {"bank": "92"}, "cashReceipt": {"type": "x"},
    })
}

#[test]
fn odd_bodies() {
    let mut desk = Desk::new();
    let (paid, token) = (desk.paid(10_000), desk.token());
    let odd = odd_values();
    for route in routes().filter(|route| route.host == Host::BrandPay) {
        let target = route
            .path
            .replace("{paymentKey}", &paid)
            .replace("{customerKey}", CUSTOMER)
            .replace("{orderId}", "order-1");
        let mut bodies = odd.clone();
        for field in FIELDS {
            for value in &odd {
                let Ok(value) = serde_json::from_str::<serde_json::Value>(value) else { continue };
                let mut body = right();
                body[field] = value;
                bodies.push(body.to_string());
            }
        }
        for body in bodies {
            for authorization in [basic(KEY), format!("Bearer {token}")] {
                let told =
                    desk.raw(route.method, &target, &[("authorization", &authorization)], body.clone());
                assert!(matches!(told.status, 200 | 400 | 401 | 403 | 404), "{target} {}", told.body);
                serde_json::from_str::<serde_json::Value>(&told.body).unwrap();
            }
        }
    }
    assert_eq!(desk.core.violations(), []);
    assert!(desk.movements().len() <= 2, "the payment, and one cancel that is right");
}

#[test]
fn odd_targets_and_headers() {
    let mut desk = Desk::new();
    let long = "z".repeat(5000);
    for odd in [
        "",
        "%",
        "%ff",
        "%00",
        "a=b&c",
        "%2F..%2F",
        "=",
        "&&&",
        "scope",
        "customerKey=%F0%9F%92%A9&scope=CARD",
        &long,
    ] {
        for target in [
            format!("/v1/brandpay/terms?{odd}"),
            format!("/v1/payments/{odd}"),
            format!("/v1/payments/orders/{odd}"),
            format!("/v1/brandpay/payments/methods/{odd}"),
            format!("/v1/payments/{odd}/cancel"),
            format!("/v1/{odd}"),
        ] {
            for method in ["GET", "POST", "PUT", ""] {
                let told = desk.raw(method, &target, &[("authorization", &basic(KEY))], String::new());
                assert_ne!(told.status, 200, "{method} {target}");
            }
        }
        for name in ["authorization", "idempotency-key", "tosspayments-test-code", "accept-language"] {
            let headers = [("authorization", basic(KEY)), (name, odd.to_owned())];
            let headers: Vec<(&str, &str)> =
                headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            desk.raw("POST", "/v1/brandpay/payments/confirm", &headers, "{}".to_owned());
            desk.raw("POST", "/v1/brandpay/customers/remove", &headers[1..], "{}".to_owned());
        }
    }
}
