//! The log of what reached the engine, appended before the answer leaves.

use std::{
    fs::File,
    io::{self, Write},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};

use super::{
    frame::frame,
    hold::Claim,
    state::{self, about},
};
use crate::{
    api::callbacks::CallbackKind,
    engine::{Engine, Input, Mark, Snapshot},
};

/// So many octets are logged before a snapshot, however small the last one was.
pub(super) const SNAPSHOT_AFTER: u64 = 4 << 20;

/// The first record of a log.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    pub(super) generation: u64,
    /// Who wrote it.
    pub(super) version: String,
    /// The callbacks that have an address.
    pub(super) hears: Vec<CallbackKind>,
}

/// Any other record.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    /// When, by the clock of the machine, in milliseconds.
    at: u64,
    /// By what the engine is told apart that comes out.
    pub(super) mark: Mark,
    pub(super) input: Input,
}

impl Record {
    pub(super) fn wall(&self) -> SystemTime {
        UNIX_EPOCH.checked_add(Duration::from_millis(self.at)).unwrap_or(UNIX_EPOCH)
    }
}

/// Where inputs are written down.
pub(super) struct Journal {
    claim: Claim,
    generation: u64,
    /// `None` before the first record.
    file: Option<File>,
    /// The end of the last whole record.
    length: u64,
    /// What was logged since the last snapshot, in this log and those before it.
    logged: u64,
    /// The size of the last snapshot.
    snapshot: u64,
    least: u64,
    hears: Vec<CallbackKind>,
    /// The engine is not what the log leads to: it was changed by other means.
    lost: bool,
    /// The last record may be there in part.
    broken: bool,
    /// There are logs of another run: a snapshot takes their place.
    folds: bool,
}

impl Journal {
    /// Goes on after what was kept. `logged`: the size of the logs that are there, `snapshot`: that of the snapshot.
    pub(super) fn new(claim: Claim, generation: u64, logged: u64, snapshot: u64, least: u64) -> Self {
        Self {
            claim,
            generation,
            file: None,
            length: 0,
            logged,
            snapshot,
            least,
            hears: Vec::new(),
            lost: false,
            broken: false,
            folds: logged > 0,
        }
    }

    pub(super) fn claim(&self) -> &Claim {
        &self.claim
    }

    /// The engine was changed by other means than inputs.
    pub(super) fn lose(&mut self) {
        self.lost = true;
    }

    /// Whether the engine is what the log leads to.
    pub(super) const fn is_lost(&self) -> bool {
        self.lost || self.broken
    }

    /// Whether there is something to do that can wait a moment.
    pub(super) fn is_due(&self) -> bool {
        self.is_lost() || self.wants_snapshot()
    }

    pub(super) fn wants_snapshot(&self) -> bool {
        self.folds || self.logged > self.snapshot.max(self.least)
    }

    /// Whether the snapshot is older than the engine.
    pub(super) const fn has_any(&self) -> bool {
        self.is_lost() || self.folds || self.logged > 0
    }

    /// Writes down what has reached the engine, which has done it. After an error nothing more is written before
    /// [`catch_up`](Self::catch_up).
    pub(super) fn append(&mut self, engine: &Engine, wall: SystemTime, input: &str) -> io::Result<()> {
        if self.broken {
            return Ok(());
        }
        if self.lost {
            return self.catch_up(engine, wall);
        }
        self.write(engine, wall, input, engine.mark())
    }

    /// Writes down which callbacks have an address, if that has changed.
    pub(super) fn hear(&mut self, engine: &Engine, wall: SystemTime) -> io::Result<()> {
        let heard = &engine.core.callbacks;
        if self.hears.iter().eq(heard.keys()) {
            return Ok(());
        }
        self.hears = engine.hears();
        // The head of the log says it otherwise.
        if self.file.is_none() {
            Ok(())
        } else {
            self.append(engine, wall, &text(&Input::Hears(engine.hears()))?)
        }
    }

    /// Writes the whole engine down, if it is not what the log leads to.
    pub(super) fn catch_up(&mut self, engine: &Engine, wall: SystemTime) -> io::Result<()> {
        if !self.is_lost() {
            return Ok(());
        }
        if self.broken {
            self.cut()?;
        }
        let state = text(&Input::State(Box::new(engine.snapshot())))?;
        // What was said has come of another input.
        let [rng, faults, calls, ledger, _] = engine.mark();
        self.write(engine, wall, &state, [rng, faults, calls, ledger, 0])?;
        self.lost = false;
        Ok(())
    }

    fn write(&mut self, engine: &Engine, wall: SystemTime, input: &str, mark: Mark) -> io::Result<()> {
        let path = state::log(self.claim.folder(), self.generation);
        let written = self.claim.check().and_then(|()| {
            let told = self.write_record(engine, wall, input, mark);
            told.map_err(|error| about(&path, &error))
        });
        if written.is_err() {
            (self.lost, self.broken) = (true, true);
            // Else it is cut off before the next.
            let _ = self.cut();
            self.broken = true;
        }
        written
    }

    fn write_record(&mut self, engine: &Engine, wall: SystemTime, input: &str, mark: Mark) -> io::Result<()> {
        let mut text = String::new();
        if self.file.is_none() {
            let path = state::log(self.claim.folder(), self.generation);
            self.file = Some(state::create(&path)?);
            self.length = 0;
        }
        if self.length == 0 {
            let version = env!("CARGO_PKG_VERSION").to_owned();
            let head = Head { generation: self.generation, version, hears: engine.hears() };
            text = frame(self.generation, 0, &serde_json::to_string(&head)?);
        }
        let place = self.length + octets(&text);
        let at = wall.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        let mark = serde_json::to_string(&mark)?;
        let record = format!(r#"{{"at":{at},"mark":{mark},"input":{input}}}"#);
        text += &frame(self.generation, place, &record);
        if let Some(file) = &mut self.file {
            file.write_all(text.as_bytes())?;
        }
        self.length += octets(&text);
        self.logged += octets(&text);
        Ok(())
    }

    /// Takes away what was written of a record that is not whole.
    fn cut(&mut self) -> io::Result<()> {
        if let Some(file) = &mut self.file {
            use io::Seek as _;
            file.set_len(self.length)?;
            file.seek(io::SeekFrom::Start(self.length))?;
        }
        self.broken = false;
        Ok(())
    }

    /// From here on the log is that of a new snapshot, which is to be written. The old log too, to be synchronized: only the
    /// last one may be torn.
    pub(super) fn turn_over(&mut self, engine: &Engine) -> (Snapshot, Option<File>) {
        let old = self.file.take();
        if old.is_some() {
            self.generation += 1;
            self.length = 0;
        }
        let mut snapshot = engine.snapshot();
        snapshot.generation = self.generation;
        (snapshot, old)
    }

    /// The snapshot was written, and the logs before it are gone.
    pub(super) fn folded(&mut self, size: u64) {
        self.snapshot = size;
        self.logged = self.length;
        self.folds = false;
    }
}

/// An input as a log has it.
pub(super) fn text(input: &Input) -> io::Result<String> {
    Ok(serde_json::to_string(input)?)
}

fn octets(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX)
}
