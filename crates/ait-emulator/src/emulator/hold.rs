//! One emulator a state folder.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

use super::state::about;
use crate::net::make_folder;

/// The state folder is ours for as long as this lives. The system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Hold {
    folder: PathBuf,
    file: File,
}

impl Hold {
    /// Takes the folder, which is made if it is not there.
    pub(super) fn take(folder: &Path) -> io::Result<Self> {
        make_folder(folder)?;
        let path = lock(folder);
        // Another thing, a pipe for one, may never open.
        if fs::metadata(&path).is_ok_and(|found| !found.is_file()) {
            let message = format!("{}: no file; remove it, or choose another folder", path.display());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let mut options = OpenOptions::new();
        let file = options.create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(|error| about(&path, &error))?;
        let folder = folder.to_path_buf();
        match file.try_lock() {
            Ok(()) => Ok(Self { folder, file }),
            Err(TryLockError::WouldBlock) => {
                let message = format!(
                    "{}: another emulator keeps its state there; stop it, or choose another folder",
                    folder.display()
                );
                Err(io::Error::new(io::ErrorKind::ResourceBusy, message))
            }
            // Some file systems know no locks.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                Ok(Self { folder, file })
            }
            Err(TryLockError::Error(error)) => Err(about(&path, &error)),
        }
    }

    /// What the folder is recognized by. It says the truth for as long as this lives.
    pub(super) fn claim(&self) -> io::Result<Claim> {
        Ok(Claim { folder: self.folder.clone(), lock: identity(&self.file.metadata()?) })
    }
}

/// A folder that was taken.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    folder: PathBuf,
    lock: Identity,
}

impl Claim {
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// An error if the folder may be another emulator's by now: its lock is not the one that was taken.
    pub(super) fn check(&self) -> io::Result<()> {
        if fs::metadata(lock(&self.folder)).is_ok_and(|found| identity(&found) == self.lock) {
            return Ok(());
        }
        let message = format!(
            "{}: the lock in it was removed, and another emulator may keep its state there; nothing more is written: \
             start again, with a folder that stays",
            self.folder.display()
        );
        Err(io::Error::new(io::ErrorKind::NotFound, message))
    }
}

fn lock(folder: &Path) -> PathBuf {
    folder.join("lock")
}

/// Device and inode, which no other file has for as long as this one is open.
#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(file: &fs::Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    (file.dev(), file.ino())
}

/// Elsewhere it is enough that there is one.
#[cfg(not(unix))]
type Identity = bool;

#[cfg(not(unix))]
fn identity(file: &fs::Metadata) -> Identity {
    file.is_file()
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_folder_is_recognized_by_its_lock() {
        let folder = tempfile::tempdir().unwrap();
        let hold = Hold::take(folder.path()).unwrap();
        let claim = hold.claim().unwrap();
        claim.check().unwrap();
        fs::remove_file(lock(folder.path())).unwrap();
        let error = claim.check().unwrap_err().to_string();
        assert!(error.starts_with(&folder.path().display().to_string()), "{error}");
        assert!(error.ends_with("start again, with a folder that stays"), "{error}");
        let second = Hold::take(folder.path()).unwrap();
        assert!(claim.check().is_err());
        second.claim().unwrap().check().unwrap();
    }
}
