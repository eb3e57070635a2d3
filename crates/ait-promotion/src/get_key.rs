//! `POST /promotion/execute-promotion/get-key`: makes a key for one grant.

use std::time::Duration;

use ait_core::{Endpoint, Envelope, Host, Safety, User};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::PromotionKey;

/// Makes a key for one grant. No points move, and the key names no promotion and no amount.
///
/// A key is valid for an hour at most. Take one just before its use, store it, and build nothing on its expiry.
///
/// The user is optional: sent if known, which is safe under every reading. Whether a key is bound to the user who asked
/// for it is not documented.
///
/// Documented: official promotion guide "1. 프로모션 리워드 지급 키 생성하기". The guide requires the user; the official
/// API reference lists no header, nor do newer pages, as partners report them.
///
/// # When the outcome is unknown
///
/// Ask for another key. One that is never used does no harm, so this call is sent again freely, like one that only
/// reads. That holds for this call alone: once a key has been *sent* with
/// [`ExecutePromotion`](crate::ExecutePromotion), a new one may pay twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use = "a request does nothing until it is handed to Promotion::get_key"]
pub struct GetKey {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<User>,
}

impl GetKey {
    /// A key for a grant to this user.
    pub fn new(user: impl Into<User>) -> Self {
        Self { user: Some(user.into()) }
    }

    /// A key for a grant to a user who is not known yet: without a user header. The official guide requires the header,
    /// so use [`new`](Self::new) if you can.
    pub fn without_user() -> Self {
        Self { user: None }
    }
}

/// A key, not used yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct IssuedKey {
    /// The key of one grant. Store it before you use it.
    pub key: PromotionKey,
}

// The official examples send an empty object.
#[derive(Serialize)]
struct Empty {}

impl Endpoint for GetKey {
    const NAME: &'static str = "promotion.get_key";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::APPS_IN_TOSS;
    const PATH: &'static str = "/api-partner/v1/apps-in-toss/promotion/execute-promotion/get-key";
    // It makes something, but a second key does no harm: only a key that is used can pay.
    const SAFETY: Safety<Self> = Safety::Read;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Envelope;
    type Response = IssuedKey;

    fn body(&self) -> Option<impl Serialize> {
        Some(Empty {})
    }

    fn user(&self) -> Option<&User> {
        self.user.as_ref()
    }
}
