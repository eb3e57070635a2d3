//! Which connections an attempt has used, so that whoever gives up can ask what left.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::line::Line;
use crate::{Outcome, Phase};

/// Shared between an attempt and whoever waits for it.
#[derive(Default)]
pub(super) struct Watch(Mutex<Used>);

#[derive(Default)]
struct Used {
    line: Option<Arc<Line>>,
    /// An earlier connection of this attempt has sent something.
    lost: bool,
    /// It waits for a connection to become free.
    queued: bool,
    /// It has waited so long for a pooled connection that a new one is tried beside it.
    impatient: bool,
}

impl Watch {
    /// The attempt goes on over this connection.
    pub(super) fn turn_to(&self, line: &Arc<Line>) {
        let mut used = self.lock();
        used.lost |= used.line.as_ref().is_some_and(|line| !line.withdraw());
        used.line = Some(Arc::clone(line));
    }

    /// The attempt waits for a connection to become free, or does no more.
    pub(super) fn queue(&self, queued: bool) {
        self.lock().queued = queued;
    }

    /// The attempt has waited long enough for a pooled connection.
    pub(super) fn lose_patience(&self) {
        self.lock().impatient = true;
    }

    pub(super) fn is_impatient(&self) -> bool {
        self.lock().impatient
    }

    /// Where the attempt is.
    pub(super) fn phase(&self) -> Phase {
        if self.lock().queued { Phase::Queue } else { self.line().phase() }
    }

    /// The connection in use.
    pub(super) fn line(&self) -> Arc<Line> {
        self.lock().line.clone().unwrap_or_default()
    }

    /// Whether an earlier connection of this attempt has sent something.
    pub(super) fn has_lost(&self) -> bool {
        self.lock().lost
    }

    /// What is proven once the attempt is over: withdraws the gate, so that it stays true.
    pub(super) fn proven(&self) -> Outcome {
        let used = self.lock();
        let unsent = used.line.as_ref().is_none_or(|line| line.withdraw());
        if unsent && !used.lost { Outcome::NotSent } else { Outcome::Unknown }
    }

    fn lock(&self) -> MutexGuard<'_, Used> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
