//! Each known mistake, planted into the transition function, pays twice in the model: the model would catch it.

use crate::support::model::{EXPIRED, Machine, Model, Server, Settles, Step};
use ait_promotion::{
    GrantState,
    grant::{Asked, Attempt, Command, Event, Executed, ExpiredCode, Policy, ServerDate, next},
};

const LATE: u64 = 2_000_000_000;

fn probe_fence() -> Policy {
    Policy::probe_fence(ExpiredCode::new(EXPIRED).unwrap()).questions(u32::MAX)
}

fn park() -> Policy {
    Policy::park().questions(u32::MAX)
}

/// The weakest server under which probing is safe.
const FENCED: Server = Server { dedupes: false, expires: true, settles: Settles::InTime, dates: true };
const DEDUPES: Server = Server { dedupes: true, expires: false, settles: Settles::Never, dates: true };
/// The result may be late, but not later than a refusal as expired.
const BY_REFUSAL: Server = Server { settles: Settles::ByRefusal, ..FENCED };
const BEST: Server = Server { dedupes: true, expires: true, settles: Settles::InTime, dates: true };

/// The mutant pays twice where the real function does not.
#[track_caller]
fn caught(mutant: Machine, policy: &Policy, server: Server) {
    let real = Model::new(server, policy.clone()).explore();
    assert_eq!(real.double_payment(), None, "{server:?}");
    let mutated = Model::new(server, policy.clone()).machine(mutant).explore();
    assert!(mutated.double_payment().is_some(), "{server:?}: the model does not see this mistake");
}

/// The same with a grant that a person tries again.
#[track_caller]
fn caught_in_retry(mutant: Machine, server: Server) {
    let real = Model::new(server, probe_fence()).retried().explore();
    assert_eq!(real.double_payment(), None, "{server:?}");
    let mutated = Model::new(server, probe_fence()).retried().machine(mutant).explore();
    assert!(mutated.double_payment().is_some(), "{server:?}: the model does not see this mistake");
}

fn attempt(state: &GrantState) -> Option<&Attempt> {
    match state {
        GrantState::Executing { attempt }
        | GrantState::Accepted { attempt, .. }
        | GrantState::Doubt { attempt, .. }
        | GrantState::Probe { attempt, .. }
        | GrantState::Retry { attempt, .. }
        | GrantState::Failed { attempt }
        | GrantState::Refused { attempt, .. } => Some(attempt),
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
                let state =
                    GrantState::Probe { attempt: attempt.clone(), asked: 0, refused: false, retry: false };
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

#[test]
fn a_second_question_that_is_never_asked() {
    fn mutant(state: &GrantState, event: &Event, policy: &Policy) -> Step {
        let step = next(state, event, policy);
        let is_doubt = matches!(step.0, GrantState::Probe { refused: true, retry: false, .. });
        if is_doubt { new_key(state) } else { step }
    }
    caught(mutant, &probe_fence(), BY_REFUSAL);
}

#[test]
fn a_retry_that_takes_a_new_key_at_once() {
    fn mutant(state: &GrantState, event: &Event, policy: &Policy) -> Step {
        if *event == Event::Retry { new_key(state) } else { next(state, event, policy) }
    }
    for server in [FENCED, DEDUPES, BEST] {
        caught_in_retry(mutant, server);
    }
}

#[test]
fn a_retry_that_skips_the_probe() {
    fn mutant(state: &GrantState, event: &Event, policy: &Policy) -> Step {
        let step = next(state, event, policy);
        let is_retry = matches!(step.0, GrantState::Probe { refused: false, retry: true, .. });
        if is_retry { new_key(state) } else { step }
    }
    caught_in_retry(mutant, DEDUPES);
    caught_in_retry(mutant, BY_REFUSAL);
}

#[test]
fn a_retry_that_skips_the_second_question() {
    fn mutant(state: &GrantState, event: &Event, policy: &Policy) -> Step {
        let step = next(state, event, policy);
        let is_retry = matches!(step.0, GrantState::Probe { refused: true, retry: true, .. });
        if is_retry { new_key(state) } else { step }
    }
    caught_in_retry(mutant, BY_REFUSAL);
}

#[test]
fn a_retry_by_a_local_clock() {
    fn mutant(state: &GrantState, event: &Event, policy: &Policy) -> Step {
        let is_retry = matches!(state, GrantState::Retry { .. });
        let late = |_| Some(ServerDate::from_unix_seconds(LATE));
        if is_retry { next(state, &with_date(event, late), policy) } else { next(state, event, policy) }
    }
    caught_in_retry(mutant, FENCED);
}

#[test]
fn a_retry_that_takes_a_missing_date_for_an_old_one() {
    fn mutant(state: &GrantState, event: &Event, policy: &Policy) -> Step {
        match (state, event) {
            (GrantState::Retry { attempt, .. }, Event::Asked { answer: Asked::NoRecord, date: None }) => {
                let state =
                    GrantState::Probe { attempt: attempt.clone(), asked: 0, refused: false, retry: true };
                (state, vec![Command::Save, Command::Execute(attempt.key.clone())])
            }
            _ => next(state, event, policy),
        }
    }
    caught_in_retry(mutant, Server { dates: false, ..FENCED });
}

#[test]
fn a_retry_that_takes_4113_for_the_end_of_the_key() {
    fn mutant(state: &GrantState, event: &Event, policy: &Policy) -> Step {
        let is_retry = matches!(state, GrantState::Probe { retry: true, .. });
        if is_retry && says(event, "4113") { new_key(state) } else { next(state, event, policy) }
    }
    caught_in_retry(mutant, DEDUPES);
}
