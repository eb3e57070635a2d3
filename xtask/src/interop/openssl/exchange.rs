//! One call against one server.

use std::time::Duration;

use ait_core::{Client, Error, Identity, Kind, Outcome, Trust};
use snafu::Report;
use tokio::time::timeout;

use super::super::echo::{self, MARK, Verb};
use super::super::pki::{Form, Pki};
use super::Scene;
use super::server::{Server, Setup};

/// Longer than the deadline of the calls.
const LIMIT: Duration = Duration::from_secs(40);

/// What came of a call, seen from both sides.
pub(super) struct Exchange {
    /// What our client says.
    pub(super) result: Result<String, Error>,
    /// The request that the server got.
    pub(super) request: Option<String>,
    /// All that the server printed.
    pub(super) printed: String,
}

/// Makes one call with `text` against a server of its own.
pub(super) async fn exchange(
    scene: &Scene,
    setup: &Setup<'_>,
    caller: (Trust, Option<Identity>),
    verb: Verb,
    text: &str,
) -> Result<Exchange, String> {
    let mut server = Server::start(&scene.tool, setup).await?;
    let client = echo::client(server.port(), caller.0, caller.1).map_err(shown)?;
    let both = timeout(LIMIT, play(&mut server, &client, verb, text)).await;
    let printed = server.printed();
    // A kept connection goes with the client, the server with `stop`.
    drop(client);
    server.stop().await;
    let (result, request) = both.map_err(|_elapsed| format!("no end within {LIMIT:?}; {printed}"))??;
    Ok(Exchange { result, request, printed })
}

type Played = (Result<String, Error>, Option<String>);

async fn play(server: &mut Server, client: &Client, verb: Verb, text: &str) -> Result<Played, String> {
    let answer = echo::answer(text);
    let (result, request) = tokio::join!(verb.call(client, text), server.answer(&answer));
    Ok((result, request.map_err(|error| format!("s_server cannot be used: {error}"))?))
}

/// How a call is expected to fail, the same for all that are.
pub(super) struct Expected {
    pub(super) kind: Kind,
    /// A part of the message.
    pub(super) says: &'static str,
}

impl Expected {
    /// Checks both sides: the error, and that no byte of the request got to the server's eyes.
    pub(super) fn check(&self, exchange: &Exchange) -> Result<(), String> {
        let Self { kind, says } = self;
        let wanted = format!("{kind:?} {:?} with `{says}`", Outcome::NotSent);
        match &exchange.result {
            Ok(text) => return Err(format!("expected {wanted}, got the answer `{text}`")),
            Err(error) => self.check_error(error).map_err(|got| format!("expected {wanted}, got {got}"))?,
        }
        if exchange.printed.contains(MARK) {
            return Err(format!("expected no request at the server, got:\n{}", exchange.printed));
        }
        Ok(())
    }

    /// Checks the error alone; the error is what came.
    pub(super) fn check_error(&self, error: &Error) -> Result<(), String> {
        let as_expected = error.kind() == self.kind
            && error.outcome() == Outcome::NotSent
            && error.to_string().contains(self.says);
        if as_expected { Ok(()) } else { Err(describe(error)) }
    }
}

/// The identity in two files of a set.
pub(super) fn identity(pki: &Pki, form: Form) -> Result<Identity, String> {
    Identity::from_pem_files(pki.certificate(form), pki.key(form)).map_err(shown)
}

/// Trust in nobody but the authority of a set.
pub(super) fn trust(pki: &Pki) -> Result<Trust, String> {
    let pem = std::fs::read(pki.authority()).map_err(|error| error.to_string())?;
    Trust::pem(pem).map_err(shown)
}

/// An error with all that is below it, on one line.
pub(super) fn describe(error: &Error) -> String {
    let text = Report::from_error(error).to_string();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    format!("{:?} {:?}: {}", error.kind(), error.outcome(), lines.join(" | "))
}

#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
fn shown(error: Error) -> String {
    format!("could not be set up: {}", describe(&error))
}
