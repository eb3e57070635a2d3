//! Promotions.

use ait_emulator::api::{
    Basis,
    brandpay::{Discount, Point},
    switches::ListForm,
};
use serde_json::{Value, json};

use super::desk::{CUSTOMER, Desk, METHODS, fixture, members};

#[test]
fn the_members_of_the_samples() {
    let mut desk = Desk::new();
    for (target, sample) in [
        ("/v1/brandpay/promotions/card", "card-promotions.response"),
        ("/v1/brandpay/promotions/bank", "bank-promotions.response"),
        ("/v1/promotions/card", "all-card-promotions.response"),
    ] {
        let told = desk.look(target);
        assert_eq!(members(&told.json()), members(&fixture(sample)), "{target}");
    }
}

#[test]
fn all_of_them_in_a_list_or_one_as_an_object() {
    let mut desk = Desk::new();
    let told = desk.look("/v1/promotions");
    assert_eq!(told.basis, Basis::Assumed("promotion_list"));
    let all = told.json();
    let kinds: Vec<&str> = all.as_array().unwrap().iter().map(|one| one["type"].as_str().unwrap()).collect();
    for kind in ["CARD_DISCOUNT", "CARD_INTEREST_FREE", "CARD_POINT", "BANK_DISCOUNT"] {
        assert!(kinds.contains(&kind), "{kind}");
    }
    for one in all.as_array().unwrap() {
        let details = ["cardDiscount", "cardInterestFree", "cardPoint", "bankDiscount"];
        assert_eq!(details.iter().filter(|detail| one[**detail].is_object()).count(), 1, "{one}");
        assert!(details.iter().all(|detail| one.get(*detail).is_some()), "all four keys: {one}");
    }
    assert_eq!(all.as_array().unwrap().last().unwrap()["bankDiscount"]["type"], "FIXED_AMOUNT");
    desk.core.switches.promotion_list = ListForm::Object;
    assert_eq!(desk.look("/v1/promotions").json(), all[0]);
    desk.state().promotions = Default::default();
    assert_eq!(desk.look("/v1/promotions").json(), json!({}));
    desk.core.switches.promotion_list = ListForm::Array;
    assert_eq!(desk.look("/v1/promotions").json(), json!([]));
}

#[test]
fn one_that_is_over_is_not_told() {
    let mut desk = Desk::new();
    // The clock says 2025-10-09 in Korea.
    let day = |day: &str| {
        let mut point = Point::new("31", 1000);
        point.due_date = day.to_owned();
        point
    };
    desk.state().promotions = Default::default();
    desk.state().promotions.point_cards = vec![day("2025-10-08"), day("2025-10-09")];
    let told = desk.look("/v1/brandpay/promotions/card").json();
    assert_eq!(
        told["pointCards"],
        json!([{"companyCode": "31", "dueDate": "2025-10-09", "minimumPaymentAmount": 1000}])
    );
    assert_eq!(desk.look("/v1/promotions").json().as_array().unwrap().len(), 1);
}

#[test]
fn a_method_has_those_of_its_company() {
    let mut desk = Desk::new();
    desk.state().promotions = Default::default();
    desk.state().promotions.discount_cards =
        vec![Discount::new("31", 600, "12861", 2000), Discount::new("71", 500, "12860", 1000)];
    desk.state().promotions.discount_banks =
        vec![Discount::new("31", 1, "1", 1), Discount::new("88", 2, "2", 1)];
    let methods: Value = desk.look(&format!("{METHODS}/{CUSTOMER}")).json();
    let card = methods["cards"][0]["promotions"].as_array().unwrap();
    assert_eq!((card.len(), &card[0]["cardDiscount"]["issuerCode"]), (1, &json!("31")));
    let account = methods["accounts"][0]["promotions"].as_array().unwrap();
    assert_eq!((account.len(), &account[0]["bankDiscount"]["bankCode"]), (1, &json!("88")));
}
