//! Finding the payment that a request is about, and the refusals that the calls share.

use super::{ApiKey, Method, Payment, codes};
use crate::api::{
    Basis, Context,
    context::Result,
    envelope::Refusal,
    form::Form,
    switches::{Switches, TestFlag},
};

pub(super) const CODES: Basis = Basis::Documented("docs/api/tosspay.md#error-codes");

/// Whether `isTestPayment` speaks of a test.
pub(super) fn is_test(switches: &Switches, flag: bool) -> bool {
    flag == (switches.is_test_payment == TestFlag::TrueIsTest)
}

/// The refusal with this code, and its text.
pub(super) fn no(code: &'static str, basis: Basis) -> Refusal<'static> {
    Refusal::new(code, codes::text(code).unwrap_or_default(), basis)
}

/// An order number, if there is one.
pub(super) fn order_no(form: &Form<'_, '_>) -> Result<Option<String>> {
    let order_no = form.text("orderNo", 50)?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_-:.^@".contains(c);
    match &order_no {
        Some(text) if text.is_empty() || !text.chars().all(allowed) => {
            form.refuse("orderNo", "must be digits, letters and _-:.^@")
        }
        _ => Ok(order_no),
    }
}

impl Context<'_> {
    /// Refuses with the code of a wrong merchant key, if it is wrong.
    pub(super) fn merchant_key(&self) -> Result<()> {
        match self.world.pay.shop.api_key {
            ApiKey::Wrong => Err(self.refuse(&no("COMMON_INVALID_API_KEY", CODES))),
            ApiKey::Own | ApiKey::SharedTest => Ok(()),
        }
    }

    /// The payment with this token or this order number or both, if it is this user's and of this mode.
    pub(super) fn payment(&self, asked: &Asked<'_>) -> Result<&Payment> {
        let pay = &self.world.pay;
        let by_token = asked.pay_token.map(|token| pay.payments.get(token));
        let by_order = asked.order_no.map(|order_no| pay.of_order(order_no));
        let (found, basis) = match (by_token, by_order) {
            (Some(Some(found)), Some(other))
                if other.is_none_or(|other| other.pay_token != found.pay_token) =>
            {
                (None, Basis::Assumed("a payment with another order number is not found"))
            }
            (Some(found), _) | (None, Some(found)) => (found, asked.unknown),
            (None, None) => (None, asked.unknown),
        };
        let basis = match found {
            None => basis,
            Some(payment) if payment.user != asked.user => {
                Basis::Assumed("the payment of another user is not found")
            }
            Some(payment) if payment.test != is_test(self.switches, asked.flag) => {
                Basis::Assumed("a payment of the other mode is not found")
            }
            Some(payment) => return Ok(payment),
        };
        Err(self.refuse(&no("PAYMENT_NOT_FOUND", basis).listed(asked.listed)))
    }

    /// Refuses to move Toss money while the banks are down.
    pub(super) fn bank(&self, method: Option<Method>) -> std::result::Result<(), Refusal<'static>> {
        if self.world.pay.shop.bank_break && method == Some(Method::TossMoney) {
            return Err(no("COMMON_BREAK_TIME_OF_BANK", CODES));
        }
        Ok(())
    }
}

/// Which payment a request asks for.
pub(super) struct Asked<'a> {
    pub(super) user: &'a str,
    pub(super) pay_token: Option<&'a str>,
    pub(super) order_no: Option<&'a str>,
    /// `isTestPayment`
    pub(super) flag: bool,
    /// The status that is listed for what is refused.
    pub(super) listed: u16,
    /// What the refusal of an unknown payment rests on.
    pub(super) unknown: Basis,
}
