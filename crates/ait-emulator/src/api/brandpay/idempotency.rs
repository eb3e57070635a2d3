//! The answers that idempotency keys replay.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::api::{Answer, Basis, Context, Time, context::Result, store};

const DAYS_15: Duration = Duration::from_secs(15 * 24 * 3600);
const DOC: Basis = Basis::Documented("docs/api/brandpay.md#idempotency");

/// The first answer under an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Record {
    /// When the key was used first.
    pub at: Time,
    /// The HTTP status.
    pub status: u16,
    /// The body, byte for byte.
    pub body: String,
    /// The code of a refusal.
    #[serde(default)]
    pub code: Option<String>,
    /// The id of the first answer.
    pub trace_id: String,
}

impl store::Record for Record {}

/// What a `POST` under an idempotency key is: key, API key, URL and method. The body does not count.
pub(crate) struct Identity {
    key: String,
    name: String,
}

impl Identity {
    /// That of this request; `None` if it has no key or is no `POST`.
    pub(crate) fn of(context: &Context<'_>, api_key: &str) -> Result<Option<Self>> {
        let request = context.request;
        let Some(key) = request.headers.get("idempotency-key").filter(|_| request.method == "POST") else {
            return Ok(None);
        };
        match key.to_str() {
            Ok("") => Ok(None),
            Ok(key) if key.len() <= 300 => {
                // The key comes last: it is the one part that may contain a blank.
                let (method, path, query) = (&request.method, &request.path, &request.query);
                let name = format!("{method} {path}?{query} {api_key} {key}");
                Ok(Some(Self { key: key.to_owned(), name }))
            }
            _ => Err(context.flat("INVALID_IDEMPOTENCY_KEY", DOC)),
        }
    }

    /// The first answer once more, or the refusal of a key whose first request still runs. `None` if this is the first.
    pub(crate) fn replay(&self, context: &Context<'_>) -> Option<(Answer, String)> {
        let state = &context.world.brandpay;
        if state.processing.contains(&self.key) {
            return Some((context.flat("IDEMPOTENT_REQUEST_PROCESSING", DOC), String::new()));
        }
        let record = state.idempotency.get(&self.name)?;
        if context.now.since(record.at) >= DAYS_15 {
            return None;
        }
        let (status, body, code) = (record.status, record.body.clone(), record.code.clone());
        Some((Answer { status, headers: Vec::new(), body, code, basis: DOC }, record.trace_id.clone()))
    }

    /// Binds an answer to the key.
    pub(crate) fn bind(self, context: &mut Context<'_>, answer: &Answer, trace_id: &str) {
        let passes = answer.status >= 500 && !context.switches.replay_server_errors;
        if passes || answer.status == 409 {
            return;
        }
        let record = Record {
            at: context.now,
            status: answer.status,
            body: answer.body.clone(),
            code: answer.code.clone(),
            trace_id: trace_id.to_owned(),
        };
        context.world.brandpay.idempotency.insert(self.name, record);
    }
}
