//! The emulator as a program: `serve`, `env`, `exec`.

mod env;
mod exec;
mod matrix;
mod options;
mod secret;
mod serve;
mod stop;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The Apps in Toss partner API and BrandPay on your own machine: with state, mutual TLS, and faults at any moment.
#[derive(Debug, Parser)]
#[command(name = "ait-emulator", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs until it is told to stop. Prints one line of JSON when it is ready
    Serve(serve::Serve),
    /// Prints the environment of an emulator that runs: eval "$(ait-emulator env)"
    Env(env::Env),
    /// Runs a command against an emulator of its own, then checks the money
    Exec(exec::Exec),
}

fn main() -> ExitCode {
    let Arguments { command } = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.to_string()),
    };
    let result = runtime.block_on(async {
        match command {
            Command::Serve(serve) => serve.run().await,
            Command::Env(env) => env.run().await,
            Command::Exec(exec) => exec.run().await,
        }
    });
    // A hung connection must not hold the program.
    runtime.shutdown_background();
    result.unwrap_or_else(|failure| match failure {
        Failure::Usage(what) => {
            say(&what);
            ExitCode::from(2)
        }
        Failure::Run(what) => failed(&what),
    })
}

/// Why nothing came of it.
enum Failure {
    /// The command line is wrong.
    Usage(String),
    /// It could not be done.
    Run(String),
}

impl From<String> for Failure {
    fn from(what: String) -> Self {
        Self::Run(what)
    }
}

fn failed(what: &str) -> ExitCode {
    say(what);
    ExitCode::FAILURE
}

/// Says it on standard error. A terminal that is gone must not keep the program from ending in order.
fn say(what: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "ait-emulator: {what}");
}
