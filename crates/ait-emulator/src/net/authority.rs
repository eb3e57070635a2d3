//! The certificate authority.

use std::fmt;
use std::io;
use std::time::{Duration, SystemTime};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};

use super::issued::Issued;
use super::leaf::{Leaf, date};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A certificate authority made in memory, valid from yesterday for ten years.
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
        let start = SystemTime::now() - DAY;
        let mut params = CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, common_name);
        params.not_before = date(start)?;
        params.not_after = date(start + DAY * 3650)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];

        let key = KeyPair::generate().map_err(io::Error::other)?;
        let certificate = params.self_signed(&key).map_err(io::Error::other)?;
        Ok(Self { pem: certificate.pem(), issuer: Issuer::new(params, key) })
    }

    /// The certificate of the authority, in PEM form.
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.pem
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

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").field("pem", &self.pem).finish_non_exhaustive()
    }
}
