//! A row of a database, and processes that are killed.

use ait_promotion::{
    GrantState,
    grant::{GrantRecord, GrantStore},
};

/// The one thing that survives. A process is killed right after some of its writes, and sees an error.
pub(crate) struct Row {
    record: Option<GrantRecord>,
    writes: u64,
    killed_at: [u64; 2],
}

impl Row {
    /// Kills at one or two of the first writes, by this number.
    pub(crate) fn killed_at(seed: u64) -> Self {
        Self { record: None, writes: 0, killed_at: [seed % 6, 2 + seed % 9] }
    }

    pub(crate) fn state(&self) -> Option<&GrantState> {
        self.record.as_ref().map(|record| &record.state)
    }
}

impl GrantStore for Row {
    type Error = &'static str;

    async fn load(&mut self) -> Result<Option<GrantRecord>, Self::Error> {
        Ok(self.record.clone())
    }

    async fn replace(&mut self, old: Option<&GrantRecord>, new: &GrantRecord) -> Result<(), Self::Error> {
        if self.record.as_ref() != old {
            return Err("another process has this grant");
        }
        self.record = Some(new.clone());
        self.writes += 1;
        if self.killed_at.contains(&self.writes) { Err("killed") } else { Ok(()) }
    }
}
