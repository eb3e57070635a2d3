//! The proof that nothing was sent.

use std::sync::atomic::{AtomicU8, Ordering::SeqCst};

const CLOSED: u8 = 0;
const OPEN: u8 = 1;
const WITHDRAWN: u8 = 2;

/// Flips at the first application byte handed to the TLS stream, or is withdrawn by whoever reports a failure; one of
/// the two, atomically. A withdrawn gate refuses the write, so that "not sent" can never become false afterwards.
#[derive(Debug, Default)]
pub(super) struct Gate(AtomicU8);

impl Gate {
    /// Before a write: whether it may happen.
    pub(super) fn enter(&self) -> bool {
        match self.0.compare_exchange(CLOSED, OPEN, SeqCst, SeqCst) {
            Ok(_) => true,
            Err(state) => state == OPEN,
        }
    }

    /// Before a claim: whether it is proven that nothing left, now and for ever.
    pub(super) fn withdraw(&self) -> bool {
        match self.0.compare_exchange(CLOSED, WITHDRAWN, SeqCst, SeqCst) {
            Ok(_) => true,
            Err(state) => state == WITHDRAWN,
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.0.load(SeqCst) == OPEN
    }

    /// For the next call on a kept connection, once the last one is answered in full.
    pub(super) fn reset(&self) {
        self.0.store(CLOSED, SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::Gate;

    #[test]
    fn a_withdrawn_gate_refuses_every_write() {
        let gate = Gate::default();
        assert!(gate.withdraw());
        assert!(!gate.enter());
        assert!(gate.withdraw(), "the proof stands");
    }

    #[test]
    fn an_open_gate_cannot_be_withdrawn() {
        let gate = Gate::default();
        assert!(gate.enter());
        assert!(!gate.withdraw());
        assert!(gate.enter(), "further writes pass");
    }

    #[test]
    fn a_racing_write_and_withdrawal_never_both_win() {
        for _ in 0..2_000 {
            let gate = Gate::default();
            let (entered, withdrawn) = std::thread::scope(|scope| {
                let write = scope.spawn(|| gate.enter());
                let claim = scope.spawn(|| gate.withdraw());
                (write.join().unwrap(), claim.join().unwrap())
            });
            assert_ne!(entered, withdrawn);
        }
    }
}
