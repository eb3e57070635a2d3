//! Goes on from what was kept: the snapshot, and what the logs say came after it.

use std::{
    fs::OpenOptions,
    io,
    path::{Path, PathBuf},
};

use super::{
    Shared,
    frame::{Found, find},
    journal::{Head, Record},
    say, state,
};
use crate::{control, engine::Engine};

/// Where the logs end.
pub(super) struct End {
    /// The generation of the next log.
    pub(super) generation: u64,
    /// The size of those that are there.
    pub(super) logged: u64,
}

/// Does again what came after the snapshot of this generation.
pub(super) fn repeat(folder: &Path, generation: u64, engine: Engine) -> io::Result<(Engine, End)> {
    let mut end = End { generation, logged: 0 };
    let logs = state::logs(folder)?;
    let newer: Vec<u64> = logs.into_iter().filter(|log| *log >= generation).collect();
    let shared = Shared::repeating(engine);
    for (at, log) in newer.iter().enumerate() {
        let path = state::log(folder, *log);
        if *log != end.generation {
            let missing = state::log(folder, end.generation);
            return Err(bad(
                &path,
                &format!(
                    "{} is missing, which comes before it; put that back, or move this away to go on from before both",
                    missing.display()
                ),
            ));
        }
        let text = state::read(&path)?;
        let last = at + 1 == newer.len();
        let whole = Log { path: &path, text: &text, generation: *log }.repeat(&shared, last)?;
        if whole < text.len() {
            cut(&path, whole, text.len())?;
        }
        end.logged += u64::try_from(whole).unwrap_or(u64::MAX);
        end.generation = log.saturating_add(1);
    }
    // What is in the snapshot, and could not be removed when it was written.
    state::remove_logs(folder, generation)?;
    Ok((shared.into_engine(), end))
}

/// An error if there are logs without the snapshot that they come after.
pub(super) fn none_without_snapshot(folder: &Path) -> io::Result<()> {
    let Some(first) = state::logs(folder)?.into_iter().next() else { return Ok(()) };
    let message =
        "state.json is missing, which comes before it; put that back, or move this away to start anew";
    Err(bad(&state::log(folder, first), message))
}

struct Log<'a> {
    path: &'a PathBuf,
    text: &'a [u8],
    generation: u64,
}

impl Log<'_> {
    /// Does again what it says. Where the last whole record ends.
    fn repeat(&self, shared: &Shared, last: bool) -> io::Result<usize> {
        let (mut place, mut version) = (0, None);
        loop {
            let (json, next) = match find(self.text, self.generation, place) {
                Found::Record(json, next) => (json, next),
                Found::End => return Ok(place),
                // Nothing was answered of it.
                Found::Torn if last => return Ok(place),
                Found::Torn | Found::Damaged => return Err(self.damaged(place)),
            };
            let done = match &version {
                None => self.begin(shared, json).map(|head| version = Some(head)),
                Some(version) => self.step(shared, json, version, place),
            };
            done.map_err(|what| self.at(place, &what))?;
            place = next;
        }
    }

    fn begin(&self, shared: &Shared, json: &[u8]) -> Result<String, String> {
        let Head { generation, version, hears } =
            serde_json::from_slice(json).map_err(|error| foreign(&error))?;
        if generation != self.generation {
            return Err(format!(
                "this is the log of generation {generation}; give it back the name state-{generation}.log"
            ));
        }
        shared.engine(|engine| engine.hear(&hears))?;
        Ok(version)
    }

    fn step(&self, shared: &Shared, json: &[u8], version: &str, place: usize) -> Result<(), String> {
        let record: Record = serde_json::from_slice(json).map_err(|error| foreign(&error))?;
        let (mark, wall) = (record.mark, record.wall());
        let (control, mut made) = shared
            .engine(|engine| engine.repeat(record.input, wall).map(|control| (control, engine.mark())))?;
        if let Some(control) = control {
            control::repeat(&shared.repeated(wall, control.chance), &control);
            made = shared.engine(|engine| engine.mark());
        }
        if made == mark {
            return Ok(());
        }
        Err(format!(
            "doing this again gives something else than was answered. Another build may have written it (its version is \
             {version}, this one's {}): start that one once on this folder, and stop it with SIGTERM. Or state.json was \
             changed by hand: undo that. {}",
            env!("CARGO_PKG_VERSION"),
            self.last_resort(place)
        ))
    }

    fn damaged(&self, place: usize) -> io::Error {
        let what = "the record is damaged, and an answer was given after it was written. Put the file back from a copy.";
        self.at(place, &format!("{what} {}", self.last_resort(place)))
    }

    fn last_resort(&self, place: usize) -> String {
        format!(
            "To go on without what came from there on, truncate -s {place} '{}', and move away each state-N.log with a \
             higher number",
            self.path.display()
        )
    }

    fn at(&self, place: usize, what: &str) -> io::Error {
        bad(self.path, &format!("octet {place}: {what}"))
    }
}

fn foreign(error: &serde_json::Error) -> String {
    format!(
        "{error}; another version of ait-emulator wrote this: start that one once, and stop it with SIGTERM"
    )
}

/// Takes away what was torn, and says so.
fn cut(path: &Path, whole: usize, length: usize) -> io::Result<()> {
    let cut = || {
        let file = OpenOptions::new().write(true).open(path)?;
        file.set_len(u64::try_from(whole).unwrap_or(u64::MAX))?;
        file.sync_all()
    };
    cut().map_err(|error| state::about(path, &error))?;
    say(&format!(
        "{}: the last {} octets are of a record that was not finished; they were cut off. Unless power was lost, \
         nothing of it was answered",
        path.display(),
        length - whole
    ));
    Ok(())
}

fn bad(path: &Path, what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{}: {what}", path.display()))
}
