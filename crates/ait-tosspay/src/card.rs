//! Cards.

use ait_core::open_enum;

open_enum! {
    /// The card company that a payment was approved by: `cardCompanyCode` (official Toss Pay guide, "카드사코드
    /// 리스트"). Text in one answer and a number in another; not the codes of [`Bank`](crate::Bank), nor those of other
    /// Toss products.
    pub enum CardCompany {
        /// Shinhan.
        Shinhan = "1" => "신한",
        /// Hyundai.
        Hyundai = "2" => "현대",
        /// Samsung.
        Samsung = "3" => "삼성",
        /// KB Kookmin.
        Kookmin = "4" => "국민",
        /// Lotte.
        Lotte = "5" => "롯데",
        /// Hana.
        Hana = "6" => "하나",
        /// Woori.
        Woori = "7" => "우리",
        /// Nonghyup.
        Nonghyup = "8" => "농협",
        /// Citi. Listed as not supported.
        Citi = "9" => "씨티",
        /// BC.
        Bc = "10" => "비씨(BC)",
    }
}

open_enum! {
    /// The kind of card: `cardMethodType`.
    pub enum CardKind {
        /// A credit card.
        Credit = "CREDIT" => "신용카드",
        /// A debit card.
        Check = "CHECK" => "체크카드",
        /// A prepaid card.
        Prepaid = "PREPAYMENT" => "선불카드",
    }
}

open_enum! {
    /// Whose card it is: `cardUserType`.
    pub enum CardOwner {
        /// The buyer's own.
        Personal = "PERSONAL" => "본인카드",
        /// A family member's.
        Family = "PERSONAL_FAMILY" => "가족카드",
        /// A company's, charged to an employee's account.
        CompanyEmployee = "CORP_PERSONAL" => "법인지정 결제계좌 임직원",
        /// A company's, shared.
        CompanyShared = "CORP_PRIVATE" => "법인 공용",
        /// A company's, charged to the company's account; Hana cards only.
        Company = "CORP_COMPANY" => "법인지정 결제계좌 회사 (하나카드만)",
    }
}
