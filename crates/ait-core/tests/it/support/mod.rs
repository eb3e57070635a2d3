//! What the tests of this crate share: a few endpoints, and a world of one authority, one server and one client.

pub(crate) mod contracts;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use ait_core::{
    Builder, Client, Endpoint, Envelope, Flat, Host, IdempotencyKey, Identity, RetryPolicy, Safety, Trust,
    User, http::Method,
};
use ait_emulator::{Authority, Issued, Leaf, Reply, Response, Server, ServerBuilder, TlsVersion};
use serde::{Deserialize, Serialize};

pub(crate) const BOTH: [TlsVersion; 2] = [TlsVersion::V1_2, TlsVersion::V1_3];

/// What every endpoint here answers.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Receipt {
    pub(crate) id: u64,
}

/// A write that nothing protects.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Pay {
    pub(crate) id: u64,
    pub(crate) note: String,
    #[serde(skip)]
    pub(crate) user: Option<User>,
}

impl Pay {
    pub(crate) fn new(id: u64) -> Self {
        Self { id, user: Some(User::key(id)), ..Self::default() }
    }

    pub(crate) fn note(mut self, note: String) -> Self {
        self.note = note;
        self
    }
}

impl Endpoint for Pay {
    const NAME: &'static str = "test.pay";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::TOSS_PAY;
    const PATH: &'static str = "/pay";
    const SAFETY: Safety<Self> = Safety::Once { settled_by: Look::NAME };
    const REFUSALS: &'static [&'static str] = &["NO_MONEY"];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Envelope;
    type Response = Receipt;

    fn body(&self) -> Option<impl Serialize> {
        Some(self)
    }

    fn user(&self) -> Option<&User> {
        self.user.as_ref()
    }
}

/// A read, without a body.
#[derive(Debug)]
pub(crate) struct Look {
    pub(crate) user: User,
}

impl Look {
    pub(crate) fn new(id: u64) -> Self {
        Self { user: User::key(id) }
    }
}

impl Endpoint for Look {
    const NAME: &'static str = "test.look";
    const METHOD: Method = Method::GET;
    const HOST: Host = Host::TOSS_PAY;
    const PATH: &'static str = "/look";
    const SAFETY: Safety<Self> = Safety::Read;
    const POOLED: bool = true;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Envelope;
    type Response = Receipt;

    fn body(&self) -> Option<impl Serialize> {
        None::<()>
    }

    fn user(&self) -> Option<&User> {
        Some(&self.user)
    }
}

/// A write under a key, in the flat dialect.
#[derive(Debug, Serialize)]
pub(crate) struct Keyed {
    pub(crate) id: u64,
    #[serde(skip)]
    key: IdempotencyKey,
}

impl Keyed {
    pub(crate) fn new(id: u64) -> Self {
        Self { id, key: IdempotencyKey::new(format!("key-{id}")).unwrap() }
    }
}

impl Endpoint for Keyed {
    const NAME: &'static str = "test.keyed";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::new("brand.test");
    const PATH: &'static str = "/keyed";
    const SAFETY: Safety<Self> = Safety::Keyed { key: |call| &call.key, settled_by: None };
    const REFUSALS: &'static [&'static str] = &["NO_MONEY"];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Flat;
    type Response = Receipt;

    fn body(&self) -> Option<impl Serialize> {
        Some(self)
    }
}

/// [`Pay`] on a host that does not say that it demands a certificate.
#[derive(Debug, Serialize)]
pub(crate) struct BarePay;

impl Endpoint for BarePay {
    const NAME: &'static str = "test.bare_pay";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::new("bare.test");
    const PATH: &'static str = "/pay";
    const SAFETY: Safety<Self> = Safety::Once { settled_by: BareLook::NAME };
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Envelope;
    type Response = Receipt;

    fn body(&self) -> Option<impl Serialize> {
        Some(self)
    }
}

/// [`Look`] on a host that does not say that it demands a certificate.
#[derive(Debug)]
pub(crate) struct BareLook;

impl Endpoint for BareLook {
    const NAME: &'static str = "test.bare_look";
    const METHOD: Method = Method::GET;
    const HOST: Host = Host::new("bare.test");
    const PATH: &'static str = "/look";
    const SAFETY: Safety<Self> = Safety::Read;
    const POOLED: bool = true;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Envelope;
    type Response = Receipt;

    fn body(&self) -> Option<impl Serialize> {
        None::<()>
    }
}

/// An authority that both sides believe, a certificate for the server, and one for the client.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) authority: Authority,
    pub(crate) issued: Issued,
    server: Issued,
}

impl World {
    pub(crate) fn new() -> Self {
        let authority = Authority::new("Test CA").unwrap();
        let server = authority.issue(&Leaf::server(&["localhost", "pay.test", "0.0.0.0"])).unwrap();
        let issued = authority.issue(&Leaf::client("old-app")).unwrap();
        Self { authority, issued, server }
    }

    pub(crate) fn server_identity(&self) -> &Issued {
        &self.server
    }

    /// A server that demands a certificate of the authority.
    pub(crate) fn server(&self) -> ServerBuilder {
        Server::builder().tls(&self.server).require_client(&self.authority)
    }

    /// The same, in one version of TLS.
    pub(crate) fn server_in(&self, version: TlsVersion) -> ServerBuilder {
        self.server().versions(&[version])
    }

    /// A server that demands a certificate of another authority.
    pub(crate) fn server_for(&self, authority: &Authority, version: TlsVersion) -> ServerBuilder {
        Server::builder().tls(&self.server).require_client(authority).versions(&[version])
    }

    pub(crate) fn identity(&self) -> Identity {
        identity(&self.issued)
    }

    pub(crate) fn another(&self, common_name: &str) -> Identity {
        identity(&self.authority.issue(&Leaf::client(common_name)).unwrap())
    }

    /// A client that believes the server, and does not say who it is.
    pub(crate) fn stranger(&self, url: impl Into<String>) -> Builder {
        Client::builder()
            .trust(Trust::pem(self.authority.pem()).unwrap())
            .base_url(url)
            .no_proxy()
            .retry(RetryPolicy::default().base(Duration::from_millis(1)))
    }

    pub(crate) fn builder(&self, server: &Server) -> Builder {
        self.stranger(server.url()).identity(self.identity())
    }

    pub(crate) fn client(&self, server: &Server) -> Client {
        self.builder(server).build().unwrap()
    }
}

pub(crate) fn identity(issued: &Issued) -> Identity {
    Identity::from_pem(&issued.certificate_pem, &issued.key_pem).unwrap()
}

/// The body of a success.
pub(crate) fn success_body(id: u64) -> String {
    format!(r#"{{"resultType":"SUCCESS","success":{{"id":{id}}}}}"#)
}

pub(crate) fn success(id: u64) -> Response {
    Response::json(200, success_body(id))
}

/// The body of a failure.
pub(crate) fn fail_body(code: &str) -> String {
    format!(r#"{{"resultType":"FAIL","error":{{"errorCode":"{code}","reason":"said so"}}}}"#)
}

/// The bytes of a success, head and all.
pub(crate) fn success_bytes(id: u64) -> String {
    let body = success_body(id);
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// A number that counts on the server's side.
#[derive(Clone, Debug, Default)]
pub(crate) struct Count(Arc<AtomicUsize>);

impl Count {
    /// Counts one, and says how many were counted before.
    pub(crate) fn one(&self) -> usize {
        self.0.fetch_add(1, Ordering::SeqCst)
    }

    pub(crate) fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// A server that counts what it reads, which should be nothing.
pub(crate) async fn counting(world: &World, version: TlsVersion, requests: &Count) -> Server {
    let count = requests.clone();
    let server = world.server_in(version).http(move |_| {
        count.one();
        async { Reply::Answer(success(1)) }
    });
    server.await.unwrap()
}

/// The watchdog: nothing here may take longer.
pub(crate) async fn within<T>(future: impl IntoFuture<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), future).await.expect("hangs")
}
