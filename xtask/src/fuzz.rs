//! `cargo xtask fuzz`: everything that reads foreign bytes, under libFuzzer.

mod corpus;

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use snafu::{OptionExt, ResultExt, Whatever, whatever};

/// How long each target runs if nobody says otherwise.
const SECONDS: u64 = 60;
/// Longer inputs find nothing that shorter ones do not, and are slow.
const LONGEST: &str = "-max_len=4096";

/// Runs one target, or each in turn, and stops at the first finding.
pub(crate) fn run(arguments: &[String]) -> Result<(), Whatever> {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().whatever_context("xtask has no parent folder")?;
    let fuzz = root.join("xtask/fuzz");
    if arguments == ["--check"] {
        return check(root, &fuzz);
    }
    let (wanted, seconds) = read(arguments)?;
    let targets = targets(&fuzz)?;
    let chosen: Vec<&String> =
        targets.iter().filter(|target| wanted.as_ref().is_none_or(|wanted| wanted == *target)).collect();
    if chosen.is_empty() {
        whatever!("there is no such target; there are {}", targets.join(", "));
    }
    needs_cargo_fuzz()?;
    same_versions(root, &fuzz)?;
    let built = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    for target in chosen {
        let place = built.join("fuzz").join(target);
        let (corpus, findings) = (place.join("corpus"), place.join("findings"));
        for folder in [&corpus, &findings] {
            fs::create_dir_all(folder).whatever_context("a folder cannot be made")?;
        }
        corpus::sow(target, &root.join("fixtures"), &corpus)?;
        println!("== {target}: {seconds} s; what it learns is kept in {}", corpus.display());
        let status = cargo_fuzz(&fuzz, &built)
            .arg(target)
            .arg(&corpus)
            .arg("--")
            .arg(format!("-max_total_time={seconds}"))
            .arg(LONGEST)
            .args(["-timeout=20", "-print_final_stats=1"])
            .arg(format!("-dict={}", fuzz.join("dictionary.txt").display()))
            .arg(format!("-artifact_prefix={}/", findings.display()))
            .status()
            .whatever_context("cargo cannot be started")?;
        if !status.success() {
            whatever!("{target} found something; the input is in {}", findings.display());
        }
    }
    Ok(())
}

/// Whether the targets still fit the crates. It runs nothing, and needs no cargo-fuzz.
fn check(root: &Path, fuzz: &Path) -> Result<(), Whatever> {
    same_versions(root, fuzz)?;
    let status = Command::new("cargo")
        .args(["clippy", "--quiet", "--manifest-path"])
        .arg(fuzz.join("Cargo.toml"))
        .args(["--", "-D", "warnings"])
        .env(
            "CARGO_TARGET_DIR",
            std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| root.join("target").into()),
        )
        .status()
        .whatever_context("cargo cannot be started")?;
    if !status.success() {
        whatever!("the fuzz targets do not fit the crates any more: mend xtask/fuzz");
    }
    Ok(())
}

/// The same versions as in the workspace; the fuzzer's own are added.
fn same_versions(root: &Path, fuzz: &Path) -> Result<(), Whatever> {
    fs::copy(root.join("Cargo.lock"), fuzz.join("Cargo.lock"))
        .map(drop)
        .whatever_context("Cargo.lock cannot be copied")
}

/// `cargo fuzz run` on the stable toolchain, which has the coverage but not the sanitizers.
fn cargo_fuzz(fuzz: &Path, built: &Path) -> Command {
    let mut command = Command::new("cargo");
    command
        .args(["fuzz", "run", "--sanitizer", "none", "--fuzz-dir"])
        .arg(fuzz)
        .arg("--target-dir")
        .arg(built)
        .env("RUSTC_BOOTSTRAP", "1")
        .env_remove("CARGO_TARGET_DIR");
    command
}

fn needs_cargo_fuzz() -> Result<(), Whatever> {
    let mut asked = Command::new("cargo");
    asked.args(["fuzz", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    let is_there = asked.status().is_ok_and(|status| status.success());
    if !is_there {
        whatever!(
            "cargo-fuzz is missing; install it by `cargo install cargo-fuzz --locked`, and a C++ compiler"
        );
    }
    Ok(())
}

fn read(arguments: &[String]) -> Result<(Option<String>, u64), Whatever> {
    let (mut target, mut seconds) = (None, SECONDS);
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.strip_prefix("--") {
            Some("seconds") => {
                let number = words.next().and_then(|number| number.parse().ok());
                seconds = number.whatever_context("--seconds needs a number")?;
            }
            Some(_) => whatever!("{word} is not known; use [TARGET] [--seconds N], or --check"),
            None if target.is_none() => target = Some(word.clone()),
            None => whatever!("one target or none: {word} is one too many"),
        }
    }
    Ok((target, seconds))
}

/// The names of the targets: one file each.
fn targets(fuzz: &Path) -> Result<Vec<String>, Whatever> {
    let folder = fs::read_dir(fuzz.join("fuzz_targets")).whatever_context("xtask/fuzz cannot be read")?;
    let mut names: Vec<String> = folder
        .filter_map(|entry| entry.ok()?.path().file_stem().and_then(OsStr::to_str).map(str::to_owned))
        .collect();
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::{SECONDS, corpus, read, targets};

    #[test]
    fn every_target_is_built_and_has_something_to_begin_with() {
        let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
        let manifest = fs::read_to_string(xtask.join("fuzz/Cargo.toml")).unwrap();
        let names = targets(&xtask.join("fuzz")).unwrap();
        assert_eq!(names.len(), manifest.matches("[[bin]]").count());
        for name in names {
            assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name} is not built");
            let corpus = tempfile::tempdir().unwrap();
            corpus::sow(&name, &xtask.join("../fixtures"), corpus.path()).unwrap();
            assert!(fs::read_dir(corpus.path()).unwrap().count() > 4, "{name} begins with nothing");
        }
    }

    #[test]
    fn a_target_and_the_seconds_may_be_left_out() {
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(read(&[]).unwrap(), (None, SECONDS));
        assert_eq!(read(&words("core --seconds 7")).unwrap(), (Some("core".to_owned()), 7));
        for wrong in ["core flat", "--seconds", "--seconds x", "--second 7"] {
            assert!(read(&words(wrong)).is_err(), "{wrong}");
        }
    }
}
