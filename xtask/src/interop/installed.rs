//! Whether a program is there, and what it says about itself.

use std::process::{Command, Stdio};

/// A program that may be installed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Installed {
    /// The command that prints its version, and fails when a part of it is missing.
    pub(super) asks: &'static [&'static str],
    /// What to install to have it.
    pub(super) install: &'static str,
}

impl Installed {
    /// The first line that the command prints; `None` when it does not run.
    pub(super) fn version(self) -> Option<String> {
        let (command, arguments) = self.asks.split_first()?;
        let output = Command::new(command).args(arguments).stdin(Stdio::null()).output().ok()?;
        let printed = String::from_utf8_lossy(&output.stdout);
        output.status.success().then(|| printed.lines().next().unwrap_or_default().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Installed;

    #[test]
    fn what_fails_is_not_there() {
        let version = |asks| Installed { asks, install: "" }.version();
        assert!(version(&["cargo", "--version"]).unwrap().starts_with("cargo "));
        assert_eq!(version(&["cargo", "--there-is-no-such-option"]), None);
        assert_eq!(version(&["ait-there-is-no-such-program"]), None);
    }
}
