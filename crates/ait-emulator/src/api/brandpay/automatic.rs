//! Automatic payment: charging a method without its owner.

use super::{
    Payment, Wishes,
    charge::{billing_agreed, charge},
    confirm::order_id,
    customer::check_key,
    gate::Caller,
    told,
};
use crate::api::{Basis, Context, context::Result, flat::Members};

const DOC: Basis = Basis::Documented("docs/api/brandpay-payments.md#automatic-payment");

/// `POST brandpay/payments`.
pub(super) fn pay(context: &mut Context<'_>, caller: &Caller) -> Result {
    let body = context.members()?;
    let customer_key = body.needed("customerKey", usize::MAX)?;
    let method_key = body.needed("methodKey", 200)?;
    let amount = body.needed_won("amount")?;
    let order_id = order_id(&body)?;
    let order_name = order_name(&body)?;
    let tax_free = body.won("taxFreeAmount")?.unwrap_or(0);
    if tax_free > amount {
        return body.refuse("taxFreeAmount", "is more than amount");
    }
    body.text("customerEmail", 100)?;
    body.text("shippingAddress", usize::MAX)?;
    let wishes = Wishes {
        months: months(&body)?,
        discount_code: body.text("discountCode", 100)?,
        card_points: body.flag("useCardPoint")?,
        culture_expense: body.flag("cultureExpense")?,
        cash_receipt: cash_receipt(&body)?,
    };
    check_key(context, &customer_key)?;

    let state = &context.world.brandpay;
    let seen = Basis::Assumed("a code that was seen in partner code alone");
    if state.shops.get(&caller.shop).is_some_and(|shop| !shop.automatic_payments) {
        return Err(context.flat("NOT_SUPPORTED_BILLING_MERCHANT", seen));
    }
    let Some(customer) = state.customers.get(&customer_key).cloned() else {
        let basis = Basis::Assumed("a customer who is not known is NOT_FOUND_CUSTOMER");
        return Err(context.flat("NOT_FOUND_CUSTOMER", basis));
    };
    if context.switches.billing_terms_needed && !billing_agreed(&state.terms, &customer) {
        return Err(context.flat("REQUIRED_BILLING_TERMS", Basis::Assumed("billing_terms_needed")));
    }
    let payment_key = context.rng.alphanumeric(48);
    let mut payment = Payment::open(&caller.shop, &customer_key, &order_id, amount, context.now, context.rng);
    payment.automatic = true;
    payment.order_name = order_name;
    payment.method_key = Some(method_key);
    payment.tax_free = tax_free;
    payment.wishes = wishes;
    charge(context, &payment_key, payment, customer).map_err(|refused| refused.answer)?;
    told::tell(context, &payment_key, caller.widget, DOC)
}

fn order_name(body: &Members<'_>) -> Result<String> {
    let basis = Basis::Documented("docs/api/brandpay.md#identifiers, orderName");
    match body.text("orderName", 100) {
        Ok(Some(name)) if !name.is_empty() => Ok(name),
        Ok(None) => body.refuse("orderName", "is required"),
        _ => body.refuse_with("INVALID_ORDER_NAME", "orderName", "has 1 to 100 characters", basis),
    }
}

fn months(body: &Members<'_>) -> Result<u8> {
    let Some(value) = body.get("cardInstallmentPlan") else { return Ok(0) };
    match value.as_u64().and_then(|months| u8::try_from(months).ok()) {
        Some(months @ (0 | 2..=12)) => Ok(months),
        _ => body.refuse("cardInstallmentPlan", "is 0 or 2 to 12"),
    }
}

/// The type of the receipt, and whom it names.
fn cash_receipt(body: &Members<'_>) -> Result<Option<(String, String)>> {
    let Some(receipt) = body.object("cashReceipt")? else { return Ok(None) };
    let kind = receipt.needed("type", 20)?;
    let number_type = receipt.text("registrationNumberType", 40)?;
    let number = receipt.text("registrationNumber", 40)?;
    let fits = match (kind.as_str(), number_type.as_deref()) {
        ("미발행", None) => return if number.is_none() { Ok(None) } else { misfit(body) },
        ("소득공제", Some(of)) => matches!(of, "MOBILE" | "CASH_RECEIPT_CARD"),
        ("지출증빙", Some(of)) => matches!(of, "BUSINESS_REGISTRATION" | "CASH_RECEIPT_CARD"),
        _ => false,
    };
    match number.filter(|number| fits && !number.is_empty()) {
        Some(number) => Ok(Some((kind, masked(&number)))),
        None => misfit(body),
    }
}

fn misfit<T>(body: &Members<'_>) -> Result<T> {
    body.refuse("cashReceipt", "has a type and a registration number that do not fit")
}

/// `010****0000`
fn masked(number: &str) -> String {
    let length = number.chars().count();
    let shown = |at: usize| at < 3 || at + 4 >= length;
    number.chars().enumerate().map(|(at, digit)| if shown(at) { digit } else { '*' }).collect()
}
