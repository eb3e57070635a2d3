//! The first request under the key is still at work (HTTP 409): waited for within the deadline.

use std::{
    cell::Cell,
    future::ready,
    pin::pin,
    task::{Context, Waker},
    time::Duration,
};

use super::{SECOND, after, answer, lost, page, play, play_with, policy};
use crate::{
    Error, Outcome, RetryPolicy,
    resend::{Class, Plan, resend},
    retry::Budget,
};

/// Of a money call.
const DEADLINE: Duration = Duration::from_secs(70);

fn busy() -> Error {
    answer(409, "", Some("IDEMPOTENT_REQUEST_PROCESSING"), Outcome::Unknown)
}

fn busy_for_ever() -> Vec<Error> {
    (0..1_000).map(|_| busy()).collect()
}

fn seconds(waits: &[Duration]) -> Vec<f64> {
    waits.iter().map(Duration::as_secs_f64).collect()
}

#[test]
fn its_answer_is_waited_for_longer_each_time() {
    let (result, waits) = play(Class::Keyed, &policy(), DEADLINE, vec![busy()]);
    assert_eq!((result.unwrap(), waits), (2, vec![SECOND]));
    let (result, waits) = play(Class::Keyed, &policy(), DEADLINE, (0..6).map(|_| busy()).collect());
    assert_eq!(result.unwrap(), 7);
    assert_eq!(seconds(&waits), [1.0, 2.0, 4.0, 8.0, 8.0, 8.0]);
    // In whatever words.
    let (result, waits) = play(Class::Keyed, &policy(), DEADLINE, vec![page(409), busy()]);
    assert_eq!((result.unwrap(), seconds(&waits)), (3, vec![1.0, 2.0]));
}

#[test]
fn chance_makes_the_pauses_a_little_shorter_and_never_less_than_half() {
    let six = || (0..6).map(|_| busy()).collect();
    let mut last = 0.0;
    for jitter in [0.0, 0.25, 0.5, 1.0] {
        let (_, waits) = play_with(jitter, &Budget::new(), Class::Keyed, &policy(), DEADLINE, six());
        for (wait, most) in seconds(&waits).into_iter().zip([1.0, 2.0, 4.0, 8.0, 8.0, 8.0]) {
            assert!(wait <= most && wait >= most / 2.0, "{wait} of {most}");
        }
        let first = waits[0].as_secs_f64();
        assert!(first > last, "chance has a say: {first} after {last}");
        last = first;
    }
}

#[test]
fn the_deadline_bounds_it_and_what_is_left_is_a_doubt() {
    let (result, waits) = play(Class::Keyed, &policy(), DEADLINE, busy_for_ever());
    let error = result.unwrap_err();
    // 63 seconds, and 8 more would be past it.
    assert_eq!(seconds(&waits), [1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0]);
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 11));
    assert_eq!((error.elapsed(), error.code()), (63 * SECOND, Some("IDEMPOTENT_REQUEST_PROCESSING")));
    // A pause that takes all the time there is leaves none for the attempt.
    for (deadline, expected) in [(SECOND, 0), (SECOND + Duration::from_millis(1), 1), (3 * SECOND, 1)] {
        let (result, waits) = play(Class::Keyed, &policy(), deadline, busy_for_ever());
        assert_eq!(
            (result.unwrap_err().outcome(), waits.len()),
            (Outcome::Unknown, expected),
            "{deadline:?}"
        );
    }
}

#[test]
fn what_an_attempt_took_is_gone() {
    let (now, tries) = (Cell::new(Duration::ZERO), Cell::new(0));
    let (budget, policy) = (Budget::new(), policy());
    let plan = Plan { class: Class::Keyed, policy: &policy, budget: &budget, deadline: DEADLINE };
    let attempt = |_, _| {
        tries.set(tries.get() + 1);
        now.set(now.get() + 34 * SECOND);
        ready(Err::<(), _>(busy()))
    };
    let sleep = |wait| {
        now.set(now.get() + wait);
        ready(())
    };
    let mut run = pin!(resend(&plan, || now.get(), || 1.0, attempt, sleep));
    assert!(run.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
    // 34, a pause of 1, and 34 again: the next pause is 2 seconds, and 1 is left.
    assert_eq!((tries.get(), now.get()), (2, 69 * SECOND));
}

#[test]
fn a_stated_wait_wins_if_it_is_longer() {
    let failures = vec![after(5, busy()), after(1, busy()), after(0, busy()), busy()];
    let (result, waits) = play(Class::Keyed, &policy(), DEADLINE, failures);
    assert_eq!((result.unwrap(), seconds(&waits)), (5, vec![5.0, 2.0, 4.0, 8.0]));
    let (result, waits) = play(Class::Keyed, &policy(), DEADLINE, vec![after(70, busy())]);
    assert_eq!((result.unwrap_err().outcome(), waits.len()), (Outcome::Unknown, 0), "it does not fit");
}

#[test]
fn it_takes_nothing_from_the_policy_nor_from_the_budget() {
    let policy = policy().attempts(2);
    let failures = vec![busy(), lost(), busy(), busy()];
    let (result, waits) = play(Class::Keyed, &policy, DEADLINE, failures);
    assert_eq!((result.unwrap(), seconds(&waits)), (5, vec![1.0, 0.1, 2.0, 4.0]));

    let budget = Budget::new();
    while budget.withdraw() {}
    let (result, waits) = play_with(1.0, &budget, Class::Keyed, &policy, DEADLINE, vec![busy(), busy()]);
    assert_eq!((result.unwrap(), waits.len()), (3, 2), "nothing is left in it");
    let (result, waits) = play_with(1.0, &budget, Class::Keyed, &policy, DEADLINE, vec![lost()]);
    assert_eq!((result.unwrap_err().attempts(), waits.len()), (1, 0), "nothing is left in it");
}

#[test]
fn what_fails_otherwise_in_between_is_bound_by_the_policy() {
    let mixed = || vec![busy(), lost(), busy(), lost(), busy(), lost(), busy()];
    for (attempts, tried, expected) in [
        (2, 4, vec![1.0, 0.1, 2.0]),
        (3, 6, vec![1.0, 0.1, 2.0, 0.2, 4.0]),
        (4, 8, vec![1.0, 0.1, 2.0, 0.2, 4.0, 0.4, 8.0]),
    ] {
        let (result, waits) = play(Class::Keyed, &policy().attempts(attempts), DEADLINE, mixed());
        assert_eq!(seconds(&waits), expected, "{attempts} attempts");
        match result {
            Ok(number) => assert_eq!(number, tried),
            Err(error) => assert_eq!((error.attempts(), error.outcome()), (tried, Outcome::Unknown)),
        }
    }
    let (result, _) = play(Class::Keyed, &policy(), DEADLINE, vec![busy(), lost(), busy()]);
    assert_eq!(result.unwrap(), 4);
}

#[test]
fn a_refusal_after_it_leaves_the_doubt() {
    let refused = answer(400, "", Some("NO"), Outcome::Refused);
    let (result, waits) = play(Class::Keyed, &policy(), DEADLINE, vec![busy(), refused]);
    let error = result.unwrap_err();
    assert_eq!((error.outcome(), error.attempts(), waits.len()), (Outcome::Unknown, 2, 1));
}

#[test]
fn never_means_never() {
    for policy in [RetryPolicy::never(), policy().attempts(0)] {
        let (result, waits) = play(Class::Keyed, &policy, DEADLINE, vec![busy()]);
        let error = result.unwrap_err();
        assert_eq!((error.attempts(), waits.len(), error.outcome()), (1, 0, Outcome::Unknown));
    }
}

#[test]
fn only_a_key_is_waited_for() {
    for class in [Class::Read, Class::Once] {
        let (result, waits) = play(class, &policy().attempts(9), DEADLINE, vec![after(1, busy())]);
        assert_eq!((result.unwrap_err().attempts(), waits.len()), (1, 0), "{class:?}");
    }
    // A read that is asked again for another reason keeps to its policy.
    let doubt = || answer(409, "INTERRUPTED", None, Outcome::Unknown);
    let (result, waits) = play(Class::Read, &policy(), DEADLINE, vec![doubt(), doubt(), doubt()]);
    assert_eq!((result.unwrap_err().attempts(), seconds(&waits)), (3, vec![0.1, 0.2]));
    // A refusal with this status is an answer, and nobody is at work.
    let refused = after(1, answer(409, "", Some("NO"), Outcome::Refused));
    let (result, waits) = play(Class::Keyed, &policy(), DEADLINE, vec![refused]);
    let error = result.unwrap_err();
    assert_eq!((error.attempts(), waits.len(), error.outcome()), (1, 0, Outcome::Refused));
}
