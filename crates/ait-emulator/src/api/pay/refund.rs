//! `refund-payment`: gives back what is left of a payment. The shop can give back a part in the console of Toss.

use serde::Serialize;

use super::{
    Card, Choice, PayStatus, Payment, Step,
    find::{Asked, no},
};
use crate::api::{
    Answer, Basis, Context, Movement, Rng, Time, World,
    context::Result,
    envelope::{Refusal, success},
    form::Form,
    switches::Old,
};

const REFUNDED: Basis = Basis::Sample("docs/api/tosspay.md#refund-payment");
const CODES: Basis = Basis::Documented("docs/api/tosspay.md#error-codes, REFUND_ALREADY_REFUNDED");
const STATUSES: Basis =
    Basis::Documented("docs/api/tosspay.md#payment-statuses, no refund then; the code is assumed");
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
    match payment.status {
        status if status.was_refunded() && status != PayStatus::RefundProgress && payment.left() == 0 => {
            Err(no("REFUND_ALREADY_REFUNDED", CODES))
        }
        status if status.can_be_refunded() => context.bank(payment.choice.as_ref().map(Choice::method)),
        PayStatus::RefundProgress | PayStatus::SettlementComplete | PayStatus::SettlementRefundComplete => {
            Err(no("COMMON_REFUND_ERROR", STATUSES))
        }
        _ => {
            let basis =
                Basis::Assumed("a payment that is not complete cannot be refunded: COMMON_REFUND_ERROR");
            Err(no("COMMON_REFUND_ERROR", basis))
        }
    }
}

impl World {
    /// The shop gives back a part of a payment, or all of it, in the console of Toss. False if there is no such payment, if
    /// it cannot be refunded, or if less is left of it.
    pub fn refund_part(&mut self, pay_token: &str, amount: i64, now: Time, rng: &mut Rng) -> bool {
        let found = self.pay.payments.get(pay_token);
        let fits = found.is_some_and(|payment| (1..=payment.refundable()).contains(&amount));
        fits && self.give_back(pay_token, amount, now, rng).is_some()
    }

    /// Gives this much back. The id of the refund, if there is such a payment.
    fn give_back(&mut self, pay_token: &str, amount: i64, now: Time, rng: &mut Rng) -> Option<String> {
        let payment = self.pay.payments.get_mut(pay_token)?;
        let id = rng.uuid();
        payment.moved(Step::Refund, amount, id.clone(), now);
        payment.status = if payment.hold { PayStatus::RefundProgress } else { PayStatus::RefundSuccess };
        let movement =
            Movement::Refund { pay_token: pay_token.to_owned(), transaction_id: id.clone(), amount };
        self.ledger.push(now, movement);
        Some(id)
    }
}

fn commit(context: &mut Context<'_>, pay_token: &str) -> Answer {
    let amount = context.world.pay.payments.get(pay_token).map_or(0, Payment::left);
    let refund_no = context.rng.uuid();
    let id = context.world.give_back(pay_token, amount, context.now, context.rng);
    let (Some(id), Some(payment)) = (id, context.world.pay.payments.get(pay_token)) else {
        return context.bad_field("payToken", "is gone");
    };
    let discounted = payment.transactions.last().map_or(0, |refund| refund.discounted);
    let card = payment.choice.as_ref().and_then(Choice::card);
    let account = payment.choice.as_ref().and_then(Choice::account);
    let text = |of: fn(&Card) -> &str| card.map(of);
    let told = Refunded {
        refund_no,
        approval_time: context.now.kst_with_blank(),
        cash_receipt_mgt_key: payment.cash_receipt_key.as_deref(),
        refundable_amount: payment.refundable(),
        discounted_amount: payment.discount_left(),
        paid_amount: payment.paid_amount(),
        refunded_amount: amount,
        refunded_discount_amount: discounted,
        refunded_paid_amount: amount.saturating_sub(discounted),
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
    success(&told, if payment.hold { HELD } else { REFUNDED })
}
