//! Customers, their tokens, and their leaving.

use std::{collections::BTreeSet, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Account, BrandPay, Card, CustomerChange, terms};
use crate::api::{Answer, Basis, Context, Rng, Time, context::Result, store::Record};

/// How long an access token lives: 30 days, in seconds.
pub(super) const LIFE: u64 = 2_592_000;

/// A customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Customer {
    /// The tokens, once they were issued.
    pub token: Option<Token>,
    /// The cards, those that were removed among them.
    pub cards: Vec<Card>,
    /// The accounts, those that were removed among them.
    pub accounts: Vec<Account>,
    /// The ids of the terms agreed to.
    pub agreed: BTreeSet<i64>,
    /// Whether the person was identified.
    pub identified: bool,
    /// Whether the customer is dormant: can neither pay nor be paid back.
    pub dormant: bool,
    /// How much the customer may pay in a calendar month, in won, else `EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT`.
    pub monthly_limit: Option<i64>,
}

/// The tokens of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Token {
    /// For calls with Bearer.
    pub access_token: String,
    /// For new tokens.
    pub refresh_token: String,
    /// When the access token ends.
    pub expires_at: Time,
}

impl Token {
    pub(super) fn new(now: Time, rng: &mut Rng) -> Self {
        let (access_token, refresh_token) = (rng.alphanumeric(48), rng.alphanumeric(48));
        Self { access_token, refresh_token, expires_at: now.plus(Duration::from_secs(LIFE)) }
    }
}

/// The names of a customer: the tokens, and the keys of the methods.
pub(super) const ACCESS_TOKEN: &str = "access token";
pub(super) const REFRESH_TOKEN: &str = "refresh token";
pub(super) const METHOD: &str = "method";

impl Record for Customer {
    fn names(&self) -> Vec<(&'static str, String)> {
        let cards = self.cards.iter().map(|card| &card.method_key);
        let methods = cards.chain(self.accounts.iter().map(|account| &account.method_key));
        let mut names: Vec<_> = methods.map(|key| (METHOD, key.clone())).collect();
        if let Some(token) = &self.token {
            names.push((ACCESS_TOKEN, token.access_token.clone()));
            names.push((REFRESH_TOKEN, token.refresh_token.clone()));
        }
        names
    }
}

impl Customer {
    /// A customer with a card and an account, registered a day ago, so that both can pay.
    pub(super) fn made_up(now: Time, rng: &mut Rng) -> Self {
        let yesterday = Time::from_unix_millis(now.unix_millis().saturating_sub(24 * 3600 * 1000));
        Self {
            cards: vec![Card::new(yesterday, rng)],
            accounts: vec![Account::new(yesterday, rng)],
            ..Self::default()
        }
    }
}

impl BrandPay {
    /// Whose access token this is, if it is one that works.
    pub(super) fn customer_of(&self, token: &str, now: Time) -> Option<&str> {
        let works = |customer: &Customer| customer.token.as_ref().is_some_and(|held| now < held.expires_at);
        let holders = self.customers.named(ACCESS_TOKEN, token);
        holders.into_iter().find(|key| self.customers.get(*key).is_some_and(works)).map(String::as_str)
    }

    /// Lets a customer leave. Methods and tokens go at once; payments stay.
    pub fn remove_customer(&mut self, key: &str) -> bool {
        let Some(customer) = self.customers.remove(key) else { return false };
        if let Some(token) = customer.token {
            self.dead_tokens.insert(token.access_token, key.to_owned());
        }
        let codes: Vec<_> = self.codes.named(terms::CUSTOMER, key).into_iter().cloned().collect();
        for code in codes {
            self.codes.remove(&code);
        }
        self.customer_did(key, CustomerChange::Removed);
        true
    }
}

/// `customers/remove`.
pub(super) fn remove(context: &mut Context<'_>, customer: &str) -> Result {
    if !context.switches.withdrawal_takes_body && !context.request.body.is_empty() {
        let basis = Basis::Assumed("withdrawal_takes_body");
        return Err(context.flat_because("INVALID_REQUEST", "no body", basis));
    }
    let success = context.world.brandpay.remove_customer(customer);
    let body = json!({"customerKey": customer, "success": success});
    Ok(Answer::json(200, &body, Basis::Documented("docs/api/brandpay.md#remove-a-customer")))
}

/// The rules for `customerKey`.
pub(super) fn check_key(context: &Context<'_>, key: &str) -> Result<()> {
    let longest = usize::from(context.switches.longest_customer_key);
    let length = key.chars().count();
    if longest >= 300 && length > longest {
        let basis = Basis::Assumed("longest_customer_key, as measured at billing");
        let why = format!("customerKey must have at most {longest} characters");
        return Err(context.flat_because("FAILED_DB_PROCESSING", &why, basis));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_=.@".contains(c);
    if (2..=longest).contains(&length) && key.chars().all(allowed) {
        return Ok(());
    }
    let basis = Basis::Documented("docs/api/brandpay.md#identifiers, customerKey");
    let why = format!("customerKey must have 2 to {longest} of A-Z a-z 0-9 - _ = . @");
    Err(context.flat_because("INVALID_CUSTOMER_KEY", &why, basis))
}
