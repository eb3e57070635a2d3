//! What was asked and answered.

use std::collections::VecDeque;

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use super::{face_name, mask};
use crate::{
    api::{Answer, Handled, Request, Subject, Time},
    fault::Fault,
};

/// So many calls are kept.
const KEPT: usize = 1000;

/// So many characters are told of what was ignored.
const IGNORED: usize = 400;

/// So many octets of bodies are kept, of all calls together.
const BODIES: usize = 16 << 20;
const GONE: &str = "not kept any more: only the last 16 MiB are";

/// The last thousand calls, and the last 16 MiB of their bodies.
#[derive(Clone, Debug, Default)]
pub struct Log {
    entries: VecDeque<LogEntry>,
    /// How many of them, from the oldest on, have lost their bodies.
    bare: usize,
    /// The size of the bodies that are kept.
    held: usize,
    /// Lines that nobody has taken yet, if somebody takes them.
    lines: Option<Vec<String>>,
}

/// One call. Secrets are masked: in its JSON, and in `Debug`.
#[derive(Clone, Serialize)]
#[non_exhaustive]
pub struct LogEntry {
    /// Its place, from 0.
    pub number: u64,
    /// When it was answered, by the emulator's clock.
    pub at: String,
    /// Which port: `apps-in-toss` or `brandpay`.
    pub face: &'static str,
    /// The method.
    pub method: String,
    /// The path: of an endpoint its template, else what was sent, with what may be a key in it masked.
    pub path: String,
    /// The endpoint, if there is one.
    pub endpoint: Option<&'static str>,
    /// The user, masked.
    pub user: Option<String>,
    /// The HTTP status that was written. `None`: nothing was.
    pub status: Option<u16>,
    /// The code of the refusal.
    pub code: Option<String>,
    /// What the answer rests on.
    pub basis: Option<String>,
    /// When something went wrong, and what. A delay may come before something else.
    pub fault: Option<String>,
    /// What in it asked for a fault and was ignored, because it is malformed, and why: the first such thing.
    pub ignored: Option<String>,
    /// What the body was said to be, where that was not JSON. The switch `content_type` refuses such a call.
    pub not_json: Option<String>,
    /// Whether it was put off by a fault, and done now.
    pub late: bool,
    /// The entries of the ledger that it made.
    pub entries: Vec<u64>,
    /// Why no endpoint was found.
    pub miss: Option<String>,
    #[serde(skip)]
    bodies: Option<(Bytes, String)>,
}

impl std::fmt::Debug for LogEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.line())
    }
}

impl LogEntry {
    pub(super) fn new(number: u64, at: Time, request: &Request, subject: &Subject) -> Self {
        Self {
            number,
            at: at.to_string(),
            face: face_name(request.face),
            method: request.method.clone(),
            path: subject.path.map_or_else(|| mask::path(&request.path), str::to_owned),
            endpoint: subject.endpoint,
            user: subject.user.as_deref().map(mask::text),
            status: None,
            code: None,
            basis: None,
            fault: None,
            ignored: None,
            not_json: subject.endpoint.and_then(|_| request.not_json()),
            late: false,
            entries: Vec::new(),
            miss: None,
            bodies: Some((request.body.clone(), String::new())),
        }
    }

    /// The beginning of what was ignored: it repeats foreign words.
    pub(super) fn ignoring(mut self, what: Option<String>) -> Self {
        self.ignored = what.map(|what| what.chars().take(IGNORED).collect());
        self
    }

    fn said(mut self, answer: &Answer) -> Self {
        self.status = Some(answer.status);
        self.code.clone_from(&answer.code);
        self.basis = Some(answer.basis.to_string());
        if self.endpoint.is_none() {
            self.miss = reason(&answer.body);
        }
        if let Some((_, said)) = &mut self.bodies {
            said.clone_from(&answer.body);
        }
        self
    }

    /// Nothing was done. `None`: nor was anything written.
    pub(super) fn early(self, fault: &Fault, answer: Option<&Answer>) -> Self {
        let mut entry = match answer {
            Some(answer) => self.said(answer),
            None => self,
        };
        entry.fault = Some(name(fault));
        entry
    }

    /// It was done. `None`: the answer was not written.
    pub(super) fn handled(
        self,
        handled: &Handled,
        written: Option<&Answer>,
        faults: [Option<&Fault>; 2],
    ) -> Self {
        let mut entry = match written {
            Some(answer) => self.said(answer),
            None => Self { code: handled.answer.code.clone(), ..self },
        };
        entry.entries.clone_from(&handled.entries);
        let names: Vec<_> = faults.into_iter().flatten().map(name).collect();
        entry.fault = (!names.is_empty()).then(|| names.join(", "));
        entry
    }

    pub(super) fn late(mut self, handled: Handled) -> Self {
        self.late = true;
        self.code = handled.answer.code;
        self.entries = handled.entries;
        self
    }

    /// One line of JSON, without the bodies.
    #[must_use]
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn size(&self) -> usize {
        self.bodies.as_ref().map_or(0, |(request, answer)| request.len() + answer.len())
    }

    /// Everything, bodies too, if they are still kept. Secrets are masked.
    #[must_use]
    pub fn whole(&self) -> Value {
        let mut whole = serde_json::to_value(self).unwrap_or_default();
        if let Value::Object(members) = &mut whole {
            let (request, answer) = match &self.bodies {
                Some((request, answer)) => (mask::body(request), mask::body(answer.as_bytes())),
                None => (GONE.into(), self.status.map_or(Value::Null, |_| GONE.into())),
            };
            members.insert("request".to_owned(), request);
            members.insert("answer".to_owned(), answer);
        }
        whole
    }
}

fn name(fault: &Fault) -> String {
    format!("{} {}", fault.moment, fault.effect)
}

fn reason(body: &str) -> Option<String> {
    let body: Value = serde_json::from_str(body).ok()?;
    let reason = body["error"]["reason"].as_str().or(body["message"].as_str())?;
    Some(reason.to_owned())
}

impl Log {
    pub(super) fn push(&mut self, entry: LogEntry) {
        if let Some(lines) = &mut self.lines {
            lines.push(entry.line());
        }
        if self.entries.len() == KEPT
            && let Some(oldest) = self.entries.pop_front()
        {
            self.held -= oldest.size();
            self.bare = self.bare.saturating_sub(1);
        }
        self.held += entry.size();
        self.entries.push_back(entry);
        while self.held > BODIES
            && let Some(oldest) = self.entries.get_mut(self.bare)
        {
            self.held -= oldest.size();
            oldest.bodies = None;
            self.bare += 1;
        }
    }

    /// The calls, oldest first.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = &LogEntry> + DoubleEndedIterator {
        self.entries.iter()
    }

    /// From now on keeps a line for each call, until it is taken.
    pub fn keep_lines(&mut self) {
        self.lines.get_or_insert_default();
    }

    /// The lines since the last time.
    pub fn take_lines(&mut self) -> Vec<String> {
        self.lines.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Forgets the calls.
    pub fn clear(&mut self) {
        self.entries.clear();
        (self.bare, self.held) = (0, 0);
    }
}
