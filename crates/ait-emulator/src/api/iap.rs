//! In-app purchases: what became of an order, and of a subscription.

mod subscription;

use serde::{Deserialize, Serialize};

pub use self::subscription::{ChangeReason, Subscription, SubscriptionStatus, Subscriptions};
use super::{
    Answer, Basis, Context, Host, Rng, Route, Time, World,
    context::Result,
    envelope::{Refusal, success},
    store::{Record, Table},
    switches::{OrderTime, UnknownOrder},
};

const DOC: Basis = Basis::Documented("docs/api/iap.md#get-order-status");
const UNKNOWN: Basis = Basis::Assumed("unknown_order");
const TIME: Basis = Basis::Assumed("order_time");
const NEEDS_USER: Basis = Basis::Assumed("order_status_needs_user");

pub(crate) const ROUTES: &[Route] = &[Route::new(
    "iap.order_status",
    "POST",
    Host::Main,
    "/api-partner/v1/apps-in-toss/order/get-order-status",
    order_status,
)
.reads()];

/// The eight states of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names are the API's own")]
pub enum OrderStatus {
    Purchased,
    PaymentCompleted,
    OrderInProgress,
    Failed,
    Refunded,
    NotFound,
    MiniappMismatch,
    Error,
}

impl OrderStatus {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Purchased,
        Self::PaymentCompleted,
        Self::OrderInProgress,
        Self::Failed,
        Self::Refunded,
        Self::NotFound,
        Self::MiniappMismatch,
        Self::Error,
    ];

    const fn reason(self) -> &'static str {
        match self {
            Self::Purchased => "구매가 완료되었어요.",
            Self::PaymentCompleted => "결제가 완료되었어요.",
            Self::OrderInProgress => "주문이 진행 중이에요.",
            Self::Failed => "주문에 실패했어요.",
            Self::Refunded => "주문이 환불되었어요.",
            Self::NotFound => "주문을 찾을 수 없어요.",
            Self::MiniappMismatch => "다른 미니앱의 상품이에요.",
            Self::Error => "내부 오류가 발생했어요.",
        }
    }

    /// Whether the answer tells the product and the time.
    const fn is_known(self) -> bool {
        !matches!(self, Self::NotFound | Self::MiniappMismatch | Self::Error)
    }
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Order {
    /// The product.
    pub sku: String,
    /// Who ordered it. Without a user it is anybody's.
    #[serde(default)]
    pub user: Option<u64>,
    /// In which mini-app: the common name of its certificate. To any other it is a `MINIAPP_MISMATCH`. Without an app it
    /// is any app's.
    #[serde(default)]
    pub app: Option<String>,
    /// Where it stands.
    pub status: OrderStatus,
    /// Since when.
    pub determined_at: Time,
}

impl Order {
    /// An order of anybody, in any app.
    #[must_use]
    pub fn new(sku: impl Into<String>, status: OrderStatus, determined_at: Time) -> Self {
        Self { sku: sku.into(), user: None, app: None, status, determined_at }
    }

    /// Who ordered it.
    #[must_use]
    pub fn user(mut self, user: u64) -> Self {
        self.user = Some(user);
        self
    }

    /// In which mini-app.
    #[must_use]
    pub fn app(mut self, app: impl Into<String>) -> Self {
        self.app = Some(app.into());
        self
    }

    /// It stands otherwise from now on.
    pub fn set_status(&mut self, status: OrderStatus, now: Time) {
        (self.status, self.determined_at) = (status, now);
    }
}

/// The orders, by their id.
pub type Orders = Table<String, Order>;

impl Record for Order {}

impl World {
    /// Somebody ordered something, under an id of its own, which the app gets.
    pub fn order(&mut self, order: Order, rng: &mut Rng) -> String {
        let id = rng.uuid();
        self.iap.insert(id.clone(), order);
        id
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status<'a> {
    order_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sku: Option<Option<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_determined_at: Option<Option<String>>,
    status: OrderStatus,
    reason: &'static str,
}

fn order_status(context: &mut Context<'_>) -> Result {
    let id = context.form()?.needed_text("orderId", usize::MAX)?;
    // With the header only that user's orders are seen, without it all of the app's.
    let user = match context.request.header("x-toss-user-key") {
        Some(key) => match key.parse::<u64>() {
            Ok(user) if key.bytes().all(|byte| byte.is_ascii_digit()) => Some(user),
            _ => return Err(context.bad_field("x-toss-user-key", "must be digits")),
        },
        None if context.switches.order_status_needs_user => {
            let refusal = Refusal::new("4010", "x-toss-user-key is missing", NEEDS_USER);
            return Err(context.refuse(&refusal.listed(401)));
        }
        None => None,
    };
    let order = context
        .world
        .iap
        .get(&id)
        .filter(|order| user.is_none() || order.user.is_none() || order.user == user);
    Ok(tell(context, &id, order))
}

fn tell(context: &Context<'_>, order_id: &str, order: Option<&Order>) -> Answer {
    let foreign = |order: &Order| match (&order.app, &context.request.app) {
        (Some(owner), Some(asker)) => owner != asker,
        _ => false,
    };
    let status = match order {
        None => OrderStatus::NotFound,
        Some(order) if foreign(order) => OrderStatus::MiniappMismatch,
        Some(order) => order.status,
    };
    let order = order.filter(|_| status.is_known());
    let (zone, basis) = match context.switches.order_time {
        OrderTime::Bare => ("", DOC),
        OrderTime::Offset => ("+0900", TIME),
    };
    let ((sku, status_determined_at), basis) = match (order, context.switches.unknown_order) {
        (Some(order), _) => {
            ((Some(Some(order.sku.as_str())), Some(Some(order.determined_at.kst() + zone))), basis)
        }
        (None, UnknownOrder::Absent) => ((None, None), DOC),
        (None, UnknownOrder::Nulls) => ((Some(None), Some(None)), UNKNOWN),
        (None, UnknownOrder::Empty) => ((Some(Some("")), Some(Some(String::new()))), UNKNOWN),
    };
    success(&Status { order_id, sku, status_determined_at, status, reason: status.reason() }, basis)
}
