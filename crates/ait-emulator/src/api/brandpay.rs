//! BrandPay: customers, terms, tokens, methods, payments, cancels, promotions, idempotency records.
//!
//! For programs that cannot use the control API:
//!
//! - **Keys**: the secret keys that the reference and the official samples print work, such as
//!   `test_sk_yZqmkKeP8gJXPxzkzQPxrbQRxB9l`.
//! - **Codes**: a code `emu-<anything>` is one that the customer of the request has just got by agreeing to all terms. It
//!   works once.
//! - **Customers**: the first token of a new customer brings a card and an account that can pay.
//! - **Payments**: confirming a payment key `emu-<anything>` that is not known yet confirms a payment that the buyer has
//!   authenticated just now, for the order, the amount and the customer of the request; a customer who is not known is
//!   made up. `emu-account-<anything>` pays by account, any other by card.
//! - **Errors**: the header `TossPayments-Test-Code: <code>` gets that error, as at the real test API.

mod audit;
mod automatic;
mod cancel;
mod changes;
mod charge;
pub(crate) mod code;
mod confirm;
mod customer;
mod gate;
mod idempotency;
mod lookup;
mod method;
mod methods;
mod payment;
mod promotion;
mod shop;
mod terms;
mod token;
mod told;
mod words;

use std::{collections::BTreeMap, collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

pub(crate) use self::{audit::check, changes::MethodChange, told::webhook_payment};
pub use self::{
    changes::CustomerChange,
    customer::{Customer, Token},
    idempotency::Record,
    method::{Account, Card},
    payment::{Cancel, CashReceipt, Payment, PaymentStatus, Slip, Wishes},
    promotion::{Discount, InterestFree, Point, Promotions},
    shop::{SecretKey, Shop},
    terms::{AuthorizationCode, Term},
};
use super::{
    Context, Host, Rng, Route, Time,
    callbacks::Fresh,
    store::{Set, Table, patch_members, patch_whole},
};

/// The keys that the reference and the official samples print.
const SAMPLE_KEYS: [&str; 4] = [
    "test_sk_yZqmkKeP8gJXPxzkzQPxrbQRxB9l",
    "test_sk_aBX7zk2yd8yoXwoJ0gqVx9POLqKQ",
    "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R",
    "test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6",
];
/// How magic codes and payment keys begin.
const MAGIC: &str = "emu-";
/// The `mId` of the samples.
const SAMPLE_SHOP: &str = "tosspayments";

/// An endpoint behind a scheme: `basic` or `bearer`.
macro_rules! route {
    ($scheme:ident, $name:literal, $method:literal $path:literal, $handler:path) => {
        Route::new($name, $method, Host::BrandPay, $path, |context: &mut Context<'_>| {
            gate::$scheme(context, $name, $handler)
        })
    };
}

pub(crate) const ROUTES: &[Route] = &[
    route!(basic, "brandpay.terms", "GET" "/v1/brandpay/terms", terms::list).reads(),
    route!(basic, "brandpay.agree_terms", "POST" "/v1/brandpay/terms/agree", terms::agree),
    route!(basic, "brandpay.issue_access_token", "POST" "/v1/brandpay/authorizations/access-token", token::issue),
    route!(bearer, "brandpay.methods_by_token", "GET" "/v1/brandpay/payments/methods", methods::by_token).reads(),
    route!(basic, "brandpay.methods_by_customer", "GET" "/v1/brandpay/payments/methods/{customerKey}", methods::by_customer)
        .reads(),
    route!(bearer, "brandpay.remove_card", "POST" "/v1/brandpay/payments/methods/card/remove", methods::remove_card),
    route!(bearer, "brandpay.remove_account", "POST" "/v1/brandpay/payments/methods/account/remove", methods::remove_account),
    route!(basic, "brandpay.confirm", "POST" "/v1/brandpay/payments/confirm", confirm::confirm),
    route!(basic, "brandpay.automatic_payment", "POST" "/v1/brandpay/payments", automatic::pay),
    route!(bearer, "brandpay.remove_customer", "POST" "/v1/brandpay/customers/remove", customer::remove),
    route!(basic, "brandpay.card_promotions", "GET" "/v1/brandpay/promotions/card", promotion::brandpay_cards).reads(),
    route!(basic, "brandpay.bank_promotions", "GET" "/v1/brandpay/promotions/bank", promotion::brandpay_banks).reads(),
    route!(basic, "brandpay.cancel", "POST" "/v1/payments/{paymentKey}/cancel", cancel::cancel),
    route!(basic, "brandpay.payment_by_key", "GET" "/v1/payments/{paymentKey}", lookup::by_key).reads(),
    route!(basic, "brandpay.payment_by_order", "GET" "/v1/payments/orders/{orderId}", lookup::by_order).reads(),
    route!(basic, "brandpay.all_promotions", "GET" "/v1/promotions", promotion::all).reads(),
    route!(basic, "brandpay.all_card_promotions", "GET" "/v1/promotions/card", promotion::all_cards).reads(),
];

/// What is remembered here. `Debug` counts it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct BrandPay {
    /// The shops, by `mId`.
    pub shops: BTreeMap<String, Shop>,
    /// The secret keys.
    pub secret_keys: BTreeMap<String, SecretKey>,
    /// The customers, by `customerKey`.
    pub customers: Table<String, Customer>,
    /// The terms.
    pub terms: Vec<Term>,
    /// The codes that were not exchanged for a token yet.
    pub codes: Table<String, AuthorizationCode>,
    /// The codes `emu-<anything>` that were exchanged.
    pub used_codes: Set<String>,
    /// The access tokens that were replaced or whose customer has left, and whose they were.
    pub dead_tokens: Table<String, String>,
    /// The payments, by `paymentKey`.
    pub payments: Table<String, Payment>,
    /// The promotions.
    pub promotions: Promotions,
    /// The first answers under idempotency keys, by method, URL, API key and key.
    pub idempotency: Table<String, Record>,
    /// The idempotency keys whose first request is still running: `IDEMPOTENT_REQUEST_PROCESSING`. Nothing here puts a key
    /// in or takes it out.
    pub processing: BTreeSet<String>,
    /// When payments that are open will expire, and their keys.
    pub(crate) expiring: Set<(Time, String)>,
    #[serde(skip)]
    pub(crate) fresh: Fresh,
}

patch_whole!(
    BTreeMap<String, Shop>,
    BTreeMap<String, SecretKey>,
    Vec<Term>,
    Promotions,
    BTreeSet<String>,
    Set<String>,
    Set<(Time, String)>,
);
patch_members!(
    BrandPay: shops, secret_keys, customers, terms, codes, used_codes, dead_tokens, payments, promotions, idempotency,
    processing, expiring,
);

impl BrandPay {
    pub(crate) fn new(rng: &mut Rng) -> Self {
        let own = format!("test_sk_{}", rng.alphanumeric(32));
        let keys = SAMPLE_KEYS.map(str::to_owned).into_iter().chain([own]);
        Self {
            shops: BTreeMap::from([(SAMPLE_SHOP.to_owned(), Shop::default())]),
            secret_keys: keys.map(|key| (key, SecretKey::new(SAMPLE_SHOP))).collect(),
            terms: Term::usual(),
            promotions: Promotions::usual(),
            ..Self::default()
        }
    }
}

impl fmt::Debug for BrandPay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BrandPay")
            .field("shops", &self.shops.len())
            .field("customers", &self.customers.len())
            .field("payments", &self.payments.len())
            .field("idempotency", &self.idempotency.len())
            .finish_non_exhaustive()
    }
}
