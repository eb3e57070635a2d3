//! What is no identity: each message names the input, what was found and what to do, and shows no key.

use std::time::{Duration, SystemTime};

use ait_core::{Client, Error, Identity, Kind, Outcome};
use ait_emulator::{Authority, Issued, KeyKind, Leaf};
use base64::{Engine as _, engine::general_purpose::STANDARD};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn issued(leaf: &Leaf) -> Issued {
    Authority::new("CA").unwrap().issue(leaf).unwrap()
}

fn shop() -> Leaf {
    Leaf::client("coffee-shop").key(KeyKind::Rsa2048)
}

fn body(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with("-----")).collect()
}

fn der(pem: &str) -> Vec<u8> {
    STANDARD.decode(body(pem)).unwrap()
}

fn relabelled(pem: &str, from: &str, to: &str) -> String {
    pem.replace(&format!("BEGIN {from}-----"), &format!("BEGIN {to}-----"))
        .replace(&format!("END {from}-----"), &format!("END {to}-----"))
}

/// Nothing that is logged may hold any 12 characters of the key, in Base64 or in hexadecimal.
#[track_caller]
fn shows_no_key(text: &str, issued: &Issued) {
    for pem in [&issued.key_pem, &issued.key_pkcs1_or_sec1_pem] {
        let body = body(pem);
        for start in 0..body.len() - 12 {
            assert!(!text.contains(&body[start..start + 12]), "{text}");
        }
        for octets in der(pem).windows(6) {
            let hexadecimal: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
            assert!(!text.to_lowercase().contains(&hexadecimal), "{text}");
            assert!(!text.contains(&format!("{octets:?}")[1..18]), "{text}");
        }
    }
}

/// All that may be logged of an error.
fn logged(error: &Error) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}");
    let mut next = std::error::Error::source(error);
    while let Some(source) = next {
        text.push_str(&format!("\n{source}\n{source:?}"));
        next = source.source();
    }
    text
}

#[track_caller]
fn refused(
    name: &str,
    issued: &Issued,
    certificate: impl AsRef<[u8]>,
    key: impl AsRef<[u8]>,
    words: &[&str],
) {
    let Err(error) = Identity::from_pem(certificate, key) else { panic!("{name}: accepted") };
    assert_eq!((error.kind(), error.outcome()), (Kind::Config, Outcome::NotSent), "{name}");
    let message = error.to_string();
    for word in words {
        assert!(message.contains(word), "{name}: {message:?} does not say {word:?}");
    }
    let steps = ["copy ", "openssl", "pass ", "expected ", "issue ", "check "];
    assert!(steps.iter().any(|step| message.contains(step)), "{name}: what to do? {message}");
    assert!(!message.contains('\n') && message.len() < 400, "{name}: one line: {message}");
    shows_no_key(&logged(&error), issued);
}

#[test]
fn keys_that_are_none() {
    let issued = issued(&shop());
    let (certificate, pkcs8) = (issued.certificate_pem.as_str(), issued.key_pem.as_str());
    let old = issued.key_pkcs1_or_sec1_pem.as_str();
    let encrypted_old = old.replacen('\n', "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00FF\n\n", 1);
    let lines: Vec<&str> = pkcs8.lines().collect();
    let half = [&lines[..lines.len() / 2], &lines[lines.len() - 1..]].concat().join("\n");
    let no_end = lines[..lines.len() - 1].join("\n");
    let no_begin = lines[1..].join("\n");
    let one_lost = pkcs8.replacen(lines[3], &lines[3][1..], 1);
    let odd = pkcs8.replacen(lines[3], &format!("{}*", &lines[3][1..]), 1);
    let request = relabelled(certificate, "CERTIFICATE", "CERTIFICATE REQUEST");
    let public = relabelled(certificate, "CERTIFICATE", "PUBLIC KEY");
    let in_base64 = STANDARD.encode(&half);
    for (name, key, words) in [
        ("empty", "", vec!["it is empty"]),
        ("blank", " \r\n\t", vec!["it is empty"]),
        ("quotes alone", "\"\"", vec!["it is empty"]),
        ("a certificate", certificate, vec!["found CERTIFICATE", "expected a PEM private key"]),
        ("a public key", &public, vec!["found PUBLIC KEY", "expected a PEM private key"]),
        ("a request", &request, vec!["found CERTIFICATE REQUEST", "expected a PEM private key"]),
        (
            "encrypted",
            &relabelled(pkcs8, "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
            vec!["encrypted", "openssl pkey"],
        ),
        ("encrypted, older form", &encrypted_old, vec!["encrypted", "openssl pkey"]),
        ("garbage", "not a key at all", vec!["expected PEM text"]),
        ("a path", "/etc/ssl/private/app_private.key", vec!["expected PEM text"]),
        ("the other half of a line", &body(pkcs8)[..100], vec!["expected PEM text"]),
        ("cut", &half, vec!["private key"]),
        ("cut, in Base64", &in_base64, vec!["private key"]),
        ("without END", &no_end, vec!["damaged", "copy the whole file again"]),
        ("without BEGIN", &no_begin, vec!["expected PEM"]),
        ("a character lost", &one_lost, vec!["copy the "]),
        ("a character changed", &odd, vec!["damaged", "copy the whole file again"]),
        ("nothing between", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", vec!["private key"]),
        (
            "a certificate under another name",
            &relabelled(certificate, "CERTIFICATE", "PRIVATE KEY"),
            vec!["the private key is damaged"],
        ),
        (
            "OpenSSH",
            &relabelled(pkcs8, "PRIVATE KEY", "OPENSSH PRIVATE KEY"),
            vec!["found OPENSSH PRIVATE KEY"],
        ),
    ] {
        let words = [vec!["private key: "], words].concat();
        refused(name, &issued, certificate, key, &words);
    }
    refused("binary", &issued, certificate, [0x80, 0xff, 0x00], &["private key: ", "binary data"]);
    // PKCS#12 begins with its version, an encrypted key with its cipher.
    let pkcs12 = [0x30, 0x0b, 2, 1, 3, 0x30, 6, 6, 4, 0x2a, 3, 4, 5];
    for data in [pkcs12.to_vec(), STANDARD.encode(pkcs12).into_bytes()] {
        refused(
            "PKCS#12",
            &issued,
            certificate,
            &data,
            &["private key: ", "found PKCS#12", "openssl pkcs12 -nodes"],
        );
        refused(
            "PKCS#12",
            &issued,
            &data,
            pkcs8,
            &["certificate: ", "found PKCS#12", "openssl pkcs12 -nodes"],
        );
    }
    let encrypted = [0x30, 9, 0x30, 3, 6, 1, 0x2a, 4, 2, 1, 2];
    refused(
        "encrypted DER",
        &issued,
        certificate,
        encrypted,
        &["private key: ", "encrypted", "openssl pkey"],
    );
    refused("other DER", &issued, certificate, [0x30, 2, 5, 0], &["private key: ", "found other DER"]);
    refused(
        "the certificate in DER",
        &issued,
        certificate,
        der(certificate),
        &["found a certificate, expected"],
    );
    refused("the key in DER", &issued, der(pkcs8), pkcs8, &["found a private key, expected a certificate"]);
}

#[test]
fn der_is_read_bare_and_in_base64() {
    for kind in [KeyKind::Rsa2048, KeyKind::EcP256, KeyKind::EcP384] {
        let issued = issued(&shop().key(kind));
        let expected = Identity::from_pem(&issued.certificate_pem, &issued.key_pem).unwrap();
        let certificates = [der(&issued.certificate_pem), body(&issued.certificate_pem).into_bytes()];
        for key in [&issued.key_pem, &issued.key_pkcs1_or_sec1_pem] {
            for key in [der(key), body(key).into_bytes(), STANDARD.encode(body(key)).into_bytes()] {
                for certificate in &certificates {
                    let identity = Identity::from_pem(certificate, &key).unwrap();
                    assert_eq!(identity.fingerprint(), expected.fingerprint());
                    let swapped = Identity::from_pem(&key, certificate).unwrap();
                    assert_eq!(swapped.fingerprint(), expected.fingerprint());
                }
            }
        }
    }
}

#[test]
fn certificates_that_are_none() {
    let issued = issued(&shop());
    let (certificate, key) = (issued.certificate_pem.as_str(), issued.key_pem.as_str());
    let lines: Vec<&str> = certificate.lines().collect();
    let half = [&lines[..lines.len() / 2], &lines[lines.len() - 1..]].concat().join("\n");
    let no_end = lines[..lines.len() - 1].join("\n");
    let garbage =
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode([7; 90]));
    for (name, given, words) in [
        ("empty", "", vec!["it is empty"]),
        ("the key again", key, vec!["found PRIVATE KEY", "expected a PEM certificate"]),
        (
            "a request",
            &relabelled(certificate, "CERTIFICATE", "CERTIFICATE REQUEST"),
            vec!["found CERTIFICATE REQUEST", "expected a PEM certificate"],
        ),
        (
            "a public key",
            &relabelled(certificate, "CERTIFICATE", "PUBLIC KEY"),
            vec!["found PUBLIC KEY", "expected a PEM certificate"],
        ),
        ("garbage", "hello", vec!["expected PEM text"]),
        ("cut", &half, vec!["certificate"]),
        ("without END", &no_end, vec!["damaged", "copy the whole file again"]),
        ("PEM of garbage", &garbage, vec!["not a certificate"]),
    ] {
        let words = [vec!["certificate: "], words].concat();
        refused(name, &issued, given, key, &words);
    }
    // Terminal escapes and personal data do not come back as a "label".
    let label = "-----BEGIN \u{1b}[31mCANARY-----\nAAAA\n-----END \u{1b}[31mCANARY-----\n";
    refused("odd label", &issued, label, key, &["certificate: found something else"]);
    let message = Identity::from_pem(label, key).unwrap_err().to_string();
    assert!(!message.contains("CANARY") && !message.contains('\u{1b}'), "{message}");
}

#[test]
fn a_key_of_another_certificate() {
    for (one, other) in [
        (KeyKind::Rsa2048, KeyKind::Rsa2048),
        (KeyKind::EcP256, KeyKind::EcP256),
        (KeyKind::Rsa2048, KeyKind::EcP256),
        (KeyKind::EcP256, KeyKind::EcP384),
    ] {
        let (one, other) = (issued(&Leaf::client("one").key(one)), issued(&Leaf::client("other").key(other)));
        let words = ["private key does not belong to the certificate", "issued together"];
        refused("foreign key", &other, &one.certificate_pem, &other.key_pem, &words);
        refused("foreign key, swapped", &other, &other.key_pem, &one.certificate_pem, &words);
    }
}

#[test]
fn certificates_of_yesterday_and_of_tomorrow() {
    let now = SystemTime::now();
    let old = issued(&shop().valid(now - 400 * DAY, now - DAY));
    let words = ["certificate: `coffee-shop` expired on 20", "issue a new one in the console"];
    refused("expired", &old, &old.certificate_pem, &old.key_pem, &words);
    let second = issued(&shop().valid(now - DAY, now - Duration::from_secs(5)));
    refused("just expired", &second, &second.certificate_pem, &second.key_pem, &words);
    let early = issued(&shop().valid(now + DAY, now + 400 * DAY));
    let words = ["certificate: `coffee-shop` is valid from 20", "check the clock"];
    refused("not valid yet", &early, &early.certificate_pem, &early.key_pem, &words);
    // A clock that is a minute slow does not stop a fresh certificate.
    let fresh = issued(&shop().valid(now + Duration::from_secs(60), now + DAY));
    assert!(Identity::from_pem(&fresh.certificate_pem, &fresh.key_pem).is_ok());
}

#[test]
fn a_name_in_a_certificate_cannot_break_a_line() {
    let leaf = Leaf::client("shop\n\u{1b}[31mlevel=error").key(KeyKind::EcP256);
    let issued = issued(&leaf);
    let identity = Identity::from_pem(&issued.certificate_pem, &issued.key_pem).unwrap();
    assert!(!identity.subject().contains(['\n', '\u{1b}']), "{:?}", identity.subject());
}

#[test]
fn nothing_shows_the_key() {
    for kind in [KeyKind::EcP256, KeyKind::Rsa2048] {
        let issued = issued(&shop().key(kind));
        let identity = Identity::from_pem(&issued.certificate_pem, &issued.key_pem).unwrap();
        shows_no_key(&format!("{identity:?} {identity:#?}"), &issued);
        let builder = Client::builder().identity(identity).no_proxy();
        shows_no_key(&format!("{builder:?} {builder:#?}"), &issued);
        let client = builder.build().unwrap();
        let shown = format!("{client:?} {client:#?}");
        shows_no_key(&shown, &issued);
        assert!(shown.contains("coffee-shop"), "who we are may be shown: {shown}");
    }
}
