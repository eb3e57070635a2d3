//! What became of the cases: one line each, and a count.

use snafu::{Whatever, whatever};

/// Counts the cases and prints them as they come.
#[derive(Debug, Default)]
pub(super) struct Report {
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl Report {
    /// Starts the cases of one program.
    pub(super) fn heading(&self, program: &str) {
        println!("{program}");
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
        let Self { passed, failed, skipped } = self;
        println!("{passed} passed, {failed} failed, {skipped} skipped");
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
        assert_eq!(report.finish().unwrap_err().to_string(), "no case was played");
    }
}
