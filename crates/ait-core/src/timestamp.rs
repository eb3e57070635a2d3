//! Times, most of them without a zone.

use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    calendar::{number, seconds},
    lenient::{self, FromScalar, Scalar},
};

/// Korea has kept UTC+9 without daylight saving since 1988.
const KST_SECONDS: i64 = 9 * 3600;

/// A time as the server wrote it, and the instant it means.
///
/// Toss writes `2025-04-17 12:32:10` or `2025-09-12T16:57:12` without a zone: Korean time, UTC+9. An explicit offset
/// (`Z`, `+09:00`, `+0900`) is honoured. The original text is always kept; a text that is no time at all is kept too
/// and means no instant, because a payment must not become unreadable over a date.
///
/// Conversions to time libraries are features: `jiff-0_2`, `time-0_3`, `chrono-0_4`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Timestamp {
    text: Box<str>,
    instant: Option<Instant>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Instant {
    seconds: i64,
    nanos: u32,
}

impl Timestamp {
    /// Reads a text. Never fails: see [`unix_seconds`](Self::unix_seconds).
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { instant: parse(text.trim().as_bytes()), text: text.into() }
    }

    /// The text as the server wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Seconds since 1970-01-01T00:00:00Z, or `None` if the text is not a time.
    #[must_use]
    pub fn unix_seconds(&self) -> Option<i64> {
        self.instant.map(|instant| instant.seconds)
    }

    /// Nanoseconds within the second; 0 if the text has no fraction.
    #[must_use]
    pub fn subsec_nanos(&self) -> u32 {
        self.instant.map_or(0, |instant| instant.nanos)
    }

    /// The instant, or `None` if the text is not a time.
    #[must_use]
    pub fn system_time(&self) -> Option<SystemTime> {
        let Instant { seconds, nanos } = self.instant?;
        let whole = Duration::from_secs(seconds.unsigned_abs());
        let start = if seconds < 0 { UNIX_EPOCH.checked_sub(whole) } else { UNIX_EPOCH.checked_add(whole) };
        start?.checked_add(Duration::from_nanos(nanos.into()))
    }

    /// The instant for jiff 0.2.
    #[cfg(feature = "jiff-0_2")]
    #[must_use]
    pub fn to_jiff_0_2(&self) -> Option<jiff::Timestamp> {
        let Instant { seconds, nanos } = self.instant?;
        jiff::Timestamp::new(seconds, nanos.try_into().ok()?).ok()
    }

    /// The instant for time 0.3, in Korean time.
    #[cfg(feature = "time-0_3")]
    #[must_use]
    pub fn to_time_0_3(&self) -> Option<time::OffsetDateTime> {
        let Instant { seconds, nanos } = self.instant?;
        let utc = time::OffsetDateTime::from_unix_timestamp(seconds).ok()?.replace_nanosecond(nanos).ok()?;
        Some(utc.to_offset(time::UtcOffset::from_hms(9, 0, 0).ok()?))
    }

    /// The instant for chrono 0.4, in Korean time.
    #[cfg(feature = "chrono-0_4")]
    #[must_use]
    pub fn to_chrono_0_4(&self) -> Option<chrono::DateTime<chrono::FixedOffset>> {
        let Instant { seconds, nanos } = self.instant?;
        let utc = chrono::DateTime::from_timestamp(seconds, nanos)?;
        Some(utc.with_timezone(&chrono::FixedOffset::east_opt(9 * 3600)?))
    }
}

// `yyyy-MM-dd`, a blank or `T`, `HH:mm:ss`, an optional fraction, an optional offset.
fn parse(text: &[u8]) -> Option<Instant> {
    let (date, rest) = text.split_at_checked(10)?;
    let (separator, rest) = rest.split_first()?;
    let (clock, rest) = rest.split_at_checked(8)?;
    if !(date[4] == b'-' && date[7] == b'-' && clock[2] == b':' && clock[5] == b':') {
        return None;
    }
    if !matches!(separator, b' ' | b'T' | b't') {
        return None;
    }
    let date = [number(&date[..4])?, number(&date[5..7])?, number(&date[8..])?];
    let clock = [number(&clock[..2])?, number(&clock[3..5])?, number(&clock[6..])?];
    let (nanos, zone) = fraction(rest)?;
    Some(Instant { seconds: seconds(date, clock)? - offset(zone)?, nanos })
}

fn fraction(rest: &[u8]) -> Option<(u32, &[u8])> {
    let Some(rest) = rest.strip_prefix(b".") else { return Some((0, rest)) };
    let end = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, zone) = rest.split_at(end);
    let kept = &digits[..digits.len().min(9)];
    let nanos = number(kept)? * 10_i64.pow(9 - u32::try_from(kept.len()).ok()?);
    if digits.is_empty() { None } else { Some((nanos.try_into().ok()?, zone)) }
}

fn offset(zone: &[u8]) -> Option<i64> {
    let (sign, rest) = match zone {
        [] => return Some(KST_SECONDS),
        b"Z" | b"z" => return Some(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match rest.len() {
        2 => (number(rest)?, 0),
        4 => (number(&rest[..2])?, number(&rest[2..])?),
        5 if rest[2] == b':' => (number(&rest[..2])?, number(&rest[3..])?),
        _ => return None,
    };
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::required(deserializer)
    }
}

impl FromScalar for Timestamp {
    const EXPECTED: &'static str = "a time";

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        String::from_scalar(scalar).map(Self::new)
    }
}
