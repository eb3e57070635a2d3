//! A connection that stands ready: fresh, handshaken, never used.

use std::{
    future::poll_fn,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    task::{Context, Poll, Waker},
    time::Duration,
};

use super::{DIAL_LIMIT, destination::Destination, dial::Dialer, io::Io, line::Line};

#[derive(Default)]
pub(super) struct Spare(Mutex<State>);

#[derive(Default)]
enum State {
    #[default]
    Absent,
    Dialing,
    Ready(Box<Io>),
}

impl Spare {
    /// The spare, if there is one and the far side has not closed it.
    pub(super) async fn take(&self) -> Option<Box<Io>> {
        let mut io = self.grab()?;
        // The runtime may have been busy: let it hear first what has arrived meanwhile.
        tokio::task::yield_now().await;
        io.poll_closed(&mut Context::from_waker(Waker::noop())).is_pending().then_some(io)
    }

    fn grab(&self) -> Option<Box<Io>> {
        let mut state = self.lock();
        match std::mem::take(&mut *state) {
            State::Ready(io) => Some(io),
            other => {
                *state = other;
                None
            }
        }
    }

    // Ready when there is nothing left to watch: the spare on this line was taken, or the far side closed it.
    fn poll_gone(&self, line: &Arc<Line>, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.lock();
        match &mut *state {
            State::Ready(io) if Arc::ptr_eq(io.line(), line) => {
                if io.poll_closed(cx).is_pending() {
                    return Poll::Pending;
                }
                *state = State::Absent;
                Poll::Ready(())
            }
            _ => Poll::Ready(()),
        }
    }

    // Drops the spare on this line, if it is still there.
    fn expire(&self, line: &Arc<Line>) {
        let mut state = self.lock();
        if matches!(&*state, State::Ready(io) if Arc::ptr_eq(io.line(), line)) {
            *state = State::Absent;
        }
    }

    fn set(&self, state: State) {
        *self.lock() = state;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens a spare in the background unless there is one, and drops it when it is older than `age`.
pub(super) fn prepare(destination: &Arc<Destination>, dialer: &Dialer, age: Duration) {
    let mut state = destination.spare.lock();
    if matches!(*state, State::Absent) {
        *state = State::Dialing;
        drop(state);
        tokio::spawn(keep(Arc::downgrade(destination), dialer.clone(), age));
    }
}

// Holds nothing alive itself: with the client goes the spare.
async fn keep(destination: Weak<Destination>, dialer: Dialer, age: Duration) {
    let Some(strong) = destination.upgrade() else { return };
    let line = Arc::new(Line::new());
    let dialing = Dialing(Arc::downgrade(&strong.spare));
    let dialed = tokio::time::timeout(DIAL_LIMIT, dialer.dial(&strong, Arc::clone(&line))).await;
    let spare = Arc::downgrade(&strong.spare);
    strong.spare.set(match dialed {
        Ok(Ok(io)) => State::Ready(io),
        _ => State::Absent,
    });
    drop((strong, dialing));
    let gone = poll_fn(|cx| spare.upgrade().map_or(Poll::Ready(()), |spare| spare.poll_gone(&line, cx)));
    if tokio::time::timeout(age, gone).await.is_err() {
        if let Some(spare) = spare.upgrade() {
            spare.expire(&line);
        }
    }
}

/// Makes room for another try, also when the runtime drops the task in the middle of dialing.
struct Dialing(Weak<Spare>);

impl Drop for Dialing {
    fn drop(&mut self) {
        if let Some(spare) = self.0.upgrade() {
            let mut state = spare.lock();
            if matches!(*state, State::Dialing) {
                *state = State::Absent;
            }
        }
    }
}
