//! Texts as the encrypted fields of a profile, as keys, and as what is encrypted.
//!
//! The first byte chooses.
#![no_main]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a finding is a panic")]

use ait_fuzz::{canary, logged};
use ait_login::{Decryptor, Encrypted, Profile};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use libfuzzer_sys::fuzz_target;
use ring::aead;

const KEY: [u8; 32] = *b"0123456789abcdef0123456789abcdef";
const AAD: &str = "example-additional-data";

fuzz_target!(|data: &[u8]| {
    let [how, rest @ ..] = data else { return };
    match how % 4 {
        0 => any_value(rest),
        1 => any_key(rest),
        2 => whole_profile(rest),
        _ => flipped(rest),
    }
});

fn decryptor() -> Decryptor {
    Decryptor::new(STANDARD.encode(KEY), AAD).unwrap()
}

fn any_value(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let error = decryptor().decrypt(&Encrypted::new(&*text)).expect_err("nobody can forge a tag");
    hides(&logged(&error), &text);
    let encoded = STANDARD.encode(bytes);
    let error = decryptor().decrypt(&Encrypted::new(&*encoded)).expect_err("nobody can forge a tag");
    hides(&logged(&error), &encoded);
}

fn any_key(bytes: &[u8]) {
    let (key, aad) = bytes.split_at(bytes.len().min(48));
    let (key, aad) = (String::from_utf8_lossy(key), String::from_utf8_lossy(aad));
    match Decryptor::new(&*key, &*aad) {
        Ok(decryptor) => {
            hides(&format!("{decryptor:?}"), &key);
            // The same text with blanks around it is the same key.
            assert!(Decryptor::new(format!(" {key}\n"), &*aad).is_ok());
        }
        Err(error) => hides(&logged(&error), &key),
    }
}

fn whole_profile(json: &[u8]) {
    let json = canary::planted(json, &[]).unwrap_or_else(|| json.to_vec());
    match serde_json::from_slice::<Profile>(&json) {
        Ok(profile) => {
            let again = serde_json::to_string(&profile).unwrap();
            assert_eq!(serde_json::from_str::<Profile>(&again).unwrap(), profile);
            if let Err(error) = decryptor().decrypt_profile(&profile) {
                canary::silent(&logged(&error));
            }
        }
        // What is read alone speaks with serde's words; only the values that are secret are read by us.
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// What is encrypted comes back, and nothing comes back once a bit of it differs.
fn flipped(bytes: &[u8]) {
    let [iv, place, bit, aad, plain @ ..] = bytes else { return };
    let key = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_256_GCM, &KEY).unwrap());
    let iv = [*iv; 12];
    let mut sealed = plain.to_vec();
    let nonce = aead::Nonce::assume_unique_for_key(iv);
    key.seal_in_place_append_tag(nonce, aead::Aad::from(AAD), &mut sealed).unwrap();
    let mut whole = [iv.as_slice(), &sealed].concat();
    let opened = decryptor().decrypt(&Encrypted::new(STANDARD.encode(&whole)));
    match (opened, std::str::from_utf8(plain)) {
        (Ok(opened), Ok(plain)) => assert_eq!(opened.expose(), plain),
        (Err(error), Err(_)) => hides(&logged(&error), &String::from_utf8_lossy(plain)),
        (opened, _) => panic!("{opened:?}"),
    }
    if aad % 4 == 0 {
        let other = Decryptor::new(STANDARD.encode(KEY), format!("{AAD}{aad}")).unwrap();
        assert!(other.decrypt(&Encrypted::new(STANDARD.encode(&whole))).is_err(), "the AAD does not count");
    }
    let at = usize::from(*place) % whole.len();
    whole[at] ^= 1 << (bit % 8);
    let encoded = STANDARD.encode(&whole);
    let error = decryptor().decrypt(&Encrypted::new(&*encoded)).expect_err("a bit differs");
    hides(&logged(&error), &encoded);
}

/// Short texts may stand in any message.
fn hides(shown: &str, secret: &str) {
    assert!(secret.trim().len() < 16 || !shown.contains(secret.trim()), "a secret is shown: {shown}");
}
