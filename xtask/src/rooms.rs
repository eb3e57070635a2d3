//! `cargo xtask rooms`: the rules that keep the crates apart.

use std::{collections::BTreeSet, path::Path, process::Command};

use serde_json::Value;
use snafu::{ResultExt as _, Whatever, whatever};

/// These may depend on everything: they are tools.
const TOOLS: [&str; 2] = ["ait-emulator", "aitctl"];
/// What a user of one product may have to compile.
const CRATES_IN_TREE: usize = 75;

pub(crate) fn run(arguments: &[String]) -> Result<(), Whatever> {
    if !arguments.is_empty() {
        whatever!("usage: cargo xtask rooms");
    }
    let metadata = cargo(&["metadata", "--format-version", "1", "--no-deps"])?;
    let metadata: Value = serde_json::from_str(&metadata).whatever_context("cargo metadata is not JSON")?;
    let mut complaints = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        if package["publish"].as_array().is_some_and(Vec::is_empty) {
            continue;
        }
        let name = package["name"].as_str().unwrap_or_default();
        complaints.extend(files(name, package));
        complaints.extend(dependencies(name, package));
        if !TOOLS.contains(&name) {
            let tree = crates_in_tree(name)?;
            println!("{name}: {tree} crates in its tree, of {CRATES_IN_TREE} allowed");
            if tree > CRATES_IN_TREE {
                complaints.push(format!("{name}: its tree has {tree} crates, more than {CRATES_IN_TREE}"));
            }
        }
    }
    if complaints.is_empty() { Ok(()) } else { whatever!("{}", complaints.join("\n")) }
}

/// Files that every published crate has.
fn files(name: &str, package: &Value) -> Vec<String> {
    let manifest = Path::new(package["manifest_path"].as_str().unwrap_or_default());
    let expected = ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];
    let missing = expected.iter().filter(|file| !manifest.with_file_name(file).is_file());
    missing.map(|file| format!("{name}: lacks {file}")).collect()
}

/// A product depends on the core alone, and names other crates for its tests by path only.
fn dependencies(name: &str, package: &Value) -> Vec<String> {
    let mut complaints = Vec::new();
    for dependency in
        package["dependencies"].as_array().into_iter().flatten().filter(|it| it["path"].is_string())
    {
        let other = dependency["name"].as_str().unwrap_or_default();
        let (for_tests, versioned) = (dependency["kind"] == "dev", dependency["req"] != "*");
        if for_tests && versioned {
            complaints
                .push(format!("{name}: names {other} for its tests with a version; name it by path alone"));
        }
        if !for_tests && !versioned {
            complaints.push(format!("{name}: depends on {other} without a version"));
        }
        let allowed = TOOLS.contains(&name) || (other == "ait-core" && name != "ait-core");
        if !for_tests && !allowed {
            complaints.push(format!("{name}: must not depend on {other}"));
        }
    }
    complaints
}

fn crates_in_tree(name: &str) -> Result<usize, Whatever> {
    let tree = cargo(&["tree", "--package", name, "--edges", "normal", "--prefix", "none"])?;
    let crates: BTreeSet<&str> = tree.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    Ok(crates.into_iter().filter(|line| !line.is_empty()).count())
}

fn cargo(arguments: &[&str]) -> Result<String, Whatever> {
    let command = arguments.join(" ");
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .with_whatever_context(|_| format!("cargo {command} does not start"))?;
    if !output.status.success() {
        whatever!("cargo {command} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).with_whatever_context(|_| format!("cargo {command} printed no text"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::dependencies;

    #[test]
    fn a_product_depends_on_the_core_alone() {
        let on = |name: &str, kind: Option<&str>, req: &str| json!({ "dependencies": [{ "name": name, "kind": kind, "req": req, "path": "/somewhere" }] });
        assert!(dependencies("ait-tosspay", &on("ait-core", None, "^0.1.0")).is_empty());
        assert!(dependencies("ait-tosspay", &on("ait-emulator", Some("dev"), "*")).is_empty());
        assert!(dependencies("ait-emulator", &on("ait-tosspay", None, "^0.1.0")).is_empty());
        assert_eq!(dependencies("ait-tosspay", &on("ait-iap", None, "^0.1.0")).len(), 1);
        assert_eq!(dependencies("ait-core", &on("ait-core", None, "^0.1.0")).len(), 1);
        assert_eq!(dependencies("ait-tosspay", &on("ait-emulator", Some("dev"), "^0.1.0")).len(), 1);
        assert_eq!(dependencies("ait-tosspay", &on("ait-core", None, "*")).len(), 1);
    }
}
