//! What the tests of this crate share: its samples, and the three calls as one list.

pub(crate) mod model;
pub(crate) mod row;
pub(crate) mod toss;

use ait_promotion::{
    ExecutePromotion, ExecutionResult, GetKey, Promotion,
    ait_core::{Error, RetryPolicy},
};
use ait_testkit::{answer, at_once, client, fixture, key, stored};
use httpmock::MockServer;
use serde::Serialize;
use serde_json::Value;

/// The names of all samples of promotions that end so: `.request`.
pub(crate) fn fixtures(ending: &str) -> Vec<String> {
    ait_testkit::fixtures("promotion", ending, &[".request", ".response", ".error"])
}

/// The one that the official examples declare and nobody has seen.
pub(crate) const OBJECT: &str = "promotion/execution-result.object.response";

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
    Promotion::new(client(server, RetryPolicy::never()))
}

/// A client that tries again at once.
pub(crate) fn eager(server: &MockServer) -> Promotion {
    Promotion::new(client(server, at_once()))
}

/// Makes a call with its documented body against this answer.
pub(crate) async fn answered(op: Op, status: u16, body: &Value) -> Result<Value, Error> {
    let server = MockServer::start_async().await;
    answer(&server, status, body);
    op.run(&promotion(&server)).await
}
