//! A certificate with its key.

use std::fmt;
use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::der;

/// A certificate with its key, as a console would let them be downloaded.
///
/// `Debug` shows the certificate and leaves out the key.
#[derive(Clone)]
#[non_exhaustive]
pub struct Issued {
    /// The certificate alone, without its authority.
    pub certificate_pem: String,
    /// The key in PKCS#8 (`PRIVATE KEY`).
    pub key_pem: String,
    /// The same key in the older form of its kind: PKCS#1 (`RSA PRIVATE KEY`) or SEC1 (`EC PRIVATE KEY`).
    pub key_pkcs1_or_sec1_pem: String,
}

impl Issued {
    pub(crate) fn new(certificate_pem: String, pkcs8: &[u8]) -> io::Result<Self> {
        let (label, inner) =
            der::inner_key(pkcs8).ok_or_else(|| io::Error::other("a key in an unknown PKCS#8 form"))?;
        Ok(Self {
            certificate_pem,
            key_pem: pem("PRIVATE KEY", pkcs8),
            key_pkcs1_or_sec1_pem: pem(label, &inner),
        })
    }
}

impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issued").field("certificate_pem", &self.certificate_pem).finish_non_exhaustive()
    }
}

/// RFC 7468: lines of 64 characters between the two boundaries.
fn pem(label: &str, octets: &[u8]) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    // 48 octets make 64 characters, so that only the last line can end in padding.
    for line in octets.chunks(48) {
        STANDARD.encode_string(line, &mut text);
        text.push('\n');
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}
