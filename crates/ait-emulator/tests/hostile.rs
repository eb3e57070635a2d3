//! A server that says anything, and what the clients make of it: each claim is held against the server's own record.
//!
//! The auditor here reads the JSON that was sent by itself: nothing of the clients' reading is used.
#![cfg(feature = "client")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod hostile {
    pub(super) mod calls;
    pub(super) mod twice;
    pub(super) mod words;
}

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use ait_core::{Client, Outcome, RetryPolicy};
use ait_emulator::{Reply, Response, Server};
use hostile::{
    calls::{Call, Claim},
    words::{Form, bodies, mutations},
};

/// Answers everything in the same way, and counts.
struct Mouth {
    server: Server,
    answer: Arc<Mutex<Response>>,
    asked: Arc<AtomicUsize>,
}

impl Mouth {
    async fn new() -> Self {
        let answer = Arc::new(Mutex::new(Response::json(200, "{}")));
        let asked = Arc::new(AtomicUsize::new(0));
        let (next, count) = (Arc::clone(&answer), Arc::clone(&asked));
        let server = Server::builder().http(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            let reply = Reply::Answer(next.lock().unwrap().clone());
            async move { reply }
        });
        Self { server: server.await.unwrap(), answer, asked }
    }

    fn client(&self) -> Client {
        let client = Client::builder().base_url(self.server.url()).no_proxy();
        // It is never waited for long: what may be sent again is.
        client.retry(RetryPolicy::default().base(std::time::Duration::ZERO)).build().unwrap()
    }

    /// Makes the call against this answer: the claim, and how many requests it took.
    async fn say(&self, client: &Client, call: Call, answer: Response) -> (Claim, usize) {
        *self.answer.lock().unwrap() = answer;
        self.asked.store(0, Ordering::SeqCst);
        let claim = call.make(client).await;
        (claim, self.asked.load(Ordering::SeqCst))
    }
}

fn raw(status: u16, body: &[u8]) -> Response {
    let head = format!("HTTP/1.1 {status} X\r\nretry-after: 0\r\ncontent-length: {}\r\n\r\n", body.len());
    Response::raw([head.as_bytes(), body].concat()).close()
}

/// Whatever stands in it: what is not the documented form proves nothing about a write, and no write goes out twice but
/// under a key.
#[tokio::test]
async fn what_is_not_documented_proves_nothing() {
    let mouth = Mouth::new().await;
    let client = mouth.client();
    let mut trials = 0;
    for call in Call::WRITES {
        for (name, body) in bodies(call) {
            for status in [200, 201, 202, 400, 403, 404, 418, 429, 500, 502, 503, 504] {
                let answer = raw(status, &body);
                let (claim, asked) = mouth.say(&client, call, answer).await;
                trials += 1;
                let context = format!("{call:?}, HTTP {status}, {name}: {claim:?}");
                assert_eq!(claim.outcome(), Some(Outcome::Unknown), "{context}");
                assert!(asked == 1 || call.is_keyed(), "sent {asked} times: {context}");
                // That is a variable of the message, and the server quotes it.
                let sends_it = matches!(call, Call::Message | Call::Messages);
                assert!(!sends_it || !claim.line().contains("CANARY"), "{context}");
            }
        }
    }
    assert!(trials > 5_000, "{trials}");
}

/// A documented answer, changed in one place: a success and a `Done` must name this very call and say that it was done.
#[tokio::test]
async fn a_changed_answer_is_believed_only_where_it_still_says_the_same() {
    let mouth = Mouth::new().await;
    let client = mouth.client();
    let (mut trials, mut believed) = (0, 0);
    for call in Call::WRITES {
        let (claim, _) = mouth.say(&client, call, Response::json(200, call.success().to_string())).await;
        assert_eq!(claim.outcome(), None, "{call:?}: {claim:?}");
        for (name, body) in mutations(call.form(), &call.success()) {
            let (claim, asked) = mouth.say(&client, call, Response::json(200, body.clone())).await;
            trials += 1;
            let context = format!("{call:?}, {name}: {claim:?}\n{body}");
            assert!(asked == 1 || call.is_keyed(), "sent {asked} times: {context}");
            match claim.outcome() {
                None | Some(Outcome::Done) => {
                    believed += 1;
                    assert!(call.was_done_says(&body), "{context}");
                }
                // Nothing here says in the documented form that it was refused.
                outcome => assert_eq!(outcome, Some(Outcome::Unknown), "{context}"),
            }
        }
    }
    assert!(trials > 1_000 && believed > 300, "{trials} {believed}");
}

/// The documented form proves, and a rate limit lets nothing go out again under a 5xx, whatever is written in it.
#[tokio::test]
async fn a_rate_limit_from_a_server_that_broke_down_sends_nothing_again() {
    let mouth = Mouth::new().await;
    let client = mouth.client();
    for call in Call::WRITES.into_iter().filter(|call| call.form() == Form::Envelope) {
        for (body, statuses) in [
            (r#"{"resultType":"FAIL","error":"4095"}"#, &[200, 429, 503][..]),
            (r#"{"resultType":"FAIL","errorCode":"4095"}"#, &[200, 429, 503]),
            (r#"{"errorCode":"4095"}"#, &[200, 429, 503]),
            (
                r#"{"resultType":"FAIL","error":{"errorCode":"4095","data":{"retryAfterSeconds":0}}}"#,
                &[500, 503],
            ),
        ] {
            for status in statuses {
                let answer = Response::json(*status, body).header("retry-after", "0");
                let (claim, asked) = mouth.say(&client, call, answer).await;
                assert_eq!(asked, 1, "{call:?}, HTTP {status}, {body}: {claim:?}");
            }
        }
        // In its own form and under its own status it is the one refusal that is waited out.
        let body = r#"{"resultType":"FAIL","error":{"errorCode":"4095","data":{"retryAfterSeconds":0}}}"#;
        let (claim, asked) = mouth.say(&client, call, Response::json(429, body)).await;
        assert_eq!((claim.outcome(), asked), (Some(Outcome::Refused), 3), "{call:?}: {claim:?}");
    }
}
