//! `cargo xtask interop`: these crates against programs that other people wrote.
//!
//! Our tests meet a server built on the same TLS library as the client; a mistake that both share stays hidden there.
//! Each program is a module with a `check`, which prints one line per case.

use std::future::Future;
use std::path::Path;

use snafu::{ResultExt, Whatever, whatever};

mod client;
mod echo;
mod node;
mod openssl;
mod pki;
mod report;

use report::Report;

/// One program to check against.
struct Program {
    /// What is typed after `cargo xtask interop`.
    name: &'static str,
    /// Makes what it needs in the folder given, and tells the report about each case. An error means that the
    /// cases could not be played, not that one went wrong.
    check: fn(&Path, &mut Report) -> Result<(), Whatever>,
}

const PROGRAMS: &[Program] = &[
    Program { name: "openssl", check: openssl::check },
    Program { name: "node", check: node::check },
    Program { name: "curl", check: client::check_curl },
];

/// Checks against all programs, or against those that are named.
pub(crate) fn run(arguments: &[String]) -> Result<(), Whatever> {
    for argument in arguments {
        if !PROGRAMS.iter().any(|program| program.name == argument) {
            let names: Vec<&str> = PROGRAMS.iter().map(|program| program.name).collect();
            whatever!("there is no program `{argument}`\nusage: cargo xtask interop [{}]", names.join("|"));
        }
    }
    let mut report = Report::default();
    for program in PROGRAMS {
        if arguments.is_empty() || arguments.iter().any(|argument| argument == program.name) {
            // Private keys lie in it: for us alone, and gone on every way out of here.
            let folder = private_folder()?;
            (program.check)(folder.path(), &mut report)?;
            folder.close().whatever_context("cannot remove the temporary folder")?;
        }
    }
    report.finish()
}

/// A new folder that nobody else can read, removed when dropped.
fn private_folder() -> Result<tempfile::TempDir, Whatever> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("ait-interop-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir().whatever_context("cannot make a temporary folder")
}

/// Runs the cases of one program.
fn block_on<T>(cases: impl Future<Output = T>) -> Result<T, Whatever> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.whatever_context("cannot start the async runtime")?.block_on(cases))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_program_is_refused() {
        let error = run(&["opensll".to_owned()]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no program `opensll`\nusage: cargo xtask interop [openssl|node|curl]"
        );
    }

    #[cfg(unix)]
    #[test]
    fn the_folder_is_private_and_goes_away() {
        use std::os::unix::fs::PermissionsExt;

        let folder = private_folder().unwrap();
        let path = folder.path().to_owned();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        drop(folder);
        assert!(!path.exists());
    }
}
