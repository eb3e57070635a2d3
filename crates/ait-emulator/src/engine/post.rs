//! Callbacks on their way: which is due, what goes over the wire, and what came of it.

use std::time::{Duration, SystemTime};

use super::{Clock, Engine, input::Sent};
use crate::api::{
    Time,
    callbacks::{Attempt, Callback, CallbackKind, Due, query},
    switches::CallbackRetries,
};

/// A callback that is being sent.
pub(crate) struct Letter {
    pub(crate) to: Callback,
    pub(crate) target: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// Empty in a `GET`.
    pub(crate) body: String,
    due: Due,
    /// Which outbox it is from.
    outbox: u64,
}

/// What is to be sent next.
pub(crate) enum Next {
    Now(Box<Letter>),
    /// Nothing before so much time has passed.
    In(Duration),
    /// Nothing before something happens.
    Never,
}

impl Engine {
    /// Takes a callback that is due, of a kind that may be sent. It is not given out again before it was
    /// [`sent`](Self::sent).
    pub(crate) fn next_letter(&mut self, wall: SystemTime, may: impl Fn(CallbackKind) -> bool) -> Next {
        let now = self.clock.now(wall);
        let (callbacks, under_way) = (&self.core.callbacks, &self.under_way);
        let may = |kind| callbacks.contains_key(&kind) && may(kind);
        let first = self.core.world.outbox.first(may, |id| under_way.contains(&id));
        match first.filter(|due| due.at <= now).and_then(|due| self.letter(due)) {
            Some(letter) => Next::Now(Box::new(letter)),
            None => self.pause(first.map(|due| due.at), now),
        }
    }

    fn letter(&mut self, due: Due) -> Option<Letter> {
        let message = self.core.world.outbox.get(due.id)?;
        let to = self.core.callbacks.get(&message.kind)?.clone();
        let is_get = to.method() == "GET";
        let mut headers = vec![("host", to.host().to_owned())];
        headers.extend(to.authorization().map(|value| ("authorization", value.to_owned())));
        if !is_get {
            headers.push(("content-type", "application/json".to_owned()));
        }
        if message.kind == CallbackKind::Brandpay {
            headers.push(("tosspayments-webhook-transmission-id", message.transmission.clone()));
            headers.push(("tosspayments-webhook-transmission-time", due.at.kst_with_zone()));
            headers.push(("tosspayments-webhook-transmission-retried-count", message.sent().to_string()));
        }
        let letter = Letter {
            target: to.target(is_get.then(|| query(&message.body)).as_deref()),
            body: if is_get { String::new() } else { message.body.clone() },
            to,
            headers,
            due,
            outbox: self.outboxes,
        };
        self.under_way.insert(due.id);
        Some(letter)
    }

    /// How long until time itself makes something due.
    fn pause(&self, due: Option<Time>, now: Time) -> Next {
        let Clock::Wall { .. } = self.clock else { return Next::Never };
        let expiry = self.core.world.brandpay.next_expiry();
        let first = [due, expiry, self.late.next()].into_iter().flatten().min();
        first.map_or(Next::Never, |at| Next::In(at.since(now)))
    }

    /// A callback was answered with this status, or was not answered for this reason. Of an outbox that is no more, this
    /// says nothing. What came of it, as an input.
    pub(crate) fn sent(&mut self, letter: Letter, outcome: Result<u16, String>) -> Option<Sent> {
        let Letter { to, due, outbox, .. } = letter;
        if outbox != self.outboxes {
            return None;
        }
        self.under_way.remove(&due.id);
        if to.kind() == CallbackKind::Brandpay && outcome == Ok(200) {
            let body = self.core.world.outbox.get(due.id).map(|message| message.body.clone());
            self.core.heard(&body.unwrap_or_default());
        }
        let repeats = to.kind() == CallbackKind::Brandpay
            || self.core.switches.callback_retries == CallbackRetries::AsBrandpay;
        let attempt = Attempt { at: due.at, status: outcome.as_ref().ok().copied(), error: outcome.err() };
        self.core.world.outbox.attempted(due, attempt.clone(), repeats);
        Some(Sent { due, attempt, repeats })
    }
}
