//! Taking money: what has to be true of it, and what it changes.

use std::time::Duration;

use super::{
    Account, Card, Customer, Payment, PaymentStatus, Shop, Slip, Term,
    method::Method,
    methods,
    payment::{CashReceipt, ORDER, SPENT, spending},
    promotion::{Discount, today},
};
use crate::api::{Answer, Basis, Context, Movement, context::Result, switches::SmallInstallment};

const FROM_CARD: i64 = 100;
const FROM_ACCOUNT: i64 = 200;
const FROM_INSTALLMENT: i64 = 50_000;
const FIRST_HOURS: Duration = Duration::from_secs(12 * 3600);

/// A refusal, and the payment if that ends it: the card company or the bank said no.
pub(super) struct Refused {
    pub(super) answer: Answer,
    pub(super) ended: Option<Box<Payment>>,
}

impl From<Answer> for Refused {
    fn from(answer: Answer) -> Self {
        Self { answer, ended: None }
    }
}

/// Takes the money of a payment that nobody has seen yet or that is open, or says why not. Only if it is taken is
/// anything changed.
pub(super) fn charge(
    context: &mut Context<'_>,
    payment_key: &str,
    mut payment: Payment,
    mut customer: Customer,
) -> std::result::Result<(), Refused> {
    let shop = context.world.brandpay.shops.get(&payment.shop).cloned().unwrap_or_default();
    unpaid(context, payment_key, &payment)?;
    if customer.dormant {
        let basis = Basis::Assumed("a dormant customer is FORBIDDEN_DORMANT_OR_WITHDRAWAL_CUSTOMER");
        return Err(context.flat("FORBIDDEN_DORMANT_OR_WITHDRAWAL_CUSTOMER", basis).into());
    }
    let method = choose(context, &payment, &customer)?;
    let discount = discount(context, &payment, &method)?;
    payment.discount = discount.as_ref().map_or(0, |discount| discount.amount);
    payment.slip = Some(slip(context, &shop, &payment, &method)?);
    limits(context, &payment, &customer, &method)?;
    if let Some(code) = method.refuses() {
        let answer =
            context.flat(code, Basis::Assumed("a method refuses with the code that the state names"));
        let ended = (answer.status == 403).then(|| Box::new(payment));
        return Err(Refused { answer, ended });
    }

    let now = context.now;
    payment.status = PaymentStatus::Done;
    payment.approved_at = Some(now);
    payment.tax_free = if shop.tax_free { payment.tax_free } else { 0 };
    payment.receipt = receipt(context, &payment);
    let key = method.key().to_owned();
    customer.used(&key, now);
    let state = &mut context.world.brandpay;
    if let Some(discount) = discount {
        let promotions = &mut state.promotions;
        let all = promotions.discount_cards.iter_mut().chain(&mut promotions.discount_banks);
        all.filter(|one| one.code == discount.code && one.company == discount.company)
            .for_each(|one| one.balance -= discount.amount);
    }
    let movement = Movement::BrandpayPayment {
        customer: payment.customer.clone(),
        payment_key: payment_key.to_owned(),
        order_id: payment.order_id.clone(),
        amount: payment.amount,
    };
    let name = payment.customer.clone();
    if !state.customers.contains_key(&name) {
        state.arrived(&name, &customer);
    }
    state.customers.insert(name, customer);
    state.payments.insert(payment_key.to_owned(), payment);
    context.world.ledger.push(now, movement);
    Ok(())
}

/// Nobody pays twice for one order.
fn unpaid(context: &Context<'_>, payment_key: &str, payment: &Payment) -> Result<()> {
    let payments = &context.world.brandpay.payments;
    let paid = |key: &String| key != payment_key && payments.get(key).is_some_and(Payment::is_approved);
    if payments.named(ORDER, &payment.order_id).into_iter().any(paid) {
        return Err(context.flat("DUPLICATED_ORDER_ID", LIST));
    }
    Ok(())
}

const LIST: Basis = Basis::Documented("docs/api/brandpay-codes.md#from-the-api");

/// The method that was chosen, or the first that is there.
fn choose(context: &Context<'_>, payment: &Payment, customer: &Customer) -> Result<Method> {
    match &payment.method_key {
        Some(key) => customer.method(key).ok_or_else(|| methods::missing(context, key)),
        None => customer.first_method().ok_or_else(|| {
            context.flat("NOT_FOUND_METHOD", Basis::Assumed("a customer without methods is NOT_FOUND_METHOD"))
        }),
    }
}

/// The discount that the payment names, if it can be used.
fn discount(context: &Context<'_>, payment: &Payment, method: &Method) -> Result<Option<Discount>> {
    let Some(code) = &payment.wishes.discount_code else { return Ok(None) };
    let basis = Basis::Assumed("a discount that cannot be used is INVALID_REQUEST");
    let promotions = &context.world.brandpay.promotions;
    let (offers, company) = match method {
        Method::Card(card) => (&promotions.discount_cards, &card.acquirer_code),
        Method::Account(account) => (&promotions.discount_banks, &account.bank_code),
    };
    let fits = |one: &&Discount| {
        one.code == *code
            && one.company == *company
            && today(context.now) <= one.due_date
            && (one.minimum..=one.maximum).contains(&payment.amount)
    };
    let Some(found) = offers.iter().find(fits) else {
        return Err(context.flat_because("INVALID_REQUEST", "discountCode does not fit", basis));
    };
    if found.balance < found.amount || found.amount >= payment.amount {
        let basis = Basis::Assumed("a discount without budget is INVALID_MAXIMUM_DISCOUNT_AMOUNT");
        return Err(context.flat("INVALID_MAXIMUM_DISCOUNT_AMOUNT", basis));
    }
    Ok(Some(found.clone()))
}

/// What the payment will show of its method.
fn slip(context: &Context<'_>, shop: &Shop, payment: &Payment, method: &Method) -> Result<Slip> {
    let wishes = &payment.wishes;
    let least = if matches!(method, Method::Card(_)) { FROM_CARD } else { FROM_ACCOUNT };
    if payment.amount < least {
        return Err(context.flat("BELOW_MINIMUM_AMOUNT", LIST));
    }
    match method {
        Method::Account(_) if !shop.accounts => Err(context.flat("NOT_SUPPORTED_METHOD", LIST)),
        Method::Account(Account { bank_code, .. }) => {
            Ok(Slip::Transfer { bank_code: bank_code.clone(), culture_expense: wishes.culture_expense })
        }
        Method::Card(_) if wishes.card_points && !shop.card_points => {
            let basis = Basis::Assumed("card points without a contract are FORBIDDEN_REQUEST");
            Err(context.flat_because("FORBIDDEN_REQUEST", "useCardPoint needs a contract", basis))
        }
        Method::Card(card) => {
            let months = months(context, payment)?;
            let promotions = &context.world.brandpay.promotions;
            let Card { issuer_code, acquirer_code, number, card_type, owner_type, .. } = card.clone();
            let today = today(context.now);
            let interest_free =
                months > 0 && promotions.interest_free(&acquirer_code, months, payment.amount, &today);
            let card_points = wishes.card_points;
            Ok(Slip::Card {
                issuer_code,
                acquirer_code,
                number,
                card_type,
                owner_type,
                months,
                interest_free,
                card_points,
            })
        }
    }
}

/// Instalments are for 50,000 won and more.
fn months(context: &Context<'_>, payment: &Payment) -> Result<u8> {
    let months = payment.wishes.months;
    if months == 0 || payment.amount >= FROM_INSTALLMENT {
        return Ok(months);
    }
    match context.switches.small_installment {
        SmallInstallment::AtOnce => Ok(0),
        SmallInstallment::Refuse => {
            let basis = Basis::Assumed("small_installment");
            Err(context.flat_because("INVALID_REQUEST", "instalments are for 50000 won and more", basis))
        }
    }
}

fn limits(context: &Context<'_>, payment: &Payment, customer: &Customer, method: &Method) -> Result<()> {
    let seen = Basis::Assumed("a code that was seen in partner code alone");
    if let Method::Account(account) = method {
        if context.now.since(account.registered_at) < FIRST_HOURS {
            let basis =
                Basis::Assumed("RESTRICTED_TRANSFER_ACCOUNT, which failUrl has, comes from the API too");
            return Err(context.flat("RESTRICTED_TRANSFER_ACCOUNT", basis));
        }
        if account.one_time_limit.is_some_and(|most| payment.amount > most) {
            return Err(context.flat("EXCEED_OPEN_BANKING_ONE_TIME_LIMIT", seen));
        }
    }
    let Some(most) = customer.monthly_limit else { return Ok(()) };
    let payments = &context.world.brandpay.payments;
    let of_month = payments.named(SPENT, &spending(&payment.customer, context.now)).into_iter();
    let paid: i128 = of_month.filter_map(|key| payments.get(key)).map(|paid| i128::from(paid.amount)).sum();
    if paid + i128::from(payment.amount) > i128::from(most) {
        return Err(context.flat("EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT", seen));
    }
    Ok(())
}

/// The cash receipt of a transfer, if one was asked for.
fn receipt(context: &mut Context<'_>, payment: &Payment) -> Option<CashReceipt> {
    let (kind, identity) = payment.wishes.cash_receipt.clone()?;
    if !matches!(payment.slip, Some(Slip::Transfer { .. })) {
        return None;
    }
    Some(CashReceipt {
        kind,
        identity,
        key: context.rng.alphanumeric(48),
        issue_number: format!("{:09}", u32::from_be_bytes(context.rng.bytes()) % 1_000_000_000),
        amount: payment.amount - payment.discount,
        tax_free: payment.tax_free,
    })
}

/// Whether the agreement to automatic payments that the switch asks for is there.
pub(super) fn billing_agreed(terms: &[Term], customer: &Customer) -> bool {
    terms
        .iter()
        .filter(|term| term.scope == "BILLING" && term.required)
        .all(|term| customer.agreed.contains(&term.id))
}
