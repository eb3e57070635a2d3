//! Connections kept alive between reads.

use std::{
    sync::{Arc, Mutex, PoisonError, Weak},
    time::{Duration, Instant},
};

use super::conn::Conn;

/// How many idle connections are kept to one host.
const MOST: usize = 64;
/// How long one may idle. Servers commonly close theirs after a minute or more.
const IDLE: Duration = Duration::from_secs(30);

#[derive(Default)]
pub(super) struct Kept(Mutex<Idle>);

#[derive(Default)]
struct Idle {
    /// In the order in which they came back: the youngest last.
    conns: Vec<(Instant, Box<Conn>)>,
    swept: bool,
}

impl Kept {
    /// The youngest connection that is alive.
    pub(super) async fn take(&self) -> Option<Box<Conn>> {
        loop {
            let (since, mut conn) = self.lock().conns.pop()?;
            // The runtime may have been busy: let it hear first what has arrived meanwhile. What comes before a question
            // is no answer to it.
            tokio::task::yield_now().await;
            if since.elapsed() < IDLE && conn.is_alive() {
                return Some(conn);
            }
        }
    }

    pub(super) fn put(self: &Arc<Self>, conn: Box<Conn>) {
        let mut idle = self.lock();
        if idle.conns.len() >= MOST {
            return;
        }
        idle.conns.push((Instant::now(), conn));
        if !idle.swept {
            idle.swept = true;
            tokio::spawn(sweep(Arc::downgrade(self)));
        }
    }

    // Drops what has idled too long; says whether anything is left.
    fn sweep(&self) -> bool {
        let mut idle = self.lock();
        let stale = idle.conns.partition_point(|(since, _)| since.elapsed() >= IDLE);
        let gone: Vec<_> = idle.conns.drain(..stale).collect();
        let left = !idle.conns.is_empty();
        // Closing may take its time: not under the lock.
        drop(idle);
        drop(gone);
        left
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Idle> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// Runs only while something is kept, and holds nothing alive itself.
async fn sweep(kept: Weak<Kept>) {
    let sweeper = Sweeper(kept);
    loop {
        tokio::time::sleep(IDLE / 2).await;
        if !sweeper.0.upgrade().is_some_and(|kept| kept.sweep()) {
            return;
        }
    }
}

/// Says that nobody sweeps any more, also when the runtime drops the task.
struct Sweeper(Weak<Kept>);

impl Drop for Sweeper {
    fn drop(&mut self) {
        if let Some(kept) = self.0.upgrade() {
            kept.lock().swept = false;
        }
    }
}
