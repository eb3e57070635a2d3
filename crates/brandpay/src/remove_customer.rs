//! `POST /customers/remove`: removes a customer.

use std::time::Duration;

use ait_core::{Authorization, Endpoint, Flat, Host, IdempotencyKey, InnerFailure, Safety, Secret, lenient};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{CustomerKey, HOST};

/// Removes the customer to whom the token belongs. All methods vanish at once; tokens and method keys are dead afterwards.
///
/// About the key see [`idempotency`](crate::idempotency).
///
/// Documented: official BrandPay reference, "회원 탈퇴". An answer with `success` false, which is not documented, is an error
/// here with an unknown outcome.
///
/// # When the outcome is unknown
///
/// After a lost answer, a 5xx, a 409 or a 429 repeat it with the same key; after any other 4xx that only repeats the
/// error, and another try, which does no harm, needs a new key. No call settles it, so
/// [`Error::settled_by`](ait_core::Error::settled_by) is `None`: a removed customer has no methods, but neither has a
/// new one. An access token that is refused proves nothing, because the removal kills it. The webhook
/// [`CustomerChange::Removed`](crate::webhook::CustomerChange::Removed) comes after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "a request does nothing until it is handed to BrandPay::remove_customer"]
pub struct RemoveCustomer {
    idempotency_key: IdempotencyKey,
    access_token: Secret,
}

impl RemoveCustomer {
    /// Removes this token's customer.
    pub fn new(key: IdempotencyKey, access_token: impl Into<Secret>) -> Self {
        Self { idempotency_key: key, access_token: access_token.into() }
    }
}

/// A customer who is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RemovedCustomer {
    /// Who it was.
    pub customer_key: CustomerKey,
    /// Always true here.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

impl Endpoint for RemoveCustomer {
    const NAME: &'static str = "brandpay.remove_customer";
    const METHOD: Method = Method::POST;
    const HOST: Host = HOST;
    const PATH: &'static str = "/v1/brandpay/customers/remove";
    const SAFETY: Safety<Self> = Safety::Keyed { key: |request| &request.idempotency_key, settled_by: None };
    // Not those about the token or the customer: an earlier attempt may have removed both.
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Flat;
    type Response = RemovedCustomer;

    fn body(&self) -> Option<impl Serialize> {
        None::<()>
    }

    fn authorization(&self) -> Option<Authorization<'_>> {
        Some(Authorization::Bearer(&self.access_token))
    }

    fn inner_failure(&self, removed: &RemovedCustomer) -> Option<InnerFailure> {
        let code = if removed.success == Some(false) { Some("SUCCESS_FALSE") } else { None };
        InnerFailure::found(None, code, Some("the answer says that the customer was not removed"))
    }
}
