//! `GET /v1/promotions`: promotions.

use std::time::Duration;

use ait_core::{Endpoint, Flat, Host, Safety};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{HOST, Promotion};

/// Asks for the promotions for payments of every kind. It only reads.
///
/// Documented: official core API reference, "전체 프로모션 조회", which speaks of one object, where partners read a list: either is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[must_use = "a request does nothing until it is handed to BrandPay::all_promotions"]
#[non_exhaustive]
pub struct AllPromotions {}

impl AllPromotions {
    /// All of them.
    pub fn new() -> Self {
        Self {}
    }
}

/// Promotions for payments of every kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[non_exhaustive]
pub struct Promotions {
    /// The promotions, in no order.
    #[serde(deserialize_with = "crate::form::one_or_many")]
    pub list: Vec<Promotion>,
}

impl Endpoint for AllPromotions {
    const NAME: &'static str = "brandpay.all_promotions";
    const METHOD: Method = Method::GET;
    const HOST: Host = HOST;
    const PATH: &'static str = "/v1/promotions";
    const SAFETY: Safety<Self> = Safety::Read;
    const POOLED: bool = true;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Flat;
    type Response = Promotions;

    fn body(&self) -> Option<impl Serialize> {
        None::<()>
    }
}
