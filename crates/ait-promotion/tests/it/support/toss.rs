//! A server that does what it is told, by a clock of its own.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use ait_emulator::{Reply, Request, Response, Server};
use ait_promotion::{
    GrantState, Promotion,
    ait_core::{Client, RetryPolicy},
    grant::{Policy, Progress},
};
use serde_json::{Value, json};

use super::{
    Op,
    row::{Row, grant},
};

/// The code with which this server refuses an expired key.
pub(crate) const EXPIRED: &str = "4199";

/// What it knows and what it will say.
#[derive(Default)]
pub(crate) struct Books {
    /// What its clock says, in seconds. `None`: its answers carry no date.
    pub(crate) now: Option<u64>,
    /// What it says to `execute-promotion`, one after the other: `accepted`, `lost` or a code.
    pub(crate) execute: VecDeque<&'static str>,
    /// What it says to `execution-result`, one after the other, the last one for ever: a status, `lost` or a code.
    pub(crate) result: VecDeque<&'static str>,
    /// What it says to `get-key` once instead of a key.
    pub(crate) no_key: Option<&'static str>,
    keys: usize,
    /// What it was asked: `key`, `execute K1`, `ask K1`.
    pub(crate) calls: Vec<String>,
}

pub(crate) struct Toss {
    pub(crate) server: Server,
    books: Arc<Mutex<Books>>,
}

impl Toss {
    pub(crate) async fn new(execute: &[&'static str], result: &[&'static str]) -> Self {
        let books = Books {
            now: Some(0),
            execute: execute.iter().copied().collect(),
            result: result.iter().copied().collect(),
            ..Books::default()
        };
        let books = Arc::new(Mutex::new(books));
        let inside = Arc::clone(&books);
        let server = Server::builder().http(move |request| {
            let reply = inside.lock().unwrap().reply(&request);
            async move { reply }
        });
        Self { server: server.await.unwrap(), books }
    }

    pub(crate) fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap()
    }

    /// Its clock says this from now on. Says what it was asked so far, once.
    pub(crate) fn at(&self, minutes: u64, seconds: u64) -> Vec<String> {
        let mut books = self.books();
        books.now = Some(minutes * 60 + seconds);
        std::mem::take(&mut books.calls)
    }

    /// What it was asked since the last time.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.books().calls)
    }

    /// Its API, to a process that has just begun and sends again eagerly.
    pub(crate) fn promotion(&self) -> Promotion {
        let eager = RetryPolicy::default().base(Duration::ZERO);
        let client = Client::builder().base_url(self.server.url()).no_proxy().retry(eager).build();
        Promotion::new(client.unwrap())
    }

    /// A run in a process that has just begun.
    pub(crate) async fn run(&self, policy: &Policy, row: &mut Row) -> GrantState {
        state(grant().run(&self.promotion(), policy, row).await.unwrap())
    }

    /// A retry in a process that has just begun.
    pub(crate) async fn retry(&self, policy: &Policy, row: &mut Row) -> GrantState {
        state(grant().retry(&self.promotion(), policy, row).await.unwrap())
    }
}

pub(crate) fn state(progress: Progress) -> GrantState {
    match progress {
        Progress::Over(state) | Progress::Waiting { state, .. } => state,
        _ => panic!("progress nobody knows"),
    }
}

impl Books {
    fn reply(&mut self, request: &Request) -> Reply {
        let op = Op::ALL.into_iter().find(|op| request.path == op.path()).unwrap();
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let key = body["key"].as_str().unwrap_or_default();
        self.calls.push(match op {
            Op::Key => "key".to_owned(),
            Op::Execute => format!("execute {key}"),
            Op::Result => format!("ask {key}"),
        });
        let say = match op {
            Op::Key => self.no_key.take().unwrap_or("key"),
            Op::Execute => self.execute.pop_front().unwrap(),
            Op::Result if self.result.len() > 1 => self.result.pop_front().unwrap(),
            Op::Result => self.result[0],
        };
        let answer = match say {
            "lost" => return Reply::Close,
            "key" => {
                self.keys += 1;
                json!({ "resultType": "SUCCESS", "success": { "key": format!("K{}", self.keys) } })
            }
            "accepted" => json!({ "resultType": "SUCCESS", "success": { "key": key } }),
            "SUCCESS" | "PENDING" | "FAILED" => json!({ "resultType": "SUCCESS", "success": say }),
            code => {
                json!({ "resultType": "FAIL", "error": { "errorCode": code, "reason": "as it was told" } })
            }
        };
        let answer = Response::json(200, answer.to_string());
        Reply::Answer(match self.now {
            Some(now) => answer.header("date", date(now)),
            None => answer,
        })
    }
}

// Some day, long ago.
fn date(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    assert!(hours < 24, "the day is over");
    format!("Tue, 18 Nov 2025 {hours:02}:{minutes:02}:{seconds:02} GMT")
}
