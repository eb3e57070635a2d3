//! How a payment stands.

use ait_core::open_enum;

open_enum! {
    /// How a payment stands: `payStatus` (official Toss Pay guide, "결제상태 리스트").
    pub enum PayStatus {
        /// Made; the buyer has not authenticated.
        Standby = "PAY_STANDBY" => "결제 대기 중",
        /// The buyer has authenticated. No money has moved; it waits to be executed.
        Approved = "PAY_APPROVED" => "구매자 인증 완료",
        /// Cancelled. No money has moved.
        Canceled = "PAY_CANCEL" => "결제 취소",
        /// Being executed. Ask again.
        InProgress = "PAY_PROGRESS" => "결제 진행 중",
        /// Paid.
        Complete = "PAY_COMPLETE" => "결제 완료",
        /// Being refunded. Ask again.
        RefundInProgress = "REFUND_PROGRESS" => "환불 진행 중",
        /// Refunded.
        Refunded = "REFUND_SUCCESS" => "환불 성공",
        /// Paid, and settled with the shop.
        Settled = "SETTLEMENT_COMPLETE" => "정산 완료",
        /// Refunded, and settled with the shop.
        RefundSettled = "SETTLEMENT_REFUND_COMPLETE" => "환불 정산 완료",
    }
}

impl PayStatus {
    /// The buyer's money has been taken and is with the shop.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        matches!(self, Self::Complete | Self::Settled)
    }

    /// The buyer has the money back.
    #[must_use]
    pub fn is_refunded(&self) -> bool {
        matches!(self, Self::Refunded | Self::RefundSettled)
    }

    /// Something is under way, or may still begin: ask again later. True for any status this release does not know.
    ///
    /// [`Standby`](Self::Standby) and [`Approved`](Self::Approved) count: an execution whose answer was lost may still
    /// be on its way to the server.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        !(self.is_paid() || self.is_refunded() || *self == Self::Canceled)
    }
}
