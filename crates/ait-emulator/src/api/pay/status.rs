//! `get-payment-status`: where a payment stands, and what moved.

use serde::Serialize;

use super::{
    Choice, Method, PayStatus, Payment, Step,
    execute::sales_check,
    find::{Asked, order_no},
};
use crate::api::{Answer, Basis, Context, Time, context::Result, envelope::success};

const STATUS: Basis = Basis::Sample("docs/api/tosspay.md#get-payment-status");
const UNKNOWN: Basis = Basis::Documented("docs/api/tosspay.md#get-payment-status, 404");
const EXPIRED: Basis = Basis::Documented("docs/api/tosspay.md#expiry");

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status<'a> {
    mode: &'static str,
    pay_token: &'a str,
    order_no: &'a str,
    pay_status: PayStatus,
    pay_method: Option<Method>,
    amount: i64,
    discounted_amount: i64,
    discount_amount_v2: i64,
    paid_point_v2: i64,
    paid_amount: i64,
    refundable_amount: i64,
    amount_taxable: i64,
    amount_tax_free: i64,
    amount_vat: i64,
    amount_service_fee: i64,
    disposable_cup_deposit: i64,
    account_bank_code: Option<&'a str>,
    account_bank_name: Option<&'a str>,
    account_number: Option<&'a str>,
    card: Option<CardTold<'a>>,
    transactions: Vec<Told<'a>>,
    created_ts: String,
    paid_ts: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CardTold<'a> {
    no_interest: bool,
    spread_out: u32,
    card_authorization_no: Option<&'a str>,
    card_method_type: &'a str,
    card_user_type: &'a str,
    card_number: &'a str,
    card_bin_number: &'a str,
    card_num4_print: &'a str,
    sales_check_link_url: String,
    card_company_name: &'a str,
    card_company_code: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Told<'a> {
    step_type: Step,
    transaction_id: &'a str,
    paid_amount: i64,
    transaction_amount: i64,
    discounted_amount: i64,
    point_amount: i64,
    reg_ts: String,
}

pub(super) fn status(context: &mut Context<'_>) -> Result {
    let user = context.user()?.to_string();
    let form = context.form()?;
    let pay_token = form.text("payToken", 30)?;
    let order_no = order_no(&form)?;
    let missing = match (&pay_token, &order_no) {
        (None, None) => Some("payToken"),
        (None, Some(_)) if context.switches.status_needs_both => Some("payToken"),
        (Some(_), None) if context.switches.status_needs_both => Some("orderNo"),
        _ => None,
    };
    if let Some(missing) = missing {
        let refusal = context.bad_field(missing, "is required");
        return Err(match context.switches.status_needs_both {
            true => Answer { basis: Basis::Assumed("status_needs_both"), ..refusal },
            false => refusal,
        });
    }
    let flag = form.needed_flag("isTestPayment")?;
    context.merchant_key()?;
    let payment = context.payment(&Asked {
        user: &user,
        pay_token: pay_token.as_deref(),
        order_no: order_no.as_deref(),
        flag,
        listed: 404,
        unknown: UNKNOWN,
    })?;
    Ok(tell(payment, context.now))
}

/// Fields of money that has not moved are 0, those of what was not chosen are null.
fn tell(payment: &Payment, now: Time) -> Answer {
    let amounts = &payment.amounts;
    let executed = payment.status.was_executed();
    // What was chosen and not executed has cost nobody anything.
    let choice = payment.choice.as_ref().filter(|_| executed);
    let account = choice.and_then(Choice::account);
    let card = choice.and_then(Choice::card).map(|card| CardTold {
        no_interest: card.no_interest,
        spread_out: card.months,
        card_authorization_no: payment.card_authorization_no.as_deref(),
        card_method_type: &card.method_type,
        card_user_type: &card.user_type,
        card_number: &card.number,
        card_bin_number: &card.bin,
        card_num4_print: &card.last4,
        sales_check_link_url: sales_check(payment),
        card_company_name: &card.company_name,
        card_company_code: card.company_code,
    });
    let points = choice.map_or(0, |choice| choice.points);
    let transactions = payment.finished().map(|transaction| Told {
        step_type: transaction.step,
        transaction_id: &transaction.id,
        paid_amount: transaction.amount.saturating_sub(transaction.discounted),
        transaction_amount: match transaction.step {
            Step::Pay => transaction.amount,
            Step::Refund => transaction.amount.saturating_neg(),
        },
        discounted_amount: transaction.discounted,
        point_amount: transaction.points,
        reg_ts: transaction.at.kst_with_blank(),
    });
    let paid = payment.finished().find(|transaction| transaction.step == Step::Pay);
    let told = Status {
        mode: payment.mode(),
        pay_token: &payment.pay_token,
        order_no: &payment.order_no,
        pay_status: payment.status_at(now),
        pay_method: choice.map(Choice::method),
        amount: amounts.amount,
        discounted_amount: choice.map_or(0, Choice::discounted),
        discount_amount_v2: choice.map_or(0, |choice| choice.instant_discount),
        paid_point_v2: points,
        paid_amount: if executed { payment.paid_amount() } else { 0 },
        refundable_amount: payment.refundable(),
        amount_taxable: amounts.taxable,
        amount_tax_free: amounts.tax_free,
        amount_vat: amounts.vat,
        amount_service_fee: amounts.service_fee,
        disposable_cup_deposit: 0,
        account_bank_code: account.map(|account| account.bank_code.as_str()),
        account_bank_name: account.map(|account| account.bank_name.as_str()),
        account_number: account.map(|account| account.number.as_str()),
        card,
        transactions: transactions.collect(),
        created_ts: payment.made_at.kst_with_blank(),
        paid_ts: paid.map(|paid| paid.at.kst_with_blank()),
    };
    let expired = told.pay_status != payment.status;
    success(&told, if expired { EXPIRED } else { STATUS })
}
