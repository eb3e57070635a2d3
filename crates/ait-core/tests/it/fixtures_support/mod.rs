//! What the tests of answers share: fixtures, endpoints of every safety, a server that remembers.

use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use ait_core::{
    Client, Endpoint, Envelope, Error, Flat, Host, IdempotencyKey, RetryPolicy, Safety, User, http::Method,
};
use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The documented samples of the envelope: name and text.
pub(crate) fn fixtures() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/envelope");
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        all.push((name, fs::read_to_string(path).unwrap()));
    }
    all.sort();
    all
}

pub(crate) fn fixture(name: &str) -> Value {
    let all = fixtures();
    let (_, text) = all.iter().find(|(known, _)| known == name).unwrap();
    serde_json::from_str(text).unwrap()
}

/// The payload of `envelope/success`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sample {
    pub(crate) sample: String,
}

pub(crate) fn sample() -> Sample {
    serde_json::from_value(fixture("success")["success"].clone()).unwrap()
}

pub(crate) const SETTLED_BY: &str = "demo.ask";
/// The code that the endpoints below list as a refusal.
pub(crate) const LISTED: &str = "LISTED_REFUSAL";

/// What all endpoints below send.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Request {
    pub(crate) amount: u32,
    #[serde(skip)]
    pub(crate) user: Option<User>,
    #[serde(skip)]
    pub(crate) key: IdempotencyKey,
}

impl Default for Request {
    fn default() -> Self {
        Self { amount: 4_500, user: None, key: IdempotencyKey::new("order-17:cancel:4500").unwrap() }
    }
}

macro_rules! endpoint {
    ($name:ident, $text:literal, $safety:expr, $dialect:ty) => {
        #[derive(Clone, Debug, Default)]
        pub(crate) struct $name(pub(crate) Request);

        impl Endpoint for $name {
            const NAME: &'static str = $text;
            const METHOD: Method = Method::POST;
            const HOST: Host = Host::APPS_IN_TOSS;
            const PATH: &'static str = "/demo";
            const SAFETY: Safety<Self> = $safety;
            const REFUSALS: &'static [&'static str] = &[LISTED];
            const DEADLINE: Duration = Duration::from_secs(20);
            type Dialect = $dialect;
            type Response = Sample;

            fn body(&self) -> Option<impl Serialize> {
                Some(&self.0)
            }

            fn user(&self) -> Option<&User> {
                self.0.user.as_ref()
            }
        }
    };
}

endpoint!(ReadIt, "demo.read", Safety::Read, Envelope);
endpoint!(WriteIt, "demo.write", Safety::Once { settled_by: SETTLED_BY }, Envelope);
endpoint!(FlatRead, "demo.flat_read", Safety::Read, Flat);
endpoint!(FlatWrite, "demo.flat_write", Safety::Once { settled_by: SETTLED_BY }, Flat);
endpoint!(FlatKeyed, "demo.flat_keyed", Safety::Keyed { key: |call| &call.0.key, settled_by: None }, Flat);

/// One answer of a server.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl AsRef<[u8]>) -> Self {
        Self { status, headers: Vec::new(), body: body.as_ref().to_vec() }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

pub(crate) type Seen = Arc<Mutex<Vec<HttpMockRequest>>>;

/// Plays these answers in turn, the last one for ever, and remembers what came.
pub(crate) fn play(server: &MockServer, replies: Vec<Reply>) -> Seen {
    let seen = Seen::default();
    let memory = Arc::clone(&seen);
    server.mock(|when, then| {
        when.any_request();
        then.respond_with(move |request| {
            let mut seen = memory.lock().unwrap();
            let reply = replies[seen.len().min(replies.len() - 1)].clone();
            seen.push(request.clone());
            HttpMockResponse::builder().status(reply.status).headers(reply.headers).body(reply.body).build()
        });
    });
    seen
}

/// A client that tries up to three times, at once.
pub(crate) fn eager(server: &MockServer) -> Client {
    let policy = RetryPolicy::default().base(Duration::ZERO);
    Client::builder().base_url(server.base_url()).no_proxy().retry(policy).build().unwrap()
}

/// A client that tries once.
pub(crate) fn once(server: &MockServer) -> Client {
    Client::builder().base_url(server.base_url()).no_proxy().retry(RetryPolicy::never()).build().unwrap()
}

/// One call, tried once, against this answer.
pub(crate) async fn answered<E>(endpoint: E, reply: Reply) -> Result<E::Response, Error>
where
    E: Endpoint + Send + Sync,
    E::Response: Send,
{
    let server = MockServer::start_async().await;
    play(&server, vec![reply]);
    once(&server).call(endpoint).await
}

/// An error and all that stands below it, as a person may log it.
pub(crate) fn logged(error: &Error) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}");
    let mut next = std::error::Error::source(error);
    while let Some(source) = next {
        text.push_str(&format!("\n{source}\n{source:?}"));
        next = source.source();
    }
    text
}
