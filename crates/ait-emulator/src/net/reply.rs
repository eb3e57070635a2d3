//! What `http()` plays after each request.

use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::io::AsyncWriteExt;

use super::close;
use super::connection::Connection;
use super::request::Request;
use super::response::Response;

/// What a server does after it has read a request in full.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Reply {
    /// Answers, and keeps the connection unless the request or the response says otherwise.
    Answer(Response),
    /// Closes in order, `close_notify` and all, without an answer.
    Close,
    /// Resets the TCP connection.
    Reset,
    /// Says nothing and holds the connection until the client closes it.
    Hang,
    /// Writes the head, so many bytes of the body, and closes in order.
    Truncated {
        /// The response whose beginning is written. One made by [`Response::raw`] counts as all body.
        response: Response,
        /// How many bytes of its body are written.
        bytes: usize,
    },
    /// Answers after a while.
    Delayed(Duration, Response),
}

/// Serves one connection to its end.
pub(crate) async fn serve<F, Fut>(mut connection: Connection, handler: &F) -> io::Result<()>
where
    F: Fn(Request) -> Fut,
    Fut: Future<Output = Reply>,
{
    loop {
        let request = match connection.read_request().await {
            Ok(Some(request)) => request,
            Ok(None) => break,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                connection.respond(&Response::html(400, error.to_string()).close()).await?;
                break;
            }
            Err(error) => return Err(error),
        };
        let keeps_alive = request.keeps_alive();
        // The answer to HEAD has the head of the answer to GET and no body.
        let limit = if request.method == "HEAD" { 0 } else { usize::MAX };
        let (response, limit) = match handler(request).await {
            Reply::Answer(response) => (response, limit),
            Reply::Delayed(delay, response) => {
                tokio::time::sleep(delay).await;
                (response, limit)
            }
            Reply::Truncated { response, bytes } => {
                connection.write_all(&response.encode(bytes)).await?;
                break;
            }
            Reply::Close => break,
            Reply::Reset => {
                connection.reset();
                return Ok(());
            }
            Reply::Hang => {
                close::discard(&mut connection).await;
                return Ok(());
            }
        };
        let response = if keeps_alive { response } else { response.close() };
        connection.write_all(&response.encode(limit)).await?;
        connection.flush().await?;
        if response.closes() {
            break;
        }
    }
    connection.close().await;
    Ok(())
}
