//! What the tests of this crate share: its samples, and the four calls as one list.

use ait_testkit::{answer, at_once, client, fitting, fixture, key, stored};
use ait_tosspay::{
    ExecutePayment, MakePayment, PaymentStatus, RefundPayment, TossPay,
    ait_core::{Error, RetryPolicy},
};
use httpmock::MockServer;
use serde::Serialize;
use serde_json::Value;

/// The names of all samples of Toss Pay that end so: `.request`.
pub(crate) fn fixtures(ending: &str) -> Vec<String> {
    ait_testkit::fixtures("tosspay", ending, &[".request", ".response", ".error"])
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
    TossPay::new(client(server, RetryPolicy::never()))
}

/// A client that tries again at once.
pub(crate) fn eager(server: &MockServer) -> TossPay {
    TossPay::new(client(server, at_once()))
}

/// Makes a call with its documented body, about the payment of this answer, and gets this answer.
pub(crate) async fn answered(op: Op, status: u16, body: &Value) -> Result<Value, Error> {
    let server = MockServer::start_async().await;
    answer(&server, status, body);
    let request = fitting(&fixture(&format!("tosspay/{}.request", op.word())), body);
    op.send(&pay(&server), request, key()).await
}
