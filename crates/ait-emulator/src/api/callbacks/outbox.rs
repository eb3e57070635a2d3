//! What is sent to the shop, and what came of it.

use std::{collections::VecDeque, fmt, sync::Arc, time::Duration};

use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize, Serializer};

use super::CallbackKind;
use crate::api::{Rng, Time, store::Sorted};

/// So many callbacks are kept once they are done.
const KEPT: usize = 1000;
/// So many are kept even if they are not.
const MOST: usize = 100_000;
/// So many attempts of one are kept.
const ATTEMPTS: usize = 100;
/// No id comes near it by itself.
const LAST: u64 = 1 << 53;
/// The pauses between the tries of a BrandPay webhook, in minutes.
const PAUSES: [u64; 7] = [1, 4, 16, 64, 256, 1024, 4096];

/// The last thousand callbacks, those before them that are neither delivered nor given up, and what came of them.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
#[non_exhaustive]
pub struct Outbox {
    next: u64,
    #[serde(serialize_with = "list")]
    messages: Sorted<u64, Arc<Message>>,
    /// What is due, by its kind.
    #[serde(skip)]
    waiting: Sorted<(CallbackKind, Due), ()>,
    /// How many had no more room and were neither delivered nor given up.
    dropped: u64,
}

fn list<S: Serializer>(messages: &Sorted<u64, Arc<Message>>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(messages.iter().map(|(_, message)| message.as_ref()))
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.messages()).finish()
    }
}

/// An outbox as it was read: the ids may name a callback twice.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Unchecked {
    next: u64,
    messages: VecDeque<Message>,
    dropped: u64,
}

impl TryFrom<Unchecked> for Outbox {
    type Error = String;

    fn try_from(read: Unchecked) -> Result<Self, String> {
        let Unchecked { next, messages, dropped } = read;
        if next >= LAST {
            return Err(format!("the `next` of an outbox is below {LAST}"));
        }
        let ids: Vec<u64> = messages.iter().map(|message| message.id).chain([next]).collect();
        if !ids.is_sorted_by(|one, other| one < other) {
            return Err("the ids of an outbox rise and stay below its `next`".to_owned());
        }
        let mut read = Self { next, dropped, ..Self::default() };
        messages.into_iter().for_each(|message| read.put(message));
        Ok(read)
    }
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
    /// What came of it so far: the last hundred times.
    #[serde(default)]
    pub attempts: Vec<Attempt>,
    /// How many times before them it was sent.
    #[serde(default)]
    pub forgotten: u64,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Due {
    pub(crate) at: Time,
    pub(crate) id: u64,
    /// Whether somebody asked for it.
    pub(crate) asked: bool,
}

impl Outbox {
    /// The callbacks, oldest first.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.iter().map(|(_, message)| message.as_ref())
    }

    /// Those from this id on.
    pub(crate) fn from(&self, id: u64) -> impl Iterator<Item = &Message> {
        self.messages.from(move |other| *other < id).map(|(_, message)| message.as_ref())
    }

    /// How many callbacks had no more room, although they were neither delivered nor given up: of 100,000 such, the oldest
    /// goes.
    #[must_use]
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    pub(crate) fn get(&self, id: u64) -> Option<&Message> {
        self.messages.get(&id).map(Arc::as_ref)
    }

    fn put(&mut self, message: Message) {
        if let Some(due) = message.next() {
            self.waiting.insert((message.kind, due), ());
        }
        self.messages.insert(message.id, Arc::new(message));
    }

    fn remove(&mut self, id: u64) {
        if let Some((_, message)) = self.messages.remove(&id)
            && let Some(due) = message.next()
        {
            self.waiting.remove(&(message.kind, due));
        }
    }

    /// Changes one. False if it is not here.
    fn change(&mut self, id: u64, change: impl FnOnce(&mut Message)) -> bool {
        let Some(message) = self.messages.get_mut(&id) else { return false };
        let message = Arc::make_mut(message);
        let kind = message.kind;
        let before = message.next();
        change(message);
        let after = message.next();
        if let Some(due) = before {
            self.waiting.remove(&(kind, due));
        }
        if let Some(due) = after {
            self.waiting.insert((kind, due), ());
        }
        true
    }

    /// Puts one in, to be sent at once. The chance is not used up, so that a callback does not change which keys are made.
    pub(crate) fn push(&mut self, kind: CallbackKind, at: Time, body: String, rng: &Rng) {
        let id = self.next;
        self.next = self.next.saturating_add(1);
        self.put(Message {
            id,
            kind,
            at,
            transmission: transmission(rng, id, kind, at, &body),
            body,
            attempts: Vec::new(),
            forgotten: 0,
            due: Some(at),
            again: VecDeque::new(),
            tries: 0,
        });
        // One has become old.
        if let Some(old) = self.newest_old() {
            self.forget(old);
        }
        if self.messages.len() > MOST
            && let Some((&oldest, _)) = self.messages.first()
        {
            self.remove(oldest);
            self.dropped = self.dropped.saturating_add(1);
        }
    }

    /// The newest of those that are old.
    fn newest_old(&self) -> Option<u64> {
        self.messages.iter().rev().nth(KEPT).map(|(id, _)| *id)
    }

    /// Lets go of this one, which is old, if it is done.
    fn forget(&mut self, id: u64) {
        if self.get(id).is_some_and(|message| message.next().is_none()) {
            self.remove(id);
        }
    }

    /// Asks for one to be sent once more. False if it is not here.
    pub(crate) fn again(&mut self, id: u64, now: Time) -> bool {
        self.change(id, |message| message.again.push_back(now))
    }

    /// The one that is due first, of the kinds that may be sent and not of those that are under way.
    pub(crate) fn first(
        &self,
        may: impl Fn(CallbackKind) -> bool,
        goes: impl Fn(u64) -> bool,
    ) -> Option<Due> {
        let first = |kind| {
            let waiting = self.waiting.from(move |(other, _)| *other < kind);
            let waiting = waiting.take_while(move |((other, _), ())| *other == kind);
            waiting.map(|((_, due), ())| *due).find(|due| !goes(due.id))
        };
        CallbackKind::ALL.into_iter().filter(|kind| may(*kind)).filter_map(first).min()
    }

    /// Notes what came of one.
    pub(crate) fn attempted(&mut self, due: Due, attempt: Attempt, repeats: bool) {
        self.change(due.id, |message| message.attempted(due, attempt, repeats));
        if self.newest_old().is_some_and(|old| due.id <= old) {
            self.forget(due.id);
        }
    }
}

/// An id that the same event of the same run has, and no other: two runs of one seed may differ in what happens.
fn transmission(rng: &Rng, id: u64, kind: CallbackKind, at: Time, body: &str) -> String {
    let mut hash = Context::new(&SHA256);
    for number in [rng.seed(), id, at.unix_millis()] {
        hash.update(&number.to_be_bytes());
    }
    hash.update(kind.name().as_bytes());
    hash.update(body.as_bytes());
    let seed = hash.finish().as_ref().iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte));
    Rng::new(seed).uuid()
}

impl Message {
    /// How often it was sent.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.forgotten.saturating_add(u64::try_from(self.attempts.len()).unwrap_or(u64::MAX))
    }

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
        if due.asked {
            // Granted, whatever came of it.
            self.again.pop_front();
        }
        self.tries = self.tries.saturating_add(usize::from(!due.asked));
        self.attempts.push(attempt);
        let old = self.attempts.len().saturating_sub(ATTEMPTS);
        self.attempts.drain(..old);
        self.forgotten = self.forgotten.saturating_add(u64::try_from(old).unwrap_or(u64::MAX));
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

#[cfg(test)]
mod tests {
    use super::{Attempt, KEPT, MOST, Outbox};
    use crate::api::{Rng, Time, callbacks::CallbackKind};

    const NOW: Time = Time::from_unix_millis(0);

    fn push(outbox: &mut Outbox) {
        outbox.push(CallbackKind::Brandpay, NOW, "{}".to_owned(), &Rng::new(7));
    }

    /// What was due first is answered with this.
    fn answered(outbox: &mut Outbox, status: u16) {
        let due = outbox.first(|_| true, |_| false).expect("one is due");
        outbox.attempted(due, Attempt { at: due.at, status: Some(status), error: None }, true);
    }

    fn ids(outbox: &Outbox) -> Vec<u64> {
        outbox.messages().map(|message| message.id).collect()
    }

    #[test]
    fn an_id_is_of_one_event() {
        let id = |before: u64, kind, at, body: &str, seed| {
            let mut outbox = Outbox { next: before, ..Outbox::default() };
            outbox.push(kind, Time::from_unix_millis(at), body.to_owned(), &Rng::new(seed));
            outbox.messages().map(|message| message.transmission.clone()).collect::<String>()
        };
        let (unlink, brandpay) = (CallbackKind::Unlink, CallbackKind::Brandpay);
        let first = id(0, unlink, 0, "{}", 7);
        assert_eq!(id(0, unlink, 0, "{}", 7), first);
        for other in [
            id(1, unlink, 0, "{}", 7),
            id(0, brandpay, 0, "{}", 7),
            id(0, unlink, 1, "{}", 7),
            id(0, unlink, 0, "[]", 7),
            id(0, unlink, 0, "{}", 8),
        ] {
            assert_ne!(other, first);
        }
    }

    #[test]
    fn one_that_is_old_goes_when_it_is_done_and_not_before() {
        let mut outbox = Outbox::default();
        push(&mut outbox);
        answered(&mut outbox, 500);
        for _ in 0..KEPT + 5 {
            push(&mut outbox);
            answered(&mut outbox, 200);
        }
        let last = u64::try_from(KEPT).unwrap_or_default() + 6;
        let expected: Vec<u64> = std::iter::once(0).chain(6..last).collect();
        assert_eq!(ids(&outbox), expected, "the one that failed is sent again");
        outbox.again(0, NOW);
        answered(&mut outbox, 200);
        assert_eq!(ids(&outbox), expected[1..]);
        // One that somebody asked for is not done.
        outbox.again(6, NOW);
        push(&mut outbox);
        assert_eq!(ids(&outbox)[0], 6);
        assert_eq!(outbox.dropped(), 0);
    }

    #[test]
    fn when_there_is_no_more_room_the_oldest_goes_and_that_is_counted() {
        let mut outbox = Outbox::default();
        for _ in 0..MOST {
            push(&mut outbox);
        }
        assert_eq!((outbox.messages().count(), outbox.dropped()), (MOST, 0));
        for _ in 0..2 {
            push(&mut outbox);
        }
        assert_eq!((outbox.messages().count(), outbox.dropped(), ids(&outbox)[0]), (MOST, 2, 2));
        assert_eq!(MOST, 100_000, "as documented");
    }
}
