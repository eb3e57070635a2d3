//! Bytes out, bytes in, and the proof of what left.

mod alert;
mod conn;
mod connect;
mod destination;
mod dial;
mod gate;
mod io;
mod kept;
mod line;
mod names;
mod outgoing;
mod proxy;
mod spare;
mod tls;
mod watch;

use std::{
    future::poll_fn,
    io::ErrorKind,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::{Arc, PoisonError, RwLock},
    task::Poll,
    time::Duration,
};

pub use self::tls::Trust;
use self::{
    conn::{Broken, Conn},
    dial::Dialer,
    line::Line,
    names::Names,
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

/// How long a kept connection may be silent before the question goes out over a new one too: it may have died without a
/// word.
const HEDGE: Duration = Duration::from_secs(1);

/// One identity with everything that was made for it: TLS configuration, sessions, connections. Replaced as a whole
/// when the identity is rotated.
pub(crate) struct Wire {
    identity: Option<Identity>,
    dialer: Dialer,
    bases: Bases,
    spare_age: Option<Duration>,
    max_connections: usize,
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
    pub(crate) max_connections: usize,
    pub(crate) addresses: Vec<(String, Vec<IpAddr>)>,
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
            dialer: Dialer::new(tls, settings.proxy.clone(), Names::new(&settings.addresses)),
            bases: settings.bases.clone(),
            spare_age: settings.spare_age,
            max_connections: settings.max_connections,
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
        let destination = Arc::new(Destination::new(host, self.bases.of(host)?, self.max_connections)?);
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
            let (phase, at) = (Phase::Connect, String::new());
            let cause = Cause::Timeout { phase, at };
            return Err(in_phase(phase, Error::new(Kind::Timeout, Outcome::NotSent, cause)));
        }
        let patience = if route == Route::Kept { HEDGE.min(limit) } else { limit };
        let outcome = {
            let mut run = pin!(self.run(destination, outgoing, route, &watch));
            // One timer at a time: a second one would cost each read more than its TLS record.
            match tokio::time::timeout(patience, &mut run).await {
                Err(_silent) if patience < limit => {
                    watch.lose_patience();
                    tokio::time::timeout(limit.saturating_sub(patience), run).await
                }
                outcome => outcome,
            }
        };
        // The exchange is over or dropped by now: what the watch says is final.
        match outcome {
            Ok(Ok(reply)) => Ok(reply),
            Ok(Err(broken)) => Err(self.explain(destination, &watch, broken)),
            Err(_elapsed) => {
                let phase = watch.phase();
                if phase <= Phase::Handshake && phase != Phase::Queue {
                    self.dialer.start_elsewhere();
                }
                Err(timed_out(phase, destination, &watch))
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
        let _in_use = match destination.free.try_acquire() {
            Ok(permit) => Some(permit),
            Err(_none_is_free) => {
                watch.queue(true);
                // It is never closed.
                let permit = destination.free.acquire().await.ok();
                watch.queue(false);
                permit
            }
        };
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
            let mut first = pin!(conn.keep(outgoing.request(), &destination.kept));
            let heard = poll_fn(|cx| match first.as_mut().poll(cx) {
                Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
                Poll::Pending if watch.is_impatient() && !line.is_answered() => Poll::Ready(None),
                Poll::Pending => Poll::Pending,
            });
            match heard.await {
                // It died of old age while nobody looked. Reading again is harmless.
                Some(Err(Broken::Exchange(_))) if !line.is_answered() => {}
                Some(outcome) => return outcome,
                None => return either(first, Box::pin(self.read_afresh(destination, outgoing, watch))).await,
            }
        }
        Box::pin(self.read_afresh(destination, outgoing, watch)).await
    }

    async fn read_afresh(
        &self,
        destination: &Arc<Destination>,
        outgoing: &Outgoing,
        watch: &Watch,
    ) -> Result<Reply, Broken> {
        let conn = Box::pin(self.dial(destination, watch)).await?;
        conn.keep(outgoing.request(), &destination.kept).await
    }

    async fn dial(&self, destination: &Destination, watch: &Watch) -> Result<Box<Conn>, Broken> {
        let line = Arc::new(Line::new());
        watch.turn_to(&line);
        let dialed = match tokio::time::timeout(DIAL_LIMIT, self.dialer.dial(destination, line)).await {
            Ok(dialed) => dialed,
            Err(_elapsed) => Err(Broken::Slow),
        };
        match dialed {
            Ok(io) => Conn::open(io).await,
            Err(broken) => {
                self.dialer.start_elsewhere();
                Err(broken)
            }
        }
    }

    /// From what broke to what is known.
    #[cold]
    fn explain(&self, destination: &Destination, watch: &Watch, broken: Broken) -> Error {
        let line = watch.line();
        let (phase, proven) = (line.phase(), watch.proven());
        if let Some(refusal) = alert::refusal(&line, &broken, self.identity.as_ref()) {
            let outcome = if refusal.in_handshake && !watch.has_lost() { Outcome::NotSent } else { proven };
            let error = Error::new(Kind::Identity, outcome, Cause::Identity { what: refusal.what });
            return about(&line, in_phase(phase, error));
        }
        let (kind, cause) = match broken {
            Broken::Dial(source) => {
                (Kind::Connect, dial::explain(source, destination.name(), &in_brackets(&line.addresses())))
            }
            Broken::Slow => return timed_out(phase, destination, watch),
            Broken::TooLong(cap) => (Kind::Decode, Cause::TooLong { cap }),
            Broken::Exchange(source) => {
                let showed_ours = self.identity.is_some() && destination.is_tls() && !line.is_reused();
                let hint = if showed_ours && !line.is_answered() && is_reset(&source) { RESET } else { "" };
                let what = what_broke(&source);
                (Kind::Transport, Cause::Exchange { what, phase, hint, source: source.into() })
            }
        };
        about(&line, in_phase(phase, Error::new(kind, proven, cause)))
    }
}

/// What a reset right after the handshake means more often than not.
const RESET: &str = "; a reset in the first exchange after our certificate was shown is often a certificate that the \
                     server refuses, or a firewall that looks inside: check both";

fn is_reset(error: &hyper::Error) -> bool {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            return matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe);
        }
        next = error.source();
    }
    false
}

fn what_broke(error: &hyper::Error) -> &'static str {
    if error.is_parse() {
        "the answer is not HTTP/1.1, or its head is damaged"
    } else {
        "the connection broke before the answer was complete"
    }
}

#[cold]
fn timed_out(phase: Phase, destination: &Destination, watch: &Watch) -> Error {
    let line = watch.line();
    let at = match phase {
        Phase::Queue => "; all connections to the host are in use: see Builder::max_connections".to_owned(),
        Phase::Connect | Phase::Handshake => {
            format!(", no connection to {}{}", destination.name(), in_brackets(&line.addresses()))
        }
        _ => String::new(),
    };
    about(&line, in_phase(phase, Error::new(Kind::Timeout, watch.proven(), Cause::Timeout { phase, at })))
}

/// ` (203.0.113.5:443, 203.0.113.6:443)`, or nothing.
fn in_brackets(addresses: &[SocketAddr]) -> String {
    let texts: Vec<String> = addresses.iter().take(4).map(ToString::to_string).collect();
    if texts.is_empty() { String::new() } else { format!(" ({})", texts.join(", ")) }
}

fn about(line: &Line, mut error: Error) -> Error {
    error.inner_mut().addresses = line.addresses();
    error
}

fn in_phase(phase: Phase, mut error: Error) -> Error {
    error.inner_mut().phase = Some(phase);
    error
}

/// The first of the two that brings an answer, or else what became of the second.
async fn either(
    first: impl Future<Output = Result<Reply, Broken>>,
    second: impl Future<Output = Result<Reply, Broken>>,
) -> Result<Reply, Broken> {
    let (mut first, mut second) = (pin!(first), pin!(second));
    let (mut first_failed, mut second_failed) = (false, None);
    poll_fn(|cx| {
        if !first_failed {
            match first.as_mut().poll(cx) {
                Poll::Ready(Ok(reply)) => return Poll::Ready(Ok(reply)),
                Poll::Ready(Err(_)) => first_failed = true,
                Poll::Pending => {}
            }
        }
        if second_failed.is_none() {
            match second.as_mut().poll(cx) {
                Poll::Ready(Ok(reply)) => return Poll::Ready(Ok(reply)),
                Poll::Ready(Err(broken)) => second_failed = Some(broken),
                Poll::Pending => {}
            }
        }
        match second_failed.take() {
            Some(broken) if first_failed => Poll::Ready(Err(broken)),
            broken => {
                second_failed = broken;
                Poll::Pending
            }
        }
    })
    .await
}
