//! One connection and the exchange on it, driven inside the caller's future: dropping the call closes the socket.

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, Waker},
};

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use http_body::Body as _;
use http_body_util::Full;
use hyper::{
    body::Incoming,
    client::conn::http1::{self, Connection, SendRequest},
};
use hyper_util::rt::TokioIo;

use super::{io::Io, kept::Kept, line::Line};
use crate::{dialect::Reply, error::BoxError};

/// The longest answer that is read. The longest documented one has a few thousand bytes.
pub(super) const BODY_CAP: usize = 2 * 1024 * 1024;

/// Why an exchange came to nothing.
#[derive(Debug)]
pub(super) enum Broken {
    /// The connection could not be opened.
    Dial(BoxError),
    /// The connection could not be opened in time.
    Slow,
    /// The answer is too long.
    TooLong(usize),
    /// The exchange broke.
    Exchange(hyper::Error),
}

/// An open connection with nothing under way.
pub(super) struct Conn {
    sender: SendRequest<Full<Bytes>>,
    driver: Connection<TokioIo<Box<Io>>, Full<Bytes>>,
    /// How the driver ended, once it did.
    ended: Option<Result<(), hyper::Error>>,
    line: Arc<Line>,
}

// Boxed throughout: a connection is large, and a future that holds one by value is copied with it at every level.
impl Conn {
    pub(super) async fn open(io: Box<Io>) -> Result<Box<Self>, Broken> {
        let line = Arc::clone(io.line());
        let (sender, driver) =
            http1::Builder::new().handshake(TokioIo::new(io)).await.map_err(Broken::Exchange)?;
        Ok(Box::new(Self { sender, driver, ended: None, line }))
    }

    pub(super) fn line(&self) -> &Arc<Line> {
        &self.line
    }

    /// One exchange, after which the connection is closed.
    pub(super) async fn once(mut self: Box<Self>, request: Request<Full<Bytes>>) -> Result<Reply, Broken> {
        match self.exchange(request).await {
            Ok(reply) => Ok(reply),
            Err(broken) => Err(Box::pin(self.heard_out(broken)).await),
        }
    }

    /// One exchange, after which the connection is kept for another if both sides allow.
    pub(super) async fn keep(
        mut self: Box<Self>,
        request: Request<Full<Bytes>>,
        kept: &Arc<Kept>,
    ) -> Result<Reply, Broken> {
        let reply = match self.exchange(request).await {
            Ok(reply) => reply,
            Err(broken) => return Err(Box::pin(self.heard_out(broken)).await),
        };
        let ready = poll_fn(|cx| {
            self.drive(cx);
            Poll::Ready(self.sender.poll_ready(cx))
        });
        if let Poll::Ready(Ok(())) = ready.await {
            self.line.reset();
            kept.put(self);
        }
        Ok(reply)
    }

    // A broken exchange may have left the reason unread.
    #[cold]
    async fn heard_out(self: Box<Self>, broken: Broken) -> Broken {
        if matches!(broken, Broken::Exchange(_)) && self.line.alert().is_none() {
            self.driver.into_parts().io.into_inner().hear_out().await;
        }
        broken
    }

    /// Whether the far side has kept its end open, as far as this side has heard.
    pub(super) fn is_alive(&mut self) -> bool {
        self.drive(&mut Context::from_waker(Waker::noop()));
        self.ended.is_none() && self.sender.is_ready()
    }

    async fn exchange(&mut self, request: Request<Full<Bytes>>) -> Result<Reply, Broken> {
        let head = {
            let mut sending = pin!(self.sender.send_request(request));
            let (driver, ended) = (&mut self.driver, &mut self.ended);
            poll_fn(|cx| {
                drive(driver, ended, cx);
                sending.as_mut().poll(cx)
            })
            .await
        };
        match head {
            Ok(response) => {
                self.line.reading_body();
                self.read(response).await
            }
            // Not the connection's own error: what it ends with later is at most a failed shutdown of the dead stream.
            Err(error) => Err(Broken::Exchange(error)),
        }
    }

    async fn read(&mut self, response: Response<Incoming>) -> Result<Reply, Broken> {
        let (head, mut body) = response.into_parts();
        let announced = body.size_hint().exact().unwrap_or_default();
        if announced > BODY_CAP as u64 {
            return Err(Broken::TooLong(BODY_CAP));
        }
        let mut whole = Pieces::default();
        while let Some(frame) = poll_fn(|cx| {
            self.drive(cx);
            Pin::new(&mut body).poll_frame(cx)
        })
        .await
        {
            let frame = frame.map_err(Broken::Exchange)?;
            if let Ok(piece) = frame.into_data() {
                whole.push(piece)?;
            }
        }
        Ok(Reply { status: head.status, headers: head.headers, body: whole.join() })
    }

    fn drive(&mut self, cx: &mut Context<'_>) {
        drive(&mut self.driver, &mut self.ended, cx);
    }
}

fn drive(
    driver: &mut Connection<TokioIo<Box<Io>>, Full<Bytes>>,
    ended: &mut Option<Result<(), hyper::Error>>,
    cx: &mut Context<'_>,
) {
    if ended.is_none() {
        if let Poll::Ready(end) = Pin::new(driver).poll(cx) {
            *ended = Some(end);
        }
    }
}

/// A body as it comes. Nearly all come in one piece, which is then not copied.
#[derive(Default)]
struct Pieces {
    first: Bytes,
    rest: BytesMut,
}

impl Pieces {
    fn push(&mut self, piece: Bytes) -> Result<(), Broken> {
        if self.first.len() + self.rest.len() + piece.len() > BODY_CAP {
            return Err(Broken::TooLong(BODY_CAP));
        }
        if self.first.is_empty() {
            self.first = piece;
        } else {
            self.rest.extend_from_slice(&piece);
        }
        Ok(())
    }

    fn join(self) -> Bytes {
        if self.rest.is_empty() {
            return self.first;
        }
        let mut whole = BytesMut::with_capacity(self.first.len() + self.rest.len());
        whole.extend_from_slice(&self.first);
        whole.extend_from_slice(&self.rest);
        whole.freeze()
    }
}
