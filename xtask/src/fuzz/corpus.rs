//! What the fuzzer begins with: the documented samples, in the form that each target reads.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use snafu::{ResultExt, Whatever};

/// A documented sample.
struct Sample {
    /// `tosspay/execute-payment.request`
    name: String,
    text: String,
}

/// Writes the beginnings of a target into its corpus. What the fuzzer has learned stays.
pub(super) fn sow(target: &str, fixtures: &Path, corpus: &Path) -> Result<(), Whatever> {
    let samples = samples(fixtures)?;
    let seeds = match target {
        "envelope" => answers(&samples, |product| product != "brandpay", 16),
        "flat" => answers(&samples, |product| product == "brandpay", 18),
        "http" => samples.iter().flat_map(|sample| whole_answers(&sample.text)).collect(),
        "identity" => identities(),
        "profile" => profiles(&samples),
        "callbacks" => callbacks(&samples),
        "stored" => stored(&samples),
        "scalars" => scalars(&samples),
        "faults" => RULES.iter().map(|rule| rule.as_bytes().to_vec()).collect(),
        "core" => steps(),
        "control" => controls(),
        _ => Vec::new(),
    };
    for (number, seed) in seeds.iter().enumerate() {
        let file = corpus.join(format!("seed-{number}"));
        fs::write(&file, seed).with_whatever_context(|_| file.display().to_string())?;
    }
    Ok(())
}

fn samples(fixtures: &Path) -> Result<Vec<Sample>, Whatever> {
    let list = |folder: &Path| -> Result<Vec<PathBuf>, Whatever> {
        let entries = fs::read_dir(folder).with_whatever_context(|_| folder.display().to_string())?;
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        Ok(paths)
    };
    let mut samples = Vec::new();
    for product in list(fixtures)? {
        for file in list(&product)? {
            let text = fs::read_to_string(&file).with_whatever_context(|_| file.display().to_string())?;
            let name = file.strip_prefix(fixtures).whatever_context("a sample lies elsewhere")?;
            let name = name.with_extension("").display().to_string();
            samples.push(Sample { name, text });
        }
    }
    Ok(samples)
}

impl Sample {
    fn product(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }

    fn is(&self, kind: &str) -> bool {
        self.name.ends_with(kind)
    }
}

/// Each answer to each endpoint: as it is, refused, and with canaries.
fn answers(samples: &[Sample], wanted: impl Fn(&str) -> bool, endpoints: u8) -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    let bodies = samples.iter().filter(|sample| wanted(sample.product()) && !sample.is(".request"));
    for sample in bodies {
        for endpoint in 0..endpoints {
            for how in [0, 2, 8] {
                seeds.push([&[endpoint, how], sample.text.as_bytes()].concat());
            }
        }
    }
    seeds
}

fn whole_answers(body: &str) -> Vec<Vec<u8>> {
    let length = body.len();
    let heads = [
        format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        ),
        format!(
            "HTTP/1.1 400 Bad Request\r\nDate: Fri, 12 Sep 2025 07:57:12 GMT\r\nRetry-After: 3\r\nConnection: close\r\n\r\n{body}"
        ),
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n"),
        format!("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 500 X\r\nX-Trace-Id: abc\r\n\r\n{body}"),
    ];
    heads.iter().flat_map(|head| (0..3).map(|call| [&[call], head.as_bytes()].concat())).collect()
}

fn identities() -> Vec<Vec<u8>> {
    const BLOCK: &[u8] = b"-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ\n-----END CERTIFICATE-----\n\0-----BEGIN PRIVATE KEY-----\\nMC4CAQAwBQYDK2VwBCIEIA\\n-----END PRIVATE KEY-----\\n";
    let changes: [&[u8]; 4] = [b"", b"\0", b"\x00\x10A\x00\x20-\0\x00\x10A", BLOCK];
    (0..=255).flat_map(|how| changes.map(|change| [&[how], change].concat())).collect()
}

fn profiles(samples: &[Sample]) -> Vec<Vec<u8>> {
    let profile = |sample: &Sample| {
        let whole: Value = serde_json::from_str(&sample.text).ok()?;
        Some([b"\x02", whole.get("success")?.to_string().as_bytes()].concat())
    };
    let login = samples.iter().filter(|sample| sample.name.starts_with("login/login-me"));
    let mut seeds: Vec<_> = login.filter_map(profile).collect();
    for text in
        ["AwMDAwMDAwMDAwMD33IF5jujYifdTTU5Uzg2xUGiIEWm0MWj", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="]
    {
        seeds.extend([0_u8, 1, 3].map(|how| [&[how], text.as_bytes()].concat()));
    }
    seeds.push([b"\x03\x03\x0c\x01\x01", "홍길동".as_bytes()].concat());
    seeds
}

const QUERIES: [&str; 5] = [
    "userKey=443731103&referrer=UNLINK",
    "code=code-0123456789&customerKey=customer-0123456789",
    "paymentType=BRANDPAY&orderId=order-17&paymentKey=payment-0123456789&amount=4500",
    "code=PAY_PROCESS_CANCELED&message=%EC%82%AC%EC%9A%A9%EC%9E%90+&orderId=order-17",
    "a=%2B&b=+&c",
];
const HEADERS: [&str; 5] = [
    "Basic ZXhhbXBsZTpleGFtcGxl",
    "basic  ZXhhbXBsZTpleGFtcGxl ",
    "Basic subscriptions:a-long-secret",
    "Bearer c3Vic2NyaXB0aW9uczphLWxvbmctc2VjcmV0",
    "Basic",
];

fn callbacks(samples: &[Sample]) -> Vec<Vec<u8>> {
    let bodies = samples.iter().filter(|sample| sample.is(".callback") || sample.name.contains("/webhook."));
    let mut texts: Vec<&str> = bodies.map(|sample| sample.text.as_str()).collect();
    texts.extend(QUERIES.into_iter().chain(HEADERS));
    let doors = (0..6_u8).flat_map(|door| (0..4_u8).map(move |detail| [door, detail]));
    doors.flat_map(|door| texts.iter().map(move |text| [&door, text.as_bytes()].concat())).collect()
}

fn stored(samples: &[Sample]) -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for sample in samples.iter().filter(|sample| sample.name.contains(".request") || sample.is(".request")) {
        let Ok(Value::Object(mut request)) = serde_json::from_str(&sample.text) else { continue };
        request.insert("user".to_owned(), json!({"key": 443_731_104}));
        request.insert("idempotencyKey".to_owned(), json!("confirm-order-17"));
        request.insert("paymentKey".to_owned(), json!("payment-0123456789"));
        let call = sample.name.split(['/', '.']).take(2).collect::<Vec<_>>().join(".").replace('-', "_");
        for made_at in [1, 4_000_000_000_u64] {
            let ticket =
                json!({"v": 1, "endpoint": call, "request": request, "made_at": made_at}).to_string();
            seeds.extend([0, 1].map(|how| [&[how], ticket.as_bytes()].concat()));
            let answers = samples.iter().filter(|answer| answer.product() == sample.product());
            for answer in answers.filter(|answer| !answer.is(".request")) {
                seeds.push([b"\x02", ticket.as_bytes(), b"\0", answer.text.as_bytes()].concat());
            }
        }
    }
    let attempt = json!({"number": 1, "key": "k", "key_date": 1_760_000_000});
    let states = [
        json!({"planned": {"number": 1, "unsent": null}}),
        json!({"planned": {"number": 1, "unsent": attempt}}),
        json!({"executing": {"attempt": attempt}}),
        json!({"accepted": {"attempt": attempt, "asked": 3}}),
        json!({"doubt": {"attempt": attempt, "asked": 99, "used": false}}),
        json!({"doubt": {"attempt": attempt, "asked": 0, "used": true}}),
        json!({"probe": {"attempt": attempt, "asked": 1, "refused": true, "retry": false}}),
        json!({"probe": {"attempt": attempt, "asked": 1, "refused": false, "retry": true}}),
        json!({"retry": {"attempt": attempt, "asked": 1}}),
        json!({"paid": {"attempt": attempt}}),
        json!({"failed": {"attempt": attempt}}),
        json!({"refused": {"attempt": attempt, "code": "4109"}}),
        json!({"parked": {"attempt": attempt, "why": {"probe_answered": {"code": "4110"}}}}),
    ];
    for state in &states {
        seeds.push([b"\x05", state.to_string().as_bytes()].concat());
        let grant = json!({"user": {"key": 1}, "promotionCode": "P", "amount": 10});
        seeds.push([b"\x03", json!({"grant": grant, "state": state}).to_string().as_bytes()].concat());
    }
    for sample in samples.iter().filter(|sample| sample.name.contains("token")) {
        let success =
            serde_json::from_str::<Value>(&sample.text).ok().and_then(|whole| whole.get("success").cloned());
        seeds.extend(success.map(|success| [b"\x04", success.to_string().as_bytes()].concat()));
    }
    seeds
}

const TEXTS: [&str; 18] = [
    "4500",
    "4500.0",
    "-1",
    "+10",
    "1e3",
    "10.99",
    "9007199254740993",
    "9223372036854775807",
    "18446744073709551615",
    "999999999999999999",
    "0.1",
    "2025-04-17 12:32:10",
    "2025-09-12T16:57:12.123456+09:00",
    "2025-09-12T16:57:12Z",
    "true",
    "N",
    "DONE",
    r#"{"key":443731104}"#,
];

/// Each value of the samples, and a few more.
fn scalars(samples: &[Sample]) -> Vec<Vec<u8>> {
    let mut texts: Vec<String> = TEXTS.map(str::to_owned).to_vec();
    for sample in samples {
        if let Ok(value) = serde_json::from_str(&sample.text) {
            collect(&value, &mut texts);
        }
    }
    texts.sort();
    texts.dedup();
    texts.iter().flat_map(|text| [0, 1].map(|how| [&[how], text.as_bytes()].concat())).collect()
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Number(number) => texts.push(number.to_string()),
        Value::Array(values) => values.iter().for_each(|value| collect(value, texts)),
        Value::Object(members) => members.values().for_each(|value| collect(value, texts)),
        _ => {}
    }
}

const RULES: [&str; 6] = [
    "promotion.execute_promotion after_commit reset user=443731104 nth=3",
    "* before_commit hang p=0.05 times=any",
    "cancel after_commit fail=NOT_CANCELABLE_AMOUNT code=4110 times=7",
    "* accept delay=3000",
    "* after_commit truncate=10",
    r#"{"armed":[{"id":0,"rule":"* before_commit late_commit=60","seen":0,"done":0}],"next_id":1,"spent":["x"]}"#,
];

/// Each endpoint, with each of the first words, and a few whole stories.
fn steps() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for endpoint in 0..40 {
        for word in [0, 3, 8, 9] {
            let step = [endpoint, 0, word, 0, 5, 0];
            let money = [193, 0, word, 0, 5, 0];
            seeds.push(
                [step, money, step, [endpoint + 1, 0, word, 0, 5, 0], [endpoint + 2, 0, word, 0, 5, 4]]
                    .concat(),
            );
        }
        seeds.push([&[226, 0, 20, 0, 0, 0], [endpoint].as_slice(), b"\na=b\n{\"amount\":1}"].concat());
    }
    // A payment is made, approved, executed and given back. Its token is the tenth word.
    seeds.push([[9, 0, 9, 0, 5, 0], [193, 0, 9, 0, 5, 0], [10, 0, 9, 0, 5, 0], [11, 0, 9, 0, 5, 0]].concat());
    seeds.push([&[224, 0, 30, 0, 0, 0], b"POST\n/v1/brandpay/terms?a=%ff\n{}".as_slice()].concat());
    seeds
}

fn controls() -> Vec<Vec<u8>> {
    const BODIES: [(u8, &str); 18] = [
        (
            0,
            r#"{"world":{"promotion":{"promotions":{"P":{"budget":1000000}}}},"clock":{"manual":{"now":1,"tick_millis":0}}}"#,
        ),
        (0, r#"{"world":{"users":{"7":null},"limits":{"app:":[1]}},"seeds":[1,2],"calls":7}"#),
        (1, r#"{"world":{},"switches":{},"faults":{},"clock":{"wall":{"ahead_millis":-1}}}"#),
        (1, r#"{"clock":{"wall":{"ahead_millis":-9223372036854775808}}}"#),
        (1, r#"{"clock":{"manual":{"now":18446744073709551615,"tick_millis":18446744073709551615}}}"#),
        (6, r#"{"unixMillis":18446744073709551615}"#),
        (7, r#"{"seconds":18446744073709551615}"#),
        (2, r#"{"failure_status":"listed","grant_lag_seconds":60,"invalid_grant_status":400}"#),
        (3, r#"{"email":"a@b.kr","linked":false}"#),
        (4, r#"{"budget":1000000,"status":"running"}"#),
        (5, r#"{"rule":"promotion.execute_promotion after_commit reset"}"#),
        (6, r#"{"unixMillis":1767193200000}"#),
        (7, r#"{"seconds":3600}"#),
        (8, r#"{"variables":["storeName"]}"#),
        (9, r#"{"sku":"s","status":"PURCHASED","user":7}"#),
        (10, r#"{"orderId":"o","amount":1000,"customerKey":"c"}"#),
        (14, "confirm-after_commit-reset"),
        (15, "DELETE\n/faults/1\n"),
    ];
    BODIES.iter().map(|(door, body)| [&[*door], body.as_bytes()].concat()).collect()
}
