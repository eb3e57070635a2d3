//! Confirming a payment that the buyer has authenticated.

use super::{
    Customer, MAGIC, Payment, PaymentStatus, charge::charge, customer::check_key, gate::Caller, told,
};
use crate::api::{
    Answer, Basis, Context, callbacks::News, context::Result, flat::Members, switches::ForeignSession,
};

const DOC: Basis = Basis::Documented("docs/api/brandpay-payments.md#confirm");
const TIMES: Basis = Basis::Documented("docs/api/brandpay.md#limits-and-time-outs, payment session");

/// The rules for `orderId`. The table of confirm has no `=`, that of automatic payment has.
pub(super) fn order_id(body: &Members<'_>) -> Result<String> {
    let order = body.needed("orderId", usize::MAX)?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_=".contains(c);
    if (6..=64).contains(&order.chars().count()) && order.chars().all(allowed) {
        return Ok(order);
    }
    let basis = Basis::Documented("docs/api/brandpay.md#identifiers, orderId");
    body.refuse_with("INVALID_ORDER_ID", "orderId", "has 6 to 64 of A-Z a-z 0-9 - _ =", basis)
}

/// `payments/confirm`.
pub(super) fn confirm(context: &mut Context<'_>, caller: &Caller) -> Result {
    let body = context.members()?;
    let payment_key = body.needed("paymentKey", 200)?;
    let amount = body.needed_won("amount")?;
    let customer_key = body.needed("customerKey", usize::MAX)?;
    let order_id = order_id(&body)?;
    check_key(context, &customer_key)?;

    let state = &context.world.brandpay;
    let known = state.customers.get(&customer_key).cloned();
    let (payment, customer) = match state.payments.get(&payment_key) {
        Some(payment) => {
            let payment = payment.clone();
            may_confirm(context, caller, &payment)?;
            agrees(context, &payment, amount, &customer_key, &order_id)?;
            let gone = Basis::Assumed("a customer who has left is NOT_FOUND_CUSTOMER");
            (payment, known.ok_or_else(|| context.flat("NOT_FOUND_CUSTOMER", gone))?)
        }
        None if payment_key.starts_with(MAGIC) => {
            let customer = known.unwrap_or_else(|| Customer::made_up(context.now, context.rng));
            let mut payment =
                Payment::open(&caller.shop, &customer_key, &order_id, amount, context.now, context.rng);
            payment.authenticate(context.now);
            if payment_key.starts_with("emu-account-") {
                payment.method_key = customer.first_account().map(|account| account.method_key.clone());
            }
            (payment, customer)
        }
        None => return Err(context.flat("NOT_FOUND_PAYMENT_SESSION", TIMES)),
    };
    if let Err(refused) = charge(context, &payment_key, payment, customer) {
        if let Some(payment) = refused.ended {
            abort(context, payment_key.clone(), *payment, &refused.answer);
            context.world.brandpay.fresh.push(News::Payment(payment_key));
        }
        return Err(refused.answer);
    }
    context.world.brandpay.fresh.push(News::Payment(payment_key.clone()));
    told::tell(context, &payment_key, caller.widget, DOC)
}

/// The card company or the bank said no: that was this payment's one chance.
fn abort(context: &mut Context<'_>, key: String, mut payment: Payment, refusal: &Answer) {
    let code = refusal.code.clone().unwrap_or_default();
    let text = super::code::find(&code).korean.to_owned();
    payment.status = PaymentStatus::Aborted;
    payment.discount = 0;
    payment.failure = Some((code, text));
    context.world.brandpay.payments.insert(key, payment);
}

fn may_confirm(context: &Context<'_>, caller: &Caller, payment: &Payment) -> Result<()> {
    if payment.shop != caller.shop {
        let code = match context.switches.foreign_session {
            ForeignSession::NotFoundPaymentSession => "NOT_FOUND_PAYMENT_SESSION",
            ForeignSession::InvalidApiKey => "INVALID_API_KEY",
            ForeignSession::UnauthorizedKey => "UNAUTHORIZED_KEY",
            ForeignSession::ForbiddenRequest => "FORBIDDEN_REQUEST",
        };
        return Err(context.flat(code, Basis::Assumed("foreign_session")));
    }
    match payment.status_at(context.now) {
        PaymentStatus::InProgress => Ok(()),
        PaymentStatus::Expired => Err(context.flat("NOT_FOUND_PAYMENT_SESSION", TIMES)),
        PaymentStatus::Ready | PaymentStatus::Aborted => {
            let basis = Basis::Assumed("a payment that is not authenticated or was aborted has no session");
            Err(context.flat("NOT_FOUND_PAYMENT_SESSION", basis))
        }
        PaymentStatus::Done | PaymentStatus::PartialCanceled | PaymentStatus::Canceled => {
            Err(context.flat("ALREADY_PROCESSED_PAYMENT", DOC))
        }
    }
}

fn agrees(context: &Context<'_>, payment: &Payment, amount: i64, customer: &str, order: &str) -> Result<()> {
    if payment.customer != customer {
        let basis = Basis::Documented("docs/api/brandpay-codes.md#from-the-api, NOT_MATCHES_CUSTOMER_KEY");
        return Err(context.flat("NOT_MATCHES_CUSTOMER_KEY", basis));
    }
    if payment.order_id != order {
        let basis = Basis::Assumed("the order of another payment is INVALID_REQUEST");
        return Err(context.flat_because("INVALID_REQUEST", "orderId is another payment's", basis));
    }
    if payment.amount != amount {
        let code = &context.switches.amount_mismatch_code;
        let basis = Basis::Assumed("amount_mismatch_code");
        return Err(context.flat_because(code, "amount is not that of the payment", basis));
    }
    Ok(())
}
