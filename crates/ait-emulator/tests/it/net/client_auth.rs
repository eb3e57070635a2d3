//! Clients without a good certificate, and what the server knows of all of them.

use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::net::client::{BOTH, connect, connector, get};
use ait_emulator::{
    Authority, ClientAuth, Issued, Leaf, Reply, Request, Response, Server, TlsVersion, Verdict,
};
use rustls::ClientConfig;
use rustls::client::ResolvesClientCert;
use rustls::sign::{CertifiedKey, SigningKey};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const SERVER: &[&str] =
    &["localhost", "127.0.0.1", "::1", "apps-in-toss-api.toss.im", "pay-apps-in-toss-api.toss.im"];

struct World {
    authority: Authority,
    good: Issued,
    /// What is wrong with them, and the certificates.
    bad: Vec<(Verdict, Issued)>,
}

impl World {
    fn new() -> io::Result<Self> {
        let authority = Authority::new("Test CA")?;
        let (foreign, namesake) = (Authority::new("Another CA")?, Authority::new("Test CA")?);
        let now = SystemTime::now();
        let leaf = Leaf::client("my-app");
        let bad = vec![
            (Verdict::Expired, authority.issue(&leaf.clone().valid(now - DAY * 30, now - DAY))?),
            (Verdict::NotYetValid, authority.issue(&leaf.clone().valid(now + DAY, now + DAY * 30))?),
            (Verdict::Foreign, foreign.issue(&leaf)?),
            (Verdict::Foreign, namesake.issue(&leaf)?),
            (Verdict::Unfit, authority.issue(&Leaf::server(&["my-app"]))?),
        ];
        Ok(Self { good: authority.issue(&leaf)?, authority, bad })
    }

    async fn start(&self, auth: ClientAuth, versions: &[TlsVersion]) -> io::Result<Server> {
        Server::builder()
            .tls(&self.authority.issue(&Leaf::server(SERVER))?)
            .ask_client(auth, &self.authority)
            .versions(versions)
            .http(tell)
            .await
    }
}

/// Answers with what the server knows of the client.
async fn tell(request: Request) -> Reply {
    let shown = request.client_certificate.as_ref();
    assert_eq!(request.peer_common_name, shown.and_then(|shown| shown.common_name.clone()));
    let verdict = shown.map(|shown| shown.verdict);
    let fingerprint = shown.map(|shown| shown.fingerprint.len());
    let (tls, name) = (request.tls, request.server_name);
    let peer = request.peer_common_name;
    Reply::Answer(Response::text(200, format!("{tls} {name:?} {peer:?} {verdict:?} {fingerprint:?}")))
}

#[tokio::test]
async fn strangers_get_the_pages_of_nginx() -> io::Result<()> {
    let world = World::new()?;
    for (version, offered) in BOTH.iter().zip([TlsVersion::V1_2, TlsVersion::V1_3]) {
        let server = world.start(ClientAuth::Page, &[offered]).await?;
        let strangers = world.bad.iter().map(|(verdict, issued)| (Some(issued), format!("{verdict:?}")));
        for (client, what) in strangers.chain([(None, "missing".to_owned())]) {
            let title = match client {
                None => "No required SSL certificate was sent",
                Some(_) => "The SSL certificate error",
            };
            let mut stream =
                connect(&connector(&world.authority, client, &[version])?, server.addr()).await?;
            // The body is not waited for.
            stream.write_all(b"POST / HTTP/1.1\r\ncontent-length: 100\r\n\r\n").await?;
            let mut text = String::new();
            stream.read_to_string(&mut text).await?;
            let (head, page) = text.split_once("\r\n\r\n").unwrap();
            assert!(head.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{what}: {head}");
            assert!(
                head.contains("content-type: text/html") && head.contains("connection: close"),
                "{what}: {head}"
            );
            let expected = format!(
                "<html>\r\n<head><title>400 {title}</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1>\
                 </center>\r\n<center>{title}</center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
            );
            assert_eq!(page, expected, "{what}");
        }
        assert_eq!(server.handshake_failures(), 0);
        let mut stream =
            connect(&connector(&world.authority, Some(&world.good), &[version])?, server.addr()).await?;
        let expected = "true Some(\"localhost\") Some(\"my-app\") Some(Good) Some(64)";
        assert_eq!(get(&mut stream, "/").await?.1, expected);
        assert_eq!(get(&mut stream, "/").await?.1, expected);
    }
    Ok(())
}

#[tokio::test]
async fn a_resumed_session_is_judged_too() -> io::Result<()> {
    let world = World::new()?;
    let server = world.start(ClientAuth::Page, &[TlsVersion::V1_2, TlsVersion::V1_3]).await?;
    let (_, expired) = &world.bad[0];
    for version in BOTH {
        let connector = connector(&world.authority, Some(expired), &[version])?;
        for _ in 0..2 {
            let mut stream = connect(&connector, server.addr()).await?;
            let (head, page) = get(&mut stream, "/").await?;
            assert!(head.starts_with("HTTP/1.1 400 "), "{head}");
            assert!(page.contains("The SSL certificate error"), "{page}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn an_optional_certificate_is_told_and_not_asked_for() -> io::Result<()> {
    let world = World::new()?;
    let server = world.start(ClientAuth::Optional, &[TlsVersion::V1_2, TlsVersion::V1_3]).await?;
    let good = (Verdict::Good, world.good.clone());
    for (verdict, issued) in world.bad.iter().chain([&good]) {
        let connector = connector(&world.authority, Some(issued), BOTH)?;
        // The second is a resumed session.
        for _ in 0..2 {
            let body = get(&mut connect(&connector, server.addr()).await?, "/").await?.1;
            assert_eq!(body, format!("true Some(\"localhost\") Some(\"my-app\") Some({verdict:?}) Some(64)"));
        }
    }
    let mut stream = connect(&connector(&world.authority, None, BOTH)?, server.addr()).await?;
    assert_eq!(get(&mut stream, "/").await?.1, "true Some(\"localhost\") None None None");
    Ok(())
}

#[tokio::test]
async fn a_required_certificate_is_told_as_good() -> io::Result<()> {
    let world = World::new()?;
    let server = world.start(ClientAuth::Required, &[TlsVersion::V1_3]).await?;
    let mut stream = connect(&connector(&world.authority, Some(&world.good), BOTH)?, server.addr()).await?;
    let expected = "true Some(\"localhost\") Some(\"my-app\") Some(Good) Some(64)";
    assert_eq!(get(&mut stream, "/").await?.1, expected);
    Ok(())
}

/// A client that shows a certificate and signs with another key.
#[derive(Debug)]
struct Thief(Arc<CertifiedKey>);

impl ResolvesClientCert for Thief {
    fn resolve(&self, _hints: &[&[u8]], _schemes: &[rustls::SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

#[tokio::test]
async fn nobody_gets_in_with_a_certificate_that_is_not_theirs() -> io::Result<()> {
    let world = World::new()?;
    let theirs = world.authority.issue(&Leaf::client("my-app"))?;
    let certificate = CertificateDer::from_pem_slice(world.good.certificate_pem.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(theirs.key_pem.as_bytes()).unwrap();
    let key: Arc<dyn SigningKey> = rustls::crypto::ring::sign::any_supported_type(&key).unwrap();
    let thief = Arc::new(Thief(Arc::new(CertifiedKey::new(vec![certificate], key))));
    for (version, offered) in BOTH.iter().zip([TlsVersion::V1_2, TlsVersion::V1_3]) {
        for auth in [ClientAuth::Page, ClientAuth::Optional] {
            let server = world.start(auth, &[offered]).await?;
            let honest = connector(&world.authority, None, &[version])?;
            let mut config: ClientConfig = honest.config().as_ref().clone();
            config.client_auth_cert_resolver = thief.clone();
            let connected = connect(&TlsConnector::from(Arc::new(config)), server.addr()).await;
            // In TLS 1.3 a client learns of it only when it reads.
            let asked = match connected {
                Ok(mut stream) => get(&mut stream, "/").await.map(drop),
                Err(error) => Err(error),
            };
            assert!(asked.is_err(), "{auth:?} {offered:?}");
            server.until_handshake_failures(1).await;
        }
    }
    Ok(())
}

#[tokio::test]
async fn one_certificate_serves_many_names() -> io::Result<()> {
    let world = World::new()?;
    let server = world.start(ClientAuth::Optional, &[TlsVersion::V1_3]).await?;
    let connector = connector(&world.authority, None, BOTH)?;
    for name in SERVER {
        let tcp = TcpStream::connect(server.addr()).await?;
        let mut stream = connector.connect(ServerName::try_from(*name).unwrap(), tcp).await?;
        // Addresses are not sent.
        let sent = name.parse::<std::net::IpAddr>().is_err().then_some(name);
        let body = get(&mut stream, "/").await?.1;
        assert_eq!(body, format!("true {sent:?} None None None"));
    }
    let tcp = TcpStream::connect(server.addr()).await?;
    assert!(connector.connect(ServerName::try_from("other.test").unwrap(), tcp).await.is_err());
    Ok(())
}

#[tokio::test]
async fn without_tls_there_is_nothing_to_tell() -> io::Result<()> {
    let server = Server::builder().http(tell).await?;
    let mut stream = TcpStream::connect(server.addr()).await?;
    assert_eq!(get(&mut stream, "/").await?.1, "false None None None None");
    Ok(())
}
