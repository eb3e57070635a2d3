//! A shop that is called back.

use std::{
    collections::VecDeque,
    future::Future,
    sync::{Arc, Mutex},
    time::Duration,
};

use ait_emulator::{
    Callback, Emulator, EmulatorBuilder, Reply, Request, Response, Server, api::callbacks::Message,
};
use tokio::sync::{mpsc, oneshot};

/// Nothing takes so long.
pub(crate) const WATCHDOG: Duration = Duration::from_secs(60);

/// Waits for it, but not for ever.
pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(WATCHDOG, future).await.unwrap_or_else(|_| panic!("{what}: not in a minute"))
}

/// A server that notes what it hears, and answers as it is told.
pub(crate) struct Shop {
    server: Server,
    heard: mpsc::UnboundedReceiver<Request>,
    answers: Arc<Mutex<VecDeque<Reply>>>,
    gate: Arc<Mutex<Option<oneshot::Receiver<()>>>>,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let (hear, heard) = mpsc::unbounded_channel();
        let answers: Arc<Mutex<VecDeque<Reply>>> = Arc::default();
        let gate: Arc<Mutex<Option<oneshot::Receiver<()>>>> = Arc::default();
        let (told, held) = (Arc::clone(&answers), Arc::clone(&gate));
        let server = Server::builder()
            .http(move |request| {
                let answer = told.lock().unwrap().pop_front();
                let gate = held.lock().unwrap().take();
                let _ = hear.send(request);
                async move {
                    if let Some(gate) = gate {
                        let _ = gate.await;
                    }
                    answer.unwrap_or_else(|| status(200))
                }
            })
            .await
            .unwrap();
        Self { server, heard, answers, gate }
    }

    /// The next answers; after them, 200.
    pub(crate) fn answers(&self, replies: impl IntoIterator<Item = Reply>) {
        self.answers.lock().unwrap().extend(replies);
    }

    pub(crate) fn port(&self) -> u16 {
        self.server.addr().port()
    }

    /// The callback that comes here, to the path of its name.
    pub(crate) fn callback(&self, kind: &str) -> Callback {
        self.with(kind, "")
    }

    /// The same with something before the address: `user:password@`.
    pub(crate) fn with(&self, kind: &str, before: &str) -> Callback {
        format!("{kind}=http://{before}127.0.0.1:{}/{kind}", self.port()).parse().unwrap()
    }

    /// Nobody is there any more.
    pub(crate) async fn close(self) {
        self.server.stop().await;
    }

    pub(crate) async fn next(&mut self) -> Request {
        soon("a callback", self.heard.recv()).await.unwrap()
    }

    /// What has come already.
    pub(crate) fn heard_now(&mut self) -> Request {
        self.heard.try_recv().unwrap()
    }

    pub(crate) fn drop_answers(&self) {
        self.answers.lock().unwrap().clear();
    }

    /// The next callback is answered once the gate opens.
    pub(crate) fn holds(&self, gate: oneshot::Receiver<()>) {
        *self.gate.lock().unwrap() = Some(gate);
    }

    /// What has come and was not looked at.
    pub(crate) fn rest(&mut self) -> usize {
        std::iter::from_fn(|| self.heard.try_recv().ok()).count()
    }
}

pub(crate) fn status(status: u16) -> Reply {
    Reply::Answer(Response::text(status, ""))
}

pub(crate) fn seeded() -> EmulatorBuilder {
    Emulator::builder().seed(7)
}

/// A shop that hears of all, and an emulator that tells it.
pub(crate) async fn open(kinds: &[&str]) -> (Emulator, Shop) {
    let shop = Shop::open().await;
    let builder = kinds.iter().fold(seeded(), |builder, kind| builder.callback(shop.callback(kind)));
    (builder.start().await.unwrap(), shop)
}

/// Waits until so many attempts are noted in all, and tells the outbox.
pub(crate) async fn attempts(emulator: &Emulator, count: usize) -> Vec<Message> {
    let noted = async {
        loop {
            let outbox = emulator.outbox();
            if outbox.iter().map(|message| message.attempts.len()).sum::<usize>() >= count {
                return outbox;
            }
            tokio::task::yield_now().await;
        }
    };
    soon("the attempts", noted).await
}

pub(crate) fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers.get(name).map(|value| value.to_str().unwrap())
}

/// Minutes from the moment of a callback to each time it was sent.
pub(crate) fn minutes(message: &Message) -> Vec<u64> {
    let since = |attempt: &ait_emulator::api::callbacks::Attempt| {
        let since = attempt.at.since(message.at).as_secs();
        assert_eq!(since % 60, 0);
        since / 60
    };
    message.attempts.iter().map(since).collect()
}
