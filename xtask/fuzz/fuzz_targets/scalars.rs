//! Texts as numbers, times and words of the wire: what is read and written again is the same, and money loses no digit.
//!
//! The first byte chooses whether the text stands in JSON as it is, or as a string.
#![no_main]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a finding is a panic")]

use std::fmt::Debug;

use ait_core::{AnonymousKey, IdempotencyKey, Krw, Mode, Secret, Timestamp, User, UserKey, lenient};
use brandpay::{Amount, PaymentStatus};
use libfuzzer_sys::fuzz_target;
use serde::{
    Deserialize, Serialize,
    de::{DeserializeOwned, IgnoredAny},
};

fuzz_target!(|data: &[u8]| {
    let [how, text @ ..] = data else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let json = if how & 1 == 0 { text.to_owned() } else { serde_json::to_string(text).unwrap() };
    // One value: below it is put into an object.
    if serde_json::from_str::<IgnoredAny>(&json).is_err() {
        return;
    }
    if let Some(won) = stable::<Krw>(&json) {
        exact(&json, won.get().into(), 0);
    }
    if let Some(amount) = stable::<Amount>(&json) {
        let shown = amount.to_string();
        let (digits, places) = decimal(&shown).unwrap();
        exact(&json, digits, places);
        assert_eq!(Amount::new(&shown).unwrap(), amount, "{shown}");
        if let Some(won) = amount.krw() {
            assert_eq!(Amount::from(won), amount);
        }
    }
    if let Some(time) = stable::<Timestamp>(&json) {
        same_instant(&time);
    }
    let time = Timestamp::new(text);
    assert_eq!(time.as_str(), text);
    same_instant(&time);
    if let Some(status) = stable::<PaymentStatus>(&json) {
        assert_eq!(PaymentStatus::from(status.as_str()), status);
    }
    assert_eq!(PaymentStatus::from(text).as_str(), text);
    stable::<ait_tosspay::PayStatus>(&json);
    stable::<ait_login::Referrer>(&json);
    stable::<ait_login::Scopes>(&json);
    stable::<ait_iap::IapStatus>(&json);
    stable::<ait_promotion::GrantStatus>(&json);
    stable::<Mode>(&json);
    stable::<User>(&json);
    stable::<UserKey>(&json);
    stable::<AnonymousKey>(&json);
    stable::<IdempotencyKey>(&json);
    stable::<Secret>(&json);
    if let Ok(key) = UserKey::from_text(text) {
        assert_eq!(key.expose(), text);
        let json = serde_json::to_string(&key).unwrap();
        assert_eq!(serde_json::from_str::<UserKey>(&json).unwrap(), key);
    }
    if let Some(any) = stable::<Any>(&format!(r#"{{"whole":{json},"small":{json},"long":{json}}}"#)) {
        if let Some(whole) = any.whole {
            exact(&json, whole.into(), 0);
        }
        if let Some(long) = any.long {
            exact(&json, long.into(), 0);
        }
    }
    stable::<Other>(&format!(r#"{{"flag":{json},"text":{json}}}"#));
});

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Any {
    #[serde(default, deserialize_with = "lenient::optional")]
    whole: Option<i64>,
    #[serde(default, deserialize_with = "lenient::optional")]
    small: Option<u32>,
    #[serde(default, deserialize_with = "lenient::optional")]
    long: Option<u64>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Other {
    #[serde(default, deserialize_with = "lenient::optional")]
    flag: Option<bool>,
    #[serde(default, deserialize_with = "lenient::optional")]
    text: Option<String>,
}

/// What is read, is written and read as the same. Also by way of a value, which takes another road.
fn stable<T: Serialize + DeserializeOwned + PartialEq + Debug>(json: &str) -> Option<T> {
    let read: T = serde_json::from_str(json).ok()?;
    let text = serde_json::to_string(&read).unwrap();
    assert_eq!(serde_json::from_str::<T>(&text).unwrap(), read, "{json} is written as {text}");
    let value = serde_json::to_value(&read).unwrap();
    assert_eq!(serde_json::from_value::<T>(value).unwrap(), read, "{json}");
    Some(read)
}

/// The number in this JSON is `digits` shifted by `places`. A JSON number comes as a float if it has a point: what is
/// finer than half of a hundredth may be lost in it, no more.
fn exact(json: &str, digits: i128, places: u32) {
    let (text, is_float) = match serde_json::from_str::<String>(json) {
        Ok(text) => (text, false),
        Err(_) => (json.to_owned(), true),
    };
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    let Some((said, said_places)) = decimal(text) else {
        assert!(text.len() > 16, "{text:?} is read as a number");
        return;
    };
    // Both with as many places.
    let most = said_places.max(places);
    let scaled = |digits: i128, places: u32| digits.checked_mul(10_i128.checked_pow(most - places)?);
    let (Some(said), Some(read)) = (scaled(said, said_places), scaled(digits, places)) else { return };
    let off = (said - read).unsigned_abs();
    let half = 10_u128.checked_pow(most.saturating_sub(2)).map_or(u128::MAX, |hundredth| hundredth / 2);
    let allowed = if is_float && most > 2 { half } else { 0 };
    assert!(off <= allowed, "{text} is read as {digits} with {places} places");
}

/// The digits of a decimal, with or without an exponent, and how many stand behind the point. `None` also for more than
/// can be told apart here.
fn decimal(text: &str) -> Option<(i128, u32)> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    // One that is no number here is beyond all floats, on one side or the other.
    let beyond = if exponent.starts_with('-') { -1_000_000 } else { 1_000_000 };
    let exponent: i64 = exponent.parse().unwrap_or(beyond);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    let places = i64::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
    // As good as nothing, and hardly worth the digits.
    if digits == 0 || places > 60 {
        return Some((0, 0));
    }
    match u32::try_from(places) {
        Ok(places) => Some((digits, places)),
        Err(_) => {
            let places = u32::try_from(places.checked_neg()?).ok()?;
            Some((digits.checked_mul(10_i128.checked_pow(places)?)?, 0))
        }
    }
}

fn same_instant(time: &Timestamp) {
    let seconds = time.unix_seconds();
    assert!(time.subsec_nanos() < 1_000_000_000);
    if let Some(at) = time.to_jiff_0_2() {
        assert_eq!((Some(at.as_second()), at.subsec_nanosecond().cast_unsigned()), floor(time));
    }
    if let Some(at) = time.to_time_0_3() {
        assert_eq!((Some(at.unix_timestamp()), at.nanosecond()), (seconds, time.subsec_nanos()));
    }
    if let Some(at) = time.to_chrono_0_4() {
        assert_eq!((Some(at.timestamp()), at.timestamp_subsec_nanos()), (seconds, time.subsec_nanos()));
    }
    assert_eq!(time.system_time().is_some(), seconds.is_some());
}

/// jiff counts the fraction in the direction of the seconds.
fn floor(time: &Timestamp) -> (Option<i64>, u32) {
    let (seconds, nanos) = (time.unix_seconds(), time.subsec_nanos());
    match seconds {
        Some(seconds) if seconds < 0 && nanos > 0 => {
            (Some(seconds + 1), (i64::from(nanos) - 1_000_000_000) as u32)
        }
        seconds => (seconds, nanos),
    }
}
