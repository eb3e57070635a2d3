//! What an authority is asked to issue.

use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose,
};
use time::OffsetDateTime;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The kind of key an issued certificate is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyKind {
    /// ECDSA on the curve P-256.
    #[default]
    EcP256,
    /// ECDSA on the curve P-384.
    EcP384,
    /// RSA with a modulus of 2048 bits.
    Rsa2048,
}

/// A certificate to be issued by an [`Authority`](crate::Authority).
///
/// Unless told otherwise it is valid from yesterday for 390 days, and its key is of [`KeyKind::EcP256`].
#[derive(Clone, Debug)]
pub struct Leaf {
    common_name: String,
    organization: Option<String>,
    names: Vec<String>,
    usage: ExtendedKeyUsagePurpose,
    not_before: SystemTime,
    not_after: SystemTime,
    key: KeyKind,
}

impl Leaf {
    /// A certificate with which a client shows who it is (extended key usage `clientAuth`).
    #[must_use]
    pub fn client(common_name: &str) -> Self {
        Self::new(common_name.to_owned(), Vec::new(), ExtendedKeyUsagePurpose::ClientAuth)
    }

    /// A certificate of a server (extended key usage `serverAuth`) for DNS names and IP addresses, the first
    /// of which is its common name too.
    #[must_use]
    pub fn server(names: &[&str]) -> Self {
        let names: Vec<_> = names.iter().copied().map(str::to_owned).collect();
        let common_name = names.first().cloned().unwrap_or_default();
        Self::new(common_name, names, ExtendedKeyUsagePurpose::ServerAuth)
    }

    fn new(common_name: String, names: Vec<String>, usage: ExtendedKeyUsagePurpose) -> Self {
        let not_before = SystemTime::now() - DAY;
        let not_after = not_before + DAY * 390;
        Self { common_name, organization: None, names, usage, not_before, not_after, key: KeyKind::default() }
    }

    /// Sets the period of validity. Fractions of a second are cut off.
    #[must_use]
    pub fn valid(mut self, not_before: SystemTime, not_after: SystemTime) -> Self {
        self.not_before = not_before;
        self.not_after = not_after;
        self
    }

    /// Sets the kind of key.
    #[must_use]
    pub fn key(mut self, key: KeyKind) -> Self {
        self.key = key;
        self
    }

    /// Adds an organization to the subject.
    #[must_use]
    pub fn organization(mut self, name: &str) -> Self {
        self.organization = Some(name.to_owned());
        self
    }

    pub(crate) fn params(&self) -> io::Result<CertificateParams> {
        let mut params = CertificateParams::new(self.names.clone()).map_err(io::Error::other)?;
        params.distinguished_name = DistinguishedName::new();
        if let Some(organization) = &self.organization {
            params.distinguished_name.push(DnType::OrganizationName, organization);
        }
        params.distinguished_name.push(DnType::CommonName, &self.common_name);
        params.not_before = date(self.not_before)?;
        params.not_after = date(self.not_after)?;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![self.usage.clone()];
        params.use_authority_key_identifier_extension = true;
        Ok(params)
    }

    pub(crate) fn generate_key(&self) -> io::Result<KeyPair> {
        let algorithm = match self.key {
            KeyKind::EcP256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            KeyKind::EcP384 => &rcgen::PKCS_ECDSA_P384_SHA384,
            KeyKind::Rsa2048 => &rcgen::PKCS_RSA_SHA256,
        };
        KeyPair::generate_for(algorithm).map_err(io::Error::other)
    }
}

/// A moment as certificates write it, in whole seconds.
pub(crate) fn date(moment: SystemTime) -> io::Result<OffsetDateTime> {
    let seconds = match moment.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()),
        Err(before) => i64::try_from(before.duration().as_secs()).map(|seconds| -seconds),
    };
    let seconds = seconds.map_err(io::Error::other)?;
    OffsetDateTime::from_unix_timestamp(seconds).map_err(io::Error::other)
}
