//! Bytes out, bytes in, and the proof of what left.

mod alert;
mod conn;
mod destination;
mod dial;
mod gate;
mod io;
mod kept;
mod line;
mod outgoing;
mod proxy;
mod spare;
mod tls;
mod watch;

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

pub use self::tls::Trust;
use self::{
    conn::{Broken, Conn},
    dial::Dialer,
    line::Line,
    watch::Watch,
};
pub(crate) use self::{
    destination::{Base, Bases, Destination},
    outgoing::Outgoing,
    proxy::Proxy,
};
use crate::{Error, Host, Identity, Kind, Outcome, Phase, Provider, dialect::Reply, error::Cause};

/// The longest time for opening one connection, TLS handshake included.
const DIAL_LIMIT: Duration = Duration::from_secs(5);

/// One identity with everything that was made for it: TLS configuration, sessions, connections. Replaced as a whole
/// when the identity is rotated.
pub(crate) struct Wire {
    identity: Option<Identity>,
    dialer: Dialer,
    bases: Bases,
    spare_age: Option<Duration>,
    destinations: RwLock<Vec<Arc<Destination>>>,
}

/// What a wire is made of, besides the identity.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) provider: Provider,
    pub(crate) trust: Trust,
    pub(crate) proxy: Proxy,
    pub(crate) bases: Bases,
    pub(crate) spare_age: Option<Duration>,
}

/// Which connection a call may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// One that nobody used before and nobody will use after.
    Own,
    /// One that is kept alive between calls.
    Kept,
}

impl Wire {
    pub(crate) fn new(settings: &Settings, identity: Option<Identity>) -> Result<Self, Error> {
        let tls = tls::config(settings.provider, &settings.trust, identity.as_ref());
        Ok(Self {
            identity,
            dialer: Dialer::new(tls, settings.proxy.clone()),
            bases: settings.bases.clone(),
            spare_age: settings.spare_age,
            destinations: RwLock::new(Vec::new()),
        })
    }

    pub(crate) fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }

    /// Where calls to `host` go.
    pub(crate) fn destination(&self, host: Host) -> Result<Arc<Destination>, Error> {
        let known =
            |all: &[Arc<Destination>]| all.iter().find(|destination| destination.host == host).cloned();
        if let Some(destination) = known(&self.destinations.read().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(destination);
        }
        let destination = Arc::new(Destination::new(host, self.bases.of(host)?)?);
        if destination.needs_identity() && self.identity.is_none() {
            return Err(Error::config(format!(
                "identity: {} demands a client certificate and the client has none; pass one to Builder::identity",
                destination.name()
            )));
        }
        if destination.is_tls() {
            self.dialer.check_tls()?;
        }
        let mut all = self.destinations.write().unwrap_or_else(PoisonError::into_inner);
        Ok(known(&all).unwrap_or_else(|| {
            all.push(Arc::clone(&destination));
            destination
        }))
    }

    /// One attempt: finishes, or says what is known about its effect, within `limit`.
    pub(crate) async fn exchange(
        &self,
        destination: &Arc<Destination>,
        outgoing: &Outgoing,
        route: Route,
        limit: Duration,
    ) -> Result<Reply, Error> {
        let watch = Watch::default();
        if limit.is_zero() {
            let phase = Phase::Connect;
            return Err(at(phase, Error::new(Kind::Timeout, Outcome::NotSent, Cause::Timeout { phase })));
        }
        let outcome = tokio::time::timeout(limit, self.run(destination, outgoing, route, &watch)).await;
        // The exchange is over or dropped by now: what the watch says is final.
        match outcome {
            Ok(Ok(reply)) => Ok(reply),
            Ok(Err(broken)) => Err(self.explain(&watch, broken)),
            Err(_elapsed) => {
                let phase = watch.line().phase();
                Err(at(phase, Error::new(Kind::Timeout, watch.proven(), Cause::Timeout { phase })))
            }
        }
    }

    async fn run(
        &self,
        destination: &Arc<Destination>,
        outgoing: &Outgoing,
        route: Route,
        watch: &Watch,
    ) -> Result<Reply, Broken> {
        if route == Route::Own {
            let spare = if self.spare_age.is_some() { destination.spare.take().await } else { None };
            let conn = match spare {
                Some(io) => {
                    watch.turn_to(io.line());
                    Box::pin(Conn::open(io)).await?
                }
                None => Box::pin(self.dial(destination, watch)).await?,
            };
            let reply = conn.once(outgoing.request()).await;
            if let (Some(age), Ok(_)) = (self.spare_age, &reply) {
                spare::prepare(destination, &self.dialer, age);
            }
            return reply;
        }
        if let Some(conn) = destination.kept.take().await {
            let line = Arc::clone(conn.line());
            watch.turn_to(&line);
            match conn.keep(outgoing.request(), &destination.kept).await {
                // It died of old age while nobody looked. Reading again is harmless.
                Err(Broken::Exchange(_)) if !line.is_answered() => {}
                outcome => return outcome,
            }
        }
        let conn = Box::pin(self.dial(destination, watch)).await?;
        conn.keep(outgoing.request(), &destination.kept).await
    }

    async fn dial(&self, destination: &Destination, watch: &Watch) -> Result<Box<Conn>, Broken> {
        let line = Arc::new(Line::new());
        watch.turn_to(&line);
        match tokio::time::timeout(DIAL_LIMIT, self.dialer.dial(destination, line)).await {
            Ok(io) => Conn::open(io?).await,
            Err(_elapsed) => Err(Broken::Slow),
        }
    }

    /// From what broke to what is known.
    #[cold]
    fn explain(&self, watch: &Watch, broken: Broken) -> Error {
        let line = watch.line();
        let (phase, proven) = (line.phase(), watch.proven());
        if let Some(refusal) = alert::refusal(&line, &broken, self.identity.as_ref()) {
            let outcome = if refusal.in_handshake && !watch.has_lost() { Outcome::NotSent } else { proven };
            return at(phase, Error::new(Kind::Identity, outcome, Cause::Identity { what: refusal.what }));
        }
        let (kind, cause) = match broken {
            Broken::Dial(source) => (Kind::Connect, dial::explain(source)),
            Broken::Slow => (Kind::Timeout, Cause::Timeout { phase }),
            Broken::TooLong(cap) => (Kind::Decode, Cause::TooLong { cap }),
            Broken::Exchange(source) => (Kind::Transport, Cause::Exchange { phase, source: source.into() }),
        };
        at(phase, Error::new(kind, proven, cause))
    }
}

fn at(phase: Phase, mut error: Error) -> Error {
    error.inner_mut().phase = Some(phase);
    error
}
