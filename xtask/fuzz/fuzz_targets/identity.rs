//! Texts as a certificate and a key, mangled as environment variables mangle them.
//!
//! The first byte says how they are dressed; a zero byte parts them.
#![no_main]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a finding is a panic")]

use std::sync::LazyLock;

use ait_core::{Error, Identity};
use ait_emulator::{Authority, Issued, Leaf};
use ait_fuzz::logged;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use libfuzzer_sys::fuzz_target;

static GOOD: LazyLock<Issued> =
    LazyLock::new(|| Authority::new("A").unwrap().issue(&Leaf::client("coffee-shop")).unwrap());

fuzz_target!(|data: &[u8]| {
    let [how, texts @ ..] = data else { return };
    let at = texts.iter().position(|byte| *byte == 0).unwrap_or(texts.len());
    let (first, second) = (&texts[..at], texts.get(at + 1..).unwrap_or_default());
    let (certificate, key) = match how % 4 {
        0 => (first.to_vec(), second.to_vec()),
        // Half of it is right.
        1 => (GOOD.certificate_pem.clone().into_bytes(), first.to_vec()),
        2 => (first.to_vec(), GOOD.key_pem.clone().into_bytes()),
        // The right ones, changed where the input says.
        _ => (changed(&GOOD.certificate_pem, first), changed(&GOOD.key_pem, second)),
    };
    let (certificate, key) = (dressed(certificate, how >> 2), dressed(key, how >> 5));
    match Identity::from_pem(&certificate, &key) {
        Ok(identity) => {
            let text = format!("{identity:?} {}", identity.subject());
            no_key_in(&text, &key);
            assert!(!identity.subject().contains(char::is_control), "{text}");
        }
        Err(error) => check(&error, &key, &certificate),
    }
});

/// Each three bytes put another byte at a place.
fn changed(pem: &str, by: &[u8]) -> Vec<u8> {
    let mut bytes = pem.as_bytes().to_vec();
    for change in by.chunks_exact(3) {
        let at = usize::from(u16::from_be_bytes([change[0], change[1]])) % bytes.len();
        bytes[at] = change[2];
    }
    bytes
}

fn dressed(text: Vec<u8>, how: u8) -> Vec<u8> {
    match how & 7 {
        1 => STANDARD.encode(&text).into_bytes(),
        2 => STANDARD.encode(STANDARD.encode(&text)).into_bytes(),
        3 => String::from_utf8_lossy(&text).replace('\n', "\\n").into_bytes(),
        4 => String::from_utf8_lossy(&text).replace('\n', "\r\n").into_bytes(),
        5 => {
            let units =
                String::from_utf8_lossy(&text).encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
            [&[0xff, 0xfe], units.as_slice()].concat()
        }
        _ => text,
    }
}

fn check(error: &Error, key: &[u8], certificate: &[u8]) {
    let text = logged(error);
    no_key_in(&text, key);
    // They may have been swapped.
    no_key_in(&text, certificate);
    no_key_in(&text, GOOD.key_pem.as_bytes());
    assert!(!error.to_string().contains(['\n', '\r', '\u{1b}']), "not one plain line: {error}");
}

/// No line of a key, and no long word of it, is shown. A label is no secret.
fn no_key_in(text: &str, key: &[u8]) {
    let key = String::from_utf8_lossy(key);
    let words = key.split(|c: char| !(c.is_ascii_alphanumeric() || c == '+' || c == '/'));
    let may_be_label = |word: &str| !word.contains(|c: char| c.is_ascii_lowercase() || c == '+' || c == '/');
    for word in words.filter(|word| word.len() >= 24 && !may_be_label(word)) {
        assert!(!text.contains(word), "a key is shown: {text}");
    }
}
