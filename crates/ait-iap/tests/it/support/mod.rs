//! What the tests of this crate share: its samples and its clients.

use ait_iap::{
    Iap, Order, OrderId, OrderStatus,
    ait_core::{Error, RetryPolicy},
};
use ait_testkit::{answer, at_once, client};
use httpmock::MockServer;
use serde_json::Value;

pub(crate) const ORDER: &str = "13c9a1ff-2baa-4495-bbfa-a0826ba8c7c0";

/// The names of all samples of in-app purchases that end so: `.response`.
pub(crate) fn fixtures(ending: &str) -> Vec<String> {
    ait_testkit::fixtures("iap", ending, &[".request", ".response", ".callback"])
}

pub(crate) fn order_id() -> OrderId {
    OrderId::new(ORDER).unwrap()
}

/// A client that tries once.
pub(crate) fn iap(server: &MockServer) -> Iap {
    Iap::new(client(server, RetryPolicy::never()))
}

/// A client that tries again at once.
pub(crate) fn eager(server: &MockServer) -> Iap {
    Iap::new(client(server, at_once()))
}

/// Asks about the documented order against this answer.
pub(crate) async fn answered(status: u16, body: &Value) -> Result<Order, Error> {
    let server = MockServer::start_async().await;
    answer(&server, status, body);
    iap(&server).order_status(OrderStatus::new(order_id())).await
}
