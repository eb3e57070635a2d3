//! `POST /order/get-order-status`: tells how an order stands.

use std::time::Duration;

use ait_core::{
    Endpoint, Envelope, Error, Host, Mismatch, Payload, Safety, Timestamp, User, UserKey, lenient,
};
use http::Method;
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{IapStatus, OrderId};

/// Asks how an order stands. It only reads: ask as often as you like.
///
/// The certificate alone tells the app, and orders of other apps are not seen. With [`for_user`](Self::for_user) only
/// the orders of that user are found (partner reports). The key of Toss Login is the only one that is accepted here:
/// there is no way to ask with an anonymous key.
///
/// **An order that Toss does not know is an answer, not an error**: its status is
/// [`NotFound`](IapStatus::NotFound). No code of this endpoint is documented; the certificate of another app leads to
/// the code `4050`, to `NOT_FOUND` or to [`MiniappMismatch`](IapStatus::MiniappMismatch).
///
/// Documented: official in-app purchase guide §4 "주문 조회하기"; official API reference, whose description is that of
/// another page. The guide demands the user's key, the reference does not know it, the official examples send it if
/// it is known: it is optional.
///
/// ```no_run
/// # use ait_iap::{ait_core::Error, *};
/// # struct Ledger;
/// # impl Ledger { fn has(&self, _: &OrderId) -> bool { true } fn grant(&self, _: &Order) {} fn revoke(&self, _: &OrderId) {} }
/// # async fn settle(iap: Iap, ledger: Ledger, id: OrderId) -> Result<(), Error> {
/// let order = iap.order_status(OrderStatus::new(id)).await?;
/// if order.is_paid() && !ledger.has(&order.order_id) {
///     ledger.grant(&order); // once for each order id, whatever the status says of grants
/// } else if order.is_refunded() {
///     ledger.revoke(&order.order_id);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use = "a request does nothing until it is handed to Iap::order_status"]
pub struct OrderStatus {
    #[serde(default, deserialize_with = "key_only", skip_serializing_if = "Option::is_none")]
    user: Option<User>,
    #[serde(flatten)]
    body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    order_id: OrderId,
}

impl OrderStatus {
    /// Asks about any order of the app.
    pub fn new(order_id: OrderId) -> Self {
        Self { user: None, body: Body { order_id } }
    }

    /// Asks about an order of this user alone. Default: of any user.
    pub fn for_user(mut self, key: impl Into<UserKey>) -> Self {
        self.user = Some(User::Key(key.into()));
        self
    }

    /// The id of the order.
    #[must_use]
    pub fn order_id(&self) -> &OrderId {
        &self.body.order_id
    }
}

// A stored request cannot smuggle in what the setter cannot be given.
fn key_only<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<User>, D::Error> {
    match Option::<User>::deserialize(deserializer)? {
        user @ (None | Some(User::Key(_))) => Ok(user),
        Some(_) => Err(de::Error::custom("not the documented form, expected a user known by userKey")),
    }
}

/// How an order stands.
///
/// `sku` and `status_determined_at` are absent for `NOT_FOUND`, `MINIAPP_MISMATCH` and `ERROR` (partner reports). There
/// is no amount in any answer, and no `is_granted`: [`IapStatus`] says why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Order {
    /// The id that was asked for.
    pub order_id: OrderId,
    /// The id of the product.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// When the order came to this status: when it was completed, or for `REFUNDED` when it was refunded. Korean time
    /// unless it names an offset: the guide's table has one, its sample has none.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub status_determined_at: Option<Timestamp>,
    /// How it stands.
    pub status: IapStatus,
    /// A sentence about the status, for a person.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Order {
    /// The money was received and has not gone back. Grant the product if your own ledger has no grant for this order.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        self.status.is_paid()
    }

    /// The money went back: revoke what was granted.
    #[must_use]
    pub fn is_refunded(&self) -> bool {
        self.status.is_refunded()
    }
}

impl Endpoint for OrderStatus {
    const NAME: &'static str = "iap.order_status";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::APPS_IN_TOSS;
    const PATH: &'static str = "/api-partner/v1/apps-in-toss/order/get-order-status";
    const SAFETY: Safety<Self> = Safety::Read;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Envelope;
    type Response = Order;

    fn body(&self) -> Option<impl Serialize> {
        Some(&self.body)
    }

    fn user(&self) -> Option<&User> {
        self.user.as_ref()
    }

    fn check(&self) -> Result<(), Error> {
        self.body.order_id.check()
    }

    fn verify(&self, payload: &Payload<'_>) -> Result<(), Mismatch> {
        payload.same("orderId", &self.body.order_id)
    }
}
