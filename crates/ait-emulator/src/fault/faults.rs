//! The rules in force, and which of them holds now.

use serde::{Deserialize, Serialize};

use super::{Effect, Moment, Rule, magic};
use crate::api::{Request, Rng, Set};

/// A rule in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Armed {
    /// Its number, to take it away again.
    pub id: u64,
    /// The rule.
    pub rule: Rule,
    /// How many calls, or connections, fitted so far.
    pub seen: u64,
    /// How often it held.
    pub done: u64,
}

/// The rules in force.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Faults {
    armed: Vec<Armed>,
    next_id: u64,
    /// Magic values that have had their effect.
    spent: Set<String>,
}

/// What goes wrong now.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    pub(crate) moment: Moment,
    pub(crate) effect: Effect,
}

impl Fault {
    /// Whether not a byte of the answer is written.
    pub(crate) const fn is_silent(&self) -> bool {
        matches!(self.moment, Moment::AfterCommit)
            && matches!(self.effect, Effect::Reset | Effect::Close | Effect::Hang)
    }
}

/// Whom a fault may hit.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Subject<'a> {
    pub(crate) endpoint: Option<&'static str>,
    pub(crate) user: Option<&'a str>,
    pub(crate) code: Option<&'a str>,
}

impl Faults {
    /// Puts a rule in force, after those that are.
    pub fn add(&mut self, rule: Rule) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        self.armed.push(Armed { id, rule, seen: 0, done: 0 });
        id
    }

    /// Takes a rule away. `false` if there is none with this number.
    pub fn remove(&mut self, id: u64) -> bool {
        let before = self.armed.len();
        self.armed.retain(|armed| armed.id != id);
        self.armed.len() < before
    }

    /// Takes all rules away, and forgets which magic values have had their effect.
    pub fn clear(&mut self) {
        self.armed.clear();
        self.spent = Set::default();
    }

    /// The rules in force.
    #[must_use]
    pub fn armed(&self) -> &[Armed] {
        &self.armed
    }

    /// The first rule that holds at one of these moments. Every rule that fits counts the call.
    pub(crate) fn pick(&mut self, moments: &[Moment], subject: Subject<'_>, rng: &mut Rng) -> Option<Fault> {
        let mut picked = None;
        for armed in &mut self.armed {
            let rule = &armed.rule;
            let fits = moments.contains(&rule.moment)
                && (rule.endpoint == "*" || rule.means(subject.endpoint))
                && rule.user.as_deref().is_none_or(|user| subject.user == Some(user))
                && rule.code.as_deref().is_none_or(|code| subject.code == Some(code));
            if !fits || rule.times.is_some_and(|times| armed.done >= times) {
                continue;
            }
            armed.seen += 1;
            let holds = rule.nth.is_none_or(|nth| armed.seen == nth)
                && rule.probability.is_none_or(|probability| rng.fraction() < probability);
            if holds && picked.is_none() {
                armed.done += 1;
                picked = Some(Fault { moment: rule.moment, effect: rule.effect.clone() });
            }
        }
        picked
    }

    /// The fault that a magic value of the request asks for: each value once for each endpoint. And what is wrong with the
    /// first that is malformed.
    pub(crate) fn magic(
        &mut self,
        request: &Request,
        also: &[String],
        subject: Subject<'_>,
        writes: bool,
    ) -> (Option<Fault>, Option<String>) {
        let asked = magic::find(request, also, subject.endpoint, writes);
        let found = asked.found.into_iter().find(|found| match &found.value {
            Some(value) => self.spent.insert(value.clone()),
            None => true,
        });
        (found.map(|found| found.fault), asked.malformed)
    }
}
