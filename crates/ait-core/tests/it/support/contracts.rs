//! What the contracts of the wire share: the claims themselves, and the simplest servers to test them against.

use std::time::Duration;

use ait_core::{Error, Kind, Outcome};
use ait_emulator::{Connection, Reply, Response};
use tokio::sync::mpsc;

use super::{Count, Pay, Receipt, World, success, within};

/// Long enough for a test that does not wait for it to pass.
pub(crate) const AMPLE: Duration = Duration::from_secs(25);
/// Short enough for a test that waits for it to pass.
pub(crate) const SHORT: Duration = Duration::from_millis(300);

#[track_caller]
pub(crate) fn assert_not_sent(error: &Error, kind: Kind) {
    assert_eq!((error.kind(), error.outcome()), (kind, Outcome::NotSent), "{error}");
    assert!(error.is_safe_to_resend());
    assert_eq!(error.settled_by(), None);
    assert!(error.to_string().ends_with("; not sent"), "{error}");
}

#[track_caller]
pub(crate) fn assert_unknown(error: &Error, kind: Kind) {
    assert_eq!((error.kind(), error.outcome()), (kind, Outcome::Unknown), "{error}");
    assert!(!error.is_safe_to_resend());
    assert_eq!(error.settled_by(), Some("test.look"));
    assert_eq!(error.attempts(), 1, "a write that may have happened is not sent again");
    assert!(error.to_string().ends_with("; outcome unknown, ask test.look"), "{error}");
}

/// A write to a server that does the same with each request. Also says how many requests the server read.
pub(crate) async fn pay_against(world: &World, reply: Reply) -> (Result<Receipt, Error>, usize) {
    let requests = Count::default();
    let count = requests.clone();
    let server = world.server().http(move |_| {
        count.one();
        let reply = reply.clone();
        async move { reply }
    });
    let server = server.await.unwrap();
    let result = within(world.client(&server).call(Pay::new(7)).deadline(AMPLE)).await;
    (result, requests.get())
}

pub(crate) fn raw(bytes: impl Into<String>) -> Response {
    Response::raw(bytes.into())
}

/// All of a response and then the end of the connection, whatever the response announces.
pub(crate) fn cut(response: Response) -> Reply {
    Reply::Truncated { response, bytes: usize::MAX }
}

/// Serves a connection until the client closes it. Says which connection each request came on.
pub(crate) async fn serve(mut connection: Connection, seen: mpsc::UnboundedSender<u64>) {
    while let Ok(Some(request)) = connection.read_request().await {
        seen.send(connection.number()).unwrap();
        let id = request.headers["x-toss-user-key"].to_str().unwrap().parse().unwrap();
        connection.respond(&success(id)).await.unwrap();
    }
}
