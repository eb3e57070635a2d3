//! Webhooks of BrandPay customers, and of their cards and accounts.

use brandpay::{RemoveAccount, RemoveCard, RemoveCustomer};
use serde_json::{Value, json};

use super::till::{CUSTOMER, Till, key};

fn told(method: &str, word: &str) -> (String, String, String) {
    (CUSTOMER.to_owned(), method.to_owned(), word.to_owned())
}

#[tokio::test]
async fn a_customer_comes_with_methods_removes_them_and_goes() {
    let mut till = Till::open().await;
    let token = till.token().await;
    let methods = till.methods().await;
    let (card, account) = (methods.cards[0].method_key.clone(), methods.accounts[0].method_key.clone());
    assert_eq!(till.change().await, told("", "CREATED"));
    assert_eq!(till.change().await, told(card.expose(), "ENABLED"));
    assert_eq!(till.change().await, told(account.expose(), "ENABLED"));
    till.token().await;
    assert_eq!(till.outbox(), 3, "a customer who is known does not come again");

    till.pay.remove_card(RemoveCard::new(key("card"), token.clone(), card.clone())).await.unwrap();
    assert_eq!(till.change().await, told(card.expose(), "DISABLED"));
    till.pay.remove_card(RemoveCard::new(key("again"), token.clone(), card.clone())).await.unwrap_err();
    till.pay
        .remove_account(RemoveAccount::new(key("account"), token.clone(), account.clone()))
        .await
        .unwrap();
    assert_eq!(till.change().await, told(account.expose(), "DISABLED"));
    till.pay.remove_account(RemoveAccount::new(key("none"), token.clone(), card)).await.unwrap_err();
    till.pay.remove_customer(RemoveCustomer::new(key("leave"), token.clone())).await.unwrap();
    assert_eq!(till.change().await, told("", "REMOVED"));
    till.pay.remove_customer(RemoveCustomer::new(key("gone"), token)).await.unwrap_err();
    assert_eq!((till.outbox(), till.shop.rest()), (6, 0));
}

#[tokio::test]
async fn a_customer_who_is_made_up_by_a_payment_comes_before_it() {
    let mut till = Till::open().await;
    till.confirm("emu-1", "order-1").await.unwrap();
    for word in ["CREATED", "ENABLED", "ENABLED"] {
        assert_eq!(till.change().await.2, word);
    }
    assert_eq!(till.payment().await.status.as_str(), "DONE");
    till.confirm("emu-2", "order-2").await.unwrap();
    assert_eq!(till.payment().await.status.as_str(), "DONE");
    assert_eq!(till.shop.rest(), 0);
}

#[tokio::test]
async fn what_only_the_customer_does_is_done_by_the_control_api() {
    let mut till = Till::open().await;
    let path = format!("/brandpay/customers/{CUSTOMER}");
    let does = async |deed: &str| {
        let done = till.desk.get("POST", &path, json!({"does": deed})).await;
        assert_eq!(done["customerKey"], CUSTOMER);
        done["methodKey"].as_str().unwrap_or_default().to_owned()
    };
    let card = does("register_card").await;
    let account = does("register_account").await;
    for deed in ["change_password", "activate_one_touch", "deactivate_one_touch"] {
        assert_eq!(does(deed).await, "");
    }
    // A customer who was not there comes first, with two methods.
    for word in ["CREATED", "ENABLED", "ENABLED"] {
        assert_eq!(till.change().await.2, word);
    }
    assert_eq!(till.change().await, told(&card, "ENABLED"));
    assert_eq!(till.change().await, told(&account, "ENABLED"));
    for word in ["PASSWORD_CHANGED", "ONE_TOUCH_ACTIVATED", "ONE_TOUCH_DEACTIVATED"] {
        assert_eq!(till.change().await, told("", word));
    }
    let methods = till.methods().await;
    let keys = |keys: Vec<&str>| keys.iter().any(|key| [&card, &account].contains(&&(*key).to_owned()));
    assert!(keys(methods.cards.iter().map(|card| card.method_key.expose()).collect()));
    assert!(keys(methods.accounts.iter().map(|account| account.method_key.expose()).collect()));
    for (body, says) in [
        (json!({}), "missing field `does`"),
        (json!({"does": "sleep"}), "unknown variant `sleep`"),
        (json!({"does": "register_card", "card": 1}), "unknown field `card`"),
    ] {
        let refused = till.desk.ask("POST", "/brandpay/customers/somebody", body).await;
        assert!(refused.status == 400 && refused.error().contains(says), "{}", refused.body);
    }
    assert_eq!((till.outbox(), till.shop.rest()), (8, 0), "a refusal makes nobody up");
}

#[tokio::test]
async fn set_ups_of_the_library_are_told_too() {
    use ait_emulator::api::brandpay::{Account, Card};
    let mut till = Till::open().await;
    till.desk.emulator.world(|core, now, rng| {
        let state = &mut core.world.brandpay;
        let card = Card::new(now, rng);
        state.register_card(CUSTOMER, card);
        let account = Account::new(now, rng);
        state.register_account(CUSTOMER, account);
        assert!(state.remove_customer(CUSTOMER));
        assert!(!state.remove_customer(CUSTOMER));
    });
    for word in ["CREATED", "ENABLED", "ENABLED", "REMOVED"] {
        assert_eq!(till.change().await.2, word);
    }
    assert_eq!(till.outbox(), 4);
}

#[tokio::test]
async fn the_moments_are_written_as_documented_and_the_word_can_be_that_of_the_sample() {
    let mut till = Till::open().await;
    till.desk.get("PATCH", "/switches", json!({"method_word": "sample"})).await;
    till.token().await;
    let body: Value = serde_json::from_str(&till.event().await.0).unwrap();
    assert_eq!(
        body,
        json!({"eventType": "CUSTOMER_STATUS_CHANGED", "createdAt": "2026-01-01T00:00:00.100000",
            "data": {"customerKey": CUSTOMER, "status": "CREATED", "changedAt": "2026-01-01T00:00:00+09:00"}})
    );
    let card = till.methods().await.cards[0].method_key.expose().to_owned();
    let body: Value = serde_json::from_str(&till.event().await.0).unwrap();
    assert_eq!(
        body,
        json!({"eventType": "METHOD_UPDATED", "createdAt": "2026-01-01T00:00:00.100000",
            "data": {"customerKey": CUSTOMER, "methodKey": card, "status": "ENABLE"}})
    );
    assert_eq!(till.change().await.2, "ENABLED", "as the client reads it");
}
