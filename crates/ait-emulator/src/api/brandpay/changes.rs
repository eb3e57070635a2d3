//! What changes by the hand of a customer, and what time does: it becomes news for the shop.

use serde::{Deserialize, Serialize};

use super::{BrandPay, Customer};
use crate::api::{Rng, Time, callbacks::News};

/// What became of a card or an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum MethodChange {
    Enabled,
    Disabled,
}

/// What became of a customer: `status` of the webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum CustomerChange {
    /// Came.
    Created,
    /// Went.
    Removed,
    /// Changed the password.
    PasswordChanged,
    /// Turned payment by one touch on.
    OneTouchActivated,
    /// Turned it off.
    OneTouchDeactivated,
}

impl BrandPay {
    /// A customer did something that leaves no trace here but the webhook: a change of the password, say.
    pub fn customer_did(&mut self, customer: impl Into<String>, status: CustomerChange) {
        self.fresh.push(News::Customer { customer: customer.into(), status });
    }

    pub(super) fn method_news(&mut self, customer: &str, method: &str, status: MethodChange) {
        let (customer, method) = (customer.to_owned(), method.to_owned());
        self.fresh.push(News::Method { customer, method, status });
    }

    /// A customer who was made up is here now, with all methods.
    pub(super) fn arrived(&mut self, key: &str, customer: &Customer) {
        self.customer_did(key, CustomerChange::Created);
        let cards = customer.cards.iter().map(|card| &card.method_key);
        let accounts = customer.accounts.iter().map(|account| &account.method_key);
        for method in cards.chain(accounts) {
            self.method_news(key, method, MethodChange::Enabled);
        }
    }

    /// The customer with this key, new if there was none: without methods.
    pub(super) fn held(&mut self, key: &str) -> &mut Customer {
        if !self.customers.contains_key(key) {
            self.customer_did(key, CustomerChange::Created);
        }
        self.customers.get_or_insert_with(&key.to_owned(), Customer::default)
    }

    /// The customer with this key, made up with a card and an account if there was none.
    pub fn customer(&mut self, key: impl Into<String>, now: Time, rng: &mut Rng) -> &mut Customer {
        let key = key.into();
        if !self.customers.contains_key(&key) {
            let customer = Customer::made_up(now, rng);
            self.arrived(&key, &customer);
            self.customers.insert(key.clone(), customer);
        }
        self.customers.get_or_insert_with(&key, Customer::default)
    }

    /// Notes when a payment will expire, unless something happens to it before.
    pub(super) fn will_expire(&mut self, payment: &str) {
        if let Some(at) = self.payments.get(payment).and_then(super::Payment::expires_at) {
            self.expiring.insert((at, payment.to_owned()));
        }
    }

    /// Of the payments that have expired by now, the first that nobody has looked at yet, and when it did.
    pub(crate) fn expired(&mut self, now: Time) -> Option<(Time, String)> {
        while let Some((at, payment)) = self.expiring.first().filter(|(at, _)| *at <= now).cloned() {
            self.expiring.remove(&(at, payment.clone()));
            // Something may have happened to it.
            if self.payments.get(&payment).and_then(super::Payment::expires_at) == Some(at) {
                return Some((at, payment));
            }
        }
        None
    }

    /// When the next payment may expire.
    pub(crate) fn next_expiry(&self) -> Option<Time> {
        self.expiring.first().map(|(at, _)| *at)
    }
}
