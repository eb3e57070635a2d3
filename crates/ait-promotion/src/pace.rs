//! Ten calls a minute for one user.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    time::{Duration, Instant},
};

use ait_core::User;

/// The limit for one user, all three calls together (partner reports).
const MOST: usize = 10;
const MINUTE: Duration = Duration::from_secs(60);

/// How many calls a run of a grant makes at most: a question, a probe, a question, a key, a send.
pub(crate) const RUN: usize = 5;

/// Remembers the calls of the last minute, for each user. It tells how long to wait, and never waits.
#[derive(Default)]
pub(crate) struct Pace {
    users: HashMap<User, Calls>,
    swept: Option<Instant>,
}

#[derive(Default)]
struct Calls {
    /// When they ended, the oldest first. The server saw them before that.
    made: VecDeque<Instant>,
    /// Those that runs under way may still make.
    reserved: usize,
}

impl Pace {
    /// Reserves a whole run, or says how long it takes until one fits.
    pub(crate) fn reserve(&mut self, user: &User, now: Instant) -> Result<(), Duration> {
        self.sweep(now);
        let calls = self.users.entry(user.clone()).or_default();
        calls.forget(now);
        let Some(too_many) = (calls.made.len() + calls.reserved + RUN).checked_sub(MOST + 1) else {
            calls.reserved += RUN;
            return Ok(());
        };
        // That call must be forgotten. If it is still to be made, it will be a minute at least.
        let since =
            calls.made.get(too_many).map_or(Duration::ZERO, |made| now.saturating_duration_since(*made));
        // A call is forgotten when it is older than a minute.
        Err(MINUTE.saturating_sub(since) + Duration::from_millis(1))
    }

    /// A reserved call has ended, or was given up on its way.
    pub(crate) fn made(&mut self, user: &User, now: Instant) {
        let calls = self.users.entry(user.clone()).or_default();
        calls.reserved = calls.reserved.saturating_sub(1);
        calls.made.push_back(now);
    }

    /// So many reserved calls will not be made.
    pub(crate) fn release(&mut self, user: &User, unused: usize) {
        if let Some(calls) = self.users.get_mut(user) {
            calls.reserved = calls.reserved.saturating_sub(unused);
        }
    }

    // Once a minute is enough: memory holds the users of two minutes at most.
    fn sweep(&mut self, now: Instant) {
        if self.swept.is_some_and(|swept| now.saturating_duration_since(swept) <= MINUTE) {
            return;
        }
        self.swept = Some(now);
        self.users.retain(|_, calls| {
            calls.forget(now);
            calls.reserved > 0 || !calls.made.is_empty()
        });
    }
}

impl Calls {
    fn forget(&mut self, now: Instant) {
        while self.made.front().is_some_and(|made| now.saturating_duration_since(*made) > MINUTE) {
            self.made.pop_front();
        }
    }
}

/// How many users, not which.
impl fmt::Debug for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sum = |of: fn(&Calls) -> usize| self.users.values().map(of).sum::<usize>();
        f.debug_struct("Pace")
            .field("users", &self.users.len())
            .field("made", &sum(|calls| calls.made.len()))
            .field("reserved", &sum(|calls| calls.reserved))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn at(start: Instant, milliseconds: u64) -> Instant {
        start + Duration::from_millis(milliseconds)
    }

    fn run(pace: &mut Pace, user: &User, now: Instant, calls: usize) {
        pace.reserve(user, now).unwrap();
        for _ in 0..calls {
            pace.made(user, now);
        }
        pace.release(user, RUN - calls);
    }

    #[test]
    fn a_run_begins_only_if_all_of_it_fits() {
        let (mut pace, user, start) = (Pace::default(), User::key(1), Instant::now());
        run(&mut pace, &user, start, 2);
        run(&mut pace, &user, at(start, 1_000), 3);
        run(&mut pace, &user, at(start, 2_000), 1);
        // Six were made: a run may begin when the first of them counts no more, and that is two at once.
        assert_eq!(pace.reserve(&user, at(start, 3_000)), Err(Duration::from_millis(57_001)));
        assert_eq!(pace.reserve(&user, at(start, 60_000)), Err(Duration::from_millis(1)));
        assert_eq!(pace.reserve(&user, at(start, 60_001)), Ok(()));
        // Four calls and a run under way.
        assert!(pace.reserve(&user, at(start, 60_001)).is_err());
    }

    #[test]
    fn what_a_run_did_not_use_is_given_back() {
        let (mut pace, user, now) = (Pace::default(), User::key(1), Instant::now());
        for _ in 0..20 {
            run(&mut pace, &user, now, 0);
        }
        for _ in 0..6 {
            run(&mut pace, &user, now, 1);
        }
        assert!(pace.reserve(&user, now).is_err());
    }

    #[test]
    fn runs_under_way_count_whole() {
        let (mut pace, user, start) = (Pace::default(), User::key(1), Instant::now());
        pace.reserve(&user, start).unwrap();
        pace.reserve(&user, start).unwrap();
        let long = at(start, 600_000);
        assert_eq!(pace.reserve(&user, long), Err(Duration::from_millis(60_001)));
        pace.made(&user, long);
        pace.release(&user, 4);
        // One made, five under way.
        assert_eq!(pace.reserve(&user, at(long, 1_000)), Err(Duration::from_millis(59_001)));
    }

    #[test]
    fn the_wait_is_long_enough_and_no_longer() {
        let (mut pace, user, mut now) = (Pace::default(), User::key(1), Instant::now());
        let (mut made, mut waits, mut number) = (VecDeque::new(), 0, 1_u64);
        for _ in 0..2_000 {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let (calls, gap) = (1 + number as usize / 7 % RUN, number / 64 % 20_000);
            if let Err(wait) = pace.reserve(&user, now) {
                waits += 1;
                assert!(pace.reserve(&user, now + wait - Duration::from_millis(1)).is_err());
                now += wait;
                assert_eq!(pace.reserve(&user, now), Ok(()));
            }
            for _ in 0..calls {
                pace.made(&user, now);
                made.push_back(now);
            }
            pace.release(&user, RUN - calls);
            now = at(now, gap);
        }
        assert!(waits > 100, "{waits}");
        for (first, eleventh) in made.iter().zip(made.iter().skip(MOST)) {
            assert!(*eleventh - *first > MINUTE);
        }
    }

    #[test]
    fn each_user_has_ten() {
        let (mut pace, now) = (Pace::default(), Instant::now());
        for user in 0..3 {
            run(&mut pace, &User::key(user), now, 5);
            run(&mut pace, &User::key(user), now, 5);
            assert!(pace.reserve(&User::key(user), now).is_err());
        }
    }

    #[test]
    fn memory_does_not_grow_with_the_users() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        pace.reserve(&User::key(u64::MAX), start).unwrap();
        for user in 0..10_000_u64 {
            // Ten users a second.
            run(&mut pace, &User::key(user), at(start, user * 100), 3);
            assert!(pace.users.len() <= 1_300, "{}", pace.users.len());
        }
        // A run that never ends is not forgotten.
        assert_eq!(pace.users[&User::key(u64::MAX)].reserved, RUN);
        assert!(!format!("{pace:?}").contains("9999"));
    }
}
