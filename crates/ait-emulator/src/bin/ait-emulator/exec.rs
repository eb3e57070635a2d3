//! `exec`: runs a command against an emulator of its own, then checks the money.

use std::{ffi::OsString, process::ExitCode, time::Duration};

use ait_emulator::Emulator;
use clap::Args;
use tokio::process::{Child, Command};

use crate::{
    Failure,
    matrix::{Axis, combinations},
    options::Options,
    say,
    serve::start,
    stop::Stop,
};

/// The exit code when the command succeeded and the money does not add up.
const BROKEN: u8 = 8;

/// The exit code when the command cannot be started.
const NO_COMMAND: u8 = 127;

#[derive(Args, Debug)]
#[command(
    after_help = "Exit codes: that of the command; 8 if it is 0 and an invariant is broken; 127 if the command cannot be started. With --matrix: the first of the runs that is not 0."
)]
pub(crate) struct Exec {
    /// Check this invariant only; again for more. `none` checks none, and without it all are checked but `no-lost-sale`
    #[arg(long, value_name = "RULE")]
    assert: Vec<String>,
    /// Run the command once with each value of this switch, or with those listed; again for all combinations
    #[arg(long, value_name = "NAME[=VALUE,…]", value_parser = Axis::read)]
    matrix: Vec<Axis>,
    #[command(flatten)]
    options: Options,
    /// The command and its arguments
    #[arg(trailing_var_arg = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

impl Exec {
    pub(crate) async fn run(self) -> Result<ExitCode, Failure> {
        let rules = ait_emulator::api::Violation::RULES;
        if let Some(unknown) =
            self.assert.iter().find(|rule| *rule != "none" && !rules.contains(&rule.as_str()))
        {
            return Err(Failure::Usage(format!(
                "--assert: there is no invariant `{unknown}`; use none, {}",
                rules.join(", ")
            )));
        }
        let combinations = combinations(&self.matrix).map_err(Failure::Usage)?;
        let mut stop = Stop::new().map_err(|error| error.to_string())?;
        if self.matrix.is_empty() {
            let run = self.once(&[], &mut stop).await?;
            return Ok(ExitCode::from(run.code));
        }
        if self.options.keeps_state() {
            return Err(Failure::Usage("--matrix begins each run anew: leave out --state".to_owned()));
        }
        if let Some(axis) = self.matrix.iter().find(|axis| self.options.sets(axis.name())) {
            return Err(Failure::Usage(format!(
                "--switch: `{}` is in --matrix already; leave out one of them",
                axis.name()
            )));
        }
        // A value that cannot be must not come up after an hour.
        for combination in &combinations {
            let _ = self.options.clone().with_switches(combination).builder([0, 0, 0])?;
        }
        let (mut first, mut good, mut done, count) = (0, 0, 0, combinations.len());
        for combination in combinations {
            let run = self.once(&combination, &mut stop).await?;
            let word = match run.code {
                0 => "ok".to_owned(),
                BROKEN if run.broken => "an invariant is broken".to_owned(),
                code => format!("exit code {code}"),
            };
            say(&format!("{}: {word}", combination.join(" ")));
            match run.code {
                0 => good += 1,
                code if first == 0 => first = code,
                _ => {}
            }
            done += 1;
            // Whoever said stop meant all, and runs that were left out are not well.
            if let Some(code) = run.stopped {
                if first == 0 && done < count {
                    first = code;
                }
                break;
            }
            // What cannot be started now cannot be started later.
            if !run.started {
                break;
            }
        }
        say(&format!("{good} of {count} combinations are well"));
        Ok(ExitCode::from(first))
    }

    /// Runs the command once, with these switches too.
    async fn once(&self, switches: &[String], stop: &mut Stop) -> Result<Run, Failure> {
        let builder = self.options.clone().with_switches(switches).builder([0, 0, 0])?;
        let emulator = match start(builder, stop).await {
            Ok(started) => started.map_err(|error| error.to_string())?,
            Err(code) => return Ok(Run { code, started: false, broken: false, stopped: Some(code) }),
        };
        let Some((program, arguments)) = self.command.split_first() else {
            return Err(Failure::Usage("no command".to_owned()));
        };
        let child = Command::new(program)
            .args(arguments)
            .env("AIT_EMULATOR_SEED", emulator.seed().to_string())
            .envs(emulator.environment())
            .spawn();
        let mut child = match child {
            Ok(child) => child,
            Err(error) => {
                say(&format!("{}: {error}", program.to_string_lossy()));
                return Ok(Run { code: NO_COMMAND, started: false, broken: false, stopped: None });
            }
        };
        let mut stopped = None;
        let status = loop {
            tokio::select! {
                status = child.wait() => break status.map_err(|error| error.to_string())?,
                code = stop.wait() => {
                    stopped = Some(code);
                    pass_on(&mut child);
                }
            }
        };
        let broken = report(&emulator, &self.assert);
        unused(&emulator);
        emulator.drain(Duration::from_secs(1)).await;
        let code = status.code().and_then(|code| u8::try_from(code).ok());
        let code = match code {
            Some(0) if broken => BROKEN,
            Some(code) => code,
            // Killed by a signal, as shells tell it.
            None => signal(status).unwrap_or(1),
        };
        Ok(Run { code, started: true, broken, stopped })
    }
}

/// What came of one run.
struct Run {
    code: u8,
    started: bool,
    broken: bool,
    /// Somebody asked for the end: the exit code of that.
    stopped: Option<u8>,
}

/// Says what is wrong with the money. Whether anything is.
fn report(emulator: &Emulator, asserted: &[String]) -> bool {
    let checked = |rule: &str| asserted.is_empty() || asserted.iter().any(|asserted| asserted == rule);
    let mut violations = emulator.violations();
    violations.retain(|violation| checked(&violation.rule));
    // A program that only looks at a failure has not sold anything: who wants this rule asks for it.
    if asserted.iter().any(|asserted| asserted == "no-lost-sale") {
        violations.extend(emulator.lost_sales());
    }
    for violation in &violations {
        say(&format!("{}: {}", violation.rule, violation.what));
    }
    !violations.is_empty()
}

/// Says which faults never struck: a test under them has shown nothing.
fn unused(emulator: &Emulator) {
    let rules: Vec<String> = emulator.engine(|engine| {
        let armed = engine.faults.armed().iter().filter(|armed| armed.done == 0);
        armed.map(|armed| armed.rule.to_string()).collect()
    });
    for rule in rules {
        say(&format!("a fault never struck: {rule}"));
    }
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
