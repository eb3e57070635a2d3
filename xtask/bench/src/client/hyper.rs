//! A client written by hand on hyper, by somebody who knows it well.

use bytes::Bytes;
use http::{HeaderValue, Request, Response, Uri, header};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, client::conn::http1};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::time::timeout;
use tower_service::Service;

use super::{
    load::Caller,
    payment::{self, Body, Envelope, PATIENCE, READ_PATH, WRITE_PATH},
};
use crate::{Failure, setup::Setup};

type Connector = HttpsConnector<HttpConnector>;

fn connector(setup: &Setup) -> Result<Connector, Failure> {
    let mut tcp = HttpConnector::new();
    tcp.set_nodelay(true);
    tcp.enforce_http(false);
    let builder = HttpsConnectorBuilder::new().with_tls_config(setup.tls()?).https_only().enable_http1();
    Ok(builder.wrap_connector(tcp))
}

async fn read(response: Response<Incoming>) -> Result<Bytes, Failure> {
    if !response.status().is_success() {
        return Err(format!("status {}", response.status()).into());
    }
    Ok(response.into_body().collect().await?.to_bytes())
}

fn decode(bytes: &[u8]) -> Result<(), Failure> {
    serde_json::from_slice::<Envelope>(bytes)?.check()
}

/// The pooled client of hyper-util. The URI is parsed once.
#[derive(Clone)]
pub(super) struct Pooled {
    client: Client<Connector, Full<Bytes>>,
    uri: Uri,
}

impl Pooled {
    /// Calls to this server.
    pub(super) fn new(setup: &Setup, url: &str) -> Result<Self, Failure> {
        let client = Client::builder(TokioExecutor::new()).build(connector(setup)?);
        Ok(Self { client, uri: format!("{url}{READ_PATH}").parse()? })
    }
}

impl Caller for Pooled {
    async fn call(&self) -> Result<(), Failure> {
        let body = serde_json::to_vec(&Body::SAMPLE)?;
        let request = payment::headers(Request::post(self.uri.clone())).body(Full::new(Bytes::from(body)))?;
        let exchange = async { read(self.client.request(request).await?).await };
        decode(&timeout(PATIENCE, exchange).await??)
    }
}

/// A bare connection for each call, with TLS sessions resumed.
#[derive(Clone)]
pub(super) struct Fresh {
    connector: Connector,
    uri: Uri,
    host: HeaderValue,
}

impl Fresh {
    /// Calls to this server.
    pub(super) fn new(setup: &Setup, url: &str) -> Result<Self, Failure> {
        let uri: Uri = format!("{url}{WRITE_PATH}").parse()?;
        let host = HeaderValue::from_str(uri.authority().ok_or("the URL has no host")?.as_str())?;
        Ok(Self { connector: connector(setup)?, uri, host })
    }
}

impl Caller for Fresh {
    async fn call(&self) -> Result<(), Failure> {
        let body = serde_json::to_vec(&Body::SAMPLE)?;
        let request = payment::headers(Request::post(WRITE_PATH))
            .header(header::HOST, self.host.clone())
            .header(header::CONNECTION, HeaderValue::from_static("close"))
            .body(Full::new(Bytes::from(body)))?;
        let exchange = async {
            let stream = self.connector.clone().call(self.uri.clone()).await?;
            let (mut sender, connection) = http1::handshake(stream).await?;
            // As hyper's own examples do: it ends by itself when the exchange is over.
            tokio::spawn(connection);
            read(sender.send_request(request).await?).await
        };
        decode(&timeout(PATIENCE, exchange).await??)
    }
}
