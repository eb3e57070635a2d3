//! What must hold of the end of a call, whatever the answer was.

use std::fmt::Debug;

use ait_core::{Authorization, Endpoint, Error, Kind, Outcome, Safety};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{canary, logged};

/// The texts of a request that must not be seen.
pub fn secrets_of<E: Endpoint>(call: &E) -> Vec<String> {
    let mut secrets: Vec<String> = call.secrets().into_iter().map(str::to_owned).collect();
    if let Some(user) = call.user() {
        let stored = serde_json::to_value(user).unwrap();
        secrets.extend(stored.as_object().unwrap().values().map(|key| match key {
            Value::String(key) => key.clone(),
            key => key.to_string(),
        }));
    }
    if let Some(Authorization::Bearer(secret) | Authorization::Basic(secret)) = call.authorization() {
        secrets.push(secret.expose().to_owned());
    }
    secrets
}

/// What was answered.
#[derive(Clone, Copy)]
pub struct Said<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: &'a [u8],
    /// Whether canaries were planted in it.
    pub canaries: bool,
}

/// Checks the end of a call. `succeeded` tells from the body, if it is JSON, whether it may count as a success.
pub fn check<E: Endpoint>(
    result: Result<E::Response, Error>,
    said: Said<'_>,
    secrets: &[String],
    common: &[&str],
    succeeded: impl Fn(u16, &Value) -> bool,
) where
    E::Response: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let json: Option<Value> = serde_json::from_slice(said.body).ok();
    match result {
        Ok(response) => {
            if let Some(json) = &json {
                assert!(succeeded(said.status, json), "{}: Ok without a success", E::NAME);
            }
            let text = serde_json::to_string(&response).unwrap();
            let again: E::Response = serde_json::from_str(&text).unwrap();
            assert!(again == response, "{}: {text} is read as something else", E::NAME);
        }
        Err(error) => {
            let text = logged(&error);
            for secret in secrets {
                assert!(!text.contains(secret), "{}: a secret is shown: {text}", E::NAME);
            }
            for said in [error.reason(), error.code(), error.result_type()].into_iter().flatten() {
                assert!(secrets.iter().all(|secret| !said.contains(secret)), "{}: {said}", E::NAME);
            }
            if said.canaries && error.kind() == Kind::Decode {
                canary::silent(&text);
            }
            assert!(!error.to_string().contains(['\n', '\r', '\u{1b}']), "{}: not one plain line", E::NAME);
            assert_ne!(error.outcome(), Outcome::NotSent, "{}: it was sent: {text}", E::NAME);
            assert!(error.kind() != Kind::Timeout, "{}: an answer came: {text}", E::NAME);
            if error.outcome() == Outcome::Done {
                let fits = json.as_ref().is_none_or(|json| succeeded(said.status, json));
                assert!(fits, "{}: done, says nobody: {text}", E::NAME);
            }
            let reads = matches!(E::SAFETY, Safety::Read);
            if error.outcome() == Outcome::Refused && error.kind() == Kind::Api && !reads {
                let code = error.code().expect("a refusal of a write has a code");
                assert!(
                    E::REFUSALS.contains(&code) || common.contains(&code),
                    "{}: {code} proves nothing",
                    E::NAME
                );
            }
        }
    }
}

/// A status that comes with a body.
#[must_use]
pub fn status(selector: u8) -> u16 {
    const STATUSES: [u16; 8] = [200, 200, 400, 401, 429, 500, 201, 502];
    STATUSES[usize::from(selector) % STATUSES.len()]
}
