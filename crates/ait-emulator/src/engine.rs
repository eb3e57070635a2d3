//! The emulator without its sockets: the API, faults, the clock, the log.
//!
//! A call passes in two steps, because a fault may make it wait in between: `receive` when it was read, and
//! `answer` when its turn has come. All that happens between them is deterministic.

mod clock;
mod errors;
mod input;
mod log;
mod mask;
mod post;
mod put_off;
mod snapshot;
#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, fmt, time::SystemTime};

use self::put_off::PutOff;
pub use self::{
    clock::Clock,
    log::{Log, LogEntry},
    snapshot::Snapshot,
};
pub(crate) use self::{
    input::{Asked, Begun, Control, Input, Mark, Start, Turn},
    mask::body as masked,
    post::{Letter, Next},
};
use crate::{
    api::{self, Answer, Core, Face, Handled, Request, Rng, Time},
    fault::{Effect, Fault, Faults, Moment, Subject},
};

const EARLY: [Moment; 2] = [Moment::AfterRead, Moment::BeforeCommit];
const LATE: [Moment; 4] = [Moment::AfterCommit, Moment::MidHeaders, Moment::MidBody, Moment::AfterAnswer];

/// The emulator without its sockets. `Debug` leaves out the world, which holds secrets.
#[derive(Clone)]
#[non_exhaustive]
pub struct Engine {
    /// The API and all it remembers.
    pub core: Core,
    /// The rules of what goes wrong.
    pub faults: Faults,
    /// The clock.
    pub clock: Clock,
    /// What was asked and answered.
    pub log: Log,
    rng: Rng,
    // A chance of its own, so that a fault does not change which keys are made.
    fault_rng: Rng,
    late: PutOff,
    // The next number in the log.
    calls: u64,
    // The callbacks that are being sent now: no part of a snapshot.
    under_way: BTreeSet<u64>,
    // A checksum of the answer to the last input, if it had one: no part of a snapshot either.
    said: u64,
    // How often another outbox took the place of this one, so that no answer counts for a callback of another.
    outboxes: u64,
}

/// A call that was read.
pub(crate) struct Received {
    request: Request,
    subject: api::Subject,
    fault: Option<Fault>,
    // What asked for a fault and was malformed.
    ignored: Option<String>,
}

impl Received {
    /// How long to wait before the call is answered, if a fault says so.
    pub(crate) fn wait(&self) -> Option<std::time::Duration> {
        match &self.fault {
            Some(Fault { moment, effect: Effect::Delay(delay) }) if !moment.is_committed() => Some(*delay),
            _ => None,
        }
    }
}

/// What to write, and what is to go wrong on the way.
pub(crate) struct Plan {
    /// `None`: nothing is said.
    pub(crate) answer: Option<Answer>,
    pub(crate) content_type: &'static str,
    pub(crate) fault: Option<Fault>,
    pub(crate) date: Time,
}

impl Engine {
    /// An engine that this seed determines.
    #[must_use]
    pub fn new(seed: u64, clock: Clock) -> Self {
        let mut rng = Rng::new(seed);
        Self {
            core: Core::new(&mut rng),
            faults: Faults::default(),
            clock,
            log: Log::default(),
            rng,
            fault_rng: Rng::new(!seed),
            late: PutOff::default(),
            calls: 0,
            under_way: BTreeSet::new(),
            outboxes: 0,
            said: 0,
        }
    }

    /// The source of chance, for what is set up from outside.
    pub fn rng(&mut self) -> &mut Rng {
        &mut self.rng
    }

    /// The world and the source of chance at once.
    pub fn parts(&mut self) -> (&mut Core, &mut Rng) {
        (&mut self.core, &mut self.rng)
    }

    /// The time.
    #[must_use]
    pub fn now(&self, wall: SystemTime) -> Time {
        self.clock.now(wall)
    }

    /// What goes wrong with a connection, before anybody knows who asks for what.
    pub(crate) fn connection(&mut self, moment: Moment) -> Option<Effect> {
        self.faults.pick(&[moment], Subject::default(), &mut self.fault_rng).map(|fault| fault.effect)
    }

    /// Does what is due by now: what a fault has put off, and payments expire. Whether anything was.
    pub fn catch_up(&mut self, wall: SystemTime) -> bool {
        let now = self.clock.now(wall);
        let mut any = false;
        while let Some((at, asked_before, request)) = self.late.due(now) {
            self.core.expire(at, &self.rng);
            let subject = api::subject(&request, &self.core.world);
            let handled = self.core.handle(&request, at, &mut self.rng);
            self.core.world.ledger.come_late(&handled.entries, asked_before);
            let entry = LogEntry::new(self.number(), at, &request, &subject);
            self.log.push(entry.late(handled));
            any = true;
        }
        self.core.expire(now, &self.rng) || any
    }

    /// Makes callbacks of what was set up.
    pub(crate) fn tell_news(&mut self, wall: SystemTime) {
        self.core.tell_news(self.clock.now(wall), &self.rng);
    }

    /// A request was read.
    pub(crate) fn receive(&mut self, request: Request, wall: SystemTime) -> Received {
        self.clock.tick();
        self.catch_up(wall);
        let subject = api::subject(&request, &self.core.world);
        let whom = whom(&subject, None);
        let (magic, ignored) = self.faults.magic(&request, &subject.also, whom, subject.writes);
        let fault = magic.or_else(|| self.faults.pick(&EARLY, whom, &mut self.fault_rng));
        Received { request, subject, fault, ignored }
    }

    /// The turn of a call has come.
    pub(crate) fn answer(&mut self, received: Received, wall: SystemTime) -> Plan {
        let plan = self.plan(received, wall);
        self.said = plan.answer.as_ref().map_or(0, input::checksum);
        plan
    }

    fn plan(&mut self, received: Received, wall: SystemTime) -> Plan {
        let Received { request, subject, fault, ignored } = received;
        self.catch_up(wall);
        let now = self.clock.now(wall);
        let number = self.number();
        let entry = LogEntry::new(number, now, &request, &subject).ignoring(ignored);
        // A magic value may ask for something that comes later.
        let (early, waited, late) = match fault {
            Some(fault) if fault.moment.is_committed() => (None, None, Some(fault)),
            Some(fault) if matches!(fault.effect, Effect::Delay(_)) => (None, Some(fault), None),
            fault => (fault, None, None),
        };
        if let Some(fault) = early {
            if let Effect::LateCommit(delay) = &fault.effect {
                let asked_before = self.core.world.ledger.next_number();
                self.late.add(now.plus(*delay), number, asked_before, &request);
            }
            let answer = errors::instead(&fault, request.face);
            self.log.push(entry.early(&fault, answer.as_ref().map(|(answer, _)| answer)));
            return plan(answer, fault, now);
        }
        let handled = self.core.handle(&request, now, &mut self.rng);
        let whom = whom(&subject, handled.answer.code.as_deref());
        let fault = late.or_else(|| self.faults.pick(&LATE, whom, &mut self.fault_rng));
        if fault.as_ref().is_some_and(|fault| fault.effect.loses(fault.moment)) {
            self.core.world.ledger.lose_answers(&handled.entries);
        } else {
            self.core.delivered(subject.endpoint, &request, &handled.answer);
        }
        let instead = fault.as_ref().and_then(|fault| errors::instead(fault, request.face));
        let written = match (&instead, &fault) {
            (Some((answer, _)), _) => Some(answer),
            (None, Some(fault)) if fault.is_silent() => None,
            _ => Some(&handled.answer),
        };
        self.log.push(entry.handled(&handled, written, [waited.as_ref(), fault.as_ref()]));
        let Handled { answer, .. } = handled;
        match fault {
            Some(fault) if instead.is_some() => plan(instead, fault, now),
            fault => Plan { answer: Some(answer), content_type: JSON, fault, date: now },
        }
    }

    fn number(&mut self) -> u64 {
        let number = self.calls;
        self.calls += 1;
        number
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("switches", &self.core.switches)
            .field("faults", &self.faults)
            .field("clock", &self.clock)
            .field("calls", &self.calls)
            .finish_non_exhaustive()
    }
}

const JSON: &str = "application/json";

fn plan(answer: Option<(Answer, &'static str)>, fault: Fault, date: Time) -> Plan {
    match answer {
        Some((answer, content_type)) => Plan { answer: Some(answer), content_type, fault: Some(fault), date },
        None => Plan { answer: None, content_type: JSON, fault: Some(fault), date },
    }
}

fn whom<'a>(subject: &'a api::Subject, code: Option<&'a str>) -> Subject<'a> {
    Subject { endpoint: subject.endpoint, user: subject.user.as_deref(), code }
}

/// The face that a port shows, in words.
pub(crate) const fn face_name(face: Face) -> &'static str {
    match face {
        Face::AppsInToss => "apps-in-toss",
        Face::BrandPay => "brandpay",
    }
}
