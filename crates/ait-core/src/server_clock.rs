//! The server's clock, as its answers tell it.

use std::{
    sync::{Mutex, PoisonError},
    time::{Instant, SystemTime},
};

/// Remembers the last `Date`, so that a time can be noted by the server's clock when no answer comes. Our own wall clock
/// may be wrong now and right later: on a machine that has just started it may stand at 1970.
#[derive(Debug, Default)]
pub(crate) struct ServerClock(Mutex<Option<Observed>>);

#[derive(Clone, Copy, Debug)]
struct Observed {
    date: SystemTime,
    wall: SystemTime,
    at: Instant,
}

impl ServerClock {
    pub(crate) fn observe(&self, date: Option<SystemTime>) {
        let Some(date) = date else { return };
        let observed = Observed { date, wall: SystemTime::now(), at: Instant::now() };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(observed);
    }

    /// What the server's clock shows now, if it was ever told: rather too late than too early.
    ///
    /// Neither of our clocks is good alone. The wall clock may have been set back since, and the other one stands still
    /// while the machine sleeps.
    pub(crate) fn now(&self) -> Option<SystemTime> {
        let observed = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        observed.then(SystemTime::now(), Instant::now())
    }
}

impl Observed {
    fn then(self, wall: SystemTime, at: Instant) -> Option<SystemTime> {
        let by_wall = wall.duration_since(self.wall).unwrap_or_default();
        let since = at.saturating_duration_since(self.at).max(by_wall);
        self.date.checked_add(since)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

    use super::{Observed, ServerClock};

    #[test]
    fn the_clock_that_went_further_counts() {
        let (date, wall, at) = (UNIX_EPOCH + Duration::from_secs(1_000), SystemTime::now(), Instant::now());
        let observed = Observed { date, wall, at };
        let hour = Duration::from_secs(3_600);
        for (wall, at, expected) in [
            (wall, at, date),
            (wall + hour, at, date + hour),
            (wall - hour, at + hour, date + hour),
            (wall - hour, at, date),
        ] {
            assert_eq!(observed.then(wall, at), Some(expected));
        }
    }

    #[test]
    fn an_answer_without_a_date_tells_nothing() {
        let clock = ServerClock::default();
        clock.observe(None);
        assert_eq!(clock.now(), None);
        let date = UNIX_EPOCH + Duration::from_secs(1_000);
        clock.observe(Some(date));
        clock.observe(None);
        assert!(clock.now().unwrap() >= date);
    }
}
