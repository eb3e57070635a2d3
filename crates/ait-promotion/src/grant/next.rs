//! The decisions.

use std::time::Duration;

use super::{
    Asked, Attempt, Command,
    Command::{Ask, Execute, GetKey, Save, Wait},
    Event, Executed, GrantState, Policy, ServerDate, Why,
    again::{Probe, retried, retry},
};
use crate::{ErrorCode, GrantStatus};

pub(super) type Step = (GrantState, Vec<Command>);

/// What follows from an event in a state: the new state, and what is to be done, in order.
///
/// Pure: no clock, no network, no store. An event that does not belong to the state changes nothing.
#[must_use]
pub fn next(state: &GrantState, event: &Event, policy: &Policy) -> Step {
    match (state, event) {
        (GrantState::Planned { unsent: None, .. }, Event::Started) => (state.clone(), vec![GetKey]),
        (GrantState::Planned { unsent: Some(attempt), .. }, Event::Started) => executing(attempt.clone()),
        (GrantState::Planned { number, .. }, Event::KeyReceived { key, date }) => {
            executing(Attempt::new(*number, key.clone(), *date))
        }
        // Found in the store: it was sent, as far as anybody knows.
        (GrantState::Executing { attempt }, Event::Started) => {
            doubt(attempt, 0, false, vec![Save, ask(attempt)])
        }
        (GrantState::Executing { attempt }, Event::Executed(executed)) => first_answer(attempt, executed),
        (GrantState::Accepted { attempt, .. } | GrantState::Doubt { attempt, .. }, Event::Started) => {
            (state.clone(), vec![ask(attempt)])
        }
        (GrantState::Accepted { attempt, asked }, Event::Asked { answer, .. }) => {
            accepted(attempt, *asked, answer, policy)
        }
        (GrantState::Doubt { attempt, asked, used }, Event::Asked { answer, date }) => {
            doubted(attempt, *asked, *used, answer, *date, policy)
        }
        // Only a probe can show that a key is dead.
        (GrantState::Refused { attempt, .. } | GrantState::Failed { attempt }, Event::Retry)
            if policy.probes() =>
        {
            (retry(attempt, 0), vec![Save, Wait(Duration::ZERO)])
        }
        (GrantState::Retry { attempt, .. }, Event::Started) => (state.clone(), vec![ask(attempt)]),
        (GrantState::Retry { attempt, asked }, Event::Asked { answer, date }) => {
            retried(attempt, *asked, answer, *date, policy)
        }
        (GrantState::Probe { attempt, asked, refused, retry }, event) => {
            Probe { attempt, asked: *asked, retry: *retry }.next(*refused, event, policy)
        }
        _ => (state.clone(), Vec::new()),
    }
}

// The key is saved before it is sent, always.
fn executing(attempt: Attempt) -> Step {
    let execute = Execute(attempt.key.clone());
    (GrantState::Executing { attempt }, vec![Save, execute])
}

fn first_answer(attempt: &Attempt, executed: &Executed) -> Step {
    match executed {
        Executed::Accepted { key } if *key == attempt.key => just_accepted(attempt),
        Executed::NotTaken => {
            let state = GrantState::Planned { number: attempt.number, unsent: Some(attempt.clone()) };
            (state, vec![Save, Wait(Policy::pause(4))])
        }
        Executed::Refused { code } => {
            over(GrantState::Refused { attempt: attempt.clone(), code: code.clone() })
        }
        // Accepted under another key, which says nothing about ours; 4110, 4113 and codes nobody knows; no answer.
        other => later(attempt, says_used(other)),
    }
}

pub(super) fn accepted(attempt: &Attempt, asked: u32, answer: &Asked, policy: &Policy) -> Step {
    match answer {
        Asked::Status(GrantStatus::Success) => over(GrantState::Paid { attempt: attempt.clone() }),
        Asked::Status(GrantStatus::Failed) => over(GrantState::Failed { attempt: attempt.clone() }),
        // No record of what was accepted is a delay.
        _ if !policy.is_patient(asked.saturating_add(1)) => park(attempt, Why::Undecided),
        _ => {
            let state = GrantState::Accepted { attempt: attempt.clone(), asked: asked.saturating_add(1) };
            (state, vec![Save, Wait(Policy::pause(asked.saturating_add(1)))])
        }
    }
}

fn doubted(
    attempt: &Attempt,
    asked: u32,
    used: bool,
    answer: &Asked,
    date: Option<ServerDate>,
    policy: &Policy,
) -> Step {
    let no_record = *answer == Asked::NoRecord;
    match answer {
        Asked::Status(GrantStatus::Success) => return over(GrantState::Paid { attempt: attempt.clone() }),
        Asked::Status(GrantStatus::Failed) if used => return park(attempt, Why::Contradiction),
        Asked::Status(GrantStatus::Failed) => return over(GrantState::Failed { attempt: attempt.clone() }),
        // There is a record: it was accepted, and the key is never sent again.
        Asked::Status(_) if !used => return accepted(attempt, asked, answer, policy),
        // A key that was used is asked for; it is never sent again.
        Asked::NoRecord if !used && Policy::hour_is_over(attempt, date) => {
            return if policy.probes() {
                Probe { attempt, asked, retry: false }.send()
            } else {
                park(attempt, Why::NoRecord)
            };
        }
        _ => {}
    }
    if policy.is_patient(asked.saturating_add(1)) {
        doubt(
            attempt,
            asked.saturating_add(1),
            used,
            vec![Save, Wait(Policy::pause(asked.saturating_add(1)))],
        )
    } else {
        park(attempt, if no_record { Why::NoRecord } else { Why::Undecided })
    }
}

pub(super) fn says_used(executed: &Executed) -> bool {
    matches!(executed, Executed::Unclear { code } if ErrorCode::from(code.as_str()) == ErrorCode::AlreadyUsed)
}

pub(super) fn just_accepted(attempt: &Attempt) -> Step {
    let state = GrantState::Accepted { attempt: attempt.clone(), asked: 0 };
    (state, vec![Save, Wait(Policy::pause(0))])
}

pub(super) fn later(attempt: &Attempt, used: bool) -> Step {
    doubt(attempt, 0, used, vec![Save, Wait(Policy::pause(0))])
}

pub(super) fn doubt(attempt: &Attempt, asked: u32, used: bool, commands: Vec<Command>) -> Step {
    (GrantState::Doubt { attempt: attempt.clone(), asked, used }, commands)
}

pub(super) fn park(attempt: &Attempt, why: Why) -> Step {
    over(GrantState::Parked { attempt: attempt.clone(), why })
}

pub(super) fn over(state: GrantState) -> Step {
    (state, vec![Save])
}

pub(super) fn ask(attempt: &Attempt) -> Command {
    Ask(attempt.key.clone())
}
