//! The server: a process of its own, so that its work counts for nobody.

use std::time::Duration;

use ait_emulator::{Authority, KeyKind, Leaf, Relay, Reply, Response, Server};
use tokio::io::{AsyncReadExt, stdin};

use crate::{Failure, setup::Setup};

/// Half of the simulated round trip.
const ONE_WAY: Duration = Duration::from_millis(10);

/// The answer to everything: the sample of the documentation.
const ANSWER: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/tosspay/execute-payment.response.json");

/// Prints where it listens and serves until its standard input ends, which it does with the parent.
pub(crate) fn run() -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(serve())
}

async fn serve() -> Result<(), Failure> {
    let authority = Authority::new("Bench CA")?;
    let own = authority.issue(&Leaf::server(&["localhost", "127.0.0.1"]).key(KeyKind::Rsa2048))?;
    let client = authority.issue(&Leaf::client("bench").key(KeyKind::Rsa2048))?;
    let answer = std::fs::read_to_string(ANSWER)?;
    let server = Server::builder()
        .tls(&own)
        .require_client(&authority)
        .http(move |_| {
            let answer = answer.clone();
            async move { Reply::Answer(Response::json(200, answer)) }
        })
        .await?;
    let relay = Relay::start(server.addr(), ONE_WAY)?;
    let setup = Setup {
        url: format!("https://{}", server.addr()),
        far_url: format!("https://{}", relay.addr()),
        authority: authority.pem().to_owned(),
        certificate: client.certificate_pem.clone(),
        key: client.key_pem.clone(),
    };
    println!("{}", serde_json::to_string(&setup)?);
    stdin().read_to_end(&mut Vec::new()).await?;
    Ok(())
}
