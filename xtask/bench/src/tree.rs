//! How many crates come along.

use std::{collections::BTreeSet, path::Path, process::Command};

use crate::{Failure, cold_build::Consumers, machine::ROOT, rows::Row};

/// The row: the crates in the tree of one product crate, itself included.
pub(crate) fn row(consumers: Option<&Consumers>) -> Result<Row, Failure> {
    let ours = count(Path::new(ROOT), &["-p", "ait-tosspay"])?;
    // Without the consumer itself.
    let reqwest = consumers.map(|consumers| count(&consumers.reqwest, &[])).transpose()?.map(|all| all - 1.0);
    Ok(Row {
        measure: "crates in the tree of one product crate, normal edges",
        hyper: None,
        reqwest,
        ours,
        goal: 75.0,
        count: true,
        note: None,
    })
}

fn count(folder: &Path, package: &[&str]) -> Result<f64, Failure> {
    let output = Command::new("cargo")
        .current_dir(folder)
        .args(["tree", "--offline", "--edges", "normal", "--prefix", "none"])
        .args(package)
        .output()?;
    if !output.status.success() {
        return Err(format!("cargo tree: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let text = String::from_utf8(output.stdout)?;
    let crates: BTreeSet<&str> =
        text.lines().map(|line| line.trim_end_matches(" (*)")).filter(|line| !line.is_empty()).collect();
    #[allow(clippy::cast_precision_loss, reason = "some dozens")]
    Ok(crates.len() as f64)
}
