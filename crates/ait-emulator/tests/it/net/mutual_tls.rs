//! Who is let in and who is not.

use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::net::client::{BOTH, connect, connector, get};
use ait_emulator::{Authority, Issued, Leaf, Response, Server, TlsVersion};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, SupportedProtocolVersion};
use tokio_rustls::TlsConnector;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A server that answers each connection's requests with what it knows of the client.
async fn start(authority: &Authority, versions: &[TlsVersion], resumption: bool) -> io::Result<Server> {
    Server::builder()
        .tls(&authority.issue(&Leaf::server(&["localhost", "127.0.0.1"]))?)
        .require_client(authority)
        .versions(versions)
        .resumption(resumption)
        .raw(|mut connection| async move {
            let name = connection.peer_common_name().map(str::to_owned).unwrap_or_default();
            let fingerprint = connection.peer_fingerprint().unwrap_or_default();
            let body = format!("{name} {} {} {fingerprint}", connection.number(), connection.resumed());
            while let Ok(Some(_)) = connection.read_request().await {
                if connection.respond(&Response::json(200, body.clone())).await.is_err() {
                    return;
                }
            }
            connection.close().await;
        })
        .await
}

/// Connects and asks; in TLS 1.3 a client learns of its refusal only here.
async fn ask(
    server: &Server,
    authority: &Authority,
    client: Option<&Issued>,
    version: &'static SupportedProtocolVersion,
) -> io::Result<String> {
    let mut stream = connect(&connector(authority, client, &[version])?, server.addr()).await?;
    Ok(get(&mut stream, "/").await?.1)
}

#[tokio::test]
async fn a_good_certificate_is_accepted_and_seen() -> io::Result<()> {
    let authority = Authority::new("Test CA")?;
    let client = authority.issue(&Leaf::client("my-app").organization("Toss"))?;
    let server = start(&authority, &[TlsVersion::V1_2, TlsVersion::V1_3], true).await?;
    assert_eq!(server.url(), format!("https://localhost:{}", server.addr().port()));

    for version in BOTH {
        let body = ask(&server, &authority, Some(&client), version).await?;
        let (rest, fingerprint) = body.rsplit_once(' ').unwrap();
        assert!(rest.starts_with("my-app "), "{body}");
        assert_eq!(fingerprint.len(), 64, "{body}");
        assert!(fingerprint.bytes().all(|octet| matches!(octet, b'0'..=b'9' | b'a'..=b'f')), "{body}");
    }
    assert_eq!((server.connections(), server.handshake_failures()), (2, 0));
    Ok(())
}

#[tokio::test]
async fn others_are_refused_with_an_alert_of_their_own() -> io::Result<()> {
    let authority = Authority::new("Test CA")?;
    let foreign = Authority::new("Another CA")?.issue(&Leaf::client("my-app"))?;
    let now = SystemTime::now();
    let expired = authority.issue(&Leaf::client("my-app").valid(now - DAY * 30, now - DAY))?;
    let early = authority.issue(&Leaf::client("my-app").valid(now + DAY, now + DAY * 30))?;
    let wrong_usage = authority.issue(&Leaf::server(&["localhost"]))?;

    for (version, offered) in [(&TLS12, TlsVersion::V1_2), (&TLS13, TlsVersion::V1_3)] {
        let server = start(&authority, &[offered], true).await?;
        // rustls sends the alert of TLS 1.3 in TLS 1.2 too.
        let cases = [
            (None, "CertificateRequired"),
            (Some(&foreign), "UnknownCA"),
            (Some(&expired), "CertificateExpired"),
            (Some(&early), "CertificateExpired"),
            (Some(&wrong_usage), "UnsupportedCertificate"),
        ];
        for (count, (client, alert)) in (1..).zip(cases) {
            let refusal = ask(&server, &authority, client, version).await.unwrap_err().to_string();
            assert!(refusal.contains("fatal alert"), "{offered:?}, case {count}: {refusal}");
            assert!(refusal.contains(alert), "{offered:?}, case {count}: {refusal}");
            server.until_handshake_failures(count).await;
            assert_eq!(server.handshake_failures(), count);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_version_that_is_not_offered_is_refused() -> io::Result<()> {
    let authority = Authority::new("Test CA")?;
    let client = authority.issue(&Leaf::client("my-app"))?;
    let server = start(&authority, &[TlsVersion::V1_2], true).await?;

    assert!(ask(&server, &authority, Some(&client), &TLS13).await.is_err());
    server.until_handshake_failures(1).await;
    assert!(ask(&server, &authority, Some(&client), &TLS12).await.is_ok());
    Ok(())
}

#[tokio::test]
async fn a_client_that_offers_protocols_is_served_without_one() -> io::Result<()> {
    let authority = Authority::new("Test CA")?;
    let client = authority.issue(&Leaf::client("my-app"))?;
    let server = start(&authority, &[TlsVersion::V1_2, TlsVersion::V1_3], true).await?;
    for version in BOTH {
        let connector = connector(&authority, Some(&client), &[version])?;
        // As Java, Go and curl do.
        let mut config = ClientConfig::clone(connector.config());
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let mut stream = connect(&TlsConnector::from(Arc::new(config)), server.addr()).await?;
        assert_eq!(stream.get_ref().1.alpn_protocol(), None);
        let (head, _) = get(&mut stream, "/").await?;
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    }
    Ok(())
}

#[tokio::test]
async fn sessions_are_resumed_unless_switched_off() -> io::Result<()> {
    let authority = Authority::new("Test CA")?;
    let client = authority.issue(&Leaf::client("my-app"))?;
    for resumption in [true, false] {
        for version in BOTH {
            let server = start(&authority, &[TlsVersion::V1_2, TlsVersion::V1_3], resumption).await?;
            let connector = connector(&authority, Some(&client), &[version])?;
            let mut first = connect(&connector, server.addr()).await?;
            let (_, body) = get(&mut first, "/").await?;
            assert!(body.starts_with("my-app 0 false "), "{body}");
            let mut second = connect(&connector, server.addr()).await?;
            let (_, body) = get(&mut second, "/").await?;
            assert!(body.starts_with(&format!("my-app 1 {resumption} ")), "{version:?}: {body}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn client_certificates_without_tls_are_a_mistake() -> io::Result<()> {
    let authority = Authority::new("Test CA")?;
    let started = Server::builder().require_client(&authority).raw(|_| async {}).await;
    assert_eq!(started.unwrap_err().kind(), io::ErrorKind::InvalidInput);
    Ok(())
}
