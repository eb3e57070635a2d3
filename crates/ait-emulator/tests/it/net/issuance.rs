//! Certificates and the forms of their keys.

use std::io;
use std::time::{Duration, UNIX_EPOCH};

use crate::net::client::{BOTH, connect, connector, get};
use ait_emulator::{Authority, KeyKind, Leaf, Reply, Response, Server};
use rustls::crypto::ring::sign::any_supported_type;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;

const KINDS: [KeyKind; 3] = [KeyKind::EcP256, KeyKind::EcP384, KeyKind::Rsa2048];

#[test]
fn both_forms_hold_the_same_key() -> io::Result<()> {
    let authority = Authority::new("Test CA")?;
    for kind in KINDS {
        let issued = authority.issue(&Leaf::client("my-app").key(kind))?;
        let modern = PrivateKeyDer::from_pem_slice(issued.key_pem.as_bytes()).unwrap();
        let older = PrivateKeyDer::from_pem_slice(issued.key_pkcs1_or_sec1_pem.as_bytes()).unwrap();
        assert!(matches!(modern, PrivateKeyDer::Pkcs8(_)), "{kind:?}");
        match kind {
            KeyKind::Rsa2048 => assert!(matches!(older, PrivateKeyDer::Pkcs1(_))),
            _ => assert!(matches!(older, PrivateKeyDer::Sec1(_)), "{kind:?}"),
        }
        let modern = any_supported_type(&modern).unwrap();
        let older = any_supported_type(&older).unwrap();
        assert_eq!(modern.public_key(), older.public_key(), "{kind:?}");
    }
    Ok(())
}

#[tokio::test]
async fn all_kinds_work_on_both_sides() -> io::Result<()> {
    let authority = Authority::new("Test CA")?;
    for kind in KINDS {
        let server = Server::builder()
            .tls(&authority.issue(&Leaf::server(&["localhost"]).key(kind))?)
            .require_client(&authority)
            .http(|request| async move {
                Reply::Answer(Response::json(200, request.peer_common_name.unwrap_or_default()))
            })
            .await?;
        // The connector loads the older form of the key.
        let client = authority.issue(&Leaf::client("앱").key(kind))?;
        for version in BOTH {
            let connector = connector(&authority, Some(&client), &[version])?;
            let mut stream = connect(&connector, server.addr()).await?;
            assert_eq!(get(&mut stream, "/").await?.1, "앱", "{kind:?}");
        }
    }
    Ok(())
}

#[test]
fn debug_keeps_the_keys() -> io::Result<()> {
    let authority = Authority::new("Test CA")?;
    let issued = authority.issue(&Leaf::client("my-app"))?;
    let shown = format!("{issued:?} {authority:?} {:?}", Server::builder().tls(&issued));
    assert!(shown.contains("BEGIN CERTIFICATE"));
    assert!(!shown.contains("PRIVATE KEY"));
    Ok(())
}

#[test]
fn what_no_certificate_can_say_is_an_error() -> io::Result<()> {
    let authority = Authority::new("Test CA")?;
    let far = UNIX_EPOCH + Duration::from_secs(400_000_000_000);
    assert!(authority.issue(&Leaf::client("my-app").valid(UNIX_EPOCH, far)).is_err());
    assert!(authority.issue(&Leaf::server(&["이름"])).is_err());
    Ok(())
}
