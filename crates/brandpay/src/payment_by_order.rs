//! `GET /v1/payments/orders/{orderId}`: a payment as it is now.

use std::{borrow::Cow, time::Duration};

use ait_core::{Endpoint, Error, Flat, Host, Mismatch, Payload, Safety};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    HOST, OrderId, Payment,
    escape::{escape, segment},
};

/// Asks how a payment stands, by its order number: after an answer that was lost. It only reads.
///
/// It finds payments of every kind. One that is not known to this secret key is
/// [`ErrorCode::NotFoundPayment`](crate::ErrorCode::NotFoundPayment).
///
/// Documented: official core API reference, "결제 조회".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "a request does nothing until it is handed to BrandPay::payment_by_order"]
pub struct PaymentByOrder {
    order_id: OrderId,
}

impl PaymentByOrder {
    /// This one.
    pub fn new(order_id: OrderId) -> Self {
        Self { order_id }
    }
}

impl Endpoint for PaymentByOrder {
    const NAME: &'static str = "brandpay.payment_by_order";
    const METHOD: Method = Method::GET;
    const HOST: Host = HOST;
    const PATH: &'static str = "/v1/payments/orders/{orderId}";
    const SAFETY: Safety<Self> = Safety::Read;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Flat;
    type Response = Payment;

    fn body(&self) -> Option<impl Serialize> {
        None::<()>
    }

    fn path(&self) -> Cow<'_, str> {
        Cow::Owned(format!("/v1/payments/orders/{}", escape(self.order_id.as_str())))
    }

    fn check(&self) -> Result<(), Error> {
        segment("orderId", self.order_id.as_str())
    }

    fn verify(&self, payload: &Payload<'_>) -> Result<(), Mismatch> {
        payload.same("orderId", &self.order_id)
    }
}
