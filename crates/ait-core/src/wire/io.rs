//! The stream between HTTP and TLS, where the gate stands.

use std::{
    future::poll_fn,
    io::{self, IoSlice, Read as _},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use hyper_rustls::MaybeHttpsStream;
use hyper_util::rt::TokioIo;
use rustls::ProtocolVersion;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

use super::{
    alert,
    conn::BODY_CAP,
    line::{Alert, Line},
};

/// The most bytes that are read for one answer, heads and chunk marks included.
const RECEIVED_CAP: usize = BODY_CAP + 512 * 1024;
/// How long a far side that has not hung up is heard out.
const HEARING: Duration = Duration::from_secs(1);

/// What the dialer opens. `TokioIo` goes both ways: here it lends hyper's stream the traits of tokio.
pub(super) type Stream = TokioIo<MaybeHttpsStream<TokioIo<TcpStream>>>;

/// Sees application bytes only: handshake bytes pass below it.
pub(super) struct Io {
    stream: Stream,
    line: Arc<Line>,
    /// How the stream broke, while there is something left to read that came before.
    broken: Option<io::Error>,
}

impl Io {
    pub(super) fn new(stream: Stream, line: Arc<Line>) -> Self {
        Self { stream, line, broken: None }
    }

    pub(super) fn line(&self) -> &Arc<Line> {
        &self.line
    }

    /// Pending as long as an unused stream has nothing to say, as it should. Ready means that it is closed or mad.
    pub(super) fn poll_closed(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut byte = [0_u8; 1];
        Pin::new(self).poll_read(cx, &mut ReadBuf::new(&mut byte)).map(|_| ())
    }

    /// After a broken exchange: reads what the far side said before it hung up, in case it said why.
    pub(super) async fn hear_out(mut self: Box<Self>) {
        // The runtime may not have heard yet what has arrived.
        tokio::task::yield_now().await;
        let to_the_end = async {
            let mut bytes = [0_u8; 512];
            while !self.line.is_answered() {
                let mut buffer = ReadBuf::new(&mut bytes);
                let read = poll_fn(|cx| Pin::new(&mut self).poll_read(cx, &mut buffer)).await;
                if read.is_err() || buffer.filled().is_empty() {
                    return;
                }
            }
        };
        // Whoever has hung up has nothing more to say; whoever has not is not waited for.
        let _ = tokio::time::timeout(HEARING, to_the_end).await;
    }

    // Notes the alert behind an error, and whether it came before the far side had finished the handshake. In TLS 1.2
    // that is over before this stream exists; in TLS 1.3 a session ticket shows that the server is through with it.
    #[cold]
    fn note(&self, error: &io::Error) {
        let in_handshake = match self.stream.inner() {
            MaybeHttpsStream::Http(_) => false,
            MaybeHttpsStream::Https(tls) => {
                let session = tls.inner().get_ref().1;
                session.protocol_version() == Some(ProtocolVersion::TLSv1_3)
                    && session.tls13_tickets_received() == 0
            }
        };
        if let Some(description) = alert::in_io(error) {
            self.line.note(Alert { description, in_handshake });
        }
    }

    /// Reads what was decrypted before the stream broke: TLS reports an alert before the data that came with it.
    #[cold]
    fn rescue(&mut self, buffer: &mut ReadBuf<'_>) -> usize {
        let MaybeHttpsStream::Https(tls) = self.stream.inner_mut() else { return 0 };
        let session = tls.inner_mut().get_mut().1;
        // An error says that nothing is left.
        let read = session.reader().read(buffer.initialize_unfilled()).unwrap_or_default();
        buffer.advance(read);
        read
    }

    fn heard<T>(&self, result: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if let Poll::Ready(Err(error)) = &result {
            self.note(error);
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
        let mut result = match self.broken.take() {
            Some(error) => Poll::Ready(Err(error)),
            None => Pin::new(&mut self.stream).poll_read(cx, buffer),
        };
        if let Poll::Ready(Err(error)) = result {
            self.note(&error);
            result = if self.rescue(buffer) > 0 {
                self.broken = Some(error);
                Poll::Ready(Ok(()))
            } else {
                Poll::Ready(Err(error))
            };
        }
        let more = buffer.filled().len() - before;
        if more > 0 && self.line.received(more) > RECEIVED_CAP {
            return Poll::Ready(Err(io::Error::other("the server sends without end")));
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
        self.heard(result)
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
        self.heard(result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_flush(cx);
        self.heard(result)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cold]
fn withdrawn() -> io::Error {
    io::Error::other("the request was withdrawn before it was sent")
}

#[cfg(test)]
mod tests {
    use std::io::IoSlice;

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
    };

    use super::{Arc, Io, Line, MaybeHttpsStream, TokioIo};

    /// A stream without TLS, and its far side.
    async fn pair() -> (Io, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let near = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (far, _) = listener.accept().await.unwrap();
        let stream = TokioIo::new(MaybeHttpsStream::Http(TokioIo::new(near)));
        (Io::new(stream, Arc::new(Line::new())), far)
    }

    // HTTP takes one of the two ways to write, as it likes.
    #[tokio::test]
    async fn nothing_is_written_once_the_request_was_withdrawn() {
        for vectored in [false, true] {
            let (mut io, mut far) = pair().await;
            assert!(io.line().withdraw());
            let result = if vectored {
                io.write_vectored(&[IoSlice::new(b"a"), IoSlice::new(b"b")]).await
            } else {
                io.write(b"ab").await
            };
            assert!(result.unwrap_err().to_string().contains("withdrawn"), "vectored: {vectored}");
            drop(io);
            assert_eq!(far.read(&mut [0; 8]).await.unwrap(), 0, "vectored: {vectored}");
        }
    }

    #[tokio::test]
    async fn nothing_can_be_withdrawn_once_it_was_written() {
        for vectored in [false, true] {
            let (mut io, _far) = pair().await;
            let written = if vectored {
                io.write_vectored(&[IoSlice::new(b"a")]).await.unwrap()
            } else {
                io.write(b"a").await.unwrap()
            };
            assert_eq!(written, 1);
            assert!(!io.line().withdraw(), "vectored: {vectored}");
        }
    }
}
