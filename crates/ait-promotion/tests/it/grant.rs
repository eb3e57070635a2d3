//! The flow over HTTP: what is sent when, and what is stored before it.

use std::sync::{Arc, Mutex};

use crate::support::{
    Op, promotion,
    row::{Row, grant},
};
use ait_promotion::{
    Grant, GrantState, Promotion, PromotionCode,
    ait_core::{Client, Krw, User},
    grant::{GrantError, Policy, Progress, Why},
};
use ait_testkit::{USER_KEY, fixture, serve};
use httpmock::MockServer;
use serde_json::{Value, json};

/// What the server says to `execute-promotion`, and whether it pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Accepted,
    PaysAndOdd,
    PaysAndUnknownCode,
    PaysAnd4110,
    Refuses4109,
    OnlyOdd,
}

#[derive(Default)]
struct Bank {
    keys: usize,
    executed: Vec<String>,
    paid: usize,
    questions: usize,
}

/// A server that never notices a key that was used: the hardest one.
fn bank(server: &MockServer, says: Says, row: &Row) -> Arc<Mutex<Bank>> {
    let bank = Arc::new(Mutex::new(Bank::default()));
    let (inside, row) = (Arc::clone(&bank), row.clone());
    serve(server, move |request| {
        let mut bank = inside.lock().unwrap();
        let path = request.uri().path().to_owned();
        let body: Value = serde_json::from_slice(request.body_ref()).unwrap();
        let key = body["key"].as_str().unwrap_or_default().to_owned();
        if path == Op::Key.path() {
            bank.keys += 1;
            return (
                200,
                json!({ "resultType": "SUCCESS", "success": { "key": format!("K{}", bank.keys) } }),
            );
        }
        // Whatever is sent with a key, the row knows that key already.
        let stored = serde_json::to_string(&row.state()).unwrap();
        assert!(stored.contains(&format!("\"{key}\"")), "{key} is not in {stored}");
        if path == Op::Execute.path() {
            assert_eq!(body["amount"], 10);
            if says != Says::Refuses4109 && says != Says::OnlyOdd {
                bank.paid += 1;
            }
            bank.executed.push(key.clone());
            return match says {
                Says::Accepted => (200, json!({ "resultType": "SUCCESS", "success": { "key": key } })),
                Says::PaysAndOdd | Says::OnlyOdd => (200, fixture("envelope/result-http-timeout")),
                Says::PaysAndUnknownCode => {
                    (200, json!({ "resultType": "FAIL", "error": { "errorCode": "4117", "reason": "?" } }))
                }
                Says::PaysAnd4110 => (200, fixture("promotion/4110.error")),
                Says::Refuses4109 => (200, fixture("promotion/4109.error")),
            };
        }
        bank.questions += 1;
        let name = match (bank.executed.contains(&key) && bank.paid > 0, bank.questions) {
            (false, _) | (true, 1) => "4111.error",
            (true, 2) => "execution-result.response",
            (true, _) => "execution-result.success.response",
        };
        (200, fixture(&format!("promotion/{name}")))
    });
    bank
}

/// Runs until it is over, each time in another process; an error of the store is a crash. Returns the last state.
async fn to_the_end(server: &MockServer, row: &mut Row) -> GrantState {
    for _ in 0..40 {
        // As if a minute had passed.
        match grant().run(&promotion(server), &Policy::park().questions(6), row).await {
            Ok(Progress::Over(state)) => return state,
            Ok(Progress::Waiting { state, ask_again }) => {
                assert_eq!(state, row.state());
                assert!(ask_again.as_secs() >= 3, "{ask_again:?}");
            }
            Err(GrantError::Store(_)) => row.breaks = None,
            Err(error) => panic!("{error}"),
            Ok(_) => panic!("progress nobody knows"),
        }
    }
    panic!("it never ends: {:?}", row.state());
}

const EVERYTHING: [Says; 6] = [
    Says::Accepted,
    Says::PaysAndOdd,
    Says::PaysAndUnknownCode,
    Says::PaysAnd4110,
    Says::Refuses4109,
    Says::OnlyOdd,
];

#[tokio::test]
async fn a_grant_comes_to_its_end() {
    for says in EVERYTHING {
        let (server, mut row) = (MockServer::start_async().await, Row::default());
        let bank = bank(&server, says, &row);
        let state = to_the_end(&server, &mut row).await;
        let bank = bank.lock().unwrap();
        assert_eq!(bank.executed, ["K1"], "{says:?}");
        match says {
            Says::Refuses4109 => {
                assert!(matches!(&state, GrantState::Refused { code, .. } if code == "4109"), "{state:?}");
            }
            Says::OnlyOdd => {
                assert!(matches!(&state, GrantState::Parked { why: Why::NoRecord, .. }), "{state:?}");
                assert!(state.may_have_paid());
            }
            _ => assert!(matches!(state, GrantState::Paid { .. }), "{says:?}: {state:?}"),
        }
        assert_eq!(bank.paid, usize::from(matches!(state, GrantState::Paid { .. })), "{says:?}");
    }
}

#[tokio::test]
async fn a_crash_at_any_write_never_pays_twice() {
    for says in EVERYTHING {
        let mut crashes = 0;
        for at in 1..12 {
            for written in [false, true] {
                let (server, row) = (MockServer::start_async().await, Row::default());
                let bank = bank(&server, says, &row);
                let mut row = Row { breaks: Some((at, written)), ..row };
                let state = to_the_end(&server, &mut row).await;
                crashes += usize::from(row.breaks.is_none());
                let bank = bank.lock().unwrap();
                assert!(bank.executed.len() <= 1, "{says:?}, crash at {at}: {:?}", bank.executed);
                assert_eq!(
                    bank.paid,
                    usize::from(matches!(state, GrantState::Paid { .. })),
                    "{says:?}, {at}"
                );
            }
        }
        assert!(crashes >= 6, "{says:?}: only {crashes} crashes");
    }
}

#[tokio::test]
async fn a_grant_that_is_over_is_left_alone() {
    let (server, mut row) = (MockServer::start_async().await, Row::default());
    let bank = bank(&server, Says::Accepted, &row);
    let promotion = promotion(&server);
    let state = to_the_end(&server, &mut row).await;
    let before = bank.lock().unwrap().questions;
    let writes = row.writes;
    let again = grant().run(&promotion, &Policy::park(), &mut row).await.unwrap();
    assert_eq!(again, Progress::Over(state));
    assert_eq!((bank.lock().unwrap().questions, row.writes), (before, writes));
}

#[tokio::test]
async fn the_slower_of_two_workers_sends_nothing() {
    let (server, row) = (MockServer::start_async().await, Row::default());
    let other = row.clone();
    let bank = Arc::new(Mutex::new(0));
    let sent = Arc::clone(&bank);
    serve(&server, move |request| {
        if request.uri().path() == Op::Execute.path() {
            *sent.lock().unwrap() += 1;
        }
        // While this worker waits for its key, another one takes the grant.
        let mut record = other.record().unwrap();
        let attempt = json!({ "number": 1, "key": "THEIRS", "key_date": null });
        record.state = serde_json::from_value(json!({ "executing": { "attempt": attempt } })).unwrap();
        *other.text.lock().unwrap() = Some(serde_json::to_string(&record).unwrap());
        (200, fixture("promotion/get-key.response"))
    });
    let mut row = row;
    let error = grant().run(&promotion(&server), &Policy::park(), &mut row).await.unwrap_err();
    assert!(matches!(error, GrantError::Store(_)), "{error}");
    assert_eq!(*bank.lock().unwrap(), 0);
}

#[tokio::test]
async fn a_request_that_was_not_taken_is_sent_again_with_the_same_key() {
    let (server, mut row) = (MockServer::start_async().await, Row::default());
    let keys = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&keys);
    serve(&server, move |request| {
        let body: Value = serde_json::from_slice(request.body_ref()).unwrap();
        if request.uri().path() == Op::Key.path() {
            return (200, fixture("promotion/get-key.response"));
        }
        let mut seen = seen.lock().unwrap();
        seen.push(body["key"].clone());
        if seen.len() == 1 {
            return (200, fixture("envelope/rate-limit"));
        }
        (200, fixture("promotion/execute-promotion.response"))
    });
    let promotion = promotion(&server);
    let error = grant().run(&promotion, &Policy::park(), &mut row).await.unwrap_err();
    let GrantError::Call(error) = error else { panic!("{error}") };
    assert!(error.is_rate_limited() && error.retry_after().is_some());
    assert!(matches!(row.state(), GrantState::Planned { number: 1, unsent: Some(_) }), "{:?}", row.state());
    let progress = grant().run(&promotion, &Policy::park(), &mut row).await.unwrap();
    let Progress::Waiting { state: GrantState::Accepted { asked: 0, .. }, .. } = progress else {
        panic!("{progress:?}")
    };
    let keys = keys.lock().unwrap();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0], keys[1]);
}

#[tokio::test]
async fn without_a_key_nothing_happens() {
    let (server, mut row) = (MockServer::start_async().await, Row::default());
    let seen = ait_testkit::answer(&server, 200, &fixture("envelope/unauthenticated"));
    let error = grant().run(&promotion(&server), &Policy::park(), &mut row).await.unwrap_err();
    assert!(matches!(&error, GrantError::Call(error) if error.code() == Some("4010")), "{error}");
    assert_eq!((row.state(), seen.lock().unwrap().len()), (GrantState::planned(), 1));
}

#[tokio::test]
async fn another_amount_under_the_same_name_is_an_error() {
    let (server, mut row) = (MockServer::start_async().await, Row::default());
    let bank = bank(&server, Says::Accepted, &row);
    to_the_end(&server, &mut row).await;
    let code = PromotionCode::new("01JPPJ6SB66BQXXDAKRQZ6SZD7").unwrap();
    for other in [
        Grant::new(User::key(USER_KEY), code.clone(), Krw::new(11)).unwrap(),
        Grant::new(User::key(USER_KEY), code.test(), Krw::new(10)).unwrap(),
        Grant::new(User::key(1), code.clone(), Krw::new(10)).unwrap(),
    ] {
        let error = other.run(&promotion(&server), &Policy::park(), &mut row).await.unwrap_err();
        assert!(matches!(error, GrantError::OtherGrant), "{error}");
    }
    assert_eq!(bank.lock().unwrap().paid, 1);
}

#[test]
fn a_run_can_be_spawned() {
    fn is_send<T: Send>(_: T) {}
    let promotion = Promotion::new(Client::builder().no_proxy().build().unwrap());
    let (grant, policy, mut row) = (grant(), Policy::park(), Row::default());
    is_send(grant.run(&promotion, &policy, &mut row));
}
