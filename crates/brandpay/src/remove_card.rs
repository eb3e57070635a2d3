//! `POST /payments/methods/card/remove`: removes a card.

use std::time::Duration;

use ait_core::{
    Authorization, Endpoint, Error, Flat, Host, IdempotencyKey, Mismatch, Payload, Safety, Secret,
};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{CardMethod, HOST, MethodKey, MethodsByToken};

/// Removes a card of the customer to whom the token belongs. The answer is the removed one, now `DISABLED`.
///
/// About the key see [`idempotency`](crate::idempotency).
///
/// Documented: official BrandPay reference, "결제수단 삭제".
///
/// # When the outcome is unknown
///
/// List the methods by [`MethodsByToken`]: it is gone, or `DISABLED`. After a lost answer, a 5xx, a 409 or a 429 you
/// may instead repeat it with the same key; after any other 4xx that only repeats the error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "a request does nothing until it is handed to BrandPay::remove_card"]
pub struct RemoveCard {
    idempotency_key: IdempotencyKey,
    access_token: Secret,
    #[serde(flatten)]
    body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    method_key: MethodKey,
}

impl RemoveCard {
    /// Removes this card.
    pub fn new(key: IdempotencyKey, access_token: impl Into<Secret>, method_key: MethodKey) -> Self {
        Self { idempotency_key: key, access_token: access_token.into(), body: Body { method_key } }
    }
}

impl Endpoint for RemoveCard {
    const NAME: &'static str = "brandpay.remove_card";
    const METHOD: Method = Method::POST;
    const HOST: Host = HOST;
    const PATH: &'static str = "/v1/brandpay/payments/methods/card/remove";
    const SAFETY: Safety<Self> =
        Safety::Keyed { key: |request| &request.idempotency_key, settled_by: Some(MethodsByToken::NAME) };
    // Not NOT_FOUND_METHOD: an earlier attempt may have removed it.
    const REFUSALS: &'static [&'static str] = crate::refusals::CUSTOMER;
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Flat;
    type Response = CardMethod;

    fn body(&self) -> Option<impl Serialize> {
        Some(&self.body)
    }

    fn check(&self) -> Result<(), Error> {
        self.body.method_key.check()
    }

    fn authorization(&self) -> Option<Authorization<'_>> {
        Some(Authorization::Bearer(&self.access_token))
    }

    fn verify(&self, payload: &Payload<'_>) -> Result<(), Mismatch> {
        payload.same("methodKey", &self.body.method_key)
    }

    fn secrets(&self) -> Vec<&str> {
        vec![self.body.method_key.expose()]
    }
}
