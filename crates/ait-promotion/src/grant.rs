//! Granting points once, whatever breaks.
//!
//! A [`Grant`] is a promise to one user: so many points of one promotion. [`Grant::run`] keeps it as far as it can be
//! kept now, and says when to come back. Everything it knows is in a [`GrantRecord`], which your [`GrantStore`] saves
//! *before* each send; after a crash, run the grant again with the same store.
//!
//! **The rule: no new key while any earlier key of the same grant could still pay.** In doubt it asks; when asking does
//! not help it stops, [`GrantState::Parked`], and leaves the decision to a person.
//!
//! | state | means | then |
//! |---|---|---|
//! | [`Planned`](GrantState::Planned) | nothing was sent | takes a key, saves it, sends |
//! | [`Executing`](GrantState::Executing) | the request is about to be sent, or was | found in the store: doubt |
//! | [`Accepted`](GrantState::Accepted) | the server took it | asks until the points have arrived |
//! | [`Doubt`](GrantState::Doubt) | it may have been taken | asks |
//! | [`Probe`](GrantState::Probe) | the hour of the key is over; the same key is sent once more | only by [`Policy::probe_fence`]; if the key is seen dead, takes a new one |
//! | [`Paid`](GrantState::Paid), [`Parked`](GrantState::Parked) | over | nothing is ever sent again |
//! | [`Failed`](GrantState::Failed), [`Refused`](GrantState::Refused) | over | nothing is sent, unless a person calls [`Grant::retry`] |
//! | [`Retry`](GrantState::Retry) | to be tried again; the old key may still pay | asks until the hour of the key is over, then probes |
//!
//! The decisions are one pure function, [`next`]: state and event in, state and commands out. It reads no clock. The
//! hour of a key is judged by the server's own `Date`: that of a later answer against that of the answer which brought
//! the key. Where a date is missing, the hour is never over, and the grant is parked when all
//! [`questions`](Policy::questions) were asked.
//!
//! A grant that failed or was refused is not paid so far; nothing documents that it stays so. [`Grant::retry`] tries it
//! again, after the same proof as in doubt: its key is seen dead, and there is still no record of points. To grant under
//! another name instead pays twice if the first grant succeeds after all. A parked grant needs a person who has learned
//! from Toss whether its key paid or still can.
//!
//! # Ten calls a minute
//!
//! One user may cost ten calls a minute (partner reports). A run makes at most five, and begins only if all of them fit
//! beside those that grants made in the last minute through this [`Promotion`](crate::Promotion) or its clones. Neither
//! other processes nor calls outside of grants are counted.

mod again;
mod error;
mod event;
mod next;
mod policy;
mod run;
mod state;
mod store;

use ait_core::{Error, Krw, User};
use serde::{Deserialize, Serialize};

pub use self::{
    error::GrantError,
    event::{Asked, Command, Event, Executed, ServerDate},
    next::next,
    policy::{ExpiredCode, Policy},
    run::Progress,
    state::{Attempt, GrantState, Why},
    store::{GrantRecord, GrantStore},
};
use crate::{
    ExecutePromotion, ExecutionResult, PromotionCode, PromotionKey, execute_promotion::check_amount,
};

/// A promise to one user: so many points of one promotion, once.
///
/// ```no_run
/// use std::time::Duration;
/// use ait_promotion::{ait_core::{Krw, User}, grant::*, *};
///
/// # async fn give<S: GrantStore>(promotion: Promotion, store: &mut S) -> Result<bool, Box<dyn std::error::Error>>
/// # where S::Error: std::error::Error + 'static {
/// let code = PromotionCode::new("01JPPJ6SB66BQXXDAKRQZ6SZD7")?;
/// let grant = Grant::new(User::key(443_731_104), code, Krw::new(10))?;
/// loop {
///     match grant.run(&promotion, &Policy::park(), store).await? {
///         Progress::Waiting { ask_again, .. } => tokio::time::sleep(ask_again).await,
///         Progress::Over(state) => return Ok(matches!(state, GrantState::Paid { .. })),
///         _ => return Ok(false),
///     }
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    user: User,
    promotion_code: PromotionCode,
    amount: Krw,
}

impl Grant {
    /// A promise of `amount` points to this user.
    ///
    /// # Errors
    ///
    /// If the amount is below 1.
    pub fn new(user: impl Into<User>, promotion_code: PromotionCode, amount: Krw) -> Result<Self, Error> {
        check_amount(amount)?;
        Ok(Self { user: user.into(), promotion_code, amount })
    }

    /// The user.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.user
    }

    /// The promotion.
    #[must_use]
    pub fn promotion_code(&self) -> &PromotionCode {
        &self.promotion_code
    }

    /// The points.
    #[must_use]
    pub fn amount(&self) -> Krw {
        self.amount
    }

    fn execute(&self, key: &PromotionKey) -> Result<ExecutePromotion, Error> {
        ExecutePromotion::new(self.user.clone(), self.promotion_code.clone(), key.clone(), self.amount)
    }

    fn question(&self, key: &PromotionKey) -> ExecutionResult {
        ExecutionResult::new(self.user.clone(), self.promotion_code.clone(), key.clone())
    }
}
