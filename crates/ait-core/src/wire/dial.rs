//! Opening a connection: address, proxy, TLS.

use std::{
    borrow::Cow,
    error::Error as StdError,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::Uri;
use hyper_rustls::{DefaultServerNameResolver, HttpsConnector, MaybeHttpsStream};
use hyper_util::{client::legacy::connect::proxy::Tunnel, rt::TokioIo};
use rustls::{CertificateError, ClientConfig};
use tokio::net::TcpStream;
use tower_service::Service;

use super::{
    conn::Broken,
    connect::{Connector, Dial, NoAddress, Unreachable},
    destination::Destination,
    io::Io,
    line::Line,
    names::Names,
    proxy::{Proxy, Via},
};
use crate::error::{BoxError, Cause, shown};

/// Opens connections. Cheap to clone.
#[derive(Clone)]
pub(super) struct Dialer {
    tcp: Connector,
    /// Without cryptography in the build, an error that says so.
    tls: Result<Arc<ClientConfig>, Arc<crate::Error>>,
    names: Arc<DefaultServerNameResolver>,
    proxy: Proxy,
}

impl Dialer {
    pub(super) fn new(tls: Result<Arc<ClientConfig>, crate::Error>, proxy: Proxy, names: Names) -> Self {
        Self { tcp: Connector::new(names), tls: tls.map_err(Arc::new), names: Arc::default(), proxy }
    }

    /// The connection that was tried came to nothing: the next attempt starts at another address.
    pub(super) fn start_elsewhere(&self) {
        self.tcp.start_elsewhere();
    }

    /// Fails if there is no cryptography in this build.
    pub(super) fn check_tls(&self) -> Result<(), crate::Error> {
        self.tls.as_ref().map(|_| ()).map_err(|error| crate::Error::config(error.to_string()))
    }

    pub(super) async fn dial(&self, destination: &Destination, line: Arc<Line>) -> Result<Box<Io>, Broken> {
        let via = self.proxy.via(&destination.uri).map_err(|error| Broken::Dial(error.into()))?;
        let mut tcp = Tcp { tcp: self.tcp.on(Arc::clone(&line)), via, line: Arc::clone(&line) };
        let uri = destination.uri.clone();
        let stream = if destination.is_tls() {
            let tls = self.tls.clone().map_err(|error| Broken::Dial(error.to_string().into()))?;
            let mut connector = HttpsConnector::new(tcp, tls, true, Arc::clone(&self.names) as _);
            connector.call(uri).await.map_err(Broken::Dial)?
        } else {
            MaybeHttpsStream::Http(tcp.call(uri).await.map_err(Broken::Dial)?)
        };
        line.opened();
        Ok(Box::new(Io::new(TokioIo::new(stream), line)))
    }
}

/// The part below TLS: a TCP connection, through a tunnel if there is a proxy on the way.
struct Tcp {
    tcp: Dial,
    via: Option<Via>,
    line: Arc<Line>,
}

impl Service<Uri> for Tcp {
    type Response = TokioIo<TcpStream>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, destination: Uri) -> Self::Future {
        let (mut tcp, via, line) = (self.tcp.clone(), self.via.take(), Arc::clone(&self.line));
        Box::pin(async move {
            let stream = match via {
                None => tcp.call(destination).await?,
                Some(Via { uri, authorization }) => {
                    let tunnel = Tunnel::new(uri, tcp);
                    let mut tunnel = match authorization {
                        Some(authorization) => tunnel.with_auth(authorization),
                        None => tunnel,
                    };
                    tunnel.call(destination).await?
                }
            };
            line.connected();
            Ok(stream)
        })
    }
}

/// Why there is no connection to `host`, for a person, and whether trying again is pointless.
pub(super) fn explain(source: BoxError, host: &str, at: &str) -> Cause {
    let (what, lasting): (Cow<'static, str>, bool) = match tls_error(&*source) {
        Some(rustls::Error::InvalidCertificate(why)) => (Cow::Borrowed(untrusted(why)), true),
        Some(rustls::Error::AlertReceived(alert)) => {
            let name = alert.as_str().unwrap_or("an alert that no specification names");
            (format!("the server broke off the TLS handshake ({name})").into(), false)
        }
        Some(_) => ("the TLS handshake failed".into(), false),
        None if source.is::<crate::Error>() => ("the proxy settings are wrong".into(), true),
        None if in_chain::<NoAddress>(&*source).is_some() => {
            (shown(&root_cause(&*source).to_string()).into(), false)
        }
        None if in_chain::<Unreachable>(&*source).is_some_and(Unreachable::lacks_descriptors) => {
            let why = shown(&root_cause(&*source).to_string());
            let what = format!(
                "{why}: this process or machine has no descriptor left; raise the limit (ulimit -n), or lower \
                 Builder::max_connections"
            );
            (what.into(), false)
        }
        None => {
            let why = shown(&root_cause(&*source).to_string());
            (format!("{why}; check the firewall, DNS and proxy settings").into(), false)
        }
    };
    // An unreachable address stands in its own words.
    let at = if in_chain::<Unreachable>(&*source).is_some() { "" } else { at };
    Cause::Connect { what: format!("to {host}{at}: {what}").into(), lasting, source }
}

// "Connection refused", "proxy authorization required": the lowest level knows best.
fn root_cause<'a>(error: &'a (dyn StdError + 'static)) -> &'a (dyn StdError + 'static) {
    let mut lowest = error;
    while let Some(below) = below(lowest) {
        lowest = below;
    }
    lowest
}

// An io::Error hides what it wraps from `source()`.
fn below<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

fn untrusted(why: &CertificateError) -> &'static str {
    match why {
        CertificateError::UnknownIssuer => {
            "the issuer of the server's certificate is not trusted; a company proxy or a test server needs Builder::trust"
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the server's certificate has expired"
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "the server's certificate is not valid yet; check the clock of this machine"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "the server's certificate is for another host name"
        }
        _ => "the server's certificate is not acceptable",
    }
}

fn tls_error<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    in_chain(error)
}

fn in_chain<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    std::iter::successors(Some(error), |error| below(*error)).find_map(|error| error.downcast_ref())
}
