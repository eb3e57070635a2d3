//! Reading encrypted profiles, and saying why one cannot be read.

use crate::support::{AAD, KEY};
use ait_login::{
    Decryptor, Encrypted, Gender, Nationality, Profile,
    ait_core::{Error, Kind, Outcome},
};
use ait_testkit::{fixture, page};
use serde_json::{Value, json};

/// The key of nobody: 32 times the byte 1.
const OTHER_KEY: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
const FIELDS: [&str; 7] = ["name", "phone", "birthday", "ci", "gender", "nationality", "email"];

fn sample() -> Value {
    fixture("login/login-me.encrypted.response")["success"].clone()
}

fn profile(success: Value) -> Profile {
    serde_json::from_value(success).unwrap()
}

fn ours() -> Decryptor {
    Decryptor::new(KEY, AAD).unwrap()
}

fn says(error: &Error, field: &str, words: &str) {
    let text = error.to_string();
    assert!(text.starts_with(&format!("{field}: ")) && text.contains(words), "{text}");
    assert_eq!((error.kind(), error.outcome()), (Kind::Config, Outcome::NotSent));
}

#[test]
fn the_documented_profile_is_read_with_the_documented_key() {
    assert!(page("login.md").contains(KEY) && page("login.md").contains(AAD), "login.md names another key");
    let plain = ours().decrypt_profile(&profile(sample())).unwrap();
    let mut expected = fixture("login/login-me.decrypted");
    expected["userKey"] = json!(443_731_104);
    assert_eq!(serde_json::to_value(&plain).unwrap(), expected);
    assert_eq!((plain.gender, plain.nationality), (Some(Gender::Male), Some(Nationality::Local)));
    assert_eq!(plain.birthday.unwrap().expose(), "19900101");
}

#[test]
fn what_is_null_stays_null() {
    let success = fixture("login/login-me.no-consent.response")["success"].clone();
    let plain = ours().decrypt_profile(&profile(success)).unwrap();
    assert_eq!(serde_json::to_value(&plain).unwrap(), json!({ "userKey": 443_731_104 }));
}

#[test]
fn keys_are_tried_in_turn() {
    let other = || Decryptor::new(OTHER_KEY, AAD).unwrap();
    let profile = profile(sample());
    assert!(other().decrypt_profile(&profile).is_err());
    assert!(other().or_key(KEY).unwrap().decrypt_profile(&profile).is_ok());
    assert!(ours().or_key(OTHER_KEY).unwrap().decrypt_profile(&profile).is_ok());
    let last_of_four =
        other().or_key(OTHER_KEY).and_then(|keys| keys.or_key(OTHER_KEY)?.or_key(KEY)).unwrap();
    assert!(last_of_four.decrypt_profile(&profile).is_ok());
}

#[test]
fn blanks_and_line_breaks_around_what_was_mailed_do_not_count() {
    let key = format!("  {KEY}\r\n");
    for key in [key.as_str(), KEY.trim_end_matches('=')] {
        let decryptor = Decryptor::new(key, format!("{AAD}\n")).unwrap();
        assert!(decryptor.decrypt_profile(&profile(sample())).is_ok());
    }
    assert!(Decryptor::new(KEY, format!(" {AAD}")).unwrap().decrypt_profile(&profile(sample())).is_err());
}

/// As files, shells, dotenv files and CI secrets hand it on.
#[test]
fn key_aad_and_values_are_read_in_every_mangling() {
    const MANGLED: [fn(&str) -> String; 9] = [
        str::to_owned,
        |text| format!("\u{feff}{text}"),
        |text| format!("\"{text}\""),
        |text| format!("'{text}'\n"),
        |text| format!("{text}\\n"),
        |text| format!("{text}\\r\\n"),
        |text| format!("{text}\r\n"),
        |text| format!("\"{text}\"\n"),
        |text| text.replace('/', "\\/"),
    ];
    let in_lines = |text: &str| format!("{}\r\n{}", &text[..20], &text[20..]);
    let in_the_other_alphabet = |text: &str| text.replace('+', "-").replace('/', "_");
    for mangle in MANGLED {
        let profile = profile(sample());
        assert!(
            Decryptor::new(mangle(KEY), AAD).unwrap().decrypt_profile(&profile).is_ok(),
            "{}",
            mangle("key")
        );
        let decryptor = Decryptor::new(KEY, mangle(AAD)).unwrap();
        assert!(
            mangle("/").contains('\\') || decryptor.decrypt_profile(&profile).is_ok(),
            "{}",
            mangle("aad")
        );
        let mut mangled = sample();
        for field in FIELDS {
            let value = mangled[field].as_str().map(|value| mangle(&in_the_other_alphabet(value)));
            mangled[field] = json!(value);
        }
        let profile = self::profile(mangled);
        assert!(ours().decrypt_profile(&profile).is_ok(), "{}", mangle("value"));
    }
    // A key encoded twice.
    let twice = "QUFFQ0F3UUZCZ2NJQ1FvTERBME9EeEFSRWhNVUZSWVhHQmthR3h3ZEhoOD0=";
    for key in [in_lines(KEY), twice.to_owned()] {
        assert!(Decryptor::new(key, AAD).unwrap().decrypt_profile(&profile(sample())).is_ok());
    }
}

#[test]
fn a_key_that_is_none_is_told_at_once() {
    for key in ["CANARY!KEY", "열쇠", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8*"] {
        let error = Decryptor::new(key, AAD).unwrap_err();
        says(&error, "decryptionKey", "must be Base64");
        assert!(!format!("{error}{error:?}").contains(key));
    }
    // No key, half a key, a key in hexadecimal digits.
    let hexadecimal = "00".repeat(32);
    for (key, bytes) in [("", 0), ("AAECAwQFBgcICQoLDA0ODw==", 16), (&hexadecimal, 48)] {
        let error = Decryptor::new(key, AAD).unwrap_err();
        says(&error, "decryptionKey", &format!("must be 32 bytes in Base64 (44 characters), has {bytes}"));
        says(&ours().or_key(key).unwrap_err(), "decryptionKey", "32 bytes");
    }
}

#[test]
fn a_wrong_key_and_a_wrong_aad_cannot_be_told_apart() {
    let decoded_aad = Decryptor::new(KEY, "ZXhhbXBsZS1hYWQ=").unwrap();
    let wrong = [Decryptor::new(OTHER_KEY, AAD), Decryptor::new(KEY, "TOSS"), Decryptor::new(KEY, "")];
    for decryptor in wrong.into_iter().map(Result::unwrap).chain([decoded_aad]) {
        let error = decryptor.decrypt_profile(&profile(sample())).unwrap_err();
        says(&error, "name", "must fit one of 1 keys and the additional data (AAD)");
        says(&error, "name", "the cipher cannot tell which");
    }
    let two = Decryptor::new(OTHER_KEY, "x").unwrap().or_key(OTHER_KEY).unwrap();
    says(&two.decrypt_profile(&profile(sample())).unwrap_err(), "name", "one of 2 keys");
}

#[test]
fn the_field_at_fault_is_named_whichever_it_is() {
    for field in FIELDS {
        for (value, words) in [("ENCRYPTED*VALUE", "must be Base64"), ("AAAA", "28 bytes at least, has 3")] {
            let mut success = sample();
            success[field] = json!(value);
            let error = ours().decrypt_profile(&profile(success)).unwrap_err();
            says(&error, field, words);
            assert!(!error.to_string().contains(value));
        }
    }
}

#[test]
fn no_value_that_was_changed_is_read() {
    let whole = sample()["name"].as_str().unwrap().to_owned();
    assert_eq!(ours().decrypt(&Encrypted::new(whole.clone())).unwrap().expose(), "홍길동");
    assert!(ours().decrypt(&Encrypted::new(format!(" {whole}\n"))).is_ok());
    for length in 0..whole.len() {
        let cut = whole.get(..length).unwrap();
        // Without the padding it is still whole.
        if cut != whole.trim_end_matches('=') && !cut.ends_with('=') {
            ours().decrypt(&Encrypted::new(cut)).unwrap_err();
        }
    }
    for at in 0..whole.trim_end_matches('=').len() - 1 {
        let mut changed = whole.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let error = ours().decrypt(&Encrypted::new(String::from_utf8(changed).unwrap())).unwrap_err();
        says(&error, "value", "one of 1 keys");
    }
}

#[test]
fn a_value_may_be_empty_but_not_shorter_than_that() {
    // IV and tag of nothing.
    let least = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==";
    says(&ours().decrypt(&Encrypted::new(least)).unwrap_err(), "value", "must fit one of");
    says(&ours().decrypt(&Encrypted::new(&least[..36])).unwrap_err(), "value", "has 27");
    says(&ours().decrypt(&Encrypted::new("")).unwrap_err(), "value", "has 0");
}

#[test]
fn the_values_of_the_field_table_are_known() {
    let page = page("login.md");
    let values = |field: &str| -> Vec<String> {
        let row =
            page.lines().find(|line| line.starts_with(&format!("| `{field}` | string or null | yes |")));
        row.unwrap().split('`').skip(3).step_by(2).map(str::to_owned).collect()
    };
    let genders = [Gender::Male, Gender::Female];
    assert_eq!(values("gender"), genders.map(|gender| gender.as_str().to_owned()));
    let nationalities = [Nationality::Local, Nationality::Foreigner];
    assert_eq!(values("nationality"), nationalities.map(|nationality| nationality.as_str().to_owned()));
}

#[test]
fn values_nobody_knows_yet_survive() {
    // The name, taken for a gender.
    let mut success = sample();
    success["gender"] = success["name"].clone();
    let plain = ours().decrypt_profile(&profile(success)).unwrap();
    assert_eq!(plain.gender.as_ref().map(Gender::as_str), Some("홍길동"));
    assert!(!format!("{plain:?}").contains("홍길동"));
}
