//! A certificate that is refused at an odd moment: on a spare, in the middle of a long write, after the request was read.

use std::{net::SocketAddr, time::Duration};

use crate::support::{BOTH, Count, Look, Pay, World, counting, identity, success, within};
use ait_core::{Kind, Outcome};
use ait_emulator::{Authority, Leaf, Reply, TlsVersion};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// How often the race is run.
const ROUNDS: usize = 50;
const MINUTE: Duration = Duration::from_secs(60);

/// A way that leads the first connection to one server, and all others to another.
async fn fork(first: SocketAddr, others: SocketAddr) -> (String, JoinHandle<()>) {
    let front = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", front.local_addr().unwrap().port());
    let relay = tokio::spawn(async move {
        for target in std::iter::once(first).chain(std::iter::repeat(others)) {
            let (mut near, _) = front.accept().await.unwrap();
            let mut far = TcpStream::connect(target).await.unwrap();
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut near, &mut far).await });
        }
    });
    (url, relay)
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
        let (url, relay) = fork(old.addr(), new.addr()).await;
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

/// The refusal proves something of the connection that was refused, and nothing of the one before.
#[tokio::test]
async fn a_read_lost_on_a_kept_connection_is_not_called_not_sent_when_the_fresh_one_is_refused() {
    for version in BOTH {
        let (world, requests) = (World::new(), Count::default());
        let foreign = Authority::new("Somebody Else").unwrap();
        let count = requests.clone();
        let old = world.server_in(version).raw(move |mut connection| {
            let count = count.clone();
            async move {
                connection.read_request().await.unwrap().unwrap();
                connection.respond(&success(1)).await.unwrap();
                connection.read_request().await.unwrap().unwrap();
                count.one();
            }
        });
        let old = old.await.unwrap();
        let new = world.server_for(&foreign, version).http(|_| async { Reply::Hang }).await.unwrap();
        let (url, relay) = fork(old.addr(), new.addr()).await;
        let client = world.stranger(url).identity(world.identity()).build().unwrap();
        within(client.call(Look::new(1))).await.unwrap();
        let error = within(client.call(Look::new(1))).await.unwrap_err();
        assert_eq!((error.kind(), requests.get()), (Kind::Identity, 1), "{error}");
        assert_eq!(error.outcome(), Outcome::Unknown, "the server has read the request: {error}");
        assert_eq!((error.attempts(), new.connections()), (1, 1), "it would be refused again");
        relay.abort();
    }
}

/// Passes everything on until the server ends, and then resets the client at once, with the alert still unread and the
/// request half written.
async fn abrupt(target: SocketAddr) -> (SocketAddr, JoinHandle<()>) {
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
