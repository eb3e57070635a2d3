//! A server's certificate that we do not take: never sent, never tried again, and said in words that help.

use std::time::{Duration, SystemTime};

use crate::support::{BOTH, Count, Look, Pay, World, counting, success, within};
use ait_core::{Client, Error, Kind, Outcome, Phase};
use ait_emulator::{Authority, Leaf, Reply, Server, TlsVersion};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[track_caller]
fn assert_untrusted(error: &Error, why: &str) {
    assert_eq!((error.kind(), error.outcome()), (Kind::Connect, Outcome::NotSent), "{error}");
    assert_eq!((error.attempts(), error.phase()), (1, Some(Phase::Handshake)), "{error}");
    assert!(error.to_string().contains(why), "`{error}` does not say `{why}`");
}

async fn distrusts(client: &Client, server: &Server, requests: &Count, why: &str) {
    let error = within(client.call(Pay::new(1))).await.unwrap_err();
    assert_untrusted(&error, why);
    let error = within(client.call(Look::new(1))).await.unwrap_err();
    assert_untrusted(&error, why);
    assert_eq!((server.connections(), requests.get()), (2, 0), "it would be the same certificate again");
}

/// A server with a certificate of its own.
async fn showing(
    world: &World,
    by: &Authority,
    leaf: &Leaf,
    version: TlsVersion,
    requests: &Count,
) -> Server {
    let count = requests.clone();
    let server = Server::builder()
        .tls(&by.issue(leaf).unwrap())
        .require_client(&world.authority)
        .versions(&[version])
        .http(move |_| {
            count.one();
            async { Reply::Answer(success(1)) }
        });
    server.await.unwrap()
}

#[tokio::test]
async fn a_server_whose_issuer_is_not_trusted() {
    for version in BOTH {
        let (world, requests) = (World::new(), Count::default());
        let foreign = Authority::new("Somebody Else").unwrap();
        let leaf = Leaf::server(&["localhost"]);
        let server = showing(&world, &foreign, &leaf, version, &requests).await;
        distrusts(&world.client(&server), &server, &requests, "Builder::trust").await;
    }
}

#[tokio::test]
async fn a_server_that_is_not_in_the_roots_of_the_web() {
    let (world, requests) = (World::new(), Count::default());
    let server = counting(&world, TlsVersion::V1_3, &requests).await;
    let client =
        Client::builder().identity(world.identity()).base_url(server.url()).no_proxy().build().unwrap();
    distrusts(&client, &server, &requests, "the issuer of the server's certificate is not trusted").await;
}

#[tokio::test]
async fn a_server_of_another_name() {
    for version in BOTH {
        let (world, requests) = (World::new(), Count::default());
        let leaf = Leaf::server(&["elsewhere.test"]);
        let server = showing(&world, &world.authority, &leaf, version, &requests).await;
        let why = "the server's certificate is for another host name";
        distrusts(&world.client(&server), &server, &requests, why).await;
    }
}

#[tokio::test]
async fn a_server_whose_certificate_has_expired() {
    for version in BOTH {
        let (world, requests) = (World::new(), Count::default());
        let now = SystemTime::now();
        let leaf = Leaf::server(&["localhost"]).valid(now - 2 * DAY, now - DAY);
        let server = showing(&world, &world.authority, &leaf, version, &requests).await;
        let why = "the server's certificate has expired";
        distrusts(&world.client(&server), &server, &requests, why).await;
    }
}

#[tokio::test]
async fn a_server_whose_certificate_is_not_valid_yet() {
    for version in BOTH {
        let (world, requests) = (World::new(), Count::default());
        let now = SystemTime::now();
        let leaf = Leaf::server(&["localhost"]).valid(now + DAY, now + 2 * DAY);
        let server = showing(&world, &world.authority, &leaf, version, &requests).await;
        let why = "the server's certificate is not valid yet; check the clock of this machine";
        distrusts(&world.client(&server), &server, &requests, why).await;
    }
}
