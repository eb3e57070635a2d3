//! How a grant stands.

use ait_core::open_enum;

open_enum! {
    /// How a grant stands: the answer of [`ExecutionResult`](crate::ExecutionResult) (official promotion guide
    /// "3. 프로모션 지급 결과 조회하기").
    ///
    /// It is not documented how long a grant may be pending, nor whether a failed one can still succeed.
    pub enum GrantStatus {
        /// The user has the points.
        Success = "SUCCESS",
        /// Not decided yet. Ask later.
        Pending = "PENDING",
        /// Not granted.
        Failed = "FAILED",
    }
}

impl GrantStatus {
    /// The user has the points.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        *self == Self::Success
    }

    /// Ask again later. True for any status this release does not know.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        !matches!(self, Self::Success | Self::Failed)
    }
}
