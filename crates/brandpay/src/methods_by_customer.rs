//! `GET /payments/methods/{customerKey}`: the methods of a customer.

use std::{borrow::Cow, time::Duration};

use ait_core::{Endpoint, Error, Flat, Host, Safety};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    CustomerKey, HOST, Methods,
    escape::{escape, segment},
};

/// Asks for the cards and accounts of a customer. It only reads.
///
/// Documented: official BrandPay reference, "결제수단 조회".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "a request does nothing until it is handed to BrandPay::methods_by_customer"]
pub struct MethodsByCustomer {
    customer_key: CustomerKey,
}

impl MethodsByCustomer {
    /// Those of this customer.
    pub fn new(customer_key: CustomerKey) -> Self {
        Self { customer_key }
    }
}

impl Endpoint for MethodsByCustomer {
    const NAME: &'static str = "brandpay.methods_by_customer";
    const METHOD: Method = Method::GET;
    const HOST: Host = HOST;
    const PATH: &'static str = "/v1/brandpay/payments/methods/{customerKey}";
    const SAFETY: Safety<Self> = Safety::Read;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Flat;
    type Response = Methods;

    fn body(&self) -> Option<impl Serialize> {
        None::<()>
    }

    fn path(&self) -> Cow<'_, str> {
        Cow::Owned(format!("/v1/brandpay/payments/methods/{}", escape(self.customer_key.expose())))
    }

    fn check(&self) -> Result<(), Error> {
        segment("customerKey", self.customer_key.expose())
    }

    fn secrets(&self) -> Vec<&str> {
        self.customer_key.quotations()
    }
}
