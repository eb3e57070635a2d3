//! How fast the emulator is with many records, and how long its control API keeps everybody waiting.
//!
//! `cargo run --release -p ait-emulator --example scale -- 1000 1000000` prints one table for each number of records.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a measurement ends where it cannot go on"
)]
#![allow(missing_docs, reason = "a program")]

mod fill;

use std::{
    error::Error,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use ait_emulator::{
    Emulator,
    api::{Face, Host, Request, routes},
    engine::{Clock, Engine},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const FOR: Duration = Duration::from_secs(1);
const KEY: &str = "Basic dGVzdF9za195WnFta0tlUDhnSlhQeHprelFQeHJiUVJ4QjlsOg==";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut counts: Vec<usize> =
        std::env::args().skip(1).map(|count| count.parse()).collect::<Result<_, _>>()?;
    if counts.is_empty() {
        counts = vec![1_000, 1_000_000];
    }
    for count in counts {
        println!("{count} records of each kind");
        let begun = Instant::now();
        let snapshot = serde_json::from_str(&fill::state(count))?;
        println!("  {:<40} {:>12.1?}", "reading the state", begun.elapsed());
        let mut engine = Engine::new(7, Clock::manual());
        engine.restore(snapshot);
        (engine.core.switches.calls_per_brandpay_endpoint, engine.core.switches.calls_per_user) = (0, 0);
        calls(&mut engine);
        control(engine).await?;
    }
    Ok(())
}

/// Calls a second, each answered by the API itself, without sockets.
fn calls(engine: &mut Engine) {
    let rate = |name: &str, call: &mut dyn FnMut(usize)| {
        let begun = Instant::now();
        let mut done = 0;
        while begun.elapsed() < FOR {
            call(done);
            done += 1;
        }
        let rate = f64::from(u32::try_from(done).unwrap_or(u32::MAX)) / begun.elapsed().as_secs_f64();
        println!("  {name:<40} {rate:>10.0}/s");
    };
    // What was freed while the state was read is sorted by the allocator first.
    let begun = Instant::now();
    for number in 0.. {
        let body = json!({"paymentKey": format!("emu-w{number}"), "orderId": format!("order-w{number}"), "amount": 1000,
            "customerKey": format!("customer-{}", number % 1000)});
        call(engine, "brandpay.confirm", &body, 0);
        if begun.elapsed() > 8 * FOR {
            break;
        }
    }
    rate("brandpay.confirm", &mut |number| {
        let body = json!({"paymentKey": format!("emu-n{number}"), "orderId": format!("order-n{number}"), "amount": 1000,
            "customerKey": format!("customer-{}", number % 1000)});
        let told = call(engine, "brandpay.confirm", &body, 0);
        assert_eq!(told["status"], "DONE", "{told}");
    });
    rate("tosspay.make_payment, execute_payment", &mut |number| {
        let body = json!({"orderNo": format!("n{number}"), "productDesc": "x", "amount": 10, "amountTaxFree": 0,
            "isTestPayment": true});
        let made = call(engine, "tosspay.make_payment", &body, number);
        let body = json!({"payToken": made["success"]["payToken"], "isTestPayment": true});
        let told = call(engine, "tosspay.execute_payment", &body, number);
        assert_eq!(told["resultType"], "SUCCESS", "{told}");
    });
    rate("promotion.get_key, execute_promotion", &mut |number| {
        let key = call(engine, "promotion.get_key", &json!({}), number);
        let body =
            json!({"promotionCode": "01JPPJ6SB66BQXXDAKRQZ6SZD7", "key": key["success"]["key"], "amount": 1});
        let told = call(engine, "promotion.execute_promotion", &body, number);
        assert_eq!(told["resultType"], "SUCCESS", "{told}");
    });
    rate("brandpay.payment_by_order", &mut |number| {
        let order = format!("order-{}", number % 1000);
        let told =
            send(engine, Face::BrandPay, "GET", &format!("/v1/payments/orders/{order}"), &Value::Null, 0);
        assert_eq!(told["status"], "DONE", "{told}");
    });
}

fn call(engine: &mut Engine, name: &str, body: &Value, user: usize) -> Value {
    let route = routes().find(|route| route.name == name).expect("there is one");
    let face = if route.host == Host::BrandPay { Face::BrandPay } else { Face::AppsInToss };
    send(engine, face, route.method, route.path, body, user)
}

fn send(engine: &mut Engine, face: Face, method: &str, path: &str, body: &Value, user: usize) -> Value {
    let mut headers = http::HeaderMap::new();
    if face == Face::BrandPay {
        headers.insert("authorization", KEY.parse().expect("text"));
    } else {
        headers.insert("x-toss-user-key", (10_000_000 + user % 10_000).to_string().parse().expect("text"));
    }
    let request = Request {
        face,
        method: method.to_owned(),
        path: path.to_owned(),
        query: String::new(),
        headers,
        body: body.to_string().into(),
        app: Some("my-app".to_owned()),
    };
    engine.clock.advance(Duration::from_millis(100), std::time::SystemTime::now());
    let now = engine.now(std::time::SystemTime::now());
    let mut rng = engine.rng().clone();
    let handled = engine.core.handle(&request, now, &mut rng);
    *engine.rng() = rng;
    serde_json::from_str(&handled.answer.body).expect("JSON")
}

/// How long a call of the control API takes, and how long the longest wait was for somebody else meanwhile.
async fn control(engine: Engine) -> Result<(), Box<dyn Error>> {
    let emulator = Arc::new(Emulator::builder().start().await?);
    emulator.engine(|held| {
        held.restore(engine.snapshot());
        // The clock of before: nothing expires.
        held.clock = engine.clock;
    });
    drop(engine);
    let description = json!({"world": {"pay": {"payments": {"token-7": {"product_desc": "tea"}}}}});
    for (method, path, body) in [
        ("GET", "/invariants", Value::Null),
        ("GET", "/ledger?after=100&limit=1000", Value::Null),
        ("GET", "/ledger", Value::Null),
        ("GET", "/state", Value::Null),
        ("PATCH", "/state", description),
        ("PATCH", "/state", json!({"switches": {"failure_status": "listed"}})),
    ] {
        let stop = Arc::new(AtomicBool::new(false));
        let probe = std::thread::spawn({
            let (stop, emulator) = (Arc::clone(&stop), Arc::clone(&emulator));
            move || {
                let mut longest = Duration::ZERO;
                while !stop.load(Ordering::Acquire) {
                    let begun = Instant::now();
                    let _ = emulator.now();
                    longest = longest.max(begun.elapsed());
                    std::thread::sleep(Duration::from_micros(100));
                }
                longest
            }
        });
        let begun = Instant::now();
        let size = ask(&emulator, method, path, &body).await?;
        let took = begun.elapsed();
        stop.store(true, Ordering::Release);
        let longest = probe.join().map_err(|_| "the probe ended")?;
        let name = format!("{method} {path}");
        println!("  {name:<40} {took:>12.1?}, others waited {longest:.1?}, {size} octets");
    }
    Ok(())
}

async fn ask(emulator: &Emulator, method: &str, path: &str, body: &Value) -> Result<usize, Box<dyn Error>> {
    let address = emulator.control_url();
    let mut stream = TcpStream::connect(address.trim_start_matches("http://")).await?;
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let head = format!(
        "{method} /_ctl/v1{path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let first = answer.split(|byte| *byte == b'\r').next().unwrap_or_default();
    assert_eq!(first, b"HTTP/1.1 200 OK", "{}", String::from_utf8_lossy(&answer[..answer.len().min(400)]));
    Ok(answer.len())
}
