//! Times by the emulator's clock.

use std::{fmt, time::Duration};

use serde::{Deserialize, Deserializer, Serialize};
use time::{Date, Month, OffsetDateTime, UtcOffset};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A time by the emulator's clock: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Time(u64);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u64::deserialize(deserializer).map(Self::from_unix_millis)
    }
}

impl Time {
    /// So many milliseconds since 1970. Beyond the year 9999 it stays there.
    #[must_use]
    pub const fn from_unix_millis(millis: u64) -> Self {
        const LAST: u64 = 253_402_300_799_999;
        Self(if millis > LAST { LAST } else { millis })
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn unix_millis(self) -> u64 {
        self.0
    }

    /// So much later.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Self::from_unix_millis(self.0.saturating_add(millis))
    }

    /// How much later this is; zero if it is earlier.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    fn parts(self, offset_hours: i8) -> OffsetDateTime {
        let seconds = i64::try_from(self.0 / 1000).unwrap_or(0);
        let utc = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let offset = UtcOffset::from_hms(offset_hours, 0, 0).unwrap_or(UtcOffset::UTC);
        utc.checked_to_offset(offset).unwrap_or(utc)
    }

    /// As the `Date` header has it.
    #[must_use]
    pub fn http_date(self) -> String {
        let at = self.parts(0);
        let day = DAYS[usize::from(at.weekday().number_days_from_monday())];
        let month = MONTHS[usize::from(u8::from(at.month())) - 1];
        let (hour, minute, second) = at.to_hms();
        format!("{day}, {:02} {month} {} {hour:02}:{minute:02}:{second:02} GMT", at.day(), at.year())
    }

    /// In Korea, without a zone: `2025-09-12T16:57:12`.
    #[must_use]
    pub fn kst(self) -> String {
        self.local('T')
    }

    /// In Korea, with the zone: `2025-09-12T16:57:12+09:00`.
    #[must_use]
    pub fn kst_with_zone(self) -> String {
        format!("{}+09:00", self.local('T'))
    }

    /// In Korea, with a blank: `2025-09-12 16:57:12`.
    #[must_use]
    pub fn kst_with_blank(self) -> String {
        self.local(' ')
    }

    /// In Korea, with six digits of a fraction, without a zone: `2025-09-12T16:57:12.120000`.
    #[must_use]
    pub fn kst_with_micros(self) -> String {
        format!("{}.{:03}000", self.local('T'), self.0 % 1000)
    }

    /// The time that [`kst`](Self::kst) writes so. `None` if there is none, or it is before 1970.
    #[must_use]
    pub fn from_kst(text: &str) -> Option<Self> {
        let (date, time) = text.split_once('T')?;
        let [year, month, day] = numbers(date, '-')?;
        let [hour, minute, second] = numbers(time, ':')?;
        let small = |number: i32| u8::try_from(number).ok();
        let date = Date::from_calendar_date(year, Month::try_from(small(month)?).ok()?, small(day)?).ok()?;
        let time = date.with_hms(small(hour)?, small(minute)?, small(second)?).ok()?;
        let seconds = time.assume_offset(UtcOffset::from_hms(9, 0, 0).ok()?).unix_timestamp();
        let time = Self::from_unix_millis(u64::try_from(seconds).ok()?.checked_mul(1000)?);
        // Only as it would be written: no sign, no digit too few.
        (time.kst() == text).then_some(time)
    }

    fn local(self, separator: char) -> String {
        let at = self.parts(9);
        let (hour, minute, second) = at.to_hms();
        let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
        format!("{year:04}-{month:02}-{day:02}{separator}{hour:02}:{minute:02}:{second:02}")
    }
}

fn numbers(text: &str, separator: char) -> Option<[i32; 3]> {
    let numbers: Option<Vec<i32>> = text.split(separator).map(|part| part.parse().ok()).collect();
    numbers?.try_into().ok()
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.parts(0);
        let (hour, minute, second) = at.to_hms();
        let (year, month, day, millis) = (at.year(), u8::from(at.month()), at.day(), self.0 % 1000);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
    }
}

#[cfg(test)]
mod tests {
    use super::Time;

    #[test]
    fn the_same_moment_in_every_form() {
        let time = Time::from_unix_millis(1_757_663_832_120);
        assert_eq!(time.to_string(), "2025-09-12T07:57:12.120Z");
        assert_eq!(time.http_date(), "Fri, 12 Sep 2025 07:57:12 GMT");
        assert_eq!(time.kst(), "2025-09-12T16:57:12");
        assert_eq!(time.kst_with_zone(), "2025-09-12T16:57:12+09:00");
        assert_eq!(time.kst_with_blank(), "2025-09-12 16:57:12");
        assert_eq!(time.kst_with_micros(), "2025-09-12T16:57:12.120000");
    }

    #[test]
    fn a_time_is_read_as_it_is_written_and_in_no_other_form() {
        let read = |text| Time::from_kst(text).map(Time::unix_millis);
        assert_eq!(read("2025-09-12T16:57:12"), Some(1_757_663_832_000));
        assert_eq!(read("1970-01-01T09:00:00"), Some(0));
        for text in [
            "",
            "2025-09-12",
            "2025-9-12T16:57:12",
            "2025-09-12T16:57",
            "2025-09-12T16:57:12Z",
            "2025-02-29T00:00:00",
            "2025-09-12T24:00:00",
            "+025-09-12T16:57:12",
            "1970-01-01T08:59:59",
            "2025-09-12 16:57:12",
            "2025-09-12T16:57:12.5",
            "-2025-09-12T16:57:12",
            "2025-13-12T16:57:12",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
