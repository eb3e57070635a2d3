//! `GET /promotions/bank`: promotions.

use std::time::Duration;

use ait_core::{Endpoint, Flat, Host, Safety};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{BankPromotionList, HOST};

/// Asks for the promotions of banks for BrandPay. It only reads.
///
/// Documented: official BrandPay reference, "은행 프로모션 조회".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[must_use = "a request does nothing until it is handed to BrandPay::bank_promotions"]
#[non_exhaustive]
pub struct BankPromotions {}

impl BankPromotions {
    /// All of them.
    pub fn new() -> Self {
        Self {}
    }
}

impl Endpoint for BankPromotions {
    const NAME: &'static str = "brandpay.bank_promotions";
    const METHOD: Method = Method::GET;
    const HOST: Host = HOST;
    const PATH: &'static str = "/v1/brandpay/promotions/bank";
    const SAFETY: Safety<Self> = Safety::Read;
    const POOLED: bool = true;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Flat;
    type Response = BankPromotionList;

    fn body(&self) -> Option<impl Serialize> {
        None::<()>
    }
}
