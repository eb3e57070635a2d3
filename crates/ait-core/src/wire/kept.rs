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
    pub(super) fn take(&self) -> Option<Box<Conn>> {
        loop {
            let (since, mut conn) = self.lock().conns.pop()?;
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
        idle.swept = !idle.conns.is_empty();
        let left = idle.swept;
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
    loop {
        tokio::time::sleep(IDLE / 2).await;
        if !kept.upgrade().is_some_and(|kept| kept.sweep()) {
            return;
        }
    }
}
