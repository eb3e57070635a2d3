//! `GET /v1/promotions/card`: promotions.

use std::time::Duration;

use ait_core::{Endpoint, Flat, Host, Safety};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{CardPromotionList, HOST};

/// Asks for the promotions of card companies for payments of every kind. The company is `issuerCode`. It only reads.
///
/// Documented: official core API reference, "카드 프로모션 조회".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[must_use = "a request does nothing until it is handed to BrandPay::all_card_promotions"]
#[non_exhaustive]
pub struct AllCardPromotions {}

impl AllCardPromotions {
    /// All of them.
    pub fn new() -> Self {
        Self {}
    }
}

impl Endpoint for AllCardPromotions {
    const NAME: &'static str = "brandpay.all_card_promotions";
    const METHOD: Method = Method::GET;
    const HOST: Host = HOST;
    const PATH: &'static str = "/v1/promotions/card";
    const SAFETY: Safety<Self> = Safety::Read;
    const POOLED: bool = true;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Flat;
    type Response = CardPromotionList;

    fn body(&self) -> Option<impl Serialize> {
        None::<()>
    }
}
