//! The emulator with its sockets, seen from a client as bare as can be.

#![allow(clippy::needless_pass_by_value, reason = "a body is made where it is sent: json!({…})")]

mod wire;

use std::time::Duration;

use self::wire::{Ending, Heard, Wire};
use ait_emulator::{
    ClientAuth, Emulator, ServerCertificate,
    api::{Movement, Time},
    engine::Clock,
};
use serde_json::{Value, json};

const GET_KEY: &str = "/api-partner/v1/apps-in-toss/promotion/execute-promotion/get-key";

async fn under(rule: &str) -> (Emulator, Wire) {
    let emulator = Emulator::builder().seed(7).start().await.unwrap();
    if !rule.is_empty() {
        emulator.fault(rule).unwrap();
    }
    let wire = Wire::to(&emulator);
    (emulator, wire)
}

async fn hear(rule: &str) -> (Emulator, Heard) {
    let (emulator, wire) = under(rule).await;
    let heard = wire.post(GET_KEY, json!({})).await;
    (emulator, heard)
}

/// How many keys were made: whether the call was done.
fn made(emulator: &Emulator) -> usize {
    emulator.world(|core, _, _| core.world.promotion.keys().len())
}

#[tokio::test]
async fn the_connection_ends_as_the_rule_says_at_each_moment() {
    let (_usual, whole) = hear("").await;
    let whole = whole.text;
    let head = whole.find("\r\n\r\n").unwrap() + 4;
    for moment in [
        "accept",
        "tls",
        "after_read",
        "before_commit",
        "after_commit",
        "mid_headers",
        "mid_body",
        "after_answer",
    ] {
        let said = match moment {
            "mid_headers" => &whole[..head / 2],
            "mid_body" => &whole[..head + (whole.len() - head) / 2],
            "after_answer" => &whole[..],
            _ => "",
        };
        for (effect, ending) in [("reset", Ending::Reset), ("close", Ending::Closed), ("hang", Ending::Hung)]
        {
            let rule = format!("* {moment} {effect}");
            let before_tls = matches!(moment, "accept" | "tls");
            if before_tls && effect == "hang" {
                continue;
            }
            let (emulator, heard) = hear(&rule).await;
            assert_eq!(heard.text, said, "{rule}");
            assert_eq!(heard.ending, if before_tls { Ending::NoHandshake } else { ending }, "{rule}");
            let done = usize::from(!matches!(moment, "accept" | "tls" | "after_read" | "before_commit"));
            assert_eq!(made(&emulator), done, "{rule}");
            assert_eq!(Wire::to(&emulator).post(GET_KEY, json!({})).await.status(), 200, "{rule}: once");
        }
    }
}

#[tokio::test]
async fn a_handshake_can_hang() {
    for moment in ["accept", "tls"] {
        let (emulator, wire) = under(&format!("* {moment} hang")).await;
        let call = tokio::time::timeout(Duration::from_millis(200), wire.post(GET_KEY, json!({})));
        assert!(call.await.is_err(), "{moment}");
        assert_eq!(wire.post(GET_KEY, json!({})).await.status(), 200, "{moment}: once");
        emulator.drain(Duration::from_secs(30)).await;
    }
}

#[tokio::test]
async fn a_delay_goes_on_to_the_whole_answer() {
    let (_usual, whole) = hear("").await;
    for moment in ["accept", "tls", "after_read", "before_commit", "after_commit", "mid_headers", "mid_body"]
    {
        let rule = format!("* {moment} delay=1");
        let (emulator, heard) = hear(&rule).await;
        assert_eq!(heard.text, whole.text, "{rule}");
        assert_eq!(made(&emulator), 1, "{rule}");
    }
}

#[tokio::test]
async fn a_delay_before_the_commit_is_waited_out_before_anything_is_done() {
    let (emulator, wire) = under("get_key before_commit delay=3600000").await;
    let waiting = tokio::spawn(async move { wire.post(GET_KEY, json!({})).await });
    // It was read once the rule is done with.
    let read = async {
        while emulator.engine(|engine| engine.faults.armed()[0].done) == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), read).await.unwrap();
    assert_eq!(made(&emulator), 0);
    waiting.abort();
}

#[tokio::test]
async fn answers_in_the_place_of_the_apis() {
    for (effect, status, of_type, says) in [
        ("status=503", 503, "application/json", "INTERNAL_ERROR"),
        ("fail=4110", 200, "application/json", "4110"),
        ("result=INTERRUPTED", 200, "application/json", "INTERRUPTED"),
        ("invalid_json", 200, "application/json", r#"{"resultType":"SUCCESS","success":{""#),
        ("html", 502, "text/html", "nginx"),
    ] {
        for moment in ["after_read", "before_commit", "after_commit"] {
            let rule = format!("get_key {moment} {effect}");
            let (emulator, heard) = hear(&rule).await;
            assert_eq!(heard.status(), status, "{rule}");
            assert_eq!(heard.header("content-type"), of_type, "{rule}");
            assert_eq!(heard.header("x-emulator-basis"), "assumed:a fault that was asked for", "{rule}");
            assert!(heard.body().contains(says), "{rule}: {}", heard.body());
            assert_eq!(heard.header("content-length"), heard.body().len().to_string());
            assert_eq!(made(&emulator), usize::from(moment == "after_commit"), "{rule}");
        }
    }
}

#[tokio::test]
async fn a_body_cut_short_and_one_said_twice() {
    let (_usual, whole) = hear("").await;
    let head = whole.text.find("\r\n\r\n").unwrap() + 4;
    let (_emulator, heard) = hear("get_key after_commit truncate=10").await;
    assert_eq!(heard.text, whole.text[..head + 10]);
    assert_eq!(heard.ending, Ending::Closed);
    let (_emulator, heard) = hear("get_key after_commit answer_twice").await;
    assert_eq!(heard.text, whole.text.clone() + &whole.text);
}

#[tokio::test]
async fn what_is_put_off_is_done_by_the_clock() {
    let (emulator, heard) = hear("get_key before_commit late_commit=60").await;
    assert_eq!((heard.text.as_str(), heard.ending), ("", Ending::Reset));
    emulator.advance(Duration::from_secs(59));
    assert_eq!(made(&emulator), 0);
    emulator.advance(Duration::from_secs(1));
    assert_eq!(made(&emulator), 1);
    assert!(emulator.requests().last().unwrap().late);
}

#[tokio::test]
async fn an_answer_to_head_has_no_body_under_any_fault() {
    for rule in
        ["", "* mid_body delay=1", "* after_answer close", "* after_commit html", "* after_commit truncate=5"]
    {
        let (_emulator, wire) = under(rule).await;
        let heard = wire.send("HEAD", GET_KEY, &[], "").await;
        let head = heard.text.find("\r\n\r\n").unwrap() + 4;
        assert_eq!(heard.text.len(), head, "{rule}: {}", heard.text);
        assert!(heard.header("content-length").parse::<usize>().unwrap() > 20, "{rule}");
    }
}

#[tokio::test]
async fn dates_are_by_the_clock_and_every_answer_says_what_it_rests_on() {
    let (emulator, wire) = under("").await;
    let heard = wire.post(GET_KEY, json!({})).await;
    assert_eq!(heard.header("date"), "Wed, 31 Dec 2025 15:00:00 GMT");
    emulator.engine(|engine| {
        engine.clock.set(Time::from_unix_millis(4_102_444_800_000), std::time::SystemTime::now());
    });
    assert!(wire.post(GET_KEY, json!({})).await.header("date").starts_with("Fri, 01 Jan 2100 00:00:00"));
    assert!(
        heard.header("x-emulator-basis").starts_with("sample:")
            || heard.header("x-emulator-basis").starts_with("documented:")
    );
    for (method, path) in [("GET", "/nowhere"), ("PUT", GET_KEY)] {
        let heard = wire.send(method, path, &[], "").await;
        assert_eq!((heard.status(), heard.header("x-emulator-basis")), (404, "assumed:an unknown path"));
    }
}

#[tokio::test]
async fn an_unknown_path_is_told_what_is_near() {
    let (emulator, wire) = under("").await;
    let refused = wire.send("GET", GET_KEY, &[], "").await;
    assert!(
        refused.body().contains("the nearest is promotion.get_key: the method is POST, not GET"),
        "{}",
        refused.body()
    );
    let typo = wire.post(&GET_KEY.replace("/promotion/", "/promotions/"), json!({})).await;
    assert!(typo.body().contains(&format!("the path is {GET_KEY}")), "{}", typo.body());
    let pay = [("host", "pay-apps-in-toss-api.toss.im")];
    let host = wire.send("POST", GET_KEY, &pay, "{}").await;
    assert!(host.body().contains("its host is apps-in-toss-api.toss.im"), "{}", host.body());
    let right = [("host", "apps-in-toss-api.toss.im:443"), ("x-toss-user-key", "1")];
    assert_eq!(wire.send("POST", GET_KEY, &right, "{}").await.status(), 200);
    let other = wire.send("POST", "/v1/brandpay/payments/confirm", &[], "{}").await;
    assert!(other.body().contains("it has a port of its own"), "{}", other.body());
    let brandpay = Wire::to_brandpay(&emulator).send("POST", GET_KEY, &[], "{}").await;
    assert!(brandpay.body().contains("it has a port of its own"), "{}", brandpay.body());
    assert_eq!(brandpay.status(), 404);
    assert!(
        emulator.requests().iter().filter(|entry| entry.endpoint.is_none()).all(|entry| entry.miss.is_some())
    );
}

#[tokio::test]
async fn clients_and_certificates() {
    let emulator = Emulator::start().await.unwrap();
    let credentials = emulator.credentials();
    assert_eq!(Wire::to(&emulator).post(GET_KEY, json!({})).await.status(), 200);
    for client in [None, Some(&credentials.expired), Some(&credentials.foreign)] {
        let heard = Wire::to(&emulator).showing(client).post(GET_KEY, json!({})).await;
        assert_eq!(heard.text, "", "the handshake fails");
    }
    // BrandPay asks for no certificate.
    let heard = Wire::to_brandpay(&emulator).showing(None).send("GET", "/v1/brandpay/terms", &[], "").await;
    assert!(heard.text.starts_with("HTTP/1.1 "), "{heard:?}");

    let page = Emulator::builder().client_auth(ClientAuth::Page).start().await.unwrap();
    let heard = Wire::to(&page).showing(None).post(GET_KEY, json!({})).await;
    assert_eq!(heard.status(), 400);
    assert!(heard.body().contains("No required SSL certificate was sent"), "{}", heard.body());

    for certificate in [ServerCertificate::Expired, ServerCertificate::Foreign] {
        let emulator = Emulator::builder().server_certificate(certificate).start().await.unwrap();
        let heard = Wire::to(&emulator).post(GET_KEY, json!({})).await;
        assert_eq!(heard.ending, Ending::NoHandshake, "{certificate:?}");
    }
}

#[tokio::test]
async fn two_runs_with_one_seed_write_the_same_log_and_the_same_answers() {
    let folder = tempfile::tempdir().unwrap();
    let mut runs = Vec::new();
    for (name, seed) in [("a", 7), ("b", 7), ("c", 8)] {
        let log = folder.path().join(name);
        let builder = Emulator::builder().seed(seed).log(&log);
        let emulator =
            builder.fault("* after_commit reset p=0.3 times=any".parse().unwrap()).start().await.unwrap();
        let wire = Wire::to(&emulator);
        let mut heard = Vec::new();
        for n in 0..12 {
            heard.push(wire.post(GET_KEY, json!({"n": n})).await.text);
            let order = json!({"orderNo": format!("o-{n}"), "productDesc": "x", "amount": 10, "amountTaxFree": 0, "isTestPayment": true});
            let pay = "/api-partner/v1/apps-in-toss/pay/make-payment";
            heard.push(wire.post(pay, order).await.text);
            heard.push(wire.send("GET", "/nowhere", &[], "").await.text);
        }
        emulator.advance(Duration::from_secs(3600));
        heard.push(Wire::to_brandpay(&emulator).send("GET", "/v1/promotions", &[], "").await.text);
        let ports = [emulator.url(), emulator.brandpay_url(), emulator.control_url()];
        emulator.drain(Duration::from_secs(30)).await;
        let log = std::fs::read_to_string(log).unwrap();
        for port in ports.iter().map(|url| url.rsplit(':').next().unwrap()) {
            assert!(!log.contains(&format!(":{port}")), "a port in {log}");
        }
        assert!(!log.contains(&folder.path().display().to_string()));
        assert_eq!(log.lines().count(), 37);
        runs.push((heard, log));
    }
    assert!(runs[0].0.iter().any(String::is_empty), "some were lost");
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
}

#[tokio::test]
async fn the_ledger_tells_what_was_lost() {
    let (emulator, wire) = under("execute_promotion after_commit reset").await;
    let key: Value = serde_json::from_str(wire.post(GET_KEY, json!({})).await.body()).unwrap();
    let grant =
        json!({"promotionCode": "01JPPJ6SB66BQXXDAKRQZ6SZD7", "key": key["success"]["key"], "amount": 10});
    let path = "/api-partner/v1/apps-in-toss/promotion/execute-promotion";
    assert_eq!(wire.post(path, grant).await.text, "");
    let ledger = emulator.ledger();
    assert!(ledger.len() == 1 && ledger[0].answer_lost);
    assert!(matches!(ledger[0].movement, Movement::Grant { amount: 10, .. }));
    assert_eq!(emulator.violations(), []);
}

#[tokio::test]
async fn a_wall_clock_goes_with_the_machine_and_a_manual_one_stands() {
    let wall = Emulator::start().await.unwrap();
    let before = wall.now();
    wall.advance(Duration::from_secs(3600));
    assert!(wall.now().since(before) >= Duration::from_secs(3600));
    let manual = Emulator::builder().clock(Clock::manual()).start().await.unwrap();
    assert_eq!(manual.now(), manual.now());
    manual.advance(Duration::MAX);
    assert_eq!(manual.now().to_string(), "9000-01-01T00:00:00.000Z");
    // Its times can still be told.
    assert_eq!(Wire::to(&manual).post(GET_KEY, json!({})).await.status(), 200);
}
