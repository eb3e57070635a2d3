//! Whom we trust, and how we say who we are.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore, sign::SingleCertAndKey};
use rustls_pki_types::{CertificateDer, pem::PemObject};

use crate::{Error, Identity, Provider};

/// Whose certificates are believed when a server shows one.
///
/// The default is the web's usual roots, compiled in. Toss's servers verify with them.
#[derive(Clone, Debug)]
pub struct Trust(RootCertStore);

impl Default for Trust {
    fn default() -> Self {
        Self::web()
    }
}

impl Trust {
    /// The web's usual roots, as Mozilla keeps them, compiled in.
    #[must_use]
    pub fn web() -> Self {
        Self(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() })
    }

    /// The operating system's store, read now.
    ///
    /// # Errors
    ///
    /// If the store yields no certificate at all.
    #[cfg(feature = "native-roots")]
    pub fn native() -> Result<Self, Error> {
        let mut roots = RootCertStore::empty();
        let found = rustls_native_certs::load_native_certs();
        let (added, _ignored) = roots.add_parsable_certificates(found.certs);
        if added == 0 {
            return Err(Error::config(
                "trust: the operating system's store holds no certificate; use Trust::web()",
            ));
        }
        Ok(Self(roots))
    }

    /// Only these certificate authorities, in PEM: for a local test server or a company proxy that opens TLS.
    ///
    /// # Errors
    ///
    /// If the text holds no certificate, or one that cannot be a trust anchor.
    pub fn pem(authorities: impl AsRef<[u8]>) -> Result<Self, Error> {
        let mut roots = RootCertStore::empty();
        for authority in CertificateDer::pem_slice_iter(authorities.as_ref()) {
            let damaged = |_| {
                Error::config("trust: the PEM of a certificate authority is damaged; copy it again whole")
            };
            roots.add(authority.map_err(damaged)?).map_err(|_| {
                let what = "trust: a certificate cannot be an authority: it is damaged, or no X.509 certificate; pass the \
                            CA's own certificate, whole";
                Error::config(what)
            })?;
        }
        if roots.is_empty() {
            return Err(Error::config(
                "trust: found no certificate, expected PEM (-----BEGIN CERTIFICATE-----)",
            ));
        }
        Ok(Self(roots))
    }

    /// Both what this and what `other` trusts.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.roots.extend(other.0.roots);
        self
    }
}

pub(super) fn config(
    provider: Provider,
    trust: &Trust,
    identity: Option<&Identity>,
) -> Result<Arc<ClientConfig>, Error> {
    let builder = ClientConfig::builder_with_provider(provider.rustls()?)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::config(format!("provider: {error}")))?
        .with_root_certificates(trust.0.clone());
    Ok(Arc::new(match identity {
        None => builder.with_no_client_auth(),
        Some(identity) => {
            builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(identity.certified_key())))
        }
    }))
}
