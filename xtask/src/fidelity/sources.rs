//! What the sources of the emulator say that an answer rests on.

use std::{collections::BTreeMap, fs, path::Path};

use snafu::{OptionExt as _, ResultExt as _, Whatever, whatever};

/// What an answer rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Basis {
    pub(super) kind: Kind,
    pub(super) text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Documented,
    Sample,
    Assumed,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Documented, Self::Sample, Self::Assumed];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Sample => "sample",
            Self::Assumed => "assumed",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Documented => "Documented",
            Self::Sample => "Sample",
            Self::Assumed => "Assumed",
        }
    }
}

/// Texts that stand in a variable: the file, the variable, and what it can be.
const VARIABLES: &[(&str, &str, &[&str])] =
    &[("pay/refund", "by", &["refund_needs_reason", "blank_in_refund_reason"])];

/// By source file (`pay/execute`), what it says.
pub(super) fn read(folder: &Path) -> Result<BTreeMap<String, Vec<Basis>>, Whatever> {
    let mut bases = BTreeMap::new();
    for (name, text) in files(folder, "")? {
        let found = bases_of(&name, &text)?;
        if !found.is_empty() {
            bases.insert(name, found);
        }
    }
    Ok(bases)
}

/// The source files below a folder, without `.rs`, and their texts without tests.
pub(super) fn files(folder: &Path, prefix: &str) -> Result<BTreeMap<String, String>, Whatever> {
    let cannot = |_: &mut _| format!("{} cannot be read", folder.display());
    let mut texts = BTreeMap::new();
    for entry in fs::read_dir(folder).with_whatever_context(cannot)? {
        let path = entry.with_whatever_context(cannot)?.path();
        let Some(name) = path.file_stem().and_then(|name| name.to_str()) else { continue };
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            texts.extend(files(&path, &format!("{name}/"))?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).with_whatever_context(cannot)?;
            let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
            texts.insert(name, text);
        }
    }
    Ok(texts)
}

fn bases_of(file: &str, text: &str) -> Result<Vec<Basis>, Whatever> {
    let mut found = Vec::new();
    for after in text.split("Basis::").skip(1) {
        let word = |kind: &Kind| after.strip_prefix(kind.name())?.strip_prefix('(');
        let Some((kind, argument)) = Kind::ALL.into_iter().find_map(|kind| Some((kind, word(&kind)?))) else {
            continue;
        };
        let argument = argument.trim_start();
        if let Some(literal) = argument.strip_prefix('"') {
            let text = unquoted(literal)
                .with_whatever_context(|| format!("api/{file}.rs has a text that does not end"))?;
            found.push(Basis { kind, text });
            continue;
        }
        let name = argument.split(')').next().unwrap_or_default();
        let Some((_, _, texts)) = VARIABLES.iter().find(|known| (known.0, known.1) == (file, name)) else {
            whatever!("api/{file}.rs has Basis::{}({name}); say in VARIABLES what it can be", kind.name());
        };
        for known in *texts {
            if !text.contains(&format!("\"{known}\"")) {
                whatever!("VARIABLES has `{known}`, which api/{file}.rs does not say any more");
            }
            found.push(Basis { kind, text: (*known).to_owned() });
        }
    }
    Ok(found)
}

/// What a literal says, up to its closing quote.
fn unquoted(literal: &str) -> Option<String> {
    let mut text = String::new();
    let mut characters = literal.chars().peekable();
    loop {
        match characters.next()? {
            '"' => return Some(text),
            '\\' => match characters.next()? {
                '\n' => while characters.next_if(|c| c.is_whitespace()).is_some() {},
                escaped => text.push(escaped),
            },
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Basis, Kind, bases_of};

    #[test]
    fn a_text_is_read_as_the_compiler_reads_it() {
        let source =
            "Basis::Assumed(\n  \"a \\\n     b \\\"c\\\"\",\n) Basis::Sample(\"d\") x: Basis) Basis::of(1)";
        let basis = |kind, text: &str| Basis { kind, text: text.to_owned() };
        let found = bases_of("x", source).expect("it is sound");
        assert_eq!(found, [basis(Kind::Assumed, "a b \"c\""), basis(Kind::Sample, "d")]);
    }

    #[test]
    fn a_text_in_a_variable_must_be_known() {
        let error = bases_of("pay/make", "Basis::Assumed(why)").expect_err("nobody knows why");
        assert!(error.to_string().contains("VARIABLES"), "{error}");
        let error = bases_of("pay/refund", "Basis::Assumed(by)").expect_err("the texts are gone");
        assert!(error.to_string().contains("any more"), "{error}");
    }
}
