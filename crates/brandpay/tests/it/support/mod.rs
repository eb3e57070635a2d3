//! What the tests of this crate share: its samples, and the calls as one list.

use ait_testkit::{answer, at_once, client, fitting};
use brandpay::{
    BrandPay,
    ait_core::{Call, Endpoint, Error, RetryPolicy},
    *,
};
use httpmock::MockServer;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

pub(crate) const SECRET_KEY: &str = "test_sk_yZqmkKeP8gJXPxzkzQPxrbQRxB9l";
/// As the official reference prints it.
pub(crate) const BASIC: &str = "Basic dGVzdF9za195WnFta0tlUDhnSlhQeHprelFQeHJiUVJ4QjlsOg==";
pub(crate) const TOKEN: &str = "Xy0E4Dv5qpMGjLJoQ1aVZ5449xB1P3w6KYe2RNgOWznZb7Bm";
pub(crate) const KEY: &str = "confirm:order-2026-000017:10000";
pub(crate) const PAYMENT_KEY: &str = "lOR1ZwdkQD5GePWvyJnrK1jPbp0qR3gLzN97EoqYA60XKx4a";

/// A documented sample: `confirm.request`.
pub(crate) fn fixture(name: &str) -> Value {
    ait_testkit::fixture(&format!("brandpay/{name}"))
}

/// The names of all samples that end so: `.request`.
pub(crate) fn fixtures(ending: &str) -> Vec<String> {
    // The callbacks by name: each has a test of its own.
    let kinds = [
        ".request",
        ".response",
        ".error",
        "webhook.customer-removed",
        "webhook.customer-status-changed",
        "webhook.deposit-callback",
        "webhook.method-removed",
        "webhook.method-updated",
        "webhook.payment-status-changed",
    ];
    let names = ait_testkit::fixtures("brandpay", ending, &kinds);
    names.iter().map(|name| name.trim_start_matches("brandpay/").to_owned()).collect()
}

/// One of the calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Op {
    Terms,
    AgreeTerms,
    AccessToken,
    MethodsByToken,
    MethodsByCustomer,
    RemoveCard,
    RemoveAccount,
    Confirm,
    AutomaticPayment,
    RemoveCustomer,
    CardPromotions,
    BankPromotions,
    Cancel,
    PaymentByKey,
    PaymentByOrder,
    AllPromotions,
    AllCardPromotions,
}

impl Op {
    pub(crate) const ALL: [Self; 17] = [
        Self::Terms,
        Self::AgreeTerms,
        Self::AccessToken,
        Self::MethodsByToken,
        Self::MethodsByCustomer,
        Self::RemoveCard,
        Self::RemoveAccount,
        Self::Confirm,
        Self::AutomaticPayment,
        Self::RemoveCustomer,
        Self::CardPromotions,
        Self::BankPromotions,
        Self::Cancel,
        Self::PaymentByKey,
        Self::PaymentByOrder,
        Self::AllPromotions,
        Self::AllCardPromotions,
    ];
    pub(crate) const MONEY: [Self; 3] = [Self::Confirm, Self::AutomaticPayment, Self::Cancel];

    pub(crate) fn is_write(self) -> bool {
        use Op::{AccessToken, AgreeTerms, AutomaticPayment, Cancel, Confirm};
        use Op::{RemoveAccount, RemoveCard, RemoveCustomer};
        [
            AgreeTerms,
            AccessToken,
            RemoveCard,
            RemoveAccount,
            Confirm,
            AutomaticPayment,
            RemoveCustomer,
            Cancel,
        ]
        .contains(&self)
    }

    pub(crate) fn is_bearer(self) -> bool {
        [Self::MethodsByToken, Self::RemoveCard, Self::RemoveAccount, Self::RemoveCustomer].contains(&self)
    }

    /// The first words of its fixtures.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Terms => "terms",
            Self::AgreeTerms => "agree-terms",
            Self::AccessToken => "access-token",
            Self::MethodsByToken | Self::MethodsByCustomer => "methods",
            Self::RemoveCard => "remove-card",
            Self::RemoveAccount => "remove-account",
            Self::Confirm => "confirm",
            Self::AutomaticPayment => "automatic-payment",
            Self::RemoveCustomer => "remove-customer",
            Self::CardPromotions => "card-promotions",
            Self::BankPromotions => "bank-promotions",
            Self::Cancel => "cancel",
            Self::PaymentByKey | Self::PaymentByOrder => "payment",
            Self::AllPromotions => "promotions",
            Self::AllCardPromotions => "all-card-promotions",
        }
    }

    pub(crate) fn of_fixture(name: &str) -> Self {
        let word = name.split('.').next().unwrap();
        Self::ALL.into_iter().find(|op| op.word() == word).unwrap_or_else(|| panic!("no call for {name}"))
    }

    /// Method and target as documented, with the values of the samples.
    pub(crate) fn target(self) -> String {
        let customer = "c6thB674j9vCU4XsvcPk";
        match self {
            Self::Terms => format!("GET /v1/brandpay/terms?customerKey={customer}&scope=REGISTER"),
            Self::AgreeTerms => "POST /v1/brandpay/terms/agree".into(),
            Self::AccessToken => "POST /v1/brandpay/authorizations/access-token".into(),
            Self::MethodsByToken => "GET /v1/brandpay/payments/methods".into(),
            Self::MethodsByCustomer => format!("GET /v1/brandpay/payments/methods/{customer}"),
            Self::RemoveCard => "POST /v1/brandpay/payments/methods/card/remove".into(),
            Self::RemoveAccount => "POST /v1/brandpay/payments/methods/account/remove".into(),
            Self::Confirm => "POST /v1/brandpay/payments/confirm".into(),
            Self::AutomaticPayment => "POST /v1/brandpay/payments".into(),
            Self::RemoveCustomer => "POST /v1/brandpay/customers/remove".into(),
            Self::CardPromotions => "GET /v1/brandpay/promotions/card".into(),
            Self::BankPromotions => "GET /v1/brandpay/promotions/bank".into(),
            Self::Cancel => format!("POST /v1/payments/{PAYMENT_KEY}/cancel"),
            Self::PaymentByKey => format!("GET /v1/payments/{PAYMENT_KEY}"),
            Self::PaymentByOrder => "GET /v1/payments/orders/eQ2W9gCBN7Xu4l2vEUUC1".into(),
            Self::AllPromotions => "GET /v1/promotions".into(),
            Self::AllCardPromotions => "GET /v1/promotions/card".into(),
        }
    }

    /// A documented body of it, if it has one.
    pub(crate) fn body(self) -> Option<Value> {
        let name = match self {
            Self::Confirm => "confirm.number.request".into(),
            Self::AutomaticPayment => "automatic-payment.number.request".into(),
            Self::Cancel => "cancel.partial.request".into(),
            op => format!("{}.request", op.word()),
        };
        (self.is_write() && self != Self::RemoveCustomer).then(|| fixture(&name))
    }

    /// A documented answer.
    pub(crate) fn response(self) -> Value {
        match self {
            Self::Cancel => fixture("cancel.partial.response"),
            op if Self::MONEY.contains(&op) || op.word() == "payment" => fixture("confirm.response"),
            op => fixture(&format!("{}.response", op.word())),
        }
    }

    /// A documented answer that fits this request, as it is stored.
    pub(crate) fn response_to(self, stored: &Value) -> Value {
        fitting(&self.response(), stored)
    }

    /// The request as it is stored.
    pub(crate) fn stored(self, body: Option<Value>) -> Value {
        let mut stored = body.unwrap_or_else(|| json!({}));
        if self.is_write() {
            stored["idempotencyKey"] = json!(KEY);
        }
        if self.is_bearer() {
            stored["accessToken"] = json!(TOKEN);
        }
        match self {
            Self::Cancel | Self::PaymentByKey => stored["paymentKey"] = json!(PAYMENT_KEY),
            Self::PaymentByOrder => stored["orderId"] = json!("eQ2W9gCBN7Xu4l2vEUUC1"),
            Self::MethodsByCustomer => stored["customerKey"] = json!("c6thB674j9vCU4XsvcPk"),
            Self::Terms => {
                stored = json!({ "customerKey": "c6thB674j9vCU4XsvcPk", "scope": ["REGISTER"], "commaJoined": false });
            }
            _ => {}
        }
        stored
    }

    /// Makes the call; the answer comes back as it serialises.
    pub(crate) async fn send(self, pay: &BrandPay, body: Option<Value>) -> Result<Value, Error> {
        self.send_stored(pay, self.stored(body)).await
    }

    /// The same from the request as it is stored.
    pub(crate) async fn send_stored(self, pay: &BrandPay, stored: Value) -> Result<Value, Error> {
        async fn go<'a, E>(stored: Value, call: impl Fn(E) -> Call<'a, E>) -> Result<Value, Error>
        where
            E: Endpoint + DeserializeOwned + Send + Sync + 'a,
            E::Response: Serialize + Send,
        {
            let request: E = serde_json::from_value(stored).unwrap();
            call(request).await.map(|answer| serde_json::to_value(&answer).unwrap())
        }
        match self {
            Self::Terms => go::<Terms>(stored, |request| pay.terms(request)).await,
            Self::AgreeTerms => go(stored, |request| pay.agree_terms(request)).await,
            Self::AccessToken => go(stored, |request| pay.issue_access_token(request)).await,
            Self::MethodsByToken => go(stored, |request| pay.methods_by_token(request)).await,
            Self::MethodsByCustomer => go(stored, |request| pay.methods_by_customer(request)).await,
            Self::RemoveCard => go(stored, |request| pay.remove_card(request)).await,
            Self::RemoveAccount => go(stored, |request| pay.remove_account(request)).await,
            Self::Confirm => go(stored, |request| pay.confirm(request)).await,
            Self::AutomaticPayment => go(stored, |request| pay.automatic_payment(request)).await,
            Self::RemoveCustomer => go(stored, |request| pay.remove_customer(request)).await,
            Self::CardPromotions => go(stored, |request| pay.card_promotions(request)).await,
            Self::BankPromotions => go(stored, |request| pay.bank_promotions(request)).await,
            Self::Cancel => go(stored, |request| pay.cancel(request)).await,
            Self::PaymentByKey => go(stored, |request| pay.payment_by_key(request)).await,
            Self::PaymentByOrder => go(stored, |request| pay.payment_by_order(request)).await,
            Self::AllPromotions => go(stored, |request| pay.all_promotions(request)).await,
            Self::AllCardPromotions => go(stored, |request| pay.all_card_promotions(request)).await,
        }
    }

    pub(crate) async fn run(self, pay: &BrandPay) -> Result<Value, Error> {
        self.send(pay, self.body()).await
    }
}

/// A client that tries once.
pub(crate) fn pay(server: &MockServer) -> BrandPay {
    BrandPay::new(client(server, RetryPolicy::never()), SECRET_KEY)
}

/// A client that tries again at once.
pub(crate) fn eager(server: &MockServer) -> BrandPay {
    BrandPay::new(client(server, at_once()), SECRET_KEY)
}

/// Makes a call with its documented body, about the payment of this answer, and gets this answer.
pub(crate) async fn answered(op: Op, status: u16, body: &Value) -> Result<Value, Error> {
    let server = MockServer::start_async().await;
    answer(&server, status, body);
    op.send_stored(&pay(&server), fitting(&op.stored(op.body()), body)).await
}

/// The same as this crate writes it: no `null`, no `""`, no empty list but the two of the methods, no idle fraction, values
/// in Korean.
pub(crate) fn plain(value: &Value) -> Value {
    let kept = |name: &str, member: &Value| match member {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty() || name == "cards" || name == "accounts",
        _ => true,
    };
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(name, member)| kept(name, member))
            .map(|(name, member)| (name.clone(), plain_member(name, member)))
            .collect(),
        Value::Array(elements) => elements.iter().map(plain).collect(),
        Value::Number(number) => {
            let text = number.to_string();
            let whole = text.strip_suffix(".0").unwrap_or(&text);
            serde_json::from_str(whole).unwrap()
        }
        other => other.clone(),
    }
}

fn plain_member(name: &str, member: &Value) -> Value {
    match (name, member.as_str()) {
        ("method", Some("CARD")) => json!("카드"),
        ("cardType", Some("CREDIT")) => json!("신용"),
        ("provider", Some("TOSSPAY")) => json!("토스페이"),
        ("easyPay", Some(name)) => json!({ "provider": name }),
        _ => plain(member),
    }
}

/// The call was refused with an error that names all of `words` and proves that nothing left.
#[track_caller]
pub(crate) fn names<T>(result: Result<T, Error>, words: &[&str]) {
    let Err(error) = result else { panic!("{words:?} is not refused") };
    ait_testkit::names(&error, words);
}
