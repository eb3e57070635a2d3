//! The way out through a proxy, against a CONNECT proxy of our own.
//!
//! Loopback is always reached directly, so the calls here go to `pay.test`, a name that only the proxy knows.

use std::{
    env,
    net::SocketAddr,
    process::Command,
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::support::{Count, Look, Pay, World, success, within};
use ait_core::{Builder, Client, Error, Kind, Outcome, Phase, RetryPolicy, Trust};
use ait_emulator::{Leaf, Reply, Server};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    task::JoinHandle,
};

const SHORT: Duration = Duration::from_millis(300);

/// What the proxy does with a CONNECT.
#[derive(Clone, Copy, Debug)]
enum Manner {
    Tunnel,
    /// Answers with this status line and closes.
    Refuse(&'static str),
    /// Reads it and closes.
    Close,
    /// Reads it and says nothing.
    Hang,
    /// Agrees and closes.
    AgreeAndClose,
}

/// A proxy that leads every name to one server, and remembers the heads it was sent.
struct Proxy {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Proxy {
    async fn start(manner: Manner, target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, heads) = (listener.local_addr().unwrap(), Arc::<Mutex<Vec<String>>>::default());
        let ear = Arc::clone(&heads);
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(serve(near, manner, target, Arc::clone(&ear)));
            }
        });
        Self { address, heads, task }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut near: TcpStream, manner: Manner, target: SocketAddr, heads: Arc<Mutex<Vec<String>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match near.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    heads.lock().unwrap().push(String::from_utf8(head).unwrap());
    match manner {
        Manner::Refuse(line) => {
            let answer = format!("HTTP/1.1 {line}\r\ncontent-length: 0\r\n\r\n");
            let _ = near.write_all(answer.as_bytes()).await;
        }
        Manner::Close => {}
        Manner::Hang => while let Ok(1..) = near.read(&mut [0; 64]).await {},
        Manner::AgreeAndClose => _ = near.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await,
        Manner::Tunnel => {
            let mut far = TcpStream::connect(target).await.unwrap();
            near.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
            let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
        }
    }
}

async fn server(world: &World, requests: &Count) -> Server {
    let count = requests.clone();
    let server = world.server().http(move |_| {
        count.one();
        async { Reply::Answer(success(1)) }
    });
    server.await.unwrap()
}

fn through(world: &World, proxy: &str, except: &str) -> Builder {
    world.stranger("https://pay.test").identity(world.identity()).proxy(proxy, except)
}

#[track_caller]
fn assert_not_sent(error: &Error, kind: Kind) {
    assert_eq!((error.kind(), error.outcome()), (kind, Outcome::NotSent), "{error}");
    assert!(error.to_string().ends_with("; not sent"), "{error}");
}

#[tokio::test]
async fn calls_go_through_the_proxy_and_tls_goes_through_untouched() {
    let (world, requests) = (World::new(), Count::default());
    let server = server(&world, &requests).await;
    let proxy = Proxy::start(Manner::Tunnel, server.addr()).await;
    let client = through(&world, &proxy.url(), "").build().unwrap();
    within(client.call(Pay::new(1))).await.unwrap();
    within(client.call(Look::new(1))).await.unwrap();
    within(client.call(Look::new(1))).await.unwrap();
    assert_eq!((requests.get(), server.connections()), (3, 2), "the reads share a tunnel");
    let heads = proxy.heads();
    assert_eq!(heads.len(), 2);
    for head in heads {
        assert!(head.starts_with("CONNECT pay.test:443 HTTP/1.1\r\n"), "{head}");
        assert!(!head.to_ascii_lowercase().contains("proxy-authorization"), "{head}");
        assert!(!head.contains("x-toss-user-key"), "{head}");
    }
}

#[tokio::test]
async fn the_port_of_the_base_url_is_asked_for() {
    let (world, requests) = (World::new(), Count::default());
    let server = server(&world, &requests).await;
    let proxy = Proxy::start(Manner::Tunnel, server.addr()).await;
    let client = through(&world, &proxy.url(), "").base_url("https://pay.test:8443").build().unwrap();
    within(client.call(Pay::new(1))).await.unwrap();
    assert!(proxy.heads()[0].starts_with("CONNECT pay.test:8443 HTTP/1.1\r\n"));
}

#[tokio::test]
async fn the_proxy_is_told_who_asks() {
    let (world, requests) = (World::new(), Count::default());
    let server = server(&world, &requests).await;
    let proxy = Proxy::start(Manner::Tunnel, server.addr()).await;
    let url = format!("http://alice:open%20sesame@{}", proxy.address);
    let client = through(&world, &url, "").build().unwrap();
    within(client.call(Pay::new(1))).await.unwrap();
    let head = proxy.heads()[0].to_ascii_lowercase();
    // alice:open sesame
    assert!(
        head.contains(&"\r\nproxy-authorization: Basic YWxpY2U6b3BlbiBzZXNhbWU=\r\n".to_ascii_lowercase())
    );
    assert_eq!(requests.get(), 1);
}

#[tokio::test]
async fn the_password_of_the_proxy_is_in_no_message() {
    let (world, requests) = (World::new(), Count::default());
    let server = server(&world, &requests).await;
    let proxy = Proxy::start(Manner::Refuse("407 Proxy Authentication Required"), server.addr()).await;
    let url = format!("http://alice:canary-8132@{}", proxy.address);
    let builder = through(&world, &url, "");
    assert!(!format!("{builder:?}").contains("canary"));
    let error = within(builder.build().unwrap().call(Pay::new(1))).await.unwrap_err();
    let mut chain = format!("{error} {error:?}");
    let mut next = std::error::Error::source(&error);
    while let Some(source) = next {
        chain += &format!(" {source} {source:?}");
        next = source.source();
    }
    assert!(!chain.contains("canary") && !chain.contains("alice"), "{chain}");
    assert!(!chain.contains("YWxpY2U6Y2FuYXJ5"), "{chain}");
}

#[tokio::test]
async fn a_proxy_that_refuses_is_not_sent() {
    let lines = ["407 Proxy Authentication Required", "403 Forbidden", "502 Bad Gateway", "302 Found"];
    for line in lines {
        let (world, requests) = (World::new(), Count::default());
        let server = server(&world, &requests).await;
        let proxy = Proxy::start(Manner::Refuse(line), server.addr()).await;
        let client = through(&world, &proxy.url(), "").build().unwrap();
        let error = within(client.call(Pay::new(1))).await.unwrap_err();
        assert_not_sent(&error, Kind::Connect);
        assert_eq!(error.phase(), Some(Phase::Connect), "{line}");
        assert!(error.to_string().contains("proxy"), "{error}");
        assert_eq!((server.connections(), proxy.heads().is_empty()), (0, false));
    }
}

#[tokio::test]
async fn a_proxy_that_breaks_off_is_not_sent() {
    for manner in [Manner::Close, Manner::AgreeAndClose, Manner::Refuse("nonsense")] {
        let (world, requests) = (World::new(), Count::default());
        let server = server(&world, &requests).await;
        let proxy = Proxy::start(manner, server.addr()).await;
        let client = through(&world, &proxy.url(), "").build().unwrap();
        let error = within(client.call(Pay::new(1))).await.unwrap_err();
        assert_not_sent(&error, Kind::Connect);
        assert_eq!((error.attempts(), proxy.heads().len()), (3, 3), "{manner:?}: {error}");
        assert_eq!(server.connections(), 0);
    }
}

#[tokio::test]
async fn a_proxy_that_says_nothing_is_a_time_out_while_connecting_and_not_sent() {
    let (world, requests) = (World::new(), Count::default());
    let server = server(&world, &requests).await;
    let proxy = Proxy::start(Manner::Hang, server.addr()).await;
    let client = through(&world, &proxy.url(), "").build().unwrap();
    let error = within(client.call(Pay::new(1)).deadline(SHORT)).await.unwrap_err();
    assert_not_sent(&error, Kind::Timeout);
    assert_eq!((error.phase(), server.connections()), (Some(Phase::Connect), 0));
}

#[tokio::test]
async fn a_dead_proxy_is_not_sent_and_not_passed_by() {
    let (world, requests) = (World::new(), Count::default());
    let server = server(&world, &requests).await;
    // Bound and not listening: nobody else gets the port, and nobody answers.
    let dead = TcpSocket::new_v4().unwrap();
    dead.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", dead.local_addr().unwrap());
    // A host that could be reached directly, were that allowed.
    let base = format!("https://0.0.0.0:{}", server.addr().port());
    let client = through(&world, &url, "").base_url(base).build().unwrap();
    let error = within(client.call(Pay::new(1))).await.unwrap_err();
    assert_not_sent(&error, Kind::Connect);
    assert_eq!((error.attempts(), server.connections()), (3, 0));
}

/// `0.0.0.0` is no loopback address by name, and yet leads to this machine.
#[cfg(unix)]
#[tokio::test]
async fn an_exception_is_reached_directly() {
    let cases = [("0.0.0.0", true), ("example.com, 0.0.0.0/8", true), ("", false), ("pay.test", false)];
    for (except, direct) in cases {
        let (world, requests) = (World::new(), Count::default());
        let server = server(&world, &requests).await;
        let proxy = Proxy::start(Manner::Tunnel, server.addr()).await;
        let base = format!("https://0.0.0.0:{}", server.addr().port());
        let client = through(&world, &proxy.url(), except).base_url(base).build().unwrap();
        within(client.call(Pay::new(1))).await.unwrap();
        assert_eq!((requests.get(), proxy.heads().is_empty()), (1, direct), "except `{except}`");
    }
}

#[tokio::test]
async fn exceptions_by_name_are_not_taken_to_the_proxy() {
    let (world, requests) = (World::new(), Count::default());
    let server = server(&world, &requests).await;
    let proxy = Proxy::start(Manner::Tunnel, server.addr()).await;
    for except in ["pay.test", ".test", "test", "PAY.TEST", "*"] {
        let client = through(&world, &proxy.url(), except).retry(RetryPolicy::never()).build().unwrap();
        let error = within(client.call(Pay::new(1)).deadline(Duration::from_secs(5))).await.unwrap_err();
        // No such name: that is how one sees that it was looked for.
        assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
        assert_eq!(error.phase(), Some(Phase::Connect));
        assert!(proxy.heads().is_empty(), "except `{except}`");
    }
}

#[tokio::test]
async fn loopback_is_reached_directly() {
    let (world, requests) = (World::new(), Count::default());
    let server = server(&world, &requests).await;
    let proxy = Proxy::start(Manner::Tunnel, server.addr()).await;
    let client = through(&world, &proxy.url(), "").base_url(server.url()).build().unwrap();
    within(client.call(Pay::new(1))).await.unwrap();
    assert_eq!((requests.get(), proxy.heads().len()), (1, 0));
}

#[tokio::test]
async fn a_refused_certificate_is_told_through_the_proxy() {
    let (world, requests) = (World::new(), Count::default());
    let server = server(&world, &requests).await;
    let proxy = Proxy::start(Manner::Tunnel, server.addr()).await;
    let foreign = ait_emulator::Authority::new("Somebody Else").unwrap();
    let stranger = crate::support::identity(&foreign.issue(&Leaf::client("stranger")).unwrap());
    let client = through(&world, &proxy.url(), "").identity(stranger).build().unwrap();
    for _ in 0..20 {
        let error = within(client.call(Pay::new(1))).await.unwrap_err();
        assert_not_sent(&error, Kind::Identity);
        assert_eq!(error.attempts(), 1);
    }
    assert_eq!(requests.get(), 0);
}

#[test]
fn a_proxy_that_is_none_is_found_out_when_the_client_is_built() {
    for url in ["", "proxy", "https://proxy:3128", "socks5://proxy:1080", "http://"] {
        let error = Client::builder().proxy(url, "").build().unwrap_err();
        assert_eq!(error.kind(), Kind::Config, "{url}");
        assert!(error.to_string().starts_with("proxy: must be "), "{error}");
    }
}

// The environment belongs to a process, so these tests start one: themselves, with another environment.

const INNER_URL: &str = "AIT_TEST_INNER_URL";
const INNER_CA: &str = "AIT_TEST_INNER_CA";
const INNER_CERTIFICATE: &str = "AIT_TEST_INNER_CERTIFICATE";
const INNER_KEY: &str = "AIT_TEST_INNER_KEY";
/// Set, if the client cannot be built.
const INNER_REFUSED: &str = "AIT_TEST_INNER_REFUSED";
/// What the inner process says at its end: without it nothing was tested.
const INNER_WORD: &str = "<the call was made>";

async fn in_a_process_with(world: &World, url: &str, variables: &[(&str, &str)]) {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "proxy::the_environment_is_obeyed", "--nocapture"]);
    for name in [
        "HTTPS_PROXY",
        "https_proxy",
        "HTTP_PROXY",
        "http_proxy",
        "ALL_PROXY",
        "all_proxy",
        "NO_PROXY",
        "no_proxy",
    ] {
        command.env_remove(name);
    }
    command
        .env(INNER_URL, url)
        .env(INNER_CA, world.authority.pem())
        .env(INNER_CERTIFICATE, &world.issued.certificate_pem)
        .env(INNER_KEY, &world.issued.key_pem)
        .envs(variables.iter().copied());
    let output = within(tokio::task::spawn_blocking(move || command.output())).await.unwrap().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains(INNER_WORD), "{text}");
}

/// The part of the other process.
async fn call_from_within(url: String) {
    let client = Client::builder()
        .identity(ait_core::Identity::from_env(INNER_CERTIFICATE, INNER_KEY).unwrap())
        .trust(Trust::pem(env::var(INNER_CA).unwrap()).unwrap())
        .base_url(url)
        .build();
    match env::var(INNER_REFUSED) {
        Ok(scheme) => {
            let error = client.unwrap_err().to_string();
            assert!(error.starts_with("proxy: ") && error.contains(&format!("one of {scheme};")), "{error}");
        }
        Err(_) => assert_eq!(within(client.unwrap().call(Pay::new(1))).await.unwrap().id, 1),
    }
    println!("{INNER_WORD}");
}

#[cfg(unix)]
#[tokio::test]
async fn the_environment_is_obeyed() {
    if let Ok(url) = env::var(INNER_URL) {
        return call_from_within(url).await;
    }
    let (world, requests) = (World::new(), Count::default());
    let server = server(&world, &requests).await;
    let proxy = Proxy::start(Manner::Tunnel, server.addr()).await;
    let (there, local) = (format!("https://0.0.0.0:{}", server.addr().port()), proxy.url());
    for (variables, proxied) in [
        (&[][..], false),
        (&[("HTTPS_PROXY", local.as_str())][..], true),
        (&[("https_proxy", local.as_str())][..], true),
        (&[("HTTPS_PROXY", local.as_str()), ("NO_PROXY", "0.0.0.0")][..], false),
        (&[("HTTP_PROXY", local.as_str())][..], false),
    ] {
        let before = proxy.heads().len();
        in_a_process_with(&world, &there, variables).await;
        assert_eq!(proxy.heads().len() > before, proxied, "{variables:?}");
    }
    assert_eq!(requests.get(), 5);
    for (variable, proxy, scheme) in [
        ("ALL_PROXY", "socks5://127.0.0.1:9", "socks5"),
        ("HTTPS_PROXY", "socks5h://user:CANARY@127.0.0.1:9", "socks5h"),
        ("HTTPS_PROXY", "https://127.0.0.1:9", "https"),
    ] {
        in_a_process_with(&world, &there, &[(variable, proxy), (INNER_REFUSED, scheme)]).await;
    }
    assert_eq!(requests.get(), 5);
}
