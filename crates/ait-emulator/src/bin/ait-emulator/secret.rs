//! The secret that `serve` shares with `env`: a file for each control port that only this user can read.
//!
//! Whoever else takes the port cannot read it, and so cannot prove to be the emulator.

use std::{
    fs::{self, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

/// A secret is no longer than that.
const MOST: u64 = 1024;

/// A file that goes when the emulator ends.
#[derive(Debug)]
pub(crate) struct SecretFile {
    path: PathBuf,
    secret: String,
}

impl SecretFile {
    /// Makes a secret: 32 octets of chance in hexadecimal.
    pub(crate) fn make() -> io::Result<String> {
        use ring::rand::{SecureRandom as _, SystemRandom};
        let mut octets = [0; 32];
        SystemRandom::new()
            .fill(&mut octets)
            .map_err(|_| io::Error::other("this machine gives no chance"))?;
        Ok(octets.iter().map(|octet| format!("{octet:02x}")).collect())
    }

    /// Leaves the secret for whoever asks for the emulator with this control port.
    pub(crate) fn leave(port: u16, secret: String) -> io::Result<Self> {
        let mut told = io::Error::other("there is no folder for it");
        for folder in folders() {
            match write(&folder, port, &secret) {
                Ok(path) => return Ok(Self { path, secret }),
                Err(error) => told = io::Error::new(error.kind(), format!("{}: {error}", folder.display())),
            }
        }
        Err(told)
    }

    /// The secrets for this port, of which one is that of the emulator, if it is one of this user.
    pub(crate) fn find(port: u16) -> Vec<String> {
        folders().iter().filter_map(|folder| read(folder, port).ok()).collect()
    }
}

impl Drop for SecretFile {
    fn drop(&mut self) {
        // Another emulator may have left its own since.
        if fs::read_to_string(&self.path).is_ok_and(|secret| secret == self.secret) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn name(port: u16) -> String {
    format!("control-{port}")
}

fn write(folder: &Path, port: u16, secret: &str) -> io::Result<PathBuf> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => guard(&fs::symlink_metadata(folder)?)?,
    }
    let (path, draft) =
        (folder.join(name(port)), folder.join(format!("{}.{}", name(port), std::process::id())));
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&draft)?.write_all(secret.as_bytes())?;
    fs::rename(&draft, &path)?;
    Ok(path)
}

fn read(folder: &Path, port: u16) -> io::Result<String> {
    guard(&fs::symlink_metadata(folder)?)?;
    let file = fs::File::open(folder.join(name(port)))?;
    guard(&file.metadata()?)?;
    let mut secret = String::new();
    file.take(MOST).read_to_string(&mut secret)?;
    if secret.len() < 32 { Err(io::Error::other("it is too short")) } else { Ok(secret) }
}

/// Where it may lie, the best place first.
#[cfg(unix)]
fn folders() -> Vec<PathBuf> {
    let runtime =
        std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|folder| folder.is_absolute());
    let user = nix::unistd::geteuid();
    let shared = std::env::temp_dir().join(format!("ait-emulator-{user}"));
    runtime.map(|folder| folder.join("ait-emulator")).into_iter().chain([shared]).collect()
}

#[cfg(not(unix))]
fn folders() -> Vec<PathBuf> {
    let local = std::env::var_os("LOCALAPPDATA").map(PathBuf::from);
    local.map(|folder| folder.join("ait-emulator")).into_iter().collect()
}

/// Refuses what belongs to another user, or what others may use: in a shared folder anybody can make one of this name.
#[cfg(unix)]
fn guard(facts: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;

    let own = facts.uid() == nix::unistd::geteuid().as_raw();
    if own && facts.mode() & 0o077 == 0 && !facts.is_symlink() {
        return Ok(());
    }
    Err(io::Error::new(
        io::ErrorKind::PermissionDenied,
        "it must be this user's own, without rights for others: remove it, or set TMPDIR to a folder of your own",
    ))
}

#[cfg(not(unix))]
fn guard(_facts: &fs::Metadata) -> io::Result<()> {
    Ok(())
}
