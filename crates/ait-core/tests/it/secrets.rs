//! Canaries: no secret may reach a log, whatever happens to the call that carries it.
#![cfg(feature = "tracing")]

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
    time::Duration,
};

use ait_core::{
    Authorization, Client, Endpoint, Envelope, Error, Flat, Host, IdempotencyKey, Identity, RetryPolicy,
    Safety, Secret, Trust, User, http::Method,
};
use ait_emulator::{Authority, Leaf, Reply, Response, Server};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tracing_subscriber::{Layer, filter::filter_fn, fmt::format::FmtSpan, prelude::*, registry::LookupSpan};

const USER_KEY: u64 = 7_410_258_963_014_725;
const ANONYMOUS: &str = "anon-CANARY-4f1c";
const BEARER: &str = "bearer-CANARY-8d2e";
const BASIC: &str = "live_sk_CANARY_9a3b";
const BODY: &str = "body-CANARY-1c7f";
const ANSWER: &str = "answer-CANARY-6e5d";
const PASSWORD: &str = "proxy-CANARY-2b8a";

/// The canaries, and the forms in which they travel.
fn canaries() -> Vec<String> {
    let basic = STANDARD.encode(format!("{BASIC}:"));
    let proxy = STANDARD.encode(format!("operator:{PASSWORD}"));
    [&USER_KEY.to_string(), ANONYMOUS, BEARER, BASIC, &basic, BODY, ANSWER, PASSWORD, &proxy]
        .map(str::to_owned)
        .into()
}

#[track_caller]
fn clean(what: &str, text: &str) {
    for canary in canaries() {
        assert!(!text.contains(&canary), "{what} shows {canary}:\n{text}");
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

fn layer<S>(log: &Log, own: bool) -> impl Layer<S>
where
    S: tracing::Subscriber + for<'span> LookupSpan<'span>,
{
    let log = log.clone();
    tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_span_events(FmtSpan::FULL)
        .with_writer(move || log.clone())
        .with_filter(filter_fn(move |metadata| metadata.target().starts_with("ait") == own))
}

/// Logs all there is on this thread: what ait says, and what the crates below it say.
fn listen() -> (Log, Log, tracing::subscriber::DefaultGuard) {
    let (ours, theirs) = (Log::default(), Log::default());
    let subscriber = tracing_subscriber::registry().with(layer(&ours, true)).with(layer(&theirs, false));
    let guard = tracing::subscriber::set_default(subscriber);
    (ours, theirs, guard)
}

#[derive(Clone, Debug, Serialize)]
struct Call {
    note: Secret,
    #[serde(skip)]
    user: Option<User>,
    #[serde(skip)]
    bearer: Option<Secret>,
    #[serde(skip)]
    key: IdempotencyKey,
}

#[derive(Debug, Deserialize)]
struct Answer {
    #[allow(dead_code, reason = "only its Debug form is looked at")]
    token: Secret,
}

macro_rules! endpoint {
    ($name:ident, $text:literal, $safety:expr, $dialect:ty) => {
        #[derive(Clone, Debug)]
        struct $name(Call);

        impl Endpoint for $name {
            const NAME: &'static str = $text;
            const METHOD: Method = Method::POST;
            const HOST: Host = Host::APPS_IN_TOSS;
            const PATH: &'static str = "/demo";
            const SAFETY: Safety<Self> = $safety;
            const REFUSALS: &'static [&'static str] = &[];
            const DEADLINE: Duration = Duration::from_secs(20);
            type Dialect = $dialect;
            type Response = Answer;

            fn body(&self) -> Option<impl Serialize> {
                Some(&self.0)
            }

            fn user(&self) -> Option<&User> {
                self.0.user.as_ref()
            }

            fn authorization(&self) -> Option<Authorization<'_>> {
                self.0.bearer.as_ref().map(Authorization::Bearer)
            }
        }
    };
}

endpoint!(Read, "demo.read", Safety::Read, Envelope);
endpoint!(Write_, "demo.write", Safety::Once { settled_by: "demo.read" }, Envelope);
endpoint!(Keyed, "demo.keyed", Safety::Keyed { key: |call| &call.0.key, settled_by: None }, Flat);

/// A call for each way to say who asks and for whom.
fn calls() -> Vec<Call> {
    let key = IdempotencyKey::new("order-17").unwrap();
    let call = |user, bearer: Option<&str>| Call {
        note: Secret::from(BODY),
        user,
        bearer: bearer.map(Secret::from),
        key: key.clone(),
    };
    vec![
        call(Some(User::key(USER_KEY)), None),
        call(Some(User::anonymous(ANONYMOUS).unwrap()), Some(BEARER)),
        call(None, Some(BEARER)),
        call(None, None),
    ]
}

fn logged(error: &Error) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}");
    let mut next = std::error::Error::source(error);
    while let Some(source) = next {
        text.push_str(&format!("\n{source}\n{source:?}\n{source:#?}"));
        next = source.source();
    }
    text
}

fn shown<T: std::fmt::Debug>(what: &str, result: Result<T, Error>) {
    match result {
        Ok(answer) => clean(what, &format!("{answer:?} {answer:#?}")),
        Err(error) => {
            clean(what, &logged(&error));
            clean(what, &format!("{:?} {:?}", error.reason(), error.trace_id()));
        }
    }
}

/// Every kind of call, with every kind of secret, over this client; nothing may be shown anywhere.
async fn sing(what: &str, client: &Client) {
    let (ours, theirs, _guard) = listen();
    for call in calls() {
        clean(what, &format!("{call:?} {call:#?} {:?}", client.call(Read(call.clone()))));
        // As it is read from a file: with a line break at the end.
        let basic = Secret::from(format!("{BASIC}\n"));
        shown(what, client.call(Read(call.clone())).secret_key(&basic).await);
        shown(what, client.call(Write_(call.clone())).secret_key(&basic).await);
        shown(what, client.call(Keyed(call)).secret_key(&basic).await);
    }
    let log = ours.take();
    assert!(log.contains("demo.keyed") && log.contains("attempt"), "{what}: nothing was logged: {log}");
    clean(&format!("{what}: the log"), &log);
    clean(&format!("{what}: the log of other crates"), &theirs.take());
    clean(what, &format!("{client:?} {client:#?}"));
}

fn client(url: String) -> Client {
    let retry = RetryPolicy::default().base(Duration::ZERO);
    let client = Client::builder().base_url(url).no_proxy().retry(retry).deadline(Duration::from_secs(5));
    client.build().unwrap()
}

async fn serve(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Server {
    Server::builder().http(move |_| std::future::ready(reply())).await.unwrap()
}

/// Answers that hold what only the answer knows, in places where it must not be read aloud.
#[tokio::test]
async fn an_answer_is_never_read_aloud() {
    for (what, status, body) in [
        ("success", 200, json!({ "resultType": "SUCCESS", "success": { "token": ANSWER } }).to_string()),
        ("flat success", 200, json!({ "token": ANSWER }).to_string()),
        ("wrong type", 200, json!({ "resultType": "SUCCESS", "success": { "token": { "x": ANSWER } } }).to_string()),
        ("wrong list", 200, json!({ "resultType": "SUCCESS", "success": [ANSWER, ANSWER] }).to_string()),
        ("wrong key", 200, json!({ "resultType": "SUCCESS", "success": { ANSWER: { ANSWER: 1 } } }).to_string()),
        ("bare text", 200, json!({ "resultType": "SUCCESS", "success": ANSWER }).to_string()),
        ("wrong result type", 200, json!({ "resultType": [ANSWER], "success": { "token": ANSWER } }).to_string()),
        ("page", 502, format!("<html>{ANSWER}</html>")),
        ("cut", 200, format!("{{\"resultType\":\"SUCCESS\",\"success\":{{\"token\":\"{ANSWER}")),
        ("code of another type", 400, json!({ "resultType": "FAIL", "error": { "errorCode": { "x": ANSWER } } }).to_string()),
        (
            "rejected value",
            400,
            json!({ "resultType": "FAIL", "error": { "errorCode": "INVALID_PARAMETER", "title": ANSWER, "data": {
                "errorDetails": [{ "field": "name", "message": ANSWER, "rejectedValue": ANSWER }], "more": ANSWER
            } } })
            .to_string(),
        ),
    ] {
        let server = serve(move || Reply::Answer(Response::json(status, body.clone()).header("x-more", ANSWER))).await;
        sing(what, &client(server.url())).await;
    }
}

/// A server that quotes what it was sent, wherever it can.
#[tokio::test]
async fn what_a_server_quotes_from_the_request_is_blanked_out() {
    let server = Server::builder().http(|request| async move {
        let quoted: Vec<_> = ["x-toss-user-key", "x-anon-key", "authorization"]
            .into_iter()
            .filter_map(|name| request.headers.get(name)?.to_str().ok())
            .map(str::to_owned)
            .collect();
        let quoted = format!("bad request by {}", quoted.join(", "));
        let body = json!({
            "resultType": format!("FAIL {quoted}"), "code": quoted, "message": quoted,
            "error": { "errorCode": quoted, "reason": quoted, "data": { "errorDetails": [
                { "field": quoted, "message": quoted, "rejectedValue": quoted }
            ] } },
        });
        Reply::Answer(Response::json(400, body.to_string()).header("x-request-id", quoted))
    });
    let server = server.await.unwrap();
    sing("an echo", &client(server.url())).await;
}

#[tokio::test]
async fn a_broken_exchange_shows_nothing() {
    let json = || {
        Response::json(200, json!({ "resultType": "SUCCESS", "success": { "token": ANSWER } }).to_string())
    };
    let server = serve(|| Reply::Close).await;
    sing("closed", &client(server.url())).await;
    let server = serve(|| Reply::Reset).await;
    sing("reset", &client(server.url())).await;
    let server = serve(move || Reply::Truncated { response: json(), bytes: 20 }).await;
    sing("truncated", &client(server.url())).await;
    let server = serve(|| Reply::Answer(Response::raw(format!("{ANSWER}\r\n\r\n")))).await;
    sing("no HTTP", &client(server.url())).await;
    let head = format!("HTTP/1.1 200 OK\r\nx-{ANSWER}: {ANSWER}\0\r\n\r\n");
    let server = serve(move || Reply::Answer(Response::raw(head.clone()))).await;
    sing("a broken head", &client(server.url())).await;
    let url = server.url();
    server.stop().await;
    sing("nobody there", &client(url)).await;
    let server = serve(|| Reply::Hang).await;
    let client = Client::builder().base_url(server.url()).no_proxy().deadline(Duration::from_millis(30));
    sing("hangs", &client.build().unwrap()).await;
}

#[tokio::test]
async fn tls_shows_nothing() {
    let (authority, other) = (Authority::new("CA").unwrap(), Authority::new("Other CA").unwrap());
    let issued = authority.issue(&Leaf::client("coffee-shop")).unwrap();
    let identity = || Identity::from_pem(&issued.certificate_pem, &issued.key_pem).unwrap();
    let body = json!({ "resultType": "SUCCESS", "success": { "token": ANSWER } }).to_string();
    for (what, clients, trusted, name) in [
        ("mutual TLS", &authority, &authority, "localhost"),
        ("a refused certificate", &other, &authority, "localhost"),
        ("an unknown server", &authority, &other, "localhost"),
        ("a wrong host name", &authority, &authority, "elsewhere.test"),
    ] {
        let body = body.clone();
        let server = Server::builder()
            .tls(&authority.issue(&Leaf::server(&[name])).unwrap())
            .require_client(clients)
            .http(move |_| std::future::ready(Reply::Answer(Response::json(200, body.clone()))))
            .await
            .unwrap();
        let builder = Client::builder().base_url(server.url()).no_proxy().identity(identity());
        let client = builder.trust(Trust::pem(trusted.pem()).unwrap()).build().unwrap();
        sing(what, &client).await;
    }
}

#[tokio::test]
async fn a_proxy_password_is_not_shown() {
    for (what, status) in [("refused", 407), ("broken", 502), ("moved", 302)] {
        let proxy =
            serve(move || Reply::Answer(Response::html(status, PASSWORD).header("x-echo", PASSWORD))).await;
        let url = proxy.url().replace("http://", &format!("http://operator:{PASSWORD}@"));
        // Nothing resolves this name: the proxy would.
        let builder = Client::builder().base_url("https://pay.toss.test").proxy(url, "");
        let issued = Authority::new("CA").unwrap().issue(&Leaf::client("coffee-shop")).unwrap();
        let identity = Identity::from_pem(&issued.certificate_pem, &issued.key_pem).unwrap();
        let builder = builder.identity(identity).retry(RetryPolicy::never());
        clean(what, &format!("{builder:?} {builder:#?}"));
        sing(what, &builder.build().unwrap()).await;
    }
    for url in [
        "ftp://operator:{}@127.0.0.1:1",
        "http://operator:{} @127.0.0.1:1",
        "operator:{}@127.0.0.1",
        "http://operator:{}@",
    ] {
        let url = url.replace("{}", PASSWORD);
        if let Err(error) = Client::builder().proxy(url.clone(), "").build() {
            clean(&url, &logged(&error));
        }
        if let Err(error) = Client::builder().base_url(url.clone()).no_proxy().build() {
            clean(&url, &logged(&error));
        }
    }
}
