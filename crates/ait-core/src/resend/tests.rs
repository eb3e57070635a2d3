//! The loop and its decision table, without a clock and without a network.

mod processing;

use std::{
    cell::{Cell, RefCell},
    future::ready,
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use http::StatusCode;

use super::{Class, Plan, resend};
use crate::{Error, Kind, Outcome, Phase, RetryPolicy, error::Cause, retry::Budget};

const SECOND: Duration = Duration::from_secs(1);

fn unreachable() -> Error {
    let source = Box::new(std::io::Error::other("refused"));
    Error::new(
        Kind::Connect,
        Outcome::NotSent,
        Cause::Connect { what: "down".into(), lasting: false, source },
    )
}

fn untrusted() -> Error {
    let source = Box::new(std::io::Error::other("untrusted"));
    Error::new(
        Kind::Connect,
        Outcome::NotSent,
        Cause::Connect { what: "untrusted".into(), lasting: true, source },
    )
}

fn identity() -> Error {
    Error::new(Kind::Identity, Outcome::NotSent, Cause::Identity { what: "unknown issuer".to_owned() })
}

fn lost() -> Error {
    let source = Box::new(std::io::Error::other("reset"));
    Error::new(
        Kind::Transport,
        Outcome::Unknown,
        Cause::Exchange { what: "broke", phase: Phase::Wait, hint: "", source },
    )
}

/// A kept connection died with the request, and no other could be opened.
fn lost_then_unreachable() -> Error {
    let mut error = unreachable();
    error.inner_mut().outcome = Outcome::Unknown;
    error
}

fn certificate_page() -> Error {
    let mut error =
        Error::new(Kind::Identity, Outcome::Refused, Cause::Identity { what: "a page".to_owned() });
    error.inner_mut().status = Some(StatusCode::BAD_REQUEST);
    error
}

fn timeout(outcome: Outcome) -> Error {
    Error::new(Kind::Timeout, outcome, Cause::Timeout { phase: Phase::Wait, at: String::new() })
}

fn answer(status: u16, result_type: &str, code: Option<&str>, outcome: Outcome) -> Error {
    let mut error = Error::new(Kind::Api, outcome, Cause::Failed);
    let inner = error.inner_mut();
    inner.status = StatusCode::from_u16(status).ok();
    inner.result_type = Some(result_type.to_owned());
    inner.code = code.map(str::to_owned);
    error
}

fn limited(seconds: u64) -> Error {
    after(seconds, answer(200, "FAIL", Some("4095"), Outcome::Refused))
}

/// The same, told to wait so many seconds.
fn after(seconds: u64, mut error: Error) -> Error {
    error.inner_mut().retry_after = Some(Duration::from_secs(seconds));
    error
}

fn page(status: u16) -> Error {
    let mut error = Error::new(Kind::Decode, Outcome::Unknown, Cause::Page { what: "a page".into() });
    error.inner_mut().status = StatusCode::from_u16(status).ok();
    error
}

fn done() -> Error {
    Error::new(Kind::Decode, Outcome::Done, Cause::Page { what: "a page".into() })
}

#[test]
fn what_may_be_resent() {
    // (name, the failure, Read, Keyed, Once)
    let table: [(&str, Error, bool, bool, bool); 31] = [
        ("invalid request", Error::invalid("orderNo", "…"), false, false, false),
        ("certificate refused", identity(), false, false, false),
        ("server certificate not trusted", untrusted(), false, false, false),
        ("unreachable", unreachable(), true, true, true),
        ("dial timed out", timeout(Outcome::NotSent), true, true, true),
        ("answer lost", lost(), true, true, false),
        ("answer timed out", timeout(Outcome::Unknown), true, true, false),
        ("rate limit", limited(0), true, true, true),
        ("bare 429", page(429), true, true, false),
        ("HTTP 503 page", page(503), true, true, false),
        ("HTTP 404 page", page(404), false, false, false),
        ("listed refusal", answer(200, "FAIL", Some("4112"), Outcome::Refused), false, false, false),
        ("unlisted refusal", answer(200, "FAIL", Some("X"), Outcome::Unknown), false, false, false),
        ("HTTP_TIMEOUT", answer(200, "HTTP_TIMEOUT", None, Outcome::Unknown), true, true, false),
        ("NETWORK_ERROR", answer(200, "NETWORK_ERROR", None, Outcome::Unknown), true, true, false),
        ("EXECUTION_FAIL", answer(200, "EXECUTION_FAIL", None, Outcome::Unknown), true, true, false),
        ("INTERRUPTED", answer(200, "INTERRUPTED", None, Outcome::Unknown), true, true, false),
        ("INTERNAL_ERROR", answer(200, "INTERNAL_ERROR", None, Outcome::Unknown), true, true, false),
        ("blocked", answer(200, "FAIL", Some("4095"), Outcome::Refused), false, false, false),
        ("blocked, HTTP 429", answer(429, "FAIL", Some("4095"), Outcome::Refused), false, false, false),
        ("blocked, in no form", answer(429, "", Some("4095"), Outcome::Refused), false, false, false),
        (
            "rate limit in doubt",
            after(0, answer(200, "FAIL", Some("4095"), Outcome::Unknown)),
            false,
            false,
            false,
        ),
        (
            "rate limit, but done",
            after(0, answer(200, "FAIL", Some("4095"), Outcome::Done)),
            false,
            false,
            false,
        ),
        (
            "rate limit not by the gateway",
            after(0, answer(200, "", Some("4095"), Outcome::Refused)),
            false,
            false,
            false,
        ),
        ("lost, then unreachable", lost_then_unreachable(), true, true, false),
        ("page about the certificate", certificate_page(), false, false, false),
        ("new result type", answer(200, "SURPRISE", None, Outcome::Unknown), false, false, false),
        ("409, still processing", answer(409, "", Some("PROCESSING"), Outcome::Unknown), false, true, false),
        ("409 page", page(409), false, true, false),
        ("409, refused", answer(409, "", Some("NO"), Outcome::Refused), false, false, false),
        ("done but unreadable", done(), false, false, false),
    ];
    for (name, error, read, keyed, once) in table {
        assert_eq!(Class::Read.allows(&error), read, "read: {name}");
        assert_eq!(Class::Keyed.allows(&error), keyed, "keyed: {name}");
        assert_eq!(Class::Once.allows(&error), once, "once: {name}");
    }
}

/// Plays failures one after another, then success; time passes only by sleeping, and nothing is left to chance. Returns
/// the result and the waits.
fn play(
    class: Class,
    policy: &RetryPolicy,
    deadline: Duration,
    failures: Vec<Error>,
) -> (Result<u32, Error>, Vec<Duration>) {
    play_with(1.0, &Budget::new(), class, policy, deadline, failures)
}

fn play_with(
    jitter: f64,
    budget: &Budget,
    class: Class,
    policy: &RetryPolicy,
    deadline: Duration,
    failures: Vec<Error>,
) -> (Result<u32, Error>, Vec<Duration>) {
    let now = Cell::new(Duration::ZERO);
    let (waits, failures) = (RefCell::new(Vec::new()), RefCell::new(failures.into_iter()));
    let plan = Plan { class, policy, budget, deadline };
    let attempt = |number, _limit| ready(failures.borrow_mut().next().map_or(Ok(number), Err));
    let sleep = |wait| {
        waits.borrow_mut().push(wait);
        now.set(now.get() + wait);
        ready(())
    };
    let mut run = pin!(resend(&plan, || now.get(), || jitter, attempt, sleep));
    let Poll::Ready(result) = run.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("nothing here can be pending");
    };
    let waits = waits.borrow().clone();
    (result, waits)
}

fn policy() -> RetryPolicy {
    RetryPolicy::default()
}

#[test]
fn waits_double_up_to_the_cap() {
    let policy = policy().attempts(6).cap(Duration::from_millis(500));
    let (result, waits) = play(Class::Read, &policy, 60 * SECOND, (0..5).map(|_| lost()).collect());
    assert_eq!(result.unwrap(), 6);
    assert_eq!(waits, [100, 200, 400, 500, 500].map(Duration::from_millis));
}

#[test]
fn the_servers_wait_is_obeyed_if_it_fits() {
    let (result, waits) = play(Class::Once, &policy(), 60 * SECOND, vec![limited(7)]);
    assert_eq!((result.unwrap(), waits), (2, vec![7 * SECOND]));
    let (result, waits) = play(Class::Once, &policy(), 5 * SECOND, vec![limited(7)]);
    let error = result.unwrap_err();
    assert_eq!((error.attempts(), error.retry_after(), waits.len()), (1, Some(7 * SECOND), 0));
    // A wait that takes all the time there is leaves none for the attempt.
    let (result, waits) = play(Class::Once, &policy(), 7 * SECOND, vec![limited(7)]);
    assert_eq!((result.unwrap_err().attempts(), waits.len()), (1, 0));
}

#[test]
fn a_block_without_a_stated_wait_is_told_at_once() {
    for class in [Class::Read, Class::Keyed, Class::Once] {
        for status in [200, 429, 503] {
            let blocked = answer(status, "FAIL", Some("4095"), Outcome::Refused);
            let (result, waits) = play(class, &policy(), 60 * SECOND, vec![blocked]);
            let error = result.unwrap_err();
            assert_eq!((error.attempts(), waits.len()), (1, 0), "{class:?}, HTTP {status}");
            assert_eq!(error.outcome(), Outcome::Refused, "{class:?}, HTTP {status}");
            assert!(error.is_rate_limited() && error.is_safe_to_resend());
        }
        let (result, _) = play(class, &policy(), 60 * SECOND, vec![limited(0), limited(0)]);
        assert_eq!(result.unwrap(), 3, "{class:?}: no wait at all is a wait that was stated");
    }
    let (result, waits) = play(Class::Read, &policy(), 60 * SECOND, vec![page(429)]);
    assert_eq!((result.unwrap(), waits.len()), (2, 1), "a page says nothing of a block");
}

#[test]
fn a_later_clean_failure_does_not_hide_an_earlier_lost_answer() {
    let (result, _) = play(Class::Keyed, &policy(), 60 * SECOND, vec![lost(), unreachable(), unreachable()]);
    let error = result.unwrap_err();
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (Kind::Connect, Outcome::Unknown, 3));
}

#[test]
fn a_refusal_does_not_settle_an_earlier_loss_not_even_under_the_same_key() {
    // Some are given before the key is looked up, and no status tells which: 400 for a key that was withdrawn in between.
    for status in [200, 400, 401, 403, 404, 409, 422, 429] {
        let refused = answer(status, "", Some("NO"), Outcome::Refused);
        let (result, _) = play(Class::Keyed, &policy().attempts(2), 60 * SECOND, vec![lost(), refused]);
        let error = result.unwrap_err();
        assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 2), "{status}");
        // Without a loss it is what it says.
        let refused = answer(status, "", Some("NO"), Outcome::Refused);
        let (result, _) = play(Class::Keyed, &policy().attempts(1), 60 * SECOND, vec![refused]);
        assert_eq!(result.unwrap_err().outcome(), Outcome::Refused, "{status}");
    }
    let (result, _) = play(Class::Keyed, &policy(), 60 * SECOND, vec![lost(), lost()]);
    assert_eq!(result.unwrap(), 3, "a success is the answer to all attempts");
}

#[test]
fn only_an_answer_to_the_same_key_settles_an_earlier_loss() {
    // It speaks of the certificate, not of the key.
    let (result, _) = play(Class::Keyed, &policy(), 60 * SECOND, vec![lost(), certificate_page()]);
    let error = result.unwrap_err();
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (Kind::Identity, Outcome::Unknown, 2));
    // A read has no key.
    let refused = answer(400, "FAIL", Some("REJECTED"), Outcome::Refused);
    let (result, _) = play(Class::Read, &policy(), 60 * SECOND, vec![lost(), refused]);
    assert_eq!(result.unwrap_err().outcome(), Outcome::Unknown);
}

#[test]
fn a_once_call_is_never_tried_again_after_its_gate_opened() {
    for failure in [lost(), timeout(Outcome::Unknown), page(503), done()] {
        let (result, waits) = play(Class::Once, &policy().attempts(9), 60 * SECOND, vec![failure]);
        assert_eq!((result.unwrap_err().attempts(), waits.len()), (1, 0));
    }
}

#[test]
fn one_attempt_means_one() {
    let (result, _) = play(Class::Read, &RetryPolicy::never(), 60 * SECOND, vec![unreachable()]);
    assert_eq!(result.unwrap_err().attempts(), 1);
}

#[test]
fn no_wait_goes_past_the_deadline() {
    let (result, waits) =
        play(Class::Read, &policy().attempts(99), SECOND, (0..98).map(|_| lost()).collect());
    assert!(result.is_err());
    assert!(waits.iter().sum::<Duration>() < SECOND);
}

#[test]
fn when_everything_fails_the_budget_ends_the_resending() {
    let budget = Budget::new();
    let policy = policy();
    let plan = Plan { class: Class::Read, policy: &policy, budget: &budget, deadline: 60 * SECOND };
    let tries = Cell::new(0);
    for _call in 0..1_000 {
        let attempt = |_, _| {
            tries.set(tries.get() + 1);
            ready(Err::<(), _>(unreachable()))
        };
        let mut run = pin!(resend(&plan, || Duration::ZERO, || 0.0, attempt, |_| ready(())));
        assert!(run.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
    }
    let extra = tries.get() - 1_000;
    assert!((150..=220).contains(&extra), "a fifth of the calls and ten more, not {extra}");
}

#[test]
fn a_read_leaves_time_for_another_and_a_write_takes_all() {
    for (class, expected) in [(Class::Read, [5, 5]), (Class::Keyed, [10, 10]), (Class::Once, [10, 10])] {
        let limits = RefCell::new(Vec::new());
        let (budget, policy) = (Budget::new(), policy().base(Duration::ZERO).attempts(3));
        let plan = Plan { class, policy: &policy, budget: &budget, deadline: 10 * SECOND };
        let attempt = |_, limit: Duration| {
            limits.borrow_mut().push(limit.as_secs());
            ready(Err::<(), _>(unreachable()))
        };
        let mut run = pin!(resend(&plan, || Duration::ZERO, || 0.0, attempt, |_| ready(())));
        assert!(run.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
        assert_eq!(limits.borrow()[..2], expected);
        assert_eq!(limits.borrow()[2], 10, "the last attempt takes what is left");
    }
}

#[test]
fn each_attempt_gets_what_is_left_of_the_deadline() {
    let (now, limits) = (Cell::new(Duration::ZERO), RefCell::new(Vec::new()));
    let (budget, policy) = (Budget::new(), policy().base(Duration::ZERO));
    let plan = Plan { class: Class::Once, policy: &policy, budget: &budget, deadline: 10 * SECOND };
    let attempt = |_, limit: Duration| {
        limits.borrow_mut().push(limit.as_secs());
        now.set(now.get() + 3 * SECOND);
        ready(Err::<(), _>(unreachable()))
    };
    let mut run = pin!(resend(&plan, || now.get(), || 0.0, attempt, |_| ready(())));
    assert!(run.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
    assert_eq!(*limits.borrow(), [10, 7, 4]);
}
