//! Amounts are exact, whatever dress they come in.

use brandpay::{Amount, ait_core::Krw};
use serde_json::Value;

fn amount(text: &str) -> Amount {
    Amount::new(text).unwrap()
}

#[test]
fn amounts_are_exact_in_every_dress() {
    for (text, shown, won) in [
        ("10000", "10000", Some(10_000)),
        ("\"10000\"", "10000", Some(10_000)),
        ("10000.0", "10000", Some(10_000)),
        ("10.99", "10.99", None),
        ("\"10.990\"", "10.99", None),
        ("0.05", "0.05", None),
        ("-5.99", "-5.99", None),
        ("0", "0", Some(0)),
        ("3000000000", "3000000000", Some(3_000_000_000)),
        ("999999999999999999", "999999999999999999", Some(999_999_999_999_999_999)),
        ("9999999999999.99", "9999999999999.99", None),
    ] {
        let read: Amount = serde_json::from_str(text).unwrap();
        assert_eq!((read.to_string().as_str(), read.krw().map(Krw::get)), (shown, won), "{text}");
        assert_eq!(serde_json::to_string(&read).unwrap(), shown, "{text}: written as a number");
        assert_eq!(format!("{read:?}"), format!("Amount({shown})"));
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::from_value::<Amount>(value).unwrap(), read);
    }
    for text in
        ["\"1,000\"", "\"1e3\"", "\"\"", "\"ten\"", "true", "{}", "[1]", "\"12345678901234.567\"", "\".5\""]
    {
        assert!(serde_json::from_str::<Amount>(text).is_err(), "{text}");
    }
    assert_eq!(amount(" 10000 "), amount("10000"));
    assert_eq!(amount(&format!("10.{}", "0".repeat(40))), amount("10"));
    assert_eq!(amount(&format!("{}1", "0".repeat(40))), amount("1"));
    for digits in [19, 38, 39, 40, 400] {
        assert!(Amount::new(&"9".repeat(digits)).is_err(), "{digits} digits are too many");
    }
    assert_eq!(amount("0.000000000000001").to_string(), "0.000000000000001");
    for places in [16, 40, 400] {
        assert!(
            Amount::new(&format!("0.{}1", "0".repeat(places - 1))).is_err(),
            "{places} places are too many"
        );
    }
    assert!(Amount::new("999999999999.999").is_ok() && Amount::new("1000000000000.001").is_err());
    for whole_as_float in ["550090071992547.0093", "4503599627370497.5", "-90000000000000.001"] {
        assert!(serde_json::from_str::<Amount>(whole_as_float).is_err(), "{whole_as_float}");
    }
    assert!(serde_json::from_str::<Amount>("1e17").is_err(), "a float is not exact there");
    assert_eq!(Amount::from(Krw::new(i64::MAX)), amount(&"9".repeat(18)));
    assert_eq!(Amount::from(Krw::new(i64::MIN)), amount(&format!("-{}", "9".repeat(18))));
    assert_eq!(amount("25.99").checked_sub(amount("5.99")), Some(Krw::new(20).into()));
    assert_eq!(amount("0.1").checked_add(amount("0.2")), Some(amount("0.3")));
    assert!(amount("9.9") < Krw::new(10).into() && amount("-1") < amount("-0.5"));
}
