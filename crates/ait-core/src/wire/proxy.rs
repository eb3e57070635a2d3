//! The way out through a proxy.

use std::sync::Arc;

use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::Matcher;

use super::destination::{has_odd_port, is_loopback};
use crate::Error;

/// Whether and how connections go through a proxy.
#[derive(Clone, Debug, Default)]
pub(crate) enum Proxy {
    /// As `HTTPS_PROXY` and `NO_PROXY` say.
    #[default]
    Environment,
    /// As the builder says.
    Given(Arc<Matcher>),
    /// Never.
    None,
}

/// Where a CONNECT request goes, and with what credentials.
pub(super) struct Via {
    pub(super) uri: Uri,
    pub(super) authorization: Option<HeaderValue>,
}

impl Proxy {
    pub(crate) fn given(url: &str, except: &str) -> Result<Self, Error> {
        let uri: Uri =
            url.parse().map_err(|_| Error::invalid("proxy", "must be a URL such as http://proxy:3128"))?;
        if uri.scheme_str() != Some("http") || uri.host().is_none() {
            return Err(Error::invalid(
                "proxy",
                "must be an http:// URL with a host: the tunnel through it is TLS all the way",
            ));
        }
        // Behind an `@`, as a password may hold a colon.
        let odd = |authority: &http::uri::Authority| {
            authority
                .as_str()
                .rsplit('@')
                .next()
                .and_then(|host| host.parse().ok())
                .is_some_and(|host| has_odd_port(&host))
        };
        if uri.authority().is_some_and(odd) {
            return Err(Error::invalid("proxy", "must have a port from 1 to 65535, or none"));
        }
        Ok(Self::Given(Arc::new(Matcher::builder().https(url.to_owned()).no(except.to_owned()).build())))
    }

    /// The environment is read once, when the client is built. `destinations` are those that it is sure to call, if it calls
    /// them at all: a proxy that cannot be used for one of them is an error now.
    pub(crate) fn resolved(self, destinations: &[Uri]) -> Result<Self, Error> {
        let resolved = match self {
            Self::Environment => Self::Given(Arc::new(Matcher::from_env())),
            other => other,
        };
        destinations.iter().try_for_each(|destination| resolved.via(destination).map(|_| ()))?;
        Ok(resolved)
    }

    /// The proxy on the way to `destination`. Loopback is always reached directly.
    pub(super) fn via(&self, destination: &Uri) -> Result<Option<Via>, Error> {
        let Self::Given(matcher) = self else { return Ok(None) };
        if destination.host().is_none_or(is_loopback) {
            return Ok(None);
        }
        let Some(intercept) = matcher.intercept(destination) else { return Ok(None) };
        if intercept.uri().scheme_str() != Some("http") {
            let scheme = intercept.uri().scheme_str().unwrap_or("no");
            let rule = format!(
                "the proxy for {} (HTTPS_PROXY, ALL_PROXY or Builder::proxy) must be an http:// URL, is one of {scheme}; \
                 set an http:// one, put the host into NO_PROXY, or use Builder::no_proxy",
                destination.host().unwrap_or_default()
            );
            return Err(Error::invalid("proxy", rule));
        }
        Ok(Some(Via { uri: intercept.uri().clone(), authorization: intercept.basic_auth().cloned() }))
    }
}
