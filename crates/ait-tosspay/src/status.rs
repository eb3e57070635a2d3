//! How a payment stands.

use ait_core::open_enum;

open_enum! {
    /// How a payment stands: `payStatus` (official Toss Pay guide, "결제상태 리스트"; Toss Pay's own guide, api.html, "결제 상태").
    pub enum PayStatus {
        /// Made; the buyer has not authenticated. No money has moved. When its time is over, 15 minutes after it was made
        /// unless set otherwise, an hour at most, it becomes [`Canceled`](Self::Canceled).
        Standby = "PAY_STANDBY" => "결제 대기 중",
        /// The buyer has authenticated. No money has moved; it waits to be executed, until its time is over.
        Approved = "PAY_APPROVED" => "구매자 인증 완료",
        /// Cancelled by the buyer or the shop, or because its time was over. It ended without any movement of money.
        Canceled = "PAY_CANCEL" => "결제 취소",
        /// Being executed. Ask again.
        InProgress = "PAY_PROGRESS" => "결제 진행 중",
        /// Paid.
        Complete = "PAY_COMPLETE" => "결제 완료",
        /// Being refunded, in full **or in part**. Ask again; until it is over no other refund is taken.
        RefundInProgress = "REFUND_PROGRESS" => "환불 진행 중",
        /// Refunded, in full **or in part**: [`Payment::is_refunded`](crate::Payment::is_refunded) and
        /// [`Payment::refunded_amount`](crate::Payment::refunded_amount) tell.
        Refunded = "REFUND_SUCCESS" => "환불 성공",
        /// Paid, and settled with the shop, about a year after the approval. It cannot be refunded any more.
        Settled = "SETTLEMENT_COMPLETE" => "정산 완료",
        /// Refunded, in full **or in part**, and settled with the shop. What is left cannot be refunded any more.
        RefundSettled = "SETTLEMENT_REFUND_COMPLETE" => "환불 정산 완료",
    }
}

impl PayStatus {
    /// The buyer's money has been taken, and all of it is with the shop.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        matches!(self, Self::Complete | Self::Settled)
    }

    /// The buyer's money has been taken, whether or not it was given back since: only what was paid is refunded.
    #[must_use]
    pub fn was_executed(&self) -> bool {
        self.is_paid() || self.has_refund() || *self == Self::RefundInProgress
    }

    /// The buyer has money back, **all of it or a part**. The status does not say how much: ask
    /// [`Payment::is_refunded`](crate::Payment::is_refunded).
    #[must_use]
    pub fn has_refund(&self) -> bool {
        matches!(self, Self::Refunded | Self::RefundSettled)
    }

    /// Something is under way, or may still begin: ask again later. True for any status this release does not know.
    ///
    /// [`Standby`](Self::Standby) and [`Approved`](Self::Approved) count: an execution whose answer was lost may still
    /// be on its way to the server, until the payment expires.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        !(self.is_paid() || self.has_refund() || *self == Self::Canceled)
    }
}
