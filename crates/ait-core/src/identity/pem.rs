//! PEM as it is found in the wild.

use std::borrow::Cow;

use base64::Engine as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

use super::Pair;
use crate::Error;

/// One of the two inputs, with the name under which the user knows it.
pub(super) struct Input<'a> {
    pub(super) name: String,
    pub(super) content: &'a [u8],
}

/// Reads both inputs. Swapped inputs are put right: nothing is lost by understanding them.
pub(super) fn read_pair(certificate: &Input<'_>, key: &Input<'_>) -> Result<Pair, Error> {
    let (certificate_pem, key_pem) = (unmangle(certificate)?, unmangle(key)?);
    let swapped =
        holds_key(&certificate_pem) && !holds_certificate(&certificate_pem) && holds_certificate(&key_pem);
    let (certificate_pem, key_pem) =
        if swapped && !holds_key(&key_pem) { (key_pem, certificate_pem) } else { (certificate_pem, key_pem) };
    Ok((read_chain(certificate, &certificate_pem)?, read_key(key, &key_pem)?))
}

fn read_chain(input: &Input<'_>, pem: &str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    match chain {
        Ok(chain) if !chain.is_empty() => Ok(chain),
        Ok(_) => Err(wrong(input, pem, "a PEM certificate (-----BEGIN CERTIFICATE-----)")),
        Err(_) => Err(broken(input, "certificate")),
    }
}

fn read_key(input: &Input<'_>, pem: &str) -> Result<PrivateKeyDer<'static>, Error> {
    if pem.contains("BEGIN ENCRYPTED PRIVATE KEY") || pem.contains("Proc-Type: 4,ENCRYPTED") {
        return Err(Error::config(format!(
            "{}: the key is encrypted with a password; decrypt it first: openssl pkey -in app_private.key -out plain.key",
            input.name
        )));
    }
    match PrivateKeyDer::pem_slice_iter(pem.as_bytes()).next() {
        Some(Ok(key)) => Ok(key),
        Some(Err(_)) => Err(broken(input, "private key")),
        None => Err(wrong(input, pem, "a PEM private key (-----BEGIN PRIVATE KEY-----)")),
    }
}

/// The PEM text behind a byte order mark, quotes, literal `\n`, CRLF, blanks, or one or two layers of Base64.
fn unmangle(input: &Input<'_>) -> Result<String, Error> {
    let mut content: Cow<'_, [u8]> = Cow::Borrowed(input.content);
    for _layer in 0..3 {
        let content_text = utf8(input, &content)?;
        let text = content_text.trim_start_matches('\u{feff}').trim().trim_matches(['"', '\'']).trim();
        if text.is_empty() {
            return Err(Error::config(format!(
                "{}: it is empty; pass the PEM text that the console issued",
                input.name
            )));
        }
        if text.contains("-----BEGIN ") {
            return Ok(lines(text));
        }
        let packed: String = text.replace("\\r", "").replace("\\n", "").split_whitespace().collect();
        match base64::engine::general_purpose::STANDARD_NO_PAD.decode(packed.trim_end_matches('=')) {
            Ok(decoded) => content = Cow::Owned(decoded),
            Err(_) => break,
        }
    }
    Err(wrong(input, "", "PEM text (-----BEGIN …-----), or Base64 of it"))
}

// Two or three common encodings end up here as bytes that are no text.
fn utf8<'a>(input: &Input<'_>, content: &'a [u8]) -> Result<Cow<'a, str>, Error> {
    let utf16 = |decode: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = content[2..].chunks_exact(2).map(|pair| decode([pair[0], pair[1]])).collect();
        String::from_utf16(&units).ok().map(Cow::Owned)
    };
    let text = match content {
        [0xff, 0xfe, ..] => utf16(u16::from_le_bytes),
        [0xfe, 0xff, ..] => utf16(u16::from_be_bytes),
        _ => std::str::from_utf8(content).ok().map(Cow::Borrowed),
    };
    text.ok_or_else(|| {
        let found = match content {
            [0x30, 0x80..=0x84, ..] => "binary DER or PKCS#12 data",
            _ => "binary data",
        };
        Error::config(format!(
            "{}: found {found}, expected PEM text; convert it: openssl x509 -inform DER (certificate), openssl pkey \
             -inform DER (key) or openssl pkcs12 -nodes (both)",
            input.name
        ))
    })
}

// Real line breaks, no indentation, one marker a line, even if all of it came as one line.
fn lines(text: &str) -> String {
    let text = text.replace("\\r", "").replace("\\n", "\n").replace('\r', "\n");
    let mut pem = String::with_capacity(text.len() + 16);
    for part in text.split("-----").map(str::trim) {
        // Splitting at the dashes yields, in turn: what stands between blocks, a label, a body, a label, …
        if part.starts_with("BEGIN ") || part.starts_with("END ") {
            pem.push_str("-----");
            pem.push_str(part);
            pem.push_str("-----\n");
        } else if !part.is_empty() {
            let multiline = part.contains('\n');
            let separator: fn(char) -> bool = if multiline { |c| c == '\n' } else { char::is_whitespace };
            for line in part.split(separator).map(str::trim).filter(|line| !line.is_empty()) {
                pem.push_str(line);
                pem.push('\n');
            }
        }
    }
    pem
}

fn holds_certificate(pem: &str) -> bool {
    pem.contains("BEGIN CERTIFICATE-----")
}

fn holds_key(pem: &str) -> bool {
    pem.contains("PRIVATE KEY-----")
}

fn broken(input: &Input<'_>, what: &str) -> Error {
    Error::config(format!(
        "{}: the {what} is damaged: its Base64 or its END line is wrong; copy the whole file again, line breaks included",
        input.name
    ))
}

fn wrong(input: &Input<'_>, pem: &str, expected: &str) -> Error {
    let labels: Vec<&str> = pem
        .split("-----")
        .filter_map(|part| part.strip_prefix("BEGIN "))
        .filter(|label| {
            label.len() <= 40 && label.bytes().all(|b| b.is_ascii_uppercase() || b" 0123456789".contains(&b))
        })
        .collect();
    let found = if labels.is_empty() { "something else".to_owned() } else { labels.join(", ") };
    Error::config(format!("{}: found {found}, expected {expected}", input.name))
}
