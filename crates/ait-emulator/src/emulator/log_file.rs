//! The file with a line for each call.

use std::io::{self, Write};

/// Lines that are whole, or missing and counted. A disk that is full must not stop the API.
pub(super) struct LogFile<W> {
    file: W,
    /// Whether the last line was cut off.
    torn: bool,
    /// How many lines are missing since the last one that was written.
    lost: u64,
}

impl<W: Write> LogFile<W> {
    pub(super) fn new(file: W) -> Self {
        Self { file, torn: false, lost: 0 }
    }

    /// Writes lines. An error is told the first time that lines get lost; when it is over, `{"lost":3}` stands in the file
    /// before the next line.
    pub(super) fn write(&mut self, lines: &[String]) -> Result<(), io::Error> {
        let mut told = Ok(());
        for line in lines {
            if let Err(error) = self.gap().and_then(|()| self.whole(line)) {
                if self.lost == 0 {
                    told = Err(error);
                }
                self.lost = self.lost.saturating_add(1);
            }
        }
        told
    }

    fn gap(&mut self) -> io::Result<()> {
        if self.lost > 0 {
            let gap = format!(r#"{{"lost":{}}}"#, self.lost);
            self.whole(&gap)?;
            self.lost = 0;
        }
        Ok(())
    }

    /// Writes a line, on a line of its own also after one that was cut off.
    fn whole(&mut self, line: &str) -> io::Result<()> {
        let begin = if self.torn { "\n" } else { "" };
        let text = format!("{begin}{line}\n");
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            match self.file.write(rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => {
                    rest = rest.get(written..).unwrap_or_default();
                    // What is cut off here or later is ended before the next line.
                    self.torn = !rest.is_empty();
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};

    use super::LogFile;

    /// A disk with so much room.
    struct Disk {
        text: Vec<u8>,
        room: usize,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let fits = bytes.len().min(self.room);
            if fits == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.room -= fits;
            self.text.extend(bytes.iter().take(fits));
            Ok(fits)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn line(number: u32) -> [String; 1] {
        [format!("{{\"number\":{number}}}")]
    }

    #[test]
    fn a_full_disk_is_told_once_and_glues_no_lines() {
        let mut log = LogFile::new(Disk { text: Vec::new(), room: 17 });
        assert!(log.write(&line(0)).is_ok());
        assert!(log.write(&line(1)).is_err(), "the first that is lost is told");
        assert!(log.write(&line(2)).is_ok(), "and told once");
        log.file.room = 1000;
        assert!(log.write(&[line(3), line(4)].concat()).is_ok());
        let text = String::from_utf8_lossy(&log.file.text).into_owned();
        assert_eq!(text, "{\"number\":0}\n{\"nu\n{\"lost\":2}\n{\"number\":3}\n{\"number\":4}\n");
        log.file.room = 0;
        assert!(log.write(&line(5)).is_err(), "the next time is told again");
        log.file.room = 5;
        assert!(log.write(&line(6)).is_ok());
        log.file.room = 1000;
        assert!(log.write(&line(7)).is_ok());
        let text = String::from_utf8_lossy(&log.file.text).into_owned();
        assert!(text.ends_with("\"number\":4}\n{\"los\n{\"lost\":2}\n{\"number\":7}\n"), "{text}");
    }
}
