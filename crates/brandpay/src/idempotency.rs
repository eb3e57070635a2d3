//! Idempotency keys: under the same key the server replays its first answer.
//!
//! Every `POST` takes one as its first argument, and none is made silently. Rules of the server (official reference, and
//! what partners measured):
//!
//! - A key is valid for 15 days from its first use, together with the API key, the URL and the HTTP method. **The body does
//!   not count**: another body under a used key gets the answer to the *first* body, and nothing is done. What "API key"
//!   means for a call with Bearer (removing a card, an account or a customer) is not stated anywhere.
//! - **An answer 4xx is bound to the key too**, `PROVIDER_ERROR` among them, although that passes. 409 says that there
//!   is no answer yet; of 429 nobody tells whether it is bound, and the same request under the same key does no harm.
//! - While the first request is at work, the answer is 409 `IDEMPOTENT_REQUEST_PROCESSING`. The same key reads the result
//!   later, and this crate does so within the deadline.
//!
//! Store the key, or what it is derived from, before the call.
//!
//! # Which key for another try
//!
//! | the last answer was | then |
//! |---|---|
//! | none, HTTP 5xx, 409 or 429 | the same request under the same key |
//! | 4xx that leaves doubt: [`Outcome::Unknown`](ait_core::Outcome::Unknown) with `PROVIDER_ERROR`, `MAINTAINED_METHOD`, `NOT_AVAILABLE_BANK`, `FORBIDDEN_CONSECUTIVE_REQUEST` or a code nobody listed | look it up: the same key would only repeat the error. Once it is proven that nothing was done, send it again under a **new** key |
//! | a refusal | nothing was done: a corrected request needs a new key |
//!
//! "Look it up" is [`BrandPay::resolve`](crate::BrandPay::resolve) for money, and the call that
//! [`settled_by`](ait_core::Error::settled_by) names for the rest. [`Error::status`](ait_core::Error::status) tells the
//! status. A new key is [`derived`] from another operation, such as `confirm-b`, or [`random`].
//!
//! A success under the key is the answer to every attempt. A refusal after a lost answer is not, because the server may
//! refuse before it looks the key up: the outcome stays unknown, and a lookup tells.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    process,
    sync::atomic::{AtomicU64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use ait_core::{Error, IdempotencyKey};

use crate::{Amount, OrderId, escape::escape};

/// The key of an operation on an order: the same three give the same key, today and in any other process.
///
/// `operation` is yours: `confirm`, or `cancel-2` for the second cancel of an order, or `confirm-b` for another try once
/// nothing was done for certain. Two cancels of the same amount under one operation would be one cancel.
///
/// ```
/// use brandpay::{OrderId, ait_core::Krw, idempotency};
///
/// # fn main() -> Result<(), brandpay::ait_core::Error> {
/// let key = idempotency::derived("confirm", &OrderId::new("order-2026-000017")?, Krw::new(10_000))?;
/// assert_eq!(key.as_str(), "confirm:order-2026-000017:10000");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// If the three together are longer than the 300 characters that a key may have, or `operation` is empty.
pub fn derived(
    operation: &str,
    order_id: &OrderId,
    amount: impl Into<Amount>,
) -> Result<IdempotencyKey, Error> {
    if operation.is_empty() {
        return Err(Error::invalid("operation", "must not be empty; name what is done, such as `confirm`"));
    }
    // Escaped, no part holds a colon: different parts never give the same key.
    let amount: Amount = amount.into();
    IdempotencyKey::new(format!("{}:{}:{amount}", escape(operation), escape(order_id.as_str())))
}

/// A new key: 128 random bits. For a call whose repetition by another process is harmless.
///
/// **Store it before the call.** A key that only lived in memory protects the attempts of one call and nothing else: after
/// a crash nobody can repeat it. For money, [`derived`] is better.
#[must_use]
pub fn random() -> IdempotencyKey {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    let call = CALLS.fetch_add(1, Ordering::Relaxed);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    // Keyed by the operating system's randomness. Time, process and call keep apart what a fork copied.
    let half = |half: u8| {
        let mut hasher = RandomState::new().build_hasher();
        hasher.write_u128(now);
        hasher.write_u32(process::id());
        hasher.write_u64(call);
        hasher.write_u8(half);
        hasher.finish()
    };
    let text = format!("{:016x}{:016x}", half(0), half(1));
    // 32 hexadecimal digits are a valid key; the other arm is for the compiler.
    IdempotencyKey::new(text).unwrap_or_else(|_| unreachable!("32 hexadecimal digits are visible ASCII"))
}
