//! The command `openssl`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use snafu::{ResultExt, Whatever, whatever};

/// Sections that `req` wants to see, and nothing of what this machine says about OpenSSL.
const CONFIGURATION: &str = "[req]\ndistinguished_name = name\n[name]\n";

/// `openssl`, found and of a usable version.
#[derive(Debug)]
pub(super) struct Tool {
    configuration: PathBuf,
    folder: PathBuf,
}

impl Tool {
    /// Looks for it on `PATH`. `folder` receives its configuration and its complaints.
    pub(super) fn find(folder: &Path) -> Result<Self, Whatever> {
        let configuration = folder.join("openssl.cnf");
        fs::write(&configuration, CONFIGURATION).whatever_context("cannot write openssl.cnf")?;
        let tool = Self { configuration, folder: folder.to_owned() };
        let version = tool.run(folder, &["version"])?;
        if !is_usable(&version) {
            whatever!(
                "`openssl version` says `{}`; next: install OpenSSL 3.0 or newer and put it first on PATH",
                version.trim()
            );
        }
        Ok(tool)
    }

    /// Where the server leaves its complaints.
    pub(super) fn complaints(&self) -> PathBuf {
        self.folder.join("s_server.err")
    }

    /// The bare command, independent of this machine's configuration.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new("openssl");
        command.env("OPENSSL_CONF", &self.configuration).stdin(Stdio::null());
        command
    }

    /// Runs it in `folder` to its end and returns what it printed.
    pub(super) fn run(&self, folder: &Path, arguments: &[&str]) -> Result<String, Whatever> {
        let command = || format!("`openssl {}`", arguments.join(" "));
        let output = self.command().current_dir(folder).args(arguments).output();
        let output = output.with_whatever_context(|_| format!("cannot run {}", command()))?;
        if !output.status.success() {
            let complaint = String::from_utf8_lossy(&output.stderr);
            whatever!("{} failed ({}): {}", command(), output.status, complaint.trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

// LibreSSL answers to the same name and lacks half of the options.
fn is_usable(version: &str) -> bool {
    let major = version.strip_prefix("OpenSSL ").and_then(|rest| rest.split('.').next());
    major.and_then(|major| major.parse().ok()).is_some_and(|major: u32| major >= 3)
}

#[cfg(test)]
mod tests {
    use super::is_usable;

    #[test]
    fn the_version_is_understood() {
        assert!(is_usable("OpenSSL 3.0.19 27 Jan 2026 (Library: OpenSSL 3.0.19 27 Jan 2026)"));
        assert!(is_usable("OpenSSL 10.1.0 1 Jan 2040"));
        for version in ["OpenSSL 1.1.1w  11 Sep 2023", "LibreSSL 3.3.6", ""] {
            assert!(!is_usable(version), "{version}");
        }
    }
}
