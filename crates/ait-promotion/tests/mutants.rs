//! Each known mistake, planted into the transition function, pays twice in the model: the model would catch it.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what they expect by failing"
)]

#[path = "support/model.rs"]
#[allow(dead_code, reason = "every test file uses its own part of it")]
mod model;

use ait_promotion::{
    GrantState,
    grant::{Asked, Attempt, Command, Event, Executed, ExpiredCode, Policy, ServerDate, next},
};
use model::{EXPIRED, Machine, Model, Server, Step};

const LATE: u64 = 2_000_000_000;

fn probe_fence() -> Policy {
    Policy::probe_fence(ExpiredCode::new(EXPIRED).unwrap()).questions(u32::MAX)
}

fn park() -> Policy {
    Policy::park().questions(u32::MAX)
}

/// The weakest server under which probing is safe.
const FENCED: Server = Server { dedupes: false, expires: true, settles: true, dates: true };
const DEDUPES: Server = Server { dedupes: true, expires: false, settles: false, dates: true };
const BEST: Server = Server { dedupes: true, expires: true, settles: true, dates: true };

/// The mutant pays twice where the real function does not.
#[track_caller]
fn caught(mutant: Machine, policy: &Policy, server: Server) {
    let real = Model::new(server, policy.clone()).explore();
    assert_eq!(real.double_payment(), None, "{server:?}");
    let mutated = Model::new(server, policy.clone()).machine(mutant).explore();
    assert!(mutated.double_payment().is_some(), "{server:?}: the model does not see this mistake");
}

fn attempt(state: &GrantState) -> Option<&Attempt> {
    match state {
        GrantState::Executing { attempt }
        | GrantState::Accepted { attempt, .. }
        | GrantState::Doubt { attempt, .. }
        | GrantState::Probe { attempt, .. } => Some(attempt),
        _ => None,
    }
}

fn new_key(state: &GrantState) -> Step {
    let number = attempt(state).map_or(1, |attempt| attempt.number + 1);
    (GrantState::Planned { number, unsent: None }, vec![Command::Save, Command::GetKey])
}

fn same_key(state: &GrantState) -> Step {
    let attempt = attempt(state).unwrap().clone();
    let execute = Command::Execute(attempt.key.clone());
    (GrantState::Executing { attempt }, vec![Command::Save, execute])
}

fn says(event: &Event, wanted: &str) -> bool {
    matches!(event, Event::Executed(Executed::Unclear { code }) if code == wanted)
}

fn no_record(event: &Event) -> bool {
    matches!(event, Event::Asked { answer: Asked::NoRecord, .. })
}

fn with_date(event: &Event, date: impl Fn(Option<ServerDate>) -> Option<ServerDate>) -> Event {
    match event {
        Event::Asked { answer, date: given } => Event::Asked { answer: answer.clone(), date: date(*given) },
        other => other.clone(),
    }
}

#[test]
fn a_new_key_on_4113() {
    fn mutant(state: &GrantState, event: &Event, policy: &Policy) -> Step {
        if says(event, "4113") { new_key(state) } else { next(state, event, policy) }
    }
    caught(mutant, &probe_fence(), DEDUPES);
}

#[test]
fn a_key_stored_after_the_send() {
    fn mutant(state: &GrantState, event: &Event, policy: &Policy) -> Step {
        let (state, mut commands) = next(state, event, policy);
        if matches!(commands[..], [Command::Save, Command::Execute(_)]) {
            commands.reverse();
        }
        (state, commands)
    }
    caught(mutant, &park(), BEST);
    caught(mutant, &probe_fence(), BEST);
}

#[test]
fn a_key_that_is_never_stored() {
    fn mutant(state: &GrantState, event: &Event, policy: &Policy) -> Step {
        let (state, mut commands) = next(state, event, policy);
        if matches!(event, Event::KeyReceived { .. }) {
            commands.retain(|command| *command != Command::Save);
        }
        (state, commands)
    }
    caught(mutant, &park(), BEST);
}

#[test]
fn a_local_clock_that_decides() {
    fn mutant(state: &GrantState, event: &Event, policy: &Policy) -> Step {
        // Ours runs fast.
        next(state, &with_date(event, |_| Some(ServerDate::from_unix_seconds(LATE))), policy)
    }
    caught(mutant, &probe_fence(), FENCED);
}

#[test]
fn a_margin_that_is_too_short() {
    fn mutant(state: &GrantState, event: &Event, policy: &Policy) -> Step {
        let later = |date: ServerDate| ServerDate::from_unix_seconds(date.unix_seconds() + 1);
        next(state, &with_date(event, |date| date.map(later)), policy)
    }
    caught(mutant, &probe_fence(), FENCED);
    caught(mutant, &probe_fence(), BEST);
}

#[test]
fn a_missing_date_taken_for_an_old_one() {
    fn mutant(state: &GrantState, event: &Event, policy: &Policy) -> Step {
        match state {
            GrantState::Doubt { attempt, used: false, .. } if no_record(event) => {
                let state = GrantState::Probe { attempt: attempt.clone(), refused: false };
                (state, vec![Command::Save, Command::Execute(attempt.key.clone())])
            }
            _ => next(state, event, policy),
        }
    }
    caught(mutant, &probe_fence(), Server { dates: false, ..FENCED });
}

#[test]
fn an_odd_result_type_taken_for_a_failure() {
    fn mutant(state: &GrantState, event: &Event, policy: &Policy) -> Step {
        let odd = *event == Event::Executed(Executed::Odd);
        if odd { new_key(state) } else { next(state, event, policy) }
    }
    caught(mutant, &park(), BEST);
    caught(mutant, &probe_fence(), BEST);
}

#[test]
fn a_new_key_after_a_lost_answer() {
    fn mutant(state: &GrantState, event: &Event, policy: &Policy) -> Step {
        let silent = *event == Event::Executed(Executed::Silent);
        if silent { new_key(state) } else { next(state, event, policy) }
    }
    caught(mutant, &park(), BEST);
}

#[test]
fn a_new_key_on_4111_before_the_hour() {
    fn mutant(state: &GrantState, event: &Event, policy: &Policy) -> Step {
        let doubt = matches!(state, GrantState::Doubt { .. });
        if doubt && no_record(event) { new_key(state) } else { next(state, event, policy) }
    }
    caught(mutant, &park(), BEST);
    caught(mutant, &probe_fence(), BEST);
}

#[test]
fn a_new_key_on_4111_after_acceptance() {
    fn mutant(state: &GrantState, event: &Event, policy: &Policy) -> Step {
        let accepted = matches!(state, GrantState::Accepted { .. });
        if accepted && no_record(event) { new_key(state) } else { next(state, event, policy) }
    }
    caught(mutant, &park(), BEST);
}

#[test]
fn another_try_on_4110() {
    fn with_a_new_key(state: &GrantState, event: &Event, policy: &Policy) -> Step {
        if says(event, "4110") { new_key(state) } else { next(state, event, policy) }
    }
    fn with_the_same_key(state: &GrantState, event: &Event, policy: &Policy) -> Step {
        if says(event, "4110") { same_key(state) } else { next(state, event, policy) }
    }
    caught(with_a_new_key, &park(), BEST);
    caught(with_the_same_key, &park(), FENCED);
}

#[test]
fn a_request_found_in_the_store_and_sent_again() {
    fn mutant(state: &GrantState, event: &Event, policy: &Policy) -> Step {
        match (state, event) {
            (GrantState::Executing { .. }, Event::Started) => same_key(state),
            _ => next(state, event, policy),
        }
    }
    caught(mutant, &park(), FENCED);
    caught(mutant, &probe_fence(), FENCED);
}

#[test]
fn a_new_key_as_soon_as_the_hour_is_over() {
    // Without the probe, which is what proves that the key is dead.
    fn mutant(state: &GrantState, event: &Event, policy: &Policy) -> Step {
        let step = next(state, event, policy);
        if matches!(step.0, GrantState::Probe { refused: false, .. }) { new_key(state) } else { step }
    }
    caught(mutant, &probe_fence(), DEDUPES);
}
