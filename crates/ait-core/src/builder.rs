//! Setting up a client.

use std::{net::IpAddr, time::Duration};

use http::HeaderValue;

use crate::{
    Client, Error, Host, Identity, Provider, RetryPolicy, Trust,
    wire::{Base, Bases, Proxy, Settings, Wire},
};

/// Sets up a [`Client`]. Made by [`Client::builder`].
///
/// Nothing is checked before [`build`](Self::build), which checks everything and names what is wrong.
#[derive(Clone, Default)]
#[must_use = "a builder does nothing until it is built"]
pub struct Builder {
    identity: Option<Identity>,
    provider: Option<Provider>,
    trust: Option<Trust>,
    base: Option<String>,
    host_bases: Vec<(Host, String)>,
    proxy: Via,
    deadline: Option<Duration>,
    retry: RetryPolicy,
    user_agent: Option<String>,
    warm_spare: Option<Duration>,
    max_connections: Option<usize>,
    addresses: Vec<(String, Vec<IpAddr>)>,
}

/// How many connections to one host are in use at once.
const MAX_CONNECTIONS: usize = 256;

#[derive(Clone, Default)]
enum Via {
    #[default]
    Environment,
    Url(String, String),
    None,
}

/// Without the URLs, which may carry passwords.
impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("identity", &self.identity)
            .field("deadline", &self.deadline)
            .field("retry", &self.retry)
            .field("warm_spare", &self.warm_spare)
            .finish_non_exhaustive()
    }
}

impl Builder {
    /// Who we are. The hosts of Apps in Toss demand it.
    pub fn identity(mut self, identity: Identity) -> Self {
        self.identity = Some(identity);
        self
    }

    /// Whose server certificates are believed. Default: [`Trust::web`].
    pub fn trust(mut self, trust: Trust) -> Self {
        self.trust = Some(trust);
        self
    }

    /// Sends every call to another base URL: a test server, or a local proxy that does the TLS.
    ///
    /// Plain `http` is refused unless the host is loopback. A path is put before the path of every call.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base = Some(url.into());
        self
    }

    /// Sends the calls to one host to another base URL. Wins over [`base_url`](Self::base_url).
    pub fn host_url(mut self, host: Host, url: impl Into<String>) -> Self {
        self.host_bases.push((host, url.into()));
        self
    }

    /// Opens connections through this proxy: an `http://` URL, with `user:password@` if it demands them. Default: what
    /// `HTTPS_PROXY` says when the client is built. The TLS goes through it untouched; loopback is reached directly.
    ///
    /// `except` lists hosts that are reached directly, in the form of `NO_PROXY`.
    pub fn proxy(mut self, url: impl Into<String>, except: impl Into<String>) -> Self {
        self.proxy = Via::Url(url.into(), except.into());
        self
    }

    /// Ignores `HTTPS_PROXY`.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = Via::None;
        self
    }

    /// The upper bound of every call, all attempts included. Default: what the endpoint says, which is long enough for
    /// the slowest documented answer. A shorter one makes more outcomes unknown.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// How calls are sent again when that is safe.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The `User-Agent` header. Default: `ait-core/` and the version.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Keeps one fresh connection ready for the next write, so that it need not wait for a TCP and TLS handshake.
    ///
    /// It is opened after a write, never used for anything else, watched for closing, and dropped at the age given; a
    /// few seconds are enough for payments that come in a row. It costs a handshake after each write. Off by default.
    pub fn warm_spare(mut self, age: Duration) -> Self {
        self.warm_spare = Some(age);
        self
    }

    /// How many connections to one host may be in use at once, 256 unless set. A call beyond that waits within its own time
    /// for one to become free ([`Phase::Queue`](crate::Phase::Queue)): nothing of it is sent meanwhile. 0 means 1.
    pub fn max_connections(mut self, max: usize) -> Self {
        self.max_connections = Some(max);
        self
    }

    /// Reaches this host name at these addresses instead of asking DNS. The server must still prove to be that host. Of a
    /// proxy, name the proxy's own host.
    ///
    /// All addresses of a name are tried, a new one each quarter of a second until one takes the connection (RFC 8305).
    pub fn addresses(mut self, host: impl Into<String>, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        self.addresses.push((host.into(), addresses.into_iter().collect()));
        self
    }

    /// Whose cryptography is used. Default: that of the identity, or [`Provider::default`].
    pub fn provider(mut self, provider: Provider) -> Self {
        self.provider = Some(provider);
        self
    }

    /// Checks all of it.
    ///
    /// # Errors
    ///
    /// Kind [`Config`](crate::Kind::Config), naming the setting and the rule: a base URL or proxy that is none, a
    /// certificate that has expired, a user agent that is no header value.
    pub fn build(self) -> Result<Client, Error> {
        if let Some(identity) = &self.identity {
            identity.check_validity(std::time::SystemTime::now())?;
        }
        let all = self.base.as_deref().map(Base::parse).transpose()?;
        let of_host = self.host_bases.iter().map(|(host, url)| Ok((*host, Base::parse(url)?)));
        let of_host: Vec<_> = of_host.collect::<Result<_, Error>>()?;
        let proxy = match &self.proxy {
            Via::Environment => Proxy::Environment,
            Via::Url(url, except) => Proxy::given(url, except)?,
            Via::None => Proxy::None,
        };
        let provider = self.provider.or(self.identity.as_ref().map(Identity::provider)).unwrap_or_default();
        let user_agent = match &self.user_agent {
            None => HeaderValue::from_static(concat!("ait-core/", env!("CARGO_PKG_VERSION"))),
            Some(text) => HeaderValue::from_str(text)
                .map_err(|_| Error::invalid("user_agent", "must be visible ASCII on one line"))?,
        };
        let bases = Bases { all, of_host };
        let destinations = [Host::APPS_IN_TOSS, Host::TOSS_PAY].map(|host| bases.uri_of(host));
        let destinations: Vec<_> = destinations.into_iter().collect::<Result<_, Error>>()?;
        let settings = Settings {
            provider,
            trust: self.trust.unwrap_or_default(),
            proxy: proxy.resolved(&destinations)?,
            bases,
            spare_age: self.warm_spare,
            max_connections: self.max_connections.unwrap_or(MAX_CONNECTIONS),
            addresses: self.addresses,
        };
        let wire = Wire::new(&settings, self.identity)?;
        Ok(Client::new(settings, wire, self.deadline, self.retry, user_agent))
    }
}
