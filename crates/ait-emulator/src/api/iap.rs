//! In-app purchases: what became of an order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Answer, Basis, Context, Host, Route, Time, context::Result, envelope::success};

const DOC: Basis = Basis::Documented("apps-in-toss-api.ko.txt, get-order-status");

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
            Self::Purchased => "결제가 완료되었습니다.",
            Self::PaymentCompleted => "결제가 완료되었고 상품이 지급되었습니다.",
            Self::OrderInProgress => "주문이 진행 중입니다.",
            Self::Failed => "결제에 실패했습니다.",
            Self::Refunded => "환불되었습니다.",
            Self::NotFound => "주문을 찾을 수 없습니다.",
            Self::MiniappMismatch => "이 미니앱의 주문이 아닙니다.",
            Self::Error => "내부 오류가 발생했습니다.",
        }
    }

    /// Whether the answer tells the product and the time.
    const fn is_known(self) -> bool {
        !matches!(self, Self::NotFound | Self::MiniappMismatch | Self::Error)
    }
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Order {
    /// The product.
    pub sku: String,
    /// Who ordered it. Without a user it is anybody's.
    #[serde(default)]
    pub user: Option<u64>,
    /// Where it stands.
    pub status: OrderStatus,
    /// Since when.
    pub determined_at: Time,
}

impl Order {
    /// An order of anybody.
    #[must_use]
    pub fn new(sku: impl Into<String>, status: OrderStatus, determined_at: Time) -> Self {
        Self { sku: sku.into(), user: None, status, determined_at }
    }
}

/// The orders, by their id.
pub type Orders = BTreeMap<String, Order>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Question {
    order_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status<'a> {
    order_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sku: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_determined_at: Option<String>,
    status: OrderStatus,
    reason: &'static str,
}

fn order_status(context: &mut Context<'_>) -> Result {
    let asked: Question = context.body()?;
    // With the header only that user's orders are seen, without it all of the app's.
    let user = match context.request.header("x-toss-user-key") {
        Some(key) => {
            Some(key.parse::<u64>().map_err(|_| context.bad_field("x-toss-user-key", "must be digits"))?)
        }
        None => None,
    };
    let order = context
        .world
        .iap
        .get(&asked.order_id)
        .filter(|order| user.is_none() || order.user.is_none() || order.user == user);
    Ok(tell(&asked.order_id, order))
}

fn tell(order_id: &str, order: Option<&Order>) -> Answer {
    let status = order.map_or(OrderStatus::NotFound, |order| order.status);
    let order = order.filter(|_| status.is_known());
    let told = Status {
        order_id,
        sku: order.map(|order| order.sku.as_str()),
        status_determined_at: order.map(|order| order.determined_at.kst()),
        status,
        reason: status.reason(),
    };
    success(&told, DOC)
}
