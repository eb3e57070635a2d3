//! Times as the server writes them, and calls as values.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::fixtures_support::{FlatKeyed, ReadIt, WriteIt};
use ait_core::{Client, Timestamp};
use serde_json::json;

#[test]
fn times_mean_the_instant_they_say() {
    // Seconds as `date -u -d … +%s` gives them.
    for (text, seconds, nanos) in [
        ("2025-04-17 12:32:10", 1_744_860_730, 0),
        ("2025-09-12T16:57:12", 1_757_663_832, 0),
        ("2025-09-12t16:57:12", 1_757_663_832, 0),
        ("2025-09-12T16:57:12+09:00", 1_757_663_832, 0),
        ("2025-09-12T16:57:12+0900", 1_757_663_832, 0),
        ("2025-09-12T16:57:12+09", 1_757_663_832, 0),
        ("2025-09-12T07:57:12Z", 1_757_663_832, 0),
        ("2025-09-12T07:57:12z", 1_757_663_832, 0),
        ("2025-09-12 03:57:12-04:00", 1_757_663_832, 0),
        ("2025-09-12T13:27:12+05:30", 1_757_663_832, 0),
        ("2025-09-12T16:57:12.5", 1_757_663_832, 500_000_000),
        ("2025-09-12T16:57:12.001+09:00", 1_757_663_832, 1_000_000),
        ("2025-09-12T16:57:12.123456789", 1_757_663_832, 123_456_789),
        ("2025-09-12T16:57:12.1234567891", 1_757_663_832, 123_456_789),
        (" 2025-09-12T16:57:12 ", 1_757_663_832, 0),
        ("1970-01-01 09:00:00", 0, 0),
        ("1970-01-01T00:00:00Z", 0, 0),
        ("1969-12-31T23:59:59Z", -1, 0),
        ("1969-12-31T23:59:59.25Z", -1, 250_000_000),
        ("1900-01-01T00:00:00Z", -2_208_988_800, 0),
        ("2024-02-29 00:00:00", 1_709_132_400, 0),
        ("2000-02-29T00:00:00Z", 951_782_400, 0),
        ("2024-12-31T23:59:60Z", 1_735_689_600, 0),
        ("2100-03-01T00:00:00Z", 4_107_542_400, 0),
        ("9999-12-31T23:59:59Z", 253_402_300_799, 0),
        ("0001-01-01T00:00:00Z", -62_135_596_800, 0),
    ] {
        let time = Timestamp::new(text);
        assert_eq!((time.unix_seconds(), time.subsec_nanos()), (Some(seconds), nanos), "{text}");
        assert_eq!(time.as_str(), text);
        let instant = time.system_time().unwrap();
        let expected = match u64::try_from(seconds) {
            Ok(after) => UNIX_EPOCH + Duration::from_secs(after),
            Err(_) => UNIX_EPOCH - Duration::from_secs(seconds.unsigned_abs()),
        };
        assert_eq!(instant, expected + Duration::from_nanos(nanos.into()), "{text}");
    }
}

#[test]
fn what_is_no_time_is_kept_and_means_no_instant() {
    for text in [
        "",
        " ",
        "string",
        "2025-04-17",
        "2025-04-17 12:32",
        "2025-4-17 12:32:10",
        "20250417123210",
        "2025/04/17 12:32:10",
        "2025-04-17_12:32:10",
        "2025-13-01 00:00:00",
        "2025-00-01 00:00:00",
        "2025-02-29 00:00:00",
        "2100-02-29 00:00:00",
        "2025-04-31 00:00:00",
        "2025-04-00 00:00:00",
        "2025-04-17 24:00:00",
        "2025-04-17 12:60:00",
        "2025-04-17 12:32:61",
        "2025-04-17 12:32:10.",
        "2025-04-17 12:32:10 KST",
        "2025-04-17 12:32:10+24:00",
        "2025-04-17 12:32:10+09:60",
        "2025-04-17 12:32:10+9",
        "2025-04-17 12:32:10+",
        "2025-04-17 12:32:10Zz",
        "+025-04-17 12:32:10",
        "2025-04-17 12:32:1o",
        "오전 12시",
        "2025-04-1７ 12:32:10",
        "가나다라마바사아자차카타파하",
    ] {
        let time = Timestamp::new(text);
        assert_eq!((time.unix_seconds(), time.subsec_nanos(), time.system_time()), (None, 0, None), "{text}");
        assert_eq!((time.as_str(), time.to_string().as_str()), (text, text));
        assert_eq!(serde_json::from_value::<Timestamp>(json!(text)).unwrap(), time);
        assert_eq!(serde_json::to_value(&time).unwrap(), json!(text));
    }
    assert_eq!(serde_json::from_value::<Timestamp>(json!(1_744_860_730)).unwrap().as_str(), "1744860730");
    assert!(serde_json::from_value::<Timestamp>(json!(null)).is_err());
}

#[test]
fn calendar_days_follow_each_other() {
    // From 1895 to 2105, day by day: each begins 86,400 seconds after the one before.
    let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let mut expected = Timestamp::new("1895-01-01T00:00:00Z").unix_seconds().unwrap();
    assert_eq!(expected, -2_366_755_200);
    for year in 1895..2105 {
        for month in 1..=12 {
            let days = match month {
                2 => 28 + i64::from(leap(year)),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            for day in 1..=days {
                let text = format!("{year:04}-{month:02}-{day:02}T00:00:00Z");
                assert_eq!(Timestamp::new(text.clone()).unix_seconds(), Some(expected), "{text}");
                expected += 86_400;
            }
            let beyond = format!("{year:04}-{month:02}-{:02}T00:00:00Z", days + 1);
            assert_eq!(Timestamp::new(beyond.clone()).unix_seconds(), None, "{beyond}");
        }
    }
}

#[test]
fn a_time_agrees_with_the_clock_of_this_machine() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let noon = Timestamp::new("2020-01-01T00:00:00Z").unix_seconds().unwrap();
    assert!(u64::try_from(noon).unwrap() < now);
}

#[test]
fn a_call_can_be_spawned_and_shows_nothing_of_its_request() {
    fn spawnable<F: IntoFuture>(_: &F)
    where
        F::IntoFuture: Send,
    {
    }
    let client = Client::builder().no_proxy().build().unwrap();
    let call = client.call(ReadIt::default());
    spawnable(&call);
    spawnable(&client.call(FlatKeyed::default()));
    let call = client.call(WriteIt::default()).deadline(Duration::from_secs(9));
    let shown = format!("{call:?}");
    assert!(shown.contains("demo.write") && shown.contains("9s") && !shown.contains("4500"), "{shown}");

    let owned = client.clone();
    let task = async move { owned.call(ReadIt::default()).await.is_ok() };
    fn task_of<T: Future + Send + 'static>(_: &T) {}
    task_of(&task);
}
