//! The calls, as methods.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ait_core::{Call, Client};

use crate::{ExecutePromotion, ExecutionResult, GetKey, pace::Pace};

/// Toss points for Apps in Toss. Cheap to clone.
///
/// Each method describes a call; awaiting it makes it. The documentation of each request says what to do when the
/// outcome of its call is unknown; [`Grant`](crate::Grant) does it for you.
///
/// It remembers the calls that grants made for each user in the last minute, so that together they keep to ten. Its
/// clones share that memory; another `Promotion` and another process have their own. Calls that you make by these
/// methods are not counted.
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

    /// Makes a key for one grant. No points move. See [`GetKey`].
    pub fn get_key(&self, request: GetKey) -> Call<'_, GetKey> {
        self.client.call(request)
    }

    /// Asks for the grant. See [`ExecutePromotion`].
    pub fn execute_promotion(&self, request: ExecutePromotion) -> Call<'_, ExecutePromotion> {
        self.client.call(request)
    }

    /// Tells what became of a grant. See [`ExecutionResult`].
    pub fn execution_result(&self, request: ExecutionResult) -> Call<'_, ExecutionResult> {
        self.client.call(request)
    }

    pub(crate) fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
