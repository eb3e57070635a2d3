//! The calls of the cases: a write that nothing protects, and a read.

use std::fmt;
use std::time::Duration;

use ait_core::http::Method;
use ait_core::{Client, Endpoint, Envelope, Error, Host, Identity, RetryPolicy, Safety, Trust, serde};

/// What all requests have in their path, and nothing else that a server prints.
pub(super) const MARK: &str = "/interop/";
/// A name that exists nowhere. It demands no identity, so that a call without one gets as far as the server.
const HOST: Host = Host::new("interop.invalid");
const DEADLINE: Duration = Duration::from_secs(20);

/// Which of the two calls is made.
#[derive(Clone, Copy, Debug)]
pub(super) enum Verb {
    Write,
    Read,
}

impl Verb {
    pub(super) const ALL: [Self; 2] = [Self::Write, Self::Read];

    /// Makes the call once, and gives back the text of the answer.
    pub(super) async fn call(self, client: &Client, text: &str) -> Result<String, Error> {
        let echo = match self {
            Self::Write => client.call(Write { echo: text.to_owned() }).await?,
            Self::Read => client.call(Read).await?,
        };
        Ok(echo.echo)
    }

    /// The first line of the request.
    pub(super) fn request_line(self) -> String {
        match self {
            Self::Write => format!("POST {} HTTP/1.1", Write::PATH),
            Self::Read => format!("GET {} HTTP/1.1", Read::PATH),
        }
    }

    /// The body of the request.
    pub(super) fn request_body(self, text: &str) -> String {
        match self {
            Self::Write => serde_json::json!({ "echo": text }).to_string(),
            Self::Read => String::new(),
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Write => "write",
            Self::Read => "read",
        })
    }
}

/// The body of an answer in which `text` comes back.
pub(super) fn answer(text: &str) -> String {
    serde_json::json!({ "resultType": "SUCCESS", "success": { "echo": text } }).to_string()
}

/// A client that knows only the server at `port`, and tries once.
pub(super) fn client(port: u16, trust: Trust, identity: Option<Identity>) -> Result<Client, Error> {
    let builder = Client::builder()
        .base_url(format!("https://127.0.0.1:{port}"))
        .trust(trust)
        .no_proxy()
        .retry(RetryPolicy::never());
    match identity {
        Some(identity) => builder.identity(identity).build(),
        None => builder.build(),
    }
}

#[derive(Debug, serde::Serialize)]
#[serde(crate = "ait_core::serde")]
struct Write {
    echo: String,
}

impl Endpoint for Write {
    const NAME: &'static str = "interop.write";
    const METHOD: Method = Method::POST;
    const HOST: Host = HOST;
    const PATH: &'static str = "/interop/write";
    const SAFETY: Safety<Self> = Safety::Once { settled_by: Read::NAME };
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = DEADLINE;
    type Dialect = Envelope;
    type Response = Echo;

    fn body(&self) -> Option<impl serde::Serialize> {
        Some(self)
    }
}

#[derive(Debug)]
struct Read;

impl Endpoint for Read {
    const NAME: &'static str = "interop.read";
    const METHOD: Method = Method::GET;
    const HOST: Host = HOST;
    const PATH: &'static str = "/interop/read";
    const SAFETY: Safety<Self> = Safety::Read;
    const POOLED: bool = true;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = DEADLINE;
    type Dialect = Envelope;
    type Response = Echo;

    fn body(&self) -> Option<impl serde::Serialize> {
        None::<()>
    }
}

#[derive(Debug, serde::Deserialize)]
#[serde(crate = "ait_core::serde")]
struct Echo {
    echo: String,
}
