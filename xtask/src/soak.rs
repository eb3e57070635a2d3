//! `cargo xtask soak`: the emulator under load, with faults, on two cores.

use std::{path::Path, process::Command};

use snafu::{OptionExt, ResultExt, Whatever, whatever};

/// One call in twenty goes wrong: ten ways, half a percent each.
const FAULTS: [&str; 10] = [
    "before_commit reset",
    "before_commit status=503",
    "before_commit delay=20",
    "after_commit reset",
    "after_commit close",
    "after_commit html",
    "after_commit result=HTTP_TIMEOUT",
    "after_commit invalid_json",
    "mid_headers reset",
    "mid_body close",
];
const EACH: f64 = 0.005;
const CORES: &str = "0,1";

/// Builds emulator and shoppers in release, and runs them; the arguments are the number of calls and of those in flight.
pub(crate) fn run(arguments: &[String]) -> Result<(), Whatever> {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().whatever_context("xtask has no parent folder")?;
    let built = Command::new("cargo")
        .current_dir(root)
        .args([
            "build",
            "--release",
            "--quiet",
            "--package",
            "ait-emulator",
            "--bin",
            "ait-emulator",
            "--example",
            "soak",
        ])
        .status()
        .whatever_context("cargo cannot be started")?;
    if !built.success() {
        whatever!("the emulator does not build");
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    let (emulator, soak) = (target.join("release/ait-emulator"), target.join("release/examples/soak"));
    let mut command = pinned(&emulator);
    command.args(["exec", "--seed", "7", "--clock", "wall", "--switch", "calls_per_app=0"]);
    command.args(["--switch", "calls_per_brandpay_endpoint=0"]);
    for fault in FAULTS {
        command.arg("--fault").arg(format!("* {fault} p={EACH} times=any"));
    }
    let status = command
        .arg("--")
        .arg(soak)
        .args(arguments)
        .status()
        .whatever_context("the emulator cannot be started")?;
    if !status.success() {
        whatever!("the soak failed ({status}); see above");
    }
    Ok(())
}

/// On two cores, where the system can do that.
fn pinned(program: &Path) -> Command {
    if Command::new("taskset").arg("--version").output().is_ok_and(|output| output.status.success()) {
        let mut command = Command::new("taskset");
        command.args(["-c", CORES]).arg(program);
        return command;
    }
    eprintln!("note: there is no taskset here; the figures are those of all cores");
    Command::new(program)
}
