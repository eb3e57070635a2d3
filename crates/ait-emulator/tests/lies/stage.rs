//! An emulator, a client, and one call under one rule.

use std::time::Duration;

use ait_core::{Call, Client, Endpoint, Error, Resolution, Safety, Ticket};
use ait_emulator::{Emulator, api::Violation, engine::Clock};
use serde_json::Value;

/// How long a call may take: those that are never answered take it all.
const DEADLINE: Duration = Duration::from_millis(700);

pub(crate) struct Stage {
    pub(crate) emulator: Emulator,
    pub(crate) client: Client,
    /// One, or several with a semicolon between them.
    rule: String,
}

/// What came of a call.
pub(crate) struct Report {
    pub(crate) error: Option<Error>,
    /// The world is another one than before, now or an hour later.
    pub(crate) committed: bool,
    /// As far as the client goes, the call only reads.
    pub(crate) reads: bool,
    pub(crate) settled: Option<Settled>,
    pub(crate) violations: Vec<Violation>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    Done,
    NotDone,
    Unknown,
}

impl<T> From<Resolution<T>> for Settled {
    fn from(resolution: Resolution<T>) -> Self {
        match resolution {
            Resolution::Done(_) => Self::Done,
            Resolution::NotDone => Self::NotDone,
            _ => Self::Unknown,
        }
    }
}

impl Stage {
    pub(crate) async fn new(rule: &str) -> Self {
        // The machine's clock: a ticket tells the time too.
        let emulator = Emulator::builder().seed(7).clock(Clock::default()).start().await.unwrap();
        let client = emulator.client_builder().unwrap().build().unwrap();
        Self { emulator, client, rule: rule.to_owned() }
    }

    /// Makes the call under the rule, and compares the worlds.
    pub(crate) async fn judge<E>(&self, call: Call<'_, E>) -> Report
    where
        E: Endpoint + Send + Sync,
        E::Response: Send,
    {
        self.judge_and_settle(call, async |_: &Ticket| None).await
    }

    /// The same; a call that left a ticket is settled by it before time passes.
    pub(crate) async fn judge_and_settle<E>(
        &self,
        call: Call<'_, E>,
        settle: impl AsyncFnOnce(&Ticket) -> Option<Settled>,
    ) -> Report
    where
        E: Endpoint + Send + Sync,
        E::Response: Send,
    {
        let before = self.world();
        for rule in self.rule.split("; ") {
            self.emulator.fault(rule).unwrap();
        }
        let error = call.deadline(DEADLINE).await.err();
        self.emulator.engine(|engine| engine.faults.clear());
        let ticket = error.as_ref().and_then(Error::ticket);
        let settled = match ticket {
            Some(ticket) => settle(ticket).await,
            None => None,
        };
        self.emulator.advance(Duration::from_secs(3600));
        let (after, violations) = (self.world(), self.emulator.violations());
        let reads = matches!(E::SAFETY, Safety::Read);
        Report { error, committed: before != after, reads, settled, violations }
    }

    /// What is remembered, but for who called how often.
    fn world(&self) -> Value {
        let mut world = self.emulator.engine(|engine| serde_json::to_value(&engine.core.world).unwrap());
        world.as_object_mut().unwrap().remove("limits");
        world
    }
}
