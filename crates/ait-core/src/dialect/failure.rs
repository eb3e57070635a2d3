//! The server's words about a failure, in all their dresses.

use std::time::Duration;

use serde_json::Value;

use super::Failure;
use crate::{FieldError, lenient};

/// A failure that hides inside a SUCCESS answer: the payload of some Toss Pay answers has `code`, `errorCode` and
/// `msg` of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InnerFailure {
    /// The code, if one came.
    pub code: Option<String>,
    /// The explanation, if one came.
    pub reason: Option<String>,
}

impl InnerFailure {
    /// A failure, if one of the two says so: a `code` other than 0, or an `errorCode`.
    #[must_use]
    pub fn found(code: Option<i64>, error_code: Option<&str>, msg: Option<&str>) -> Option<Self> {
        let code = code.filter(|code| *code != 0).map(|code| code.to_string());
        let code = error_code.filter(|code| !code.is_empty()).map(str::to_owned).or(code)?;
        Some(Self { code: Some(code), reason: msg.filter(|msg| !msg.is_empty()).map(str::to_owned) })
    }

    /// Looks for one in a payload that does not fit its type: a declined payment may lack everything else.
    pub(crate) fn in_value(payload: &Value) -> Option<Self> {
        let (error_code, msg) = (text(&payload["errorCode"]), text(&payload["msg"]));
        let code = number(&payload["code"]);
        // A code that is no number is not 0 either.
        let odd = if code.is_none() { text(&payload["code"]).filter(|code| !code.is_empty()) } else { None };
        let error_code = error_code.filter(|code| !code.is_empty()).or(odd);
        Self::found(code, error_code.as_deref(), msg.as_deref())
    }

    pub(crate) fn into_failure(self) -> Failure {
        Failure {
            result_type: Some("SUCCESS".to_owned()),
            code: self.code,
            reason: self.reason,
            ..Failure::default()
        }
    }
}

/// The failure in an answer without success, or `None` if it is none of the known forms.
pub(super) fn failure_in(
    error: &Value,
    code: &Value,
    message: &Value,
    description: &Value,
) -> Option<Failure> {
    match error {
        // {"error":{"errorCode":…,"reason":…,"data":…}}, or with `code` and `message`.
        Value::Object(_) => Some(Failure {
            code: text(&error["errorCode"]).or_else(|| text(&error["code"])),
            reason: text(&error["reason"]).or_else(|| text(&error["message"])),
            fields: field_errors(&error["data"]),
            retry_after: seconds(&error["data"]["retryAfterSeconds"]),
            ..Failure::default()
        }),
        // {"error":"invalid_grant","error_description":…}: OAuth's own form.
        Value::String(code) => {
            Some(Failure { code: Some(code.clone()), reason: text(description), ..Failure::default() })
        }
        // {"code":…,"message":…}
        _ => Some(Failure { code: Some(text(code)?), reason: text(message), ..Failure::default() }),
    }
}

fn field_errors(data: &Value) -> Vec<FieldError> {
    let details = data["errorDetails"].as_array().map(Vec::as_slice).unwrap_or_default();
    let field = |detail: &Value| {
        Some(FieldError { field: text(&detail["field"])?, message: text(&detail["message"]) })
    };
    details.iter().filter_map(field).collect()
}

fn seconds(value: &Value) -> Option<Duration> {
    number(value)?.try_into().ok().map(Duration::from_secs)
}

fn number(value: &Value) -> Option<i64> {
    lenient::required(value).ok()
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
