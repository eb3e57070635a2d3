//! reqwest with `serde_json`, set up with care: the same TLS, HTTP/1.1, a time-out.

use reqwest::{
    Client, ClientBuilder, Url,
    header::{ACCEPT, HeaderValue},
};

use super::{
    load::Caller,
    payment::{Body, Envelope, PATIENCE, READ_PATH, USER, USER_AGENT, WRITE_PATH},
};
use crate::{Failure, setup::Setup};

/// A client of reqwest. The URL is parsed once.
#[derive(Clone)]
pub(super) struct Reqwest {
    client: Client,
    url: Url,
}

fn builder(setup: &Setup) -> Result<ClientBuilder, Failure> {
    Ok(Client::builder()
        .tls_backend_preconfigured(setup.tls()?)
        .http1_only()
        .no_proxy()
        .timeout(PATIENCE)
        .user_agent(USER_AGENT))
}

impl Reqwest {
    /// Keeps connections.
    pub(super) fn pooled(setup: &Setup, url: &str) -> Result<Self, Failure> {
        Ok(Self { client: builder(setup)?.build()?, url: format!("{url}{READ_PATH}").parse()? })
    }

    /// Keeps none.
    pub(super) fn fresh(setup: &Setup, url: &str) -> Result<Self, Failure> {
        let client = builder(setup)?.pool_max_idle_per_host(0).build()?;
        Ok(Self { client, url: format!("{url}{WRITE_PATH}").parse()? })
    }
}

impl Caller for Reqwest {
    async fn call(&self) -> Result<(), Failure> {
        let request = self
            .client
            .post(self.url.clone())
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .header("x-toss-user-key", USER)
            .json(&Body::SAMPLE);
        let response = request.send().await?.error_for_status()?;
        response.json::<Envelope>().await?.check()
    }
}
