//! What the tests of this crate share: fixtures, the four calls as one list, a server that remembers.
#![allow(dead_code, reason = "every test file uses its own part of it")]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use ait_tosspay::{
    ExecutePayment, MakePayment, PaymentStatus, RefundPayment, TossPay,
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

/// A documented sample: `tosspay/make-payment.request`.
pub(crate) fn fixture(name: &str) -> Value {
    let path = folder("").join(format!("{name}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

/// The names of all samples of Toss Pay that end so: `.request`.
pub(crate) fn fixtures(ending: &str) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder("tosspay")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let name = file.strip_suffix(".json").unwrap_or_else(|| panic!("{file} is no fixture"));
        let kinds = [".request", ".response", ".error"];
        assert!(kinds.iter().any(|kind| name.ends_with(kind)), "{file}: no test looks at this kind");
        if name.ends_with(ending) {
            names.push(format!("tosspay/{name}"));
        }
    }
    names.sort();
    assert!(!names.is_empty(), "no fixture ends in {ending}");
    names
}

/// A documented body in the form in which a request is stored: with its user.
pub(crate) fn stored<R: DeserializeOwned>(mut body: Value, user: Value) -> R {
    body["user"] = user;
    serde_json::from_value(body).unwrap()
}

pub(crate) fn key() -> Value {
    json!({ "key": USER_KEY })
}

/// One of the four calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Make,
    Execute,
    Refund,
    Status,
}

impl Op {
    pub(crate) const ALL: [Self; 4] = [Self::Make, Self::Execute, Self::Refund, Self::Status];
    pub(crate) const WRITES: [Self; 3] = [Self::Make, Self::Execute, Self::Refund];

    /// The last word of the path, which is also the name of the fixtures.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Make => "make-payment",
            Self::Execute => "execute-payment",
            Self::Refund => "refund-payment",
            Self::Status => "get-payment-status",
        }
    }

    pub(crate) fn endpoint(self) -> &'static str {
        match self {
            Self::Make => "tosspay.make_payment",
            Self::Execute => "tosspay.execute_payment",
            Self::Refund => "tosspay.refund_payment",
            Self::Status => "tosspay.payment_status",
        }
    }

    pub(crate) fn is_write(self) -> bool {
        self != Self::Status
    }

    pub(crate) fn of_fixture(name: &str) -> Self {
        let word = name.trim_start_matches("tosspay/").split('.').next().unwrap_or_default();
        Self::ALL.into_iter().find(|op| op.word() == word).unwrap_or_else(|| panic!("no endpoint for {name}"))
    }

    /// Makes the call with this body for this user; the answer comes back as it serialises.
    pub(crate) async fn send(self, pay: &TossPay, body: Value, user: Value) -> Result<Value, Error> {
        fn value<T: Serialize>(answer: &T) -> Value {
            serde_json::to_value(answer).unwrap()
        }
        match self {
            Self::Make => {
                pay.make_payment(stored::<MakePayment>(body, user)).await.map(|answer| value(&answer))
            }
            Self::Execute => {
                pay.execute_payment(stored::<ExecutePayment>(body, user)).await.map(|answer| value(&answer))
            }
            Self::Refund => {
                pay.refund_payment(stored::<RefundPayment>(body, user)).await.map(|answer| value(&answer))
            }
            Self::Status => {
                pay.payment_status(stored::<PaymentStatus>(body, user)).await.map(|answer| value(&answer))
            }
        }
    }

    /// Makes the call with its documented body.
    pub(crate) async fn run(self, pay: &TossPay) -> Result<Value, Error> {
        self.send(pay, fixture(&format!("tosspay/{}.request", self.word())), key()).await
    }
}

/// A client that tries once.
pub(crate) fn pay(server: &MockServer) -> TossPay {
    with_policy(server, RetryPolicy::never())
}

/// A client that tries again at once.
pub(crate) fn eager(server: &MockServer) -> TossPay {
    with_policy(server, RetryPolicy::default().base(Duration::ZERO))
}

fn with_policy(server: &MockServer, policy: RetryPolicy) -> TossPay {
    let client = Client::builder().base_url(server.base_url()).no_proxy().retry(policy).build();
    TossPay::new(client.unwrap())
}

/// What a server was sent.
pub(crate) type Seen = Arc<Mutex<Vec<HttpMockRequest>>>;

/// Answers everything with this status and body, and remembers what came.
pub(crate) fn answer(server: &MockServer, status: u16, body: &Value) -> Seen {
    let seen = Seen::default();
    let (memory, body) = (Arc::clone(&seen), body.to_string());
    server.mock(|when, then| {
        when.any_request();
        then.respond_with(move |request| {
            memory.lock().unwrap().push(request.clone());
            HttpMockResponse::builder()
                .status(status)
                .header("content-type", "application/json")
                .body(body.clone())
                .build()
        });
    });
    seen
}

/// Makes a call with its documented body against this answer.
pub(crate) async fn answered(op: Op, status: u16, body: &Value) -> Result<Value, Error> {
    let server = MockServer::start_async().await;
    answer(&server, status, body);
    op.run(&pay(&server)).await
}

/// The same without members that are `null`, at any depth.
pub(crate) fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(_, member)| !member.is_null())
            .map(|(name, member)| (name.clone(), without_nulls(member)))
            .collect(),
        Value::Array(elements) => elements.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}
