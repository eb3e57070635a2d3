//! PEM as it is found in the wild.

use std::borrow::Cow;

use base64::Engine as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

use super::{Pair, certificate::Certificate, der::Reader, key::Key};
use crate::Error;

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

/// One of the two inputs, with the name under which the user knows it.
pub(super) struct Input<'a> {
    pub(super) name: String,
    pub(super) content: &'a [u8],
}

/// What an input turned out to hold.
enum Content {
    Pem(String),
    /// Binary DER, which Base64 without any PEM around it becomes too.
    Der(Vec<u8>),
}

impl Content {
    fn holds_certificate(&self) -> bool {
        match self {
            Self::Pem(pem) => pem.contains("BEGIN CERTIFICATE-----"),
            Self::Der(der) => Certificate::read(der).is_some(),
        }
    }

    fn holds_key(&self) -> bool {
        match self {
            Self::Pem(pem) => pem.contains("PRIVATE KEY-----"),
            Self::Der(der) => Key::read(der).is_some(),
        }
    }
}

/// Reads both inputs. Swapped inputs are put right: nothing is lost by understanding them.
pub(super) fn read_pair(certificate: &Input<'_>, key: &Input<'_>) -> Result<Pair, Error> {
    let (first, second) = (unmangle(certificate)?, unmangle(key)?);
    let swapped =
        first.holds_key() && !first.holds_certificate() && second.holds_certificate() && !second.holds_key();
    let (first, second) = if swapped { (second, first) } else { (first, second) };
    Ok((read_chain(certificate, first)?, read_key(key, &second)?))
}

fn read_chain(input: &Input<'_>, content: Content) -> Result<Vec<CertificateDer<'static>>, Error> {
    let pem = match content {
        Content::Pem(pem) => pem,
        Content::Der(der) if Certificate::read(&der).is_some() => return Ok(vec![der.into()]),
        Content::Der(der) => return Err(wrong_der(input, &der, "a certificate")),
    };
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    match chain {
        Ok(chain) if !chain.is_empty() => Ok(chain),
        Ok(_) => Err(wrong(input, &pem, "a PEM certificate (-----BEGIN CERTIFICATE-----)")),
        Err(_) => Err(broken(input, "certificate")),
    }
}

fn read_key(input: &Input<'_>, content: &Content) -> Result<Key, Error> {
    let pem = match content {
        Content::Pem(pem) => pem,
        Content::Der(der) => return Key::read(der).ok_or_else(|| wrong_der(input, der, "a private key")),
    };
    if pem.contains("BEGIN ENCRYPTED PRIVATE KEY") || pem.contains("Proc-Type: 4,ENCRYPTED") {
        return Err(encrypted(input));
    }
    match PrivateKeyDer::pem_slice_iter(pem.as_bytes()).next() {
        // The label may be wrong: the inside tells.
        Some(Ok(key)) => Key::read(key.secret_der()).ok_or_else(|| broken(input, "private key")),
        Some(Err(_)) => Err(broken(input, "private key")),
        None => Err(wrong(input, pem, "a PEM private key (-----BEGIN PRIVATE KEY-----)")),
    }
}

#[cold]
fn encrypted(input: &Input<'_>) -> Error {
    Error::config(format!(
        "{}: the key is encrypted with a password; decrypt it first: openssl pkey -in app_private.key -out plain.key",
        input.name
    ))
}

/// What stands behind a byte order mark, quotes, literal `\n`, CRLF, blanks, or one or two layers of Base64.
fn unmangle(input: &Input<'_>) -> Result<Content, Error> {
    let mut content: Cow<'_, [u8]> = Cow::Borrowed(input.content);
    for _layer in 0..3 {
        if is_der(&content) {
            return Ok(Content::Der(content.into_owned()));
        }
        let content_text = utf8(input, &content)?;
        let text = content_text.trim_start_matches('\u{feff}').trim().trim_matches(['"', '\'']).trim();
        if text.is_empty() {
            return Err(Error::config(format!(
                "{}: it is empty; pass the PEM text that the console issued",
                input.name
            )));
        }
        let text = unescaped(text);
        if text.contains("-----BEGIN ") {
            return Ok(Content::Pem(lines(&text)));
        }
        let packed: String = text.split_whitespace().collect();
        match base64::engine::general_purpose::STANDARD_NO_PAD.decode(packed.trim_end_matches('=')) {
            Ok(decoded) => content = Cow::Owned(decoded),
            Err(_) => break,
        }
    }
    Err(wrong(input, "", "PEM text (-----BEGIN …-----), or Base64 of it"))
}

/// One SEQUENCE, from the first byte to the last.
fn is_der(content: &[u8]) -> bool {
    let mut reader = Reader::new(content);
    reader.value(SEQUENCE).is_some() && reader.is_at_end()
}

// `\n`, `\r`, `\/` and `\u002b`, escaped as often as the text went through JSON or a shell. Nothing in PEM has a backslash of its own.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        while characters.next_if_eq(&'\\').is_some() {}
        match characters.next() {
            Some('n') => plain.push('\n'),
            Some('r' | '"') | None => {}
            Some('u') => {
                let digits: String = characters.by_ref().take(4).collect();
                plain.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
            }
            Some(other) => plain.push(other),
        }
    }
    Cow::Owned(plain)
}

#[cold]
fn wrong_der(input: &Input<'_>, der: &[u8], expected: &str) -> Error {
    let mut body = Reader::new(der).inside(SEQUENCE);
    let first = body.as_mut().and_then(Reader::element);
    let second = body.as_mut().and_then(Reader::element);
    let found = match (first, second) {
        (Some((INTEGER, [3])), _) => {
            return Error::config(format!(
                "{}: found PKCS#12 data, expected {expected}; convert it: openssl pkcs12 -nodes -in app.p12 -out app.pem",
                input.name
            ));
        }
        (Some((SEQUENCE, _)), Some((OCTET_STRING, _))) => return encrypted(input),
        _ if Certificate::read(der).is_some() => "a certificate",
        _ if Key::read(der).is_some() => "a private key",
        _ => "other DER",
    };
    let next = "pass the certificate and the key that the console issued";
    Error::config(format!("{}: found {found}, expected {expected}; {next}", input.name))
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
        Error::config(format!(
            "{}: found binary data, expected PEM text; convert it: openssl x509 -inform DER (certificate), openssl pkey \
             -inform DER (key) or openssl pkcs12 -nodes (both)",
            input.name
        ))
    })
}

// Real line breaks, no indentation, one marker a line, even if all of it came as one line.
fn lines(text: &str) -> String {
    let text = text.replace('\r', "\n");
    let mut pem = String::with_capacity(text.len() + 16);
    for part in text.split("-----").map(str::trim) {
        // Splitting at the dashes yields, in turn: what stands between blocks, a label, a body, a label, …
        if part.starts_with("BEGIN ") || part.starts_with("END ") {
            let (verb, label) = part.split_once(' ').unwrap_or_default();
            pem.push_str(&format!("-----{verb} {}-----\n", plain_label(label)));
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

// Older names, and those with the kind of the key, which may be a wrong one: the inside tells.
fn plain_label(label: &str) -> &str {
    match label {
        "X509 CERTIFICATE" => "CERTIFICATE",
        "ENCRYPTED PRIVATE KEY" | "OPENSSH PRIVATE KEY" => label,
        key if key.ends_with(" PRIVATE KEY") => "PRIVATE KEY",
        other => other,
    }
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
