//! Every way in which one grant can go: each step of the worker, crashes between any two of them, requests that come
//! late or never, answers that are lost, points that come later, keys that expire.
//!
//! The worker is the real transition function, or a mutant of it.

mod steps;

use std::collections::{HashMap, VecDeque};

use ait_promotion::{
    GrantState,
    grant::{Command, Event, Policy, next},
};

pub(crate) const EXPIRED: &str = "4199";

/// What the server is assumed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Server {
    /// A used key is refused with 4113.
    pub(crate) dedupes: bool,
    /// An expired key is refused, for ever.
    pub(crate) expires: bool,
    /// When the result shows every accepted grant, and a failure is the last word.
    pub(crate) settles: Settles,
    /// Its answers carry a date.
    pub(crate) dates: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settles {
    /// Nobody knows.
    Never,
    /// When a key is refused as expired.
    ByRefusal,
    /// Five minutes after the hour.
    InTime,
}

impl Server {
    pub(crate) fn all() -> Vec<Self> {
        let bit = |number: u8, at: u8| number & (1 << at) != 0;
        let one = |number, settles| Self {
            dedupes: bit(number, 0),
            expires: bit(number, 1),
            settles,
            dates: bit(number, 2),
        };
        let settles = [Settles::Never, Settles::ByRefusal, Settles::InTime];
        settles.into_iter().flat_map(|settles| (0..8).map(move |number| one(number, settles))).collect()
    }
}

pub(crate) type Step = (GrantState, Vec<Command>);
/// The transition function, or a mutant of it.
pub(crate) type Machine = fn(&GrantState, &Event, &Policy) -> Step;

pub(crate) struct Model {
    pub(crate) server: Server,
    pub(crate) policy: Policy,
    pub(crate) machine: Machine,
    pub(crate) crashes: u8,
    pub(crate) keys: usize,
    /// How often a person tries a grant again that failed or was refused.
    pub(crate) retries: u8,
    /// Forget how many questions were asked, so that patience never ends.
    pub(crate) patient: bool,
}

impl Model {
    pub(crate) fn new(server: Server, policy: Policy) -> Self {
        Self { server, policy, machine: next, crashes: 2, keys: 2, retries: 0, patient: true }
    }

    /// A person tries it again, once, and a failure may not be the last word.
    pub(crate) fn retried(self) -> Self {
        Self { retries: 1, ..self }
    }

    pub(crate) fn machine(self, machine: Machine) -> Self {
        Self { machine, ..self }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Record {
    None,
    Hidden,
    Visible,
    Failed,
    FailedForGood,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Age {
    Young,
    Expired,
    /// And the margin has passed.
    Over,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    paid: u8,
    record: Record,
    age: Age,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Worker {
    state: GrantState,
    todo: VecDeque<Command>,
    waits_for: Option<usize>,
    inbox: Option<Heard>,
}

/// An event on its way to the worker.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Heard {
    Key(usize),
    Executed(Said, usize),
    Asked(Answer, Age),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Said {
    Accepted,
    NotTaken,
    Refused,
    Expired,
    Used,
    Cannot,
    Odd,
    Silent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Answer {
    Success,
    Pending,
    Failed,
    NoRecord,
    Silent,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct World {
    pub(crate) stored: GrantState,
    worker: Option<Worker>,
    keys: Vec<Key>,
    flying: Vec<usize>,
    crashes: u8,
    pub(crate) retries: u8,
}

impl World {
    pub(crate) fn paid(&self) -> u8 {
        self.keys.iter().map(|key| key.paid).sum()
    }

    pub(crate) fn keys(&self) -> usize {
        self.keys.len()
    }
}

/// Everything that can happen.
pub(crate) struct Explored {
    pub(crate) worlds: Vec<World>,
    from: Vec<(usize, String)>,
    edges: Vec<(usize, usize)>,
    double: Option<usize>,
}

impl Explored {
    /// How to pay twice, step by step.
    pub(crate) fn double_payment(&self) -> Option<String> {
        self.double.map(|at| self.story(at))
    }

    pub(crate) fn story(&self, mut at: usize) -> String {
        let mut steps = Vec::new();
        while at != 0 {
            steps.push(self.from[at].1.clone());
            at = self.from[at].0;
        }
        steps.reverse();
        steps.join("; ")
    }

    /// The worlds from which `good` ones cannot be reached any more.
    pub(crate) fn stuck(&self, good: impl Fn(&World) -> bool) -> Vec<usize> {
        let mut before = vec![Vec::new(); self.worlds.len()];
        for (from, to) in &self.edges {
            before[*to].push(*from);
        }
        let mut live: Vec<bool> = self.worlds.iter().map(good).collect();
        let mut queue: Vec<usize> = (0..live.len()).filter(|at| live[*at]).collect();
        while let Some(at) = queue.pop() {
            for earlier in &before[at] {
                if !live[*earlier] {
                    live[*earlier] = true;
                    queue.push(*earlier);
                }
            }
        }
        (0..live.len()).filter(|at| !live[*at]).collect()
    }
}

impl Model {
    /// Goes all ways, and stops at the first double payment.
    pub(crate) fn explore(&self) -> Explored {
        let start = World {
            stored: GrantState::planned(),
            worker: None,
            keys: Vec::new(),
            flying: Vec::new(),
            crashes: self.crashes,
            retries: self.retries,
        };
        let mut found = Explored {
            worlds: vec![start.clone()],
            from: vec![(0, String::new())],
            edges: Vec::new(),
            double: None,
        };
        let mut known = HashMap::from([(start, 0)]);
        let mut at = 0;
        while at < found.worlds.len() {
            for (what, world) in self.steps(&found.worlds[at].clone()) {
                let next = found.worlds.len();
                let to = *known.entry(world.clone()).or_insert(next);
                found.edges.push((at, to));
                if to == next {
                    let double = world.paid() > 1;
                    found.worlds.push(world);
                    found.from.push((at, what));
                    if double {
                        found.double = Some(to);
                        return found;
                    }
                }
            }
            at += 1;
            assert!(at < 2_000_000, "the model has grown too large");
        }
        found
    }
}
