//! `refund-payment`: gives the whole payment back.

use serde::Serialize;

use super::{
    Card, Choice, PayStatus, Payment, Step, Transaction,
    find::{Asked, no},
};
use crate::api::{
    Answer, Basis, Context, Movement,
    context::Result,
    envelope::{Refusal, success},
    form::Form,
    switches::Old,
};

const REFUNDED: Basis = Basis::Sample("apps-in-toss-api.ko.txt, Toss Pay guide section 4");
const HELD: Basis = Basis::Assumed("a refund that gets stuck in progress is answered like any other");

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Refunded<'a> {
    refund_no: String,
    approval_time: String,
    cash_receipt_mgt_key: Option<&'a str>,
    refundable_amount: i64,
    discounted_amount: i64,
    paid_amount: i64,
    refunded_amount: i64,
    refunded_discount_amount: i64,
    refunded_paid_amount: i64,
    pay_token: &'a str,
    transaction_id: &'a str,
    card_method_type: Option<&'a str>,
    card_number: Option<&'a str>,
    card_user_type: Option<&'a str>,
    card_num4_print: Option<&'a str>,
    card_bin_number: Option<&'a str>,
    account_bank_code: Option<&'a str>,
    account_bank_name: Option<&'a str>,
    account_number: Option<&'a str>,
}

pub(super) fn refund(context: &mut Context<'_>) -> Result {
    let user = context.user()?.to_string();
    let form = context.form()?;
    let pay_token = form.needed_text("payToken", 30)?;
    reason(context, &form)?;
    let flag = form.needed_flag("isTestPayment")?;
    context.merchant_key()?;
    let payment = context.payment(&Asked {
        user: &user,
        pay_token: Some(&pay_token),
        order_no: None,
        flag,
        listed: 400,
        unknown: Basis::Assumed("an unknown payment is refused"),
    })?;
    if let Err(refusal) = may_refund(context, payment) {
        return Err(context.refuse(&refusal));
    }
    Ok(commit(context, &pay_token))
}

fn reason(context: &Context<'_>, form: &Form<'_, '_>) -> Result<()> {
    let assumed = |rule, by| Err(Answer { basis: Basis::Assumed(by), ..context.bad_field("reason", rule) });
    let Some(reason) = form.text("reason", 55)?.filter(|reason| !reason.is_empty()) else {
        return match context.switches.refund_needs_reason {
            true => assumed("is required", "refund_needs_reason"),
            false => Ok(()),
        };
    };
    if reason.contains(' ') && context.switches.blank_in_refund_reason == Old::Refuse {
        return assumed("must not contain a blank", "blank_in_refund_reason");
    }
    if reason.chars().all(|c| c == ' ' || is_allowed(c)) {
        return Ok(());
    }
    form.refuse("reason", "must be Hangul, digits, letters and _-:.^@()[]#/!%?&")
}

fn is_allowed(c: char) -> bool {
    let hangul = matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{3131}'..='\u{318e}' | '\u{1100}'..='\u{11ff}');
    hangul || c.is_ascii_alphanumeric() || "_-:.^@()[]#/!%?&".contains(c)
}

fn may_refund(context: &Context<'_>, payment: &Payment) -> std::result::Result<(), Refusal<'static>> {
    if payment.status.is_complete() {
        return context.bank(payment.choice.as_ref().map(Choice::method));
    }
    let basis = match payment.status.was_refunded() {
        true => "a payment that was refunded is refused",
        false => "a payment that is not complete cannot be refunded",
    };
    Err(no("REFUND_NOT_POSSIBLE", Basis::Assumed(basis)))
}

fn commit(context: &mut Context<'_>, pay_token: &str) -> Answer {
    let Some(payment) = context.world.pay.payments.get_mut(pay_token) else {
        return context.bad_field("payToken", "is gone");
    };
    let (refund_no, id) = (context.rng.uuid(), context.rng.uuid());
    let amount = payment.amounts.amount;
    payment.transactions.push(Transaction { step: Step::Refund, id: id.clone(), at: context.now });
    payment.status = if payment.hold { PayStatus::RefundProgress } else { PayStatus::RefundSuccess };
    let card = payment.choice.as_ref().and_then(Choice::card);
    let account = payment.choice.as_ref().and_then(Choice::account);
    let text = |of: fn(&Card) -> &str| card.map(of);
    let told = Refunded {
        refund_no,
        approval_time: context.now.kst_with_blank(),
        cash_receipt_mgt_key: payment.cash_receipt_key.as_deref(),
        refundable_amount: payment.refundable(),
        discounted_amount: payment.discounted(),
        paid_amount: payment.paid_amount(),
        refunded_amount: amount,
        refunded_discount_amount: payment.discounted(),
        refunded_paid_amount: payment.paid_amount(),
        pay_token,
        transaction_id: &id,
        card_method_type: text(|card| &card.method_type),
        card_number: text(|card| &card.number),
        card_user_type: text(|card| &card.user_type),
        card_num4_print: text(|card| &card.last4),
        card_bin_number: text(|card| &card.bin),
        account_bank_code: account.map(|account| account.bank_code.as_str()),
        account_bank_name: account.map(|account| account.bank_name.as_str()),
        account_number: account.map(|account| account.number.as_str()),
    };
    let answer = success(&told, if payment.hold { HELD } else { REFUNDED });
    let movement = Movement::Refund { pay_token: pay_token.to_owned(), transaction_id: id, amount };
    context.world.ledger.push(context.now, movement);
    answer
}
