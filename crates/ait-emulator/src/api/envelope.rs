//! The form of the answers of Apps in Toss.

use serde::Serialize;
use serde_json::{Value, json};

use super::{Answer, Basis, Context, switches::ErrorShape, switches::FailureStatus};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Success<'a, T> {
    result_type: &'static str,
    success: &'a T,
}

/// `{"resultType":"SUCCESS","success":…}`
pub(crate) fn success(payload: &impl Serialize, basis: Basis) -> Answer {
    Answer::json(200, &Success { result_type: "SUCCESS", success: payload }, basis)
}

/// A refusal before it has a form.
#[derive(Clone, Debug)]
pub(crate) struct Refusal<'a> {
    pub(crate) code: &'a str,
    pub(crate) reason: &'a str,
    /// The status that the reference lists for it.
    pub(crate) listed: u16,
    /// More about it; boxed to keep refusals small.
    pub(crate) data: Option<Box<Value>>,
    pub(crate) basis: Basis,
}

impl<'a> Refusal<'a> {
    pub(crate) fn new(code: &'a str, reason: &'a str, basis: Basis) -> Self {
        Self { code, reason, listed: 400, data: None, basis }
    }

    pub(crate) fn listed(mut self, status: u16) -> Self {
        self.listed = status;
        self
    }

    pub(crate) fn data(mut self, data: Value) -> Self {
        self.data = Some(Box::new(data));
        self
    }
}

impl Context<'_> {
    /// `{"resultType":"FAIL","error":…}`, in the form that the switches say.
    pub(crate) fn refuse(&self, refusal: &Refusal<'_>) -> Answer {
        let Refusal { code, reason, listed, data, basis } = refusal;
        let status = match self.switches.failure_status {
            FailureStatus::Ok => 200,
            FailureStatus::Listed => *listed,
        };
        let number = code.parse::<u32>().map_or(Value::from(*code), Value::from);
        let error = match self.switches.error_shape {
            ErrorShape::ErrorCode => {
                let data = data.as_deref().cloned().unwrap_or_else(|| json!({}));
                json!({"errorType": 0, "errorCode": code, "reason": reason, "data": data, "title": null})
            }
            ErrorShape::CodeMessage => json!({"code": number, "message": reason}),
        };
        let body = json!({"resultType": "FAIL", "success": null, "error": error});
        Answer::json(status, &body, *basis).with_code(code)
    }
}
