//! The server side of TLS.

use std::io;
use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use super::client_auth::{ClientAuth, Clients};
use super::issued::Issued;

/// A version of TLS that a server offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TlsVersion {
    /// TLS 1.2.
    V1_2,
    /// TLS 1.3.
    V1_3,
}

impl TlsVersion {
    fn supported(self) -> &'static SupportedProtocolVersion {
        match self {
            Self::V1_2 => &rustls::version::TLS12,
            Self::V1_3 => &rustls::version::TLS13,
        }
    }
}

/// What a builder has been told about TLS.
#[derive(Clone, Debug)]
pub(crate) struct TlsOptions {
    pub(crate) server: Option<Issued>,
    pub(crate) client_auth: ClientAuth,
    /// The certificates of the authorities of clients, in PEM form. Without any, clients show none.
    pub(crate) client_authorities: Vec<String>,
    pub(crate) versions: Vec<TlsVersion>,
    pub(crate) resumption: bool,
}

/// What a server that speaks TLS needs for it.
pub(crate) struct Tls {
    pub(crate) config: Arc<ServerConfig>,
    /// `None` when clients are not asked for certificates.
    pub(crate) clients: Option<Clients>,
}

impl TlsOptions {
    /// `None` for a server that speaks plain HTTP.
    pub(crate) fn config(&self) -> io::Result<Option<Tls>> {
        let Some(server) = &self.server else {
            if self.client_authorities.is_empty() {
                return Ok(None);
            }
            let message = "client certificates need TLS: call tls() as well as require_client()";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        };
        let provider = provider();
        let clients = self.clients(&provider)?;
        let versions: Vec<_> = self.versions.iter().map(|version| version.supported()).collect();
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&versions)
            .map_err(io::Error::other)?;
        let builder = match &clients {
            None => builder.with_no_client_auth(),
            Some(clients) => builder.with_client_cert_verifier(clients.in_handshake(&provider)),
        };
        let key = PrivateKeyDer::from_pem_slice(server.key_pem.as_bytes()).map_err(io::Error::other)?;
        let mut config = builder.with_single_cert(certificates(server)?, key).map_err(io::Error::other)?;
        if !self.resumption {
            config.session_storage = Arc::new(NoServerSessionStorage {});
            config.send_tls13_tickets = 0;
        }
        Ok(Some(Tls { config: Arc::new(config), clients }))
    }

    fn clients(&self, provider: &Arc<CryptoProvider>) -> io::Result<Option<Clients>> {
        if self.client_authorities.is_empty() {
            return Ok(None);
        }
        let verifier = WebPkiClientVerifier::builder_with_provider(self.roots()?, Arc::clone(provider))
            .build()
            .map_err(io::Error::other)?;
        Ok(Some(Clients { auth: self.client_auth, verifier }))
    }

    fn roots(&self) -> io::Result<Arc<RootCertStore>> {
        let mut roots = RootCertStore::empty();
        for pem in &self.client_authorities {
            let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(io::Error::other)?;
            roots.add(certificate).map_err(io::Error::other)?;
        }
        Ok(Arc::new(roots))
    }
}

/// All of them, so that a test may append an intermediate to `certificate_pem`.
fn certificates(issued: &Issued) -> io::Result<Vec<CertificateDer<'static>>> {
    CertificateDer::pem_slice_iter(issued.certificate_pem.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(io::Error::other)
}

/// Passed on explicitly, for the process-wide default belongs to what is under test.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// SHA-256 in lower-case hexadecimal digits.
pub(crate) fn sha256_hex(octets: &[u8]) -> Option<String> {
    let suite = rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256.tls13()?;
    let hash = suite.common.hash_provider.hash(octets);
    Some(hash.as_ref().iter().map(|octet| format!("{octet:02x}")).collect())
}
