//! The payload alone, and `{"code":…,"message":…}` for a failure: BrandPay.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Dialect, Reply, Verdict, failure::failure_in, sealed};
use crate::decode::{self, DecodeError};

/// The form of Toss Payments: a 2xx status with the payload as the body, or `{"code":…,"message":…}`.
#[derive(Debug)]
#[non_exhaustive]
pub struct Flat;

impl Dialect for Flat {}

impl sealed::Read for Flat {
    const COMMON_REFUSALS: &'static [&'static str] = &[
        "INVALID_API_KEY",
        "UNAUTHORIZED_KEY",
        "INCORRECT_BASIC_AUTH_FORMAT",
        "INVALID_REQUEST",
        "FORBIDDEN_CONSECUTIVE_REQUEST",
        "INVALID_IDEMPOTENCY_KEY",
    ];

    fn read<T: DeserializeOwned>(reply: &Reply) -> Verdict<T> {
        if reply.status.is_success() {
            return match serde_json::from_slice(&reply.body) {
                Ok(success) => Verdict::Success(success),
                Err(_) => Verdict::Unreadable(misfit::<T>(&reply.body)),
            };
        }
        let Ok(body) = serde_json::from_slice::<Value>(&reply.body) else { return Verdict::Page };
        match failure_in(&body["error"], &body["code"], &body["message"], &Value::Null) {
            Some(failure) => Verdict::Failure(failure),
            None => Verdict::Page,
        }
    }
}

#[cold]
fn misfit<T: DeserializeOwned>(body: &[u8]) -> DecodeError {
    match serde_json::from_slice(body).map(decode::from_value::<T>) {
        Ok(Err(error)) => error,
        _ => DecodeError::not_json(),
    }
}
