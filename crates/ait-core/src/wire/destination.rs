//! Where calls to a host go: what is parsed once and used by every call.

use std::{
    net::IpAddr,
    sync::{Arc, PoisonError, RwLock},
};

use http::{
    HeaderValue, Uri,
    uri::{Authority, PathAndQuery},
};

use tokio::sync::Semaphore;

use super::{kept::Kept, spare::Spare};
use crate::{Error, Host};

/// A base URL, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Base {
    uri: Uri,
}

impl Base {
    /// Reads a base URL. Plain `http` is for the loopback only: a local proxy that does the TLS, or a test server.
    pub(crate) fn parse(url: &str) -> Result<Self, Error> {
        let invalid = |rule: &str| Error::invalid("base_url", format!("{rule}, found `{}`", shown(url)));
        if url.trim() != url || url.chars().any(char::is_control) {
            let rule = "must not begin or end with a blank or a line break, nor hold a control character; trim it where \
                        you read it";
            return Err(Error::invalid("base_url", rule));
        }
        let uri: Uri = url
            .trim_end_matches('/')
            .parse()
            .map_err(|_| invalid("must be a URL such as https://host:port"))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(invalid("must start with https:// and name a host"));
        };
        if authority.as_str().contains('@') {
            return Err(Error::invalid(
                "base_url",
                "must not contain a user name or password; remove the part before `@`",
            ));
        }
        if has_odd_port(authority) {
            return Err(invalid("must have a port from 1 to 65535, or none"));
        }
        if uri.query().is_some() || url.contains('#') {
            return Err(Error::invalid(
                "base_url",
                "must not have a query or fragment; the path may be a prefix",
            ));
        }
        match scheme {
            "https" => Ok(Self { uri }),
            "http" if is_loopback(authority.host()) => Ok(Self { uri }),
            "http" => Err(invalid("must be https, as plain http is for loopback hosts only")),
            _ => Err(invalid("must be https")),
        }
    }

    fn of(host: Host) -> Result<Self, Error> {
        Self::parse(&format!("https://{}", host.name()))
    }
}

// A colon after the host, and no number that is a port behind it.
pub(super) fn has_odd_port(authority: &Authority) -> bool {
    let behind_host = authority.as_str().rsplit_once(']').map_or(authority.as_str(), |(_, rest)| rest);
    behind_host.contains(':') && authority.port_u16().is_none_or(|port| port == 0)
}

// What stands before an `@` may be a password.
fn shown(url: &str) -> &str {
    url.rsplit_once('@').map_or(url, |(_, host)| host)
}

pub(super) fn is_loopback(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The base URLs of a client.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bases {
    pub(crate) all: Option<Base>,
    pub(crate) of_host: Vec<(Host, Base)>,
}

impl Bases {
    pub(super) fn of(&self, host: Host) -> Result<Base, Error> {
        let own =
            self.of_host.iter().rev().find(|(known, _)| known.name() == host.name()).map(|(_, base)| base);
        own.or(self.all.as_ref()).map_or_else(|| Base::of(host), |base| Ok(base.clone()))
    }
}

impl Bases {
    /// Where calls to `host` go.
    pub(crate) fn uri_of(&self, host: Host) -> Result<Uri, Error> {
        self.of(host).map(|base| base.uri)
    }
}

/// A host as this client reaches it.
pub(crate) struct Destination {
    pub(super) host: Host,
    pub(super) uri: Uri,
    pub(super) kept: Arc<Kept>,
    pub(super) spare: Arc<Spare>,
    /// The connections that may be in use at once.
    pub(super) free: Semaphore,
    header: HeaderValue,
    prefix: String,
    /// The request targets of the templates called so far.
    targets: RwLock<Vec<(&'static str, Uri)>>,
}

impl Destination {
    pub(super) fn new(host: Host, base: Base, max_connections: usize) -> Result<Self, Error> {
        let uri = base.uri;
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        let header =
            HeaderValue::from_str(authority).map_err(|_| Error::invalid("base_url", "must name a host"))?;
        let prefix = uri.path().trim_end_matches('/').to_owned();
        let (kept, spare, targets) = Default::default();
        let free = Semaphore::new(max_connections.clamp(1, Semaphore::MAX_PERMITS));
        Ok(Self { host, uri, kept, spare, free, header, prefix, targets })
    }

    /// The host name, for messages and spans.
    pub(crate) fn name(&self) -> &str {
        self.uri.host().unwrap_or_default()
    }

    /// The port, for spans.
    #[cfg(feature = "tracing")]
    pub(crate) fn port(&self) -> u16 {
        self.uri.port_u16().unwrap_or(if self.is_tls() { 443 } else { 80 })
    }

    /// The `Host` header.
    pub(crate) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// The request target for a path, checked once for a path that is its own template.
    pub(crate) fn target(&self, template: &'static str, path: &str) -> Result<Uri, Error> {
        if !std::ptr::eq(template, path) {
            return self.parse_target(path);
        }
        let known = |all: &[(&str, Uri)]| {
            all.iter().find(|(one, _)| std::ptr::eq(*one, path)).map(|(_, uri)| uri.clone())
        };
        if let Some(target) = known(&self.targets.read().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(target);
        }
        let target = self.parse_target(path)?;
        self.targets.write().unwrap_or_else(PoisonError::into_inner).push((template, target.clone()));
        Ok(target)
    }

    fn parse_target(&self, path: &str) -> Result<Uri, Error> {
        let target = PathAndQuery::try_from(format!("{}{path}", self.prefix));
        target.map(Uri::from).map_err(|_| Error::invalid("path", "must be a URL path; escape its parameters"))
    }

    pub(super) fn is_tls(&self) -> bool {
        self.uri.scheme_str() == Some("https")
    }

    /// Whether a call must bring a client certificate: not over plain http, where a local proxy brings it.
    pub(super) fn needs_identity(&self) -> bool {
        self.host.requires_identity() && self.is_tls()
    }
}
