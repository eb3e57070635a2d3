//! `cargo xtask interop`: these crates against programs that other people wrote.
//!
//! Our tests meet a server built on the same TLS library as the client; a mistake that both share stays hidden there.
//! Each program is a module with a `check`, which prints one line per case.

use std::future::Future;
use std::path::Path;

use snafu::{ResultExt, Whatever, whatever};

mod client;
mod echo;
mod installed;
mod node;
mod openssl;
mod page;
mod pki;
mod report;

use installed::Installed;
use report::Report;

/// One program to check against.
struct Program {
    /// What is typed after `cargo xtask interop`.
    name: &'static str,
    /// How it is known to be there.
    installed: Installed,
    /// Whether nothing is checked without it. Another is passed over where it is missing, unless it is named.
    needed: bool,
    /// Makes what it needs in the folder given, and tells the report about each case. An error means that the
    /// cases could not be played, not that one went wrong.
    check: fn(&Path, &mut Report) -> Result<(), Whatever>,
}

const PROGRAMS: &[Program] = &[
    Program {
        name: "openssl",
        installed: Installed { asks: &["openssl", "version"], install: "OpenSSL 3.0 or newer" },
        needed: true,
        check: openssl::check,
    },
    Program {
        name: "node",
        installed: Installed { asks: &["node", "--version"], install: "Node.js 18 or newer" },
        needed: true,
        check: node::check,
    },
    Program {
        name: "curl",
        installed: Installed { asks: &["curl", "--version"], install: "curl" },
        needed: true,
        check: |folder, report| client::play(client::CURL, folder, report),
    },
    Program {
        name: "python",
        installed: Installed {
            asks: &["python3", "-c", "import ssl; print(ssl.OPENSSL_VERSION)"],
            install: "Python 3.7 or newer",
        },
        needed: false,
        check: |folder, report| client::play_page(client::PYTHON, folder, report),
    },
    Program {
        name: "java",
        // What runs Java alone cannot run a source file.
        installed: Installed {
            asks: &["java", "--add-modules", "jdk.compiler", "--version"],
            install: "a JDK, 17 or newer (Debian: openjdk-17-jdk-headless)",
        },
        needed: false,
        check: |folder, report| client::play(client::JAVA, folder, report),
    },
    Program {
        name: "go",
        installed: Installed { asks: &["go", "version"], install: "Go 1.18 or newer (Debian: golang-go)" },
        needed: false,
        check: |folder, report| client::play(client::GO, folder, report),
    },
    Program {
        name: "php",
        installed: Installed {
            asks: &["php", "-r", "echo 'PHP ', PHP_VERSION, ', curl ', curl_version()['version'];"],
            install: "PHP 8.1 or newer with its curl extension (Debian: php-cli php-curl)",
        },
        needed: false,
        check: |folder, report| client::play(client::PHP, folder, report),
    },
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
        let named = arguments.iter().any(|argument| argument == program.name);
        if arguments.is_empty() || named {
            play(program, named, &mut report)?;
        }
    }
    report.finish()
}

/// Checks against one program, or passes it over.
fn play(program: &Program, named: bool, report: &mut Report) -> Result<(), Whatever> {
    match program.installed.version() {
        Some(version) => report.heading(program.name, &version),
        None if named || program.needed => {
            let Installed { asks, install } = program.installed;
            whatever!("`{}` does not run; next: install {install} and put it on PATH", asks.join(" "));
        }
        None => {
            report.absent(program.name);
            return Ok(());
        }
    }
    // Private keys lie in it: for us alone, and gone on every way out of here.
    let folder = private_folder()?;
    (program.check)(folder.path(), report)?;
    folder.close().whatever_context("cannot remove the temporary folder")
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
            "there is no program `opensll`\nusage: cargo xtask interop [openssl|node|curl|python|java|go|php]"
        );
    }

    fn program(needed: bool, command: &'static [&'static str]) -> Program {
        let installed = Installed { asks: command, install: "that one" };
        let check = |_: &Path, report: &mut Report| {
            report.case("played", Ok(()));
            Ok(())
        };
        Program { name: "that", installed, needed, check }
    }

    const MISSING: &[&str] = &["ait-there-is-no-such-program", "--version"];

    #[test]
    fn a_missing_program_that_is_needed_or_named_is_an_error() {
        for (needed, named) in [(true, false), (false, true)] {
            let error = play(&program(needed, MISSING), named, &mut Report::default()).unwrap_err();
            let expected = "`ait-there-is-no-such-program --version` does not run; \
                            next: install that one and put it on PATH";
            assert_eq!(error.to_string(), expected);
        }
    }

    #[test]
    fn another_missing_program_is_passed_over_and_told() {
        let mut report = Report::default();
        play(&program(false, MISSING), false, &mut report).unwrap();
        play(&program(false, &["cargo", "--version"]), false, &mut report).unwrap();
        assert_eq!(report.to_string(), "1 passed, 0 failed, 0 skipped; not installed, skipped: that");
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
