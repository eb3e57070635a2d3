//! Opening a TCP connection: all addresses of a name, raced.

use std::{
    error, fmt, io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    task::{Context, Poll},
    time::Duration,
};

use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, task::JoinSet};
use tower_service::Service;

use super::{line::Line, names::Names};
use crate::error::BoxError;

/// How long an address has before the next one is tried beside it (RFC 8305, section 8).
const STAGGER: Duration = Duration::from_millis(250);

/// Opens TCP connections. Cheap to clone.
#[derive(Clone)]
pub(super) struct Connector {
    names: Names,
    /// Where in the list of addresses the next attempt starts.
    start: Arc<AtomicUsize>,
}

impl Connector {
    pub(super) fn new(names: Names) -> Self {
        Self { names, start: Arc::default() }
    }

    /// The address in use did not answer: the next attempt starts at another.
    pub(super) fn start_elsewhere(&self) {
        self.start.fetch_add(1, Relaxed);
    }

    /// A service that opens one connection and notes on `line` where to.
    pub(super) fn on(&self, line: Arc<Line>) -> Dial {
        Dial { connector: self.clone(), line }
    }

    async fn connect(&self, uri: &Uri, line: &Line) -> Result<TcpStream, BoxError> {
        let host = uri.host().unwrap_or_default();
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
        let found = self.names.addresses(host).await.map_err(|source| NoAddress { source })?;
        let mut addresses =
            interleaved(found.iter().map(|address| SocketAddr::new(*address, port)).collect());
        if !addresses.is_empty() {
            let start = self.start.load(Relaxed) % addresses.len();
            addresses.rotate_left(start);
        }
        line.trying(&addresses);
        let (stream, address) = race(&addresses).await?;
        line.reached(address);
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

/// [`Connector::connect`] as the service that TLS and tunnels want.
#[derive(Clone)]
pub(super) struct Dial {
    connector: Connector,
    line: Arc<Line>,
}

impl Service<Uri> for Dial {
    type Response = TokioIo<TcpStream>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let Self { connector, line } = self.clone();
        Box::pin(async move { connector.connect(&uri, &line).await.map(TokioIo::new) })
    }
}

/// The families in turn, in the system's order, so that one that does not work costs one pause.
fn interleaved(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first_is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (first, second): (Vec<_>, Vec<_>) =
        addresses.into_iter().partition(|address| address.is_ipv6() == first_is_v6);
    let mut mixed = Vec::with_capacity(first.len() + second.len());
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    loop {
        let pair = [first.next(), second.next()];
        if pair == [None, None] {
            return mixed;
        }
        mixed.extend(pair.into_iter().flatten());
    }
}

async fn race(addresses: &[SocketAddr]) -> Result<(TcpStream, SocketAddr), Unreachable> {
    let mut failed = Vec::new();
    // The usual case costs no task.
    if let [address] = addresses {
        return match TcpStream::connect(address).await {
            Ok(stream) => Ok((stream, *address)),
            Err(error) => Err(Unreachable { failed: vec![(*address, error)] }),
        };
    }
    // Dropping the set ends what is under way: no attempt outlives the call.
    let mut racing = JoinSet::new();
    let mut waiting = addresses.iter().copied();
    loop {
        let next = waiting.next();
        let more = next.is_some();
        if let Some(address) = next {
            racing.spawn(async move { (TcpStream::connect(address).await, address) });
        }
        let ended = match tokio::time::timeout(STAGGER, racing.join_next()).await {
            Err(_slow) if more => continue,
            Err(_slow) => racing.join_next().await,
            Ok(ended) => ended,
        };
        match ended {
            None => return Err(Unreachable { failed }),
            Some(Ok((Ok(stream), address))) => return Ok((stream, address)),
            Some(Ok((Err(error), address))) => failed.push((address, error)),
            Some(Err(_ended)) => {}
        }
    }
}

/// The name has no address.
#[derive(Debug)]
pub(super) struct NoAddress {
    source: Arc<io::Error>,
}

impl fmt::Display for NoAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "its address was not found ({}); check DNS", self.source)
    }
}

impl error::Error for NoAddress {}

/// No address took the connection.
#[derive(Debug)]
pub(super) struct Unreachable {
    failed: Vec<(SocketAddr, io::Error)>,
}

impl Unreachable {
    /// Whether this process or machine has no descriptor left for a connection (`EMFILE`, `ENFILE`).
    pub(super) fn lacks_descriptors(&self) -> bool {
        self.failed.iter().any(|(_, error)| cfg!(unix) && matches!(error.raw_os_error(), Some(23 | 24)))
    }
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (address, error)) in self.failed.iter().take(4).enumerate() {
            let separator = if place == 0 { "" } else { ", " };
            write!(f, "{separator}{address}: {error}")?;
        }
        if self.failed.is_empty() { f.write_str("it has no address") } else { Ok(()) }
    }
}

impl error::Error for Unreachable {}

#[cfg(test)]
mod tests {
    use std::io;

    use super::{super::dial::explain, NoAddress, SocketAddr, Unreachable, interleaved};

    #[test]
    fn what_kept_a_connection_from_being_opened_is_said_with_the_next_step() {
        let failed = |code| {
            let address = "203.0.113.5:443".parse().unwrap();
            let error = io::Error::from_raw_os_error(code);
            explain(Box::new(Unreachable { failed: vec![(address, error)] }), "api.test", " (x)").to_string()
        };
        for (code, words) in [
            (24, "no descriptor left; raise the limit (ulimit -n), or lower Builder::max_connections"),
            (23, "no descriptor left"),
            (111, "check the firewall, DNS and proxy settings"),
        ] {
            let said = failed(code);
            assert!(said.starts_with("no connection to api.test: 203.0.113.5:443: "), "{said}");
            assert!(said.contains(words), "{said}");
        }
        let nobody = NoAddress { source: std::sync::Arc::new(io::Error::other("no such name")) };
        let said = explain(Box::new(nobody), "api.test", "").to_string();
        assert!(said.ends_with("its address was not found (no such name); check DNS"), "{said}");
    }

    #[test]
    fn families_take_turns() {
        let of =
            |list: &str| -> Vec<SocketAddr> { list.split(' ').map(|text| text.parse().unwrap()).collect() };
        let mixed = interleaved(of("[::1]:1 [::2]:1 [::3]:1 1.1.1.1:1 2.2.2.2:1"));
        assert_eq!(mixed, of("[::1]:1 1.1.1.1:1 [::2]:1 2.2.2.2:1 [::3]:1"));
        let mixed = interleaved(of("1.1.1.1:1 [::1]:1 2.2.2.2:1"));
        assert_eq!(mixed, of("1.1.1.1:1 [::1]:1 2.2.2.2:1"));
        assert!(interleaved(Vec::new()).is_empty());
    }
}
