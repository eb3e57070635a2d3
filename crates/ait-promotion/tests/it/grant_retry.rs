//! A grant that failed or was refused is tried again, over HTTP.

use crate::support::{
    row::{Row, grant},
    toss::{EXPIRED, Toss},
};
use ait_promotion::{
    GrantState,
    grant::{ExpiredCode, GrantError, Policy, Why},
};

fn probe_fence() -> Policy {
    Policy::probe_fence(ExpiredCode::new(EXPIRED).unwrap())
}

/// A grant that was accepted and failed.
async fn failed(execute: &[&'static str], result: &[&'static str]) -> (Toss, Row) {
    let execute = [&["accepted"], execute].concat();
    let result = [&["FAILED"], result].concat();
    let (toss, mut row) = (Toss::new(&execute, &result).await, Row::default());
    toss.run(&probe_fence(), &mut row).await;
    let state = toss.run(&probe_fence(), &mut row).await;
    assert!(matches!(state, GrantState::Failed { .. }), "{state:?}");
    toss.asked();
    (toss, row)
}

/// A grant that was refused.
async fn refused(execute: &[&'static str], result: &[&'static str]) -> (Toss, Row) {
    let (toss, mut row) = (Toss::new(&[&["4109"], execute].concat(), result).await, Row::default());
    let state = toss.run(&probe_fence(), &mut row).await;
    assert!(matches!(state, GrantState::Refused { .. }), "{state:?}");
    toss.asked();
    (toss, row)
}

#[tokio::test]
async fn a_new_key_comes_when_the_old_one_is_seen_dead() {
    let after = [EXPIRED, "accepted"];
    for (toss, mut row) in [
        failed(&after, &["FAILED", "FAILED", "FAILED", "SUCCESS"]).await,
        refused(&after, &["4111", "4111", "4111", "SUCCESS"]).await,
    ] {
        toss.at(64, 59);
        let state = toss.retry(&probe_fence(), &mut row).await;
        assert!(matches!(state, GrantState::Retry { asked: 1, .. }), "{state:?}");
        assert!(state.may_have_paid() && !state.is_over());
        assert_eq!((row.state(), toss.at(65, 0)), (state, vec!["ask K1".to_owned()]));
        let state = toss.run(&probe_fence(), &mut row).await;
        assert!(matches!(&state, GrantState::Accepted { attempt, .. } if attempt.number == 2), "{state:?}");
        assert_eq!(toss.asked(), ["ask K1", "execute K1", "ask K1", "key", "execute K2"]);
        let state = toss.run(&probe_fence(), &mut row).await;
        assert!(matches!(&state, GrantState::Paid { attempt } if attempt.number == 2), "{state:?}");
    }
}

#[tokio::test]
async fn a_failure_that_was_none_is_seen() {
    // At the first question, and after the probe.
    let (toss, mut row) = failed(&[], &["SUCCESS"]).await;
    toss.at(66, 0);
    let state = toss.retry(&probe_fence(), &mut row).await;
    assert!(matches!(&state, GrantState::Paid { attempt } if attempt.number == 1), "{state:?}");
    assert_eq!(toss.asked(), ["ask K1"]);
    let (toss, mut row) = failed(&[EXPIRED], &["FAILED", "SUCCESS"]).await;
    toss.at(66, 0);
    let state = toss.retry(&probe_fence(), &mut row).await;
    assert!(matches!(&state, GrantState::Paid { attempt } if attempt.number == 1), "{state:?}");
    assert_eq!(toss.asked(), ["ask K1", "execute K1", "ask K1"]);
    let (toss, mut row) = failed(&[], &["PENDING"]).await;
    let state = toss.retry(&probe_fence(), &mut row).await;
    assert!(matches!(state, GrantState::Accepted { .. }), "{state:?}");
}

#[tokio::test]
async fn what_the_probe_says_decides() {
    let after = |say| async move {
        let (toss, mut row) = failed(&[say], &["FAILED"]).await;
        toss.at(66, 0);
        let state = toss.retry(&probe_fence(), &mut row).await;
        assert_eq!(toss.asked(), ["ask K1", "execute K1"]);
        state
    };
    let state = after("4113").await;
    assert!(matches!(state, GrantState::Parked { why: Why::Contradiction, .. }), "{state:?}");
    for code in ["4109", "4110", "9999"] {
        let state = after(code).await;
        let GrantState::Parked { why: Why::ProbeAnswered { code: said }, .. } = state else {
            panic!("{state:?}")
        };
        assert_eq!(said, code);
    }
    let state = after("accepted").await;
    assert!(matches!(&state, GrantState::Accepted { attempt, .. } if attempt.number == 1), "{state:?}");
    let state = after("lost").await;
    assert!(matches!(state, GrantState::Retry { asked: 1, .. }), "{state:?}");
}

#[tokio::test]
async fn without_a_probe_nothing_is_tried_again() {
    let (toss, mut row) = failed(&[], &[]).await;
    let before = (row.state(), row.writes);
    let error = grant().retry(&toss.promotion(), &Policy::park(), &mut row).await.unwrap_err();
    assert!(matches!(error, GrantError::CannotProve), "{error}");
    assert!(error.to_string().contains("no new key while an earlier one could still pay"), "{error}");
    assert!(error.to_string().contains("use Policy::probe_fence"), "{error}");
    assert_eq!(((row.state(), row.writes), toss.asked().len()), (before, 0));
    // Begun with a probe in mind, and then without one: a person decides.
    toss.retry(&probe_fence(), &mut row).await;
    toss.at(66, 0);
    let state = toss.run(&Policy::park(), &mut row).await;
    assert!(matches!(state, GrantState::Parked { why: Why::KeyMayPay, .. }), "{state:?}");
    assert_eq!(toss.asked(), ["ask K1"]);
}

#[tokio::test]
async fn only_what_failed_or_was_refused_is_tried_again() {
    let paid = ["accepted"];
    for (execute, result, runs, next_step) in [
        (&paid[..], "SUCCESS", 0, "run it until it is"),
        (&paid[..], "SUCCESS", 1, "run it until it is"),
        (&["lost"], "4111", 1, "run it until it is"),
        (&paid[..], "SUCCESS", 2, "another grant under a name of its own"),
        (&["4113"], "FAILED", 2, "only if they say that it did not pay and will not"),
    ] {
        let (toss, mut row) = (Toss::new(execute, &[result]).await, Row::default());
        for _ in 0..runs {
            toss.run(&probe_fence(), &mut row).await;
        }
        toss.asked();
        let before = (row.record(), row.writes);
        let error = grant().retry(&toss.promotion(), &probe_fence(), &mut row).await.unwrap_err();
        assert!(matches!(error, GrantError::NotRetried(_)), "{error}");
        assert!(error.to_string().contains(next_step), "{error}");
        assert_eq!(((row.record(), row.writes), toss.asked().len()), (before, 0), "{error}");
    }
}

#[tokio::test]
async fn a_crash_at_any_write_of_a_retry_pays_once() {
    let (mut crashes, mut paid) = (0, 0);
    for at in 1..9 {
        for written in [false, true] {
            let (toss, row) = refused(&[EXPIRED, EXPIRED, "accepted"], &["4111"]).await;
            let mut row = Row { writes: 0, breaks: Some((at, written)), ..row };
            toss.at(66, 0);
            let mut executed = Vec::new();
            for _ in 0..9 {
                let promotion = toss.promotion();
                let progress = match row.state() {
                    GrantState::Refused { .. } => grant().retry(&promotion, &probe_fence(), &mut row).await,
                    _ => grant().run(&promotion, &probe_fence(), &mut row).await,
                };
                match progress {
                    Ok(_) => {}
                    Err(GrantError::Store(_)) => {
                        crashes += 1;
                        row.breaks = None;
                    }
                    Err(error) => panic!("{error}"),
                }
                executed.extend(toss.asked().into_iter().filter(|call| call.starts_with("execute")));
                // Only the first key is refused as expired.
                if executed.iter().any(|call| call != "execute K1") {
                    toss.books().result = ["SUCCESS"].into();
                }
            }
            let new: Vec<_> = executed.iter().filter(|call| *call != "execute K1").collect();
            assert!(new.len() <= 1, "crash at {at}: {executed:?}");
            let is_paid = matches!(row.state(), GrantState::Paid { .. });
            assert_eq!(is_paid, new.len() == 1, "crash at {at}: {executed:?}, {:?}", row.state());
            paid += usize::from(is_paid);
        }
    }
    assert!(crashes >= 10 && paid >= 10, "only {crashes} crashes, {paid} paid");
}
