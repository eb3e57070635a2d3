//! `make-payment`: a payment that waits for its buyer.

use std::time::Duration;

use serde_json::json;

use super::{
    Amounts, Method, Order, PayStatus, Payment,
    find::{CODES, is_test, no, order_no},
};
use crate::api::{
    Basis, Context,
    context::Result,
    envelope::success,
    form::Form,
    switches::{Buyer, Old, OrderNoTaken},
};

const MADE: Basis = Basis::Documented("docs/api/tosspay.md#make-payment");

const TWO_YEARS: Duration = Duration::from_secs(2 * 365 * 24 * 60 * 60);

struct Asked {
    order_no: String,
    product_desc: String,
    amounts: Amounts,
    only: Option<Method>,
    cash_receipt: Option<String>,
    installment: bool,
    test: bool,
}

pub(super) fn make(context: &mut Context<'_>) -> Result {
    let user = context.user()?.to_string();
    let asked = read(context)?;
    context.merchant_key()?;
    order_is_free(context, &asked.order_no)?;

    let pay_token = context.rng.alphanumeric(22);
    let pay = &mut context.world.pay;
    let mut payment = Payment {
        pay_token: pay_token.clone(),
        order_no: asked.order_no.clone(),
        user,
        product_desc: asked.product_desc,
        amounts: asked.amounts,
        only: asked.only,
        cash_receipt: asked.cash_receipt,
        installment: asked.installment,
        test: asked.test,
        status: PayStatus::PayStandby,
        hold: pay.shop.hold,
        authenticated: false,
        choice: None,
        card_authorization_no: None,
        cash_receipt_key: None,
        made_at: context.now,
        expires_at: match context.switches.payment_seconds {
            0 => None,
            seconds => Some(context.now.plus(Duration::from_secs(seconds))),
        },
        transactions: Vec::new(),
    };
    match context.switches.buyer {
        Buyer::Approves => payment.approve(&pay.shop),
        Buyer::Waits => {}
        Buyer::Cancels => payment.status = PayStatus::PayCancel,
    }
    let answer = success(&json!({"payToken": pay_token}), MADE);
    let first = Order { pay_token: pay_token.clone(), first_used_at: context.now };
    let order = pay.orders.get_or_insert_with(&asked.order_no, || first);
    let before = std::mem::replace(&mut order.pay_token, pay_token.clone());
    if let Some(before) = pay.payments.get_mut(&before) {
        before.status = PayStatus::PayCancel;
    }
    pay.payments.insert(pay_token, payment);
    Ok(answer)
}

fn read(context: &Context<'_>) -> Result<Asked> {
    let form = context.form()?;
    let order_no = form.needed("orderNo", order_no(&form)?)?;
    let product_desc = product_desc(context, &form)?;
    let amounts = Amounts::read(&form)?;
    let smallest = context.switches.smallest_payment;
    if amounts.amount < i64::from(smallest) {
        let mut no = context.bad_field("amount", &format!("must be at least {smallest}"));
        no.basis = Basis::Assumed("smallest_payment");
        return Err(no);
    }
    // Anything else stands for what the shop is set up for.
    let only = match form.text("enablePayMethods", 100)?.as_deref() {
        Some("TOSS_MONEY") => Some(Method::TossMoney),
        Some("CARD") => Some(Method::Card),
        _ => None,
    };
    let kind = one_of(&form, "cashReceiptTradeOption", &["GENERAL", "CULTURE", "PUBLIC_TP"])?;
    // Anything but `true` counts as false.
    let cash_receipt = form.is_true("cashReceipt").then_some(kind);
    let installment = one_of(&form, "installment", &["USE", "NOT_USE"])? == "USE";
    let test = is_test(context.switches, form.needed_flag("isTestPayment")?);
    Ok(Asked { order_no, product_desc, amounts, only, cash_receipt, installment, test })
}

fn product_desc(context: &Context<'_>, form: &Form<'_, '_>) -> Result<String> {
    let text = form.needed_text("productDesc", 255)?;
    if text.contains(['\\', '"', '\'']) {
        return form.refuse("productDesc", "must not contain a backslash or a quotation mark");
    }
    if context.switches.comma_in_product_desc == Old::Refuse && text.contains(',') {
        let mut no = context.bad_field("productDesc", "must not contain a comma");
        no.basis = Basis::Assumed("comma_in_product_desc");
        return Err(no);
    }
    Ok(text)
}

/// One of these; the first if it is absent.
fn one_of(form: &Form<'_, '_>, name: &str, choices: &[&str]) -> Result<String> {
    let found = form.text(name, 10)?;
    let found = found.as_deref().or(choices.first().copied()).unwrap_or_default();
    if choices.contains(&found) {
        return Ok(found.to_owned());
    }
    form.refuse(name, &format!("must be one of {}", choices.join(", ")))
}

/// The order number may be used for a new payment.
fn order_is_free(context: &Context<'_>, order_no: &str) -> Result<()> {
    let pay = &context.world.pay;
    let Some(order) = pay.orders.get(order_no) else { return Ok(()) };
    let authenticated = pay.payments.get(&order.pay_token).is_some_and(|payment| payment.authenticated);
    let old = context.now.since(order.first_used_at) >= TWO_YEARS;
    if context.switches.order_no_taken == OrderNoTaken::Authenticated && !authenticated && !old {
        return Ok(());
    }
    Err(context.refuse(&no("PAYMENT_EXISTING_PAYMENT", CODES)))
}
