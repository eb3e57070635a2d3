//! What `http()` plays after each request.

use std::time::Duration;

use super::response::Response;
use super::script::{End, Script};

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
    /// Does what the script says, byte by byte.
    Script(Script),
}

impl Reply {
    /// What is to be done on the wire.
    ///
    /// `with_body` is false for the answer to HEAD, which has the head of the answer to GET and no body;
    /// `keep` is false when the connection will be closed in any case.
    pub(crate) fn script(self, with_body: bool, keep: bool) -> Script {
        let answer = |script: Script, response: Response| {
            let response = if keep { response } else { response.close() };
            let end = if response.closes() { End::Close } else { End::Keep };
            script.write(response.encode(if with_body { usize::MAX } else { 0 })).then(end)
        };
        match self {
            Self::Answer(response) => answer(Script::new(), response),
            Self::Delayed(time, response) => answer(Script::new().pause(time), response),
            Self::Truncated { response, bytes } => {
                Script::new().write(response.encode(bytes)).then(End::Close)
            }
            Self::Close => Script::new().then(End::Close),
            Self::Reset => Script::new().then(End::Reset),
            Self::Hang => Script::new().then(End::Hang),
            Self::Script(script) => script,
        }
    }
}

impl From<Response> for Reply {
    fn from(response: Response) -> Self {
        Self::Answer(response)
    }
}

impl From<Script> for Reply {
    fn from(script: Script) -> Self {
        Self::Script(script)
    }
}
