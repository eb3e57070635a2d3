//! What is written to a connection, and how it ends: the one value that all faults are made of.

use std::io;
use std::ops::{Bound, RangeBounds};
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

use super::response::Response;

/// What becomes of a connection after a [`Script`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum End {
    /// It goes on: with the next request, or, before HTTP, with the handshake. After a request that asked for
    /// the connection to be closed, it is closed.
    #[default]
    Keep,
    /// It is closed in order, `close_notify` and all.
    Close,
    /// It is ended with a TCP reset. What the client has not read yet may be lost; a pause before it gives the
    /// client time to read.
    Reset,
    /// Nothing more is said, until the client closes it or the server drains.
    Hang,
}

#[derive(Clone, Debug)]
enum Step {
    Write(Bytes),
    Pause(Duration),
}

/// Bytes to write with pauses between them, and how the connection ends. An empty one does nothing and keeps
/// the connection.
///
/// Every moment and effect is put together from the same few parts:
///
/// ```
/// use std::time::Duration;
/// use ait_emulator::{End, Response, Script};
///
/// let answer = Response::json(200, r#"{"resultType":"SUCCESS"}"#);
/// let second = Duration::from_secs(1);
/// // Reset after 20 bytes of the head.
/// let in_the_head = Script::new().head(&answer, ..20).then(End::Reset);
/// // Hang after 5 bytes of the body.
/// let in_the_body = Script::new().head(&answer, ..).body(&answer, ..5).then(End::Hang);
/// // All of it, and then a reset.
/// let after_it = Script::new().answer(&answer).pause(second).then(End::Reset);
/// // Twice.
/// let twice = Script::new().answer(&answer).answer(&answer);
/// // Slow in the middle of the body.
/// let slow = Script::new().head(&answer, ..).body(&answer, ..5).pause(second).body(&answer, 5..);
/// # let _ = (in_the_head, in_the_body, after_it, twice, slow);
/// ```
///
/// It is written as it stands: to HEAD too with a body, and without the `connection: close` that other replies
/// add when the connection is to be closed.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Script {
    steps: Vec<Step>,
    end: End,
}

impl Script {
    /// A script that does nothing and keeps the connection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes these bytes at once.
    pub fn write(mut self, bytes: impl Into<Bytes>) -> Self {
        self.steps.push(Step::Write(bytes.into()));
        self
    }

    /// Waits.
    pub fn pause(mut self, time: Duration) -> Self {
        self.steps.push(Step::Pause(time));
        self
    }

    /// Writes a whole response at once.
    pub fn answer(self, response: &Response) -> Self {
        self.write(response.encode(usize::MAX))
    }

    /// Writes a part of the head, its empty line included. What lies beyond its end is left out.
    pub fn head(self, response: &Response, part: impl RangeBounds<usize>) -> Self {
        self.write(cut(&response.encode(0).into(), &part))
    }

    /// Writes a part of the body. What lies beyond its end is left out. A response made by [`Response::raw`]
    /// counts as all body.
    pub fn body(self, response: &Response, part: impl RangeBounds<usize>) -> Self {
        self.write(cut(response.body(), &part))
    }

    /// Says how the connection ends.
    pub fn then(mut self, end: End) -> Self {
        self.end = end;
        self
    }

    pub(crate) fn end(&self) -> End {
        self.end
    }

    /// Writes and waits; the end is left to the caller.
    pub(crate) async fn play(self, stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> io::Result<()> {
        for step in self.steps {
            match step {
                Step::Write(bytes) => {
                    stream.write_all(&bytes).await?;
                    stream.flush().await?;
                }
                Step::Pause(time) => tokio::time::sleep(time).await,
            }
        }
        Ok(())
    }
}

/// The part of the bytes that there is.
fn cut(bytes: &Bytes, part: &impl RangeBounds<usize>) -> Bytes {
    let start = match part.start_bound() {
        Bound::Included(&at) => at,
        Bound::Excluded(&at) => at.saturating_add(1),
        Bound::Unbounded => 0,
    };
    let end = match part.end_bound() {
        Bound::Included(&at) => at.saturating_add(1),
        Bound::Excluded(&at) => at,
        Bound::Unbounded => usize::MAX,
    };
    let end = end.min(bytes.len());
    bytes.slice(start.min(end)..end)
}
