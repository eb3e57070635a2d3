//! Keeps the state folder up to date.

use std::{sync::Arc, time::Duration};

use tokio::task::JoinHandle;

use super::Shared;

/// Between two writes, so that a busy emulator does not only write.
const PAUSE: Duration = Duration::from_secs(1);

/// Writes the state soon after it has changed, and once more when it is dropped.
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
            self.shared.save_or_tell();
        }
    }
}

async fn keep_saving(shared: Arc<Shared>) {
    loop {
        shared.until_changed().await;
        let saving = Arc::clone(&shared);
        // Ends in an error only when the runtime ends.
        let _ = tokio::task::spawn_blocking(move || saving.save_or_tell()).await;
        tokio::time::sleep(PAUSE).await;
    }
}
