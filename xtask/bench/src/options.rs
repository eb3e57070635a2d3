//! The command line.

use crate::Failure;

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Options {
    /// Prints JSON instead of a table.
    pub(crate) json: bool,
    /// Builds the two consumers: minutes of work, and perhaps a download.
    pub(crate) build: bool,
    /// Fails when a goal is missed.
    pub(crate) strict: bool,
    /// How often every variant is run.
    pub(crate) rounds: usize,
}

impl Options {
    /// Reads the words behind the program's name.
    pub(crate) fn parse(words: &[&str]) -> Result<Self, Failure> {
        let mut options = Self { json: false, build: true, strict: false, rounds: 5 };
        for word in words {
            match word.split_once('=').unwrap_or((word, "")) {
                ("--json", "") => options.json = true,
                ("--no-build", "") => options.build = false,
                ("--strict", "") => options.strict = true,
                ("--rounds", number) => options.rounds = number.parse::<usize>()?.max(1),
                _ => {
                    return Err(format!(
                        "there is no option `{word}`; usage: cargo xtask bench [--json] [--no-build] [--strict] [--rounds=5]"
                    )
                    .into());
                }
            }
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::Options;

    #[test]
    fn everything_is_measured_unless_told_otherwise() {
        let options = Options::parse(&[]).unwrap();
        assert!(options.build && !options.json && !options.strict);
    }

    #[test]
    fn options_are_understood_in_any_order_and_others_are_named() {
        let options = Options::parse(&["--rounds=2", "--no-build", "--json", "--strict"]).unwrap();
        assert!(!options.build && options.json && options.strict && options.rounds == 2);
        assert!(Options::parse(&["--fast"]).unwrap_err().to_string().contains("`--fast`"));
    }
}
