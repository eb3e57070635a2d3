//! Finding out what became of a grant whose answer was lost.

use std::time::Duration;

use ait_core::{Error, Resolution, RetryPolicy, Schedule, Ticket};

use crate::{ExecutePromotion, ExecutedPromotion, ExecutionResult, Promotion};

impl Promotion {
    /// Finds out what became of a grant, in this or another process: asks [`ExecutionResult`] on `schedule` until the
    /// points have arrived. Nothing is sent again.
    ///
    /// | execution-result | resolution |
    /// |---|---|
    /// | `SUCCESS` | `Done`: the user has the points |
    /// | `PENDING`, a status nobody knows, no answer | `Unknown` |
    /// | `4111`, no record | `Unknown`: the request may still arrive |
    /// | `FAILED` | `Unknown`: a person decides |
    ///
    /// It never says `NotDone`. That would promise that a new key cannot pay twice, which neither answer does: nothing
    /// documents that `FAILED` is final, and after code `4113` ("granted or taken back") it contradicts what was said
    /// before, which a ticket does not record. Ask [`ExecutionResult`] yourself to see the status.
    ///
    /// Each question is tried once, whatever the client's [`RetryPolicy`], so the default schedule makes six calls within a
    /// minute; with the two calls before, that stays below the ten a minute that one user may cost. Each goes over a
    /// connection of its own, so that no copy of another answer can be taken for its answer.
    ///
    /// # Errors
    ///
    /// If the ticket is not one of [`ExecutePromotion`], or asking itself is impossible: the client is set up wrongly,
    /// its certificate is refused, or the user's key is stale. Such an error says nothing about the grant: keep the ticket.
    ///
    /// ```no_run
    /// # use ait_promotion::{ait_core::{Resolution, Schedule, Ticket}, *};
    /// # async fn settle(promotion: Promotion, stored: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// let ticket: Ticket = serde_json::from_str(stored)?;
    /// match promotion.resolve(&ticket, &Schedule::default()).await? {
    ///     Resolution::Done(_) => println!("the user has the points"),
    ///     _ => println!("not known yet: keep the ticket and come back; take no new key"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn resolve(
        &self,
        ticket: &Ticket,
        schedule: &Schedule,
    ) -> Result<Resolution<ExecutedPromotion>, Error> {
        let request: ExecutePromotion = ticket.request()?;
        let question: ExecutionResult = request.result();
        schedule
            .ask(|| async {
                // One call a question: the schedule alone asks again.
                let call = self.execution_result(question.clone()).retry(RetryPolicy::never());
                let status = call.await?;
                Ok(if status.is_paid() {
                    Resolution::Done(ExecutedPromotion { key: request.key().clone() })
                } else {
                    Resolution::Unknown { ask_again: Duration::ZERO }
                })
            })
            .await
    }
}
