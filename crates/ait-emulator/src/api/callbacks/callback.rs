//! Where a callback goes.

use std::{
    collections::BTreeMap,
    error, fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Uri;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

/// Who calls back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CallbackKind {
    /// Toss Login: a user has cut the link.
    Unlink,
    /// In-app purchases: a subscription has changed.
    Subscription,
    /// BrandPay: its webhooks.
    Brandpay,
}

impl CallbackKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Unlink, Self::Subscription, Self::Brandpay];

    /// Its name: `unlink`, `subscription` or `brandpay`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unlink => "unlink",
            Self::Subscription => "subscription",
            Self::Brandpay => "brandpay",
        }
    }
}

impl FromStr for CallbackKind {
    type Err = BadCallback;

    fn from_str(name: &str) -> Result<Self, BadCallback> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == name);
        // The name is not quoted: of a URL in its place it may be the half with the password.
        found.ok_or_else(|| {
            BadCallback::new(
                "the kind of a callback is none of those there are; there are the callbacks unlink, subscription and brandpay",
            )
        })
    }
}

/// Where a callback goes: to a program on this machine, and nowhere else. `Debug` and `Display` leave out what goes into
/// `Authorization`.
///
/// As text it is what `--callback` takes: `brandpay=http://127.0.0.1:3000/brandpay`. What stands before the `@` of the
/// address, percent-decoded, is sent as `Authorization: Basic`. The unlink callback is a `POST` of JSON, or, as the
/// console lets partners choose, a `GET` with a query: `unlink=GET http://user:password@localhost:3000/unlink`.
///
/// ```
/// use ait_emulator::Callback;
///
/// let callback: Callback = "unlink=http://user:password@127.0.0.1:3000/unlink".parse()?;
/// assert_eq!(callback.to_string(), "unlink=POST http://…@127.0.0.1:3000/unlink");
/// assert!("unlink=http://shop.example/unlink".parse::<Callback>().is_err());
/// # Ok::<(), ait_emulator::BadCallback>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Callback {
    kind: CallbackKind,
    get: bool,
    /// Without what stands before the `@`.
    authority: String,
    host: Here,
    port: u16,
    path: String,
    query: Option<String>,
    authorization: Option<String>,
}

/// A name of this machine.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Here {
    Localhost,
    Address(IpAddr),
}

/// An address that a callback cannot go to: the text says why, and never shows what goes into `Authorization`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadCallback(String);

impl BadCallback {
    fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for BadCallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl error::Error for BadCallback {}

impl Callback {
    /// A callback to this URL, as `POST`.
    ///
    /// # Errors
    ///
    /// If it is no `http` URL of this machine: 127.0.0.0/8, `[::1]` or `localhost`.
    pub fn new(kind: CallbackKind, url: &str) -> Result<Self, BadCallback> {
        // The parser's errors say nothing of the text.
        let uri: Uri = url.parse().map_err(|error| BadCallback::new(format!("the URL is none: {error}")))?;
        if uri.scheme_str() != Some("http") {
            return Err(BadCallback::new("callbacks go to http://… on this machine: without TLS"));
        }
        let authority = uri.authority().map_or("", http::uri::Authority::as_str);
        let (before, authority) = match authority.rsplit_once('@') {
            Some((before, authority)) => (Some(before), authority),
            None => (None, authority),
        };
        let value = percent_decode_str(before.unwrap_or_default())
            .decode_utf8()
            .map_err(|_| BadCallback::new("what stands before the @ of the URL is not UTF-8"))?;
        Ok(Self {
            kind,
            get: false,
            host: here(uri.host().unwrap_or_default(), url)?,
            port: port(authority, uri.port_u16())?,
            authority: authority.to_owned(),
            path: uri.path().to_owned(),
            query: uri.query().map(str::to_owned),
            authorization: (!value.is_empty())
                .then(|| format!("Basic {}", STANDARD.encode(value.as_bytes()))),
        })
    }

    /// The same as `GET` with a query.
    ///
    /// # Errors
    ///
    /// If it is not the unlink callback: the others are always `POST`.
    pub fn get(mut self) -> Result<Self, BadCallback> {
        if self.kind != CallbackKind::Unlink {
            return Err(BadCallback::new("only the unlink callback can be a GET"));
        }
        self.get = true;
        Ok(self)
    }

    /// Who calls back.
    #[must_use]
    pub const fn kind(&self) -> CallbackKind {
        self.kind
    }

    /// `GET` or `POST`.
    #[must_use]
    pub const fn method(&self) -> &'static str {
        if self.get { "GET" } else { "POST" }
    }

    /// The URL, with `…` in the place of what goes into `Authorization`.
    #[must_use]
    pub fn url(&self) -> String {
        let hidden = if self.authorization.is_some() { "…@" } else { "" };
        format!("http://{hidden}{}{}", self.authority, self.target(None))
    }

    /// What stands in the first line of a request: the path, and the query with this added.
    pub(crate) fn target(&self, added: Option<&str>) -> String {
        let queries: Vec<&str> = self.query.as_deref().into_iter().chain(added).collect();
        match queries.as_slice() {
            [] => self.path.clone(),
            queries => format!("{}?{}", self.path, queries.join("&")),
        }
    }

    /// The `host` field.
    pub(crate) fn host(&self) -> &str {
        &self.authority
    }

    /// The `authorization` field.
    pub(crate) fn authorization(&self) -> Option<&str> {
        self.authorization.as_deref()
    }

    /// Where to connect to, one after the other. No name is looked up: it could lead away from this machine.
    pub(crate) fn addresses(&self) -> Vec<SocketAddr> {
        let hosts = match self.host {
            Here::Localhost => vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
            Here::Address(address) => vec![address],
        };
        hosts.into_iter().map(|host| SocketAddr::new(host, self.port)).collect()
    }
}

fn here(host: &str, url: &str) -> Result<Here, BadCallback> {
    if host.eq_ignore_ascii_case("localhost") {
        return Ok(Here::Localhost);
    }
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    match bare.parse::<IpAddr>() {
        Ok(address) if address.is_loopback() => Ok(Here::Address(address)),
        _ => {
            let rule = "callbacks go to this machine only, to 127.0.0.1, [::1] or localhost";
            // Before an @ stands a password. With a / in it, its beginning is taken for the host.
            Err(if url.contains('@') {
                BadCallback::new(format!("{rule}; a /, ? or # before the @ is written %2F, %3F or %23"))
            } else {
                BadCallback::new(format!("{rule}, not to `{}`", host.escape_default()))
            })
        }
    }
}

/// A port that is no number is not left out, which would mean 80.
fn port(authority: &str, port: Option<u16>) -> Result<u16, BadCallback> {
    let named = authority.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']'));
    match port {
        None if !named => Ok(80),
        None | Some(0) => Err(BadCallback::new("the port of the URL must be from 1 to 65535")),
        Some(port) => Ok(port),
    }
}

impl FromStr for Callback {
    type Err = BadCallback;

    fn from_str(text: &str) -> Result<Self, BadCallback> {
        let Some((kind, rest)) = text.split_once('=') else {
            return Err(BadCallback::new(
                "a callback is KIND=URL, such as brandpay=http://127.0.0.1:3000/brandpay",
            ));
        };
        let kind: CallbackKind = kind.trim().parse()?;
        match rest.trim().split_once(' ') {
            Some(("GET", url)) => Self::new(kind, url.trim())?.get(),
            Some(("POST", url)) => Self::new(kind, url.trim()),
            Some(_) => Err(BadCallback::new("before the URL stands GET, POST or nothing")),
            None => Self::new(kind, rest.trim()),
        }
    }
}

impl fmt::Display for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={} {}", self.kind.name(), self.method(), self.url())
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Callback({self})")
    }
}

/// Where callbacks go. Without an address there is no callback.
pub type Callbacks = BTreeMap<CallbackKind, Callback>;

#[cfg(test)]
mod tests {
    use super::Callback;

    fn read(text: &str) -> Callback {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn it_goes_to_this_machine_and_nowhere_else() {
        for (url, addresses) in [
            ("http://127.0.0.1:3000/x", vec!["127.0.0.1:3000"]),
            ("http://127.9.9.9", vec!["127.9.9.9:80"]),
            ("http://[::1]:1/x", vec!["[::1]:1"]),
            ("http://[::1]", vec!["[::1]:80"]),
            ("http://LocalHost:65535/", vec!["127.0.0.1:65535", "[::1]:65535"]),
            ("http://shop.example@127.0.0.1/", vec!["127.0.0.1:80"]),
        ] {
            let found: Vec<_> =
                read(&format!("brandpay={url}")).addresses().iter().map(ToString::to_string).collect();
            assert_eq!(found, addresses, "{url}");
        }
        for url in [
            "https://127.0.0.1/x",
            "http://shop.example/x",
            "http://127.0.0.1@shop.example/x",
            "http://localhost.shop.example/",
            "http://localhost./",
            "http://0.0.0.0/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://10.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://127.0.0.1:0/",
            "http://127.0.0.1:99999/",
            "http://127.0.0.1:x/",
            "http://",
            "127.0.0.1:3000",
            "/x",
            "",
        ] {
            assert!(format!("brandpay={url}").parse::<Callback>().is_err(), "{url}");
        }
    }

    #[test]
    fn what_stands_before_the_at_is_the_basic_value_and_is_not_shown() {
        for (before, value) in [
            ("", None),
            ("@", None),
            ("example:example@", Some("Basic ZXhhbXBsZTpleGFtcGxl")),
            ("a-word@", Some("Basic YS13b3Jk")),
            ("ex%61mple%3Aexampl%65@", Some("Basic ZXhhbXBsZTpleGFtcGxl")),
            ("u:p%40w%3F@", Some("Basic dTpwQHc/")),
        ] {
            let callback = read(&format!("unlink=http://{before}localhost:3000/x"));
            assert_eq!(callback.authorization(), value, "{before}");
            let hidden = if value.is_some() { "…@" } else { "" };
            assert_eq!(callback.to_string(), format!("unlink=POST http://{hidden}localhost:3000/x"));
            assert_eq!(callback.host(), "localhost:3000");
        }
        for text in [
            "unlink=http://u:canary@shop.example/",
            "unlink=http://u:can ary@127.0.0.1",
            "unlink=http://canary/word@127.0.0.1:3000/",
            "unlink=http://canary?word@127.0.0.1:3000/",
            "unlink=http://canary#word@127.0.0.1:3000/",
            "unlink=http://canary%2Fword%40127.0.0.1:3000/",
            "x=http://u:canary@1",
        ] {
            let told = text.parse::<Callback>().map(|callback| callback.to_string()).unwrap_err().to_string();
            assert!(!told.contains("can"), "{told}");
        }
        let callback = read("unlink=http://u:canary@127.0.0.1/");
        assert!(!format!("{callback:?} {callback:#?}").contains("canary"), "{callback:?}");
        assert!("unlink=http://%ff@127.0.0.1/".parse::<Callback>().is_err());
    }

    #[test]
    fn the_method_and_the_target() {
        let callback = read("unlink = GET http://127.0.0.1/a%20b?c=d");
        assert_eq!((callback.method(), callback.target(Some("e=f"))), ("GET", "/a%20b?c=d&e=f".to_owned()));
        assert_eq!(read("unlink=GET http://127.0.0.1").target(Some("e=f")), "/?e=f");
        assert_eq!(read("unlink=POST http://127.0.0.1/x").method(), "POST");
        for text in [
            "brandpay=GET http://127.0.0.1",
            "unlink=PUT http://127.0.0.1",
            "unlink",
            "unlike=http://127.0.0.1",
        ] {
            assert!(text.parse::<Callback>().is_err(), "{text}");
        }
    }
}
