//! The state in its folder.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::engine::Snapshot;

/// What was kept, if anything was.
pub(super) fn load(folder: &Path) -> io::Result<Option<Snapshot>> {
    let file = file(folder);
    let text = match fs::read_to_string(&file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        read => read.map_err(|error| about(&file, &error))?,
    };
    serde_json::from_str(&text).map(Some).map_err(|error| {
        let message = format!("{}: {error}; mend it, or move it away to start anew", file.display());
        io::Error::new(io::ErrorKind::InvalidData, message)
    })
}

/// Writes it so that the file is the old one or the new one at every moment.
pub(super) fn save(folder: &Path, snapshot: &Snapshot) -> io::Result<()> {
    let text = serde_json::to_string_pretty(snapshot).map_err(io::Error::other)?;
    let (file, draft) = (file(folder), folder.join("state.json.new"));
    write_private(&draft, &text)
        .and_then(|()| fs::rename(&draft, &file))
        .map_err(|error| about(&file, &error))
}

fn file(folder: &Path) -> PathBuf {
    folder.join("state.json")
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    // One left behind may be readable by others.
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// The error, and which file it is about.
pub(super) fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
