//! The certificate authority.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::RootCertStore;
use rustls::server::WebPkiClientVerifier;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, UnixTime};

use super::der;
use super::folder::{self, Access, Entry};
use super::issued::Issued;
use super::leaf::{Leaf, date};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const CERTIFICATE: &str = "ca.crt";
const KEY: &str = "ca.key";

/// A certificate authority made in memory, valid from yesterday for ten years. It can be kept in a folder.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    /// A new authority with a new key.
    ///
    /// # Errors
    ///
    /// When the key or the certificate cannot be made.
    pub fn new(common_name: &str) -> io::Result<Self> {
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let params = params(common_name)?;
        let certificate = params.self_signed(&key).map_err(io::Error::other)?;
        Ok(Self { pem: certificate.pem(), issuer: Issuer::new(params, key) })
    }

    /// Writes `ca.crt` and `ca.key` into the folder; on Unix others can read neither the key nor a folder made
    /// for it. Whoever looks meanwhile sees both files or none, if the folder is new or empty; in one with other
    /// files, `ca.crt` comes last. It blocks the thread for as long as the disk takes.
    ///
    /// # Errors
    ///
    /// [`AlreadyExists`](io::ErrorKind::AlreadyExists) when the folder holds an authority; else what the file
    /// system said.
    pub fn save(&self, folder: impl AsRef<Path>) -> io::Result<()> {
        let key = self.issuer.key().serialize_pem();
        let key = Entry { name: KEY.to_owned(), text: &key, access: Access::Secret };
        let certificate = Entry { name: CERTIFICATE.to_owned(), text: &self.pem, access: Access::Public };
        folder::create(folder.as_ref(), &[key, certificate])
    }

    /// Reads what [`save`](Self::save) wrote.
    ///
    /// # Errors
    ///
    /// [`NotFound`](io::ErrorKind::NotFound) when the folder holds no authority;
    /// [`PermissionDenied`](io::ErrorKind::PermissionDenied) when others can read the key, with the command that
    /// mends it; [`InvalidData`](io::ErrorKind::InvalidData) when the files do not belong together or were not
    /// written by [`save`](Self::save).
    pub fn load(folder: impl AsRef<Path>) -> io::Result<Self> {
        let folder = folder.as_ref();
        let pem = folder::read(&folder.join(CERTIFICATE), Access::Public)?;
        let key = folder::read(&folder.join(KEY), Access::Secret)?;
        let unusable = |what: &str| {
            let message =
                format!("{}: {what}; remove {CERTIFICATE} and {KEY} to have new ones made", folder.display());
            io::Error::new(io::ErrorKind::InvalidData, message)
        };
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes())
            .map_err(|_| unusable("the certificate cannot be read"))?;
        let key = KeyPair::from_pem(&key).map_err(|_| unusable("the key cannot be read"))?;
        if der::public_key(&certificate) != Some(key.public_key_raw()) {
            return Err(unusable("the key is not the certificate's"));
        }
        let common_name =
            der::common_name(&certificate).ok_or_else(|| unusable("the certificate names nobody"))?;
        let authority = Self { pem, issuer: Issuer::new(params(&common_name)?, key) };
        // What it issues must name it as it names itself.
        let issued = authority.issue(&Leaf::client("probe"))?;
        let issued = CertificateDer::from_pem_slice(issued.certificate_pem.as_bytes());
        let issued = issued.map_err(io::Error::other)?;
        if der::issuer(&issued) != der::subject(&certificate) {
            return Err(unusable("the certificate was made by something else"));
        }
        Ok(authority)
    }

    /// The certificate of the authority, in PEM form.
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// Whether this authority issued a client's certificate, as a server judges it on its last day.
    pub(crate) fn has_issued(&self, client: &Issued) -> io::Result<bool> {
        let own = CertificateDer::from_pem_slice(self.pem.as_bytes()).map_err(io::Error::other)?;
        let mut roots = RootCertStore::empty();
        roots.add(own).map_err(io::Error::other)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
        let verifier = verifier.build().map_err(io::Error::other)?;
        let certificate = CertificateDer::from_pem_slice(client.certificate_pem.as_bytes());
        let certificate = certificate.map_err(io::Error::other)?;
        let end = der::not_after(&certificate).and_then(|end| u64::try_from(end).ok()).unwrap_or_default();
        let end = UnixTime::since_unix_epoch(Duration::from_secs(end));
        Ok(verifier.verify_client_cert(&certificate, &[], end).is_ok())
    }

    /// Makes a key and signs a certificate for it.
    ///
    /// # Errors
    ///
    /// When a name is neither an address nor a DNS name, or a date lies outside what a certificate can say.
    pub fn issue(&self, leaf: &Leaf) -> io::Result<Issued> {
        let key = leaf.generate_key()?;
        let certificate = leaf.params()?.signed_by(&key, &self.issuer).map_err(io::Error::other)?;
        Issued::new(certificate.pem(), &key.serialize_der())
    }
}

fn params(common_name: &str) -> io::Result<CertificateParams> {
    let start = SystemTime::now() - DAY;
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.not_before = date(start)?;
    params.not_after = date(start + DAY * 3650)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").field("pem", &self.pem).finish_non_exhaustive()
    }
}
