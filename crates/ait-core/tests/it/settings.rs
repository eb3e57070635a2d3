//! What a client refuses to be built from, and what it does with what it accepts.

use std::time::Duration;

use ait_core::{
    Client, Endpoint, Envelope, Error, Host, Kind, Outcome, Safety, http::Method, serde::Serialize,
};
use httpmock::MockServer;

/// A read that needs no certificate.
struct Ping;

impl Endpoint for Ping {
    const NAME: &'static str = "test.ping";
    const METHOD: Method = Method::GET;
    const HOST: Host = Host::new("api.example");
    const PATH: &'static str = "/v1/ping";
    const SAFETY: Safety<Self> = Safety::Read;
    const POOLED: bool = true;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Envelope;
    type Response = String;

    fn body(&self) -> Option<impl Serialize> {
        None::<()>
    }
}

/// The same on a host that demands a certificate.
struct Guarded;

impl Endpoint for Guarded {
    const NAME: &'static str = "test.guarded";
    const METHOD: Method = Method::GET;
    const HOST: Host = Host::TOSS_PAY;
    const PATH: &'static str = "/v1/ping";
    const SAFETY: Safety<Self> = Safety::Read;
    const POOLED: bool = true;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Envelope;
    type Response = String;

    fn body(&self) -> Option<impl Serialize> {
        None::<()>
    }
}

fn refused(result: Result<Client, Error>, names: &str) {
    let error = result.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Config, Outcome::NotSent));
    assert!(error.to_string().contains(names), "{error}");
}

#[test]
fn plain_http_is_for_loopback_only() {
    for url in ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:8080", "http://LOCALHOST/prefix"]
    {
        assert!(Client::builder().base_url(url).build().is_ok(), "{url}");
    }
    for url in
        ["http://10.0.0.1", "http://example.com", "http://localhost.example.com", "http://127.0.0.1.nip.io"]
    {
        refused(Client::builder().base_url(url).build(), "must be https");
    }
}

#[test]
fn a_base_url_that_is_none_is_refused_by_name() {
    for url in
        ["", "example.com", "ftp://example.com", "https://", "not a url", "https://h/?q", "https://h/#f"]
    {
        refused(Client::builder().base_url(url).build(), "base_url");
        refused(Client::builder().host_url(Host::TOSS_PAY, url).build(), "base_url");
    }
}

#[test]
fn what_a_file_or_a_shell_leaves_around_a_base_url_is_named() {
    for url in [
        "https://api.test\n",
        "https://api.test\r\n",
        " https://api.test",
        "https://api.test/ ",
        "https://api\t.test",
    ] {
        let error = Client::builder().base_url(url).build().unwrap_err().to_string();
        assert!(
            error.starts_with("base_url: must not begin or end with a blank or a line break"),
            "{url:?}: {error}"
        );
        assert!(!error.contains(['\n', '\r', '\t']), "{error:?}");
    }
}

#[test]
fn a_password_in_a_base_url_is_refused_and_not_repeated() {
    let error = Client::builder().base_url("https://user:hunter2@example.com").build().unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    let error = Client::builder().base_url("http://user:hunter2@example.com").build().unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
}

#[test]
fn a_proxy_that_is_none_is_refused_and_its_password_not_repeated() {
    for url in ["socks5://user:hunter2@proxy:1080", "https://user:hunter2@proxy", "user:hunter2@proxy", ""] {
        let builder = Client::builder().proxy(url, "");
        assert!(!format!("{builder:?}").contains("hunter2"));
        let error = builder.build().unwrap_err();
        assert!(error.to_string().starts_with("proxy: "), "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}

#[test]
fn a_user_agent_that_is_no_header_is_refused() {
    refused(Client::builder().user_agent("two\r\nlines").build(), "user_agent");
}

#[tokio::test]
async fn a_host_that_demands_a_certificate_is_not_called_without_one() {
    let client = Client::builder().no_proxy().build().unwrap();
    let error = client.call(Guarded).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Config, Outcome::NotSent));
    let text = error.to_string();
    assert!(text.contains("pay-apps-in-toss-api.toss.im") && text.contains("Builder::identity"), "{text}");
}

#[tokio::test]
async fn a_local_proxy_that_does_the_tls_needs_no_certificate_from_us() {
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        when.method("GET").path("/v1/ping");
        then.status(200).body(r#"{"resultType":"SUCCESS","success":"pong"}"#);
    });
    let mock = mock.await;
    let client = Client::builder().base_url(server.base_url()).build().unwrap();
    assert_eq!(client.call(Guarded).await.unwrap(), "pong");
    mock.assert_async().await;
}

#[tokio::test]
async fn a_path_in_the_base_url_comes_before_the_path_of_the_call() {
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        when.method("GET").path("/toss/api/v1/ping");
        then.status(200).body(r#"{"resultType":"SUCCESS","success":"pong"}"#);
    });
    let mock = mock.await;
    let client = Client::builder().base_url(format!("{}/toss/api/", server.base_url())).build().unwrap();
    assert_eq!(client.call(Ping).await.unwrap(), "pong");
    mock.assert_async().await;
}

#[tokio::test]
async fn the_url_of_one_host_wins_over_the_url_of_all() {
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        when.header("user-agent", "shop/1.0");
        then.status(200).body(r#"{"resultType":"SUCCESS","success":"pong"}"#);
    });
    let mock = mock.await;
    let client = Client::builder()
        .base_url("https://nowhere.invalid")
        .host_url(Host::TOSS_PAY, server.base_url())
        .user_agent("shop/1.0")
        .build()
        .unwrap();
    assert_eq!(client.call(Guarded).await.unwrap(), "pong");
    mock.assert_async().await;
}

#[tokio::test]
async fn the_deadline_of_the_call_wins_over_the_clients_and_the_endpoints() {
    let server = MockServer::start_async().await;
    let slow = server.mock_async(|when, then| {
        when.path("/v1/ping");
        then.status(200).delay(Duration::from_secs(60)).body("{}");
    });
    slow.await;
    let builder = || Client::builder().base_url(server.base_url());
    let client = builder().deadline(Duration::from_millis(40)).build().unwrap();
    assert!(client.call(Ping).await.unwrap_err().is_timeout());
    let client = builder().deadline(Duration::from_secs(3600)).build().unwrap();
    let error = client.call(Ping).deadline(Duration::from_millis(40)).await.unwrap_err();
    assert!(error.is_timeout() && error.elapsed() >= Duration::from_millis(20), "{error}");
}
