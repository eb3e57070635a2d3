//! A certificate that the other side does not take: said every time, in words that help, and never as a doubt about
//! the money.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects by failing")]

mod support;

use std::time::{Duration, SystemTime};

use ait_core::{Client, Error, Identity, Kind, Outcome, Phase};
use ait_emulator::{Authority, Leaf, Reply, Response, Server, TlsVersion};
use support::{BOTH, BareLook, BarePay, Count, Look, Pay, World, fail_body, identity, success, within};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// How often each refusal is provoked. In TLS 1.3 it races with the request.
const ROUNDS: usize = 50;
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A server that counts what it reads, which should be nothing.
async fn counting(world: &World, version: TlsVersion, requests: &Count) -> Server {
    let count = requests.clone();
    let server = world.server_in(version).http(move |_| {
        count.one();
        async { Reply::Answer(success(1)) }
    });
    server.await.unwrap()
}

#[track_caller]
fn assert_refused(error: &Error, cause: &str, ours: &str) {
    assert_eq!((error.kind(), error.outcome()), (Kind::Identity, Outcome::NotSent), "{error}");
    assert_eq!(error.attempts(), 1, "it would be refused again: {error}");
    assert!(error.is_safe_to_resend());
    let text = error.to_string();
    let expected = format!("the server refused our identity: {cause} ({ours}); not sent");
    assert!(text.ends_with(&expected), "`{text}` does not end in `{expected}`");
}

/// Provokes the refusal of an identity, as a write and as a read, with and without a warm spare.
async fn refuses(world: &World, requests: &Count, server: &Server, identity: &Identity, cause: &str) {
    let ours = format!(
        "certificate `{}`, serial {}, valid until {}",
        identity.subject(),
        identity.serial(),
        date(identity.not_after())
    );
    for spare in [false, true] {
        let builder = world.stranger(server.url()).identity(identity.clone());
        let client = if spare { builder.warm_spare(MINUTE) } else { builder }.build().unwrap();
        for round in 0..ROUNDS {
            let error = if round % 2 == 0 {
                within(client.call(Pay::new(1))).await.unwrap_err()
            } else {
                within(client.call(Look::new(1))).await.unwrap_err()
            };
            assert_refused(&error, cause, &ours);
        }
    }
    assert_eq!(requests.get(), 0);
    assert_eq!(server.connections(), 2 * u64::try_from(ROUNDS).unwrap(), "one attempt a call, and no spare");
}

/// A moment as the messages write it: RFC 3339, in seconds.
fn date(moment: SystemTime) -> String {
    let seconds = moment.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let (days, of_day) = (i64::try_from(seconds / 86_400).unwrap(), seconds % 86_400);
    // Howard Hinnant's days to civil.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", of_day / 3_600, of_day / 60 % 60, of_day % 60)
}

#[tokio::test]
async fn no_certificate() {
    for version in BOTH {
        let (world, requests) = (World::new(), Count::default());
        let server = counting(&world, version, &requests).await;
        for spare in [false, true] {
            let builder = world.stranger(server.url());
            let client = if spare { builder.warm_spare(MINUTE) } else { builder }.build().unwrap();
            for round in 0..ROUNDS {
                let error = if round % 2 == 0 {
                    within(client.call(BarePay)).await.unwrap_err()
                } else {
                    within(client.call(BareLook)).await.unwrap_err()
                };
                assert_refused(&error, "it demands a certificate and got none", "no certificate was given");
            }
        }
        assert_eq!(requests.get(), 0);
    }
}

#[tokio::test]
async fn no_certificate_on_a_host_that_demands_one_fails_before_anything_is_opened() {
    let (world, requests) = (World::new(), Count::default());
    let server = counting(&world, TlsVersion::V1_3, &requests).await;
    let error = within(world.stranger(server.url()).build().unwrap().call(Pay::new(1))).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Config, Outcome::NotSent));
    assert!(error.to_string().contains("Builder::identity"), "{error}");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_foreign_issuer() {
    for version in BOTH {
        let (world, requests) = (World::new(), Count::default());
        let server = counting(&world, version, &requests).await;
        let foreign = Authority::new("Somebody Else").unwrap();
        let stranger = identity(&foreign.issue(&Leaf::client("stranger")).unwrap());
        refuses(&world, &requests, &server, &stranger, "it does not know the issuer of the certificate")
            .await;
    }
}

#[tokio::test]
async fn a_foreign_issuer_of_the_same_name() {
    for version in BOTH {
        let (world, requests) = (World::new(), Count::default());
        let server = counting(&world, version, &requests).await;
        let foreign = Authority::new("Test CA").unwrap();
        let stranger = identity(&foreign.issue(&Leaf::client("stranger")).unwrap());
        let client = world.stranger(server.url()).identity(stranger).build().unwrap();
        for _ in 0..ROUNDS {
            let error = within(client.call(Pay::new(1))).await.unwrap_err();
            assert_eq!((error.kind(), error.outcome()), (Kind::Identity, Outcome::NotSent), "{error}");
        }
        assert_eq!(requests.get(), 0);
    }
}

#[tokio::test]
async fn a_certificate_that_is_for_servers() {
    for version in BOTH {
        let (world, requests) = (World::new(), Count::default());
        let server = counting(&world, version, &requests).await;
        let misused = identity(&world.authority.issue(&Leaf::server(&["a-server"])).unwrap());
        refuses(&world, &requests, &server, &misused, "it does not take this kind of certificate").await;
    }
}

/// Ahead by less than what we forgive a clock, and more than what the server does.
#[tokio::test]
async fn a_certificate_that_is_not_valid_yet() {
    for version in BOTH {
        let (world, requests) = (World::new(), Count::default());
        let server = counting(&world, version, &requests).await;
        let now = SystemTime::now();
        let early = Leaf::client("early-bird").valid(now + 3 * MINUTE, now + DAY);
        let early = identity(&world.authority.issue(&early).unwrap());
        let cause = "the certificate has expired or is not valid yet by its clock";
        refuses(&world, &requests, &server, &early, cause).await;
    }
}

/// The clock is the subject: the certificate expires between the set-up and the call.
#[tokio::test]
async fn a_certificate_that_expired_after_the_client_was_built() {
    for version in BOTH {
        let (world, requests) = (World::new(), Count::default());
        let server = counting(&world, version, &requests).await;
        let now = SystemTime::now();
        let leaf = Leaf::client("short-lived").valid(now - DAY, now + Duration::from_secs(2));
        let short_lived = identity(&world.authority.issue(&leaf).unwrap());
        let client = world.stranger(server.url()).identity(short_lived.clone()).build().unwrap();
        // Certificates are valid to the end of their last second.
        while SystemTime::now() <= short_lived.not_after() + Duration::from_secs(1) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        for round in 0..ROUNDS {
            let error = if round % 2 == 0 {
                within(client.call(Pay::new(1))).await.unwrap_err()
            } else {
                within(client.call(Look::new(1))).await.unwrap_err()
            };
            assert_eq!((error.kind(), error.outcome()), (Kind::Identity, Outcome::NotSent), "{error}");
            assert_eq!(error.attempts(), 1);
            assert!(error.to_string().contains("the certificate has expired"), "{error}");
            assert!(error.to_string().contains(&date(short_lived.not_after())), "{error}");
        }
        assert_eq!(requests.get(), 0);
    }
}

/// The server goes over to another authority while the client has a good spare of the old days and none of the new.
#[tokio::test]
async fn a_spare_that_is_refused_is_not_used_and_the_refusal_is_told() {
    for version in BOTH {
        let world = World::new();
        let foreign = Authority::new("Somebody Else").unwrap();
        let requests = Count::default();
        let count = requests.clone();
        let old = world.server_in(version).http(move |_| {
            count.one();
            async { Reply::Answer(success(1)) }
        });
        let old = old.await.unwrap();
        let count = requests.clone();
        let new = world.server_for(&foreign, version).http(move |_| {
            count.one();
            async { Reply::Answer(success(1)) }
        });
        let new = new.await.unwrap();
        // The first connection leads to the old server, all others to the new one.
        let front = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}", front.local_addr().unwrap().port());
        let targets = [old.addr(), new.addr()];
        let relay = tokio::spawn(async move {
            for number in 0_usize.. {
                let (mut near, _) = front.accept().await.unwrap();
                let mut far = TcpStream::connect(targets[number.min(1)]).await.unwrap();
                tokio::spawn(async move { tokio::io::copy_bidirectional(&mut near, &mut far).await });
            }
        });
        let client = world.stranger(url).identity(world.identity()).warm_spare(MINUTE).build().unwrap();
        within(client.call(Pay::new(1))).await.unwrap();
        within(new.until_handshake_failures(1)).await;
        for _ in 0..5 {
            let error = within(client.call(Pay::new(1))).await.unwrap_err();
            assert_eq!((error.kind(), error.outcome()), (Kind::Identity, Outcome::NotSent), "{error}");
        }
        assert_eq!(requests.get(), 1);
        relay.abort();
    }
}

/// Passes everything on until the server ends, and then resets the client at once, with the alert still unread and the
/// request half written.
async fn abrupt(target: std::net::SocketAddr) -> (std::net::SocketAddr, tokio::task::JoinHandle<()>) {
    let front = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = front.local_addr().unwrap();
    let relay = tokio::spawn(async move {
        loop {
            let (near, _) = front.accept().await.unwrap();
            let far = TcpStream::connect(target).await.unwrap();
            tokio::spawn(async move {
                let (mut near, mut far) = (near, far);
                let (mut from_near, mut from_far) = (vec![0; 1 << 16], vec![0; 1 << 16]);
                let mut ended = false;
                while !ended {
                    tokio::select! {
                        biased;
                        count = far.read(&mut from_far) => match count {
                            Ok(count @ 1..) => near.write_all(&from_far[..count]).await.unwrap_or_default(),
                            _ => ended = true,
                        },
                        count = near.read(&mut from_near) => match count {
                            Ok(count @ 1..) => far.write_all(&from_near[..count]).await.unwrap_or_default(),
                            _ => ended = true,
                        },
                    }
                }
                let _ = near.set_zero_linger();
            });
        }
    });
    (address, relay)
}

#[test]
fn a_refusal_is_found_behind_a_write_that_failed() {
    // The far side lives on threads of its own, so that it can break off in the middle of our writing.
    let home = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let here = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (world, requests) = (World::new(), Count::default());
    let server = home.block_on(counting(&world, TlsVersion::V1_3, &requests));
    let (front, _relay) = home.block_on(home.spawn(abrupt(server.addr()))).unwrap();
    let foreign = Authority::new("Somebody Else").unwrap();
    let stranger = identity(&foreign.issue(&Leaf::client("stranger")).unwrap());
    let url = format!("https://localhost:{}", front.port());
    let client = world.stranger(url).identity(stranger).build().unwrap();
    let note = "x".repeat(8 << 20);
    here.block_on(async {
        for _ in 0..ROUNDS {
            let error = within(client.call(Pay::new(1).note(note.clone()))).await.unwrap_err();
            assert_eq!((error.kind(), error.outcome()), (Kind::Identity, Outcome::NotSent), "{error:?}");
        }
    });
    assert_eq!(requests.get(), 0);
}

/// A server that accepts the certificate, reads the request, and only then says that it does not.
fn denies_late(
    world: &World,
    version: &'static rustls::SupportedProtocolVersion,
) -> (u16, std::thread::JoinHandle<usize>) {
    use std::{io::Read as _, io::Write as _, sync::Arc};

    use rustls::{
        ConnectionTrafficSecrets, ContentType, ProtocolVersion, SupportedCipherSuite,
        crypto::{
            cipher::{OutboundChunks, OutboundPlainMessage},
            ring,
        },
    };
    use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};

    let suites = vec![
        ring::cipher_suite::TLS13_CHACHA20_POLY1305_SHA256,
        ring::cipher_suite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    ];
    let provider =
        Arc::new(rustls::crypto::CryptoProvider { cipher_suites: suites, ..ring::default_provider() });
    let issued = world.authority.issue(&Leaf::server(&["localhost"])).unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(world.authority.pem().as_bytes()).unwrap()).unwrap();
    let verifier =
        rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(issued.certificate_pem.as_bytes()).unwrap()],
            PrivateKeyDer::from_pem_slice(issued.key_pem.as_bytes()).unwrap(),
        )
        .unwrap();
    config.enable_secret_extraction = true;
    let config = Arc::new(config);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let thread = std::thread::spawn(move || {
        let (mut tcp, _) = listener.accept().unwrap();
        let mut session = rustls::ServerConnection::new(config).unwrap();
        let mut request = [0; 4096];
        let read = rustls::Stream::new(&mut session, &mut tcp).read(&mut request).unwrap();
        while session.wants_write() {
            session.write_tls(&mut tcp).unwrap();
        }
        let suite = session.negotiated_cipher_suite().unwrap();
        let (sequence, secrets) = session.dangerous_extract_secrets().unwrap().tx;
        let ConnectionTrafficSecrets::Chacha20Poly1305 { key, iv } = secrets else { panic!("another suite") };
        let mut encrypter = match suite {
            SupportedCipherSuite::Tls13(suite) => suite.aead_alg.encrypter(key, iv),
            SupportedCipherSuite::Tls12(suite) => suite.aead_alg.encrypter(key, iv.as_ref(), &[]),
        };
        // Fatal, access_denied.
        let alert = OutboundPlainMessage {
            typ: ContentType::Alert,
            version: ProtocolVersion::TLSv1_2,
            payload: OutboundChunks::Single(&[2, 49]),
        };
        tcp.write_all(&encrypter.encrypt(alert, sequence).unwrap().encode()).unwrap();
        while let Ok(1..) = tcp.read(&mut request) {}
        read
    });
    (port, thread)
}

/// Such an alert comes from a server that has finished the handshake: it has the request, and may have acted.
#[tokio::test]
async fn an_alert_after_the_handshake_is_no_proof() {
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let world = World::new();
        let (port, server) = denies_late(&world, version);
        let url = format!("https://localhost:{port}");
        let client = world.stranger(url).identity(world.identity()).build().unwrap();
        let error = within(client.call(Pay::new(1))).await.unwrap_err();
        assert!(server.join().unwrap() > 0, "the server has read the request");
        assert_eq!(error.outcome(), Outcome::Unknown, "{version:?}: {error}");
        assert_eq!(error.attempts(), 1);
    }
}

#[tokio::test]
async fn a_certificate_page_of_a_gateway_is_a_refusal() {
    let pages = [
        "<html><head><title>400 No required SSL certificate was sent</title></head></html>",
        "<html><head><title>400 The SSL certificate error</title></head></html>",
    ];
    for page in pages {
        for status in [400, 495, 496] {
            let (world, requests) = (World::new(), Count::default());
            let count = requests.clone();
            let server = world.server().http(move |_| {
                count.one();
                async move { Reply::Answer(Response::html(status, page)) }
            });
            let server = server.await.unwrap();
            let client = world.client(&server);
            let error = within(client.call(Pay::new(1))).await.unwrap_err();
            assert_eq!((error.kind(), error.outcome()), (Kind::Identity, Outcome::Refused), "{error}");
            assert_eq!((error.attempts(), error.settled_by()), (1, None));
            let error = within(client.call(Look::new(1))).await.unwrap_err();
            assert_eq!((error.kind(), error.attempts()), (Kind::Identity, 1), "{error}");
            assert_eq!(requests.get(), 2, "it would be refused again");
        }
    }
}

#[tokio::test]
async fn an_envelope_that_speaks_of_a_certificate_is_an_answer_of_the_api() {
    let world = World::new();
    let server = world.server().http(|_| async {
        let body = fail_body("CLIENT CERTIFICATE");
        Reply::Answer(Response::json(400, body))
    });
    let server = server.await.unwrap();
    let error = within(world.client(&server).call(Pay::new(1))).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Api, Outcome::Unknown), "{error}");
}

// The other way round: the server's certificate.

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
