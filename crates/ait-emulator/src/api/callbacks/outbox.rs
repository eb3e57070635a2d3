//! What is sent to the shop, and what came of it.

use std::{collections::VecDeque, fmt, time::Duration};

use serde::{Deserialize, Serialize};

use super::CallbackKind;
use crate::api::{Rng, Time};

/// So many callbacks are kept.
const KEPT: usize = 1000;
/// The pauses between the tries of a BrandPay webhook, in minutes.
const PAUSES: [u64; 7] = [1, 4, 16, 64, 256, 1024, 4096];

/// The last thousand callbacks, and what came of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Outbox {
    next: u64,
    messages: VecDeque<Message>,
}

/// A callback. `Debug` leaves out the body, which may hold secrets.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Message {
    /// Its place, from 0.
    pub id: u64,
    /// Who calls back.
    pub kind: CallbackKind,
    /// When it happened.
    pub at: Time,
    /// The id of the transmission: the same each time it is sent.
    pub transmission: String,
    /// The JSON text.
    pub body: String,
    /// What came of it so far.
    #[serde(default)]
    pub attempts: Vec<Attempt>,
    /// When it is sent next. `None`: it was delivered, or given up.
    #[serde(default)]
    pub due: Option<Time>,
    /// When it was asked to be sent once more, as often as that was not done yet.
    #[serde(default)]
    again: VecDeque<Time>,
    /// How often it was sent by itself.
    #[serde(default)]
    tries: usize,
}

/// One time that a callback was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Attempt {
    /// When it was due.
    pub at: Time,
    /// The HTTP status of the answer.
    #[serde(default)]
    pub status: Option<u16>,
    /// Why there was no answer.
    #[serde(default)]
    pub error: Option<String>,
}

/// A callback that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Due {
    pub(crate) at: Time,
    pub(crate) id: u64,
    /// Whether somebody asked for it.
    pub(crate) asked: bool,
}

impl Outbox {
    /// The callbacks, oldest first.
    pub fn messages(&self) -> impl ExactSizeIterator<Item = &Message> + DoubleEndedIterator {
        self.messages.iter()
    }

    pub(crate) fn get(&self, id: u64) -> Option<&Message> {
        self.messages.iter().find(|message| message.id == id)
    }

    /// Puts one in, to be sent at once. The chance is not used up, so that a callback does not change which keys are made.
    pub(crate) fn push(&mut self, kind: CallbackKind, at: Time, body: String, rng: &Rng) {
        let id = self.next;
        self.next += 1;
        if self.messages.len() >= KEPT {
            self.messages.pop_front();
        }
        // Apart from each other, and from what the chance will give next.
        let seed = rng.seed() ^ id.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.messages.push_back(Message {
            id,
            kind,
            at,
            transmission: Rng::new(seed).uuid(),
            body,
            attempts: Vec::new(),
            due: Some(at),
            again: VecDeque::new(),
            tries: 0,
        });
    }

    /// Asks for one to be sent once more. False if it is not here.
    pub(crate) fn again(&mut self, id: u64, now: Time) -> bool {
        let found = self.messages.iter_mut().find(|message| message.id == id);
        found.map(|message| message.again.push_back(now)).is_some()
    }

    /// Of those that pass, the one that is due first.
    pub(crate) fn first(&self, passes: impl Fn(&Message) -> bool) -> Option<Due> {
        self.messages.iter().filter(|message| passes(message)).filter_map(Message::next).min()
    }

    /// Notes that one is being sent because somebody asked: the wish is granted, whatever comes of it.
    pub(crate) fn grant(&mut self, id: u64) {
        if let Some(message) = self.messages.iter_mut().find(|message| message.id == id) {
            message.again.pop_front();
        }
    }

    /// Notes what came of one.
    pub(crate) fn attempted(&mut self, due: Due, attempt: Attempt, repeats: bool) {
        let found = self.messages.iter_mut().find(|message| message.id == due.id);
        if let Some(message) = found {
            message.attempted(due, attempt, repeats);
        }
    }
}

impl Message {
    fn next(&self) -> Option<Due> {
        let asked = self.again.front().map(|at| Due { at: *at, id: self.id, asked: true });
        let planned = self.due.map(|at| Due { at, id: self.id, asked: false });
        asked.into_iter().chain(planned).min()
    }

    fn attempted(&mut self, due: Due, attempt: Attempt, repeats: bool) {
        if self.is_delivered_by(&attempt) {
            self.due = None;
        } else if !due.asked {
            let pause = PAUSES.get(self.tries).filter(|_| repeats);
            self.due = pause.map(|minutes| due.at.plus(Duration::from_secs(minutes * 60)));
        }
        self.tries += usize::from(!due.asked);
        self.attempts.push(attempt);
    }

    fn is_delivered_by(&self, attempt: &Attempt) -> bool {
        match self.kind {
            CallbackKind::Brandpay => attempt.status == Some(200),
            CallbackKind::Unlink | CallbackKind::Subscription => {
                attempt.status.is_some_and(|status| (200..300).contains(&status))
            }
        }
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("at", &self.at)
            .field("attempts", &self.attempts)
            .field("due", &self.due)
            .finish_non_exhaustive()
    }
}
