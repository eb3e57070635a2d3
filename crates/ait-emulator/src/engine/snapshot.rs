//! Everything an engine is, as a value.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Clock, Engine, PutOff};
use crate::{
    api::{Rng, Switches, World},
    fault::Faults,
};

/// Everything an engine is but its log and where it calls back: written to a file or read from one, it goes on where it was. `Debug` leaves out
/// the world, which holds secrets.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Snapshot {
    /// What the API remembers.
    #[serde(default)]
    pub world: World,
    /// How it does what nobody has documented.
    #[serde(default)]
    pub switches: Switches,
    /// The rules of what goes wrong.
    #[serde(default)]
    pub faults: Faults,
    /// The clock.
    #[serde(default)]
    pub clock: Clock,
    /// The seeds from here on, of the API and of the faults.
    #[serde(default)]
    pub seeds: (u64, u64),
    /// How many calls there were, those that were done late counted twice.
    #[serde(default)]
    pub calls: u64,
    /// What faults have put off.
    #[serde(default)]
    pub(crate) late: PutOff,
    /// In a file, which log tells what came after it.
    #[serde(default, skip_serializing_if = "is_first")]
    pub(crate) generation: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_first(generation: &u64) -> bool {
    *generation == 0
}

impl Engine {
    /// Everything but the log and where it calls back.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            world: self.core.world.clone(),
            switches: self.core.switches.clone(),
            faults: self.faults.clone(),
            clock: self.clock,
            seeds: (self.rng.seed(), self.fault_rng.seed()),
            calls: self.calls,
            late: self.late.clone(),
            generation: 0,
        }
    }

    /// Takes over what was changed in a snapshot of now. The log stays, and where it calls back.
    pub(crate) fn adopt(&mut self, snapshot: Snapshot) {
        let Snapshot { world, switches, faults, clock, seeds, calls, late, generation: _ } = snapshot;
        if world.outbox != self.core.world.outbox {
            self.forget_under_way();
        }
        (self.core.world, self.core.switches) = (world, switches);
        (self.faults, self.clock, self.calls, self.late) = (faults, clock, calls, late);
        (self.rng, self.fault_rng) = (Rng::new(seeds.0), Rng::new(seeds.1));
    }

    /// What is being sent belongs to an outbox that is no more.
    fn forget_under_way(&mut self) {
        self.under_way.clear();
        self.outboxes = self.outboxes.wrapping_add(1);
    }

    /// Goes on from a snapshot.
    pub fn restore(&mut self, mut snapshot: Snapshot) {
        snapshot.world.audit();
        self.adopt(snapshot);
        self.forget_under_way();
        self.log.clear();
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("switches", &self.switches)
            .field("faults", &self.faults)
            .field("clock", &self.clock)
            .field("calls", &self.calls)
            .field("late", &self.late)
            .finish_non_exhaustive()
    }
}
