//! A relay that takes its time.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

/// How much is read at a time.
const CHUNK: usize = 64 * 1024;

/// A TCP relay on a free port of 127.0.0.1 that delivers every byte a fixed time after it came, in each
/// direction, so that a server behind it answers as from afar.
///
/// It delays bytes and the end of the stream, and limits no throughput: what is under way is queued in
/// memory. It does not delay the connecting itself, which a real network would make cost a round trip too,
/// and it passes a reset on as a close. The timer rounds up to the next millisecond.
///
/// Dropping it ends its connections.
#[derive(Debug)]
pub struct Relay {
    addr: SocketAddr,
    task: JoinHandle<()>,
}

impl Relay {
    /// Starts a relay to `target` on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// When there is no runtime or the port cannot be opened.
    pub fn start(target: SocketAddr, one_way: Duration) -> io::Result<Self> {
        let runtime = Handle::try_current().map_err(io::Error::other)?;
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let addr = listener.local_addr()?;
        let listener = TcpListener::from_std(listener)?;
        Ok(Self { addr, task: runtime.spawn(accept(listener, target, one_way)) })
    }

    /// Where the relay listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, target: SocketAddr, one_way: Duration) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((client, _)) => {
                    connections.spawn(relay(client, target, one_way));
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
}

async fn relay(client: TcpStream, target: SocketAddr, one_way: Duration) -> io::Result<()> {
    let server = TcpStream::connect(target).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::join!(direction(from_client, to_server, one_way), direction(from_server, to_client, one_way));
    Ok(())
}

/// Carries one direction to its end.
async fn direction(from: OwnedReadHalf, to: OwnedWriteHalf, one_way: Duration) {
    let (queue, under_way) = mpsc::unbounded_channel();
    tokio::join!(depart(from, queue, one_way), arrive(under_way, to));
}

/// Notes for each chunk when it is due. An empty one stands for the end of the stream.
async fn depart(mut from: OwnedReadHalf, queue: mpsc::UnboundedSender<(Instant, Bytes)>, one_way: Duration) {
    let mut buffer = BytesMut::new();
    loop {
        buffer.reserve(CHUNK);
        // The other side has stopped taking bytes when the queue is closed.
        tokio::select! {
            read = from.read_buf(&mut buffer) => {
                let count = read.unwrap_or(0);
                let sent = queue.send((Instant::now() + one_way, buffer.split().freeze()));
                if count == 0 || sent.is_err() {
                    return;
                }
            }
            () = queue.closed() => return,
        }
    }
}

async fn arrive(mut under_way: mpsc::UnboundedReceiver<(Instant, Bytes)>, mut to: OwnedWriteHalf) {
    while let Some((due, chunk)) = under_way.recv().await {
        tokio::time::sleep_until(due).await;
        let done = if chunk.is_empty() { to.shutdown().await } else { to.write_all(&chunk).await };
        if done.is_err() {
            return;
        }
    }
}
