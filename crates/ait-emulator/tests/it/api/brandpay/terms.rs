//! Terms, and agreeing to them.

use std::time::Duration;

use ait_emulator::api::switches::ScopeForm;
use serde_json::{Value, json};

use super::desk::{AGREE, CUSTOMER, Desk, TOKEN, fixture, refused};

fn ids(told: &crate::api::support::Told) -> Vec<i64> {
    assert_eq!(told.status, 200, "{}", told.body);
    told.json().as_array().unwrap().iter().map(|term| term["id"].as_i64().unwrap()).collect()
}

fn terms(scopes: &str) -> String {
    format!("/v1/brandpay/terms?customerKey={CUSTOMER}&{scopes}")
}

#[test]
fn the_sample_is_what_a_new_customer_sees() {
    assert_eq!(Desk::new().look(&terms("scope=REGISTER")).json(), fixture("terms.response"));
}

#[test]
fn two_scopes_are_membership_and_a_kind() {
    let mut desk = Desk::new();
    assert_eq!(ids(&desk.look(&terms("scope=REGISTER&scope=CARD"))), [1, 2, 3, 4, 5]);
    assert_eq!(ids(&desk.look(&terms("scope=REGISTER,CARD"))), [1, 2, 3, 4, 5]);
    assert_eq!(ids(&desk.look(&terms("scope=REGISTER%2CACCOUNT"))), [1, 2, 3, 4, 6]);
    assert_eq!(ids(&desk.look(&terms("scope=BILLING"))), [7]);
    for wrong in [
        "scope=CARD&scope=ACCOUNT",
        "scope=register",
        "",
        "scope=",
        "scope=REGISTER&scope=CARD&scope=BILLING",
        "scope=REGISTER,REGISTER",
    ] {
        refused(&desk.look(&terms(wrong)), 400, "INVALID_REQUEST");
    }
    refused(&desk.look("/v1/brandpay/terms?scope=REGISTER"), 400, "INVALID_REQUEST");
    refused(&desk.look("/v1/brandpay/terms?customerKey=a&scope=REGISTER"), 400, "INVALID_CUSTOMER_KEY");
    assert_eq!(ids(&desk.look("/v1/brandpay/terms?customerKey=a%40b.c&scope=CARD")), [5]);
}

#[test]
fn how_two_scopes_are_written_is_a_switch() {
    for (form, repeated, joined) in
        [(ScopeForm::Either, 200, 200), (ScopeForm::Repeated, 200, 400), (ScopeForm::Comma, 400, 200)]
    {
        let mut desk = Desk::new();
        desk.core.switches.terms_scopes = form;
        assert_eq!(desk.look(&terms("scope=REGISTER&scope=CARD")).status, repeated, "{form:?}");
        assert_eq!(desk.look(&terms("scope=REGISTER,CARD")).status, joined, "{form:?}");
        assert_eq!(desk.look(&terms("scope=REGISTER")).status, 200, "{form:?}");
    }
}

#[test]
fn agreement_shows_and_leads_to_a_token() {
    let mut desk = Desk::new();
    let code = desk.call(AGREE, fixture("agree-terms.request")).json();
    assert_eq!(
        code["code"].as_str().unwrap().len(),
        fixture("agree-terms.response")["code"].as_str().unwrap().len()
    );
    let agreed = |desk: &mut Desk| {
        let terms = desk.look(&terms("scope=REGISTER&scope=ACCOUNT")).json();
        terms.as_array().unwrap().iter().map(|term| term["agreed"].as_bool().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(agreed(&mut desk), [true, true, true, true, false]);
    let issue = json!({"grantType": "AuthorizationCode", "customerKey": CUSTOMER, "code": code["code"]});
    assert_eq!(desk.call(TOKEN, issue).status, 200);
    assert_eq!(agreed(&mut desk), [true, true, true, true, false]);
    desk.core.switches.list_agreed_terms = false;
    assert_eq!(ids(&desk.look(&terms("scope=REGISTER&scope=ACCOUNT"))), [6]);
    assert_eq!(desk.look(&terms("scope=REGISTER")).json(), fixture("terms.none.response"));
}

#[test]
fn what_cannot_be_agreed_to() {
    let mut desk = Desk::new();
    let before = desk.core.world.clone();
    for (body, code) in [
        (json!({"customerKey": CUSTOMER, "scope": ["REGISTER"], "termsId": [1, 2, 3]}), "INVALID_REQUEST"),
        (
            json!({"customerKey": CUSTOMER, "scope": ["REGISTER"], "termsId": [1, 2, 3, 4, 5]}),
            "INVALID_REQUEST",
        ),
        (json!({"customerKey": CUSTOMER, "scope": "REGISTER", "termsId": [1, 2, 3, 4]}), "INVALID_REQUEST"),
        (json!({"customerKey": CUSTOMER, "scope": ["CARD", "ACCOUNT"]}), "INVALID_REQUEST"),
        (json!({"customerKey": CUSTOMER, "termsId": [1]}), "INVALID_REQUEST"),
        (json!({"customerKey": CUSTOMER, "scope": ["CARD"], "termsId": "5"}), "INVALID_REQUEST"),
        (json!({"scope": ["REGISTER"]}), "INVALID_REQUEST"),
        (json!({"customerKey": "!!", "scope": ["REGISTER"]}), "INVALID_CUSTOMER_KEY"),
    ] {
        refused(&desk.call(AGREE, body), 400, code);
    }
    assert_eq!(desk.core.world, before);
    assert_eq!(desk.call(AGREE, json!({"customerKey": CUSTOMER, "scope": ["CARD"]})).status, 200);
}

#[test]
fn a_code_works_once_and_for_its_customer() {
    let mut desk = Desk::new();
    let code = desk.call(AGREE, fixture("agree-terms.request")).json()["code"].clone();
    let issue = |customer: &str, code: &Value| json!({"grantType": "AuthorizationCode", "customerKey": customer, "code": code});
    refused(&desk.call(TOKEN, issue("another", &code)), 400, "NOT_MATCHES_CUSTOMER_KEY");
    assert_eq!(desk.call(TOKEN, issue(CUSTOMER, &code)).status, 200);
    refused(&desk.call(TOKEN, issue(CUSTOMER, &code)), 400, "INVALID_REQUEST");
    let late = desk.call(AGREE, fixture("agree-terms.request")).json()["code"].clone();
    let in_time = desk.call(AGREE, fixture("agree-terms.request")).json()["code"].clone();
    desk.advance(Duration::from_secs(600));
    assert_eq!(desk.call(TOKEN, issue(CUSTOMER, &in_time)).status, 200);
    desk.advance(Duration::from_millis(1));
    refused(&desk.call(TOKEN, issue(CUSTOMER, &late)), 400, "INVALID_REQUEST");
    desk.core.switches.code_seconds = 0;
    desk.advance(Duration::from_secs(1_000_000));
    assert_eq!(desk.call(TOKEN, issue(CUSTOMER, &late)).status, 200);
}

#[test]
fn a_magic_code_works_once_for_whoever_brings_it() {
    let mut desk = Desk::new();
    let issue =
        |code: &str| json!({"grantType": "AuthorizationCode", "customerKey": "newcomer", "code": code});
    let token = desk.call(TOKEN, issue("emu-1")).json()["accessToken"].clone();
    refused(&desk.call(TOKEN, issue("emu-1")), 400, "INVALID_REQUEST");
    // A known customer keeps the token.
    assert_eq!(desk.call(TOKEN, issue("emu-2")).json()["accessToken"], token);
    refused(&desk.call(TOKEN, issue("another")), 400, "INVALID_REQUEST");
}

#[test]
fn what_is_not_required_need_not_be_agreed_to() {
    let mut desk = Desk::new();
    desk.state().terms[3].required = false;
    let body = json!({"customerKey": CUSTOMER, "scope": ["REGISTER"], "termsId": [1, 2, 3]});
    assert_eq!(desk.call(AGREE, body).status, 200);
}
