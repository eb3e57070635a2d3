//! The control API: plain HTTP on a loopback port of its own, never mixed with the API itself.
//!
//! Everything is JSON under `/_ctl/v1`; `GET /_ctl/v1` lists it. `GET /` is a page that shows it live.

mod callbacks;
mod guard;
mod money;
mod paging;
mod patch;
mod reading;
mod reply;
mod run;
mod setup;

use std::{io, sync::Arc};

use self::reply::{Failure, Told, told};
use crate::{
    Reply, Request, Response, Server, ServerBuilder, api,
    emulator::Shared,
    engine::Control,
    proof::{CHALLENGE, PROOF},
};

const PAGE: &str = include_str!("control/page.html");
const ROOT: &str = "/_ctl/v1";

/// What there is: the method, the path, and what it does.
const INDEX: &[(&str, &str, &str)] = &[
    ("GET", "/env", "the environment variables for programs"),
    ("GET", "/endpoints", "the endpoints of the API"),
    ("GET", "/state", "everything: world, switches, faults, clock, seeds"),
    (
        "PUT",
        "/state",
        r#"puts everything back that GET /state told: {"world": {…}, …}; `world` must be there"#,
    ),
    ("PATCH", "/state", "changes a part of it: a JSON merge patch (RFC 7396)"),
    (
        "POST",
        "/state/reset",
        r#"an empty world without rules and calls, new or from a seed: {"seed": 7}. The clock is manual then, else the machine's; switches stay"#,
    ),
    ("GET", "/switches", "how to do what nobody has documented"),
    ("PATCH", "/switches", r#"changes some: {"failure_status": "listed"}"#),
    ("GET", "/clock", "the time"),
    ("PUT", "/clock", r#"sets it: {"unixMillis": 1767193200000}"#),
    ("POST", "/clock/advance", r#"moves it on: {"seconds": 3600}"#),
    ("GET", "/faults", "the rules in force"),
    ("POST", "/faults", r#"one more: {"rule": "promotion.execute_promotion after_commit reset"}"#),
    ("DELETE", "/faults", "none any more"),
    ("DELETE", "/faults/{id}", "that one no more"),
    (
        "GET",
        "/ledger",
        "every movement of money and points; ?after=NUMBER&limit=COUNT for a page, with totals",
    ),
    (
        "GET",
        "/invariants",
        "what is wrong with the money, the first 1000; `open`: sales that are lost if nobody asks",
    ),
    ("GET", "/callbacks", "where callbacks go, passwords hidden"),
    (
        "PUT",
        "/callbacks/{kind}",
        r#"where unlink, subscription or brandpay goes: {"url": "http://user:password@127.0.0.1:3000/", "method": "POST"}"#,
    ),
    ("DELETE", "/callbacks/{kind}", "nowhere any more"),
    ("POST", "/callbacks/subscription/verify", "the console checks the address"),
    (
        "GET",
        "/outbox",
        "the last callbacks and what came of them, secrets masked; ?after=ID&limit=COUNT for a page",
    ),
    ("POST", "/outbox/{id}/send", "sends that one once more"),
    (
        "GET",
        "/requests",
        "the last calls, secrets masked; ?after=NUMBER for those since, &limit=COUNT for a page",
    ),
    ("DELETE", "/requests", "forgets them"),
    ("PUT", "/users/{key}", r#"a user, or changes to one: {"email": "a@b.kr"}"#),
    (
        "POST",
        "/users/{key}/authorize",
        r#"logs the user in at the app: {"referrer": "DEFAULT"} gives an authorization code"#,
    ),
    (
        "POST",
        "/users/{key}/unlink",
        r#"the user cuts the link: {"referrer": "UNLINK"}, or WITHDRAWAL_TERMS or WITHDRAWAL_TOSS"#,
    ),
    ("POST", "/wallet/topup", r#"money for promotions: {"amount": 100000}"#),
    (
        "PUT",
        "/promotions/{code}",
        r#"a promotion, or changes to one: {"budget": 1000000, "status": "running"}"#,
    ),
    (
        "POST",
        "/grants/fail",
        r#"the grant of this key fails, the next one or the one that is PENDING: {"key": "…"}"#,
    ),
    ("PUT", "/templates/{code}", r#"a message template, or changes to one: {"variables": ["storeName"]}"#),
    ("POST", "/payments/{payToken}/approve", "the buyer authenticates a payment"),
    ("POST", "/payments/{payToken}/cancel", "the buyer turns it down"),
    (
        "POST",
        "/payments/{payToken}/refund",
        r#"the shop gives a part of it back, in the console of Toss: {"amount": 1000}"#,
    ),
    ("POST", "/payments/{payToken}/release", "a payment that is held in progress goes on"),
    ("POST", "/payments/{payToken}/settle", "it is settled"),
    ("PUT", "/orders/{orderId}", r#"an in-app order: {"sku": "…", "status": "PURCHASED"}"#),
    (
        "PUT",
        "/subscriptions/{orderId}",
        r#"a subscription begins or changes: {"sku": "…", "status": "ACTIVE", "changeReason": "CREATED", "expiresAt": "2026-04-02T09:15:42", "autoRenew": true}"#,
    ),
    (
        "POST",
        "/brandpay/payments",
        r#"the buyer authenticates: {"orderId": "…", "amount": 1000, "customerKey": "…"} gives a payment key"#,
    ),
    (
        "POST",
        "/brandpay/customers/{customerKey}",
        r#"the customer does: {"does": "register_card"}, or register_account, change_password, activate_one_touch, deactivate_one_touch"#,
    ),
];

/// Starts the control listener.
pub(crate) async fn serve(server: ServerBuilder, shared: &Arc<Shared>) -> io::Result<Server> {
    let shared = Arc::clone(shared);
    server
        .http(move |request| {
            let shared = Arc::clone(&shared);
            async move { Reply::Answer(answer(&shared, &request)) }
        })
        .await
}

fn answer(shared: &Shared, request: &Request) -> Response {
    if let Err(failure) = guard::check(request) {
        return failure.response();
    }
    let (path, query) = api::Request::split(&request.path);
    if request.method == "GET" && path == "/" {
        return page();
    }
    let asked = asked(request, path);
    match route(&shared.asked(asked), &request.method, path, query, &request.body) {
        Ok(told) => {
            let proof = (path == format!("{ROOT}/env")).then(|| prove(shared, request, &told.0)).flatten();
            let answer = Response::json(200, told.0);
            match proof {
                Some(proof) => answer.header(PROOF, proof),
                None => answer,
            }
        }
        Err(failure) => failure.with_next_step(|| next_step(&request.method, path)).response(),
    }
    .header("cache-control", "no-store")
    .header("x-content-type-options", "nosniff")
}

/// The proof that a caller asks for, if this emulator has one.
fn prove(shared: &Shared, request: &Request, body: &str) -> Option<String> {
    let challenge = request.headers.get(CHALLENGE)?.to_str().ok()?;
    Some(shared.proof()?.of(challenge, body))
}

/// What the index says of this call.
fn next_step(method: &str, path: &str) -> Option<String> {
    let parts: Vec<&str> = path.strip_prefix(ROOT)?.split('/').skip(1).collect();
    let (_, path, does) = INDEX.iter().find(|(known, path, _)| *known == method && is_this(path, &parts))?;
    Some(format!("{method} {ROOT}{path}: {does}"))
}

/// What is asked for, if doing it again changes the same again. Addresses of callbacks may hold passwords: they belong to
/// the run.
fn asked(request: &Request, path: &str) -> Option<Control> {
    let names_address = matches!(parts(path).as_slice(), [.., callbacks, last]
        if callbacks == "callbacks" && last != "verify");
    // A body that is not text is refused.
    let body = std::str::from_utf8(&request.body).ok()?;
    (request.method != "GET" && !names_address).then(|| Control {
        method: request.method.clone(),
        target: request.path.clone(),
        body: body.to_owned(),
        chance: fastrand::u64(..),
    })
}

/// Does again what was asked for.
pub(crate) fn repeat(shared: &Shared, control: &Control) {
    let (path, query) = api::Request::split(&control.target);
    // What was refused is refused again.
    let _ = route(shared, &control.method, path, query, control.body.as_bytes());
}

fn page() -> Response {
    // Nothing is loaded from anywhere else.
    Response::html(200, PAGE)
        .header(
            "content-security-policy",
            "default-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; frame-ancestors 'none'; \
             base-uri 'none'",
        )
        // For browsers that do not know `frame-ancestors`.
        .header("x-frame-options", "DENY")
        .header("cross-origin-opener-policy", "same-origin")
        .header("cache-control", "no-store")
}

/// The parts of a path, decoded.
fn parts(path: &str) -> Vec<String> {
    let decode = |part: &str| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned();
    path.split('/').skip(1).map(decode).collect()
}

fn route(shared: &Shared, method: &str, path: &str, query: &str, body: &[u8]) -> Result<Told, Failure> {
    let Some(rest) = path.strip_prefix(ROOT).filter(|rest| rest.is_empty() || rest.starts_with('/')) else {
        return Err(Failure::new(404, format!("{path} is not there; GET {ROOT} lists what is")));
    };
    let parts = parts(rest);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let methods = methods(&parts);
    if methods.is_empty() {
        return Err(Failure::new(404, format!("{path} is not there; GET {ROOT} lists what is")));
    }
    if !methods.contains(&method) {
        return Err(Failure::new(405, format!("{path} takes {}, not {method}", methods.join(" or "))));
    }
    match (method, parts.as_slice()) {
        (_, []) => told(&INDEX.iter().map(entry).collect::<Vec<_>>()),
        (_, ["env"]) => told(&shared.environment().into_iter().collect::<std::collections::BTreeMap<_, _>>()),
        (_, ["endpoints"]) => run::endpoints(),
        ("GET", ["state"]) => run::state(shared),
        ("PUT", ["state"]) => run::put_state(shared, body),
        (_, ["state"]) => run::patch_state(shared, body),
        (_, ["state", "reset"]) => run::reset(shared, body),
        ("GET", ["switches"]) => run::switches(shared),
        (_, ["switches"]) => run::patch_switches(shared, body),
        ("GET", ["clock"]) => run::clock(shared),
        (_, ["clock"]) => run::set_clock(shared, body),
        (_, ["clock", "advance"]) => run::advance(shared, body),
        ("GET", ["faults"]) => run::faults(shared),
        ("POST", ["faults"]) => run::add_fault(shared, body),
        (_, ["faults"]) => run::clear_faults(shared),
        (_, ["faults", id]) => run::remove_fault(shared, id),
        (_, ["ledger"]) => money::ledger(shared, query),
        (_, ["invariants"]) => money::invariants(shared),
        (_, ["callbacks"]) => callbacks::list(shared),
        (_, ["callbacks", _, "verify"]) => callbacks::verify(shared),
        ("PUT", ["callbacks", kind]) => callbacks::put(shared, kind, body),
        (_, ["callbacks", kind]) => callbacks::remove(shared, kind),
        (_, ["outbox"]) => callbacks::outbox(shared, query),
        (_, ["outbox", id, _]) => callbacks::send(shared, id),
        ("GET", ["requests"]) => run::requests(shared, query),
        (_, ["requests"]) => run::clear_requests(shared),
        (_, parts) => setup::route(shared, parts, body),
    }
}

/// The methods that a path takes; none if it is not there.
fn methods(parts: &[&str]) -> Vec<&'static str> {
    let root = parts.is_empty().then_some("GET");
    let listed = INDEX.iter().filter(|(_, path, _)| is_this(path, parts)).map(|(method, _, _)| *method);
    root.into_iter().chain(listed).collect()
}

/// Whether this path of the index is meant.
fn is_this(path: &str, parts: &[&str]) -> bool {
    let mut wanted = path.split('/').skip(1);
    parts.iter().all(|part| wanted.next().is_some_and(|wanted| wanted == *part || is_name(wanted, part)))
        && wanted.next().is_none()
}

fn is_name(wanted: &str, part: &str) -> bool {
    wanted.starts_with('{') && !part.is_empty()
}

fn entry((method, path, what): &(&str, &str, &str)) -> serde_json::Value {
    serde_json::json!({"method": method, "path": format!("{ROOT}{path}"), "does": what})
}
