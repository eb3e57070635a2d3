//! The hour of a key is judged by the dates of the answers, over HTTP.

use crate::support::{
    row::{Row, grant},
    toss::{EXPIRED, Toss},
};
use ait_promotion::{
    GrantState,
    grant::{ExpiredCode, GrantError, Policy, ServerDate, Why},
};

fn probe_fence() -> Policy {
    Policy::probe_fence(ExpiredCode::new(EXPIRED).unwrap())
}

/// A grant whose request was lost, ten minutes on.
async fn in_doubt(policy: &Policy, execute: &[&'static str], result: &[&'static str]) -> (Toss, Row) {
    let (toss, mut row) = (Toss::new(execute, result).await, Row::default());
    let state = toss.run(policy, &mut row).await;
    assert!(matches!(state, GrantState::Doubt { asked: 0, used: false, .. }), "{state:?}");
    assert_eq!(toss.at(10, 0), ["key", "execute K1"]);
    let state = toss.run(policy, &mut row).await;
    assert!(matches!(state, GrantState::Doubt { asked: 1, used: false, .. }), "{state:?}");
    assert_eq!(toss.asked(), ["ask K1"]);
    (toss, row)
}

#[tokio::test]
async fn when_the_hour_is_over_the_same_key_is_sent_and_then_a_new_one() {
    let (toss, mut row) =
        in_doubt(&probe_fence(), &["lost", EXPIRED, "accepted"], &["4111", "4111", "4111", "SUCCESS"]).await;
    toss.at(66, 0);
    let state = toss.run(&probe_fence(), &mut row).await;
    assert!(matches!(&state, GrantState::Accepted { attempt, .. } if attempt.number == 2), "{state:?}");
    assert_eq!(toss.at(67, 0), ["ask K1", "execute K1", "ask K1", "key", "execute K2"]);
    let state = toss.run(&probe_fence(), &mut row).await;
    let GrantState::Paid { attempt } = state else { panic!("{state:?}") };
    assert_eq!(toss.asked(), ["ask K2"]);
    // The second key came sixty-six minutes after the first, by the date of its own answer.
    let first = ServerDate::from_unix_seconds(1_763_424_000);
    assert_eq!((attempt.number, attempt.key.expose()), (2, "K2"));
    assert_eq!(attempt.key_date.unwrap().since(first).as_secs(), 66 * 60);
}

#[tokio::test]
async fn a_second_before_nothing_is_sent() {
    let (toss, mut row) = in_doubt(&probe_fence(), &["lost", "lost"], &["4111"]).await;
    toss.at(64, 59);
    let state = toss.run(&probe_fence(), &mut row).await;
    assert!(matches!(state, GrantState::Doubt { asked: 2, .. }), "{state:?}");
    assert_eq!(toss.at(65, 0), ["ask K1"]);
    let state = toss.run(&probe_fence(), &mut row).await;
    // The probe was lost: the next run asks before it sends.
    assert!(matches!(state, GrantState::Doubt { asked: 3, .. }), "{state:?}");
    assert_eq!(toss.asked(), ["ask K1", "execute K1"]);
}

#[tokio::test]
async fn parking_ends_as_soon_as_the_hour_is_over() {
    let (toss, mut row) = in_doubt(&Policy::park(), &["lost"], &["4111"]).await;
    toss.at(64, 59);
    let state = toss.run(&Policy::park(), &mut row).await;
    assert!(matches!(state, GrantState::Doubt { asked: 2, .. }), "{state:?}");
    toss.at(65, 0);
    let state = toss.run(&Policy::park(), &mut row).await;
    assert!(matches!(state, GrantState::Parked { why: Why::NoRecord, .. }), "{state:?}");
    assert_eq!(toss.asked(), ["ask K1"]);
}

#[tokio::test]
async fn a_missing_date_never_ends_the_hour() {
    for of_the_key in [true, false] {
        let (toss, mut row) = (Toss::new(&["lost"], &["4111"]).await, Row::default());
        let policy = probe_fence().questions(8);
        toss.books().now = if of_the_key { None } else { Some(0) };
        toss.run(&policy, &mut row).await;
        for question in 1..8 {
            toss.books().now = if of_the_key { Some(60 * 60 * 23) } else { None };
            let state = toss.run(&policy, &mut row).await;
            assert!(matches!(state, GrantState::Doubt { asked, .. } if asked == question), "{state:?}");
        }
        let state = toss.run(&policy, &mut row).await;
        assert!(matches!(state, GrantState::Parked { why: Why::NoRecord, .. }), "{state:?}");
        assert_eq!(toss.asked().iter().filter(|call| call.starts_with("execute")).count(), 1);
    }
}

#[tokio::test]
async fn a_question_without_an_answer_ends_nothing() {
    // Neither does the date of an answer that is about something else.
    let (toss, mut row) = in_doubt(&probe_fence(), &["lost"], &["4111", "lost", "4095", "4010"]).await;
    for asked in 2..5 {
        toss.at(120, 0);
        let state = toss.run(&probe_fence(), &mut row).await;
        assert!(matches!(state, GrantState::Doubt { asked: now, .. } if now == asked), "{state:?}");
        assert_eq!(toss.asked(), ["ask K1"]);
    }
}

#[tokio::test]
async fn each_call_is_tried_once() {
    // The client is one that sends again eagerly, and each of these could be.
    let (toss, mut row) = (Toss::new(&["4095", "accepted"], &["lost"]).await, Row::default());
    for say in ["lost", "4095"] {
        toss.books().no_key = Some(say);
        let error = grant().run(&toss.promotion(), &Policy::park(), &mut row).await.unwrap_err();
        assert!(matches!(error, GrantError::Call(_)), "{error}");
        assert_eq!(toss.asked(), ["key"], "{say}");
    }
    let error = grant().run(&toss.promotion(), &Policy::park(), &mut row).await.unwrap_err();
    assert!(matches!(&error, GrantError::Call(error) if error.is_rate_limited()), "{error}");
    assert_eq!(toss.asked(), ["key", "execute K1"]);
    toss.run(&Policy::park(), &mut row).await;
    assert_eq!(toss.asked(), ["execute K1"]);
    toss.run(&Policy::park(), &mut row).await;
    assert_eq!(toss.asked(), ["ask K1"]);
}
