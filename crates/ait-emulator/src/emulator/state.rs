//! The files of a state folder: the snapshot `state.json`, and the logs of what came after it, `state-N.log`.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use crate::engine::Snapshot;

/// The snapshot that was kept, if one was, and its size.
pub(super) fn load(folder: &Path) -> io::Result<Option<(Snapshot, u64)>> {
    let file = file(folder);
    let text = match read(&file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        read => read?,
    };
    let size = u64::try_from(text.len()).unwrap_or(u64::MAX);
    serde_json::from_slice(&text).map(|snapshot| Some((snapshot, size))).map_err(|error| {
        let message = format!("{}: {error}; mend it, or move it away to start anew", file.display());
        io::Error::new(io::ErrorKind::InvalidData, message)
    })
}

/// Writes it so that the file is the old one or the new one at every moment. Its size.
pub(super) fn save(folder: &Path, snapshot: &Snapshot) -> io::Result<u64> {
    let (file, draft) = (file(folder), folder.join("state.json.new"));
    write_draft(&draft, snapshot)
        .and_then(|size| fs::rename(&draft, &file).map(|()| size))
        .and_then(|size| sync_folder(folder).map(|()| size))
        .map_err(|error| about(&file, &error))
}

fn write_draft(draft: &Path, snapshot: &Snapshot) -> io::Result<u64> {
    // One left behind may be readable by others.
    match fs::remove_file(draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut writer = BufWriter::with_capacity(1 << 20, create(draft)?);
    serde_json::to_writer(&mut writer, snapshot)?;
    writer.flush()?;
    let file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(file.metadata()?.len())
}

/// A new file that nobody else reads.
pub(super) fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// What is new in the folder, and what is gone, stays so.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// The whole of a file. Another thing, a pipe for one, may never open or never end.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let read = || {
        if fs::metadata(path)?.is_file() {
            return fs::read(path);
        }
        let message = "no regular file; move it away, or choose another folder";
        Err(io::Error::new(io::ErrorKind::InvalidInput, message))
    };
    read().map_err(|error| about(path, &error))
}

/// The generations of the logs that are there, in order.
pub(super) fn logs(folder: &Path) -> io::Result<Vec<u64>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| about(folder, &error))? {
        let name = entry.map_err(|error| about(folder, &error))?.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix("state-")?.strip_suffix(".log"));
        found.extend(number.and_then(|number| number.parse::<u64>().ok()));
    }
    found.sort_unstable();
    Ok(found)
}

/// Removes the logs of older generations: the snapshot of this one has all that is in them.
pub(super) fn remove_logs(folder: &Path, before: u64) -> io::Result<()> {
    logs(folder)?.into_iter().filter(|generation| *generation < before).try_for_each(|generation| {
        let path = log(folder, generation);
        fs::remove_file(&path).map_err(|error| about(&path, &error))
    })
}

/// The log of what came after the snapshot of this generation.
pub(super) fn log(folder: &Path, generation: u64) -> PathBuf {
    folder.join(format!("state-{generation}.log"))
}

fn file(folder: &Path) -> PathBuf {
    folder.join("state.json")
}

/// The error, and which file it is about.
pub(super) fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
