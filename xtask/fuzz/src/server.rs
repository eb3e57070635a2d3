//! A client, and a server in the same thread that answers everything with the bytes at hand.

use std::{cell::RefCell, io, rc::Rc, time::Duration};

use ait_core::{Client, RetryPolicy};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime::Runtime,
    signal::unix::{SignalKind, signal},
    task::LocalSet,
};

/// A client, and a server that answers whatever comes with the bytes at hand.
pub struct Server {
    runtime: Runtime,
    tasks: LocalSet,
    answer: Rc<RefCell<Answer>>,
    client: Client,
}

#[derive(Default)]
struct Answer {
    bytes: Vec<u8>,
    closes: bool,
}

impl Server {
    /// Starts it on a free port of loopback.
    #[must_use]
    pub fn start() -> Self {
        let runtime = runtime();
        let tasks = LocalSet::new();
        let answer = Rc::new(RefCell::new(Answer::default()));
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tasks.spawn_local(accept(listener, Rc::clone(&answer)));
        let builder = Client::builder().base_url(url).no_proxy().retry(RetryPolicy::never());
        // Nothing here is slow: who waits has found a hole.
        let client = builder.deadline(Duration::from_secs(5)).build().unwrap();
        Self { runtime, tasks, answer, client }
    }

    /// The client of this server.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// From now on answers with this status and body.
    pub fn say(&self, status: u16, body: &[u8]) {
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let bytes = [head.as_bytes(), body].concat();
        *self.answer.borrow_mut() = Answer { bytes, closes: false };
    }

    /// From now on writes these bytes, whatever they are, and closes.
    pub fn write(&self, bytes: &[u8]) {
        *self.answer.borrow_mut() = Answer { bytes: bytes.to_vec(), closes: true };
    }

    /// Runs a call to its end.
    pub fn run<F: Future>(&self, call: F) -> F::Output {
        self.tasks.block_on(&self.runtime, call)
    }
}

/// A runtime of this thread. Whoever writes to a closed connection gets an error and no signal, as in any Rust program;
/// under libFuzzer, which has a `main` of its own, nobody has seen to that.
#[must_use]
pub fn runtime() -> Runtime {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let inside = runtime.enter();
    // A handler stays for good.
    drop(signal(SignalKind::pipe()).unwrap());
    drop(inside);
    runtime
}

async fn accept(listener: TcpListener, answer: Rc<RefCell<Answer>>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let answer = Rc::clone(&answer);
        tokio::task::spawn_local(async move {
            // A client that goes away is no finding.
            let _ = serve(stream, &answer).await;
        });
    }
}

async fn serve(mut stream: TcpStream, answer: &RefCell<Answer>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut unread = Vec::new();
    while read_request(&mut stream, &mut unread).await? {
        let (bytes, closes) = {
            let answer = answer.borrow();
            (answer.bytes.clone(), answer.closes)
        };
        stream.write_all(&bytes).await?;
        if closes {
            stream.shutdown().await?;
            break;
        }
    }
    Ok(())
}

/// Reads one request, head and body. `false` if there is none any more.
async fn read_request(stream: &mut TcpStream, unread: &mut Vec<u8>) -> io::Result<bool> {
    loop {
        if let Some(end) = unread.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&unread[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
            if unread.len() >= end + 4 + length {
                unread.drain(..end + 4 + length);
                return Ok(true);
            }
        }
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer).await? {
            0 => return Ok(false),
            count => unread.extend_from_slice(&buffer[..count]),
        }
    }
}
