//! The three calls, as methods, and what settles them.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use ait_core::{Call, Client, Error, Resolution, Schedule, Ticket};

use crate::{ExecutePromotion, ExecutedPromotion, ExecutionResult, GetKey, pace::Pace};

/// Toss points for Apps in Toss. Cheap to clone.
///
/// Each method describes a call; awaiting it makes it. The documentation of each request says what to do when the
/// outcome of its call is unknown; [`Grant`](crate::Grant) does it for you.
///
/// It remembers the calls that grants made for each user in the last minute, so that together they keep to ten. Its clones
/// share that memory; another `Promotion` and another process have their own. Calls that you make by these methods are
/// not counted.
#[derive(Clone, Debug)]
pub struct Promotion {
    client: Client,
    pace: Arc<Mutex<Pace>>,
}

impl Promotion {
    /// Promotions over this client.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client, pace: Arc::default() }
    }

    pub(crate) fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a key for one grant. No points move. See [`GetKey`].
    pub fn get_key(&self, request: GetKey) -> Call<'_, GetKey> {
        self.client.call(request)
    }

    /// Asks for the grant. See [`ExecutePromotion`].
    pub fn execute(&self, request: ExecutePromotion) -> Call<'_, ExecutePromotion> {
        self.client.call(request)
    }

    /// Tells what became of a grant. See [`ExecutionResult`].
    pub fn execution_result(&self, request: ExecutionResult) -> Call<'_, ExecutionResult> {
        self.client.call(request)
    }

    /// Finds out what became of a grant whose answer was lost. Sends nothing but questions.
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
    /// The default schedule asks six times within a minute; with the two calls before, that stays below the ten a
    /// minute that one user may cost.
    ///
    /// # Errors
    ///
    /// If the ticket is for another call, or if asking is impossible: see [`Schedule::ask`].
    pub async fn resolve(
        &self,
        ticket: &Ticket,
        schedule: &Schedule,
    ) -> Result<Resolution<ExecutedPromotion>, Error> {
        let request: ExecutePromotion = ticket.request()?;
        let question = async || match self.execution_result(request.result()).await {
            Ok(status) if status.is_paid() => {
                Ok(Resolution::Done(ExecutedPromotion { key: request.key().clone() }))
            }
            // What cannot be asked ends the questions; any other error is asked again.
            Err(error) => Err(error),
            Ok(_) => Ok(Resolution::Unknown { ask_again: Duration::ZERO }),
        };
        schedule.ask(question).await
    }
}
