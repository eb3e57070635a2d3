//! What Toss tells about subscriptions, unasked.
//!
//! Enter the address of your server in the console (step 4 of entering the product) and, if you like, a value for the
//! `Authorization` header. Then, whatever the web framework:
//!
//! 1. Check the header with [`Credential::accepts`]; if it fails, answer 401.
//! 2. Read the body with [`Event::parse`]; if it cannot be read, answer 400.
//! 3. **Answer 204**, also to a [`RegistrationVerification`], which wants only that, and to events you do not know.
//!
//! ```
//! use ait_iap::webhook::{Credential, Event};
//!
//! /// The status to answer with.
//! fn answer(credential: &Credential, authorization: Option<&str>, body: &[u8]) -> u16 {
//!     if !credential.accepts(authorization) {
//!         return 401;
//!     }
//!     match Event::parse(body) {
//!         Ok(Event::StatusChanged(change)) => {
//!             // Store it, unless an event that is newer by `occurred_at` was stored for this order before.
//!             println!("{}: access {:?}", change.order_id, change.subscription.current.access_granted);
//!             204
//!         }
//!         Ok(_) => 204,
//!         Err(_) => 400,
//!     }
//! }
//! # let credential = Credential::new("subscriptions:a-long-secret").unwrap();
//! # let body = br#"{"eventType":"callback.registration_verification","occurredAt":"2026-03-01T18:00:00"}"#;
//! # assert_eq!(answer(&credential, Some("Basic subscriptions:a-long-secret"), body), 204);
//! # assert_eq!(answer(&credential, None, body), 401);
//! # assert_eq!(answer(&credential, Some("Bearer subscriptions:a-long-secret"), b"?"), 400);
//! ```
//!
//! What nobody promises:
//!
//! - **Once.** No rule of repeats is published and an event has no id: expect each any number of times, or never, and
//!   recognise a repeat by your own means: the same order, `occurred_at` and `change_reason`.
//! - **In order.** Ignore an event that is older than the last one applied to the same order.
//! - **That it is Toss.** There is no signature: take the address over HTTPS, check the credential, and let your
//!   firewall admit only [`ait_core::firewall`]'s addresses.
//!
//! Subscriptions cannot be tried in the sandbox. Documented: nowhere in the pages this project started from; all of it
//! is what partners report of newer ones (`docs/api/iap.md`, "Subscription callback").

mod credential;
mod event;
mod subscription;

pub use self::{
    credential::Credential,
    event::{Event, Other, RegistrationVerification, StatusChanged},
    subscription::{ChangeReason, Subscription, SubscriptionState, SubscriptionStatus},
};
