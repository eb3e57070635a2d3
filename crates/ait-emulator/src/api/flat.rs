//! The form of the answers of BrandPay.

use serde_json::json;

use super::{Answer, Basis};

/// `{"code":…,"message":…}`
pub(crate) fn error(status: u16, code: &str, message: &str, basis: Basis) -> Answer {
    Answer::json(status, &json!({"code": code, "message": message}), basis).with_code(code)
}
