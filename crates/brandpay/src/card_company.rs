//! Card companies.

use ait_core::open_enum;

open_enum! {
    /// A card company, as issuer or acquirer: `issuerCode`, `acquirerCode`, `companyCode` (official code page). Text of two
    /// or three characters. **Not a [`Bank`](crate::Bank)**: the same code means another company there.
    pub enum CardCompany {
        /// KB Kookmin Card.
        Kookmin = "11" => "KB국민카드",
        /// Kakao Bank.
        KakaoBank = "15" => "카카오뱅크",
        /// Hana Card.
        Hana = "21" => "하나카드",
        /// Toss Bank.
        TossBank = "24" => "토스뱅크",
        /// KDB Bank.
        Kdb = "30" => "KDB산업은행",
        /// BC Card.
        Bc = "31" => "비씨카드",
        /// Woori Card, settled by BC; see also `W1`.
        WooriBc = "33" => "우리카드",
        /// Sh Suhyup Bank.
        Suhyup = "34" => "Sh수협은행",
        /// Jeonbuk Bank.
        Jeonbuk = "35" => "전북은행",
        /// Citi Card.
        Citi = "36" => "씨티카드",
        /// The post office.
        PostOffice = "37" => "우체국예금보험",
        /// MG Saemaul Geumgo.
        Saemaul = "38" => "새마을금고",
        /// The savings banks.
        SavingsBank = "39" => "저축은행중앙회",
        /// K Bank.
        Kbank = "3A" => "케이뱅크",
        /// UnionPay.
        UnionPay = "3C" => "유니온페이",
        /// IBK, settled by BC.
        IbkBc = "3K" => "기업비씨",
        /// Shinhan Card.
        Shinhan = "41" => "신한카드",
        /// Jeju Bank.
        Jeju = "42" => "제주은행",
        /// Gwangju Bank.
        Gwangju = "46" => "광주은행",
        /// JCB.
        Jcb = "4J" => "JCB",
        /// Mastercard.
        Mastercard = "4M" => "마스터카드",
        /// Visa.
        Visa = "4V" => "VISA",
        /// Samsung Card.
        Samsung = "51" => "삼성카드",
        /// Hyundai Card.
        Hyundai = "61" => "현대카드",
        /// Shinhyup.
        Shinhyup = "62" => "신협",
        /// Diners Club.
        Diners = "6D" => "다이너스 클럽",
        /// Discover.
        Discover = "6I" => "디스커버",
        /// Lotte Card.
        Lotte = "71" => "롯데카드",
        /// American Express.
        Amex = "7A" => "아메리칸 익스프레스",
        /// NH Nonghyup Card.
        Nonghyup = "91" => "NH농협카드",
        /// Woori Card; see also `33`.
        Woori = "W1" => "우리카드",
        /// KB Securities. Only in the official type packages.
        KbSecurities = "KBS" => "KB증권",
        /// Payco points. Only in the official type packages.
        PaycoPoint = "PCP" => "페이코포인트",
        /// NICE Payments. Only in the official type packages.
        NicePayments = "NIC" => "나이스페이먼츠",
        /// Kona. Only in the official type packages.
        Kona = "KON" => "코나",
    }
}
