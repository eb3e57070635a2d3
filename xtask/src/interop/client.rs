//! Clients in other languages against the emulator. A script plays a day of a shop, and is given hardly more than the
//! environment that `ait-emulator exec` gives.

use std::io;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use ait_emulator::Emulator;
use snafu::{OptionExt as _, ResultExt as _, Whatever, whatever};
use tokio::process::Command;
use tokio::time::timeout;

use super::page::Example;
use super::report::Report;

/// Longer than any of them takes.
const LIMIT: Duration = Duration::from_secs(120);
/// What a script prints last.
const END: &str = "end";

/// A script, and what it does to the money.
#[derive(Clone, Copy, Debug)]
pub(super) struct Client {
    /// The command that runs it.
    runs: &'static str,
    /// What stands between the command and the script.
    arguments: &'static [&'static str],
    /// Where it is.
    script: &'static str,
    /// What it is told of our own environment, beside `PATH`.
    environment: &'static [&'static str],
    /// How many movements the emulator finds in its books afterwards.
    movements: usize,
    /// How many of them nobody was told about.
    lost: usize,
    /// The program that docs/emulator.md has in its language.
    example: Example,
}

pub(super) const CURL: Client = Client {
    runs: "bash",
    arguments: &[],
    script: concat!(env!("CARGO_MANIFEST_DIR"), "/src/interop/journey.sh"),
    environment: &[],
    movements: 7,
    lost: 1,
    example: Example { language: "sh", prints: "\"orderId\":\"2026-000019\"" },
};

pub(super) const NODE: Client = Client {
    runs: "node",
    arguments: &[],
    script: concat!(env!("CARGO_MANIFEST_DIR"), "/src/interop/journey.mjs"),
    environment: &[],
    movements: 8,
    lost: 2,
    example: Example { language: "js", prints: "resultType: 'SUCCESS'" },
};

pub(super) const JAVA: Client = Client {
    runs: "java",
    // Before JDK 18, a source is read in the character set of the locale, and here is none.
    arguments: &["-Dfile.encoding=UTF-8"],
    script: concat!(env!("CARGO_MANIFEST_DIR"), "/src/interop/Journey.java"),
    environment: &[],
    movements: 9,
    lost: 4,
    example: Example { language: "java", prints: "\"resultType\":\"SUCCESS\"" },
};

pub(super) const GO: Client = Client {
    runs: "go",
    arguments: &["run"],
    script: concat!(env!("CARGO_MANIFEST_DIR"), "/src/interop/journey.go"),
    // Where it keeps what it has compiled. Without either it compiles nothing.
    environment: &["HOME", "GOCACHE"],
    movements: 8,
    lost: 3,
    example: Example { language: "go", prints: "\"resultType\":\"SUCCESS\"" },
};

pub(super) const PHP: Client = Client {
    runs: "php",
    arguments: &[],
    script: concat!(env!("CARGO_MANIFEST_DIR"), "/src/interop/journey.php"),
    environment: &[],
    movements: 9,
    lost: 4,
    example: Example { language: "php", prints: "PAY_COMPLETE" },
};

pub(super) const PYTHON: Example = Example { language: "python", prints: "'status': 'PURCHASED'" };

/// Plays a script against an emulator of its own, and the program of the page against another one.
pub(super) fn play(client: Client, folder: &Path, report: &mut Report) -> Result<(), Whatever> {
    super::block_on(async {
        let emulator = Emulator::start().await.whatever_context("the emulator does not start")?;
        let command = [&[client.runs], client.arguments, &[client.script]].concat();
        let output = run(&command, client.environment, folder, &emulator).await?;
        let printed = String::from_utf8_lossy(&output.stdout);
        for (name, result) in cases(&printed) {
            report.case(name, result);
        }
        report.case("it came to its end", ended(&printed, &output));
        report.case("it did to the money what it says", moved(client, &emulator));
        follow(client.example, client.environment, folder, report).await
    })?
}

/// Runs only the program that the page has in this language.
pub(super) fn play_page(example: Example, folder: &Path, report: &mut Report) -> Result<(), Whatever> {
    super::block_on(follow(example, &[], folder, report))?
}

async fn follow(
    example: Example,
    environment: &[&str],
    folder: &Path,
    report: &mut Report,
) -> Result<(), Whatever> {
    let emulator = Emulator::start().await.whatever_context("the emulator does not start")?;
    let command = example.copy(folder)?;
    let command: Vec<&str> = command.iter().map(String::as_str).collect();
    let output = run(&command, environment, folder, &emulator).await?;
    report.case("the program of docs/emulator.md runs", prints(&output, example.prints));
    Ok(())
}

/// Runs a command in a folder.
async fn run(
    command: &[&str],
    environment: &[&str],
    folder: &Path,
    emulator: &Emulator,
) -> Result<Output, Whatever> {
    let (program, arguments) = command.split_first().whatever_context("there is no command")?;
    let passed_on = ["PATH"].iter().chain(environment);
    let running = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .envs(passed_on.filter_map(|name| Some((name, std::env::var_os(name)?))))
        .envs(emulator.environment())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    match timeout(LIMIT, running).await {
        Ok(Err(error)) if error.kind() == io::ErrorKind::NotFound => {
            whatever!("there is no `{program}` on PATH; install it")
        }
        Ok(output) => output.with_whatever_context(|_| format!("`{program}` cannot be run")),
        Err(_) => whatever!("`{}` does not end within {LIMIT:?}", command.join(" ")),
    }
}

/// The cases that a script has printed, one a line.
fn cases(printed: &str) -> Vec<(&str, Result<(), String>)> {
    let case = |line| {
        let line: &str = line;
        match line.strip_prefix("ok   ") {
            Some(name) => Some((name, Ok(()))),
            None => {
                let (name, expected) = line.strip_prefix("FAIL ")?.split_once(": expected")?;
                Some((name, Err(format!("expected{expected}"))))
            }
        }
    };
    printed.lines().filter_map(case).collect()
}

/// A script that breaks off has checked less than it seems.
fn ended(printed: &str, output: &Output) -> Result<(), String> {
    let last = printed.lines().last().unwrap_or_default();
    if last == END {
        return Ok(());
    }
    Err(format!("expected `{END}` last, got `{last}` and {}", complaint(output)))
}

/// Whether a program has come to its end in order, and printed this.
fn prints(output: &Output, expected: &str) -> Result<(), String> {
    let printed = String::from_utf8_lossy(&output.stdout);
    if output.status.success() && printed.contains(expected) {
        return Ok(());
    }
    Err(format!("expected `{expected}`, got `{}` and {}", one_line(&printed), complaint(output)))
}

/// How a program ended, and what it said about that.
fn complaint(output: &Output) -> String {
    format!("{}; it said: {}", output.status, one_line(&String::from_utf8_lossy(&output.stderr)))
}

fn one_line(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join(" | ")
}

/// What the script says has happened is not proof enough: the books are.
fn moved(client: Client, emulator: &Emulator) -> Result<(), String> {
    let ledger = emulator.ledger();
    let found = (ledger.len(), ledger.iter().filter(|entry| entry.answer_lost).count());
    if found != (client.movements, client.lost) {
        let expected = (client.movements, client.lost);
        return Err(format!("expected (movements, lost) to be {expected:?}, got {found:?}"));
    }
    match emulator.violations().as_slice() {
        [] => Ok(()),
        violations => Err(format!("expected no violations, got {violations:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_case() {
        let printed = "ok   a token\nnoise\nFAIL brandpay: a token: expected b: c, got d\nend\n";
        let expected = [("a token", Ok(())), ("brandpay: a token", Err("expected b: c, got d".to_owned()))];
        assert_eq!(cases(printed), expected);
    }

    #[test]
    fn a_script_that_breaks_off_has_failed() {
        let (status, stderr) = (std::process::ExitStatus::default(), b"oh\n\n  no\n".to_vec());
        let output = Output { status, stdout: Vec::new(), stderr };
        assert_eq!(ended("ok   a\nend\n", &output), Ok(()));
        let said = ended("ok   a\n", &output).unwrap_err();
        assert!(said.starts_with("expected `end` last, got `ok   a`"), "{said}");
        assert!(said.ends_with("it said: oh | no"), "{said}");
    }

    #[cfg(unix)]
    #[test]
    fn a_program_must_print_and_end_in_order() {
        use std::os::unix::process::ExitStatusExt as _;

        let output = |code: i32| {
            let status = std::process::ExitStatus::from_raw(code << 8);
            Output { status, stdout: b"so\nit is".to_vec(), stderr: b"oh\n".to_vec() }
        };
        assert_eq!(prints(&output(0), "it is"), Ok(()));
        let said = prints(&output(0), "it was").unwrap_err();
        assert!(said.starts_with("expected `it was`, got `so | it is` and"), "{said}");
        assert!(said.ends_with("it said: oh"), "{said}");
        assert!(prints(&output(1), "it is").is_err());
    }
}
