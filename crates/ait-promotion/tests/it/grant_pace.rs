//! Grants to one user keep to ten calls a minute together. Nothing waits.

use std::time::Duration;

use crate::support::{
    row::{Row, grant, grant_to},
    toss::Toss,
};
use ait_emulator::{Reply, Response, Server};
use ait_promotion::{
    GrantState, Promotion,
    ait_core::Client,
    grant::{Policy, Progress},
};
use tokio::sync::mpsc;

const ACCEPTED: &str = r#"{"resultType":"SUCCESS","success":{"key":"K"}}"#;
const MINUTE: Duration = Duration::from_secs(60);

fn plain(server: &Server) -> Promotion {
    Promotion::new(Client::builder().base_url(server.url()).no_proxy().build().unwrap())
}

/// The grant must wait, and neither the server nor the store has heard of it.
#[track_caller]
fn must_wait(progress: &Progress, row: &Row) {
    let Progress::Waiting { state, ask_again } = progress else { panic!("{progress:?}") };
    assert_eq!((state, row.record(), row.writes), (&GrantState::planned(), None, 0));
    assert!(*ask_again > Duration::ZERO && *ask_again <= MINUTE + Duration::from_millis(1), "{ask_again:?}");
}

#[tokio::test]
async fn many_grants_to_one_user_keep_to_ten_calls_a_minute() {
    let toss = Toss::new(&["accepted"; 10], &["PENDING"]).await;
    let promotion = toss.promotion();
    let mut waiting = 0;
    for _ in 0..30 {
        let mut row = Row::default();
        // A clone counts with the others.
        let progress = grant().run(&promotion.clone(), &Policy::park(), &mut row).await.unwrap();
        if row.record().is_none() {
            must_wait(&progress, &row);
            waiting += 1;
        }
    }
    // Two calls each, and a fourth would not fit with its five.
    assert_eq!((waiting, toss.asked().len()), (27, 6));
    // Another user has ten of his own.
    let mut row = Row::default();
    grant_to(1).run(&promotion, &Policy::park(), &mut row).await.unwrap();
    assert_eq!(toss.asked().len(), 2);
}

#[tokio::test]
async fn grants_under_way_at_once_keep_to_it_too() {
    let toss = Toss::new(&["accepted"; 20], &["PENDING"]).await;
    let promotion = toss.promotion();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let promotion = promotion.clone();
        tasks.spawn(async move {
            let mut row = Row::default();
            grant().run(&promotion, &Policy::park(), &mut row).await.unwrap();
        });
    }
    tasks.join_all().await;
    let calls = toss.asked().len();
    assert!((2..=10).contains(&calls), "{calls}");
}

#[tokio::test]
async fn a_question_does_not_begin_if_the_rest_would_not_fit() {
    let toss = Toss::new(&["accepted"], &["PENDING", "SUCCESS"]).await;
    let (promotion, policy, mut row) = (toss.promotion(), Policy::park(), Row::default());
    let mut states = Vec::new();
    for _ in 0..10 {
        states.push(grant().run(&promotion, &policy, &mut row).await.unwrap());
        toss.books().result = ["PENDING"].into();
    }
    // Two calls, then four questions; then six calls are made.
    assert_eq!(toss.asked().len(), 6);
    let writes = row.writes;
    let Progress::Waiting { state, ask_again } = grant().run(&promotion, &policy, &mut row).await.unwrap()
    else {
        panic!("{:?}", row.state())
    };
    assert_eq!((state, writes), (row.state(), row.writes));
    assert!(ask_again > Duration::ZERO);
    // What is over is over, whatever the minute holds.
    toss.books().result = ["SUCCESS"].into();
    let paid = toss.run(&policy, &mut row).await;
    assert!(matches!(paid, GrantState::Paid { .. }), "{paid:?}");
    assert_eq!(grant().run(&promotion, &policy, &mut row).await.unwrap(), Progress::Over(paid));
}

#[tokio::test]
async fn a_run_that_is_given_up_counts_its_call_and_no_more() {
    let (arrived, mut arrivals) = mpsc::unbounded_channel();
    let server = Server::builder().http(move |_| {
        arrived.send(()).unwrap();
        async { Reply::Hang }
    });
    let server = server.await.unwrap();
    let promotion = plain(&server);
    for _ in 0..6 {
        let mut row = Row::default();
        let (grant, policy) = (grant(), Policy::park());
        tokio::select! {
            progress = grant.run(&promotion, &policy, &mut row) => panic!("{progress:?}"),
            _ = arrivals.recv() => {}
        }
    }
    let mut row = Row::default();
    let progress = grant().run(&promotion, &Policy::park(), &mut row).await.unwrap();
    must_wait(&progress, &row);
}

#[tokio::test]
async fn a_run_gives_back_no_more_than_its_own() {
    let (arrived, mut arrivals) = mpsc::unbounded_channel();
    let server = Server::builder().http(move |request| {
        let sent = arrived.send(());
        let is_first = request.connection == 0;
        async move {
            sent.unwrap();
            if is_first { Reply::Hang } else { Reply::Answer(Response::json(200, ACCEPTED)) }
        }
    });
    let server = server.await.unwrap();
    let promotion = plain(&server);
    let (grant, policy, mut row) = (grant(), Policy::park(), Row::default());
    let hanging = grant.run(&promotion, &policy, &mut row);
    let others = async {
        arrivals.recv().await.unwrap();
        let mut row = Row::default();
        let progress = grant.run(&promotion, &policy, &mut row).await.unwrap();
        assert!(
            matches!(progress, Progress::Waiting { state: GrantState::Accepted { .. }, .. }),
            "{progress:?}"
        );
        // Two calls were made, and five are held by the first run.
        let mut row = Row::default();
        must_wait(&grant.run(&promotion, &policy, &mut row).await.unwrap(), &row);
    };
    tokio::select! {
        progress = hanging => panic!("{progress:?}"),
        () = others => {}
    }
}
