//! What the listeners have in common.

use std::{
    fmt,
    fs::{File, OpenOptions},
    io::{self, Write},
    path::Path,
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::SystemTime,
};

use tokio::sync::Notify;

use super::{hold::Claim, state};
use crate::{
    api::callbacks::CallbackKind,
    engine::{Engine, Letter, Next},
};

/// What the listeners have in common.
pub(crate) struct Shared {
    engine: Mutex<Engine>,
    log: Option<Mutex<File>>,
    state: Option<Claim>,
    /// One writes at a time, so that the newest state is written last.
    saving: Mutex<()>,
    dirty: AtomicBool,
    changed: Notify,
    told: AtomicBool,
    told_dropped: AtomicBool,
    news: Notify,
    places: OnceLock<Vec<(&'static str, String)>>,
}

impl Shared {
    pub(super) fn new(mut engine: Engine, state: Option<Claim>, log: Option<&Path>) -> io::Result<Self> {
        let log = match log {
            Some(path) => {
                engine.log.keep_lines();
                let file = OpenOptions::new().create(true).append(true).open(path);
                Some(Mutex::new(file.map_err(|error| state::about(path, &error))?))
            }
            None => None,
        };
        Ok(Self {
            engine: Mutex::new(engine),
            log,
            state,
            saving: Mutex::new(()),
            dirty: AtomicBool::new(false),
            changed: Notify::new(),
            told: AtomicBool::new(false),
            told_dropped: AtomicBool::new(false),
            news: Notify::new(),
            places: OnceLock::new(),
        })
    }

    /// Does something with the engine. Nobody else does meanwhile: it must be short.
    pub(crate) fn engine<T>(&self, action: impl FnOnce(&mut Engine) -> T) -> T {
        let (result, listens) = self.quietly(|engine| {
            let result = action(engine);
            engine.tell_news(SystemTime::now());
            (result, !engine.core.callbacks.is_empty())
        });
        if listens {
            self.news.notify_one();
        }
        result
    }

    /// The same, without waking who sends callbacks.
    fn quietly<T>(&self, action: impl FnOnce(&mut Engine) -> T) -> T {
        let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        let result = action(&mut engine);
        if let Some(log) = &self.log {
            let lines = engine.log.take_lines();
            if !lines.is_empty() {
                // In the order of the calls, hence inside the lock. A full disk must not stop the API.
                let mut file = log.lock().unwrap_or_else(PoisonError::into_inner);
                let _ = file.write_all((lines.join("\n") + "\n").as_bytes());
            }
        }
        if engine.core.world.outbox.dropped() > 0 && !self.told_dropped.swap(true, Ordering::AcqRel) {
            eprintln!(
                "ait-emulator: callbacks that were never delivered were dropped, the oldest first: more than 100000 wait; \
                 is the shop listening? GET /_ctl/v1/callbacks lists where they go"
            );
        }
        result
    }

    /// The same, after what is due was done.
    pub(crate) fn caught_up<T>(&self, action: impl FnOnce(&mut Engine) -> T) -> T {
        self.engine(|engine| {
            if engine.catch_up(SystemTime::now()) {
                self.changed();
            }
            action(engine)
        })
    }

    /// A callback that is due, of a kind that may be sent, or how long there is none.
    pub(super) fn next_letter(&self, may: impl Fn(CallbackKind) -> bool) -> Next {
        let wall = SystemTime::now();
        let (any, next) = self.quietly(|engine| (engine.catch_up(wall), engine.next_letter(wall, may)));
        if any {
            self.changed();
        }
        next
    }

    /// A callback was sent.
    pub(super) fn sent(&self, letter: Letter, outcome: Result<u16, String>) {
        self.quietly(|engine| engine.sent(letter, outcome));
        self.changed();
    }

    /// Waits until there may be callbacks to send, or the clock may have moved.
    pub(super) async fn until_news(&self) {
        self.news.notified().await;
    }

    /// Something may have changed: it is written before long, if a folder is kept.
    pub(crate) fn changed(&self) {
        if self.state.is_some() && !self.dirty.swap(true, Ordering::AcqRel) {
            self.changed.notify_one();
        }
    }

    /// Waits until something has changed since the last write.
    pub(super) async fn until_changed(&self) {
        while !self.dirty.load(Ordering::Acquire) {
            self.changed.notified().await;
        }
    }

    /// Writes the state, if a folder is kept and something has changed. An error is told once, on standard error; the
    /// next write tries again.
    pub(super) fn save_or_tell(&self) {
        if let Err(error) = self.save()
            && !self.told.swap(true, Ordering::AcqRel)
        {
            eprintln!("ait-emulator: the state cannot be kept: {error}");
        }
    }

    fn save(&self) -> io::Result<()> {
        let Some(claim) = &self.state else { return Ok(()) };
        let _saving = self.saving.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.dirty.swap(false, Ordering::AcqRel) {
            return Ok(());
        }
        let snapshot = self.engine(|engine| engine.snapshot());
        let write = || {
            state::save(claim.folder(), &snapshot).map_err(|error| {
                io::Error::new(error.kind(), format!("{error}; free the place, and it will be written"))
            })
        };
        claim.check().and_then(|()| write()).inspect_err(|_| self.dirty.store(true, Ordering::Release))
    }

    pub(crate) fn state_folder(&self) -> Option<&Path> {
        self.state.as_ref().map(Claim::folder)
    }

    /// Says where everything is. Only the first word counts.
    pub(super) fn publish(&self, places: Vec<(&'static str, String)>) {
        let _ = self.places.set(places);
    }

    /// The environment variables that tell a program where everything is, and the secrets of this world, in order.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let mut variables = self.places.get().cloned().unwrap_or_default();
        variables.extend(self.engine(|engine| engine.core.world.secrets()));
        variables.sort_unstable();
        variables
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("state", &self.state_folder()).finish_non_exhaustive()
    }
}
