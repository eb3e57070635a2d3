//! What reaches an engine from outside, as a value. Done again in the same order, from the same snapshot, it leads to the
//! same state.

use std::time::{Duration, SystemTime};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};

use super::{Clock, Engine, Plan, Received, Snapshot};
use crate::{
    api::{
        self, Answer, Face, Request, Switches, World,
        callbacks::{Attempt, CallbackKind, Due},
    },
    fault::{Fault, Faults, Rule},
};

/// What reached an engine.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Input {
    /// A request was read, and answered if nothing made it wait.
    Call(Asked),
    /// The turn of one that had to wait has come.
    Turn(Turn),
    /// A connection came this far, and a rule may have counted it.
    Connection(String),
    /// Time has passed.
    Tick,
    /// A callback was sent.
    Sent(Sent),
    /// The control API was asked to change something.
    Control(Control),
    /// What the emulator was started with.
    Start(Box<Start>),
    /// A rule was put in force.
    Fault(Rule),
    /// The clock was moved on by so many milliseconds.
    Advance(u64),
    /// These callbacks have an address from now on, and no others.
    Hears(Vec<CallbackKind>),
    /// Something was changed in a way that cannot be repeated. This came of it.
    State(Box<Snapshot>),
}

/// A request.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    brandpay: bool,
    method: String,
    path: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    query: String,
    /// Each octet of a value is a character.
    headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    body: String,
    /// Whether the body is in Base64, because it is not text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    base64: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    app: Option<String>,
}

/// A request that had to wait.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Turn {
    asked: Asked,
    /// Moment and effect of what made it wait.
    fault: (String, String),
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ignored: Option<String>,
}

/// What came of sending a callback.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sent {
    pub(super) due: Due,
    pub(super) attempt: Attempt,
    pub(super) repeats: bool,
}

/// A request to the control API that changes something.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Control {
    pub(crate) method: String,
    pub(crate) target: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) body: String,
    /// Where chance begins that no seed determines.
    pub(crate) chance: u64,
}

/// What the emulator was started with, beside what was kept.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Start {
    clock: Clock,
    switches: Switches,
    faults: Faults,
}

/// What [`Engine::mark`] tells.
pub(crate) type Mark = [u64; 5];

/// A call that has begun.
pub(crate) enum Begun {
    Answered(Box<Plan>),
    /// It is to wait first.
    Waits(Box<Received>),
}

impl Asked {
    pub(crate) fn new(request: &Request) -> Self {
        let octets = |value: &HeaderValue| value.as_bytes().iter().copied().map(char::from).collect();
        let (body, base64) = match std::str::from_utf8(&request.body) {
            Ok(text) => (text.to_owned(), false),
            Err(_) => (STANDARD.encode(&request.body), true),
        };
        Self {
            brandpay: request.face == Face::BrandPay,
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            headers: request
                .headers
                .iter()
                .map(|(name, value)| (name.as_str().to_owned(), octets(value)))
                .collect(),
            body,
            base64,
            app: request.app.clone(),
        }
    }

    fn request(self) -> Result<Request, &'static str> {
        let mut headers = HeaderMap::new();
        for (name, value) in self.headers {
            let name: HeaderName = name.parse().map_err(|_| "a header has a bad name")?;
            let octets: Result<Vec<u8>, _> = value.chars().map(u8::try_from).collect();
            let octets = octets.map_err(|_| "a header has a bad value")?;
            let value = HeaderValue::from_bytes(&octets).map_err(|_| "a header has a bad value")?;
            headers.append(name, value);
        }
        let body = if self.base64 {
            STANDARD.decode(self.body).map_err(|_| "a body is not Base64")?
        } else {
            self.body.into_bytes()
        };
        Ok(Request {
            face: if self.brandpay { Face::BrandPay } else { Face::AppsInToss },
            method: self.method,
            path: self.path,
            query: self.query,
            headers,
            body: body.into(),
            app: self.app,
        })
    }
}

impl Turn {
    pub(crate) fn new(received: &Received) -> Self {
        let fault = received.fault.as_ref();
        Self {
            asked: Asked::new(&received.request),
            fault: fault
                .map(|fault| (fault.moment.to_string(), fault.effect.to_string()))
                .unwrap_or_default(),
            ignored: received.ignored.clone(),
        }
    }

    fn received(self, world: &World) -> Result<Received, &'static str> {
        let (moment, effect) = self.fault;
        let moment = moment.parse().map_err(|_| "a fault has no such moment")?;
        let effect = effect.parse().map_err(|_| "a fault has no such effect")?;
        let request = self.asked.request()?;
        Ok(Received {
            subject: api::subject(&request, world),
            request,
            fault: Some(Fault { moment, effect }),
            ignored: self.ignored,
        })
    }
}

impl Start {
    pub(crate) fn new(engine: &Engine) -> Self {
        Self { clock: engine.clock, switches: engine.core.switches.clone(), faults: engine.faults.clone() }
    }

    /// Whether the engine has all of it.
    pub(crate) fn is_of(&self, engine: &Engine) -> bool {
        self.clock == engine.clock && self.switches == engine.core.switches && self.faults == engine.faults
    }
}

impl Engine {
    /// A request was read, and is answered if nothing makes it wait.
    pub(crate) fn call(&mut self, request: Request, wall: SystemTime) -> Begun {
        let received = self.receive(request, wall);
        match received.wait() {
            Some(_) => Begun::Waits(Box::new(received)),
            None => Begun::Answered(Box::new(self.answer(received, wall))),
        }
    }

    /// Does again what reached an engine. Gives back what is the control API's.
    pub(crate) fn repeat(&mut self, input: Input, wall: SystemTime) -> Result<Option<Control>, &'static str> {
        match input {
            Input::Call(asked) => drop(self.call(asked.request()?, wall)),
            Input::Turn(turn) => {
                let received = turn.received(&self.core.world)?;
                drop(self.answer(received, wall));
            }
            Input::Connection(moment) => {
                drop(self.connection(moment.parse().map_err(|_| "there is no such moment")?));
            }
            Input::Tick => drop(self.catch_up(wall)),
            Input::Sent(Sent { due, attempt, repeats }) => {
                self.core.world.outbox.attempted(due, attempt, repeats);
            }
            Input::Control(control) => return Ok(Some(control)),
            Input::Start(start) => {
                let Start { clock, switches, faults } = *start;
                (self.clock, self.core.switches, self.faults) = (clock, switches, faults);
            }
            Input::Fault(rule) => {
                self.catch_up(wall);
                self.faults.add(rule);
            }
            Input::Advance(millis) => {
                self.catch_up(wall);
                self.clock.advance(Duration::from_millis(millis), wall);
            }
            Input::Hears(kinds) => self.hear(&kinds)?,
            Input::State(snapshot) => self.adopt(*snapshot),
        }
        self.tell_news(wall);
        Ok(None)
    }

    /// Takes these callbacks for those that have an address. Which one is not kept.
    pub(crate) fn hear(&mut self, kinds: &[CallbackKind]) -> Result<(), &'static str> {
        self.core.callbacks.clear();
        for kind in kinds {
            let nowhere = crate::Callback::new(*kind, "http://127.0.0.1:1/");
            self.core.callbacks.insert(*kind, nowhere.map_err(|_| "a callback has no address")?);
        }
        Ok(())
    }

    /// The callbacks that have an address.
    pub(crate) fn hears(&self) -> Vec<CallbackKind> {
        self.core.callbacks.keys().copied().collect()
    }

    /// Forgets what was said to the last input.
    pub(crate) fn begin(&mut self) {
        self.said = 0;
    }

    /// By what two engines are told apart that have done the same input: where their chance is, how many calls and
    /// movements there were, and what they said.
    pub(crate) fn mark(&self) -> Mark {
        [self.rng.seed(), self.fault_rng.seed(), self.calls, self.core.world.ledger.next_number(), self.said]
    }
}

/// FNV-1a of status and body. Nobody is to be kept from making two that are alike.
pub(super) fn checksum(answer: &Answer) -> u64 {
    let status = answer.status.to_be_bytes();
    let octets = status.iter().chain(answer.body.as_bytes());
    octets.fold(0xcbf2_9ce4_8422_2325, |sum, octet| {
        (sum ^ u64::from(*octet)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
