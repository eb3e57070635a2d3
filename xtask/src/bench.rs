//! `cargo xtask bench`: what a call costs, beside a hand-written hyper client and reqwest.
//!
//! The peers are dependencies of a crate of its own, `xtask/bench`, so that no other command builds them.

use std::{path::Path, process::Command};

use snafu::{OptionExt, ResultExt, Whatever, whatever};

/// Builds the benchmark in release and runs it with these arguments.
pub(crate) fn run(arguments: &[String]) -> Result<(), Whatever> {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().whatever_context("xtask has no parent folder")?;
    let status = Command::new("cargo")
        .current_dir(root)
        .args(["run", "--release", "--quiet", "--package", "ait-bench", "--"])
        .args(arguments)
        .status()
        .whatever_context("cargo cannot be started")?;
    if !status.success() {
        whatever!("the benchmark failed or, with --strict, missed a goal; see above");
    }
    Ok(())
}
