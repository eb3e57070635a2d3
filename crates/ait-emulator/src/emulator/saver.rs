//! Keeps the state folder small, and up to date with what no input tells.

use std::{io, sync::Arc, time::Duration};

use tokio::task::JoinHandle;

use super::{
    Shared,
    shared::{Kept, lock},
    state,
};

/// Before the next attempt after an error, and between two writes of what was changed freely.
const PAUSE: Duration = Duration::from_secs(1);

/// Writes a snapshot when the log has grown, and once more when it is dropped.
#[derive(Debug)]
pub(super) struct Saver {
    shared: Arc<Shared>,
    task: Option<JoinHandle<()>>,
}

impl Saver {
    pub(super) fn start(shared: &Arc<Shared>) -> Self {
        let task = shared.state_folder().is_some().then(|| tokio::spawn(keep_saving(Arc::clone(shared))));
        Self { shared: Arc::clone(shared), task }
    }
}

impl Drop for Saver {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
            self.shared.finish_or_tell();
        }
    }
}

async fn keep_saving(shared: Arc<Shared>) {
    loop {
        shared.until_due().await;
        let saving = Arc::clone(&shared);
        // Ends in an error only when the runtime ends.
        let written = tokio::task::spawn_blocking(move || saving.save_or_tell()).await;
        if !written.unwrap_or_default() {
            tokio::time::sleep(PAUSE).await;
        }
    }
}

impl Shared {
    /// Does what is due. An error is told once, on standard error; the next time tries again. Whether all went well, and
    /// more may be due.
    fn save_or_tell(&self) -> bool {
        let saved = self.save();
        if let Err(error) = &saved {
            self.common.tell(error);
        }
        matches!(saved, Ok(true))
    }

    /// Whether a snapshot was written.
    fn save(&self) -> io::Result<bool> {
        let _saving = lock(&self.common.saving);
        let ((snapshot, old), claim) = {
            let mut kept = lock(&self.common.kept);
            let Kept { engine, journal: Some(journal) } = &mut *kept else { return Ok(false) };
            journal.claim().check()?;
            journal.catch_up(engine, self.wall())?;
            if !journal.wants_snapshot() {
                return Ok(false);
            }
            (journal.turn_over(engine), journal.claim().clone())
        };
        if let Some(old) = old {
            old.sync_data()?;
        }
        let size = state::save(claim.folder(), &snapshot).map_err(|error| free(&error))?;
        state::remove_logs(claim.folder(), snapshot.generation)?;
        if let Some(journal) = &mut lock(&self.common.kept).journal {
            journal.folded(size);
        }
        Ok(true)
    }

    /// Writes a last snapshot, if there is anything new.
    fn finish_or_tell(&self) {
        let finish = || {
            let _saving = lock(&self.common.saving);
            // What happens meanwhile waits.
            let mut kept = lock(&self.common.kept);
            let Kept { engine, journal: Some(journal) } = &mut *kept else { return Ok(()) };
            if !journal.has_any() {
                return Ok(());
            }
            journal.claim().check()?;
            let (snapshot, _) = journal.turn_over(engine);
            let folder = journal.claim().folder();
            let size = state::save(folder, &snapshot).map_err(|error| free(&error))?;
            state::remove_logs(folder, snapshot.generation)?;
            journal.folded(size);
            Ok(())
        };
        if let Err(error) = finish() {
            self.common.tell(&error);
        }
    }
}

fn free(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{error}; free the place, and it will be written"))
}
