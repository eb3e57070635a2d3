//! What the listeners have in common.

use std::{
    fmt,
    fs::{File, OpenOptions},
    io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::SystemTime,
};

use tokio::sync::Notify;

use super::{
    journal::{Journal, text},
    log_file::LogFile,
    say, state,
};
use crate::{
    Proof,
    api::{Request, callbacks::CallbackKind},
    engine::{Asked, Begun, Control, Engine, Input, Letter, Next, Plan, Received, Turn},
    fault::{Effect, Moment, Rule},
};

/// What the listeners have in common.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(super) common: Arc<Common>,
    by: By,
}

pub(super) struct Common {
    pub(super) kept: Mutex<Kept>,
    folder: Option<PathBuf>,
    log: Option<Mutex<LogFile<File>>>,
    /// One writes a snapshot at a time, so that the newest is written last.
    pub(super) saving: Mutex<()>,
    due: Notify,
    told: AtomicBool,
    told_dropped: AtomicBool,
    news: Notify,
    places: OnceLock<Vec<(&'static str, String)>>,
    proof: Option<Proof>,
}

/// The engine, and where its inputs are written down.
pub(super) struct Kept {
    pub(super) engine: Engine,
    pub(super) journal: Option<Journal>,
}

/// On whose behalf something happens.
#[derive(Clone)]
enum By {
    /// Ours.
    Itself,
    /// The control API was asked to do it.
    Control(Arc<Order>),
    /// It happened before, at this time.
    Past(SystemTime, u64),
}

/// What the control API was asked to do.
struct Order {
    /// `None`: nothing that can be done again, or nothing that changes anything.
    control: Option<Control>,
    /// When it was first done.
    wall: OnceLock<SystemTime>,
    written: AtomicBool,
}

/// What is written down of a step.
enum Note {
    /// That time has passed, if that has changed anything.
    Tick,
    /// This input, in JSON.
    Input(String),
    /// Nobody knows what was done.
    Anything,
    Nothing,
}

impl Shared {
    pub(super) fn new(
        mut engine: Engine,
        journal: Option<Journal>,
        log: Option<File>,
        proof: Option<Proof>,
    ) -> Self {
        if log.is_some() {
            engine.log.keep_lines();
        }
        let folder = journal.as_ref().map(|journal| journal.claim().folder().to_path_buf());
        let common = Common {
            kept: Mutex::new(Kept { engine, journal }),
            folder,
            log: log.map(LogFile::new).map(Mutex::new),
            saving: Mutex::new(()),
            due: Notify::new(),
            told: AtomicBool::new(false),
            told_dropped: AtomicBool::new(false),
            news: Notify::new(),
            places: OnceLock::new(),
            proof,
        };
        Self { common: Arc::new(common), by: By::Itself }
    }

    /// One that does again what was done, and writes nothing.
    pub(super) fn repeating(engine: Engine) -> Self {
        Self::new(engine, None, None, None)
    }

    /// The same, at that time, with that chance.
    pub(super) fn repeated(&self, wall: SystemTime, chance: u64) -> Self {
        Self { common: Arc::clone(&self.common), by: By::Past(wall, chance) }
    }

    /// What came of it.
    pub(super) fn into_engine(self) -> Engine {
        match Arc::try_unwrap(self.common) {
            Ok(common) => common.kept.into_inner().unwrap_or_else(PoisonError::into_inner).engine,
            Err(common) => lock(&common.kept).engine.clone(),
        }
    }

    /// The same for a request to the control API.
    pub(crate) fn asked(&self, control: Option<Control>) -> Self {
        let order = Order { control, wall: OnceLock::new(), written: AtomicBool::new(false) };
        Self { common: Arc::clone(&self.common), by: By::Control(Arc::new(order)) }
    }

    /// The time by the clock of the machine; of one request to the control API always the same.
    pub(crate) fn wall(&self) -> SystemTime {
        match &self.by {
            By::Itself => SystemTime::now(),
            By::Control(order) => *order.wall.get_or_init(SystemTime::now),
            By::Past(wall, _) => *wall,
        }
    }

    /// Chance that no seed determines.
    pub(crate) fn chance(&self) -> u64 {
        match &self.by {
            By::Control(order) => {
                order.control.as_ref().map_or_else(|| fastrand::u64(..), |asked| asked.chance)
            }
            By::Past(_, chance) => *chance,
            By::Itself => fastrand::u64(..),
        }
    }

    /// Does something with the engine. Nobody else does meanwhile: it must be short.
    pub(crate) fn engine<T>(&self, action: impl FnOnce(&mut Engine) -> T) -> T {
        self.step(|engine, _| (action(engine), self.note()))
    }

    /// The same, after what is due was done.
    pub(crate) fn caught_up<T>(&self, action: impl FnOnce(&mut Engine) -> T) -> T {
        self.step(|engine, wall| {
            let any = engine.catch_up(wall);
            let result = action(engine);
            let note = match self.note() {
                Note::Nothing if any => Note::Tick,
                note => note,
            };
            (result, note)
        })
    }

    /// The same with something that can be done in any way.
    pub(super) fn freely<T>(&self, action: impl FnOnce(&mut Engine) -> T) -> T {
        self.step(|engine, wall| {
            engine.catch_up(wall);
            (action(engine), Note::Anything)
        })
    }

    /// Does this input.
    pub(super) fn input(&self, input: Input) {
        let note = note(&input);
        self.step(|engine, wall| {
            // It asks nothing of the control API, and what was made here can be done.
            let _ = engine.repeat(input, wall);
            ((), note)
        });
    }

    /// Puts a rule in force.
    pub(super) fn fault(&self, rule: Rule) -> u64 {
        let note = note(&Input::Fault(rule.clone()));
        self.step(|engine, wall| {
            engine.catch_up(wall);
            (engine.faults.add(rule), note)
        })
    }

    /// A request was read.
    pub(super) fn call(&self, request: Request) -> Begun {
        let note = self.keeps().then(|| note(&Input::Call(Asked::new(&request))));
        self.step(|engine, wall| (engine.call(request, wall), note.unwrap_or(Note::Nothing)))
    }

    /// The turn of one that had to wait has come.
    pub(super) fn turn(&self, received: Received) -> Plan {
        let note = self.keeps().then(|| note(&Input::Turn(Turn::new(&received))));
        self.step(|engine, wall| (engine.answer(received, wall), note.unwrap_or(Note::Nothing)))
    }

    /// What goes wrong with a connection.
    pub(super) fn connection(&self, moment: Moment) -> Option<Effect> {
        self.step(|engine, _| {
            // Without a rule nothing is counted.
            let counted = !engine.faults.armed().is_empty();
            let effect = engine.connection(moment);
            (effect, if counted { note(&Input::Connection(moment.to_string())) } else { Note::Nothing })
        })
    }

    /// A callback that is due, of a kind that may be sent, or how long there is none.
    pub(super) fn next_letter(&self, may: impl Fn(CallbackKind) -> bool) -> Next {
        self.quietly(|engine, wall| {
            let any = engine.catch_up(wall);
            (engine.next_letter(wall, may), if any { Note::Tick } else { Note::Nothing })
        })
    }

    /// A callback was sent.
    pub(super) fn sent(&self, letter: Letter, outcome: Result<u16, String>) {
        self.quietly(|engine, _| {
            let sent = engine.sent(letter, outcome);
            ((), sent.map_or(Note::Nothing, |sent| note(&Input::Sent(sent))))
        });
    }

    fn note(&self) -> Note {
        let By::Control(order) = &self.by else { return Note::Nothing };
        match &order.control {
            Some(control) if !order.written.swap(true, Ordering::AcqRel) => {
                note(&Input::Control(control.clone()))
            }
            _ => Note::Nothing,
        }
    }

    fn keeps(&self) -> bool {
        self.common.folder.is_some()
    }

    fn step<T>(&self, action: impl FnOnce(&mut Engine, SystemTime) -> (T, Note)) -> T {
        let (result, listens) = self.quietly(|engine, wall| {
            let (result, note) = action(engine, wall);
            engine.tell_news(wall);
            ((result, !engine.core.callbacks.is_empty()), note)
        });
        if listens {
            self.common.news.notify_one();
        }
        result
    }

    /// The same, without waking who sends callbacks.
    fn quietly<T>(&self, action: impl FnOnce(&mut Engine, SystemTime) -> (T, Note)) -> T {
        let common = &*self.common;
        let mut kept = lock(&common.kept);
        let wall = self.wall();
        let Kept { engine, journal } = &mut *kept;
        engine.begin();
        let (result, note) = action(engine, wall);
        if let Some(journal) = journal {
            if let Err(error) = write(journal, engine, wall, note) {
                common.tell(&error);
            }
            if journal.is_due() {
                common.due.notify_one();
            }
        }
        if let Some(log) = &common.log {
            let lines = engine.log.take_lines();
            if !lines.is_empty() {
                // In the order of the calls, hence inside the lock. A full disk must not stop the API.
                let mut file = log.lock().unwrap_or_else(PoisonError::into_inner);
                if let Err(error) = file.write(&lines) {
                    eprintln!(
                        "ait-emulator: the log cannot be written: {error}; calls are answered all the same, and the file \
                         will say how many lines are missing: free the place, and it goes on"
                    );
                }
            }
        }
        if engine.core.world.outbox.dropped() > 0 && !common.told_dropped.swap(true, Ordering::AcqRel) {
            say(
                "callbacks that were never delivered were dropped, the oldest first: more than 100000 wait; \
                 is the shop listening? GET /_ctl/v1/callbacks lists where they go",
            );
        }
        result
    }

    /// Waits until there may be callbacks to send, or the clock may have moved.
    pub(super) async fn until_news(&self) {
        self.common.news.notified().await;
    }

    /// Waits until a snapshot is due, or the log does not lead to what the engine is.
    pub(super) async fn until_due(&self) {
        while !lock(&self.common.kept).journal.as_ref().is_some_and(Journal::is_due) {
            self.common.due.notified().await;
        }
    }

    /// What proves to whoever asks that this is the emulator that was started here.
    pub(crate) fn proof(&self) -> Option<&Proof> {
        self.common.proof.as_ref()
    }

    pub(crate) fn state_folder(&self) -> Option<&Path> {
        self.common.folder.as_deref()
    }

    /// Says where everything is. Only the first word counts.
    pub(super) fn publish(&self, places: Vec<(&'static str, String)>) {
        let _ = self.common.places.set(places);
    }

    /// The environment variables that tell a program where everything is, and the secrets of this world, in order.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let mut variables = self.common.places.get().cloned().unwrap_or_default();
        variables.extend(self.engine(|engine| engine.core.world.secrets()));
        variables.sort_unstable();
        variables
    }
}

impl Common {
    /// Once.
    pub(super) fn tell(&self, error: &io::Error) {
        if !self.told.swap(true, Ordering::AcqRel) {
            say(&format!("the state cannot be kept: {error}"));
        }
    }
}

fn write(journal: &mut Journal, engine: &Engine, wall: SystemTime, note: Note) -> io::Result<()> {
    match note {
        Note::Nothing => {}
        Note::Anything => journal.lose(),
        // What was lost is written before long, with this.
        Note::Tick if journal.is_lost() => {}
        Note::Tick => journal.append(engine, wall, &text(&Input::Tick)?)?,
        Note::Input(input) => journal.append(engine, wall, &input)?,
    }
    journal.hear(engine, wall)
}

fn note(input: &Input) -> Note {
    text(input).map_or(Note::Anything, Note::Input)
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Opens the file for the lines of the calls.
pub(super) fn open_log(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().create(true).append(true).open(path);
    file.map_err(|error| state::about(path, &error))
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("state", &self.state_folder()).finish_non_exhaustive()
    }
}
