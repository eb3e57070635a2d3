//! How an order stands.

use ait_core::open_enum;

open_enum! {
    /// How an order stands: `status` (official in-app purchase guide §4; newer pages, as partners report
    /// them).
    ///
    /// There is no `is_granted`, on purpose. The guide says that `PAYMENT_COMPLETED` means paid *and granted* and
    /// `PURCHASED` means paid; the newer pages say that `PURCHASED` means paid *and granted* and `PAYMENT_COMPLETED`
    /// means that the grant failed or is open. The two readings are opposite. Both mean that the money was received,
    /// and neither proves that *your* grant happened: look into your own ledger, and grant if it has no entry.
    pub enum IapStatus {
        /// Paid. Whether it was granted depends on whom you ask: see above. It has no Korean name here, because the
        /// guide's own claims the grant.
        PaymentCompleted = "PAYMENT_COMPLETED",
        /// Paid. Whether it was granted depends on whom you ask: see above.
        Purchased = "PURCHASED" => "구매 완료",
        /// The order is made; payment or grant is not finished. Ask again.
        InProgress = "ORDER_IN_PROGRESS" => "주문 진행 중",
        /// The payment failed, or, as the guide has it, the payment *or the grant*: no proof that nothing was paid.
        Failed = "FAILED" => "주문 실패",
        /// The money went back. Revoke what was granted.
        Refunded = "REFUNDED" => "주문 환불됨",
        /// No such order, so far: also said for a moment right after a purchase in the sandbox, and of another user's order
        /// if you asked for a user. No proof that nothing was paid.
        NotFound = "NOT_FOUND" => "주문 없음",
        /// The product belongs to another app.
        MiniappMismatch = "MINIAPP_MISMATCH" => "상품 불일치",
        /// An internal failure at Toss. Ask again.
        Error = "ERROR" => "내부 오류",
    }
}

impl IapStatus {
    /// The money was received and has not gone back.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        matches!(self, Self::PaymentCompleted | Self::Purchased)
    }

    /// The money went back: revoke what was granted.
    #[must_use]
    pub fn is_refunded(&self) -> bool {
        *self == Self::Refunded
    }
}
