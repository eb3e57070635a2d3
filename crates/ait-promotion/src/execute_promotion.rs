//! `POST /promotion/execute-promotion`: asks for the grant.

use std::time::Duration;

use ait_core::{Endpoint, Envelope, Error, Host, Krw, Mismatch, Payload, Safety, Ticket, User};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{ExecutionResult, PromotionCode, PromotionKey};

/// Asks for the grant: gives the user points out of the budget of the promotion.
///
/// An answer means *accepted*: the points may come a little later, and only [`ExecutionResult`] says that the user has
/// them.
///
/// | field | rule |
/// |---|---|
/// | `promotionCode`, `key` | not empty, no blanks |
/// | `amount` | whole points, from 1; a point is taken to be a won |
///
/// The upper limits are set in the console; partner reports add 5,000 points for each person. The key is the only
/// guard against paying twice, and nothing ties one user to one grant: keep a record of whom you have paid, or let
/// [`Grant`](crate::Grant) keep it.
///
/// `Ok` proves that Toss says SUCCESS and repeats this key: the grant is accepted.
///
/// Documented: official promotion guide "2. 프로모션 리워드 지급하기".
///
/// # When the outcome is unknown
///
/// Ask with the **same** key. **Never take a new key while the old one may still pay**; code `4113` says that the key
/// was used, which is a reason to ask and no reason for another key. One early `4111` (no record) proves nothing,
/// because the request may still be on its way.
///
/// ```no_run
/// # use ait_promotion::{ait_core::{Error, Outcome, Resolution, Schedule}, *};
/// # enum Points { Accepted, NotGiven, Given, AskLater }
/// # async fn give(promotion: Promotion, request: ExecutePromotion) -> Result<Points, Error> {
/// match promotion.execute_promotion(request).await {
///     Ok(_accepted) => Ok(Points::Accepted),
///     Err(error) if error.outcome() <= Outcome::Refused => Ok(Points::NotGiven),
///     Err(error) => {
///         let Some(ticket) = error.ticket() else { return Err(error) }; // store it, it holds the key
///         Ok(match promotion.resolve(ticket, &Schedule::default()).await? {
///             Resolution::Done(_) => Points::Given,
///             _ => Points::AskLater, // put it on a list; take no new key
///         })
///     }
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use = "a request does nothing until it is handed to Promotion::execute_promotion"]
pub struct ExecutePromotion {
    user: User,
    #[serde(flatten)]
    body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    promotion_code: PromotionCode,
    key: PromotionKey,
    amount: Krw,
}

impl ExecutePromotion {
    /// A grant of `amount` points to this user. Store the key first.
    ///
    /// # Errors
    ///
    /// If the amount is below 1, or a text is empty.
    pub fn new(
        user: impl Into<User>,
        promotion_code: PromotionCode,
        key: PromotionKey,
        amount: Krw,
    ) -> Result<Self, Error> {
        let request = Self { user: user.into(), body: Body { promotion_code, key, amount } };
        request.check().map(|()| request)
    }

    /// The question that tells what became of this grant.
    pub fn result(&self) -> ExecutionResult {
        ExecutionResult::new(self.user.clone(), self.body.promotion_code.clone(), self.body.key.clone())
    }

    /// The promotion.
    #[must_use]
    pub fn promotion_code(&self) -> &PromotionCode {
        &self.body.promotion_code
    }

    /// The key of the grant.
    #[must_use]
    pub fn key(&self) -> &PromotionKey {
        &self.body.key
    }

    /// The points.
    #[must_use]
    pub fn amount(&self) -> Krw {
        self.body.amount
    }
}

/// A grant that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ExecutedPromotion {
    /// The key that was sent.
    pub key: PromotionKey,
}

impl Endpoint for ExecutePromotion {
    const NAME: &'static str = "promotion.execute_promotion";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::APPS_IN_TOSS;
    const PATH: &'static str = "/api-partner/v1/apps-in-toss/promotion/execute-promotion";
    const SAFETY: Safety<Self> = Safety::Once { settled_by: ExecutionResult::NAME };
    // Not 4110, which does not say whether anything happened; not 4113, because the key was used; not 4111, which is
    // the word of a moment.
    const REFUSALS: &'static [&'static str] =
        &["4100", "4104", "4105", "4108", "4109", "4112", "4114", "4116"];
    const DEADLINE: Duration = Duration::from_secs(30);
    type Dialect = Envelope;
    type Response = ExecutedPromotion;

    fn body(&self) -> Option<impl Serialize> {
        Some(&self.body)
    }

    fn user(&self) -> Option<&User> {
        Some(&self.user)
    }

    fn check(&self) -> Result<(), Error> {
        let Body { promotion_code, key, amount } = &self.body;
        promotion_code.check()?;
        key.check()?;
        check_amount(*amount)
    }

    fn ticket(&self) -> Option<Ticket> {
        Ticket::new(self).ok()
    }

    fn verify(&self, payload: &Payload<'_>) -> Result<(), Mismatch> {
        payload.same("key", &self.body.key)
    }

    fn secrets(&self) -> Vec<&str> {
        vec![self.body.key.expose()]
    }
}

pub(crate) fn check_amount(amount: Krw) -> Result<(), Error> {
    if amount.get() >= 1 {
        return Ok(());
    }
    Err(Error::invalid(
        "amount",
        format!("must be 1 point or more, is {amount}; grant nothing by sending nothing"),
    ))
}
