//! What the listeners have in common.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::Notify;

use crate::engine::{Engine, Snapshot};

/// What the listeners have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    engine: Mutex<Engine>,
    log: Option<Mutex<File>>,
    state: Option<PathBuf>,
    dirty: AtomicBool,
    pub(crate) changed: Notify,
    environment: RwLock<Vec<(&'static str, String)>>,
}

impl Shared {
    pub(super) fn new(mut engine: Engine, state: Option<PathBuf>, log: Option<&Path>) -> io::Result<Self> {
        if let Some(folder) = &state {
            restore(&mut engine, &state_file(folder))?;
        }
        let log = match log {
            Some(path) => {
                engine.log.keep_lines();
                let file = OpenOptions::new().create(true).append(true).open(path);
                Some(Mutex::new(file.map_err(|error| about(path, &error))?))
            }
            None => None,
        };
        let (dirty, changed, environment) = (AtomicBool::new(false), Notify::new(), RwLock::default());
        Ok(Self { engine: Mutex::new(engine), log, state, dirty, changed, environment })
    }

    /// Does something with the engine. Nobody else does meanwhile: it must be short.
    pub(crate) fn engine<T>(&self, action: impl FnOnce(&mut Engine) -> T) -> T {
        let mut engine = self.lock();
        let result = action(&mut engine);
        if let Some(log) = &self.log {
            let lines = engine.log.take_lines();
            if !lines.is_empty() {
                // In the order of the calls, hence inside the lock. A full disk must not stop the API.
                let mut file = log.lock().unwrap_or_else(PoisonError::into_inner);
                let _ = file.write_all((lines.join("\n") + "\n").as_bytes());
            }
        }
        result
    }

    fn lock(&self) -> MutexGuard<'_, Engine> {
        self.engine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something may have changed: it is written before long, if a folder is kept.
    pub(crate) fn changed(&self) {
        if self.state.is_some() && !self.dirty.swap(true, Ordering::AcqRel) {
            self.changed.notify_one();
        }
    }

    /// Writes the state, if a folder is kept and something has changed.
    pub(crate) fn save(&self) -> io::Result<()> {
        let Some(folder) = &self.state else { return Ok(()) };
        if !self.dirty.swap(false, Ordering::AcqRel) {
            return Ok(());
        }
        let snapshot = self.engine(|engine| engine.snapshot());
        let text = serde_json::to_string_pretty(&snapshot).map_err(io::Error::other)?;
        let (file, draft) = (state_file(folder), folder.join("state.json.new"));
        write_private(&draft, &text)
            .and_then(|()| fs::rename(&draft, &file))
            .map_err(|error| about(&file, &error))
    }

    pub(crate) fn state_folder(&self) -> Option<&Path> {
        self.state.as_deref()
    }

    pub(super) fn publish(&self, environment: Vec<(&'static str, String)>) {
        *self.environment.write().unwrap_or_else(PoisonError::into_inner) = environment;
    }

    /// The environment variables of the run.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        self.environment.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Secrets of this world that a program needs.
    pub(super) fn secrets(&self) -> Vec<(&'static str, String)> {
        self.engine(|engine| engine.core.world.secrets())
    }
}

fn state_file(folder: &Path) -> PathBuf {
    folder.join("state.json")
}

fn restore(engine: &mut Engine, file: &Path) -> io::Result<()> {
    let text = match fs::read_to_string(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        read => read.map_err(|error| about(file, &error))?,
    };
    let snapshot: Snapshot = serde_json::from_str(&text).map_err(|error| {
        let message = format!("{}: {error}; mend it, or move it away to start anew", file.display());
        io::Error::new(io::ErrorKind::InvalidData, message)
    })?;
    engine.restore(snapshot);
    Ok(())
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
