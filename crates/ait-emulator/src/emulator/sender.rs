//! Sends callbacks when they are due.

use std::{collections::BTreeMap, io, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{body::Incoming, client::conn::http1::handshake};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpStream,
    sync::oneshot,
    task::{JoinHandle, JoinSet},
    time::Instant,
};

use super::Shared;
use crate::{
    api::callbacks::CallbackKind,
    engine::{Letter, Next},
};

/// How long the shop may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a callback has before the next one of its kind is sent without its answer. So they come in order, as long as the
/// shop answers soon.
const HEAD_START: Duration = Duration::from_secs(1);
/// How much of the body of an answer is read: nothing in it counts.
const MOST: usize = 64 * 1024;
/// How long it is read.
const A_WHILE: Duration = Duration::from_secs(1);

/// The time that one callback has before the next one of its kind.
struct HeadStart {
    /// Which callback has it.
    number: u64,
    ends: Instant,
}

/// Sends callbacks until it is dropped.
#[derive(Debug)]
pub(super) struct Sender {
    task: JoinHandle<()>,
    stop: Option<oneshot::Sender<()>>,
}

impl Sender {
    pub(super) fn start(shared: &Arc<Shared>) -> Self {
        let (stop, stopped) = oneshot::channel();
        Self { task: tokio::spawn(keep_sending(Arc::clone(shared), stopped)), stop: Some(stop) }
    }

    /// Sends no more, and lets those that are being sent be answered.
    pub(super) async fn drain(mut self, timeout: Duration) {
        // Dropped: that is the signal.
        self.stop = None;
        // What was not answered by then is sent again by whoever goes on from the state.
        let _ = tokio::time::timeout(timeout, &mut self.task).await;
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn keep_sending(shared: Arc<Shared>, mut stopped: oneshot::Receiver<()>) {
    // Dropping it cuts those that are being sent.
    let mut under_way = JoinSet::new();
    let mut ahead = BTreeMap::<CallbackKind, HeadStart>::new();
    for number in 0_u64.. {
        let now = Instant::now();
        ahead.retain(|_, start| start.ends > now);
        let pause = match shared.next_letter(|kind| !ahead.contains_key(&kind)) {
            Next::Now(letter) => {
                let kind = letter.to.kind();
                ahead.insert(kind, HeadStart { number, ends: now + HEAD_START });
                let shared = Arc::clone(&shared);
                under_way.spawn(async move {
                    deliver(shared, *letter).await;
                    (kind, number)
                });
                // Those of other kinds need not wait.
                Some(Duration::ZERO)
            }
            Next::In(time) => Some(time),
            Next::Never => None,
        };
        let ends = ahead.values().map(|start| start.ends.saturating_duration_since(now));
        let wait = ends.chain(pause).min();
        tokio::select! {
            _ = &mut stopped => break,
            Some(done) = under_way.join_next() => {
                // One that comes late ends the head start of no other.
                if let Ok((kind, number)) = done && ahead.get(&kind).is_some_and(|start| start.number == number) {
                    ahead.remove(&kind);
                }
            }
            () = shared.until_news() => {}
            () = tokio::time::sleep(wait.unwrap_or_default()), if wait.is_some() => {}
        }
    }
    while under_way.join_next().await.is_some() {}
}

async fn deliver(shared: Arc<Shared>, letter: Letter) {
    let outcome = send(&letter, PATIENCE).await;
    shared.sent(letter, outcome);
}

/// The status that the shop answers with, or why it does not.
async fn send(letter: &Letter, patience: Duration) -> Result<u16, String> {
    // Owned, so that the connection ends with this.
    let mut driver = JoinSet::new();
    let answer = match tokio::time::timeout(patience, exchange(letter, &mut driver)).await {
        Ok(answer) => answer?,
        Err(_) => return Err(format!("no answer within {patience:?}")),
    };
    let status = answer.status().as_u16();
    // A shop that is cut off in the middle of its answer may complain.
    let _ = tokio::time::timeout(A_WHILE, Limited::new(answer.into_body(), MOST).collect()).await;
    Ok(status)
}

/// Sends it over a connection of its own, and waits for the head of the answer.
async fn exchange(
    letter: &Letter,
    driver: &mut JoinSet<hyper::Result<()>>,
) -> Result<Response<Incoming>, String> {
    let stream = connect(letter).await.map_err(|error| error.to_string())?;
    let (mut sender, connection) =
        handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
    driver.spawn(connection);
    let mut request = Request::builder().method(letter.to.method()).uri(&letter.target);
    for (name, value) in &letter.headers {
        request = request.header(*name, value);
    }
    let body = Full::new(Bytes::from(letter.body.clone()));
    let request = request.body(body).map_err(|error| error.to_string())?;
    sender.send_request(request).await.map_err(|error| error.to_string())
}

async fn connect(letter: &Letter) -> io::Result<TcpStream> {
    let mut result = Err(io::ErrorKind::AddrNotAvailable.into());
    for address in letter.to.addresses() {
        result = TcpStream::connect(address).await;
        if result.is_ok() {
            break;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::send;
    use crate::{
        Callback, End, Reply, Response, Script, Server,
        api::brandpay::CustomerChange,
        engine::{Clock, Engine, Letter, Next},
    };

    /// A webhook that goes there.
    fn letter(server: &Server) -> Letter {
        let mut engine = Engine::new(7, Clock::manual());
        let callback: Callback = format!("brandpay={}", server.url()).parse().expect("it is on this machine");
        engine.core.callbacks.insert(callback.kind(), callback);
        engine.core.world.brandpay.customer_did("customer-1", CustomerChange::PasswordChanged);
        engine.tell_news(SystemTime::now());
        match engine.next_letter(SystemTime::now(), |_| true) {
            Next::Now(letter) => *letter,
            Next::In(_) | Next::Never => panic!("it is due"),
        }
    }

    async fn shop(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Server {
        Server::builder().http(move |_| std::future::ready(reply())).await.expect("it listens")
    }

    #[tokio::test]
    async fn who_does_not_answer_is_not_waited_for() {
        let server = shop(|| Reply::Hang).await;
        let told = send(&letter(&server), Duration::from_millis(20)).await;
        assert_eq!(told, Err("no answer within 20ms".to_owned()));
        assert_eq!(super::PATIENCE, Duration::from_secs(10), "as documented");
    }

    #[tokio::test]
    async fn the_status_counts_however_the_body_ends() {
        let endless = || {
            let response = Response::text(200, "x").header("content-length", "1000000");
            Reply::Script(Script::new().head(&response, ..).then(End::Hang))
        };
        let long = || Reply::Answer(Response::text(200, "x".repeat(1_000_000)));
        for server in [shop(endless).await, shop(long).await] {
            assert_eq!(send(&letter(&server), Duration::from_secs(60)).await, Ok(200));
        }
    }
}
