//! The lists of codes, against the tables of `docs/api/tosspay.md`.

use std::collections::BTreeMap;

use ait_testkit::page;
use ait_tosspay::{
    Bank, CardCompany, CardKind, CardOwner, CashReceiptKind, Environment, ErrorCode, Installment, PayMethod,
    PayStatus, Step, ait_core::lenient::FromScalar,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

/// The rows of the table under this heading, without its head.
fn table(heading: &str) -> Vec<Vec<String>> {
    let page = page("tosspay.md");
    let section = page.split("\n## ").find(|section| section.lines().next() == Some(heading));
    let section = section.unwrap_or_else(|| panic!("no section {heading:?}"));
    let rows = section.lines().filter(|line| line.starts_with('|'));
    let cells = |row: &str| -> Vec<String> {
        let row = row.trim().trim_start_matches('|').trim_end_matches('|');
        row.split('|').map(|cell| cell.trim().trim_matches('`').to_owned()).collect()
    };
    let rows: Vec<_> = rows.skip(2).map(cells).collect();
    assert!(!rows.is_empty(), "no table under {heading:?}");
    rows
}

/// The first two columns. A code that stands twice is a slip of the page.
fn named(heading: &str) -> BTreeMap<String, String> {
    let rows = table(heading);
    let names: BTreeMap<_, _> = rows.iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    assert_eq!(names.len(), rows.len(), "{heading}: a code stands twice");
    names
}

#[test]
fn the_banks_are_those_of_the_table() {
    let ours = Bank::KNOWN
        .iter()
        .map(|bank| (bank.as_str().to_owned(), bank.korean_name().unwrap_or_default().to_owned()));
    assert_eq!(ours.collect::<BTreeMap<_, _>>(), named("Bank codes"));
    assert_eq!((Bank::KNOWN.len(), named("Bank codes").len()), (48, 48));
}

#[test]
fn the_card_companies_are_those_of_the_table() {
    let ours = CardCompany::KNOWN
        .iter()
        .map(|company| (company.as_str().to_owned(), company.korean_name().unwrap_or_default().to_owned()));
    assert_eq!(ours.collect::<BTreeMap<_, _>>(), named("Card company codes"));
    assert_eq!(CardCompany::KNOWN.len(), 10);
}

#[test]
fn the_card_companies_are_spelled_as_the_table_spells_them() {
    for row in table("Card company codes") {
        let english = row[2].split(',').next().unwrap_or_default();
        let name = format!("{:?}", CardCompany::from(row[0].as_str()));
        // `Debug` shows the wire value; the variant is told by name in the match below.
        assert_eq!(name, format!("{:?}", row[0]));
        let variant = match CardCompany::from(row[0].as_str()) {
            CardCompany::Shinhan => "Shinhan",
            CardCompany::Hyundai => "Hyundai",
            CardCompany::Samsung => "Samsung",
            CardCompany::Kookmin => "Kookmin",
            CardCompany::Lotte => "Lotte",
            CardCompany::Hana => "Hana",
            CardCompany::Woori => "Woori",
            CardCompany::Nonghyup => "Nonghyup",
            CardCompany::Citi => "Citi",
            CardCompany::Bc => "BC",
            other => panic!("{other}"),
        };
        assert_eq!(variant, english);
    }
}

#[test]
fn the_statuses_are_those_of_the_table() {
    let documented: Vec<_> = table("Payment statuses");
    let mut theirs: Vec<_> = documented.iter().map(|row| row[0].as_str()).collect();
    let mut ours: Vec<_> = PayStatus::KNOWN.iter().map(PayStatus::as_str).collect();
    theirs.sort_unstable();
    ours.sort_unstable();
    assert_eq!(ours, theirs);
    assert_eq!(ours.len(), 9);
    for row in documented {
        let status = PayStatus::from(row[0].as_str());
        assert_eq!(status.is_paid(), row[2] == "yes", "{status}: the merchant has the money: {}", row[2]);
        if row[2] == "not known yet" {
            assert!(status.is_undecided(), "{status}");
        }
        assert!(status.korean_name().is_some_and(|name| !name.is_empty()), "{status}");
    }
}

#[test]
fn a_status_says_where_the_money_is() {
    let said = |status: &PayStatus| {
        (status.is_paid(), status.was_executed(), status.has_refund(), status.is_undecided())
    };
    // paid, executed, money given back, undecided
    let table = [
        ("PAY_STANDBY", PayStatus::Standby, (false, false, false, true)),
        ("PAY_APPROVED", PayStatus::Approved, (false, false, false, true)),
        ("PAY_CANCEL", PayStatus::Canceled, (false, false, false, false)),
        ("PAY_PROGRESS", PayStatus::InProgress, (false, false, false, true)),
        ("PAY_COMPLETE", PayStatus::Complete, (true, true, false, false)),
        ("REFUND_PROGRESS", PayStatus::RefundInProgress, (false, true, false, true)),
        ("REFUND_SUCCESS", PayStatus::Refunded, (false, true, true, false)),
        ("SETTLEMENT_COMPLETE", PayStatus::Settled, (true, true, false, false)),
        ("SETTLEMENT_REFUND_COMPLETE", PayStatus::RefundSettled, (false, true, true, false)),
    ];
    for (text, status, expected) in table {
        assert_eq!(PayStatus::from(text), status);
        assert_eq!(said(&status), expected, "{text}");
    }
    for unknown in ["", "PAY_COMPLETED", "pay_complete", "PAY_COMPLETE ", "PAY_PARTIALLY_REFUNDED"] {
        let status = PayStatus::from(unknown);
        assert_eq!(said(&status), (false, false, false, true), "{unknown:?}");
        assert!(!status.is_known());
    }
}

/// Any text goes in and comes out again; what is known stays known.
fn survives<T>(known: &[T], from: fn(&str) -> T, as_str: fn(&T) -> &str, is_known: fn(&T) -> bool)
where
    T: Serialize + DeserializeOwned + FromScalar + Clone + PartialEq + std::fmt::Debug,
{
    for value in known {
        assert!(is_known(value));
        assert_eq!(&from(as_str(value)), value);
        assert_eq!(serde_json::to_value(value).unwrap(), json!(as_str(value)));
        assert_eq!(&serde_json::from_value::<T>(json!(as_str(value))).unwrap(), value);
    }
    for text in ["TOMORROW", "", " ", "null", "새로운 값", "\u{0}", "a\"b\\c"] {
        let value: T = serde_json::from_value(json!(text)).unwrap();
        assert!(!is_known(&value), "{text:?}");
        assert_eq!(as_str(&value), text);
        assert_eq!(value, from(text));
        assert_eq!(serde_json::to_value(&value).unwrap(), json!(text));
    }
    let number: T = serde_json::from_value(json!(777)).unwrap();
    assert_eq!(as_str(&number), "777", "a code may come as a number");
    for nonsense in [json!(true), json!({}), json!([]), json!(null)] {
        assert!(serde_json::from_value::<T>(nonsense.clone()).is_err(), "{nonsense}");
    }
}

#[test]
fn values_nobody_knows_survive() {
    survives(Bank::KNOWN, |text| Bank::from(text), Bank::as_str, Bank::is_known);
    survives(CardCompany::KNOWN, |text| text.into(), CardCompany::as_str, CardCompany::is_known);
    survives(CardKind::KNOWN, |text| text.into(), CardKind::as_str, CardKind::is_known);
    survives(CardOwner::KNOWN, |text| text.into(), CardOwner::as_str, CardOwner::is_known);
    survives(CashReceiptKind::KNOWN, |text| text.into(), CashReceiptKind::as_str, CashReceiptKind::is_known);
    survives(Environment::KNOWN, |text| text.into(), Environment::as_str, Environment::is_known);
    survives(ErrorCode::KNOWN, |text| text.into(), ErrorCode::as_str, ErrorCode::is_known);
    survives(Installment::KNOWN, |text| text.into(), Installment::as_str, Installment::is_known);
    survives(PayMethod::KNOWN, |text| text.into(), PayMethod::as_str, PayMethod::is_known);
    survives(PayStatus::KNOWN, |text| text.into(), PayStatus::as_str, PayStatus::is_known);
    survives(Step::KNOWN, |text| text.into(), Step::as_str, Step::is_known);
}

#[test]
fn the_values_of_the_field_tables_are_known() {
    let page = page("tosspay.md");
    let values = |field: &str| -> Vec<String> {
        let rows = page.lines().filter(|line| line.starts_with(&format!("| `{field}` |")));
        let codes = rows.flat_map(|row| row.split('`').skip(3).step_by(2));
        codes.filter(|code| !code.contains('-')).map(str::to_owned).collect()
    };
    let all = |field: &str, known: &dyn Fn(&str) -> bool, least: usize| {
        let values = values(field);
        assert!(values.len() >= least, "{field}: {values:?}");
        values.iter().for_each(|value| assert!(known(value), "{field}: {value}"));
    };
    all("cardMethodType", &|value| CardKind::from(value).is_known(), 3);
    all("cardUserType", &|value| CardOwner::from(value).is_known(), 5);
    all("cashReceiptTradeOption", &|value| CashReceiptKind::from(value).is_known(), 3);
    all("installment", &|value| Installment::from(value).is_known(), 2);
    all("payMethod", &|value| PayMethod::from(value).is_known(), 2);
    all("mode", &|value| Environment::from(value).is_known(), 2);
    all("stepType", &|value| Step::from(value).is_known(), 2);
}
