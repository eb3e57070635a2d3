//! How a payment stands, and with what it is paid.

use ait_core::open_enum;

use crate::form::Translated;

open_enum! {
    /// How a payment stands: `status`.
    pub enum PaymentStatus {
        /// Opened. The buyer has not authenticated.
        Ready = "READY",
        /// The buyer has authenticated. **Not paid yet**: confirm within ten minutes.
        InProgress = "IN_PROGRESS",
        /// A virtual account waits for money.
        WaitingForDeposit = "WAITING_FOR_DEPOSIT",
        /// Paid.
        Done = "DONE",
        /// Given back in part, **or in several parts altogether**: see
        /// [`Payment::is_fully_canceled`](crate::Payment::is_fully_canceled).
        PartialCanceled = "PARTIAL_CANCELED",
        /// Given back at once.
        Canceled = "CANCELED",
        /// The approval failed. No money moved.
        Aborted = "ABORTED",
        /// Too late: 30 minutes without authentication, or 10 without a confirm. No money moved.
        Expired = "EXPIRED",
    }
}

open_enum! {
    /// What kind of payment it is: `type` of a payment, `payType` of a promotion.
    pub enum PaymentKind {
        /// One payment through another window.
        Normal = "NORMAL",
        /// A recurring payment of the core API.
        Billing = "BILLING",
        /// BrandPay.
        BrandPay = "BRANDPAY",
    }
}

open_enum! {
    /// What a payment is paid with: `method`. With `Accept-Language: en-US` the server translates it; `CARD` is read as
    /// [`Card`](Self::Card), the other translations are not documented and stay as they came.
    pub enum Method {
        /// A card.
        Card = "카드" => "카드",
        /// A virtual account.
        VirtualAccount = "가상계좌" => "가상계좌",
        /// A wallet of another company: see [`Payment::easy_pay`](crate::Payment::easy_pay).
        EasyPay = "간편결제" => "간편결제",
        /// The phone bill.
        MobilePhone = "휴대폰" => "휴대폰",
        /// A bank account.
        Transfer = "계좌이체" => "계좌이체",
        /// A culture gift certificate.
        CultureGiftCertificate = "문화상품권" => "문화상품권",
        /// A book gift certificate.
        BookGiftCertificate = "도서문화상품권" => "도서문화상품권",
        /// A game gift certificate.
        GameGiftCertificate = "게임문화상품권" => "게임문화상품권",
    }
}

impl Translated for Method {
    fn korean(self) -> Self {
        if self.as_str() == "CARD" { Self::Card } else { self }
    }
}

open_enum! {
    /// Credit, debit or gift: `cardType`. `CREDIT` and `CHECK`, as the official type packages write them too, are read as
    /// [`Credit`](Self::Credit) and [`Check`](Self::Check). The first also comes with `Accept-Language: en-US`.
    pub enum CardType {
        /// Credit.
        Credit = "신용" => "신용",
        /// Debit.
        Check = "체크" => "체크",
        /// A gift card.
        Gift = "기프트" => "기프트",
        /// Not known to Toss, as of most foreign cards.
        Unidentified = "미확인" => "미확인",
    }
}

impl Translated for CardType {
    fn korean(self) -> Self {
        match self.as_str() {
            "CREDIT" => Self::Credit,
            "CHECK" => Self::Check,
            _ => self,
        }
    }
}

open_enum! {
    /// Whose card it is: `ownerType`. Translations are not documented and stay as they came.
    pub enum OwnerType {
        /// A person's.
        Personal = "개인" => "개인",
        /// A company's.
        Corporate = "법인" => "법인",
        /// Not known to Toss.
        Unidentified = "미확인" => "미확인",
    }
}

open_enum! {
    /// Whose wallet it is: `easyPay.provider`. `TOSSPAY`, which comes with `Accept-Language: en-US`, is read as
    /// [`TossPay`](Self::TossPay); every other name stays as it came.
    pub enum EasyPayProvider {
        /// Toss Pay.
        TossPay = "토스페이" => "토스페이",
    }
}

impl Translated for EasyPayProvider {
    fn korean(self) -> Self {
        if self.as_str() == "TOSSPAY" { Self::TossPay } else { self }
    }
}

open_enum! {
    /// Whether a registered method can be used: `status`.
    pub enum MethodStatus {
        /// It can.
        Enabled = "ENABLED",
        /// It was removed.
        Disabled = "DISABLED",
    }
}

open_enum! {
    /// Which terms: `scope`.
    pub enum Scope {
        /// Those of membership.
        Register = "REGISTER",
        /// Those of paying by card.
        Card = "CARD",
        /// Those of paying from an account.
        Account = "ACCOUNT",
        /// Those of automatic payment.
        Billing = "BILLING",
    }
}
