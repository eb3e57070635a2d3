//! The calls about cards and accounts.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::{
    Account, Card, Customer, MethodChange, customer::check_key, gate::Caller, promotion::Promotions,
    words::say,
};
use crate::api::{Answer, Basis, Context, Time, context::Result, switches::UnknownCustomer};

const DOC: Basis = Basis::Documented("docs/api/brandpay.md#methods");
const REMOVED: Basis = Basis::Documented("docs/api/brandpay.md#remove-a-method");
const MONTH: Duration = Duration::from_secs(30 * 24 * 3600);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Methods<'a> {
    cards: Vec<ToldCard<'a>>,
    accounts: Vec<ToldAccount<'a>>,
    is_identified: bool,
    selected_method_id: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToldCard<'a> {
    id: &'a str,
    alias: &'a str,
    method_key: &'a str,
    card_name: &'a str,
    card_number: &'a str,
    issuer_code: &'a str,
    acquirer_code: &'a str,
    owner_type: &'a str,
    card_type: &'a str,
    installment_minimum_amount: i64,
    registered_at: String,
    status: &'static str,
    icon: &'static str,
    icon_url: &'static str,
    card_img_url: &'static str,
    color: Color,
    promotions: Vec<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToldAccount<'a> {
    id: &'a str,
    method_key: &'a str,
    account_name: &'a str,
    account_number: &'a str,
    alias: &'a str,
    bank_code: &'a str,
    icon: &'static str,
    icon_url: &'static str,
    registered_at: String,
    status: &'static str,
    color: Color,
    promotions: Vec<Value>,
}

#[derive(Serialize)]
struct Color {
    background: &'static str,
    text: &'static str,
}

const fn status(enabled: bool) -> &'static str {
    if enabled { "ENABLED" } else { "DISABLED" }
}

/// What the promotions and the language make of a method.
struct Teller<'a> {
    promotions: &'a Promotions,
    today: String,
    english: bool,
}

impl<'a> Teller<'a> {
    fn of(context: &'a Context<'_>) -> Self {
        let promotions = &context.world.brandpay.promotions;
        Self { promotions, today: super::promotion::today(context.now), english: context.english() }
    }

    fn card<'b>(&self, card: &'b Card) -> ToldCard<'b> {
        ToldCard {
            id: &card.id,
            alias: &card.alias,
            method_key: &card.method_key,
            card_name: &card.name,
            card_number: &card.number,
            issuer_code: &card.issuer_code,
            acquirer_code: &card.acquirer_code,
            owner_type: say(&card.owner_type, self.english),
            card_type: say(&card.card_type, self.english),
            installment_minimum_amount: card.installment_minimum,
            registered_at: card.registered_at.kst_with_zone(),
            status: status(card.enabled),
            icon: "",
            icon_url: "",
            card_img_url: "",
            color: Color { background: "#3C3C42", text: "#FFFFFF" },
            promotions: self.promotions.of_card(&card.acquirer_code, &self.today),
        }
    }

    fn account<'b>(&self, account: &'b Account) -> ToldAccount<'b> {
        ToldAccount {
            id: &account.id,
            method_key: &account.method_key,
            account_name: &account.name,
            account_number: &account.number,
            alias: &account.alias,
            bank_code: &account.bank_code,
            icon: "",
            icon_url: "",
            registered_at: account.registered_at.kst_with_zone(),
            status: status(account.enabled),
            color: Color { background: "#F2F4F6", text: "#333D4B" },
            promotions: self.promotions.of_bank(&account.bank_code, &self.today),
        }
    }
}

/// `GET payments/methods`.
pub(super) fn by_token(context: &mut Context<'_>, customer: &str) -> Result {
    tell(context, customer)
}

/// `GET payments/methods/{customerKey}`.
pub(super) fn by_customer(context: &mut Context<'_>, _: &Caller) -> Result {
    let customer = context.parameters.first().cloned().unwrap_or_default();
    check_key(context, &customer)?;
    tell(context, &customer)
}

fn tell(context: &Context<'_>, customer: &str) -> Result {
    let nobody = Customer::default();
    let (customer, basis) = match context.world.brandpay.customers.get(customer) {
        Some(customer) => (customer, DOC),
        None => {
            let basis = Basis::Assumed("unknown_customer");
            match context.switches.unknown_customer {
                UnknownCustomer::Refuse => return Err(context.flat("NOT_FOUND_CUSTOMER", basis)),
                UnknownCustomer::Empty => (&nobody, basis),
            }
        }
    };
    let teller = Teller::of(context);
    let all = context.switches.list_disabled_methods;
    let methods = Methods {
        cards: customer
            .cards
            .iter()
            .filter(|card| all || card.enabled)
            .map(|card| teller.card(card))
            .collect(),
        accounts: customer
            .accounts
            .iter()
            .filter(|account| all || account.enabled)
            .map(|account| teller.account(account))
            .collect(),
        is_identified: customer.identified,
        selected_method_id: selected(customer, context.now),
    };
    Ok(Answer::json(200, &methods, basis))
}

/// The method that was registered last, or used last within a month.
fn selected(customer: &Customer, now: Time) -> Option<&str> {
    let latest = |registered: Time, used: Option<Time>| {
        used.filter(|used| now.since(*used) <= MONTH).map_or(registered, |used| used.max(registered))
    };
    let cards = customer.cards.iter().filter(|card| card.enabled);
    let cards = cards.map(|card| (latest(card.registered_at, card.used_at), card.id.as_str()));
    let accounts = customer.accounts.iter().filter(|account| account.enabled);
    let accounts =
        accounts.map(|account| (latest(account.registered_at, account.used_at), account.id.as_str()));
    // Of two at the same time the first: max_by_key would take the last.
    cards.chain(accounts).rev().max_by_key(|(at, _)| *at).map(|(_, id)| id)
}

/// `POST payments/methods/card/remove`.
pub(super) fn remove_card(context: &mut Context<'_>, customer: &str) -> Result {
    let key = context.members()?.needed("methodKey", 200)?;
    let held = context.world.brandpay.customers.get_mut(customer);
    let card =
        held.and_then(|held| held.cards.iter_mut().find(|card| card.method_key == key && card.enabled));
    let Some(card) = card else { return Err(no_method(context, customer, &key)) };
    card.enabled = false;
    let card = card.clone();
    context.world.brandpay.method_news(customer, &key, MethodChange::Disabled);
    Ok(Answer::json(200, &Teller::of(context).card(&card), REMOVED))
}

/// `POST payments/methods/account/remove`.
pub(super) fn remove_account(context: &mut Context<'_>, customer: &str) -> Result {
    let key = context.members()?.needed("methodKey", 200)?;
    let held = context.world.brandpay.customers.get_mut(customer);
    let mut accounts = held.map(|held| held.accounts.iter_mut()).unwrap_or_default();
    let Some(account) = accounts.find(|account| account.method_key == key && account.enabled) else {
        return Err(no_method(context, customer, &key));
    };
    account.enabled = false;
    let account = account.clone();
    context.world.brandpay.method_news(customer, &key, MethodChange::Disabled);
    Ok(Answer::json(200, &Teller::of(context).account(&account), REMOVED))
}

/// Why a customer has no such card or account.
fn no_method(context: &Context<'_>, customer: &str, key: &str) -> Answer {
    let state = &context.world.brandpay;
    let own = state.customers.get(customer).is_some_and(|held| held.method(key).is_some());
    if own {
        let basis = Basis::Assumed("a card among accounts, or the reverse, is NOT_FOUND_METHOD_IN_GROUP");
        context.flat("NOT_FOUND_METHOD_IN_GROUP", basis)
    } else {
        missing(context, key)
    }
}

/// Why a method key is none of this customer's.
pub(super) fn missing(context: &Context<'_>, key: &str) -> Answer {
    if context.world.brandpay.has_method(key) {
        let basis = Basis::Assumed("another customer's method is NOT_FOUND_METHOD_OWNERSHIP");
        return context.flat("NOT_FOUND_METHOD_OWNERSHIP", basis);
    }
    context.flat("NOT_FOUND_METHOD", Basis::Assumed("a method that is not there is NOT_FOUND_METHOD"))
}
