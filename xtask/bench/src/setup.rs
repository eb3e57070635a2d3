//! What a client needs to know to reach the server, and the TLS configuration of the peers.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use serde::{Deserialize, Serialize};

use crate::Failure;

/// Handed from the server to every client, as one line of JSON through pipes: the key touches no disk.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Setup {
    /// `https://127.0.0.1:port`. An address, so that nobody's resolver is measured.
    pub(crate) url: String,
    /// The same server as seen through a relay with 20 ms of round trip.
    pub(crate) far_url: String,
    /// The authority that signed both certificates, in PEM.
    pub(crate) authority: String,
    /// The client's certificate, in PEM.
    pub(crate) certificate: String,
    /// The client's key, in PEM.
    pub(crate) key: String,
}

impl Setup {
    /// The configuration of the peers: what ours builds from the same parts.
    pub(crate) fn tls(&self) -> Result<ClientConfig, Failure> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.authority.as_bytes())?)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let chain = vec![CertificateDer::from_pem_slice(self.certificate.as_bytes())?];
        let key = PrivateKeyDer::from_pem_slice(self.key.as_bytes())?;
        Ok(ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_client_auth_cert(chain, key)?)
    }
}
