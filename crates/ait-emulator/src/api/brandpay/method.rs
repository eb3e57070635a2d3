//! The cards and accounts of customers.

use serde::{Deserialize, Serialize};

use super::{BrandPay, Customer, MethodChange, customer::METHOD};
use crate::api::{Rng, Time};

/// A card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Card {
    /// The id for the browser.
    pub id: String,
    /// The key for payments and removal.
    pub method_key: String,
    /// The name given by the customer.
    #[serde(default)]
    pub alias: String,
    /// The name.
    pub name: String,
    /// The masked number.
    pub number: String,
    /// Who issued it.
    pub issuer_code: String,
    /// Who buys its slips.
    pub acquirer_code: String,
    /// `개인`, `법인` or `미확인`.
    pub owner_type: String,
    /// `신용`, `체크` or `기프트`.
    pub card_type: String,
    /// The least amount for instalments.
    pub installment_minimum: i64,
    /// When it was registered.
    pub registered_at: Time,
    /// When it paid last.
    #[serde(default)]
    pub used_at: Option<Time>,
    /// Whether it is still there. Removal makes it `DISABLED`.
    pub enabled: bool,
    /// The code with which it refuses to pay: `REJECT_CARD_COMPANY`, `MAINTAINED_METHOD`, `PROVIDER_ERROR` and so on.
    #[serde(default)]
    pub refuses: Option<String>,
}

/// A bank account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Account {
    /// The id for the browser.
    pub id: String,
    /// The key for payments and removal.
    pub method_key: String,
    /// The name given by the customer.
    #[serde(default)]
    pub alias: String,
    /// The name.
    pub name: String,
    /// The masked number.
    pub number: String,
    /// The bank.
    pub bank_code: String,
    /// When it was registered. It cannot pay in its first twelve hours: `RESTRICTED_TRANSFER_ACCOUNT`.
    pub registered_at: Time,
    /// When it paid last.
    #[serde(default)]
    pub used_at: Option<Time>,
    /// Whether it is still there. Removal makes it `DISABLED`.
    pub enabled: bool,
    /// The most it pays at once, else `EXCEED_OPEN_BANKING_ONE_TIME_LIMIT`.
    #[serde(default)]
    pub one_time_limit: Option<i64>,
    /// The code with which it refuses to pay: `REJECT_ACCOUNT_PAYMENT`, `NOT_AVAILABLE_BANK` and so on.
    #[serde(default)]
    pub refuses: Option<String>,
}

impl Card {
    /// The card of the sample, with keys of its own.
    #[must_use]
    pub fn new(registered_at: Time, rng: &mut Rng) -> Self {
        Self {
            id: format!("m_{}", rng.alphanumeric(16)),
            method_key: rng.alphanumeric(48),
            alias: String::new(),
            name: "현대비자플래티늄".to_owned(),
            number: "43301234****123*".to_owned(),
            issuer_code: "61".to_owned(),
            acquirer_code: "31".to_owned(),
            owner_type: "개인".to_owned(),
            card_type: "신용".to_owned(),
            installment_minimum: 50_000,
            registered_at,
            used_at: None,
            enabled: true,
            refuses: None,
        }
    }
}

impl Account {
    /// The account of the sample, with keys of its own.
    #[must_use]
    pub fn new(registered_at: Time, rng: &mut Rng) -> Self {
        Self {
            id: format!("b_{}", rng.alphanumeric(16)),
            method_key: rng.alphanumeric(49),
            alias: String::new(),
            name: "신한은행 계좌".to_owned(),
            number: "123***7890".to_owned(),
            bank_code: "88".to_owned(),
            registered_at,
            used_at: None,
            enabled: true,
            one_time_limit: None,
            refuses: None,
        }
    }
}

impl BrandPay {
    /// Registers a card, as the customer does in the browser. Its method key comes back.
    pub fn register_card(&mut self, customer: impl Into<String>, card: Card) -> String {
        let (customer, key) = (customer.into(), card.method_key.clone());
        self.held(&customer).cards.push(card);
        self.method_news(&customer, &key, MethodChange::Enabled);
        key
    }

    /// Registers an account, as the customer does in the browser. Its method key comes back.
    pub fn register_account(&mut self, customer: impl Into<String>, account: Account) -> String {
        let (customer, key) = (customer.into(), account.method_key.clone());
        self.held(&customer).accounts.push(account);
        self.method_news(&customer, &key, MethodChange::Enabled);
        key
    }

    /// The card with this method key, whoever has it.
    pub fn card(&mut self, method_key: &str) -> Option<&mut Card> {
        let has = |customer: &Customer| customer.cards.iter().any(|card| card.method_key == method_key);
        let cards = &mut self.customers.get_mut(&self.holder(method_key, has)?)?.cards;
        cards.iter_mut().find(|card| card.method_key == method_key)
    }

    /// The account with this method key, whoever has it.
    pub fn account(&mut self, method_key: &str) -> Option<&mut Account> {
        let has =
            |customer: &Customer| customer.accounts.iter().any(|account| account.method_key == method_key);
        let accounts = &mut self.customers.get_mut(&self.holder(method_key, has)?)?.accounts;
        accounts.iter_mut().find(|account| account.method_key == method_key)
    }

    /// The first customer of whom this is true and who has a method of this key.
    fn holder(&self, method_key: &str, is_it: impl Fn(&Customer) -> bool) -> Option<String> {
        let holders = self.customers.named(METHOD, method_key);
        holders.into_iter().find(|key| self.customers.get(*key).is_some_and(&is_it)).cloned()
    }

    /// Whether anybody has a method with this key that was not removed.
    pub(super) fn has_method(&self, method_key: &str) -> bool {
        self.holder(method_key, |customer| customer.method(method_key).is_some()).is_some()
    }
}

/// A method that can pay.
pub(super) enum Method {
    Card(Card),
    Account(Account),
}

impl Method {
    pub(super) fn key(&self) -> &str {
        match self {
            Self::Card(card) => &card.method_key,
            Self::Account(account) => &account.method_key,
        }
    }

    /// The code with which it refuses to pay.
    pub(super) fn refuses(&self) -> Option<&str> {
        match self {
            Self::Card(card) => card.refuses.as_deref(),
            Self::Account(account) => account.refuses.as_deref(),
        }
    }
}

impl Customer {
    /// A method that was not removed.
    pub(super) fn method(&self, key: &str) -> Option<Method> {
        let card = self.cards.iter().find(|card| card.method_key == key && card.enabled);
        let account = self.accounts.iter().find(|account| account.method_key == key && account.enabled);
        card.cloned().map(Method::Card).or_else(|| account.cloned().map(Method::Account))
    }

    /// The first card that was not removed, or else the first account.
    pub(super) fn first_method(&self) -> Option<Method> {
        let card = self.cards.iter().find(|card| card.enabled).cloned().map(Method::Card);
        card.or_else(|| self.first_account().cloned().map(Method::Account))
    }

    /// The first account that was not removed.
    pub(super) fn first_account(&self) -> Option<&Account> {
        self.accounts.iter().find(|account| account.enabled)
    }

    /// Notes that a method has paid.
    pub(super) fn used(&mut self, key: &str, now: Time) {
        let cards = self.cards.iter_mut().filter(|card| card.method_key == key);
        cards.for_each(|card| card.used_at = Some(now));
        let accounts = self.accounts.iter_mut().filter(|account| account.method_key == key);
        accounts.for_each(|account| account.used_at = Some(now));
    }
}
