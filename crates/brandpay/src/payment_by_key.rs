//! `GET /v1/payments/{paymentKey}`: a payment as it is now.

use std::{borrow::Cow, time::Duration};

use ait_core::{Endpoint, Error, Flat, Host, Mismatch, Payload, Safety};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    HOST, Payment, PaymentKey,
    escape::{escape, segment},
};

/// Asks how a payment stands, by its key. It only reads.
///
/// It finds payments of every kind. One that is not known to this secret key is
/// [`ErrorCode::NotFoundPayment`](crate::ErrorCode::NotFoundPayment).
///
/// Documented: official core API reference, "결제 조회".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "a request does nothing until it is handed to BrandPay::payment_by_key"]
pub struct PaymentByKey {
    payment_key: PaymentKey,
}

impl PaymentByKey {
    /// This one.
    pub fn new(payment_key: PaymentKey) -> Self {
        Self { payment_key }
    }
}

impl Endpoint for PaymentByKey {
    const NAME: &'static str = "brandpay.payment_by_key";
    const METHOD: Method = Method::GET;
    const HOST: Host = HOST;
    const PATH: &'static str = "/v1/payments/{paymentKey}";
    const SAFETY: Safety<Self> = Safety::Read;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Flat;
    type Response = Payment;

    fn body(&self) -> Option<impl Serialize> {
        None::<()>
    }

    fn path(&self) -> Cow<'_, str> {
        Cow::Owned(format!("/v1/payments/{}", escape(self.payment_key.as_str())))
    }

    fn check(&self) -> Result<(), Error> {
        segment("paymentKey", self.payment_key.as_str())
    }

    fn verify(&self, payload: &Payload<'_>) -> Result<(), Mismatch> {
        payload.same("paymentKey", &self.payment_key)
    }
}
