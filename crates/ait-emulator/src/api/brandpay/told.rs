//! The payment object, as answers tell it.

use serde::Serialize;

use super::{
    Payment, PaymentStatus, Slip,
    payment::{Cancel, CashReceipt},
    words::say,
};
use crate::api::{Answer, Basis, Context, Switches, Time, World, context::Result, switches::PaymentVersion};

/// In the order of the samples. What is never there is null.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Told<'a> {
    m_id: &'a str,
    version: &'static str,
    payment_key: &'a str,
    status: PaymentStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_key: Option<Option<&'a str>>,
    last_transaction_key: Option<&'a str>,
    order_id: &'a str,
    order_name: &'a str,
    requested_at: String,
    approved_at: Option<String>,
    use_escrow: Option<bool>,
    culture_expense: bool,
    card: Option<Card<'a>>,
    virtual_account: (),
    transfer: Option<Transfer<'a>>,
    mobile_phone: (),
    gift_certificate: (),
    cash_receipt: Option<Receipt<'a>>,
    cash_receipts: Option<Vec<ReceiptEntry<'a>>>,
    discount: Option<Discount>,
    cancels: Option<Vec<ToldCancel<'a>>>,
    secret: Option<&'a str>,
    r#type: &'static str,
    easy_pay: (),
    country: &'static str,
    failure: Option<Failure<'a>>,
    is_partial_cancelable: bool,
    receipt: Option<Page>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checkout: Option<Page>,
    currency: &'static str,
    total_amount: i64,
    balance_amount: i64,
    supplied_amount: i64,
    vat: i64,
    tax_free_amount: i64,
    metadata: (),
    method: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Card<'a> {
    issuer_code: &'a str,
    acquirer_code: &'a str,
    number: &'a str,
    installment_plan_months: u8,
    is_interest_free: bool,
    interest_payer: Option<&'static str>,
    approve_no: &'static str,
    use_card_point: bool,
    card_type: &'a str,
    owner_type: &'a str,
    acquire_status: &'static str,
    amount: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Transfer<'a> {
    bank_code: &'a str,
    settlement_status: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Receipt<'a> {
    r#type: &'a str,
    receipt_key: &'a str,
    issue_number: &'a str,
    receipt_url: String,
    amount: i64,
    tax_free_amount: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReceiptEntry<'a> {
    receipt_key: &'a str,
    order_id: &'a str,
    order_name: &'a str,
    r#type: &'a str,
    issue_number: &'a str,
    receipt_url: String,
    business_number: &'static str,
    transaction_type: &'static str,
    amount: i64,
    tax_free_amount: i64,
    issue_status: &'static str,
    failure: (),
    customer_identity_number: &'a str,
    requested_at: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToldCancel<'a> {
    cancel_amount: i64,
    cancel_reason: &'a str,
    tax_free_amount: i64,
    tax_exemption_amount: i64,
    refundable_amount: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_discount_amount: Option<i64>,
    transfer_discount_amount: i64,
    easy_pay_discount_amount: i64,
    canceled_at: String,
    transaction_key: &'a str,
    receipt_key: Option<&'a str>,
    cancel_status: &'static str,
    cancel_request_id: Option<&'a str>,
}

#[derive(Serialize)]
struct Discount {
    amount: i64,
}

#[derive(Serialize)]
struct Failure<'a> {
    code: &'a str,
    message: &'a str,
}

#[derive(Serialize)]
struct Page {
    url: String,
}

/// The payment with this key. `widget`: the caller's key is one of the payment widget, which has one version for good.
pub(super) fn tell(context: &Context<'_>, key: &str, widget: bool, basis: Basis) -> Result {
    let Some(payment) = context.world.brandpay.payments.get(key) else { return Err(unknown(context)) };
    let told = View::of(context.switches, context.now, context.english(), widget).told(key, payment);
    Ok(Answer::json(200, &told, basis))
}

/// `NOT_FOUND_PAYMENT`.
pub(super) fn unknown(context: &Context<'_>) -> Answer {
    context.flat("NOT_FOUND_PAYMENT", Basis::Documented("docs/api/brandpay-payments.md#lookup"))
}

/// The payment with this key, as a webhook tells it. `None` if there is none.
pub(crate) fn webhook_payment(
    world: &World,
    switches: &Switches,
    key: &str,
    now: Time,
) -> Option<impl Serialize> {
    let (key, payment) = world.brandpay.payments.get_key_value(key)?;
    Some(View::of(switches, now, false, false).told(key, payment))
}

/// What the telling of a payment depends on besides it.
struct View {
    now: Time,
    english: bool,
    newer: bool,
    secret: bool,
}

impl View {
    fn of(switches: &Switches, now: Time, english: bool, widget: bool) -> Self {
        let newer = !widget && switches.payment_version == PaymentVersion::V20240601;
        Self { now, english, newer, secret: switches.payment_secret }
    }

    fn told<'a>(&self, key: &'a str, payment: &'a Payment) -> Told<'a> {
        let Self { now, english, newer, secret } = *self;
        let approved = payment.is_approved();
        let transaction = approved.then_some(payment.transaction_key.as_str());
        let last = payment.cancels.last().map(|cancel| cancel.transaction_key.as_str()).or(transaction);
        let slip = payment.slip.as_ref();
        let method = slip.map(|slip| if matches!(slip, Slip::Card { .. }) { "카드" } else { "계좌이체" });
        let vat = vat(payment.balance - payment.tax_free);
        let slip = slip.filter(|_| approved);
        let culture_expense = matches!(slip, Some(Slip::Transfer { culture_expense: true, .. }));
        Told {
            m_id: &payment.shop,
            version: if newer { "2024-06-01" } else { "2022-11-16" },
            payment_key: key,
            status: payment.status_at(now),
            transaction_key: newer.then_some(transaction),
            last_transaction_key: last,
            order_id: &payment.order_id,
            order_name: &payment.order_name,
            requested_at: payment.requested_at.kst_with_zone(),
            approved_at: payment.approved_at.map(Time::kst_with_zone),
            use_escrow: Some(false),
            culture_expense,
            card: slip.and_then(|slip| card(payment, slip, english)),
            virtual_account: (),
            transfer: slip.and_then(transfer),
            mobile_phone: (),
            gift_certificate: (),
            cash_receipt: payment.receipt.as_ref().map(receipt),
            cash_receipts: payment.receipt.as_ref().map(|of| entries(payment, of)),
            discount: (payment.discount > 0).then_some(Discount { amount: payment.discount }),
            cancels: (!payment.cancels.is_empty()).then(|| cancels(payment, newer)),
            secret: Some(payment.secret.as_str()).filter(|_| secret),
            r#type: "BRANDPAY",
            easy_pay: (),
            country: "KR",
            failure: payment.failure.as_ref().map(|(code, message)| Failure { code, message }),
            is_partial_cancelable: payment.partial_cancelable,
            receipt: transaction.map(|key| Page {
                url: format!("https://dashboard.tosspayments.com/sales-slip?transactionId={key}&ref=PX"),
            }),
            checkout: (!newer)
                .then(|| Page { url: format!("https://api.tosspayments.com/v1/payments/{key}/checkout") }),
            currency: "KRW",
            total_amount: payment.amount,
            balance_amount: payment.balance,
            supplied_amount: payment.balance - payment.tax_free - vat,
            vat,
            tax_free_amount: payment.tax_free,
            metadata: (),
            method: method.map(|method| say(method, english)),
        }
    }
}

/// A tenth on top, so an eleventh of the whole, rounded to the nearest won.
const fn vat(taxed: i64) -> i64 {
    (2 * taxed + 11) / 22
}

fn card<'a>(payment: &Payment, slip: &'a Slip, english: bool) -> Option<Card<'a>> {
    let Slip::Card {
        issuer_code,
        acquirer_code,
        number,
        card_type,
        owner_type,
        months,
        interest_free,
        card_points,
    } = slip
    else {
        return None;
    };
    Some(Card {
        issuer_code,
        acquirer_code,
        number,
        installment_plan_months: *months,
        is_interest_free: *interest_free,
        interest_payer: interest_free.then_some("CARD_COMPANY"),
        approve_no: "00000000",
        use_card_point: *card_points,
        card_type: say(card_type, english),
        owner_type: say(owner_type, english),
        acquire_status: if payment.status == PaymentStatus::Canceled { "CANCELED" } else { "READY" },
        amount: payment.amount - payment.discount,
    })
}

fn transfer(slip: &Slip) -> Option<Transfer<'_>> {
    let Slip::Transfer { bank_code, .. } = slip else { return None };
    Some(Transfer { bank_code, settlement_status: "INCOMPLETED" })
}

fn receipt_url(key: &str) -> String {
    format!("https://dashboard.tosspayments.com/receipt/{key}")
}

fn receipt(receipt: &CashReceipt) -> Receipt<'_> {
    Receipt {
        r#type: &receipt.kind,
        receipt_key: &receipt.key,
        issue_number: &receipt.issue_number,
        receipt_url: receipt_url(&receipt.key),
        amount: receipt.amount,
        tax_free_amount: receipt.tax_free,
    }
}

/// The receipt, and those that cancel it.
fn entries<'a>(payment: &'a Payment, receipt: &'a CashReceipt) -> Vec<ReceiptEntry<'a>> {
    let entry = |receipt_key: &'a str, transaction_type, amount, tax_free_amount, at: Time| ReceiptEntry {
        receipt_key,
        order_id: &payment.order_id,
        order_name: &payment.order_name,
        r#type: &receipt.kind,
        issue_number: &receipt.issue_number,
        receipt_url: receipt_url(receipt_key),
        business_number: "0000000000",
        transaction_type,
        amount,
        tax_free_amount,
        issue_status: "COMPLETED",
        failure: (),
        customer_identity_number: &receipt.identity,
        requested_at: Some(at.kst_with_zone()),
    };
    let at = payment.approved_at.unwrap_or(payment.requested_at);
    let first = entry(&receipt.key, "CONFIRM", receipt.amount, receipt.tax_free, at);
    let cancels = payment.cancels.iter().filter_map(|cancel| {
        let key = cancel.receipt_key.as_deref()?;
        Some(entry(key, "CANCEL", cancel.amount - cancel.discount, cancel.tax_free, cancel.at))
    });
    std::iter::once(first).chain(cancels).collect()
}

fn cancels<'a>(payment: &'a Payment, newer: bool) -> Vec<ToldCancel<'a>> {
    let by_card = matches!(payment.slip, Some(Slip::Card { .. }));
    let tell = |cancel: &'a Cancel| ToldCancel {
        cancel_amount: cancel.amount,
        cancel_reason: &cancel.reason,
        tax_free_amount: cancel.tax_free,
        tax_exemption_amount: cancel.tax_exempt,
        refundable_amount: cancel.left,
        card_discount_amount: newer.then_some(if by_card { cancel.discount } else { 0 }),
        transfer_discount_amount: if by_card { 0 } else { cancel.discount },
        easy_pay_discount_amount: 0,
        canceled_at: cancel.at.kst_with_zone(),
        transaction_key: &cancel.transaction_key,
        receipt_key: cancel.receipt_key.as_deref(),
        cancel_status: "DONE",
        cancel_request_id: cancel.request_id.as_deref(),
    };
    payment.cancels.iter().map(tell).collect()
}
