//! Certificates and keys in a folder.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

/// Tells apart the files that one process is writing.
static COUNT: AtomicU64 = AtomicU64::new(0);

/// Whether others may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Public,
    Secret,
}

/// A file that is to be written.
pub(crate) struct Entry<'a> {
    pub(crate) name: String,
    pub(crate) text: &'a str,
    pub(crate) access: Access,
}

/// Writes a folder that is not there yet, or is empty, so that nobody ever sees a part of it. Into a folder with
/// other files, each file is written so in its turn; the last one says that all are there.
///
/// # Errors
///
/// [`AlreadyExists`](io::ErrorKind::AlreadyExists) when one of the files is there.
pub(crate) fn create(folder: &Path, entries: &[Entry<'_>]) -> io::Result<()> {
    if let Some(entry) = entries.iter().find(|entry| folder.join(&entry.name).exists()) {
        return Err(already_there(&folder.join(&entry.name)));
    }
    let draft = beside(folder)?;
    make(&draft)?;
    let written = entries.iter().try_for_each(|entry| write_new(&draft.join(&entry.name), entry));
    let moved =
        written.and_then(|()| fs::rename(&draft, folder).or_else(|_| move_files(&draft, folder, entries)));
    // What is left of a draft after the files have gone, or an error came between.
    let _ = fs::remove_dir_all(&draft);
    moved
}

/// Moves files one by one, and over none that is there.
fn move_files(draft: &Path, folder: &Path, entries: &[Entry<'_>]) -> io::Result<()> {
    entries.iter().try_for_each(|entry| {
        let (from, to) = (draft.join(&entry.name), folder.join(&entry.name));
        fs::hard_link(from, &to).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => already_there(&to),
            _ => about(&to, &error),
        })
    })
}

/// Writes files into a folder, which is made if it is not there, over those that are there.
pub(crate) fn replace(folder: &Path, entries: &[Entry<'_>]) -> io::Result<()> {
    if !folder.is_dir() {
        make(folder)?;
    }
    entries.iter().try_for_each(|entry| {
        let path = folder.join(&entry.name);
        let draft = beside(&path)?;
        let written = write_new(&draft, entry).and_then(|()| fs::rename(&draft, &path));
        written.inspect_err(|_| drop(fs::remove_file(&draft)))
    })
}

/// Reads a file. One with a secret that others may read is refused.
pub(crate) fn read(path: &Path, access: Access) -> io::Result<String> {
    // Another thing, a pipe for one, may never open or never end.
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        let message = format!("{}: no regular file; move it away, or choose another folder", path.display());
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    let mut file = File::open(path).map_err(|error| about(path, &error))?;
    if access == Access::Secret {
        guard(path, &file)?;
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(|error| about(path, &error))?;
    Ok(text)
}

#[cfg(unix)]
fn guard(path: &Path, file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    let mode = file.metadata()?.permissions().mode() & 0o7777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let path = path.display().to_string();
    let quoted = path.replace('\'', r"'\''");
    let message = format!(
        "{path} is a private key with mode {mode:04o}, which others may use: run chmod 600 '{quoted}'"
    );
    Err(io::Error::new(io::ErrorKind::PermissionDenied, message))
}

#[cfg(not(unix))]
fn guard(_path: &Path, _file: &File) -> io::Result<()> {
    Ok(())
}

fn write_new(path: &Path, entry: &Entry<'_>) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(if entry.access == Access::Secret { 0o600 } else { 0o644 });
    }
    let write = |mut file: File| {
        file.write_all(entry.text.as_bytes())?;
        file.sync_all()
    };
    options.open(path).and_then(write).map_err(|error| about(path, &error))
}

/// Makes a folder, and those above it, for nobody else.
pub(crate) fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder).map_err(|error| about(folder, &error))
}

/// A name in the same folder that nobody else uses.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let Some(name) = path.file_name() else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{} is no name", path.display())));
    };
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let draft = format!(".{}.{}.{number}", name.to_string_lossy(), process::id());
    Ok(path.with_file_name(draft))
}

fn already_there(path: &Path) -> io::Error {
    let message = format!("{} is there already: load it, or choose another folder", path.display());
    io::Error::new(io::ErrorKind::AlreadyExists, message)
}

fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
