//! Everything an engine is, as a value.

use serde::{Deserialize, Serialize};

use super::{Clock, Engine};
use crate::{
    api::{Core, Rng, Switches, World},
    fault::Faults,
};

/// Everything an engine is but its log: written to a file or read from one, it goes on where it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// How many calls there were.
    #[serde(default)]
    pub calls: u64,
}

impl Engine {
    /// Everything but the log.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            world: self.core.world.clone(),
            switches: self.core.switches.clone(),
            faults: self.faults.clone(),
            clock: self.clock,
            seeds: (self.rng.seed(), self.fault_rng.seed()),
            calls: self.calls,
        }
    }

    /// Takes over what was changed in a snapshot of now. The log and what was put off stay.
    pub(crate) fn adopt(&mut self, snapshot: Snapshot) {
        let Snapshot { world, switches, faults, clock, seeds, calls } = snapshot;
        self.core = Core::from_parts(world, switches);
        (self.faults, self.clock, self.calls) = (faults, clock, calls);
        (self.rng, self.fault_rng) = (Rng::new(seeds.0), Rng::new(seeds.1));
    }

    /// Goes on from a snapshot. What was put off is forgotten.
    pub fn restore(&mut self, snapshot: Snapshot) {
        self.adopt(snapshot);
        self.late.clear();
        self.log.clear();
    }
}
