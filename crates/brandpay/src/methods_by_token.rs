//! `GET /payments/methods`: the methods of the customer to whom a token belongs.

use std::time::Duration;

use ait_core::{Authorization, Endpoint, Flat, Host, Safety, Secret};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{HOST, Methods};

/// Asks for the cards and accounts of the customer to whom the token belongs. It only reads.
///
/// Documented: official BrandPay reference, "결제수단 조회".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "a request does nothing until it is handed to BrandPay::methods_by_token"]
pub struct MethodsByToken {
    access_token: Secret,
}

impl MethodsByToken {
    /// With the customer's access token.
    pub fn new(access_token: impl Into<Secret>) -> Self {
        Self { access_token: access_token.into() }
    }
}

impl Endpoint for MethodsByToken {
    const NAME: &'static str = "brandpay.methods_by_token";
    const METHOD: Method = Method::GET;
    const HOST: Host = HOST;
    const PATH: &'static str = "/v1/brandpay/payments/methods";
    const SAFETY: Safety<Self> = Safety::Read;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Flat;
    type Response = Methods;

    fn body(&self) -> Option<impl Serialize> {
        None::<()>
    }

    fn authorization(&self) -> Option<Authorization<'_>> {
        Some(Authorization::Bearer(&self.access_token))
    }
}
