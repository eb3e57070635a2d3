//! Toss Login without I/O: odd requests, and the same run twice.

use std::time::Duration;

use crate::api::support::Bench;
use ait_emulator::api::{Face, routes};
use serde_json::{Value, json};

const OAUTH: &str = "/api-partner/v1/apps-in-toss/user/oauth2";

fn odd_values() -> Vec<String> {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let long = format!("\"{}\"", "가".repeat(10_000));
    let mut odd: Vec<_> = ["", "null", "true", "0", "-1", "1e400", "1.5", "18446744073709551616", "[]", "{}"]
        .map(str::to_owned)
        .to_vec();
    odd.extend([r#""""#, r#"" ""#, r#""\u0000""#, r#""7""#, "[[]]", "[1,", "{\"a\":}"].map(str::to_owned));
    odd.extend([deep, long]);
    odd
}

#[test]
fn odd_requests_are_refused_without_a_trace() {
    let mut bench = Bench::new();
    bench.core.switches.calls_per_app = 0;
    let before = bench.core.world.clone();
    let members = ["authorizationCode", "referrer", "refreshToken", "userKey"];
    let mut bodies = odd_values();
    for odd in odd_values().into_iter().filter(|odd| !odd.is_empty()) {
        bodies.extend(members.map(|member| format!(r#"{{"{member}":{odd},"referrer":"DEFAULT"}}"#)));
        bodies.extend(members.map(|member| format!(r#"{{"authorizationCode":"x","{member}":{odd}}}"#)));
    }
    let authorizations = ["", "Bearer x", "Bearer\tx", "Bearer  ", "Bearer x y", "x", "Bearer é"];
    // A number in `userKey` is a user, also as text, and cuts a link.
    let cuts = |body: &str| body.contains(r#""userKey":0"#) || body.contains(r#""userKey":"7""#);
    for route in routes().filter(|route| route.name.starts_with("login.")) {
        for body in bodies.iter().filter(|body| !cuts(body)) {
            for authorization in authorizations {
                let headers = [("authorization", authorization), ("x-anon-key", "")];
                let answer = bench.send(Face::AppsInToss, route.method, route.path, &headers, body.clone());
                assert!(answer.code.is_some(), "{route:?} took {body:.80}: {}", answer.body);
                answer.json();
            }
        }
    }
    assert!(bench.core.world == before, "a refusal changed the world");
}

/// A login from its beginning to its end; every body, and the world.
fn run(stored: bool) -> (Vec<String>, Value) {
    let mut bench = Bench::new();
    let mut bodies = Vec::new();
    let code = bench.core.world.login.authorize(7, "SANDBOX", bench.now, &mut bench.rng);
    let mut call = |bench: &mut Bench, path: &str, authorization: &str, body: Value| {
        let method = if path == "login-me" { "GET" } else { "POST" };
        let headers = [("authorization", authorization)];
        let path = format!("{OAUTH}/{path}");
        let answer = bench.send(Face::AppsInToss, method, &path, &headers, body.to_string());
        bench.advance(Duration::from_millis(700));
        if stored {
            bench.store_and_load();
        }
        bodies.push(answer.body.clone());
        answer.json()["success"].clone()
    };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let exchange = json!({"authorizationCode": code, "referrer": "SANDBOX"});
    let tokens = call(&mut bench, "generate-token", "", exchange.clone());
    call(&mut bench, "generate-token", "", exchange);
    let bearer = format!("Bearer {}", text(&tokens["accessToken"]));
    call(&mut bench, "login-me", &bearer, json!(null));
    call(&mut bench, "login-me", &bearer, json!(null));
    let refresh = json!({"refreshToken": tokens["refreshToken"]});
    let tokens = call(&mut bench, "refresh-token", "", refresh.clone());
    call(&mut bench, "refresh-token", "", refresh);
    let bearer = format!("Bearer {}", text(&tokens["accessToken"]));
    call(&mut bench, "access/remove-by-access-token", &bearer, json!({}));
    let magic = json!({"authorizationCode": "emu-8", "referrer": "DEFAULT"});
    call(&mut bench, "generate-token", "", magic);
    call(&mut bench, "access/remove-by-user-key", "", json!({"userKey": 8}));
    call(&mut bench, "access/remove-by-user-key", "", json!({"userKey": 8}));
    let world = serde_json::to_value(&bench.core.world).unwrap();
    (bodies, world)
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let first = run(false);
    assert!(first == run(false));
    assert!(first == run(true), "a world that was stored and loaded goes on as before");
    assert_eq!(first.0.len(), 10);
}
