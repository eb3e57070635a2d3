//! What became of the cases: one line each, and a count.

use std::fmt;

use snafu::{Whatever, whatever};

/// Counts the cases and prints them as they come.
#[derive(Debug, Default)]
pub(super) struct Report {
    passed: usize,
    failed: usize,
    skipped: usize,
    absent: Vec<&'static str>,
}

impl Report {
    /// Starts the cases of one program.
    pub(super) fn heading(&self, program: &str, version: &str) {
        println!("{program}: {version}");
    }

    /// A program that is passed over.
    pub(super) fn absent(&mut self, program: &'static str) {
        println!("{program}: not installed, skipped");
        self.absent.push(program);
    }

    /// A case that was played. The error says what was expected and what came.
    pub(super) fn case(&mut self, name: &str, result: Result<(), String>) {
        match result {
            Ok(()) => {
                self.passed += 1;
                println!("ok   {name}");
            }
            Err(difference) => {
                self.failed += 1;
                println!("FAIL {name}: {difference}");
            }
        }
    }

    /// A case that the other program cannot play here.
    pub(super) fn skip(&mut self, name: &str, why: &str) {
        self.skipped += 1;
        println!("skip {name}: {why}");
    }

    /// Prints the count.
    ///
    /// # Errors
    ///
    /// When a case failed, or when there was none: then nothing has been checked.
    pub(super) fn finish(self) -> Result<(), Whatever> {
        println!("{self}");
        let Self { passed, failed, .. } = self;
        match (passed, failed) {
            (0, 0) => whatever!("no case was played"),
            (_, 0) => Ok(()),
            _ => whatever!(
                "{failed} of {} cases went wrong; next: read the lines that start with FAIL",
                passed + failed
            ),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { passed, failed, skipped, absent } = self;
        write!(f, "{passed} passed, {failed} failed, {skipped} skipped")?;
        match absent.as_slice() {
            [] => Ok(()),
            absent => write!(f, "; not installed, skipped: {}", absent.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failure_fails_the_whole() {
        let mut report = Report::default();
        report.case("a", Ok(()));
        report.case("b", Err("expected 1, got 2".to_owned()));
        assert!(report.finish().unwrap_err().to_string().starts_with("1 of 2 cases went wrong"));
    }

    #[test]
    fn skipping_everything_is_no_success() {
        let mut report = Report::default();
        report.skip("a", "too old");
        report.absent("b");
        assert_eq!(report.finish().unwrap_err().to_string(), "no case was played");
    }
}
