//! Where and against what it was measured.

use std::{fs, path::Path, thread};

use crate::Failure;

/// The root of the repository.
pub(crate) const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// One line: the machine, and the versions of the peers as the lock file has them.
pub(crate) fn describe() -> Result<String, Failure> {
    let lock = fs::read_to_string(Path::new(ROOT).join("Cargo.lock"))?;
    let cores = thread::available_parallelism()?;
    let peers: Vec<String> =
        ["hyper", "hyper-util", "hyper-rustls", "rustls", "reqwest", "serde_json", "tokio"]
            .iter()
            .filter_map(|name| Some(format!("{name} {}", version(&lock, name)?)))
            .collect();
    let (system, processor) = (std::env::consts::OS, std::env::consts::ARCH);
    Ok(format!("measured on {cores} cores, {system} {processor}, with {}", peers.join(", ")))
}

fn version<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
    rest.split('"').next()
}
