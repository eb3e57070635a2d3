//! `POST /promotion/execution-result`: tells what became of a grant.

use std::time::Duration;

use ait_core::{Endpoint, Envelope, Error, Host, Safety, User};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{GrantStatus, PromotionCode, PromotionKey};

/// Asks what became of a grant. It only reads, and it settles every doubt about
/// [`ExecutePromotion`](crate::ExecutePromotion). A grant that Toss does not know is an error with code `4111`
/// ([`ErrorCode::NoRecord`](crate::ErrorCode::NoRecord)): not granted *so far*.
///
/// At most 10 calls a minute for one user, all three calls together (partner reports): ask after 3, 8, 20 and 45
/// seconds, then more slowly.
///
/// Documented: official promotion guide "3. 프로모션 지급 결과 조회하기". The answer is a bare [`GrantStatus`]; the official
/// examples declare an object with a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use = "a request does nothing until it is handed to Promotion::execution_result"]
pub struct ExecutionResult {
    user: User,
    #[serde(flatten)]
    body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    promotion_code: PromotionCode,
    key: PromotionKey,
}

impl ExecutionResult {
    /// Asks for the grant of this key, with the user and the promotion it was made for.
    pub fn new(user: impl Into<User>, promotion_code: PromotionCode, key: PromotionKey) -> Self {
        Self { user: user.into(), body: Body { promotion_code, key } }
    }
}

impl Endpoint for ExecutionResult {
    const NAME: &'static str = "promotion.execution_result";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::APPS_IN_TOSS;
    const PATH: &'static str = "/api-partner/v1/apps-in-toss/promotion/execution-result";
    const SAFETY: Safety<Self> = Safety::Read;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Envelope;
    // Not the object with a key: it would say nothing about the grant.
    type Response = GrantStatus;

    fn body(&self) -> Option<impl Serialize> {
        Some(&self.body)
    }

    fn user(&self) -> Option<&User> {
        Some(&self.user)
    }

    fn check(&self) -> Result<(), Error> {
        self.body.promotion_code.check()?;
        self.body.key.check()
    }

    fn secrets(&self) -> Vec<&str> {
        vec![self.body.key.expose()]
    }
}
