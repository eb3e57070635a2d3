//! The way to a new key: the same key is sent once more, and seen dead.

use super::{
    Asked, Attempt,
    Command::{Execute, GetKey, Save, Wait},
    Event, Executed, GrantState, Policy, ServerDate, Why,
    next::{Step, accepted, ask, doubt, just_accepted, later, over, park, says_used},
};
use crate::GrantStatus;

pub(super) fn retry(attempt: &Attempt, asked: u32) -> GrantState {
    GrantState::Retry { attempt: attempt.clone(), asked }
}

/// A grant that failed or was refused is to be tried again. Nothing documents that either is final, so the key must die
/// first.
pub(super) fn retried(
    attempt: &Attempt,
    asked: u32,
    answer: &Asked,
    date: Option<ServerDate>,
    policy: &Policy,
) -> Step {
    let probe = Probe { attempt, asked, retry: true };
    match answer {
        Asked::Status(GrantStatus::Success) => over(GrantState::Paid { attempt: attempt.clone() }),
        Asked::Status(GrantStatus::Failed) | Asked::NoRecord if Policy::hour_is_over(attempt, date) => {
            if policy.probes() {
                probe.send()
            } else {
                park(attempt, Why::KeyMayPay)
            }
        }
        Asked::Status(GrantStatus::Failed) | Asked::NoRecord | Asked::Silent => probe.ask_later(policy),
        Asked::Status(_) => accepted(attempt, asked, answer, policy),
    }
}

/// The same key once more, when its hour is over.
pub(super) struct Probe<'a> {
    pub(super) attempt: &'a Attempt,
    pub(super) asked: u32,
    /// After a refusal or a failure, not after a doubt.
    pub(super) retry: bool,
}

impl Probe<'_> {
    pub(super) fn next(&self, refused: bool, event: &Event, policy: &Policy) -> Step {
        match (refused, event) {
            (_, Event::Started) if !policy.probes() => {
                (self.question(self.asked), vec![Save, ask(self.attempt)])
            }
            (false, Event::Started) => (self.state(false), vec![Execute(self.attempt.key.clone())]),
            (true, Event::Started) => (self.state(true), vec![ask(self.attempt)]),
            (false, Event::Executed(executed)) => self.sent(executed, policy),
            (true, Event::Asked { answer, .. }) => self.fenced(answer, policy),
            _ => (self.state(refused), Vec::new()),
        }
    }

    pub(super) fn send(&self) -> Step {
        (self.state(false), vec![Save, Execute(self.attempt.key.clone())])
    }

    fn sent(&self, executed: &Executed, policy: &Policy) -> Step {
        let code = match executed {
            Executed::Accepted { key } if *key == self.attempt.key => return just_accepted(self.attempt),
            Executed::Refused { code } | Executed::Unclear { code } => code,
            _ => return self.ask_later(policy),
        };
        if policy.says_expired(code) {
            return (self.state(true), vec![Save, ask(self.attempt)]);
        }
        match (says_used(executed), self.retry) {
            (true, false) => later(self.attempt, true),
            // It failed or was refused, and yet it was used.
            (true, true) => park(self.attempt, Why::Contradiction),
            // A refusal speaks of the probe, not of the request before it.
            (false, _) => park(self.attempt, Why::ProbeAnswered { code: code.clone() }),
        }
    }

    // Refused as expired. If there is still no record of points, the key is dead, and it was the only one that could pay.
    fn fenced(&self, answer: &Asked, policy: &Policy) -> Step {
        let attempt = self.attempt;
        match answer {
            Asked::Status(GrantStatus::Success) => over(GrantState::Paid { attempt: attempt.clone() }),
            Asked::Status(GrantStatus::Failed) if !self.retry => {
                over(GrantState::Failed { attempt: attempt.clone() })
            }
            Asked::Status(GrantStatus::Failed) | Asked::NoRecord => (
                GrantState::Planned { number: attempt.number.saturating_add(1), unsent: None },
                vec![Save, GetKey],
            ),
            Asked::Status(_) => just_accepted(attempt),
            Asked::Silent => self.patiently(policy, |asked| Probe { asked, ..*self }.state(true)),
        }
    }

    fn ask_later(&self, policy: &Policy) -> Step {
        self.patiently(policy, |asked| self.question(asked))
    }

    fn patiently(&self, policy: &Policy, state: impl Fn(u32) -> GrantState) -> Step {
        let asked = self.asked.saturating_add(1);
        if policy.is_patient(asked) {
            (state(asked), vec![Save, Wait(Policy::pause(asked))])
        } else {
            park(self.attempt, if self.retry { Why::KeyMayPay } else { Why::Undecided })
        }
    }

    fn question(&self, asked: u32) -> GrantState {
        if self.retry { retry(self.attempt, asked) } else { doubt(self.attempt, asked, false, Vec::new()).0 }
    }

    fn state(&self, refused: bool) -> GrantState {
        let Self { attempt, asked, retry } = *self;
        GrantState::Probe { attempt: attempt.clone(), asked, refused, retry }
    }
}
