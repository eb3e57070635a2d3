//! `exec`: runs a command against an emulator of its own, then checks the money.

use std::{ffi::OsString, process::ExitCode, time::Duration};

use ait_emulator::Emulator;
use clap::Args;
use tokio::process::{Child, Command};

use crate::{options::Options, serve::Stop};

/// The exit code when the command succeeded and the money does not add up.
const BROKEN: u8 = 8;

#[derive(Args, Debug)]
#[command(
    after_help = "Exit codes: that of the command; 8 if it is 0 and an invariant is broken; 127 if the command cannot be started."
)]
pub(crate) struct Exec {
    /// Check this invariant only; again for more. `none` checks none, and without it all are checked
    #[arg(long, value_name = "RULE")]
    assert: Vec<String>,
    #[command(flatten)]
    options: Options,
    /// The command and its arguments
    #[arg(trailing_var_arg = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

impl Exec {
    pub(crate) async fn run(self) -> Result<ExitCode, String> {
        let rules = ait_emulator::api::Violation::RULES;
        if let Some(unknown) =
            self.assert.iter().find(|rule| *rule != "none" && !rules.contains(&rule.as_str()))
        {
            return Err(format!(
                "--assert: there is no invariant `{unknown}`; use none, {}",
                rules.join(", ")
            ));
        }
        let emulator = self.options.builder([0, 0, 0])?.start().await.map_err(|error| error.to_string())?;
        let mut stop = Stop::new().map_err(|error| error.to_string())?;
        let Some((program, arguments)) = self.command.split_first() else {
            return Err("no command".to_owned());
        };
        let child = Command::new(program)
            .args(arguments)
            .env("AIT_EMULATOR_SEED", emulator.seed().to_string())
            .envs(emulator.environment())
            .spawn();
        let mut child = match child {
            Ok(child) => child,
            Err(error) => {
                eprintln!("ait-emulator: {}: {error}", program.to_string_lossy());
                return Ok(ExitCode::from(127));
            }
        };
        let status = loop {
            tokio::select! {
                status = child.wait() => break status.map_err(|error| error.to_string())?,
                () = stop.wait() => pass_on(&mut child),
            }
        };
        let broken = report(&emulator, &self.assert);
        emulator.drain(Duration::from_secs(1)).await;
        let code = status.code().and_then(|code| u8::try_from(code).ok());
        Ok(match code {
            Some(0) if broken => ExitCode::from(BROKEN),
            Some(code) => ExitCode::from(code),
            // Killed by a signal, as shells tell it.
            None => ExitCode::from(signal(status).unwrap_or(1)),
        })
    }
}

/// Says what is wrong with the money. Whether anything is.
fn report(emulator: &Emulator, asserted: &[String]) -> bool {
    let checked = |rule: &str| asserted.is_empty() || asserted.iter().any(|asserted| asserted == rule);
    let mut violations = emulator.violations();
    violations.retain(|violation| checked(&violation.rule));
    for violation in &violations {
        eprintln!("ait-emulator: {}: {}", violation.rule, violation.what);
    }
    !violations.is_empty()
}

#[cfg(unix)]
fn pass_on(child: &mut Child) {
    use nix::{
        sys::signal::{Signal, kill},
        unistd::Pid,
    };
    if let Some(pid) = child.id().and_then(|id| i32::try_from(id).ok()) {
        // It may have ended by itself.
        let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
    }
}

#[cfg(not(unix))]
fn pass_on(child: &mut Child) {
    // It may have ended by itself.
    let _ = child.start_kill();
}

#[cfg(unix)]
fn signal(status: std::process::ExitStatus) -> Option<u8> {
    use std::os::unix::process::ExitStatusExt;
    status.signal().and_then(|signal| u8::try_from(128 + signal).ok())
}

#[cfg(not(unix))]
fn signal(_: std::process::ExitStatus) -> Option<u8> {
    None
}
