//! What is known about one connection while it works.

use std::{
    net::SocketAddr,
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering::SeqCst},
    },
};

use rustls::AlertDescription;

use super::gate::Gate;
use crate::Phase;

/// A fatal word of the far side's TLS.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alert {
    pub(super) description: AlertDescription,
    /// Whether the far side had not yet finished the handshake, as far as it has shown.
    pub(super) in_handshake: bool,
}

/// Shared between a connection's stream, which writes it, and the call, which reads it.
#[derive(Debug, Default)]
pub(super) struct Line {
    gate: Gate,
    opening: AtomicU8,
    reading: AtomicBool,
    answered: AtomicBool,
    received: AtomicUsize,
    alert: OnceLock<Alert>,
    /// Whether it has carried an exchange before.
    reused: AtomicBool,
    /// The addresses that are tried, or the one that was reached.
    addresses: Mutex<Vec<SocketAddr>>,
}

const CONNECTING: u8 = 0;
const SHAKING_HANDS: u8 = 1;
const OPENED: u8 = 2;

impl Line {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn trying(&self, addresses: &[SocketAddr]) {
        *self.lock_addresses() = addresses.to_vec();
    }

    pub(super) fn reached(&self, address: SocketAddr) {
        *self.lock_addresses() = vec![address];
    }

    pub(super) fn addresses(&self) -> Vec<SocketAddr> {
        self.lock_addresses().clone()
    }

    fn lock_addresses(&self) -> MutexGuard<'_, Vec<SocketAddr>> {
        self.addresses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn connected(&self) {
        self.opening.store(SHAKING_HANDS, SeqCst);
    }

    pub(super) fn opened(&self) {
        self.opening.store(OPENED, SeqCst);
    }

    /// Before a write of application bytes: whether it may happen.
    pub(super) fn enter(&self) -> bool {
        self.gate.enter()
    }

    /// Whether it is proven that no byte of the request left, now and for ever.
    pub(super) fn withdraw(&self) -> bool {
        self.gate.withdraw()
    }

    /// Counts what came; says how much it is since the request.
    pub(super) fn received(&self, bytes: usize) -> usize {
        self.answered.store(true, SeqCst);
        self.received.fetch_add(bytes, SeqCst) + bytes
    }

    /// Whether a byte of an answer came.
    pub(super) fn is_answered(&self) -> bool {
        self.answered.load(SeqCst)
    }

    pub(super) fn reading_body(&self) {
        self.reading.store(true, SeqCst);
    }

    pub(super) fn note(&self, alert: Alert) {
        let _ = self.alert.set(alert);
    }

    pub(super) fn alert(&self) -> Option<Alert> {
        self.alert.get().copied()
    }

    /// For the next call on a kept connection, once the last one is answered in full.
    pub(super) fn reset(&self) {
        self.reused.store(true, SeqCst);
        self.gate.reset();
        self.reading.store(false, SeqCst);
        self.answered.store(false, SeqCst);
        self.received.store(0, SeqCst);
    }

    /// Whether it has carried an exchange before.
    pub(super) fn is_reused(&self) -> bool {
        self.reused.load(SeqCst)
    }

    pub(super) fn phase(&self) -> Phase {
        match self.opening.load(SeqCst) {
            CONNECTING => Phase::Connect,
            SHAKING_HANDS => Phase::Handshake,
            _ if self.reading.load(SeqCst) => Phase::Read,
            _ if self.gate.is_open() => Phase::Wait,
            _ => Phase::Send,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Alert, AlertDescription, Line};
    use crate::Phase;

    #[test]
    fn a_line_tells_how_far_the_exchange_has_come() {
        let line = Line::new();
        assert_eq!(line.phase(), Phase::Connect);
        line.connected();
        assert_eq!(line.phase(), Phase::Handshake);
        line.opened();
        assert_eq!(line.phase(), Phase::Send);
        assert!(line.enter());
        assert_eq!(line.phase(), Phase::Wait);
        line.reading_body();
        assert_eq!(line.phase(), Phase::Read);
    }

    #[test]
    fn a_line_starts_anew_with_the_next_call() {
        let line = Line::new();
        line.opened();
        assert!(line.enter());
        assert_eq!((line.received(700), line.received(30)), (700, 730));
        line.reading_body();
        assert!(line.is_answered() && !line.withdraw());

        line.reset();
        assert!(!line.is_answered());
        assert_eq!(line.phase(), Phase::Send);
        assert!(line.withdraw(), "nothing of this call has left");
        assert_eq!(
            line.received(5),
            5,
            "counted for each call, or a long life would look like an endless answer"
        );
    }

    #[test]
    fn the_first_alert_counts() {
        let line = Line::new();
        assert!(line.alert().is_none());
        line.note(Alert { description: AlertDescription::UnknownCA, in_handshake: true });
        line.note(Alert { description: AlertDescription::CloseNotify, in_handshake: false });
        let alert = line.alert().unwrap();
        assert_eq!((alert.description, alert.in_handshake), (AlertDescription::UnknownCA, true));
    }
}
