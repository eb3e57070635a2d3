//! `cargo xtask fixtures`: the samples of `docs/api/*.md` as files under `fixtures/`.
//!
//! The pages are the source, the folder is generated: a file that no page names is deleted.

use std::fs;
use std::path::Path;

use snafu::{OptionExt, ResultExt, Whatever, whatever};

mod block;
mod extract;
mod folder;

use extract::{Page, Samples, extract};
use folder::{apply, compare};

/// Where the pages stand, seen from the root of the repository.
const PAGES: &str = "docs/api";
/// The generated folder, seen from the root of the repository.
const FOLDER: &str = "fixtures";

/// Writes the folder, or with `--check` compares it and fails when it is out of step.
pub(crate) fn run(arguments: &[String]) -> Result<(), Whatever> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let check = match arguments[..] {
        [] => false,
        ["--check"] => true,
        _ => whatever!("usage: cargo xtask fixtures [--check]"),
    };

    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().whatever_context("xtask has no parent folder")?;
    let folder = root.join(FOLDER);
    let samples = samples(root)?;
    let changes = compare(&samples, &folder)?;

    if check && !changes.is_empty() {
        let list: Vec<String> = changes.iter().map(|change| format!("\n  {change}")).collect();
        whatever!(
            "{FOLDER}/ is out of step with {PAGES}:{}\nnext: run `cargo xtask fixtures`",
            list.concat()
        );
    }
    apply(&changes, &folder)?;
    for change in &changes {
        println!("{}", change.done());
    }
    println!("{} fixtures, {} changed", samples.len(), changes.len());
    Ok(())
}

/// All samples of the pages under `root`.
fn samples(root: &Path) -> Result<Samples, Whatever> {
    let folder = root.join(PAGES);
    let mut pages = Vec::new();
    let entries = fs::read_dir(&folder).with_whatever_context(|_| format!("cannot list {PAGES}"))?;
    for entry in entries {
        let path = entry.with_whatever_context(|_| format!("cannot list {PAGES}"))?.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            let text = fs::read_to_string(&path).with_whatever_context(|_| format!("cannot read {name}"))?;
            pages.push(Page { name, text });
        }
    }
    pages.sort();

    match extract(&pages) {
        // Nothing found is a wrong path or a wrong edit, and would empty the folder.
        Ok(samples) if samples.is_empty() => whatever!("no page in {PAGES} has a sample with a name"),
        Ok(samples) => Ok(samples),
        Err(problems) => {
            let list: Vec<String> = problems.iter().map(|problem| format!("\n  {problem}")).collect();
            whatever!("samples that cannot be used:{}", list.concat())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_in_step() {
        run(&["--check".to_owned()]).unwrap();
    }

    #[test]
    fn an_unknown_argument_is_refused() {
        let error = run(&["--chek".to_owned()]).unwrap_err();
        assert_eq!(error.to_string(), "usage: cargo xtask fixtures [--check]");
    }
}
