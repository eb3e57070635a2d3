//! One connection of HTTP, from its first request to its end.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::body;
use super::close;
use super::connection::Connection;
use super::rejected::{Rejected, rejected};
use super::reply::Reply;
use super::request::Request;
use super::response::Response;
use super::script::End;

/// How long a client may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeouts {
    /// Between two requests, and before the first.
    pub(crate) idle: Duration,
    /// From the first byte of a head to its last.
    pub(crate) head: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { idle: Duration::from_secs(75), head: Duration::from_secs(30) }
    }
}

/// What a client wants next.
enum Next {
    Request(Box<Request>),
    /// It gets this answer, whatever it wants, and the connection ends.
    Refusal(Response),
    Nothing,
}

/// Serves one connection to its end.
pub(crate) async fn serve<F, Fut>(mut connection: Connection, handler: &F) -> io::Result<()>
where
    F: Fn(Request) -> Fut,
    Fut: Future<Output = Reply>,
{
    let shared = Arc::clone(&connection.shared);
    let idle = shared.timeouts.idle;
    // Both last as long as the connection: to set them up for each request would cost more than to parse it.
    let mut alarm = pin!(tokio::time::sleep(idle));
    let mut draining = pin!(shared.until_draining());
    loop {
        let since = Instant::now();
        let begun = loop {
            tokio::select! {
                // A request that is there already is answered, drain or not.
                biased;
                begun = connection.read_first() => break begun?,
                () = &mut alarm => match idle.checked_sub(since.elapsed()) {
                    Some(rest) => alarm.as_mut().reset(Instant::now() + rest),
                    None => break false,
                },
                _ = &mut draining => break false,
            }
        };
        if !begun {
            break;
        }
        let request = match next(&mut connection).await? {
            Next::Request(request) => request,
            Next::Refusal(response) => {
                connection.respond(&response.close()).await?;
                break;
            }
            Next::Nothing => break,
        };
        let (keeps_alive, with_body) = (request.keeps_alive(), request.method != "HEAD");
        let reply = handler(*request).await;
        let keep = keeps_alive && !shared.is_draining();
        let script = reply.script(with_body, keep);
        let end = script.end();
        script.play(&mut connection).await?;
        match end {
            End::Keep if keep => {}
            End::Keep | End::Close => break,
            End::Reset => {
                connection.reset();
                return Ok(());
            }
            End::Hang => {
                close::hang(&mut connection, &shared).await;
                return Ok(());
            }
        }
    }
    connection.close().await;
    Ok(())
}

async fn next(connection: &mut Connection) -> io::Result<Next> {
    match read(connection).await {
        Ok(next) => Ok(next),
        Err(error) => match Rejected::of(&error) {
            Some(rejected) => Ok(Next::Refusal(Response::text(rejected.status, rejected.reason))),
            None => Err(error),
        },
    }
}

async fn read(connection: &mut Connection) -> io::Result<Next> {
    let limit = connection.shared.timeouts.head;
    let Ok(head) = tokio::time::timeout(limit, connection.read_head()).await else {
        return Err(rejected(408, "the head of the request did not arrive in time"));
    };
    let Some(mut request) = head? else { return Ok(Next::Nothing) };
    let clients = connection.shared.tls.as_ref().and_then(|tls| tls.clients.as_ref());
    if let Some(page) = clients.and_then(|clients| clients.page(connection.client_certificate())) {
        return Ok(Next::Refusal(page));
    }
    body::read(connection, &mut request).await?;
    Ok(Next::Request(Box::new(request)))
}
