//! Toss Pay: payments through their nine statuses, and refunds.

mod amounts;
mod audit;
pub(crate) mod codes;
mod execute;
mod find;
mod make;
mod payment;
mod refund;
mod status;

use serde::{Deserialize, Serialize};

pub use self::{
    amounts::Amounts,
    payment::{Account, Card, Choice, Means, Method, PayStatus, Payment, Step, Transaction},
};
pub(crate) use audit::check;

use super::{
    Host, Rng, Route, Time,
    store::{Record, Table, patch_members, patch_whole},
};

pub(crate) const ROUTES: &[Route] = &[
    Route::new(
        "tosspay.make_payment",
        "POST",
        Host::Pay,
        "/api-partner/v1/apps-in-toss/pay/make-payment",
        make::make,
    ),
    Route::new(
        "tosspay.execute_payment",
        "POST",
        Host::Pay,
        "/api-partner/v1/apps-in-toss/pay/execute-payment",
        execute::execute,
    ),
    Route::new(
        "tosspay.refund_payment",
        "POST",
        Host::Pay,
        "/api-partner/v1/apps-in-toss/pay/refund-payment",
        refund::refund,
    ),
    Route::new(
        "tosspay.payment_status",
        "POST",
        Host::Pay,
        "/api-partner/v1/apps-in-toss/pay/get-payment-status",
        status::status,
    )
    .reads(),
];

/// The merchant key that the console holds for the app. It never travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ApiKey {
    /// The app's own.
    #[default]
    Own,
    /// The shared test key of the guide: payments can be made, and none executed.
    SharedTest,
    /// A wrong one: `COMMON_INVALID_API_KEY`.
    Wrong,
}

/// The shop, and what its buyers choose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Shop {
    /// The merchant key in the console.
    pub api_key: ApiKey,
    /// Whether the banks are down for their maintenance: no Toss money moves, `COMMON_BREAK_TIME_OF_BANK`.
    pub bank_break: bool,
    /// Whether new payments get stuck in progress, see [`Payment::hold`].
    pub hold: bool,
    /// How buyers pay where they have the choice.
    pub method: Method,
    /// The account behind their Toss money.
    pub account: Account,
    /// Their card.
    pub card: Card,
    /// The discount that Toss gives at once, in won.
    pub instant_discount: i64,
    /// The Toss points that they use, in won.
    pub points: i64,
}

/// Which payment an order number stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Order {
    /// The token of its payment.
    pub pay_token: String,
    /// When the number was first used.
    pub first_used_at: Time,
}

/// What is remembered here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Payments {
    /// The shop, and what its buyers choose.
    pub shop: Shop,
    /// The payments, by token.
    pub payments: Table<String, Payment>,
    /// The order numbers. Live and test share them.
    pub orders: Table<String, Order>,
}

impl Record for Payment {
    const AUDITED: bool = true;
}

impl Record for Order {}
patch_whole!(Shop);
patch_members!(Payments: shop, payments, orders);

impl Payments {
    pub(crate) fn new(_: &mut Rng) -> Self {
        Self::default()
    }

    /// The payment of an order.
    #[must_use]
    pub fn of_order(&self, order_no: &str) -> Option<&Payment> {
        self.payments.get(&self.orders.get(order_no)?.pay_token)
    }

    /// The buyer authenticates a payment that waits. False if none waits, or its time is over.
    pub fn approve(&mut self, pay_token: &str, now: Time) -> bool {
        let Some(payment) = self.payments.get_mut(pay_token) else { return false };
        let waits = payment.status_at(now) == PayStatus::PayStandby;
        if waits {
            payment.approve(&self.shop);
        }
        waits
    }

    /// The buyer turns a payment down that was not executed. False if there is none, or its time is over.
    pub fn cancel(&mut self, pay_token: &str, now: Time) -> bool {
        let Some(payment) = self.payments.get_mut(pay_token) else { return false };
        let waits = matches!(payment.status_at(now), PayStatus::PayStandby | PayStatus::PayApproved);
        if waits {
            payment.status = PayStatus::PayCancel;
        }
        waits
    }

    /// Lets a payment or a refund go on that is stuck in progress. False if it is not.
    pub fn release(&mut self, pay_token: &str) -> bool {
        self.turn(pay_token, |status| match status {
            PayStatus::PayProgress => Some(PayStatus::PayComplete),
            PayStatus::RefundProgress => Some(PayStatus::RefundSuccess),
            _ => None,
        })
    }

    /// Settles a payment or a refund with the merchant. False if it is not complete, or was settled before.
    pub fn settle(&mut self, pay_token: &str) -> bool {
        self.turn(pay_token, |status| match status {
            PayStatus::PayComplete => Some(PayStatus::SettlementComplete),
            PayStatus::RefundSuccess => Some(PayStatus::SettlementRefundComplete),
            _ => None,
        })
    }

    fn turn(&mut self, pay_token: &str, next: fn(PayStatus) -> Option<PayStatus>) -> bool {
        let payment = self.payments.get_mut(pay_token);
        match payment.and_then(|payment| Some((next(payment.status)?, payment))) {
            Some((next, payment)) => {
                payment.status = next;
                true
            }
            None => false,
        }
    }
}
