//! The types of the client crate read what is written here.

use brandpay::{
    AccessToken, AccountMethod, BankPromotionList, CardMethod, CardPromotionList, Methods, Payment,
    PaymentStatus, RemovedCustomer, Term,
};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::desk::{
    AGREE, AUTOMATIC, CONFIRM, CUSTOMER, Desk, LEAVE, METHODS, REMOVE_ACCOUNT, REMOVE_CARD, confirmation,
    fixture,
};
use crate::api::support::Told;

fn read<T: DeserializeOwned>(told: &Told) -> T {
    assert_eq!(told.status, 200, "{}", told.body);
    serde_json::from_str(&told.body).unwrap_or_else(|error| panic!("{error}: {}", told.body))
}

#[test]
fn about_customers() {
    let mut desk = Desk::new();
    let terms: Vec<Term> =
        read(&desk.look(&format!("/v1/brandpay/terms?customerKey={CUSTOMER}&scope=REGISTER")));
    assert_eq!(terms.len(), 4);
    let code = desk.call(AGREE, fixture("agree-terms.request")).json()["code"].clone();
    let body = json!({"grantType": "AuthorizationCode", "customerKey": CUSTOMER, "code": code});
    let token: AccessToken = read(&desk.call(super::desk::TOKEN, body.clone()));
    assert!(format!("{token:?}").len() > 10);
    let token = desk.token();
    let methods: Methods = read(&desk.as_customer("GET", METHODS, &token, &serde_json::Value::Null));
    assert_eq!((methods.cards.len(), methods.accounts.len()), (1, 1));
    let (card, account) = (desk.card_key(), desk.account_key());
    let card: CardMethod = read(&desk.as_customer("POST", REMOVE_CARD, &token, &json!({"methodKey": card})));
    let account: AccountMethod =
        read(&desk.as_customer("POST", REMOVE_ACCOUNT, &token, &json!({"methodKey": account})));
    assert_eq!((card.status, account.status.is_some()), (account.status.clone(), true));
    let removed: RemovedCustomer = read(&desk.as_customer("POST", LEAVE, &token, &serde_json::Value::Null));
    assert!(format!("{removed:?}").len() > 5);
}

#[test]
fn about_payments() {
    let mut desk = Desk::new();
    let payment: Payment = read(&desk.call(CONFIRM, confirmation("emu-1", "order-1", 10_000)));
    assert_eq!(payment.status, PaymentStatus::Done);
    assert!(payment.card.is_some() && payment.vat.is_some() && payment.approved_at.is_some());
    let payment: Payment = read(&desk.cancel("emu-1", json!({"cancelReason": "x", "cancelAmount": 1})));
    assert_eq!((payment.status, payment.cancels.len()), (PaymentStatus::PartialCanceled, 1));
    let mut request = fixture("automatic-payment.account.request");
    request["methodKey"] = desk.account_key().into();
    let payment: Payment = read(&desk.call(AUTOMATIC, request));
    assert!(payment.transfer.is_some() && payment.cash_receipt.is_some() && payment.cash_receipts.len() == 1);
    let open = desk.session_of("order-2", 1000, None);
    let payment: Payment = read(&desk.look(&format!("/v1/payments/{open}")));
    assert_eq!(payment.status, PaymentStatus::InProgress);
    let payment: Payment = read(&desk.look("/v1/payments/orders/order-1"));
    assert_eq!(payment.status, PaymentStatus::PartialCanceled);
}

#[test]
fn about_promotions() {
    let mut desk = Desk::new();
    let cards: CardPromotionList = read(&desk.look("/v1/brandpay/promotions/card"));
    assert!(
        !cards.discount_cards.is_empty()
            && !cards.interest_free_cards.is_empty()
            && !cards.point_cards.is_empty()
    );
    let banks: BankPromotionList = read(&desk.look("/v1/brandpay/promotions/bank"));
    assert_eq!(banks.discount_banks.len(), 2);
    let all: brandpay::Promotions = read(&desk.look("/v1/promotions"));
    assert_eq!(all.list.len(), 9);
    let cards: CardPromotionList = read(&desk.look("/v1/promotions/card"));
    assert_eq!(cards.discount_cards.len(), 3);
}

#[test]
fn the_endpoints_are_those_of_the_client() {
    use brandpay::ait_core::Endpoint;
    use brandpay::*;
    macro_rules! same {
        ($($endpoint:ty)*) => {
            [$((<$endpoint>::NAME, <$endpoint>::METHOD.to_string(), <$endpoint>::PATH, matches!(<$endpoint>::SAFETY, brandpay::ait_core::Safety::Read)),)*]
        };
    }
    let mut client = same!(Terms AgreeTerms IssueAccessToken MethodsByToken MethodsByCustomer RemoveCard RemoveAccount Confirm
        AutomaticPayment RemoveCustomer CardPromotions BankPromotions Cancel PaymentByKey PaymentByOrder AllPromotions
        AllCardPromotions);
    client.sort();
    let mut here: Vec<_> = ait_emulator::api::routes()
        .filter(|route| route.name.starts_with("brandpay."))
        .map(|route| (route.name, route.method.to_owned(), route.path, !route.writes))
        .collect();
    here.sort();
    assert_eq!(here, client);
}
