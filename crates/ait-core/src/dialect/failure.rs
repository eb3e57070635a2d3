//! The server's words about a failure, in all their dresses.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use super::{Failure, INVALID_GRANT};
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
    pub(crate) fn in_payload(payload: &RawValue) -> Option<Self> {
        #[derive(Deserialize)]
        struct Members {
            #[serde(default)]
            code: Value,
            #[serde(rename = "errorCode", default)]
            error_code: Value,
            #[serde(default)]
            msg: Value,
        }
        if !payload.get().starts_with('{') {
            return None;
        }
        // A member that comes twice speaks against itself.
        let Ok(Members { code, error_code, msg }) = serde_json::from_str(payload.get()) else {
            return Some(Self::default());
        };
        let complaint = complaint(&error_code).or_else(|| complaint(&code))?;
        Some(Self { code: complaint, reason: text(&msg).filter(|msg| !msg.is_empty()) })
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

/// Whether a code that stands beside a payload speaks against it.
pub(super) fn complains(code: Option<&RawValue>) -> bool {
    let read = |code: &RawValue| serde_json::from_str(code.get()).ok();
    code.is_some_and(|code| read(code).is_none_or(|code: Value| complaint(&code).is_some()))
}

/// What a code says against a success: nothing (`None`), something (`Some(None)`), or something with a name.
fn complaint(code: &Value) -> Option<Option<String>> {
    match code {
        Value::Null | Value::Bool(false) => None,
        Value::Bool(true) | Value::Array(_) | Value::Object(_) => Some(None),
        Value::String(code) if code.is_empty() => None,
        _ => match number(code) {
            Some(0) => None,
            Some(whole) if code.is_number() => Some(Some(whole.to_string())),
            _ => Some(text(code)),
        },
    }
}

/// The members of an answer in which a failure may be told.
#[derive(Default)]
pub(super) struct Said<'a> {
    pub(super) error: Option<&'a RawValue>,
    pub(super) error_code: Option<&'a RawValue>,
    pub(super) code: Option<&'a RawValue>,
    pub(super) reason: Option<&'a RawValue>,
    pub(super) message: Option<&'a RawValue>,
    pub(super) description: Option<&'a RawValue>,
}

/// `{"errorCode":…,"reason":…,"data":…}`, or with `code` and `message`.
#[derive(Deserialize)]
struct Detailed {
    #[serde(rename = "errorCode", default)]
    error_code: Value,
    #[serde(default)]
    code: Value,
    #[serde(default)]
    reason: Value,
    #[serde(default)]
    message: Value,
    #[serde(default)]
    data: Value,
}

/// The form in which a failure is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Form {
    /// `{"error":{"errorCode":…,"reason":…}}`, as documented, or with `code` and `message`, as partners report it.
    ErrorObject,
    /// `{"error":"invalid_grant"}`, as the login is known to say it.
    Oauth,
    /// One that nobody documents.
    #[default]
    Other,
}

/// The failure in an answer without success, or `None` if it is none of the known forms.
pub(super) fn failure_in(said: &Said<'_>) -> Option<(Failure, Form)> {
    let value = |raw: Option<&RawValue>| raw.and_then(|raw| serde_json::from_str::<Value>(raw.get()).ok());
    let words = |raw| text(&value(raw)?);
    match said.error.map(RawValue::get) {
        Some(object) if object.starts_with('{') => {
            let error: Detailed = serde_json::from_str(object).ok()?;
            let (code, other) = (text(&error.error_code), text(&error.code));
            let agree = code.is_none() || other.is_none() || code == other;
            let form = if agree { Form::ErrorObject } else { Form::Other };
            let failure = Failure {
                code: code.or(other),
                reason: text(&error.reason).or_else(|| text(&error.message)),
                fields: field_errors(&error.data),
                retry_after: seconds(&error.data["retryAfterSeconds"]),
                ..Failure::default()
            };
            Some((failure, form))
        }
        // {"error":"invalid_grant","error_description":…}: OAuth's own form.
        Some(string) if string.starts_with('"') => {
            let (code, reason) = (words(said.error), words(said.description));
            let form = if code.as_deref() == Some(INVALID_GRANT) { Form::Oauth } else { Form::Other };
            Some((Failure { code, reason, ..Failure::default() }, form))
        }
        // {"errorCode":…,"reason":…} or {"code":…,"message":…}
        _ => {
            let failure = Failure {
                code: Some(words(said.error_code).or_else(|| words(said.code))?),
                reason: words(said.reason).or_else(|| words(said.message)),
                ..Failure::default()
            };
            Some((failure, Form::Other))
        }
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
