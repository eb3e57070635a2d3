//! Promotions of card companies and banks.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::gate::Caller;
use crate::api::{Answer, Basis, Context, Time, context::Result, switches::ListForm};

/// The promotions that run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Promotions {
    /// Discounts by card; the code is the acquirer's.
    pub discount_cards: Vec<Discount>,
    /// Instalments without interest; the code is the acquirer's.
    pub interest_free_cards: Vec<InterestFree>,
    /// Card points; the code is the acquirer's.
    pub point_cards: Vec<Point>,
    /// Discounts by account; the code is the bank's.
    pub discount_banks: Vec<Discount>,
}

/// A discount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Discount {
    /// The card company or the bank.
    pub company: String,
    /// How much.
    pub amount: i64,
    /// What is left of the budget. 0: it cannot be used.
    pub balance: i64,
    /// The code that a payment names.
    pub code: String,
    /// The last day: `yyyy-MM-dd`.
    pub due_date: String,
    /// The smallest payment.
    pub minimum: i64,
    /// The greatest payment.
    pub maximum: i64,
}

/// Instalments without interest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct InterestFree {
    /// The card company.
    pub company: String,
    /// The last day: `yyyy-MM-dd`.
    pub due_date: String,
    /// How many months are free.
    pub months: Vec<u8>,
    /// The smallest payment.
    pub minimum: i64,
}

/// Card points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Point {
    /// The card company.
    pub company: String,
    /// The last day: `yyyy-MM-dd`.
    pub due_date: String,
    /// The smallest payment.
    pub minimum: i64,
}

impl Discount {
    /// A discount with a budget of a million, until the end of 2099.
    #[must_use]
    pub fn new(company: &str, amount: i64, code: &str, minimum: i64) -> Self {
        Self {
            company: company.to_owned(),
            amount,
            balance: 1_000_000,
            code: code.to_owned(),
            due_date: LONG.to_owned(),
            minimum,
            maximum: 99_999_999,
        }
    }

    fn members(&self, company: &str) -> Value {
        json!({
            company: self.company, "discountAmount": self.amount, "balance": self.balance,
            "discountCode": self.code, "dueDate": self.due_date, "minimumPaymentAmount": self.minimum,
            "maximumPaymentAmount": self.maximum,
        })
    }
}

impl InterestFree {
    /// Months without interest, until the end of 2099.
    #[must_use]
    pub fn new(company: &str, months: &[u8], minimum: i64) -> Self {
        Self { company: company.to_owned(), due_date: LONG.to_owned(), months: months.to_vec(), minimum }
    }

    fn members(&self, company: &str) -> Value {
        json!({
            company: self.company, "dueDate": self.due_date, "installmentFreeMonths": self.months,
            "minimumPaymentAmount": self.minimum,
        })
    }
}

impl Point {
    /// Points, until the end of 2099.
    #[must_use]
    pub fn new(company: &str, minimum: i64) -> Self {
        Self { company: company.to_owned(), due_date: LONG.to_owned(), minimum }
    }

    fn members(&self, company: &str) -> Value {
        json!({company: self.company, "dueDate": self.due_date, "minimumPaymentAmount": self.minimum})
    }
}

const LONG: &str = "2099-12-31";

/// Today in Korea.
pub(super) fn today(now: Time) -> String {
    now.kst().split('T').next().unwrap_or_default().to_owned()
}

fn with_currency(mut members: Value) -> Value {
    members["currency"] = "KRW".into();
    members
}

/// All four details are there, null but for one.
fn entry(kind: &str, detail: &str, members: Value) -> Value {
    let mut entry = json!({
        "payType": "NORMAL", "type": kind,
        "cardDiscount": null, "cardInterestFree": null, "cardPoint": null, "bankDiscount": null,
    });
    entry[detail] = with_currency(members);
    entry
}

impl Promotions {
    /// Those of the samples, until the end of 2099.
    pub(super) fn usual() -> Self {
        Self {
            discount_cards: vec![
                Discount::new("71", 500, "12860", 1000),
                Discount::new("31", 600, "12861", 2000),
                Discount { maximum: 500_000, ..Discount::new("51", 1000, "12862", 5000) },
            ],
            interest_free_cards: vec![
                InterestFree::new("11", &[2, 3, 4, 5, 6, 7], 50_000),
                InterestFree::new("31", &[2, 3], 50_000),
            ],
            point_cards: vec![Point::new("33", 1000), Point::new("91", 2000)],
            discount_banks: vec![
                Discount::new("20", 500, "12860", 1000),
                Discount::new("92", 600, "12861", 2000),
            ],
        }
    }

    fn all(&self, today: &str, fits: impl Fn(&str) -> bool) -> Vec<Value> {
        let mut cards = self.cards(today, &fits);
        cards.extend(self.banks(today, &fits));
        cards
    }

    fn cards(&self, today: &str, fits: impl Fn(&str) -> bool) -> Vec<Value> {
        let runs = |company: &str, due: &str| fits(company) && today <= due;
        let discounts = self.discount_cards.iter().filter(|one| runs(&one.company, &one.due_date));
        let free = self.interest_free_cards.iter().filter(|one| runs(&one.company, &one.due_date));
        let points = self.point_cards.iter().filter(|one| runs(&one.company, &one.due_date));
        discounts
            .map(|one| entry("CARD_DISCOUNT", "cardDiscount", one.members("issuerCode")))
            .chain(free.map(|one| entry("CARD_INTEREST_FREE", "cardInterestFree", one.members("issuerCode"))))
            .chain(points.map(|one| entry("CARD_POINT", "cardPoint", one.members("issuerCode"))))
            .collect()
    }

    fn banks(&self, today: &str, fits: impl Fn(&str) -> bool) -> Vec<Value> {
        let banks =
            self.discount_banks.iter().filter(|one| fits(&one.company) && today <= one.due_date.as_str());
        banks.map(|one| entry("BANK_DISCOUNT", "bankDiscount", one.members("bankCode"))).collect()
    }

    /// What a card's acquirer offers.
    pub(super) fn of_card(&self, acquirer: &str, today: &str) -> Vec<Value> {
        self.cards(today, |company| company == acquirer)
    }

    /// What an account's bank offers.
    pub(super) fn of_bank(&self, bank: &str, today: &str) -> Vec<Value> {
        self.banks(today, |company| company == bank)
    }

    /// Whether instalments over so many months cost no interest.
    pub(super) fn interest_free(&self, acquirer: &str, months: u8, amount: i64, today: &str) -> bool {
        self.interest_free_cards.iter().any(|one| {
            one.company == acquirer
                && one.months.contains(&months)
                && one.minimum <= amount
                && today <= one.due_date.as_str()
        })
    }
}

/// `GET brandpay/promotions/card`.
pub(super) fn brandpay_cards(context: &mut Context<'_>, _: &Caller) -> Result {
    let (promotions, today) = (&context.world.brandpay.promotions, today(context.now));
    let runs = |due: &String| today <= *due;
    let name = "companyCode";
    let discounts = promotions.discount_cards.iter().filter(|one| runs(&one.due_date));
    let free = promotions.interest_free_cards.iter().filter(|one| runs(&one.due_date));
    let points = promotions.point_cards.iter().filter(|one| runs(&one.due_date));
    let body = json!({
        "discountCards": discounts.map(|one| one.members(name)).collect::<Vec<_>>(),
        "interestFreeCards": free.map(|one| one.members(name)).collect::<Vec<_>>(),
        "pointCards": points.map(|one| one.members(name)).collect::<Vec<_>>(),
    });
    Ok(Answer::json(200, &body, Basis::Sample("docs/api/brandpay-codes.md#brandpay-promotions, card")))
}

/// `GET brandpay/promotions/bank`.
pub(super) fn brandpay_banks(context: &mut Context<'_>, _: &Caller) -> Result {
    let today = today(context.now);
    let banks = context.world.brandpay.promotions.discount_banks.iter().filter(|one| today <= one.due_date);
    let banks: Vec<Value> = banks.map(|one| with_currency(one.members("bankCode"))).collect();
    let basis = Basis::Sample("docs/api/brandpay-codes.md#brandpay-promotions, bank");
    Ok(Answer::json(200, &json!({"discountBanks": banks}), basis))
}

/// `GET promotions`.
pub(super) fn all(context: &mut Context<'_>, _: &Caller) -> Result {
    let mut all = context.world.brandpay.promotions.all(&today(context.now), |_| true);
    for entry in &mut all {
        if entry["bankDiscount"].is_object() {
            entry["bankDiscount"]["type"] = "FIXED_AMOUNT".into();
        }
    }
    let basis = Basis::Assumed("promotion_list");
    Ok(match context.switches.promotion_list {
        ListForm::Array => Answer::json(200, &all, basis),
        ListForm::Object => Answer::json(200, &all.into_iter().next().unwrap_or_else(|| json!({})), basis),
    })
}

/// `GET promotions/card`.
pub(super) fn all_cards(context: &mut Context<'_>, _: &Caller) -> Result {
    let (promotions, today) = (&context.world.brandpay.promotions, today(context.now));
    let discounts = promotions.discount_cards.iter().filter(|one| today <= one.due_date);
    let free = promotions.interest_free_cards.iter().filter(|one| today <= one.due_date);
    let body = json!({
        "discountCards": discounts.map(|one| with_currency(one.members("issuerCode"))).collect::<Vec<_>>(),
        "interestFreeCards": free.map(|one| with_currency(one.members("issuerCode"))).collect::<Vec<_>>(),
    });
    Ok(Answer::json(200, &body, Basis::Documented("docs/api/brandpay-codes.md#general-promotions")))
}
