//! The small types: what they read, what they refuse, what they show.

use ait_core::{Krw, Mode, lenient, open_enum};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What both roads of serde_json make of it: straight from the text, and through a `Value`.
fn roads(text: &str) -> [Option<i64>; 2] {
    let through = serde_json::from_str::<Value>(text).ok();
    let through = through.and_then(|value| serde_json::from_value::<Krw>(value).ok());
    [serde_json::from_str::<Krw>(text).ok(), through].map(|won| won.map(Krw::get))
}

fn krw(text: &str) -> Option<i64> {
    let [straight, through] = roads(text);
    assert_eq!(straight, through, "{text}");
    straight
}

#[test]
fn won_are_read_in_every_dress_and_never_rounded() {
    for (text, won) in [
        ("0", 0),
        ("10000", 10_000),
        ("-10", -10),
        ("10000.0", 10_000),
        ("-10.000", -10),
        ("-0", 0),
        ("0.0", 0),
        ("\"10000\"", 10_000),
        ("\"10000.0\"", 10_000),
        ("\"10000.\"", 10_000),
        ("\" 10000 \"", 10_000),
        ("\"+10\"", 10),
        ("\"-10\"", -10),
        ("\"007\"", 7),
        ("9223372036854775807", i64::MAX),
        ("-9223372036854775808", i64::MIN),
        ("\"9223372036854775807\"", i64::MAX),
        ("9007199254740993", 9_007_199_254_740_993),
        ("\"9007199254740993.00\"", 9_007_199_254_740_993),
    ] {
        assert_eq!(krw(text), Some(won), "{text}");
    }
    for text in [
        "10000.5",
        "0.1",
        "\"10000.5\"",
        "\"1e3\"",
        "\"10,000\"",
        "\"10000원\"",
        "\"\"",
        "\" \"",
        "\"-\"",
        "\"0x10\"",
        "\"１０\"",
        "\"--1\"",
        "\"1 0\"",
        "true",
        "null",
        "{}",
        "[]",
        "[1]",
        "{\"amount\":1}",
        "9223372036854775808",
        "-9223372036854775809",
        "\"9223372036854775808\"",
        "1e400",
        "1e30",
        // As floats these are whole.
        "550090071992547.0093",
        "4503599627370497.5",
        "-90000000000000.001",
        "\"NaN\"",
        "\"inf\"",
    ] {
        assert_eq!(krw(text), None, "{text}");
    }
}

#[test]
fn won_written_with_a_fraction_of_zeros_are_exact_or_refused() {
    // serde_json reads floats fast and not always to the last bit, unless `float_roundtrip` is on.
    let mut number = 20_260_417_u64;
    for round in 0..200_000_u32 {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let won = i64::try_from(number >> 1 >> (round % 50)).unwrap();
        let text = format!("{won}.{}", "0".repeat(1 + round as usize % 4));
        for read in roads(&text) {
            assert!(read.is_none() || read == Some(won), "{text} was read as {read:?}");
            assert!(won > 999_999_999_999 || read.is_some(), "{text} was refused");
        }
    }
}

#[test]
fn won_are_written_as_digits_and_summed_with_care() {
    assert_eq!(serde_json::to_string(&Krw::new(-4_500)).unwrap(), "-4500");
    assert_eq!(format!("{} {:>6}|{:06}", Krw::new(4_500), Krw::new(45), Krw::new(45)), "4500     45|000045");
    assert_eq!(Krw::new(1).checked_add(Krw::new(2)), Some(Krw::new(3)));
    assert_eq!(Krw::new(1).checked_sub(Krw::new(2)), Some(Krw::new(-1)));
    assert_eq!(Krw::new(i64::MAX).checked_add(Krw::new(1)), None);
    assert_eq!(Krw::new(i64::MIN).checked_sub(Krw::new(1)), None);
    assert_eq!((Krw::from(7), Krw::default()), (Krw::new(7), Krw::new(0)));
}

open_enum! {
    /// How far a parcel has come.
    pub enum Parcel {
        /// On its way.
        Moving = "MOVING" => "배송 중",
        /// Delivered.
        Delivered = "DELIVERED",
    }
}

#[test]
fn an_open_enum_loses_nothing_in_either_direction() {
    assert_eq!(Parcel::KNOWN, [Parcel::Moving, Parcel::Delivered]);
    assert_eq!((Parcel::Moving.korean_name(), Parcel::Delivered.korean_name()), (Some("배송 중"), None));
    for text in ["MOVING", "DELIVERED", "moving", "MOVING ", "", "분실", "LOST_AT_SEA", "\u{0}\"\\"] {
        let parcel: Parcel = serde_json::from_value(json!(text)).unwrap();
        assert_eq!(parcel, Parcel::from(text));
        assert_eq!((parcel.as_str(), parcel.to_string().as_str()), (text, text));
        assert_eq!(format!("{parcel:?}"), format!("{text:?}"));
        assert_eq!(parcel.is_known(), ["MOVING", "DELIVERED"].contains(&text), "{text}");
        assert_eq!(serde_json::to_value(&parcel).unwrap(), json!(text));
        if !parcel.is_known() {
            assert_eq!(parcel.korean_name(), None);
        }
    }
    for (number, text) in
        [("7", "7"), ("-7", "-7"), ("7.0", "7"), ("18446744073709551615", "18446744073709551615")]
    {
        assert_eq!(
            serde_json::from_str::<Parcel>(number).unwrap().as_str(),
            text,
            "a code may come as a number"
        );
    }
    for nonsense in [json!(null), json!(true), json!([]), json!({}), json!({ "MOVING": 1 })] {
        assert!(serde_json::from_value::<Parcel>(nonsense.clone()).is_err(), "{nonsense}");
    }
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Order {
    #[serde(deserialize_with = "lenient::optional")]
    won: Option<Krw>,
    #[serde(deserialize_with = "lenient::optional")]
    months: Option<u32>,
    #[serde(deserialize_with = "lenient::optional")]
    big: Option<u64>,
    #[serde(deserialize_with = "lenient::optional")]
    flag: Option<bool>,
    #[serde(deserialize_with = "lenient::optional")]
    name: Option<String>,
    #[serde(deserialize_with = "lenient::optional_object")]
    inner: Option<Box<Order>>,
    #[serde(deserialize_with = "lenient::list")]
    rows: Vec<Order>,
}

fn order(value: &Value) -> Result<Order, String> {
    let from_value = serde_json::from_value::<Order>(value.clone());
    let from_text = serde_json::from_str::<Order>(&value.to_string());
    assert_eq!(from_value.is_ok(), from_text.is_ok(), "{value}");
    from_text.map_err(|error| error.to_string())
}

#[test]
fn what_is_missing_null_or_empty_is_absent() {
    let members = ["won", "months", "big", "flag", "name", "inner", "rows"];
    assert_eq!(order(&json!({})).unwrap(), Order::default());
    for member in members {
        for nothing in [json!(null), json!("")] {
            assert_eq!(order(&json!({ member: nothing })).unwrap(), Order::default(), "{member}");
        }
    }
    assert_eq!(order(&json!({ "rows": [] })).unwrap(), Order::default());
}

#[test]
fn scalars_are_read_in_every_dress() {
    let read = |member: &str, value: Value| order(&json!({ member: value })).unwrap();
    for value in [json!(3), json!("3"), json!(3.0), json!(" 3 ")] {
        assert_eq!(read("months", value.clone()).months, Some(3), "{value}");
        assert_eq!(read("big", value.clone()).big, Some(3), "{value}");
    }
    assert_eq!(read("big", json!(u64::MAX)).big, Some(u64::MAX));
    for value in [json!(true), json!("true"), json!("TRUE"), json!("Y"), json!("yes"), json!(1), json!("1")] {
        assert_eq!(read("flag", value.clone()).flag, Some(true), "{value}");
    }
    for value in [json!(false), json!("false"), json!("N"), json!("no"), json!(0), json!("0"), json!(" n ")] {
        assert_eq!(read("flag", value.clone()).flag, Some(false), "{value}");
    }
    for (value, text) in [(json!("a b"), "a b"), (json!(7), "7"), (json!(true), "true"), (json!(" "), " ")] {
        assert_eq!(read("name", value).name.as_deref(), Some(text));
    }
    // A float keeps 15 digits: what has more would come out with others.
    for (text, read_as) in [
        ("123456789012345678", Some("123456789012345678")),
        ("1.25", Some("1.25")),
        ("123456789012.345", Some("123456789012.345")),
        ("123456789012345678901", None),
        ("1234567890.1234567", None),
    ] {
        let found = serde_json::from_str::<Order>(&format!(r#"{{"name":{text}}}"#));
        assert_eq!(found.ok().and_then(|order| order.name).as_deref(), read_as, "{text}");
    }
    let nested = order(&json!({ "inner": { "won": "5", "rows": [{ "won": 6.0 }] } })).unwrap().inner.unwrap();
    assert_eq!((nested.won, nested.rows[0].won), (Some(Krw::new(5)), Some(Krw::new(6))));
}

#[test]
fn what_does_not_fit_is_refused_without_a_word_of_it() {
    const CANARY: &str = "010-1234-CANARY";
    let mut wrong = vec![
        json!({ "months": -1 }),
        json!({ "months": 4_294_967_296_u64 }),
        json!({ "months": 1.5 }),
        json!({ "big": -1 }),
        json!({ "flag": 2 }),
        json!({ "won": 1.5 }),
        json!({ "inner": 7 }),
        json!({ "inner": true }),
        json!({ "rows": 7 }),
        json!({ "rows": { "won": 1 } }),
    ];
    for member in ["won", "months", "big", "flag", "inner", "rows"] {
        wrong.push(json!({ member: CANARY }));
    }
    for member in ["won", "months", "big", "flag", "name"] {
        for odd in [json!([CANARY]), json!({ CANARY: CANARY }), json!({}), json!([])] {
            wrong.push(json!({ member: odd }));
        }
    }
    for value in wrong {
        for depth in 0..3 {
            let mut deep = value.clone();
            for _ in 0..depth {
                deep = json!({ "rows": [{ "inner": deep }] });
            }
            let message = order(&deep).unwrap_err();
            assert!(!message.contains("CANARY") && !message.contains("010"), "{deep}: {message}");
        }
    }
}

#[test]
fn the_mode_is_one_boolean_on_the_wire() {
    assert_eq!(serde_json::to_value([Mode::Sandbox, Mode::Live]).unwrap(), json!([true, false]));
    for (value, mode) in [
        (json!(true), Mode::Sandbox),
        (json!(false), Mode::Live),
        (json!("true"), Mode::Sandbox),
        (json!(0), Mode::Live),
    ] {
        assert_eq!(serde_json::from_value::<Mode>(value).unwrap(), mode);
    }
    for nonsense in [json!(null), json!(""), json!("LIVE"), json!(2), json!({})] {
        assert!(serde_json::from_value::<Mode>(nonsense.clone()).is_err(), "{nonsense} is no mode");
    }
}
