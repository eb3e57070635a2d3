//! Who we are to the server: a certificate and its private key.

mod certificate;
mod der;
mod key;
mod pem;

use std::{env, fmt, fs, path::Path, sync::Arc, time::SystemTime};

use rustls::{
    crypto::CryptoProvider,
    sign::{CertifiedKey, SigningKey},
};
use rustls_pki_types::CertificateDer;

use self::{certificate::Certificate, key::Key, pem::Input};
use crate::{Error, Provider};

/// What to do about an input that is damaged.
const COPY_AGAIN: &str = "copy the file that the console issued again, whole";

/// A client certificate with its private key, checked: both can be read, they belong together, and the certificate is
/// valid today.
///
/// The console of Apps in Toss issues `<name>_public.crt` and `<name>_private.key`; pass them as they are. One certificate
/// or a chain is read, and a key in PKCS#8, PKCS#1 or SEC1 form, whatever its label says. With `ring` that is RSA of 2048 to
/// 4096 bits, EC on P-256 or P-384, or Ed25519; `aws-lc-rs` also takes RSA up to 8192 bits and P-521. Environment variables
/// may hold what they really hold in practice: literal `\n`, escaped once or twice, Base64 of the PEM or of DER, CRLF, a byte
/// order mark, quotes, blanks.
///
/// The certificate is only presented, so nothing but its dates and its public key is checked: any version of X.509 will do,
/// and whether the server takes it shows in the first call ([`Kind::Identity`](crate::Kind::Identity)).
///
/// ```no_run
/// # fn main() -> Result<(), ait_core::Error> {
/// let identity = ait_core::Identity::from_pem_files("app_public.crt", "app_private.key")?;
/// println!("{} is valid until {:?}", identity.subject(), identity.not_after());
/// # Ok(())
/// # }
/// ```
///
/// Certificates live for about a year and nothing on the wire warns before they end: raise an alarm on
/// [`not_after`](Self::not_after), and swap them under way with [`Client::rotate`](crate::Client::rotate).
#[derive(Clone)]
pub struct Identity(Arc<Inner>);

struct Inner {
    certified: CertifiedKey,
    certificate: Certificate,
    fingerprint: String,
    provider: Provider,
}

impl Identity {
    /// Reads a certificate and a key from PEM text.
    ///
    /// # Errors
    ///
    /// If one of the two cannot be read (the message says which, what it holds instead, and what to do), if the key
    /// belongs to another certificate, or if the certificate has expired or is not valid yet.
    pub fn from_pem(certificate: impl AsRef<[u8]>, key: impl AsRef<[u8]>) -> Result<Self, Error> {
        Self::from_pem_with(certificate, key, Provider::default())
    }

    /// [`from_pem`](Self::from_pem) with a given crypto provider.
    ///
    /// # Errors
    ///
    /// As [`from_pem`](Self::from_pem).
    pub fn from_pem_with(
        certificate: impl AsRef<[u8]>,
        key: impl AsRef<[u8]>,
        provider: Provider,
    ) -> Result<Self, Error> {
        let certificate = Input { name: "certificate".to_owned(), content: certificate.as_ref() };
        let key = Input { name: "private key".to_owned(), content: key.as_ref() };
        Self::from_inputs(&certificate, &key, provider)
    }

    /// Reads a certificate and a key from PEM files.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, and as [`from_pem`](Self::from_pem).
    pub fn from_pem_files(certificate: impl AsRef<Path>, key: impl AsRef<Path>) -> Result<Self, Error> {
        let (certificate, key) = (certificate.as_ref(), key.as_ref());
        let certificate_name = format!("certificate file {}", certificate.display());
        let key_name = format!("private key file {}", key.display());
        let read = |path, name: &str| {
            fs::read(path).map_err(|error| {
                Error::config(format!("{name}: {error}; check the path and its permissions"))
            })
        };
        let (certificate, key) = (read(certificate, &certificate_name)?, read(key, &key_name)?);
        Self::from_inputs(
            &Input { name: certificate_name, content: &certificate },
            &Input { name: key_name, content: &key },
            Provider::default(),
        )
    }

    /// Reads a certificate and a key from environment variables that hold PEM text, mangled or not.
    ///
    /// # Errors
    ///
    /// If a variable is not set, and as [`from_pem`](Self::from_pem).
    pub fn from_env(certificate: &str, key: &str) -> Result<Self, Error> {
        let read = |variable: &str| {
            env::var_os(variable).ok_or_else(|| {
                let what = format!("environment variable {variable}: it is not set; set it to the PEM text");
                Error::config(what)
            })
        };
        // Not as text: an error about what is none would quote it.
        let (certificate_pem, key_pem) = (read(certificate)?, read(key)?);
        Self::from_inputs(
            &Input {
                name: format!("certificate in {certificate}"),
                content: certificate_pem.as_encoded_bytes(),
            },
            &Input { name: format!("private key in {key}"), content: key_pem.as_encoded_bytes() },
            Provider::default(),
        )
    }

    fn from_inputs(certificate: &Input<'_>, key: &Input<'_>, provider: Provider) -> Result<Self, Error> {
        let (chain, private_key) = pem::read_pair(certificate, key)?;
        let rustls = provider.rustls()?;
        let loaded = rustls.key_provider.load_private_key(private_key.der.clone_key());
        let signing_key =
            loaded.map_err(|_| Error::config(format!("{}: {}", key.name, private_key.refused(provider))))?;
        let (chain, details) = paired(chain, &*signing_key, certificate, key)?;
        let fingerprint = sha256(&rustls, &chain[0]);
        let certified = CertifiedKey::new(chain, signing_key);
        let identity = Self(Arc::new(Inner { certified, certificate: details, fingerprint, provider }));
        identity.check_validity(SystemTime::now())?;
        Ok(identity)
    }

    /// Fails if the certificate is not valid at `now`.
    pub(crate) fn check_validity(&self, now: SystemTime) -> Result<(), Error> {
        // A fresh certificate may be a little ahead of a slow clock.
        const SKEW: std::time::Duration = std::time::Duration::from_secs(300);
        let (subject, Certificate { not_before, not_after, .. }) = (self.subject(), &self.0.certificate);
        if now > not_after.instant {
            return Err(Error::config(format!(
                "certificate: `{subject}` expired on {}; issue a new one in the console and pass it",
                not_after.text
            )));
        }
        if now + SKEW < not_before.instant {
            return Err(Error::config(format!(
                "certificate: `{subject}` is valid from {} only; check the clock of this machine",
                not_before.text
            )));
        }
        Ok(())
    }

    /// The common name of the certificate: the name of the mini-app. Empty if it has none.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.0.certificate.common_name
    }

    /// The serial number, in lower-case hexadecimal.
    #[must_use]
    pub fn serial(&self) -> &str {
        &self.0.certificate.serial
    }

    /// The SHA-256 fingerprint of the certificate, in lower-case hexadecimal.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.0.fingerprint
    }

    /// The first moment at which the certificate is valid.
    #[must_use]
    pub fn not_before(&self) -> SystemTime {
        self.0.certificate.not_before.instant
    }

    /// The last moment at which the certificate is valid.
    #[must_use]
    pub fn not_after(&self) -> SystemTime {
        self.0.certificate.not_after.instant
    }

    pub(crate) fn certified_key(&self) -> CertifiedKey {
        self.0.certified.clone()
    }

    pub(crate) fn provider(&self) -> Provider {
        self.0.provider
    }

    // For messages: who we are and until when.
    pub(crate) fn described(&self) -> String {
        let certificate = &self.0.certificate;
        format!(
            "certificate `{}`, serial {}, valid until {}",
            self.subject(),
            self.serial(),
            certificate.not_after.text
        )
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("subject", &self.subject())
            .field("serial", &self.serial())
            .field("fingerprint", &self.fingerprint())
            .field("not_after", &self.0.certificate.not_after.text)
            .finish_non_exhaustive()
    }
}

/// The chain, with the certificate that the key belongs to first, and what that one says.
///
/// It is compared by the public key alone. Whether a server takes the certificate is its own affair: version 1 has no
/// extensions to check, and other programs present it too.
fn paired(
    mut chain: Vec<CertificateDer<'static>>,
    key: &dyn SigningKey,
    certificate_input: &Input<'_>,
    key_input: &Input<'_>,
) -> Result<(Vec<CertificateDer<'static>>, Certificate), Error> {
    // A key that does not tell its public half is taken for that of the first certificate.
    let public_key = key.public_key();
    let mut is_any = false;
    for position in 0..chain.len() {
        let Some(certificate) = Certificate::read(&chain[position]) else { continue };
        is_any = true;
        if public_key.as_ref().is_none_or(|key| certificate.is_for(key)) {
            chain[..=position].rotate_right(1);
            return Ok((chain, certificate));
        }
    }
    if !is_any {
        let name = &certificate_input.name;
        return Err(Error::config(format!("{name}: not a certificate; {COPY_AGAIN}")));
    }
    Err(Error::config(format!(
        "the {} does not belong to the {}: pass the two files that the console issued together",
        key_input.name, certificate_input.name
    )))
}

fn sha256(provider: &CryptoProvider, leaf: &CertificateDer<'_>) -> String {
    // The provider's own SHA-256, found in a cipher suite that uses it.
    let suite = provider.cipher_suites.iter().find_map(|suite| {
        let common = match suite {
            rustls::SupportedCipherSuite::Tls12(suite) => &suite.common,
            rustls::SupportedCipherSuite::Tls13(suite) => &suite.common,
        };
        (common.hash_provider.algorithm() == rustls::crypto::hash::HashAlgorithm::SHA256).then_some(common)
    });
    suite.map(|common| certificate::hexadecimal(common.hash_provider.hash(leaf).as_ref())).unwrap_or_default()
}

/// The parts of a pair, before they are known to be one.
type Pair = (Vec<CertificateDer<'static>>, Key);
