//! An access token that stays fresh: one refresh for everybody, no loops, stored before it is used.

use std::{
    future::{poll_fn, ready},
    pin::Pin,
    sync::{Arc, Mutex},
    task::Poll,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use crate::support::{Op, eager, login};
use ait_login::{
    Session, SessionError, Token,
    ait_core::{Error, Kind, Outcome, Secret},
};
use ait_testkit::{answer, fixture};
use httpmock::MockServer;
use serde_json::{Value, json};

const START: u64 = 1_760_000_000;
const LIFE: u64 = 3599;
/// What a store says that has kept a token.
const KEPT: Result<(), std::io::Error> = Ok(());

fn at(second: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(second)
}

fn token(access: &str) -> Token {
    let token = json!({
        "accessToken": access, "refreshToken": "refresh-0", "expiresIn": LIFE, "scope": "user_name",
        "tokenType": "Bearer", "receivedAt": START,
    });
    serde_json::from_value(token).unwrap()
}

fn answered(access: &str, refresh: &str) -> Value {
    let mut body = fixture("login/refresh-token.response");
    body["success"]["accessToken"] = json!(access);
    body["success"]["refreshToken"] = json!(refresh);
    body
}

/// A session on a clock that the test moves, and what it stored.
struct Stage {
    server: MockServer,
    seen: ait_testkit::Seen,
    session: Session,
    now: Arc<Mutex<u64>>,
    stored: Arc<Mutex<Vec<Token>>>,
}

impl Stage {
    async fn new(status: u16, body: &Value) -> Self {
        let server = MockServer::start_async().await;
        let seen = answer(&server, status, body);
        let (now, stored) = (Arc::new(Mutex::new(START)), Arc::new(Mutex::new(Vec::new())));
        let (clock, memory) = (Arc::clone(&now), Arc::clone(&stored));
        let store = move |token| {
            memory.lock().unwrap().push(token);
            ready(KEPT)
        };
        let session = Session::new(eager(&server), token("access-0"), store);
        let session = session.clock(move || at(*clock.lock().unwrap()));
        Self { server, seen, session, now, stored }
    }

    async fn answers(&mut self, status: u16, body: &Value) {
        self.server.reset_async().await;
        self.seen = answer(&self.server, status, body);
    }

    fn pass(&self, seconds: u64) {
        *self.now.lock().unwrap() += seconds;
    }

    fn asked(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    fn sent(&self) -> Vec<Value> {
        self.seen
            .lock()
            .unwrap()
            .iter()
            .map(|seen| serde_json::from_slice(seen.body_ref()).unwrap())
            .collect()
    }

    async fn ask(&self) -> Result<String, SessionError> {
        self.session.access_token().await.map(|token| token.expose().to_owned())
    }

    async fn ask_by(&self, callers: usize) -> Vec<Result<Secret, SessionError>> {
        let tasks = (0..callers).map(|_| {
            let session = self.session.clone();
            tokio::spawn(async move { session.access_token().await })
        });
        let mut answers = Vec::new();
        for task in tasks.collect::<Vec<_>>() {
            answers.push(task.await.unwrap());
        }
        answers
    }
}

#[tokio::test]
async fn a_fresh_token_is_handed_out_without_a_call() {
    let stage = Stage::new(200, &answered("access-1", "refresh-1")).await;
    for _ in 0..3 {
        assert_eq!(stage.ask().await.unwrap(), "access-0");
        stage.pass(1000);
    }
    stage.pass(LIFE - 3000 - 61);
    assert_eq!(stage.ask().await.unwrap(), "access-0", "a minute and a second are left");
    assert_eq!(stage.asked(), 0);
    stage.pass(1);
    assert_eq!(stage.ask().await.unwrap(), "access-1", "a minute is left");
    assert_eq!(stage.asked(), 1);
    assert_eq!(stage.sent(), [json!({ "refreshToken": "refresh-0" })]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_callers_make_one_refresh() {
    for _ in 0..20 {
        let stage = Stage::new(200, &answered("access-1", "refresh-1")).await;
        stage.pass(LIFE);
        for answer in stage.ask_by(50).await {
            assert_eq!(answer.unwrap().expose(), "access-1");
        }
        assert_eq!((stage.asked(), stage.stored.lock().unwrap().len()), (1, 1));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_refused_refresh_is_tried_once_and_ends_the_session() {
    for body in [fixture("login/refresh-token.error"), fixture("envelope/invalid-grant")] {
        let mut stage = Stage::new(400, &body).await;
        stage.pass(LIFE);
        for answer in stage.ask_by(50).await {
            let error = answer.unwrap_err();
            let endpoint = error.call().and_then(Error::endpoint);
            assert_eq!((error.outcome(), endpoint), (Outcome::Refused, Some("login.refresh_token")));
        }
        assert_eq!(stage.asked(), 1);
        // Nothing brings it back.
        stage.answers(200, &answered("access-1", "refresh-1")).await;
        stage.ask().await.unwrap_err();
        assert_eq!((stage.asked(), stage.stored.lock().unwrap().len()), (0, 0));
    }
}

#[tokio::test]
async fn every_later_refresh_uses_the_later_token_and_its_time() {
    let mut stage = Stage::new(200, &answered("access-1", "refresh-1")).await;
    stage.pass(LIFE);
    assert_eq!(stage.ask().await.unwrap(), "access-1");
    assert_eq!(stage.stored.lock().unwrap()[0].received_at, at(START + LIFE));
    stage.pass(LIFE - 61);
    assert_eq!(stage.ask().await.unwrap(), "access-1");
    // An answer that says little: what it leaves out has not changed.
    let mut sparse = fixture("login/refresh-token.sparse.response");
    sparse["success"]["accessToken"] = json!("access-2");
    sparse["success"].as_object_mut().unwrap().remove("refreshToken");
    stage.answers(200, &sparse).await;
    stage.pass(1);
    assert_eq!(stage.ask().await.unwrap(), "access-2");
    assert_eq!(stage.sent(), [json!({ "refreshToken": "refresh-1" })]);
    let stored = stage.stored.lock().unwrap().last().unwrap().clone();
    assert_eq!(stored.refresh_token.unwrap().expose(), "refresh-1");
    assert_eq!(stored.token_type.as_deref(), Some("Bearer"));
    assert_eq!(stored.scope.iter().count(), 6);
}

#[tokio::test]
async fn new_tokens_are_stored_before_anybody_gets_them() {
    let server = MockServer::start_async().await;
    answer(&server, 200, &answered("access-1", "refresh-1"));
    let (gate, opened) = tokio::sync::watch::channel(false);
    let (storing, mut begun) = tokio::sync::mpsc::channel(1);
    let session = Session::new(login(&server), token("access-0"), move |token| {
        let (mut opened, storing) = (opened.clone(), storing.clone());
        async move {
            storing.send(token).await.unwrap();
            opened.wait_for(|open| *open).await.unwrap();
            KEPT
        }
    });
    let session = session.clock(|| at(START + LIFE));
    let asking = session.clone();
    let first = tokio::spawn(async move { asking.access_token().await });
    // A session that does not come to store anything would wait for ever.
    let stored = tokio::time::timeout(Duration::from_secs(30), begun.recv()).await.expect("hangs").unwrap();
    assert_eq!(stored.access_token.expose(), "access-1");
    // The store is at work, and everybody waits for it.
    let mut second = Box::pin(session.access_token());
    assert!(is_pending(&mut second).await && !first.is_finished());
    gate.send_replace(true);
    assert_eq!(first.await.unwrap().unwrap(), stored.access_token);
    assert_eq!(second.await.unwrap(), stored.access_token);
}

/// Polls once.
async fn is_pending(future: &mut Pin<Box<impl Future>>) -> bool {
    poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_pending())).await
}

#[tokio::test]
async fn a_caller_that_is_dropped_does_not_cost_the_tokens() {
    let stage = Stage::new(200, &answered("access-1", "refresh-1")).await;
    stage.pass(LIFE);
    let mut dropped = Box::pin(stage.session.access_token());
    assert!(is_pending(&mut dropped).await);
    drop(dropped);
    assert_eq!(stage.ask().await.unwrap(), "access-1");
    assert_eq!((stage.asked(), stage.stored.lock().unwrap().len()), (1, 1));
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_once_more_and_no_further() {
    let lost = fixture("envelope/result-http-timeout");
    let mut stage = Stage::new(200, &lost).await;
    stage.pass(LIFE);
    for error in [stage.ask().await.unwrap_err(), stage.ask().await.unwrap_err()] {
        assert_eq!(error.outcome(), Outcome::Unknown);
    }
    assert_eq!(stage.asked(), 2);
    stage.answers(200, &answered("access-1", "refresh-1")).await;
    stage.ask().await.unwrap_err();
    assert_eq!(stage.asked(), 0, "it has ended");

    let mut stage = Stage::new(200, &lost).await;
    stage.pass(LIFE);
    stage.ask().await.unwrap_err();
    stage.answers(200, &answered("access-1", "refresh-1")).await;
    assert_eq!(stage.ask().await.unwrap(), "access-1");
    // A doubt that was settled is forgotten.
    stage.answers(200, &lost).await;
    stage.pass(LIFE);
    stage.ask().await.unwrap_err();
    stage.answers(200, &answered("access-2", "refresh-2")).await;
    assert_eq!(stage.ask().await.unwrap(), "access-2");
}

#[tokio::test]
async fn a_refresh_that_did_not_get_through_changes_nothing_about_a_doubt() {
    let lost = fixture("envelope/result-http-timeout");
    let mut limited = fixture("envelope/rate-limit");
    limited["error"]["data"]["retryAfterSeconds"] = json!(0);

    // It does not settle one: the token is sent twice, and never a third time.
    let mut stage = Stage::new(200, &lost).await;
    stage.pass(LIFE);
    assert_eq!(stage.ask().await.unwrap_err().outcome(), Outcome::Unknown);
    stage.answers(429, &limited).await;
    assert!(stage.ask().await.unwrap_err().call().unwrap().is_rate_limited());
    stage.answers(200, &lost).await;
    assert_eq!(stage.ask().await.unwrap_err().outcome(), Outcome::Unknown);
    stage.answers(200, &answered("access-1", "refresh-1")).await;
    assert_eq!(stage.ask().await.unwrap_err().outcome(), Outcome::Unknown);
    assert_eq!(stage.asked(), 0, "it has ended");

    // It does not raise one: after it, a lost answer is asked for once more.
    let mut stage = Stage::new(429, &limited).await;
    stage.pass(LIFE);
    assert!(stage.ask().await.unwrap_err().call().unwrap().is_rate_limited());
    stage.answers(200, &lost).await;
    assert_eq!(stage.ask().await.unwrap_err().outcome(), Outcome::Unknown);
    stage.answers(200, &answered("access-1", "refresh-1")).await;
    assert_eq!(stage.ask().await.unwrap(), "access-1");
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_ends_the_session() {
    let stage = Stage::new(200, &json!({ "resultType": "SUCCESS", "success": { "expiresIn": 1 } })).await;
    stage.pass(LIFE);
    assert_eq!(stage.ask().await.unwrap_err().outcome(), Outcome::Done);
    stage.ask().await.unwrap_err();
    assert_eq!(stage.asked(), 1);
}

#[tokio::test]
async fn a_refresh_that_did_not_get_through_leaves_the_session_alive() {
    let mut limited = fixture("envelope/rate-limit");
    limited["error"]["data"]["retryAfterSeconds"] = json!(0);
    let mut stage = Stage::new(429, &limited).await;
    stage.pass(LIFE);
    assert!(stage.ask().await.unwrap_err().call().unwrap().is_rate_limited());
    stage.answers(200, &answered("access-1", "refresh-1")).await;
    assert_eq!(stage.ask().await.unwrap(), "access-1");

    // A gateway that does not like our certificate has not read the token.
    stage.pass(LIFE);
    stage.server.reset_async().await;
    stage.server.mock(|when, then| {
        when.any_request();
        then.status(400).body("<html><title>400 No required SSL certificate was sent</title></html>");
    });
    let error = stage.ask().await.unwrap_err();
    assert_eq!((error.call().unwrap().kind(), error.outcome()), (Kind::Identity, Outcome::Refused));
    stage.answers(200, &answered("access-2", "refresh-2")).await;
    assert_eq!(stage.ask().await.unwrap(), "access-2");
    assert_eq!(stage.sent(), [json!({ "refreshToken": "refresh-1" })]);

    // Nobody listens there: nothing is sent, however often.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = ait_login::ait_core::Client::builder().base_url(format!("http://{closed}")).no_proxy();
    let client = client.retry(ait_login::ait_core::RetryPolicy::never()).build().unwrap();
    let session = Session::new(ait_login::Login::new(client), token("access-0"), |_| ready(KEPT));
    let session = session.clock(|| at(START + LIFE));
    let mut errors = Vec::new();
    for _ in 0..4 {
        errors.push(session.access_token().await.unwrap_err());
    }
    assert!(errors.iter().all(|error| error.outcome() == Outcome::NotSent), "{errors:?}");
    assert!(errors.windows(2).all(|two| !is_same(&two[0], &two[1])), "each tried by itself");
}

#[tokio::test]
async fn without_a_refresh_token_the_session_lasts_as_long_as_the_access_token() {
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &answered("access-1", "refresh-1"));
    let mut token = token("access-0");
    token.refresh_token = None;
    let session = |now| {
        let session = Session::new(login(&server), token.clone(), |_| ready(KEPT));
        session.clock(move || at(now))
    };
    assert!(session(START).access_token().await.is_ok());
    let error = session(START + LIFE).access_token().await.unwrap_err();
    assert_eq!(error.call().unwrap().kind(), Kind::Config);
    assert!(error.to_string().starts_with("refreshToken: must be there"), "{error}");
    assert!(seen.lock().unwrap().is_empty());
}

fn is_same(one: &SessionError, other: &SessionError) -> bool {
    matches!((one, other), (SessionError::Refresh(one), SessionError::Refresh(other)) if Arc::ptr_eq(one, other))
}

/// How a store can fail, and what is said of it.
const FAILURES: [(&str, &str); 3] =
    [("fail", "the disk is full"), ("panic", "it panicked"), ("hang", "it took longer than 50ms")];

/// The tokens were rotated: nothing may be called "not sent", and they must not be lost.
#[tokio::test]
async fn tokens_that_could_not_be_stored_are_kept_and_stored_by_the_next_call() {
    for (how, said) in FAILURES {
        let server = MockServer::start_async().await;
        let seen = answer(&server, 200, &answered("access-1", "refresh-1"));
        let (calls, kept) = (Arc::new(Mutex::new(0)), Arc::new(Mutex::new(Vec::new())));
        let (counting, memory) = (Arc::clone(&calls), Arc::clone(&kept));
        let session = Session::new(login(&server), token("access-0"), move |token: Token| {
            let number = std::mem::replace(&mut *counting.lock().unwrap(), 1);
            let memory = Arc::clone(&memory);
            async move {
                match how {
                    _ if number > 0 => memory.lock().unwrap().push(token),
                    "fail" => return Err(std::io::Error::other("the disk is full")),
                    "panic" => panic!("the disk is full"),
                    _ => std::future::pending().await,
                }
                KEPT
            }
        });
        let session = session.clock(|| at(START + LIFE)).store_timeout(Duration::from_millis(50));
        let error = session.access_token().await.unwrap_err();
        assert!(matches!(error, SessionError::Store(_)), "{how}: {error}");
        assert_eq!((error.outcome(), error.call().is_none()), (Outcome::Done, true), "{how}");
        assert!(error.to_string().contains(said), "{how}: {error}");
        assert!(!format!("{error} {error:?}").contains("refresh-1"));
        assert_eq!(session.access_token().await.unwrap().expose(), "access-1", "{how}");
        assert_eq!(seen.lock().unwrap().len(), 1, "{how}: the tokens were rotated once");
        assert_eq!(kept.lock().unwrap()[0].refresh_token.as_ref().unwrap().expose(), "refresh-1");
    }
}

#[test]
fn a_runtime_that_ends_while_tokens_are_stored_leaves_a_doubt_and_nobody_waiting() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let servers = runtime();
    let server = servers.block_on(MockServer::start_async());
    answer(&server, 200, &answered("access-1", "refresh-1"));
    let (begun, mut storing) = tokio::sync::mpsc::unbounded_channel();
    let session = Session::new(login(&server), token("access-0"), move |_| {
        begun.send(()).unwrap();
        std::future::pending::<Result<(), std::io::Error>>()
    });
    let session = session.clock(|| at(START + LIFE));
    let first = runtime();
    let asking = session.clone();
    first.block_on(async {
        let asking = tokio::spawn(async move { asking.access_token().await });
        storing.recv().await.unwrap();
        asking.abort();
    });
    drop(first);
    let error = runtime().block_on(session.access_token()).unwrap_err();
    assert!(matches!(error, SessionError::CutOff), "{error}");
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(error.to_string().contains("cut off"), "{error}");
}

#[tokio::test]
async fn a_margin_longer_than_a_life_does_not_refresh_at_every_call() {
    let mut stage = Stage::new(200, &answered("access-1", "refresh-1")).await;
    stage.session = stage.session.clone().margin(Duration::from_secs(LIFE * 2));
    assert_eq!(stage.ask().await.unwrap(), "access-0");
    stage.pass(LIFE / 2 + 1);
    for _ in 0..3 {
        assert_eq!(stage.ask().await.unwrap(), "access-1");
    }
    assert_eq!(stage.asked(), 1);
    let shown = format!("{:?}", stage.session);
    assert!(shown.starts_with("Session") && !shown.contains("access-"), "{shown}");
    assert_eq!(Op::Refresh.endpoint(), "login.refresh_token");
}
