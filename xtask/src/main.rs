//! The workspace's own chores: `cargo xtask <command>`.

use std::process::ExitCode;

use snafu::{Report, Whatever};

mod bench;
mod coverage;
mod fidelity;
mod fixtures;
mod fuzz;
mod interop;
mod rooms;
mod soak;
mod tables;

/// One subcommand.
struct Command {
    /// What is typed after `cargo xtask`.
    name: &'static str,
    /// One line for `cargo xtask help`.
    help: &'static str,
    /// Does the work, with the arguments behind the name.
    run: fn(&[String]) -> Result<(), Whatever>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "bench",
        help: "what a call costs beside hyper and reqwest; --json, --no-build, --strict, --rounds=5",
        run: bench::run,
    },
    Command {
        name: "coverage",
        help: "write docs/coverage.md: which item models each documented name; with --check only compare",
        run: coverage::run,
    },
    Command {
        name: "fidelity",
        help: "write into docs/fidelity.md what each answer of the emulator rests on; with --check only compare",
        run: fidelity::run,
    },
    Command {
        name: "fixtures",
        help: "write fixtures/ from the samples in docs/api; with --check only compare",
        run: fixtures::run,
    },
    Command {
        name: "fuzz",
        help: "what reads foreign bytes, under libFuzzer, by way of cargo-fuzz; [TARGET] --seconds 60",
        run: fuzz::run,
    },
    Command {
        name: "interop",
        help: "check the crates against programs other people wrote: openssl, node, curl, and where they are, java, go, php",
        run: interop::run,
    },
    Command { name: "rooms", help: "check the rules that keep the crates apart", run: rooms::run },
    Command {
        name: "soak",
        help: "100,000 calls at the emulator on two cores, one in twenty going wrong: lies, invariants, memory, calls a second",
        run: soak::run,
    },
    Command {
        name: "tables",
        help: "write the endpoint tables of the READMEs; with --check only compare",
        run: tables::run,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = arguments.split_first() else {
        eprintln!("{}", help());
        return ExitCode::from(2);
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        println!("{}", help());
        return ExitCode::SUCCESS;
    }
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        eprintln!("error: there is no command `{name}`\n\n{}", help());
        return ExitCode::from(2);
    };
    match (command.run)(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", Report::from_error(error));
            ExitCode::FAILURE
        }
    }
}

/// The list of commands, for a person.
fn help() -> String {
    let lines: Vec<String> =
        COMMANDS.iter().map(|command| format!("  {:<10} {}", command.name, command.help)).collect();
    format!("usage: cargo xtask <command>\n\n{}\n  {:<10} this list", lines.join("\n"), "help")
}
