//! One emulator a state folder.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    path::Path,
};

use super::state::about;
use crate::net::make_folder;

/// The state folder is ours for as long as this lives. The system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Hold(#[allow(dead_code, reason = "it is held, not read")] File);

impl Hold {
    /// Takes the folder, which is made if it is not there.
    pub(super) fn take(folder: &Path) -> io::Result<Self> {
        make_folder(folder)?;
        let path = folder.join("lock");
        let mut options = OpenOptions::new();
        let file = options.create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(|error| about(&path, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => {
                let message = format!(
                    "{}: another emulator keeps its state there; stop it, or choose another folder",
                    folder.display()
                );
                Err(io::Error::new(io::ErrorKind::ResourceBusy, message))
            }
            // Some file systems know no locks.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(Self(file)),
            Err(TryLockError::Error(error)) => Err(about(&path, &error)),
        }
    }
}
