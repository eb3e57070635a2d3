//! What the tests of this crate share: fixtures, the three calls as one list, a server that remembers.
#![allow(dead_code, reason = "every test file uses its own part of it")]

pub(crate) mod row;
pub(crate) mod toss;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use ait_promotion::{
    ExecutePromotion, ExecutionResult, GetKey, Promotion,
    ait_core::{Client, Error, RetryPolicy},
};
use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

pub(crate) const USER_KEY: u64 = 443_731_104;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)
}

/// A page of `docs/api`.
pub(crate) fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api").join(name);
    fs::read_to_string(path).unwrap()
}

/// A documented sample: `promotion/get-key.request`.
pub(crate) fn fixture(name: &str) -> Value {
    let path = folder("").join(format!("{name}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

/// The names of all samples of promotions that end so: `.request`.
pub(crate) fn fixtures(ending: &str) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder("promotion")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let name = file.strip_suffix(".json").unwrap_or_else(|| panic!("{file} is no fixture"));
        let kinds = [".request", ".response", ".error"];
        assert!(kinds.iter().any(|kind| name.ends_with(kind)), "{file}: no test looks at this kind");
        if name.ends_with(ending) {
            names.push(format!("promotion/{name}"));
        }
    }
    names.sort();
    assert!(!names.is_empty(), "no fixture ends in {ending}");
    names
}

/// The one that the official examples declare and nobody has seen.
pub(crate) const OBJECT: &str = "promotion/execution-result.object.response";

/// A documented body in the form in which a request is stored: with its user.
pub(crate) fn stored<R: DeserializeOwned>(mut body: Value, user: Value) -> R {
    body["user"] = user;
    serde_json::from_value(body).unwrap()
}

pub(crate) fn key() -> Value {
    json!({ "key": USER_KEY })
}

/// One of the three calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Key,
    Execute,
    Result,
}

impl Op {
    pub(crate) const ALL: [Self; 3] = [Self::Key, Self::Execute, Self::Result];

    /// The name of the fixtures.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Key => "get-key",
            Self::Execute => "execute-promotion",
            Self::Result => "execution-result",
        }
    }

    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Key => "/api-partner/v1/apps-in-toss/promotion/execute-promotion/get-key",
            Self::Execute => "/api-partner/v1/apps-in-toss/promotion/execute-promotion",
            Self::Result => "/api-partner/v1/apps-in-toss/promotion/execution-result",
        }
    }

    pub(crate) fn endpoint(self) -> &'static str {
        match self {
            Self::Key => "promotion.get_key",
            Self::Execute => "promotion.execute_promotion",
            Self::Result => "promotion.execution_result",
        }
    }

    pub(crate) fn is_write(self) -> bool {
        self == Self::Execute
    }

    pub(crate) fn of_fixture(name: &str) -> Self {
        let word = name.trim_start_matches("promotion/").split('.').next().unwrap_or_default();
        Self::ALL.into_iter().find(|op| op.word() == word).unwrap_or_else(|| panic!("no endpoint for {name}"))
    }

    /// Makes the call with this body for this user; the answer comes back as it serialises.
    pub(crate) async fn send(self, promotion: &Promotion, body: Value, user: Value) -> Result<Value, Error> {
        fn value<T: Serialize>(answer: &T) -> Value {
            serde_json::to_value(answer).unwrap()
        }
        match self {
            Self::Key => promotion.get_key(stored::<GetKey>(body, user)).await.map(|answer| value(&answer)),
            Self::Execute => promotion
                .execute_promotion(stored::<ExecutePromotion>(body, user))
                .await
                .map(|answer| value(&answer)),
            Self::Result => promotion
                .execution_result(stored::<ExecutionResult>(body, user))
                .await
                .map(|answer| value(&answer)),
        }
    }

    /// A documented body. That of the live grant has another key than its answer, by a slip.
    pub(crate) fn sample(self) -> Value {
        let kind = if self == Self::Execute { ".test" } else { "" };
        fixture(&format!("promotion/{}{kind}.request", self.word()))
    }

    /// Makes the call with a documented body.
    pub(crate) async fn run(self, promotion: &Promotion) -> Result<Value, Error> {
        self.send(promotion, self.sample(), key()).await
    }
}

/// A client that tries once.
pub(crate) fn promotion(server: &MockServer) -> Promotion {
    with_policy(server, RetryPolicy::never())
}

/// A client that tries again at once.
pub(crate) fn eager(server: &MockServer) -> Promotion {
    with_policy(server, RetryPolicy::default().base(Duration::ZERO))
}

fn with_policy(server: &MockServer, policy: RetryPolicy) -> Promotion {
    let client = Client::builder().base_url(server.base_url()).no_proxy().retry(policy).build();
    Promotion::new(client.unwrap())
}

/// What a server was sent.
pub(crate) type Seen = Arc<Mutex<Vec<HttpMockRequest>>>;

/// Answers everything by what `reply` makes of it: status and body.
pub(crate) fn serve(
    server: &MockServer,
    reply: impl Fn(&HttpMockRequest) -> (u16, Value) + Send + Sync + 'static,
) -> Seen {
    let seen = Seen::default();
    let memory = Arc::clone(&seen);
    server.mock(|when, then| {
        when.any_request();
        then.respond_with(move |request| {
            memory.lock().unwrap().push(request.clone());
            let (status, body) = reply(request);
            HttpMockResponse::builder()
                .status(status)
                .header("content-type", "application/json")
                .body(body.to_string())
                .build()
        });
    });
    seen
}

/// Answers everything with this status and body, and remembers what came.
pub(crate) fn answer(server: &MockServer, status: u16, body: &Value) -> Seen {
    let body = body.clone();
    serve(server, move |_| (status, body.clone()))
}

/// Makes a call with its documented body against this answer.
pub(crate) async fn answered(op: Op, status: u16, body: &Value) -> Result<Value, Error> {
    let server = MockServer::start_async().await;
    answer(&server, status, body);
    op.run(&promotion(&server)).await
}
