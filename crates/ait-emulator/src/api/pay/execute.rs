//! `execute-payment`: takes the buyer's money.

use serde::Serialize;

use super::{
    ApiKey, Card, Choice, Method, PayStatus, Payment, Step,
    find::{Asked, no, order_no},
};
use crate::api::{
    Answer, Basis, Context, Movement,
    context::Result,
    envelope::{Refusal, success},
    switches::{ExecuteFailure, Repeat},
};

const EXECUTED: Basis = Basis::Sample("docs/api/tosspay.md#execute-payment");
const NOT_APPROVED: Basis = Basis::Documented("docs/api/tosspay.md#error-codes, EXECUTE_PAY_NOT_APPROVED");
const EXPIRED: Basis = Basis::Documented("docs/api/tosspay.md#expiry, PAY_EXPIRED");
const AGAIN: Basis = Basis::Assumed("repeat_execute");
const HELD: Basis = Basis::Assumed("an execution that gets stuck in progress is answered like any other");

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Executed<'a> {
    code: i64,
    mode: &'static str,
    order_no: &'a str,
    amount: Option<i64>,
    approval_time: Option<String>,
    state_msg: Option<&'static str>,
    discounted_amount: Option<i64>,
    paid_amount: Option<i64>,
    pay_method: Option<Method>,
    pay_token: &'a str,
    transaction_id: Option<&'a str>,
    card_company_code: Option<String>,
    card_company_name: Option<&'a str>,
    card_authorization_no: Option<&'a str>,
    spread_out: Option<String>,
    no_interest: Option<String>,
    sales_check_link_url: Option<String>,
    card_method_type: Option<&'a str>,
    card_number: Option<&'a str>,
    card_user_type: Option<&'a str>,
    card_num4_print: Option<&'a str>,
    card_bin_number: Option<&'a str>,
    cash_receipt_mgt_key: Option<&'a str>,
    account_bank_code: Option<&'a str>,
    account_bank_name: Option<&'a str>,
    account_number: Option<&'a str>,
    msg: Option<&'a str>,
    error_code: Option<&'a str>,
}

pub(super) fn execute(context: &mut Context<'_>) -> Result {
    let user = context.user()?.to_string();
    let form = context.form()?;
    let pay_token = form.needed_text("payToken", 30)?;
    let order_no = order_no(&form)?;
    let flag = form.needed_flag("isTestPayment")?;
    context.merchant_key()?;
    let payment = context.payment(&Asked {
        user: &user,
        pay_token: Some(&pay_token),
        order_no: order_no.as_deref(),
        flag,
        listed: 400,
        unknown: Basis::Assumed("an unknown payment is refused"),
    })?;
    let repeated = payment.status.was_executed() && !payment.status.was_refunded();
    if repeated && context.switches.repeat_execute == Repeat::AnswerAgain {
        return Ok(tell(payment, AGAIN));
    }
    if let Err(refusal) = may_execute(context, payment) {
        return Err(say_no(context, payment, &refusal));
    }
    Ok(commit(context, &pay_token))
}

fn may_execute(context: &Context<'_>, payment: &Payment) -> std::result::Result<(), Refusal<'static>> {
    let shop = &context.world.pay.shop;
    if shop.api_key == ApiKey::SharedTest {
        return Err(no(
            "COMMON_INVALID_API_KEY",
            Basis::Assumed("the shared test key, which approves nothing, is a wrong key then"),
        ));
    }
    match payment.status_at(context.now) {
        PayStatus::PayApproved => context.bank(payment.choice.as_ref().map(Choice::method)),
        PayStatus::PayStandby => Err(no("EXECUTE_PAY_NOT_APPROVED", NOT_APPROVED)),
        PayStatus::PayCancel if payment.status != PayStatus::PayCancel => Err(no("PAY_EXPIRED", EXPIRED)),
        PayStatus::PayCancel => Err(no(
            "EXECUTE_PAY_NOT_APPROVED",
            Basis::Assumed("a payment that was cancelled is refused like one that nobody authenticated"),
        )),
        _ => Err(no(
            "PAYMENT_EXISTING_PAYMENT",
            Basis::Assumed("repeat_execute: a payment that was executed exists already"),
        )),
    }
}

/// The refusal, in the place that the switch says.
fn say_no(context: &Context<'_>, payment: &Payment, refusal: &Refusal<'_>) -> Answer {
    match context.switches.execute_failure {
        ExecuteFailure::Envelope => context.refuse(refusal),
        ExecuteFailure::InSuccess => {
            let told = Executed {
                code: -1,
                mode: payment.mode(),
                order_no: &payment.order_no,
                pay_token: &payment.pay_token,
                msg: Some(refusal.reason),
                error_code: Some(refusal.code),
                ..Executed::default()
            };
            success(&told, Basis::Assumed("execute_failure")).with_code(refusal.code)
        }
    }
}

fn commit(context: &mut Context<'_>, pay_token: &str) -> Answer {
    let Some(payment) = context.world.pay.payments.get_mut(pay_token) else {
        return context.bad_field("payToken", "is gone");
    };
    let id = context.rng.uuid();
    payment.moved(Step::Pay, payment.amounts.amount, id, context.now);
    match payment.choice.as_ref().map(Choice::method) {
        // Only live payments have a true one.
        Some(Method::Card) if payment.test => payment.card_authorization_no = Some("00000000".to_owned()),
        Some(Method::Card) => {
            let number = u32::from_le_bytes(context.rng.bytes()) % 100_000_000;
            payment.card_authorization_no = Some(format!("{number:08}"));
        }
        _ if payment.cash_receipt.is_some() && payment.paid_amount() > 0 => {
            payment.cash_receipt_key = Some(context.rng.uuid());
        }
        _ => {}
    }
    payment.status = if payment.hold { PayStatus::PayProgress } else { PayStatus::PayComplete };
    let movement = Movement::Payment {
        user: payment.user.clone(),
        pay_token: pay_token.to_owned(),
        order_no: payment.order_no.clone(),
        amount: payment.amounts.amount,
        test: payment.test,
    };
    let answer = tell(payment, if payment.hold { HELD } else { EXECUTED });
    context.world.ledger.push(context.now, movement);
    answer
}

fn tell(payment: &Payment, basis: Basis) -> Answer {
    let choice = payment.choice.as_ref();
    let taken = payment.taken();
    let card = choice.and_then(Choice::card);
    let account = choice.and_then(Choice::account);
    let text = |of: fn(&Card) -> &str| card.map(of);
    let told = Executed {
        code: 0,
        mode: payment.mode(),
        order_no: &payment.order_no,
        amount: Some(payment.amounts.amount),
        approval_time: taken.map(|taken| taken.at.kst_with_blank()),
        state_msg: Some("결제 완료"),
        discounted_amount: Some(payment.discounted()),
        paid_amount: Some(payment.paid_amount()),
        pay_method: choice.map(Choice::method),
        pay_token: &payment.pay_token,
        transaction_id: taken.map(|taken| taken.id.as_str()),
        card_company_code: card.map(|card| card.company_code.to_string()),
        card_company_name: text(|card| &card.company_name),
        card_authorization_no: payment.card_authorization_no.as_deref(),
        spread_out: card.map(|card| card.months.to_string()),
        no_interest: card.map(|card| card.no_interest.to_string()),
        sales_check_link_url: card.map(|_| sales_check(payment)),
        card_method_type: text(|card| &card.method_type),
        card_number: text(|card| &card.number),
        card_user_type: text(|card| &card.user_type),
        card_num4_print: text(|card| &card.last4),
        card_bin_number: text(|card| &card.bin),
        cash_receipt_mgt_key: payment.cash_receipt_key.as_deref(),
        account_bank_code: account.map(|account| account.bank_code.as_str()),
        account_bank_name: account.map(|account| account.bank_name.as_str()),
        account_number: account.map(|account| account.number.as_str()),
        msg: None,
        error_code: None,
    };
    success(&told, basis)
}

/// Where the buyer sees the card slip.
pub(super) fn sales_check(payment: &Payment) -> String {
    format!("https://pay.toss.im/payfront/web/external/sales-check?payToken={}", payment.pay_token)
}
