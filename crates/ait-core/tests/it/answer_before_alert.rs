//! An answer that comes in one segment with the alert that ends the connection: it was decrypted, so it is heard.

use std::sync::Arc;

use crate::support::{Pay, Receipt, World, success_bytes, within};
use ait_core::{Kind, Outcome, RetryPolicy};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use rustls::{
    ConnectionTrafficSecrets, RootCertStore, ServerConfig, ServerConnection,
    crypto::ring::cipher_suite::TLS13_AES_256_GCM_SHA384,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::WebPkiClientVerifier,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const ALERT: u8 = 21;
const DATA: u8 = 23;
/// Fatal, certificate revoked.
const REVOKED: [u8; 2] = [2, 44];

/// TLS 1.3 with one cipher, and without the tickets that would show that the server is through with the handshake.
fn config(world: &World) -> Arc<ServerConfig> {
    let mut provider = rustls::crypto::ring::default_provider();
    provider.cipher_suites = vec![TLS13_AES_256_GCM_SHA384];
    let provider = Arc::new(provider);
    let issued = world.server_identity();
    let chain = vec![CertificateDer::from_pem_slice(issued.certificate_pem.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(issued.key_pem.as_bytes()).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(world.authority.pem().as_bytes()).unwrap()).unwrap();
    let clients =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().unwrap();
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_client_cert_verifier(clients)
        .with_single_cert(chain, key)
        .unwrap();
    config.send_tls13_tickets = 0;
    config.enable_secret_extraction = true;
    Arc::new(config)
}

/// Reads the request, does what it asks for, and writes `answer` and the alert in one go.
async fn serve(mut stream: TcpStream, config: Arc<ServerConfig>, answer: &[u8]) {
    let mut tls = ServerConnection::new(config).unwrap();
    let (mut request, mut bytes) = (Vec::new(), [0; 16384]);
    while !request.ends_with(b"}") {
        let mut out = Vec::new();
        while tls.wants_write() {
            tls.write_tls(&mut out).unwrap();
        }
        stream.write_all(&out).await.unwrap();
        let count = stream.read(&mut bytes).await.unwrap();
        let mut arrived = &bytes[..count];
        while !arrived.is_empty() {
            tls.read_tls(&mut arrived).unwrap();
            tls.process_new_packets().unwrap();
        }
        let mut read = [0; 16384];
        while let Ok(count @ 1..) = std::io::Read::read(&mut tls.reader(), &mut read) {
            request.extend_from_slice(&read[..count]);
        }
    }
    let (sequence, secrets) = tls.dangerous_extract_secrets().unwrap().tx;
    let ConnectionTrafficSecrets::Aes256Gcm { key, iv } = secrets else { panic!("one cipher") };
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.as_ref()).unwrap());
    let mut out = Vec::new();
    let records = [(DATA, answer), (ALERT, &REVOKED[..])];
    for (number, (kind, plain)) in
        (sequence..).zip(records.into_iter().filter(|(_, plain)| !plain.is_empty()))
    {
        let mut nonce = *<&[u8; 12]>::try_from(iv.as_ref()).unwrap();
        for (byte, number) in nonce[4..].iter_mut().zip(number.to_be_bytes()) {
            *byte ^= number;
        }
        let mut record = [plain, &[kind]].concat();
        let length = u16::try_from(record.len() + AES_256_GCM.tag_len()).unwrap().to_be_bytes();
        let head = [DATA, 3, 3, length[0], length[1]];
        let nonce = Nonce::assume_unique_for_key(nonce);
        key.seal_in_place_append_tag(nonce, Aad::from(head), &mut record).unwrap();
        out.extend_from_slice(&head);
        out.extend_from_slice(&record);
    }
    stream.write_all(&out).await.unwrap();
    stream.shutdown().await.unwrap();
}

async fn pay(answer: &[u8]) -> Result<Receipt, ait_core::Error> {
    let world = World::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let client = world.stranger(url).identity(world.identity()).retry(RetryPolicy::never()).build().unwrap();
    let server = async {
        let (stream, _) = listener.accept().await.unwrap();
        serve(stream, config(&world), answer).await;
    };
    let (result, ()) = within(async { tokio::join!(client.call(Pay::new(7)), server) }).await;
    result
}

#[tokio::test]
async fn an_answer_that_comes_with_the_alert_is_heard() {
    for _ in 0..20 {
        assert_eq!(pay(success_bytes(7).as_bytes()).await.unwrap(), Receipt { id: 7 });
    }
}

#[tokio::test]
async fn the_beginning_of_an_answer_shows_that_the_request_was_read() {
    let answer = success_bytes(7);
    for length in [1, 9, 30, answer.len() - 1] {
        let error = pay(&answer.as_bytes()[..length]).await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (Kind::Transport, Outcome::Unknown), "{length}: {error}");
    }
}

#[tokio::test]
async fn an_alert_alone_is_the_refusal_that_it_looks_like() {
    let error = pay(b"").await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Identity, Outcome::NotSent), "{error}");
    assert!(error.to_string().contains("revoked"), "{error}");
}
