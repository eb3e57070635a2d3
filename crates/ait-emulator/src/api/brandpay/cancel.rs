//! Giving money back.

use std::time::Duration;

use super::{
    Payment, PaymentStatus,
    gate::Caller,
    payment::{self, transaction_key},
    told,
};
use crate::api::{Basis, Context, Movement, callbacks::News, context::Result, flat::Members};

const DOC: Basis = Basis::Documented("docs/api/brandpay-payments.md#cancel");
const BY_STATE: Basis = Basis::Assumed("a cancel is refused with the code that the state names");

/// The banks of the documented table, securities companies apart.
const BANKS: [&str; 26] = [
    "02", "03", "06", "07", "11", "12", "20", "23", "27", "31", "32", "34", "35", "37", "39", "45", "48",
    "50", "54", "64", "71", "81", "88", "89", "90", "92",
];

struct Asked {
    amount: Option<i64>,
    reason: String,
    tax_free: i64,
    tax_exempt: i64,
    refundable: Option<i64>,
    request_id: Option<String>,
}

/// `POST payments/{paymentKey}/cancel`.
pub(super) fn cancel(context: &mut Context<'_>, caller: &Caller) -> Result {
    let key = context.parameters.first().cloned().unwrap_or_default();
    let asked = asked(&context.members()?)?;
    let payment = context.world.brandpay.payments.get(&key).filter(|payment| payment.shop == caller.shop);
    let Some(payment) = payment.cloned() else { return Err(told::unknown(context)) };
    let amount = amount(context, &payment, &asked)?;
    may_cancel(context, &payment, amount)?;
    give_back(context, key.clone(), payment, asked, amount);
    told::tell(context, &key, caller.widget, DOC)
}

fn asked(body: &Members<'_>) -> Result<Asked> {
    let reason = body.needed("cancelReason", 200)?;
    let amount = match body.get("cancelAmount") {
        Some(_) => Some(body.needed_won("cancelAmount")?),
        None => None,
    };
    if body.text("currency", 3)?.is_some_and(|currency| currency != "KRW") {
        return body.refuse("currency", "is not that of the payment");
    }
    refund_account(body)?;
    Ok(Asked {
        amount,
        reason,
        tax_free: body.won("taxFreeAmount")?.unwrap_or(0),
        tax_exempt: body.won("taxExemptionAmount")?.unwrap_or(0),
        refundable: body.won("refundableAmount")?,
        request_id: body.text("cancelRequestId", 100)?,
    })
}

/// The account is for virtual accounts, which BrandPay has not: its form is looked at and nothing else.
fn refund_account(body: &Members<'_>) -> Result<()> {
    let Some(account) = body.object("refundReceiveAccount")? else { return Ok(()) };
    let bank = account.needed("bank", 100)?;
    let short = bank.len() == 2 && bank.is_ascii();
    if short && !BANKS.contains(&bank.as_str()) && !bank.starts_with('S') {
        return account.refuse_with("INVALID_BANK", "bank", "is not in the table", DOC);
    }
    let number = account.needed("accountNumber", usize::MAX)?;
    if number.len() > 20 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        let rule = "has at most 20 digits";
        return account.refuse_with("INVALID_REFUND_ACCOUNT_NUMBER", "accountNumber", rule, DOC);
    }
    match account.needed("holderName", 60) {
        Ok(_) => Ok(()),
        Err(_) => {
            let rule = "has 1 to 60 characters";
            account.refuse_with("INVALID_REFUND_ACCOUNT_INFO", "holderName", rule, DOC)
        }
    }
}

/// How much goes back, if anything can.
fn amount(context: &Context<'_>, payment: &Payment, asked: &Asked) -> Result<i64> {
    match payment.status_at(context.now) {
        PaymentStatus::Done | PaymentStatus::PartialCanceled => {}
        PaymentStatus::Canceled => return Err(context.flat("ALREADY_CANCELED_PAYMENT", DOC)),
        PaymentStatus::Ready
        | PaymentStatus::InProgress
        | PaymentStatus::Aborted
        | PaymentStatus::Expired => {
            return Err(context.flat("NOT_CANCELABLE_PAYMENT", DOC));
        }
    }
    if payment.balance == 0 {
        return Err(context.flat("NOT_CANCELABLE_AMOUNT", DOC));
    }
    if asked.refundable.is_some_and(|believed| believed != payment.balance) {
        return Err(context.flat("NOT_MATCHES_REFUNDABLE_AMOUNT", DOC));
    }
    let amount = asked.amount.unwrap_or(payment.balance);
    if amount > payment.balance {
        return Err(context.flat("NOT_CANCELABLE_AMOUNT", DOC));
    }
    let taxed_left = payment.balance - payment.tax_free;
    let tax_free = tax_free(payment, asked, amount);
    if tax_free > payment.tax_free
        || tax_free > amount
        || amount - tax_free > taxed_left
        || asked.tax_exempt > amount
    {
        let basis = Basis::Assumed("tax-free parts that do not add up are INVALID_REQUEST");
        return Err(context.flat_because("INVALID_REQUEST", "taxFreeAmount does not fit", basis));
    }
    Ok(amount)
}

/// The tax-free part: all of it if all that is left goes back.
const fn tax_free(payment: &Payment, asked: &Asked, amount: i64) -> i64 {
    if amount == payment.balance { payment.tax_free } else { asked.tax_free }
}

fn may_cancel(context: &Context<'_>, payment: &Payment, amount: i64) -> Result<()> {
    let part = amount < payment.balance;
    let state = &context.world.brandpay;
    let shop = state.shops.get(&payment.shop);
    let again = payment.cancels.last().map(|last| context.now.since(last.at));
    let pause = Duration::from_millis(context.switches.consecutive_millis);
    let given: i64 = payment.cancels.iter().map(|cancel| cancel.discount).sum();
    let code = if again.is_some_and(|since| since < pause) {
        "FORBIDDEN_CONSECUTIVE_REQUEST"
    } else if payment.refund_due.is_some_and(|due| context.now > due) {
        "EXCEED_MAX_REFUND_DUE"
    } else if part && !payment.partial_cancelable {
        "NOT_ALLOWED_PARTIAL_REFUND"
    } else if part && amount < payment.discount - given {
        "EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT"
    } else if state.customers.get(&payment.customer).is_some_and(|customer| customer.dormant) {
        "NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER"
    } else if shop.and_then(|shop| shop.cancel_limit).is_some_and(|most| amount > most) {
        "EXCEED_CANCEL_LIMIT"
    } else if let Some(code) = &payment.refuses_cancel {
        return Err(context.flat(code, BY_STATE));
    } else {
        return Ok(());
    };
    Err(context.flat(code, DOC))
}

fn give_back(context: &mut Context<'_>, key: String, mut payment: Payment, asked: Asked, amount: i64) {
    let tax_free = tax_free(&payment, &asked, amount);
    let given: i64 = payment.cancels.iter().map(|cancel| cancel.discount).sum();
    let whole = amount == payment.balance;
    payment.status = if whole && payment.cancels.is_empty() {
        PaymentStatus::Canceled
    } else {
        PaymentStatus::PartialCanceled
    };
    payment.balance -= amount;
    payment.tax_free -= tax_free;
    let transaction_key = transaction_key(context.rng);
    let receipt_key = payment.receipt.as_ref().map(|_| context.rng.alphanumeric(48));
    payment.cancels.push(payment::Cancel {
        amount,
        reason: asked.reason,
        tax_free,
        tax_exempt: asked.tax_exempt,
        left: payment.balance,
        discount: if whole { payment.discount - given } else { 0 },
        at: context.now,
        transaction_key: transaction_key.clone(),
        receipt_key,
        request_id: asked.request_id,
    });
    let state = &mut context.world.brandpay;
    if let Some(limit) = state.shops.get_mut(&payment.shop).and_then(|shop| shop.cancel_limit.as_mut()) {
        *limit -= amount;
    }
    if !payment.automatic {
        state.fresh.push(News::Payment(key.clone()));
    }
    state.payments.insert(key.clone(), payment);
    let movement = Movement::BrandpayCancel { payment_key: key, transaction_key, amount };
    context.world.ledger.push(context.now, movement);
}
