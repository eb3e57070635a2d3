//! Bytes as the body of an answer of BrandPay, to each endpoint.
//!
//! The first byte chooses the endpoint, the second the status and whether canaries are planted.
#![no_main]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a finding is a panic")]

use std::fmt::Debug;

use ait_core::{Call, Endpoint, IdempotencyKey, Krw};
use ait_fuzz::{
    canary,
    claims::{self, Said},
    server::Server,
};
use brandpay::{
    AgreeTerms, AllCardPromotions, AllPromotions, AutomaticPayment, BankPromotions, BrandPay, Cancel,
    CardPromotions, Confirm, CustomerKey, IssueAccessToken, MethodKey, MethodsByCustomer, MethodsByToken,
    OrderId, PaymentByKey, PaymentByOrder, PaymentKey, RemoveAccount, RemoveCard, RemoveCustomer, Scope,
    Terms,
};
use libfuzzer_sys::fuzz_target;
use serde::{Serialize, de::DeserializeOwned};

/// Prove for every endpoint that nothing was done.
const COMMON: [&str; 5] = [
    "INVALID_API_KEY",
    "UNAUTHORIZED_KEY",
    "INCORRECT_BASIC_AUTH_FORMAT",
    "INVALID_REQUEST",
    "INVALID_IDEMPOTENCY_KEY",
];
const SHOP: &str = "test_sk_0123456789";
/// `Basic` of it.
const BASIC: &str = "dGVzdF9za18wMTIzNDU2Nzg5Og==";

thread_local! {
    static SERVER: Server = Server::start();
}

fuzz_target!(|data: &[u8]| {
    let [endpoint, how, body @ ..] = data else { return };
    let canaries = how & 8 != 0;
    let planted = if canaries { canary::planted(body, &[]) } else { None };
    let said = Said {
        status: claims::status(*how),
        body: planted.as_deref().unwrap_or(body),
        canaries: planted.is_some(),
    };
    SERVER.with(|server| ask(server, endpoint % 18, said));
});

fn ask(server: &Server, endpoint: u8, said: Said<'_>) {
    let shop = BrandPay::new(server.client().clone(), SHOP);
    let key = IdempotencyKey::new("confirm-order-17-4500").unwrap();
    let customer = || CustomerKey::new("customer-0123456789").unwrap();
    let method = || MethodKey::new("method-0123456789").unwrap();
    let payment = || PaymentKey::new("payment-0123456789").unwrap();
    let order = || OrderId::new("order-17").unwrap();
    let token = "access-0123456789";
    let won = Krw::new(4500);
    match endpoint {
        0 => one(
            server,
            said,
            |call| shop.confirm(call),
            Confirm::new(key, payment(), order(), won, customer()),
        ),
        1 => {
            let pay = AutomaticPayment::new(key, customer(), method(), order(), "커피", won).unwrap();
            one(server, said, |call| shop.automatic_payment(call), pay);
        }
        2 => {
            let part = Cancel::part(key, payment(), Krw::new(100), "환불").unwrap();
            one(server, said, |call| shop.cancel(call), part);
        }
        3 => one(server, said, |call| shop.payment_by_key(call), PaymentByKey::new(payment())),
        4 => one(server, said, |call| shop.payment_by_order(call), PaymentByOrder::new(order())),
        5 => one(server, said, |call| shop.terms(call), Terms::new(customer(), [Scope::Register]).unwrap()),
        6 => {
            let agreed = AgreeTerms::new(key, customer(), [Scope::Register]);
            one(server, said, |call| shop.agree_terms(call), agreed.unwrap());
        }
        7 => {
            let issue = IssueAccessToken::with_code(key, customer(), "code-0123456789");
            one(server, said, |call| shop.issue_access_token(call), issue);
        }
        8 => one(server, said, |call| shop.methods_by_token(call), MethodsByToken::new(token)),
        9 => one(server, said, |call| shop.methods_by_customer(call), MethodsByCustomer::new(customer())),
        10 => one(server, said, |call| shop.remove_card(call), RemoveCard::new(key, token, method())),
        11 => one(server, said, |call| shop.remove_account(call), RemoveAccount::new(key, token, method())),
        12 => one(server, said, |call| shop.remove_customer(call), RemoveCustomer::new(key, token)),
        13 => one(server, said, |call| shop.card_promotions(call), CardPromotions::new()),
        14 => one(server, said, |call| shop.bank_promotions(call), BankPromotions::new()),
        15 => one(server, said, |call| shop.all_promotions(call), AllPromotions::new()),
        16 => one(server, said, |call| shop.all_card_promotions(call), AllCardPromotions::new()),
        _ => one(server, said, |call| shop.cancel(call), Cancel::rest(key, payment(), "환불").unwrap()),
    }
}

fn one<'a, E: Endpoint + Send + Sync + 'a>(
    server: &Server,
    said: Said<'_>,
    door: impl Fn(E) -> Call<'a, E>,
    call: E,
) where
    E::Response: Serialize + DeserializeOwned + PartialEq + Debug + Send,
{
    server.say(said.status, said.body);
    let mut secrets = claims::secrets_of(&call);
    secrets.extend([SHOP.to_owned(), BASIC.to_owned()]);
    let result = server.run(async { door(call).await });
    claims::check::<E>(result, said, &secrets, &COMMON, |status, _| (200..300).contains(&status));
}
