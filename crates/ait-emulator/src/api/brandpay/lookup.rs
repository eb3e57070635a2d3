//! Looking a payment up.

use super::{gate::Caller, told};
use crate::api::{Basis, Context, context::Result};

/// `GET payments/{paymentKey}`.
pub(super) fn by_key(context: &mut Context<'_>, caller: &Caller) -> Result {
    let key = context.parameters.first().cloned().unwrap_or_default();
    look_up(context, caller, &key)
}

/// `GET payments/orders/{orderId}`.
pub(super) fn by_order(context: &mut Context<'_>, caller: &Caller) -> Result {
    let order = context.parameters.first().cloned().unwrap_or_default();
    match context.world.brandpay.payment_of_order(&order).map(|(key, _)| key.to_owned()) {
        Some(key) => look_up(context, caller, &key),
        None => Err(told::unknown(context)),
    }
}

fn look_up(context: &Context<'_>, caller: &Caller, key: &str) -> Result {
    let payment = context.world.brandpay.payments.get(key);
    if payment.is_none_or(|payment| payment.shop != caller.shop) {
        return Err(told::unknown(context));
    }
    told::tell(context, key, caller.widget, Basis::Documented("docs/api/brandpay-payments.md#lookup"))
}
