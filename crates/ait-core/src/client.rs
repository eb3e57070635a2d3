//! The client: what all calls share.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use http::HeaderValue;

use crate::{
    Builder, Call, Endpoint, Error, Identity, RetryPolicy,
    retry::Budget,
    server_clock::ServerClock,
    wire::{Settings, Wire},
};

/// What all calls share: identity, trust, connections, policies. Cheap to clone; clones share everything.
///
/// Calls need a tokio runtime with I/O and time enabled, and a client belongs to one runtime: connections that are kept
/// live in the one that opened them.
///
/// ```no_run
/// # fn main() -> Result<(), ait_core::Error> {
/// use ait_core::{Client, Identity};
///
/// let identity = Identity::from_pem_files("app_public.crt", "app_private.key")?;
/// let client = Client::builder().identity(identity).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    settings: Settings,
    wire: RwLock<Arc<Wire>>,
    budget: Budget,
    server_clock: ServerClock,
    deadline: Option<Duration>,
    retry: RetryPolicy,
    user_agent: HeaderValue,
}

impl Client {
    /// Starts to set up a client.
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn new(
        settings: Settings,
        wire: Wire,
        deadline: Option<Duration>,
        retry: RetryPolicy,
        user_agent: HeaderValue,
    ) -> Self {
        let wire = RwLock::new(Arc::new(wire));
        let (budget, server_clock) = (Budget::new(), ServerClock::default());
        Self(Arc::new(Inner { settings, wire, budget, server_clock, deadline, retry, user_agent }))
    }

    /// A call to any endpoint, also one that no crate knows yet. Nothing is sent before it is awaited.
    pub fn call<E: Endpoint>(&self, endpoint: E) -> Call<'_, E> {
        Call::new(self, endpoint)
    }

    /// The identity in use, for an alarm on its expiry.
    #[must_use]
    pub fn identity(&self) -> Option<Identity> {
        self.wire().identity().cloned()
    }

    /// Swaps the identity while calls are in flight. They finish on the old one; every later call, on any clone of this
    /// client, uses a new connection with the new one.
    ///
    /// # Errors
    ///
    /// If the new identity has expired or is not valid yet. The old one then stays in use.
    pub fn rotate(&self, identity: Identity) -> Result<(), Error> {
        identity.check_validity(SystemTime::now())?;
        let wire = Arc::new(Wire::new(&self.0.settings, Some(identity))?);
        *self.0.wire.write().unwrap_or_else(PoisonError::into_inner) = wire;
        Ok(())
    }

    pub(crate) fn wire(&self) -> Arc<Wire> {
        Arc::clone(&self.0.wire.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn budget(&self) -> &Budget {
        &self.0.budget
    }

    pub(crate) fn server_clock(&self) -> &ServerClock {
        &self.0.server_clock
    }

    pub(crate) fn deadline(&self) -> Option<Duration> {
        self.0.deadline
    }

    pub(crate) fn retry(&self) -> &RetryPolicy {
        &self.0.retry
    }

    pub(crate) fn user_agent(&self) -> HeaderValue {
        self.0.user_agent.clone()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("identity", &self.identity()).finish_non_exhaustive()
    }
}
