//! A certificate with its key.

use std::fmt;
use std::io;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::KeyPair;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use super::der;
use super::folder::{self, Access, Entry};

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

    /// Writes `<name>.crt` and `<name>.key` into the folder, over those that are there; on Unix others can read
    /// neither the key nor a folder made for it. It blocks the thread for as long as the disk takes.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](io::ErrorKind::InvalidInput) for a name that is none of a file; else what the file
    /// system said.
    pub fn save(&self, folder: impl AsRef<Path>, name: &str) -> io::Result<()> {
        let key = Entry { name: file(name, "key")?, text: &self.key_pem, access: Access::Secret };
        let certificate =
            Entry { name: file(name, "crt")?, text: &self.certificate_pem, access: Access::Public };
        folder::replace(folder.as_ref(), &[key, certificate])
    }

    /// Reads what [`save`](Self::save) wrote.
    ///
    /// # Errors
    ///
    /// [`NotFound`](io::ErrorKind::NotFound) when a file is missing;
    /// [`PermissionDenied`](io::ErrorKind::PermissionDenied) when others can read the key, with the command that
    /// mends it; [`InvalidData`](io::ErrorKind::InvalidData) when the key cannot be read, or is not the certificate's.
    pub fn load(folder: impl AsRef<Path>, name: &str) -> io::Result<Self> {
        let folder = folder.as_ref();
        let certificate = folder::read(&folder.join(file(name, "crt")?), Access::Public)?;
        let path = folder.join(file(name, "key")?);
        let text = folder::read(&path, Access::Secret)?;
        let invalid = |message| io::Error::new(io::ErrorKind::InvalidData, message);
        let unreadable = || invalid(format!("{} is no private key in PKCS#8 and PEM form", path.display()));
        let pkcs8 = PrivatePkcs8KeyDer::from_pem_slice(text.as_bytes()).map_err(|_| unreadable())?;
        let issued = Self::new(certificate, pkcs8.secret_pkcs8_der()).map_err(|_| unreadable())?;
        let public = KeyPair::try_from(&pkcs8).map_err(|_| unreadable())?;
        // What is no certificate has no key that could be another's.
        let of = CertificateDer::from_pem_slice(issued.certificate_pem.as_bytes());
        if of.is_ok_and(|of| der::public_key(&of).is_some_and(|key| key != public.public_key_raw())) {
            let pair = format!("{name}.key is not the key of {name}.crt; {}", put_back(name));
            return Err(invalid(format!("{}: {pair}", folder.display())));
        }
        Ok(issued)
    }
}

/// The next step with files that do not belong together.
pub(crate) fn put_back(name: &str) -> String {
    format!("put back those that belong together, or remove {name}.crt and {name}.key to have new ones made")
}

impl Issued {
    /// Whom the certificate names, and until when it is valid in seconds since 1970. `None` for one that cannot be read.
    pub(crate) fn facts(&self) -> Option<(String, i64)> {
        let certificate = CertificateDer::from_pem_slice(self.certificate_pem.as_bytes()).ok()?;
        Some((der::common_name(&certificate)?, der::not_after(&certificate)?))
    }
}

/// The name of a file, for a name that stays in its folder.
fn file(name: &str, extension: &str) -> io::Result<String> {
    if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\', ':', '\0']) {
        let message = format!("`{}` is no name of a file", name.escape_debug());
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    Ok(format!("{name}.{extension}"))
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
