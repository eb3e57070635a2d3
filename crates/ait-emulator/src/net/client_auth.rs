//! Client certificates: who is let in, and what the server thinks of what was shown.

use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};
use rustls_pki_types::{CertificateDer, UnixTime};

use super::der;
use super::response::Response;
use super::tls::sha256_hex;

/// What happens to a client without a valid certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClientAuth {
    /// The TLS handshake fails with an alert, as it does behind most load balancers.
    #[default]
    Required,
    /// The handshake succeeds, and each request is answered with status 400 and a page, as nginx does:
    /// "No required SSL certificate was sent" or "The SSL certificate error". Of the ways to start a server
    /// only [`http`](crate::ServerBuilder::http) answers by itself.
    Page,
    /// The client is let in. [`Request::client_certificate`](crate::Request::client_certificate) says what it
    /// showed.
    Optional,
}

/// What the server thinks of a client's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// From a trusted authority, and valid today.
    Good,
    /// Its last day has passed.
    Expired,
    /// Its first day has not come.
    NotYetValid,
    /// From another authority.
    Foreign,
    /// Not meant for clients, say, or malformed.
    Unfit,
}

/// The certificate a client has shown. In the handshake it has proved that it holds the key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClientCertificate {
    /// The common name of its subject.
    pub common_name: Option<String>,
    /// Its SHA-256 in lower-case hexadecimal digits.
    pub fingerprint: String,
    /// What the server thinks of it.
    pub verdict: Verdict,
}

/// How a server looks at its clients.
#[derive(Clone, Debug)]
pub(crate) struct Clients {
    pub(crate) auth: ClientAuth,
    pub(crate) verifier: Arc<dyn ClientCertVerifier>,
}

impl Clients {
    /// What goes into the settings of TLS.
    pub(crate) fn in_handshake(&self, provider: &CryptoProvider) -> Arc<dyn ClientCertVerifier> {
        match self.auth {
            ClientAuth::Required => Arc::clone(&self.verifier),
            ClientAuth::Page | ClientAuth::Optional => {
                Arc::new(LetIn { clients: self.clone(), provider: provider.clone() })
            }
        }
    }

    /// What was shown, judged anew for each connection: a resumed session repeats no handshake.
    pub(crate) fn judge(&self, chain: Option<&[CertificateDer<'_>]>) -> Option<ClientCertificate> {
        let (leaf, intermediates) = chain?.split_first()?;
        let verdict = match self.auth {
            ClientAuth::Required => Verdict::Good,
            ClientAuth::Page | ClientAuth::Optional => {
                verdict(self.verifier.verify_client_cert(leaf, intermediates, UnixTime::now()))
            }
        };
        let fingerprint = sha256_hex(leaf).unwrap_or_default();
        Some(ClientCertificate { common_name: der::common_name(leaf), fingerprint, verdict })
    }

    /// The page for this client, if it gets one.
    pub(crate) fn page(&self, shown: Option<&ClientCertificate>) -> Option<Response> {
        match (self.auth, shown.map(|certificate| certificate.verdict)) {
            (ClientAuth::Required | ClientAuth::Optional, _) | (_, Some(Verdict::Good)) => None,
            (ClientAuth::Page, None) => Some(page("No required SSL certificate was sent")),
            (ClientAuth::Page, Some(_)) => Some(page("The SSL certificate error")),
        }
    }
}

fn verdict(verified: Result<ClientCertVerified, Error>) -> Verdict {
    match verified {
        Ok(_) => Verdict::Good,
        Err(Error::InvalidCertificate(error)) => match error {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Verdict::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                Verdict::NotYetValid
            }
            // The second is an authority of the same name with another key.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => Verdict::Foreign,
            _ => Verdict::Unfit,
        },
        Err(_) => Verdict::Unfit,
    }
}

/// The page as nginx writes it with `server_tokens off`.
fn page(title: &str) -> Response {
    let page = format!(
        "<html>\r\n<head><title>400 {title}</title></head>\r\n<body>\r\n\
         <center><h1>400 Bad Request</h1></center>\r\n<center>{title}</center>\r\n\
         <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    );
    Response::html(400, page).header("server", "nginx").header("content-type", "text/html").close()
}

/// Lets every certificate through the handshake, and nobody who does not hold its key.
#[derive(Debug)]
struct LetIn {
    clients: Clients,
    provider: CryptoProvider,
}

impl ClientCertVerifier for LetIn {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    /// nginx names its authorities; a client may then keep the certificate of another one to itself. Where
    /// nothing is asked for, any will do.
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        match self.clients.auth {
            ClientAuth::Required | ClientAuth::Page => self.clients.verifier.root_hint_subjects(),
            ClientAuth::Optional => &[],
        }
    }

    fn verify_client_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
