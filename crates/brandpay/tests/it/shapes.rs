//! Shapes of other versions that are read, and lists where an object is meant, which are not.

use crate::support::{Op, answered, fixture};
use brandpay::{
    ait_core::{Kind, Outcome, Secret},
    webhook::Event,
    *,
};
use serde_json::{Value, json};

fn payment(members: &Value) -> Result<Payment, serde_json::Error> {
    let mut found = fixture("confirm.response");
    found.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    let read = serde_json::from_value(found.clone());
    let text = serde_json::from_str::<Payment>(&found.to_string());
    assert_eq!(read.as_ref().ok(), text.as_ref().ok());
    text
}

#[test]
fn a_wallet_is_an_object_or_its_name() {
    for (wallet, provider) in [
        (json!("토스페이"), Some(EasyPayProvider::TossPay)),
        (json!("TOSSPAY"), Some(EasyPayProvider::TossPay)),
        (json!("페이마야"), Some(EasyPayProvider::from("페이마야"))),
        (json!({ "provider": "TOSSPAY", "amount": 10 }), Some(EasyPayProvider::TossPay)),
        (json!({}), None),
    ] {
        let read = payment(&json!({ "easyPay": wallet })).unwrap();
        assert_eq!(read.easy_pay.unwrap().provider, provider, "{wallet}");
    }
    for none in [json!(null), json!("")] {
        assert_eq!(payment(&json!({ "easyPay": none })).unwrap().easy_pay, None);
    }
    for wrong in [json!(["토스페이"]), json!(true)] {
        let error = payment(&json!({ "easyPay": wrong })).unwrap_err().to_string();
        assert!(error.contains("expected text or an object"), "{wrong}: {error}");
    }
}

#[test]
fn the_sort_of_card_is_read_in_either_language() {
    for (sort, expected) in [
        ("CREDIT", CardType::Credit),
        ("CHECK", CardType::Check),
        ("신용", CardType::Credit),
        ("체크", CardType::Check),
        ("GIFT", CardType::from("GIFT")),
    ] {
        let read = payment(&json!({ "card": { "cardType": sort } })).unwrap();
        assert_eq!(read.card.unwrap().card_type, Some(expected), "{sort}");
    }
}

#[test]
fn the_sort_of_virtual_account_is_read_and_a_translation_stays_as_it_came() {
    for (sort, expected, known) in [
        ("일반", AccountType::General, true),
        ("고정", AccountType::Fixed, true),
        // Nobody documents or reports a translation.
        ("NORMAL", AccountType::from("NORMAL"), false),
        ("FIXED", AccountType::from("FIXED"), false),
    ] {
        let read = payment(&json!({ "virtualAccount": { "accountType": sort } })).unwrap();
        let account = read.virtual_account.unwrap();
        assert_eq!(account.account_type, Some(expected.clone()), "{sort}");
        assert_eq!(serde_json::to_value(&account).unwrap(), json!({ "accountType": sort }));
        assert_eq!(expected.is_known(), known, "{sort}");
    }
}

#[test]
fn methods_of_a_version_before_2022_11_16_are_read_without_their_companies() {
    let mut found = fixture("methods.response");
    let card = found["cards"][0].as_object_mut().unwrap();
    for (new, old) in [("issuerCode", "cardCompany"), ("acquirerCode", "companyCode")] {
        let company = card.remove(new).unwrap();
        card.insert(old.into(), company);
    }
    card.insert("issueCompany".into(), json!("현대"));
    let account = found["accounts"][0].as_object_mut().unwrap();
    account.remove("bankCode");
    account.insert("bank".into(), json!("신한"));
    let read: Methods = serde_json::from_value(found).unwrap();
    assert_eq!((&read.cards[0].issuer_code, &read.cards[0].acquirer_code), (&None, &None));
    assert_eq!(read.accounts[0].bank_code, None);
}

#[test]
fn a_phone_number_is_text_or_an_object() {
    for (number, expected) in [
        (json!("01000000000"), Some("01000000000")),
        (json!({ "plain": "01000000000", "masking": "010****0000" }), Some("01000000000")),
        (json!({ "plain": null, "masking": "010****0000" }), Some("010****0000")),
        (json!({}), None),
        (json!(""), None),
        (json!(null), None),
    ] {
        let read = payment(&json!({ "mobilePhone": { "customerMobilePhone": number } })).unwrap();
        let phone = read.mobile_phone.unwrap();
        assert_eq!(phone.customer_mobile_phone.as_ref().map(Secret::expose), expected, "{number}");
    }
    let list = json!({ "customerMobilePhone": ["01000000000", "x"] });
    assert!(payment(&json!({ "mobilePhone": list })).is_err());
}

/// The values of an object in order, as serde would take them for its fields.
fn by_position(object: &Value) -> Value {
    object.as_object().unwrap().values().cloned().collect()
}

#[tokio::test]
async fn a_list_in_the_place_of_an_object_is_not_read_by_position() {
    let paid = [
        ("/cancels/0", Op::Cancel, "cancel.partial.response"),
        ("/card", Op::Cancel, "cancel.partial.response"),
        ("/cashReceipts/0", Op::PaymentByKey, "payment.account.response"),
        ("/cashReceipt", Op::PaymentByKey, "payment.account.response"),
        ("/transfer", Op::PaymentByKey, "payment.account.response"),
        ("/discount", Op::PaymentByKey, "payment.account.response"),
        ("/receipt", Op::PaymentByKey, "payment.account.response"),
        ("/virtualAccount", Op::PaymentByKey, "payment.virtual-account.response"),
        ("/virtualAccount/refundReceiveAccount", Op::PaymentByKey, "payment.virtual-account.response"),
        ("/failure", Op::PaymentByKey, "payment.aborted.response"),
        ("/mobilePhone", Op::PaymentByKey, "payment.mobile-phone.response"),
        ("/giftCertificate", Op::PaymentByKey, "payment.gift-certificate.response"),
    ];
    let others = [
        ("/cards/0", Op::MethodsByToken, "methods.response"),
        ("/cards/0/color", Op::MethodsByToken, "methods.response"),
        ("/cards/0/promotions/0", Op::MethodsByToken, "methods.response"),
        ("/cards/0/promotions/0/cardInterestFree", Op::MethodsByToken, "methods.response"),
        ("/accounts/0", Op::MethodsByToken, "methods.response"),
        ("/accounts/0/promotions/0", Op::MethodsByToken, "methods.response"),
        ("/discountCards/0", Op::CardPromotions, "card-promotions.response"),
        ("/interestFreeCards/0", Op::CardPromotions, "card-promotions.response"),
        ("/pointCards/0", Op::CardPromotions, "card-promotions.response"),
        ("/discountBanks/0", Op::BankPromotions, "bank-promotions.response"),
        ("/0", Op::AllPromotions, "promotions.response"),
    ];
    for (place, op, name) in paid.into_iter().chain(others) {
        let mut body = fixture(name);
        assert!(answered(op, 200, &body).await.is_ok(), "{name}");
        let object = body.pointer_mut(place).unwrap();
        *object = by_position(object);
        let error = answered(op, 200, &body).await.unwrap_err();
        // What identifies the payment, and says that it was paid, is there and fits: a cancel's proof is its list.
        let is_proven = body.get("paymentKey").is_some() && !place.starts_with("/cancels");
        let outcome = if is_proven { Outcome::Done } else { Outcome::Unknown };
        assert_eq!((error.outcome(), error.kind()), (outcome, Kind::Decode), "{name} {place}");
    }
}

#[tokio::test]
async fn a_promotion_is_not_read_by_position() {
    let error = answered(Op::AllPromotions, 200, &json!([["NORMAL", "CARD_POINT"]])).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Decode);
}

#[test]
fn all_promotions_are_a_list_or_one_object() {
    for (found, length) in
        [(json!([{}, {}]), 2), (json!({}), 1), (json!([]), 0), (json!(""), 0), (json!(null), 0)]
    {
        let read: Promotions = serde_json::from_value(found.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap().as_array().unwrap().len(), length, "{found}");
    }
    for (wrong, expected) in [
        (json!("x"), "expected a list or an object"),
        (json!(true), "expected a list or an object"),
        (json!(["x"]), "expected an object"),
    ] {
        let error = serde_json::from_value::<Promotions>(wrong.clone()).unwrap_err().to_string();
        assert!(error.contains(expected), "{wrong}: {error}");
    }
}

#[test]
fn a_webhook_is_not_read_by_position() {
    for event in [
        r#"{"eventType":"METHOD_UPDATED","data":["customer","method","ENABLED"]}"#,
        r#"{"eventType":"CUSTOMER_STATUS_CHANGED","data":["customer","REMOVED"]}"#,
        r#"{"eventType":"PAYMENT_STATUS_CHANGED","data":["payment","order","DONE"]}"#,
    ] {
        assert!(Event::parse(event.as_bytes()).is_err(), "{event}");
    }
}
