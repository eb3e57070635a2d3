//! Tokens, and customers who leave.

use std::time::Duration;

use ait_emulator::api::brandpay::Customer;
use serde_json::{Value, json};

use super::desk::{CONFIRM, CUSTOMER, Desk, LEAVE, METHODS, TOKEN, confirmation, fixture, members, refused};

fn issue(desk: &mut Desk, customer: &str, more: Value) -> Value {
    let now = desk.now;
    let mut rng = desk.rng.clone();
    let code = desk.state().redirect_code(customer, now, &mut rng);
    desk.rng = rng;
    let mut body = json!({"grantType": "AuthorizationCode", "customerKey": customer, "code": code});
    body.as_object_mut().unwrap().append(&mut more.as_object().unwrap().clone());
    let told = desk.call(TOKEN, body);
    assert_eq!(told.status, 200, "{}", told.body);
    told.json()
}

fn renew(desk: &mut Desk, customer: &str, refresh: &Value) -> crate::api::support::Told {
    desk.call(TOKEN, json!({"grantType": "RefreshToken", "customerKey": customer, "refreshToken": refresh}))
}

#[test]
fn the_first_token_and_the_same_one_later() {
    let mut desk = Desk::new();
    let first = issue(&mut desk, CUSTOMER, json!({}));
    assert_eq!(members(&first), members(&fixture("access-token.response")));
    assert_eq!((&first["tokenType"], &first["expiresIn"]), (&json!("bearer"), &json!(2_592_000)));
    desk.advance(Duration::from_secs(2_592_001));
    let token = first["accessToken"].as_str().unwrap();
    refused(&desk.as_customer("GET", METHODS, token, &Value::Null), 401, "INVALID_ACCESS_TOKEN");
    assert_eq!(issue(&mut desk, CUSTOMER, json!({})), first, "a known customer's token lives longer");
    assert_eq!(desk.as_customer("GET", METHODS, token, &Value::Null).status, 200);
}

#[test]
fn a_renewal_brings_new_ones() {
    let mut desk = Desk::new();
    let first = issue(&mut desk, CUSTOMER, json!({}));
    issue(&mut desk, "another", json!({}));
    refused(&renew(&mut desk, CUSTOMER, &json!("made-up")), 400, "INVALID_REQUEST");
    refused(&renew(&mut desk, "another", &first["refreshToken"]), 400, "NOT_MATCHES_CUSTOMER_KEY");
    let second = renew(&mut desk, CUSTOMER, &first["refreshToken"]).json();
    assert_ne!(first["accessToken"], second["accessToken"]);
    assert_ne!(first["refreshToken"], second["refreshToken"]);
    refused(&renew(&mut desk, CUSTOMER, &first["refreshToken"]), 400, "INVALID_REQUEST");
    let old = desk.as_customer("GET", METHODS, first["accessToken"].as_str().unwrap(), &Value::Null);
    refused(&old, 401, "INVALID_ACCESS_TOKEN");
    let new = desk.as_customer("GET", METHODS, second["accessToken"].as_str().unwrap(), &Value::Null);
    assert_eq!(new.status, 200);
}

#[test]
fn a_new_customer_can_pay_at_once() {
    let mut desk = Desk::new();
    let token = issue(&mut desk, "newcomer", json!({}))["accessToken"].as_str().unwrap().to_owned();
    let methods = desk.as_customer("GET", METHODS, &token, &Value::Null).json();
    assert_eq!(methods["cards"][0]["status"], "ENABLED");
    assert_eq!(methods["accounts"][0]["status"], "ENABLED");
    for (order, method) in [("order-1", "cards"), ("order-2", "accounts")] {
        let body = json!({
            "customerKey": "newcomer", "methodKey": methods[method][0]["methodKey"], "amount": "10000",
            "orderId": order, "orderName": "생수",
        });
        assert_eq!(desk.call(super::desk::AUTOMATIC, body).status, 200);
    }
}

#[test]
fn a_customer_who_is_there_keeps_the_methods() {
    let mut desk = Desk::new();
    desk.state().customers.insert("bare".to_owned(), Customer::default());
    let token = issue(&mut desk, "bare", json!({}))["accessToken"].as_str().unwrap().to_owned();
    let methods = desk.as_customer("GET", METHODS, &token, &Value::Null).json();
    let mut none = fixture("methods.none.response");
    none["isIdentified"] = true.into();
    assert_eq!(methods, none);
}

#[test]
fn a_whole_identity_identifies() {
    let identity = fixture("access-token.identity.request")["customerIdentity"].clone();
    let mut desk = Desk::new();
    let code = |desk: &mut Desk| {
        let body = json!({"customerKey": "newcomer", "scope": ["REGISTER"]});
        desk.call(super::desk::AGREE, body).json()["code"].clone()
    };
    let mut send = |identity: &Value| {
        let body = json!({
            "grantType": "AuthorizationCode", "customerKey": "newcomer", "code": code(&mut desk),
            "customerIdentity": identity,
        });
        let told = desk.call(TOKEN, body);
        (told.status, desk.state().customers.get("newcomer").is_some_and(|customer| customer.identified))
    };
    let mut part = identity.clone();
    part.as_object_mut().unwrap().remove("ci");
    assert_eq!(send(&part), (200, false));
    let mut wrong = identity.clone();
    wrong["rrn"] = "123456".into();
    assert_eq!(send(&wrong), (400, false));
    let mut object = identity.clone();
    object["name"] = json!({});
    assert_eq!(send(&object), (400, false));
    assert_eq!(send(&identity), (200, true));
    let kept = serde_json::to_string(&desk.core.world).unwrap();
    assert!(!kept.contains("FAKE-CI") && !kept.contains("홍길동"), "personal data is not kept");
}

#[test]
fn what_an_issue_needs() {
    let mut desk = Desk::new();
    let before = desk.core.world.clone();
    for (body, code) in [
        (json!({"grantType": "AuthorizationCode", "customerKey": CUSTOMER}), "INVALID_REQUEST"),
        (json!({"grantType": "RefreshToken", "customerKey": CUSTOMER, "code": "x"}), "INVALID_REQUEST"),
        (json!({"grantType": "authorization_code", "customerKey": CUSTOMER, "code": "x"}), "INVALID_REQUEST"),
        (json!({"grantType": "AuthorizationCode", "code": "x"}), "INVALID_REQUEST"),
        (json!({"grantType": "AuthorizationCode", "customerKey": "a", "code": "x"}), "INVALID_CUSTOMER_KEY"),
        (json!({"grantType": "AuthorizationCode", "customerKey": CUSTOMER, "code": "x"}), "INVALID_REQUEST"),
    ] {
        refused(&desk.call(TOKEN, body), 400, code);
    }
    assert_eq!(desk.core.world, before);
}

#[test]
fn the_rules_of_a_customer_key() {
    let mut desk = Desk::new();
    let fifty = "a".repeat(50);
    for (key, status) in [
        ("a", 400),
        ("ab", 200),
        (&fifty, 200),
        (&format!("{fifty}a"), 400),
        ("A-z_0=9.@", 200),
        ("..", 200),
        ("a b", 400),
        ("a!", 400),
        ("키키", 400),
    ] {
        let told = desk.call(super::desk::AGREE, json!({"customerKey": key, "scope": ["CARD"]}));
        assert_eq!(told.status, status, "{key}: {}", told.body);
        if status == 400 {
            refused(&told, 400, "INVALID_CUSTOMER_KEY");
        }
    }
    desk.core.switches.longest_customer_key = 300;
    let agree = |length| json!({"customerKey": "a".repeat(length), "scope": ["CARD"]});
    assert_eq!(desk.call(super::desk::AGREE, agree(300)).status, 200);
    refused(&desk.call(super::desk::AGREE, agree(301)), 500, "FAILED_DB_PROCESSING");
}

#[test]
fn leaving_ends_tokens_and_methods_and_leaves_payments() {
    let mut desk = Desk::new();
    let paid = desk.paid(10_000);
    let open = desk.session_of("order-2", 1000, None);
    let method = desk.card_key();
    let token = desk.token();
    let agreement = json!({"customerKey": CUSTOMER, "scope": ["REGISTER"]});
    let code = desk.call(super::desk::AGREE, agreement).json()["code"].clone();
    let told = desk.as_customer("POST", LEAVE, &token, &Value::Null);
    assert_eq!(told.json(), fixture("remove-customer.response"));
    let issue = json!({"grantType": "AuthorizationCode", "customerKey": CUSTOMER, "code": code});
    refused(&desk.call(TOKEN, issue), 400, "INVALID_REQUEST");
    refused(&desk.as_customer("POST", LEAVE, &token, &Value::Null), 401, "INVALID_ACCESS_TOKEN");
    refused(&desk.look(&format!("{METHODS}/{CUSTOMER}")), 404, "NOT_FOUND_CUSTOMER");
    refused(&desk.call(CONFIRM, confirmation(&open, "order-2", 1000)), 404, "NOT_FOUND_CUSTOMER");
    let pay = json!({"customerKey": CUSTOMER, "methodKey": method, "amount": 1000, "orderId": "order-3", "orderName": "x"});
    refused(&desk.call(super::desk::AUTOMATIC, pay), 404, "NOT_FOUND_CUSTOMER");
    assert_eq!(desk.look(&format!("/v1/payments/{paid}")).json()["status"], "DONE");
    assert_eq!(desk.cancel(&paid, json!({"cancelReason": "x"})).json()["status"], "CANCELED");
    let again = desk.token();
    assert_ne!(again, token, "who comes back is new");
    assert_eq!(desk.core.violations(), []);
}

#[test]
fn whether_leaving_takes_a_body_is_a_switch() {
    for (takes, status) in [(true, 200), (false, 400)] {
        let mut desk = Desk::new();
        desk.core.switches.withdrawal_takes_body = takes;
        let token = desk.token();
        assert_eq!(desk.as_customer("POST", LEAVE, &token, &json!({})).status, status);
    }
}
