//! Node's `crypto`, which partners decrypt profiles with, against the decryptor of `ait-login`: both ways. And Node as a
//! client of the emulator.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use ait_login::{Decryptor, Encrypted};
use ring::{aead, rand::SecureRandom as _};
use serde_json::{Value, json};
use snafu::{OptionExt as _, ResultExt as _, Whatever, whatever};

use super::{client, report::Report};

/// Reads a list of `{key, aad, plain}` or `{key, aad, sealed}`, and writes it with the other member filled in. This is how
/// the official examples do it: IV, ciphertext and tag in a row, in Base64.
const SCRIPT: &str = r#"
const crypto = require('node:crypto');
const cases = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
for (const it of cases) {
  const key = Buffer.from(it.key, 'base64');
  if (it.sealed === undefined) {
    const iv = crypto.randomBytes(12);
    const cipher = crypto.createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(it.aad, 'utf8'));
    const text = Buffer.concat([cipher.update(it.plain, 'utf8'), cipher.final()]);
    it.sealed = Buffer.concat([iv, text, cipher.getAuthTag()]).toString('base64');
  } else {
    const all = Buffer.from(it.sealed, 'base64');
    const decipher = crypto.createDecipheriv('aes-256-gcm', key, all.subarray(0, 12));
    decipher.setAAD(Buffer.from(it.aad, 'utf8')).setAuthTag(all.subarray(-16));
    it.plain = Buffer.concat([decipher.update(all.subarray(12, -16)), decipher.final()]).toString('utf8');
  }
}
process.stdout.write(JSON.stringify(cases));
"#;

const TEXTS: [&str; 6] = ["", "a", "홍길동", "01012345678", "19900101", "🧋 and \u{0} and \"quotes\""];
const AADS: [&str; 3] = ["TOSS", "", "VE9TUw=="];

pub(super) fn check(folder: &Path, report: &mut Report) -> Result<(), Whatever> {
    check_crypto(report)?;
    client::play(client::NODE, folder, report)
}

fn check_crypto(report: &mut Report) -> Result<(), Whatever> {
    let random = ring::rand::SystemRandom::new();
    let mut cases = Vec::new();
    for aad in AADS {
        for plain in TEXTS {
            let mut key = [0; 32];
            random.fill(&mut key).ok().whatever_context("no random bytes are to be had")?;
            cases.push((key, aad, plain));
        }
    }

    let given =
        cases.iter().map(|(key, aad, plain)| json!({ "key": encode(key), "aad": aad, "plain": plain }));
    for it in node(&given.collect())? {
        let opened = open(&it).and_then(|opened| same(&opened, it["plain"].as_str()));
        report.case(&format!("node seals {}, we open", it["plain"]), opened);
    }

    let mut given = Vec::new();
    for (key, aad, plain) in &cases {
        let sealed = seal(key, aad, plain, &random).whatever_context("a text cannot be sealed")?;
        given.push(json!({ "key": encode(key), "aad": aad, "sealed": sealed }));
    }
    for (it, (_, _, plain)) in node(&Value::Array(given))?.iter().zip(&cases) {
        let opened = it["plain"].as_str().unwrap_or_default();
        report.case(&format!("we seal {plain:?}, node opens"), same(opened, Some(plain)));
    }
    Ok(())
}

fn node(cases: &Value) -> Result<Vec<Value>, Whatever> {
    let mut child = Command::new("node")
        .args(["-e", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .whatever_context("`node` does not start")?;
    let mut input = child.stdin.take().whatever_context("node has no input")?;
    input.write_all(cases.to_string().as_bytes()).whatever_context("node does not read")?;
    drop(input);
    let output = child.wait_with_output().whatever_context("node does not end")?;
    if !output.status.success() {
        whatever!("the script failed in node");
    }
    serde_json::from_slice(&output.stdout).whatever_context("node did not print JSON")
}

fn open(it: &Value) -> Result<String, String> {
    let text = |name: &str| it[name].as_str().unwrap_or_default();
    let decryptor = Decryptor::new(text("key"), text("aad")).map_err(|error| error.to_string())?;
    let opened = decryptor.decrypt(&Encrypted::new(text("sealed"))).map_err(|error| error.to_string())?;
    Ok(opened.expose().to_owned())
}

fn seal(key: &[u8; 32], aad: &str, plain: &str, random: &ring::rand::SystemRandom) -> Option<String> {
    let mut nonce = [0; 12];
    random.fill(&mut nonce).ok()?;
    let key = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_256_GCM, key).ok()?);
    let mut text = plain.as_bytes().to_vec();
    let sealing = aead::Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(sealing, aead::Aad::from(aad.as_bytes()), &mut text).ok()?;
    Some(encode(&[&nonce[..], &text].concat()))
}

fn same(found: &str, expected: Option<&str>) -> Result<(), String> {
    if Some(found) == expected { Ok(()) } else { Err(format!("expected {expected:?}, got {found:?}")) }
}

fn encode(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
