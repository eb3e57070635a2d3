//! A record in a log: `LENGTH CHECKSUM JSON` and a line feed. The checksum is of this place in this log, so that a record
//! cannot be taken for one elsewhere.

use ring::digest::{Context, SHA256};

/// Eight digits of the length, a space, sixteen of the checksum, a space.
const HEAD: usize = 8 + 1 + 16 + 1;

/// What is at a place in a log.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found<'a> {
    /// A record, and where the next begins.
    Record(&'a [u8], usize),
    /// The end.
    End,
    /// The beginning of a record that was being written when its writer ended.
    Torn,
    /// Something that was not written so.
    Damaged,
}

/// The record of this JSON at this place.
pub(super) fn frame(generation: u64, place: u64, json: &str) -> String {
    format!("{:08x} {} {json}\n", json.len(), checksum(generation, place, json.as_bytes()))
}

/// What is at this place.
pub(super) fn find(log: &[u8], generation: u64, place: usize) -> Found<'_> {
    if place >= log.len() {
        return Found::End;
    }
    if let Some((json, next)) = whole(log, generation, place) {
        return Found::Record(json, next);
    }
    // JSON has no line feed in it: what ends before its own was torn, and nothing was written after it. Blocks that were
    // not written before power was lost are zeros.
    let rest = &log[place..];
    let ends = length(log, place).and_then(|length| length.checked_add(HEAD + 1));
    let is_torn = match ends {
        _ if rest.contains(&b'\n') => false,
        _ if rest.last() == Some(&0) => true,
        Some(ends) => ends > rest.len(),
        None => rest.len() < HEAD,
    };
    if is_torn { Found::Torn } else { Found::Damaged }
}

fn whole(log: &[u8], generation: u64, place: usize) -> Option<(&[u8], usize)> {
    let start = place.checked_add(HEAD)?;
    let end = start.checked_add(length(log, place)?)?;
    let json = log.get(start..end)?;
    let sum = log.get(place + 9..place + HEAD - 1)?;
    let sound = log.get(end) == Some(&b'\n')
        && checksum(generation, u64::try_from(place).ok()?, json).as_bytes() == sum;
    sound.then_some((json, end + 1))
}

fn length(log: &[u8], place: usize) -> Option<usize> {
    let head = log.get(place..place.checked_add(HEAD)?)?;
    let digits = std::str::from_utf8(&head[..8]).ok()?;
    let spaces = head[8] == b' ' && head[HEAD - 1] == b' ';
    usize::from_str_radix(digits, 16).ok().filter(|_| spaces)
}

fn checksum(generation: u64, place: u64, json: &[u8]) -> String {
    let mut hash = Context::new(&SHA256);
    hash.update(&generation.to_be_bytes());
    hash.update(&place.to_be_bytes());
    hash.update(json);
    hash.finish().as_ref().iter().take(8).map(|octet| format!("{octet:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{Found, find, frame};

    const LOG: u64 = 7;

    fn log(records: &[&str]) -> String {
        records.iter().fold(String::new(), |log, json| {
            let place = u64::try_from(log.len()).unwrap_or(u64::MAX);
            log + &frame(LOG, place, json)
        })
    }

    #[test]
    fn what_was_written_is_read() {
        let log = log(&["{}", "", r#"{"a":1}"#]);
        let mut place = 0;
        let mut read = Vec::new();
        while let Found::Record(json, next) = find(log.as_bytes(), LOG, place) {
            read.push(String::from_utf8_lossy(json).into_owned());
            place = next;
        }
        assert_eq!(read, ["{}", "", r#"{"a":1}"#]);
        assert_eq!(find(log.as_bytes(), LOG, place), Found::End);
        assert_eq!(find(log.as_bytes(), LOG + 1, 0), Found::Damaged, "another log");
    }

    #[test]
    fn every_beginning_of_the_last_record_is_torn() {
        let (first, both) = (log(&["{}"]), log(&["{}", r#"{"a":1}"#]));
        for end in first.len() + 1..both.len() {
            assert_eq!(find(&both.as_bytes()[..end], LOG, first.len()), Found::Torn, "{end}");
        }
        // Power was lost before the blocks were written.
        let zeros = [first.as_bytes(), &[0; 50]].concat();
        assert_eq!(find(&zeros, LOG, first.len()), Found::Torn);
    }

    #[test]
    fn every_octet_that_was_changed_is_damage() {
        let (first, both) = (log(&["{}"]), log(&["{}", r#"{"a":1}"#, r#"{"b":2}"#]));
        let second = log(&["{}", r#"{"a":1}"#]).len();
        for at in first.len()..second {
            // Also the line feed at its end.
            let mut changed = both.clone().into_bytes();
            changed[at] ^= 1;
            assert_eq!(find(&changed, LOG, first.len()), Found::Damaged, "{at}");
        }
        for at in second..both.len() {
            let mut last = both.clone().into_bytes();
            last[at] ^= 1;
            assert_eq!(find(&last, LOG, second), Found::Damaged, "{at}: it is whole, and was answered");
        }
    }
}
