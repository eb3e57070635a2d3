//! Every documented sample round-trips, and every answer survives what the future may do to it.
//!
//! Run these with `serde_json/arbitrary_precision` too: any crate of a build may turn it on.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{Op, fixtures};
use ait_testkit::{fixture, key, page, places, read_both, stored_again, visit, with, without, without_nulls};
use ait_tosspay::{
    ExecutePayment, ExecutedPayment, MadePayment, MakePayment, Payment, PaymentStatus, RefundPayment,
    RefundedPayment,
};
use serde_json::{Map, Value, json};

/// Members that must be there. Everything else may go.
fn required(op: Op) -> &'static [&'static str] {
    if op == Op::Status { &["payToken", "payStatus"] } else { &["payToken"] }
}

fn decode(op: Op, success: &Value) -> Result<Value, serde_json::Error> {
    match op {
        Op::Make => read_both::<MadePayment>(success),
        Op::Execute => read_both::<ExecutedPayment>(success),
        Op::Refund => read_both::<RefundedPayment>(success),
        Op::Status => read_both::<Payment>(success),
    }
}

fn responses() -> Vec<(String, Op, Value)> {
    let names = fixtures(".response").into_iter();
    names.map(|name| (name.clone(), Op::of_fixture(&name), fixture(&name)["success"].clone())).collect()
}

/// The members that hold won, as the tables of the page say.
fn won() -> BTreeSet<String> {
    let page = page("tosspay.md");
    let rows = page.lines().filter(|line| line.contains("| integer, won |"));
    let names: BTreeSet<_> = rows.filter_map(|row| Some(row.split('`').nth(1)?.to_owned())).collect();
    assert!(names.len() >= 16, "the tables of tosspay.md changed their form: {names:?}");
    names
}

/// Every amount in `value`, by its path.
fn money(value: &Value) -> BTreeMap<String, i64> {
    let won = won();
    let mut found = BTreeMap::new();
    visit(value, &mut |path, value| {
        if path.last().is_some_and(|name| won.contains(name)) && !value.is_null() {
            found.insert(path.join("/"), value.as_i64().unwrap_or_else(|| panic!("{path:?} is {value}")));
        }
    });
    found
}

fn is_required(op: Op, place: &str) -> bool {
    required(op).iter().any(|name| place == format!("/{name}"))
}

#[test]
fn every_request_is_stored_and_sent_without_loss() {
    for name in fixtures(".request") {
        let mut expected = fixture(&name);
        expected["user"] = key();
        let (sent, kept) = match Op::of_fixture(&name) {
            Op::Make => stored_again::<MakePayment>(&expected),
            Op::Execute => stored_again::<ExecutePayment>(&expected),
            Op::Refund => stored_again::<RefundPayment>(&expected),
            Op::Status => stored_again::<PaymentStatus>(&expected),
        };
        assert_eq!(sent, fixture(&name), "{name}");
        assert_eq!(kept, expected, "{name}");
    }
}

#[test]
fn every_answer_is_read_without_loss() {
    for (name, op, success) in responses() {
        assert_eq!(decode(op, &success).unwrap(), without_nulls(&success), "{name}");
    }
}

#[test]
fn any_member_but_the_required_ones_may_be_missing_null_or_empty() {
    for (name, op, success) in responses() {
        for place in places(&success, |path, _| path.last().is_some_and(|name| name.parse::<u32>().is_err()))
        {
            let (dropped, null) = (without(&success, &place), with(&success, &place, Value::Null));
            if is_required(op, &place) {
                // A status of the future may be any text; a token of no letters is none.
                let empty = decode(op, &with(&success, &place, json!("")));
                assert_eq!(empty.is_err(), place == "/payToken", "{name} {place}");
                assert!(decode(op, &dropped).is_err() && decode(op, &null).is_err(), "{name} {place}");
                continue;
            }
            let empty = with(&success, &place, json!(""));
            let absent = decode(op, &dropped).unwrap();
            for (mutation, answer) in [("dropped", dropped), ("null", null), ("empty", empty)] {
                let read =
                    decode(op, &answer).unwrap_or_else(|error| panic!("{name} {place} {mutation}: {error}"));
                assert_eq!(read, absent, "{name} {place} {mutation}: it is not there");
                let mut left = money(&success);
                left.retain(|path, _| !format!("/{path}/").starts_with(&format!("{place}/")));
                assert_eq!(money(&read), left, "{name} {place} {mutation}");
            }
        }
    }
}

#[test]
fn members_nobody_knows_yet_are_ignored() {
    let unknown =
        [json!(1), json!("x"), json!(null), json!({ "a": { "b": [1, 2.5] } }), json!([[], {}, "x"])];
    for (name, op, success) in responses() {
        let mut objects = places(&success, |_, value| value.is_object());
        objects.push(String::new());
        for place in objects {
            for value in &unknown {
                let mut answer = success.clone();
                answer.pointer_mut(&place).unwrap()["aMemberOfTheFuture"] = value.clone();
                assert_eq!(decode(op, &answer).unwrap(), without_nulls(&success), "{name} {place} {value}");
            }
        }
    }
}

#[test]
fn values_nobody_knows_yet_survive() {
    // Text that stands for a number or a flag is no enum.
    let is_text = |path: &[String], value: &Value| {
        let name = path.last().map(String::as_str).unwrap_or_default();
        value.is_string() && name != "spreadOut" && name != "noInterest"
    };
    for (name, op, success) in responses() {
        for place in places(&success, is_text) {
            for text in ["FOUNDED_TOMORROW", "새 은행", "0931", " ", "null"] {
                let answer = with(&success, &place, json!(text));
                let read =
                    decode(op, &answer).unwrap_or_else(|error| panic!("{name} {place} {text}: {error}"));
                assert_eq!(read, without_nulls(&answer), "{name} {place} {text}");
            }
        }
    }
}

/// What people and accountants look at. It decides nothing.
const SHOWN: [&str; 21] = [
    "stateMsg",
    "msg",
    "cardCompanyCode",
    "cardCompanyName",
    "cardAuthorizationNo",
    "spreadOut",
    "noInterest",
    "salesCheckLinkUrl",
    "cardMethodType",
    "cardNumber",
    "cardUserType",
    "cardNum4Print",
    "cardBinNumber",
    "cashReceiptMgtKey",
    "accountBankCode",
    "accountBankName",
    "accountNumber",
    "approvalTime",
    "createdTs",
    "paidTs",
    "regTs",
];

#[test]
fn what_decides_nothing_is_read_or_left_out() {
    let nonsense = [json!([]), json!([1, "x"]), json!({}), json!({ "a": { "b": 1 } })];
    let no_number = [json!("무이자 3개월"), json!("-1"), json!(-1), json!(1.5), json!(true)];
    let no_flag = [json!("maybe"), json!(2), json!(0.5)];
    let mut odd = 0;
    for (name, op, success) in responses() {
        for place in
            places(&success, |path, _| path.last().is_some_and(|name| SHOWN.contains(&name.as_str())))
        {
            let more: &[Value] = match place.rsplit('/').next().unwrap() {
                "spreadOut" => &no_number,
                "noInterest" => &no_flag,
                _ => &[],
            };
            for value in nonsense.iter().chain(more) {
                odd += 1;
                let read = decode(op, &with(&success, &place, value.clone()));
                let read = read.unwrap_or_else(|error| panic!("{name} {place} {value}: {error}"));
                assert_eq!(read, without_nulls(&without(&success, &place)), "{name} {place} {value}");
            }
        }
    }
    assert!(odd > 200, "only {odd} odd values were tried");
    let (_, op, paid) =
        responses().into_iter().find(|(_, _, success)| success["card"].is_object()).expect("a card");
    for nonsense in [json!("x"), json!([]), json!([{}]), json!(7), json!(true)] {
        let read = decode(op, &with(&paid, "/card", nonsense.clone()));
        let read = read.unwrap_or_else(|error| panic!("{nonsense}: {error}"));
        assert_eq!(read, without_nulls(&without(&paid, "/card")), "{nonsense}");
    }
}

#[test]
fn what_decides_something_is_read_or_refused() {
    for (name, op, success) in responses() {
        let decides = |path: &[String], value: &Value| {
            let name = path.last().map(String::as_str).unwrap_or_default();
            !value.is_object() && !value.is_array() && !SHOWN.contains(&name) && name != "card"
        };
        for place in places(&success, decides) {
            for nonsense in [json!([1]), json!({ "a": 1 })] {
                let answer = with(&success, &place, nonsense.clone());
                assert!(decode(op, &answer).is_err(), "{name} {place} {nonsense}");
            }
        }
    }
}

#[test]
fn the_misspelt_flag_of_the_page_is_read() {
    for (name, op, success) in responses() {
        for place in places(&success, |path, _| path.last().is_some_and(|name| name == "noInterest")) {
            for ture in ["ture", "TURE", " ture "] {
                let read = decode(op, &with(&success, &place, json!(ture))).unwrap();
                let read = read.pointer(&place).unwrap().to_string();
                assert_eq!(read.trim_matches('"'), "true", "{name} {place} {ture}");
            }
        }
    }
}

#[test]
fn codes_nobody_knows_yet_survive_as_numbers() {
    for (name, op, success) in responses() {
        for place in places(&success, |path, _| path.last().is_some_and(|name| name == "cardCompanyCode")) {
            for code in
                [json!(11), json!("11"), json!("011"), json!("+11"), json!(0), json!(4_000_000_000_u64)]
            {
                let answer = with(&success, &place, code.clone());
                let read = decode(op, &answer).unwrap();
                let text = |value: &Value| value.to_string().replace('"', "");
                assert_eq!(text(read.pointer(&place).unwrap()), text(&code), "{name} {place}");
            }
        }
    }
}

#[test]
fn a_text_that_comes_as_a_number_is_that_text() {
    let is_text = |path: &[String], value: &Value| {
        value.is_string() && path.last().is_some_and(|name| name != "noInterest")
    };
    for (name, op, success) in responses() {
        for place in places(&success, is_text) {
            let answer = with(&success, &place, json!(7));
            let read = decode(op, &answer).unwrap_or_else(|error| panic!("{name} {place}: {error}"));
            let found = read.pointer(&place).unwrap();
            assert!(*found == json!("7") || place.ends_with("/cardCompanyCode"), "{name} {place}: {found}");
        }
    }
}

/// Replaces every value by what `change` makes of it.
fn map(value: &Value, change: &impl Fn(&Value) -> Option<Value>) -> Value {
    if let Some(changed) = change(value) {
        return changed;
    }
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| (name.clone(), map(member, change)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(elements) => elements.iter().map(|element| map(element, change)).collect(),
        other => other.clone(),
    }
}

/// A number in another dress.
type Dress = fn(&Value) -> Value;

fn number(text: &str) -> Value {
    // Not `json!(1000.0)`: the digits should stand as they are wherever serde_json keeps them.
    serde_json::from_str(text).unwrap()
}

const DRESSES: [(&str, Dress); 5] = [
    ("widened", |value| number(&format!("{value}.0"))),
    ("widened further", |value| number(&format!("{value}.000"))),
    ("quoted", |value| json!(value.to_string())),
    ("quoted and widened", |value| json!(format!("{value}.00"))),
    ("quoted with blanks", |value| json!(format!(" {value} "))),
];

#[test]
fn numbers_in_another_dress_are_the_same_numbers() {
    let mut amounts = 0;
    for (name, op, success) in responses() {
        let plain = decode(op, &success).unwrap();
        assert_eq!(money(&plain), money(&success), "{name}");
        amounts += money(&plain).len();
        for (dress, put_on) in DRESSES {
            let all = map(&success, &|value| value.is_number().then(|| put_on(value)));
            let read = decode(op, &all).unwrap_or_else(|error| panic!("{name}, all {dress}: {error}"));
            assert_eq!(money(&read), money(&plain), "{name}, all {dress}");
            // A code is text: what stands in quotes is kept to the letter.
            let is_code = |place: &str| dress.starts_with("quoted ") && place.ends_with("/cardCompanyCode");
            for place in places(&success, |_, value| value.is_number()) {
                let mut answer = success.clone();
                let value = answer.pointer_mut(&place).unwrap();
                *value = put_on(value);
                let read =
                    decode(op, &answer).unwrap_or_else(|error| panic!("{name} {place} {dress}: {error}"));
                assert_eq!(money(&read), money(&plain), "{name} {place} {dress}");
                assert!(read == plain || is_code(&place), "{name} {place} {dress}: {read}");
            }
        }
    }
    assert!(amounts > 50, "only {amounts} amounts were looked at");
}

#[test]
fn amounts_of_any_size_are_read_or_refused_and_never_changed() {
    // Above 2^53 a float may stand for a neighbour; nothing may be rounded.
    let amounts =
        ["1", "9999999", "2147483648", "9007199254740993", "-9007199254740993", "9223372036854775807"];
    for (name, op, success) in responses() {
        for place in money(&success).keys().map(|path| format!("/{path}")) {
            for amount in amounts {
                for (dress, put_on) in DRESSES {
                    let mut answer = success.clone();
                    *answer.pointer_mut(&place).unwrap() = put_on(&number(amount));
                    if let Ok(read) = decode(op, &answer) {
                        assert_eq!(
                            read.pointer(&place).unwrap().to_string(),
                            amount,
                            "{name} {place} {dress}"
                        );
                    }
                }
                let mut answer = success.clone();
                *answer.pointer_mut(&place).unwrap() = number(amount);
                let read = decode(op, &answer).unwrap();
                assert_eq!(read.pointer(&place).unwrap().to_string(), amount, "{name} {place}");
            }
            for nonsense in [json!(10.5), json!("10.5"), json!("1,000"), json!(true), json!({}), json!([10])]
            {
                let mut answer = success.clone();
                *answer.pointer_mut(&place).unwrap() = nonsense.clone();
                assert!(decode(op, &answer).is_err(), "{name} {place} {nonsense}");
            }
        }
    }
}

#[test]
fn flags_in_another_dress_are_the_same_flags() {
    let is_flag = |path: &[String], value: &Value| {
        path.last().is_some_and(|name| name == "noInterest") && !value.is_null()
    };
    let mut flags = 0;
    for (name, op, success) in responses() {
        for place in places(&success, is_flag) {
            flags += 1;
            for (value, meaning) in [
                (json!(true), true),
                (json!("true"), true),
                (json!("Y"), true),
                (json!(false), false),
                (json!("false"), false),
                (json!("N"), false),
            ] {
                let mut answer = success.clone();
                *answer.pointer_mut(&place).unwrap() = value.clone();
                let read = decode(op, &answer).unwrap();
                let read = read.pointer(&place).unwrap().to_string();
                assert_eq!(read.trim_matches('"'), meaning.to_string(), "{name} {place} {value}");
            }
        }
    }
    assert_eq!(flags, 3, "one in the card payment, two in the status samples");
}
