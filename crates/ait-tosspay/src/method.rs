//! What a payment is paid with, and where.

use ait_core::open_enum;

open_enum! {
    /// What a payment is paid with: `payMethod`, and `enablePayMethods` of a request.
    pub enum PayMethod {
        /// The buyer's Toss balance or a linked bank account.
        TossMoney = "TOSS_MONEY" => "토스머니",
        /// A card.
        Card = "CARD" => "카드",
    }
}

open_enum! {
    /// Where a payment lives, as answers say it: `mode`. Requests say it with [`Mode`](ait_core::Mode).
    pub enum Environment {
        /// Real money.
        Live = "LIVE" => "실거래용",
        /// The sandbox.
        Test = "TEST" => "테스트용",
    }
}
