//! The programs on the page of the emulator, to be run as they stand there.

use std::fs;
use std::path::Path;

use snafu::{OptionExt as _, ResultExt as _, Whatever};

/// Read when it is needed: a package of this crate does not hold it.
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/emulator.md");

/// A program on the page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Example {
    /// Its language, as the page marks it.
    pub(super) language: &'static str,
    /// A part of what it prints when all goes well.
    pub(super) prints: &'static str,
}

impl Example {
    /// Writes the program into the folder, and says the command that runs it there.
    pub(super) fn copy(self, folder: &Path) -> Result<Vec<String>, Whatever> {
        let page = fs::read_to_string(PAGE).whatever_context("docs/emulator.md cannot be read")?;
        let none = || format!("docs/emulator.md has no program in {}", self.language);
        let (name, command, text) = if self.language == "sh" {
            ("curl.sh", "bash curl.sh", commands(&page, "curl").with_whatever_context(none)?)
        } else {
            let Program { name, command, text } = find(&page, self.language).with_whatever_context(none)?;
            (name, command, text.to_owned())
        };
        fs::write(folder.join(name), text).whatever_context("cannot copy the program")?;
        Ok(command.split(' ').map(str::to_owned).collect())
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Program<'a> {
    name: &'a str,
    command: &'a str,
    text: &'a str,
}

/// The block in this language. Its first line ends in the name of the file and the command: ``a.mjs: `node a.mjs` ``.
fn find<'a>(page: &'a str, language: &str) -> Option<Program<'a>> {
    let (_, rest) = page.split_once(&format!("\n```{language}\n"))?;
    let (text, _) = rest.split_once("\n```\n")?;
    let (before, command) = text.lines().next()?.strip_suffix('`')?.split_once(": `")?;
    Some(Program { name: before.rsplit(' ').next()?, command, text })
}

/// What the section of this name has for the shell, one block after another.
fn commands(page: &str, section: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("\n### {section}\n"))?;
    let (section, _) = rest.split_once("\n### ")?;
    let blocks = section.split("```sh\n").skip(1).filter_map(|rest| rest.split_once("```\n"));
    let text: String = blocks.map(|(block, _)| block).collect();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_by_its_language() {
        let page = "```a\nno\n```\n\n```b\n<? // x.b: `run x.b`\nyes\n```\n";
        let text = "<? // x.b: `run x.b`\nyes";
        assert_eq!(find(page, "b"), Some(Program { name: "x.b", command: "run x.b", text }));
        assert_eq!(find(page, "a"), None);
        assert_eq!(find(page, "c"), None);
    }

    #[test]
    fn the_commands_of_a_section_follow_each_other() {
        let page = "# P\n```sh\nno\n```\n\n### s\n\n```sh\na\n```\ntext\n```js\nno\n```\n```sh\nb\n```\n\n### t\n```sh\nno\n```\n";
        assert_eq!(commands(page, "s").as_deref(), Some("a\nb\n"));
        assert_eq!(commands(page, "u"), None);
    }
}
