//! One connection for each call, and all that comes over it.

use std::{fmt, io, sync::Arc, time::Duration};

use ait_emulator::{Emulator, Issued};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

/// Nothing takes so long.
const WATCHDOG: Duration = Duration::from_secs(60);

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// In order, with the `close_notify` of TLS.
    Closed,
    Reset,
    /// Only when the client had ended its side, and without a word.
    Hung,
    NoHandshake,
}

/// What came over a connection.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) text: String,
    pub(crate) ending: Ending,
}

impl Heard {
    pub(crate) fn status(&self) -> u16 {
        let status = self.text.split(' ').nth(1).unwrap_or_else(|| panic!("no answer: {self:?}"));
        status.parse().unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        found.unwrap_or_else(|| panic!("no {name}: {self:?}"))
    }

    pub(crate) fn body(&self) -> &str {
        self.text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no body: {self:?}")).1
    }
}

/// A client.
#[derive(Clone)]
pub(crate) struct Wire {
    port: u16,
    ca_pem: String,
    client: Option<Issued>,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a client of port {}", self.port)
    }
}

impl Wire {
    pub(crate) fn to(emulator: &Emulator) -> Self {
        Self::at(emulator, &emulator.url())
    }

    pub(crate) fn to_brandpay(emulator: &Emulator) -> Self {
        Self::at(emulator, &emulator.brandpay_url())
    }

    fn at(emulator: &Emulator, url: &str) -> Self {
        let port = url.rsplit(':').next().unwrap().parse().unwrap();
        let credentials = emulator.credentials();
        Self { port, ca_pem: credentials.ca_pem.clone(), client: Some(credentials.client.clone()) }
    }

    pub(crate) fn showing(mut self, client: Option<&Issued>) -> Self {
        self.client = client.cloned();
        self
    }

    /// As a user.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Heard {
        self.send("POST", path, &[("x-toss-user-key", "443731104")], &body.to_string()).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Heard {
        let mut request = format!("{method} {path} HTTP/1.1\r\ncontent-length: {}\r\n", body.len());
        if !headers.iter().any(|(name, _)| *name == "host") {
            request += "host: localhost\r\n";
        }
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += &format!("\r\n{body}");
        tokio::time::timeout(WATCHDOG, self.exchange(&request)).await.expect("the call took far too long")
    }

    /// The client ends its side after the request, so that the server ends its own once it has said all.
    async fn exchange(&self, request: &str) -> Heard {
        let refused = Heard { text: String::new(), ending: Ending::NoHandshake };
        let Ok(tcp) = TcpStream::connect(("127.0.0.1", self.port)).await else { return refused };
        let name = ServerName::try_from("localhost").unwrap();
        let Ok(mut stream) = self.connector().connect(name, tcp).await else { return refused };
        // What cannot be sent shows in what is read.
        let _ = stream.write_all(request.as_bytes()).await;
        let _ = stream.shutdown().await;
        let mut text = Vec::new();
        let ending = match stream.read_to_end(&mut text).await {
            Ok(_) => Ending::Closed,
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => Ending::Reset,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ending::Hung,
            // In TLS 1.3 the server says so only now.
            Err(_) => Ending::NoHandshake,
        };
        Heard { text: String::from_utf8(text).unwrap(), ending }
    }

    fn connector(&self) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.ca_pem.as_bytes()).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let config = match &self.client {
            None => builder.with_no_client_auth(),
            Some(issued) => {
                let certificate = CertificateDer::from_pem_slice(issued.certificate_pem.as_bytes()).unwrap();
                let key = PrivateKeyDer::from_pem_slice(issued.key_pem.as_bytes()).unwrap();
                builder.with_client_auth_cert(vec![certificate], key).unwrap()
            }
        };
        TlsConnector::from(Arc::new(config))
    }
}
