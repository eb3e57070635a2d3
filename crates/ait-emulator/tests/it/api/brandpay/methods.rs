//! Cards and accounts.

use std::time::Duration;

use ait_emulator::api::{
    Basis,
    brandpay::{Account, Card},
    switches::UnknownCustomer,
};
use serde_json::{Value, json};

use super::desk::{
    CUSTOMER, Desk, KEY, METHODS, REMOVE_ACCOUNT, REMOVE_CARD, basic, fixture, members, refused,
};

fn listed(desk: &mut Desk) -> Value {
    let told = desk.look(&format!("{METHODS}/{CUSTOMER}"));
    assert_eq!(told.status, 200, "{}", told.body);
    told.json()
}

#[test]
fn both_calls_say_the_same_and_have_the_members_of_the_sample() {
    let mut desk = Desk::new();
    desk.customer().accounts[0].bank_code = "92".to_owned();
    desk.state().promotions.discount_cards.clear();
    let by_customer = listed(&mut desk);
    assert_eq!(members(&by_customer), members(&fixture("methods.response")));
    let token = desk.token();
    let mut by_token = desk.as_customer("GET", METHODS, &token, &Value::Null).json();
    assert_eq!(by_token["isIdentified"], true, "the redirect identifies");
    by_token["isIdentified"] = false.into();
    assert_eq!(by_token, by_customer);
    assert!(by_customer["cards"][0]["registeredAt"].as_str().unwrap().ends_with("+09:00"));
}

#[test]
fn a_key_in_the_path_is_decoded() {
    let mut desk = Desk::new();
    let (now, mut rng) = (desk.now, desk.rng.clone());
    desk.state().register_card("a@b=c", Card::new(now, &mut rng));
    let told = desk.look(&format!("{METHODS}/a%40b%3Dc"));
    assert_eq!(told.json()["cards"].as_array().unwrap().len(), 1);
    refused(&desk.look(&format!("{METHODS}/a")), 400, "INVALID_CUSTOMER_KEY");
}

#[test]
fn removal_disables_and_hides() {
    let mut desk = Desk::new();
    let (card, account) = (desk.card_key(), desk.account_key());
    let token = desk.token();
    let before = listed(&mut desk);
    let told = desk.as_customer("POST", REMOVE_CARD, &token, &json!({"methodKey": card})).json();
    assert_eq!((&told["status"], &told["id"]), (&json!("DISABLED"), &before["cards"][0]["id"]));
    let told = desk.as_customer("POST", REMOVE_ACCOUNT, &token, &json!({"methodKey": account})).json();
    assert_eq!((&told["status"], &told["id"]), (&json!("DISABLED"), &before["accounts"][0]["id"]));
    let after = listed(&mut desk);
    assert_eq!((&after["cards"], &after["accounts"]), (&json!([]), &json!([])));
    assert_eq!(after["selectedMethodId"], Value::Null);
    desk.core.switches.list_disabled_methods = true;
    assert_eq!(listed(&mut desk)["cards"][0]["status"], "DISABLED");
}

#[test]
fn what_cannot_be_removed() {
    let mut desk = Desk::new();
    let (card, account) = (desk.card_key(), desk.account_key());
    let (now, mut rng) = (desk.now, desk.rng.clone());
    let foreign = desk.state().register_card("another", Card::new(now, &mut rng));
    let foreign_account = desk.state().register_account("another", Account::new(now, &mut rng));
    let token = desk.token();
    let before = desk.core.world.clone();
    for (target, key, code) in [
        (REMOVE_CARD, "made-up", "NOT_FOUND_METHOD"),
        (REMOVE_ACCOUNT, "made-up", "NOT_FOUND_METHOD"),
        (REMOVE_CARD, &account, "NOT_FOUND_METHOD_IN_GROUP"),
        (REMOVE_ACCOUNT, &card, "NOT_FOUND_METHOD_IN_GROUP"),
        (REMOVE_CARD, &foreign, "NOT_FOUND_METHOD_OWNERSHIP"),
        (REMOVE_ACCOUNT, &foreign_account, "NOT_FOUND_METHOD_OWNERSHIP"),
    ] {
        refused(&desk.as_customer("POST", target, &token, &json!({"methodKey": key})), 404, code);
    }
    refused(&desk.as_customer("POST", REMOVE_CARD, &token, &json!({})), 400, "INVALID_REQUEST");
    assert_eq!(desk.core.world, before);
    assert_eq!(desk.as_customer("POST", REMOVE_CARD, &token, &json!({"methodKey": card})).status, 200);
    let again = desk.as_customer("POST", REMOVE_CARD, &token, &json!({"methodKey": card}));
    refused(&again, 404, "NOT_FOUND_METHOD");
}

#[test]
fn selected_is_what_was_registered_or_used_last() {
    let mut desk = Desk::new();
    let id = |desk: &mut Desk| listed(desk)["selectedMethodId"].as_str().unwrap().to_owned();
    let card = desk.customer().cards[0].id.clone();
    let account = desk.customer().accounts[0].id.clone();
    assert_eq!(id(&mut desk), card, "of two the first");
    let account_key = desk.account_key();
    let key = desk.session(1000, Some(&account_key));
    assert_eq!(desk.confirm(&key, 1000).status, 200);
    assert_eq!(id(&mut desk), account);
    desk.advance(Duration::from_secs(31 * 24 * 3600));
    assert_eq!(id(&mut desk), card, "that was more than a month ago");
    let (now, mut rng) = (desk.now, desk.rng.clone());
    let new = Account::new(now, &mut rng);
    let new_id = new.id.clone();
    desk.state().register_account(CUSTOMER, new);
    assert_eq!(id(&mut desk), new_id);
}

#[test]
fn a_customer_who_is_not_known_is_a_switch() {
    let mut desk = Desk::new();
    let told = desk.look(&format!("{METHODS}/nobody"));
    refused(&told, 404, "NOT_FOUND_CUSTOMER");
    assert_eq!(told.basis, Basis::Assumed("unknown_customer"));
    desk.core.switches.unknown_customer = UnknownCustomer::Empty;
    assert_eq!(desk.look(&format!("{METHODS}/nobody")).json(), fixture("methods.none.response"));
}

#[test]
fn kinds_in_english() {
    let mut desk = Desk::new();
    desk.customer().cards[0].card_type = "체크".to_owned();
    let headers = [("authorization", basic(KEY)), ("accept-language", "en-US".to_owned())];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let told = desk.with("GET", &format!("{METHODS}/{CUSTOMER}"), &headers, &Value::Null).json();
    assert_eq!(
        (&told["cards"][0]["cardType"], &told["cards"][0]["ownerType"]),
        (&json!("CHECK"), &json!("PERSONAL"))
    );
    assert_eq!(listed(&mut desk)["cards"][0]["cardType"], "체크");
}
