//! What a partner who writes a client by hand declares: the request, the headers and the answer.

use std::{hint::black_box, time::Duration};

use http::{HeaderValue, request};
use serde::{Deserialize, Serialize};

use crate::Failure;

/// The user of every call.
pub(super) const USER: u64 = 443_731_104;
/// The token of every payment, as long as a real one.
pub(super) const PAY_TOKEN: &str = "O1NZck9XME8ureeVJVJP67";
/// The number of every order.
pub(super) const ORDER_NO: &str = "20250417-2";
/// The path of every read.
pub(super) const READ_PATH: &str = "/api-partner/v1/apps-in-toss/pay/get-payment-status";
/// The path of every write.
pub(super) const WRITE_PATH: &str = "/api-partner/v1/apps-in-toss/pay/execute-payment";
/// Who calls.
pub(super) const USER_AGENT: &str = "ait-bench/0.0.0";
/// How long a careful partner waits.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// The body of the request.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Body {
    pay_token: &'static str,
    order_no: &'static str,
    is_test_payment: bool,
}

impl Body {
    /// The body of every request.
    pub(super) const SAMPLE: Self = Self { pay_token: PAY_TOKEN, order_no: ORDER_NO, is_test_payment: true };
}

/// The headers of every request.
pub(super) fn headers(builder: request::Builder) -> request::Builder {
    builder
        .header(http::header::USER_AGENT, HeaderValue::from_static(USER_AGENT))
        .header(http::header::ACCEPT, HeaderValue::from_static("application/json"))
        .header(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"))
        .header("x-toss-user-key", USER)
}

/// The answer around the payment.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Envelope {
    result_type: String,
    success: Option<Payment>,
}

impl Envelope {
    /// The payment, if it worked.
    pub(super) fn check(self) -> Result<(), Failure> {
        match self.success {
            Some(payment) if self.result_type == "SUCCESS" && payment.code == 0 => {
                black_box(payment);
                Ok(())
            }
            _ => Err("the answer is not a success".into()),
        }
    }
}

/// A payment, as its sample shows it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "decoding them is the work")]
pub(super) struct Payment {
    code: i64,
    mode: Option<String>,
    order_no: Option<String>,
    amount: Option<i64>,
    approval_time: Option<String>,
    state_msg: Option<String>,
    discounted_amount: Option<i64>,
    paid_amount: Option<i64>,
    pay_method: Option<String>,
    pay_token: String,
    transaction_id: Option<String>,
    card_company_code: Option<String>,
    card_company_name: Option<String>,
    card_authorization_no: Option<String>,
    spread_out: Option<String>,
    no_interest: Option<String>,
    sales_check_link_url: Option<String>,
    card_method_type: Option<String>,
    card_number: Option<String>,
    card_user_type: Option<String>,
    card_num4_print: Option<String>,
    card_bin_number: Option<String>,
    cash_receipt_mgt_key: Option<String>,
    account_bank_code: Option<String>,
    account_bank_name: Option<String>,
    account_number: Option<String>,
    msg: Option<String>,
    error_code: Option<String>,
}
