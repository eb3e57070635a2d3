//! Smart messages without I/O: odd requests, and the same run twice.

use std::time::Duration;

use crate::api::support::Bench;
use ait_emulator::api::{
    Face,
    messenger::{Channel, Template},
    routes,
};
use serde_json::{Value, json};

const DEPLOYMENT: &str = "00000000-0000-7000-8000-000000000001";

fn bench() -> Bench {
    let mut bench = Bench::new();
    let template = Template::new(["name"]).channels([Channel::Push, Channel::Inbox]);
    bench.core.world.messenger.templates.insert("welcome".to_owned(), template);
    bench
}

#[test]
fn odd_requests_are_refused_without_a_trace() {
    let mut bench = bench();
    bench.core.switches.calls_per_app = 0;
    let before = bench.core.world.clone();
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let long = format!("\"{}\"", "가".repeat(10_000));
    let odd = [
        "null",
        "true",
        "0",
        "-1",
        "1e400",
        "1.5",
        "18446744073709551616",
        "[]",
        "{}",
        r#""""#,
        r#"" ""#,
        r#""\u0000""#,
        r#""7""#,
        "[[]]",
        "[1,",
        "{\"a\":}",
        "[{}]",
        r#"[{"userKey":{}}]"#,
        r#"[{"userKey":7,"context":null}]"#,
        r#"[{"userKey":7,"context":{}},3]"#,
        &deep,
        &long,
    ];
    let good = json!({
        "templateSetCode": "welcome",
        "deploymentId": DEPLOYMENT,
        "context": {"name": "x"},
        "contextList": [{"userKey": 7, "context": {"name": "x"}}],
    });
    for route in routes().filter(|route| route.name.starts_with("messenger.")) {
        let members: &[&str] = match route.name {
            "messenger.send_message" => &["templateSetCode", "context"],
            "messenger.send_test_message" => &["templateSetCode", "context", "deploymentId"],
            _ => &["templateSetCode", "contextList"],
        };
        let mut bodies: Vec<_> = odd.map(str::to_owned).to_vec();
        bodies.push(String::new());
        for (member, odd) in members.iter().flat_map(|member| odd.map(|odd| (*member, odd))) {
            let mut body = good.as_object().unwrap().clone();
            body.remove(member);
            let body = serde_json::to_string(&body).unwrap();
            bodies.push(format!(r#"{{"{member}":{odd},{}"#, &body[1..]));
        }
        for body in bodies {
            let headers = [("x-toss-user-key", "7")];
            let answer = bench.send(Face::AppsInToss, route.method, route.path, &headers, body.clone());
            assert_eq!(answer.code(), "INVALID_PARAMETER", "{route:?} and {body:.80}");
        }
        for headers in
            [[("x-toss-user-key", "x"), ("a", "")], [("x-toss-user-key", "7"), ("x-anon-key", "k")]]
        {
            if route.name != "messenger.send_bulk_messages" {
                let answer = bench.post(route.path, &headers, good.clone());
                assert_eq!(answer.code(), "INVALID_PARAMETER", "{route:?} and {headers:?}");
            }
        }
    }
    assert!(bench.core.world == before, "a refusal changed the world");
}

/// Messages to users who are reached and who are not; every body, and the world.
fn run(stored: bool) -> (Vec<String>, Value) {
    let mut bench = bench();
    bench.core.world.user(8, &mut bench.rng).reachable = false;
    bench.core.world.user(9, &mut bench.rng).linked = false;
    let mut bodies = Vec::new();
    for user in ["7", "8", "9", "7"] {
        let headers = [("x-toss-user-key", user)];
        let body = json!({
            "templateSetCode": "welcome",
            "deploymentId": DEPLOYMENT,
            "context": {"name": 1.5, "flag": true},
            "contextList": [
                {"userKey": 7, "context": {"name": -0.1}},
                {"userKey": "8", "context": {"name": u64::MAX}},
                {"userKey": 9, "context": {"name": "x"}},
                {"anonKey": "k", "context": {"name": 1e300}},
            ],
        });
        for path in ["send-message", "send-test-message", "send-bulk-message"] {
            let path = format!("/api-partner/v1/apps-in-toss/messenger/{path}");
            bodies.push(bench.post(&path, &headers, body.clone()).body.clone());
            bench.advance(Duration::from_millis(700));
            if stored {
                bench.store_and_load();
            }
        }
    }
    assert!(bench.core.violations().is_empty());
    (bodies, serde_json::to_value(&bench.core.world).unwrap())
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let first = run(false);
    assert!(first == run(false));
    assert!(first == run(true), "a world that was stored and loaded goes on as before");
    assert_eq!(first.0.len(), 12);
}
