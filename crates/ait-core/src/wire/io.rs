//! The stream between HTTP and TLS, where the gate stands.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use hyper_rustls::MaybeHttpsStream;
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

use super::{alert, line::Line};

/// What the dialer opens. `TokioIo` goes both ways: here it lends hyper's stream the traits of tokio.
pub(super) type Stream = TokioIo<MaybeHttpsStream<TokioIo<TcpStream>>>;

/// Sees application bytes only: handshake bytes pass below it.
pub(super) struct Io {
    stream: Stream,
    line: Arc<Line>,
}

impl Io {
    pub(super) fn new(stream: Stream, line: Arc<Line>) -> Self {
        Self { stream, line }
    }

    pub(super) fn line(&self) -> &Arc<Line> {
        &self.line
    }

    /// Pending as long as an unused stream has nothing to say, as it should. Ready means that it is closed or mad.
    pub(super) fn poll_closed(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut byte = [0_u8; 1];
        Pin::new(self).poll_read(cx, &mut ReadBuf::new(&mut byte)).map(|_| ())
    }

    // The far side may have sent an alert before it closed: a failed write is a reason to look for it.
    #[cold]
    fn look_behind(&mut self, cx: &mut Context<'_>, error: &io::Error) {
        alert::note(&self.line, error);
        if self.line.alert().is_none() && !self.line.is_answered() {
            let mut bytes = [0_u8; 512];
            let _ = Pin::new(self).poll_read(cx, &mut ReadBuf::new(&mut bytes));
        }
    }

    fn written<T>(&mut self, cx: &mut Context<'_>, result: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if let Poll::Ready(Err(error)) = &result {
            self.look_behind(cx, error);
        }
        result
    }
}

impl AsyncRead for Io {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(cx, buffer);
        match &result {
            Poll::Ready(Ok(())) if buffer.filled().len() > before => self.line.received(),
            Poll::Ready(Err(error)) => alert::note(&self.line, error),
            _ => {}
        }
        result
    }
}

impl AsyncWrite for Io {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if !self.line.enter() {
            return Poll::Ready(Err(withdrawn()));
        }
        let result = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.written(cx, result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if !self.line.enter() {
            return Poll::Ready(Err(withdrawn()));
        }
        let result = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.written(cx, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_flush(cx);
        self.written(cx, result)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cold]
fn withdrawn() -> io::Error {
    io::Error::other("the request was withdrawn before it was sent")
}
