//! Keeps the state folder small, and up to date with what no input tells.

use std::{sync::Arc, time::Duration};

use tokio::task::JoinHandle;

use super::Shared;

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
