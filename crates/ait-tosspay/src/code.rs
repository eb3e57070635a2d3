//! Why Toss Pay says no.

use ait_core::{Error, open_enum};

open_enum! {
    /// Why Toss Pay says no: `errorCode`. The set is open: codes are added without notice.
    ///
    /// Toss sends different texts under one code: show [`Error::reason`], not the [`korean_name`](Self::korean_name), which is
    /// the text in the guide. "Ask the status" stands where a code does not prove that nothing was done;
    /// [`Error::outcome`] says it for the call at hand.
    ///
    /// The guide of Apps in Toss names three and "others"; the others are those of Toss Pay's own guide (`tossdev.github.io`,
    /// qna.html, "결제 에러 응답코드"), taken to hold here too. Its codes of billing keys, paying later, resellers and cash receipts,
    /// which no call here meets, have no name, and are read like any other text. The table with the reason for each is in
    /// `docs/api/tosspay.md`, "Error codes".
    pub enum ErrorCode {
        /// A failure inside Toss. **Does not say whether anything was done.** Ask the status.
        SystemFailure = "COMMON_SYSTEM_ERROR"
            => "시스템 오류로 인해 통신이 원활하지 않습니다.문제가 계속되면 토스 고객센터로 문의해주세요. (1599-4905)",
        /// A value of the request is wrong. After `make-payment` nothing was made: repair the request. After the
        /// others ask the status.
        InvalidRequest = "COMMON_INVALID_PARAMETER" => "요청한 값이 바르지 않습니다.",
        /// Something went wrong. **Does not say whether anything was done.** Ask the status.
        PayFailure = "COMMON_PAY_ERROR" => "문제가 발생하였습니다.",
        /// The account behind the buyer's Toss money holds too little. The buyer may fill it, or pay by other means
        /// with a new payment.
        NotEnoughCash = "COMMON_NOT_ENOUGH_CASH" => "충전계좌의 잔액이 부족하여 토스머니 충전이 불가합니다.",
        /// A limit is exceeded. It may be this very payment that used it up: ask the status.
        LimitExceeded = "COMMON_EXCEED_LIMIT" => "한도를 초과하였습니다.",
        /// The buyer's account could not be looked up. Ask the status.
        AccountNotRead = "COMMON_ASSET_GET_ACCOUNT_ERROR" => "계좌 정보 조회에 실패 하였습니다.",
        /// The payment is in no state to be refunded, or was refunded already. Ask the status.
        NotRefundable = "COMMON_REFUND_ERROR" => "환불이 불가능 한 상태입니다.",
        /// A refund with this number exists. No call here sends one. Ask the status.
        RefundNoTaken = "REFUND_REFUND_NO_DUPLICATE"
            => "동일한 refundNo가 이미 존재합니다. 중복되지 않는 refundNo 로 요청해야 합니다.",
        /// The order number is taken. Read it as [`ExistingPayment`](Self::ExistingPayment): ask the status by
        /// order number.
        DuplicateOrderNo = "PAYMENT_DUPLICATION_ORDER_NO" => "중복된 주문번호 입니다.",
        /// The order number belongs to another payment already. After a lost `make-payment` that payment may be
        /// yours: ask its status by order number.
        ExistingPayment = "PAYMENT_EXISTING_PAYMENT" => "이미 존재하는 결제입니다.",
        /// An attempt is still under way, **maybe this one**. Ask the status; after ten minutes ask Toss.
        TransactionPending = "TRANSACTION_PENDING_ERROR"
            => "조금 전 신청하신 결제가 아직 진행중입니다. 잠시 후 다시 시도해주세요. 이 상태가 10분 이상 지속되면 토스팀에 문의해주시기 바랍니다. (1599-4905)",
        /// The state of an account is to be checked. Ask the status.
        InvalidAccountStatus = "INVALID_ACCOUNT_STATUS" => "계좌 상태를 확인해주세요.",
        /// Fraud detection has blocked the buyer's transactions. Ask the status.
        BlockedByFraudDetection = "FRAUD_DETECTION_SYSTEM_ERROR"
            => "FDS에 의해 금융거래가 차단된 상태입니다.",
        /// This user cannot pay. Ask the status.
        UserCannotPay = "USER_STATUS_ERROR" => "결제 진행이 불가한 사용자입니다.",
        /// The payment **was given back**, maybe by this call before. Ask the status, which says how much.
        AlreadyRefunded = "REFUND_ALREADY_REFUNDED" => "이미 환불 되었습니다.",
        /// The transaction is not complete: it may still be. Ask the status.
        TransactionNotComplete = "TRANSACTION_NOT_COMPLETE" => "거래가 완료되지 않았습니다.",
        /// There is no such transaction. Compare token, order number, user and mode, and ask the status.
        TransactionNotFound = "TRANSACTION_NOT_FOUND" => "존재하지 않는 거래내역 입니다.",
        /// The user's account is closed or inactive; a refund is not possible then. Ask the status; pay back by
        /// other means.
        InactiveUser = "INACTIVE_USER" => "비활성 처리된 사용자입니다.",
        /// The buyer has registered no account to charge Toss money from. Ask the status.
        NoChargingAccount = "AUTO_CHARGE_NOT_YET_REGISTER_ACCOUNT" => "충전계좌가 등록되지 않았습니다.",
        /// The payment belongs to another Toss account. Compare the user of the calls, and ask the status.
        WrongUser = "PAY_UNAUTHORIZED"
            => "결제 요청자와 토스의 계정이 일치해야만 결제가 가능합니다. 확인 후 다시 시도해 주세요.",
        /// The buyer's Toss app is too old: ask for an update. Said in the app.
        AppUpdateRequired = "TOSS_APP_UPDATE_IS_REQUIRED"
            => "결제를 진행하시려면 최신 버전의 토스앱을 이용하세요.",
        /// The payment cannot be cancelled any more: it may be under way or paid. Ask the status.
        NotCancelable = "PAY_CANCEL_ITS_NOT_CANCELABLE_STATUS"
            => "결제를 취소할 수 없습니다. 잠시 후 다시 시도해주세요. 문제가 계속되면 토스 고객센터로 문의해주세요. (1599-4905)",
        /// The buyer could not be given a coupon. Ask the status.
        CouponNotGiven = "COUPON_ASSIGN_FAIL" => "쿠폰 발급에 실패하였습니다.",
        /// The discount is over. Ask the status; a new payment goes without it.
        DiscountClosed = "DISCOUNT_CLOSED" => "할인 혜택이 마감되었습니다.",
        /// The buyer has used the discount as often as allowed. Ask the status; a new payment goes without it.
        UserDiscountClosed = "USER_DISCOUNT_CLOSED" => "1인당 할인 횟수를 초과하였습니다.",
        /// The buyer must fetch a coupon first. Said in the app.
        CouponNeeded = "DISCOUNT_NEED_ISSUE" => "쿠폰을 발급받아 주세요.",
        /// The buyer has the coupon already. Said in the app.
        CouponAlreadyGiven = "DISCOUNT_ALREADY_ISSUED" => "쿠폰이 이미 발급되었습니다.",
        /// The amount is too small for this card. The buyer may pay with Toss money, by a new payment.
        TossMoneyOnly = "AVAILABLE_ONLY_TOSS_MONEY_UNDER_MIN_AMT"
            => "%s원 미만 금액은 %s 카드 결제가 불가합니다.",
        /// The buyer's agreement to automatic payments could not be withdrawn. Said in the app.
        TermsNotWithdrawn = "AUTO_PAY_TERM_INACTIVE_FAIL" => "약관 철회에 실패하였습니다.",
        /// The buyer is too young for this service. Ask the status.
        TooYoung = "AGE_POLICY_ERROR" => "%d세 미만인 경우 토스 %s 서비스를 이용하실 수 없습니다.",
        /// The buyer cannot use Toss for the time being. Ask the status.
        FraudDetected = "PAY_FRAUD_DETECTED"
            => "일시적으로 토스 서비스를 이용하실 수 없습니다. 문제가 계속되면 토스 고객센터로 문의해주세요. (1599-4905)",
        /// A court has seized the buyer's Toss points. Ask the status; a new payment goes without points.
        PointsBlocked = "BLOCKED_THE_USE_OF_POINT"
            => "법원 압류 판결로 인해 토스포인트를 쓸 수 없어요. 궁금한 점이 있다면 토스 고객센터(1599-4905)로 문의해주세요.",
        /// The card company's system is under maintenance. **Does not say that nothing was done.** Ask the status.
        CardSystemDown = "CARD_SYSTEM_ERROR" => "카드사 시스템 점검 중입니다. 잠시 후 다시 시도해주세요.",
        /// The system of the card company's bank is under maintenance. **Does not say that nothing was done.** Ask
        /// the status.
        CardBankSystemDown = "CARD_BANK_SYSTEM_ERROR"
            => "카드사 거래은행 시스템 점검 중입니다. 잠시 후 다시 시도해주세요",
        /// This card does not pay at this shop. The buyer may use another, by a new payment.
        CardNotTakenHere = "CARD_NOT_AVAILABLE_SHOP"
            => "해당카드로 결제가 불가합니다. 다른 결제수단으로 다시 시도하거나 토스 고객센터로 문의해주세요.(1599-4905)",
        /// Declined: the card is stolen, lost or stopped. The buyer may use another, by a new payment.
        CardStopped = "CARD_NOT_AVAILABLE" => "도난/분실/거래정지 카드로 승인이 거절되었습니다.",
        /// Declined: the limit of the card is exceeded. The buyer may use another, by a new payment.
        CardLimitExceeded = "CARD_EXCEED_LIMIT" => "사용한도 초과로 승인이 거절되었습니다.",
        /// Declined: the balance behind the card is too low. The buyer may use another, by a new payment.
        CardBalanceTooLow = "CARD_NOT_ENOUGH_BALANCE" => "잔고 부족으로 승인이 거절되었습니다.",
        /// Declined: the card takes no instalments. The buyer may pay at once, by a new payment.
        CardWithoutInstallments = "CARD_SPREADOUT_ERROR"
            => "할부 사용이 불가능한 카드로 승인이 거절되었습니다.",
        /// Cards pay no less than 100 won. The buyer may pay with Toss money, by a new payment.
        CardAmountTooSmall = "CARD_MIN_AMOUNT_ERROR" => "금액오류(100원 또는 1달러 미만 신용카드 승인 불가)",
        /// Instalments begin at 50,000 won. The buyer may pay at once, by a new payment.
        InstallmentAmountTooSmall = "CARD_MIN_AMOUNT_FOR_SPREADOUT_ERROR"
            => "할부 결제는 결제금액이 50,000원 이상만 가능합니다. 일시불로 결제해주세요.",
        /// The card slip's user is not known. Said of the page of the slip.
        SlipUserNotFound = "SALES_CHECK_NOT_FOUND_USER"
            => "매출전표 조회를 위한 사용자 정보가 존재하지 않습니다.",
        /// The card slip's user did not authenticate. Said of the page of the slip.
        SlipUserNotAuthenticated = "SALES_CHECK_USER_AUTH_FAIL"
            => "매출전표 조회를 위한 사용자 정보 인증에 실패하였습니다.",
        /// The data of the card slip's user could not be decrypted. Said of the page of the slip.
        SlipUserNotDecrypted = "SALES_CHECK_USER_AUTH_DECRYPT_FAIL"
            => "매출전표 조회를 위한 사용자 정보 복호화에 실패하였습니다.",
        /// Only card payments have a slip. Said of the page of the slip.
        SlipOfCardsOnly = "SALES_CHECK_CARD_ONLY" => "카드결제 건에 대해서만 매출전표 조회가 가능합니다.",
        /// Toss does not know the user. Check the user's key, and ask the status.
        UserNotFound = "CORE_USER_ERROR" => "존재하지 않는 사용자 입니다.",
        /// The shop may not take payments. Ask Toss about the contract, and ask the status.
        ShopClosed = "PAYMENT_SHOP_STATE_NOT_NORMAL"
            => "결제 불가 가맹점입니다. 가맹점 고객센터로 문의하여 주세요.",
        /// The shop may not refund: an incident was reported. Ask Toss, and ask the status.
        ShopCannotRefund = "PAYMENT_SHOP_STATE_CANNOT_REFUND"
            => "결제 불가 가맹점입니다. 가맹점 고객센터로 문의하여 주세요.(사고신고)",
        /// The merchant key that the console holds for this app is wrong. The key never travels with a call:
        /// register it again in the console.
        InvalidApiKey = "COMMON_INVALID_API_KEY" => "바르지 않은 apiKey 입니다.",
        /// The shop is none of Toss's own, for which this is kept. Ask Toss about the contract.
        NotInternalShop = "NOT_INTERNAL_SHOP" => "내부 가맹점이 아닙니다.",
        /// The bank is under maintenance, until it is over. **Does not say that nothing was done**: it may answer a
        /// second attempt after a first that worked. Ask the status.
        BankMaintenance = "COMMON_BREAK_TIME_OF_BANK"
            => "지금은 은행 점검 시간입니다. 점검이 끝난 후 사용해주세요.",
        /// Access is refused. Check the merchant key in the console and the user, and ask the status.
        Unauthorized = "COMMON_UNAUTHORIZED" => "Unauthorized Access",
        /// The shop's refunds of the day exceed its limit. It may be this very refund that used it up: ask the
        /// status.
        RefundLimitExceeded = "REFUND_EXCEED_DAILY"
            => "환불 금액이 상점의 일일 환불 한도보다 클 수 없습니다.",
        /// The buyer has not authenticated the payment, or it is in another state than that. Ask the status.
        NotApproved = "EXECUTE_PAY_NOT_APPROVED" => "아직 구매자가 결제를 승인하지 않았습니다.",
        /// The user is suspended. Ask the status.
        PausedUser = "PAUSE_USER" => "일시정지 사용자입니다.",
        /// Processing took too long. **Do not send it again, whatever the text says:** it may have happened. Ask
        /// the status.
        TimedOut = "COMMON_TIMEOUT" => "처리 중 지연이 발생하였습니다. 다시 시도해주세요.",
        /// Toss has too much to do. **Does not say that nothing was done.** Ask the status.
        Throttled = "COMMON_THROTTLED"
            => "결제 요청이 많아 서비스 이용이 원활하지 않습니다. 잠시 후에 다시 시도해주세요.",
        /// The payment is in no state for this call: this call may have changed it before. Ask the status.
        StatusNotChangeable = "COMMON_ITS_NOT_ABLE_TO_CHANGE_STATUS" => "요청 가능한 상태가 아닙니다.",
        /// The state of an escrow cannot be changed. Payments here have none.
        EscrowStatusNotChangeable = "ESCROW_IMPOSSIBLE_STATUS" => "에스크로 상태 변경이 불가능합니다.",
        // In an older version of Toss Pay's own guide (api.html, "가맹점 결제 승인" and "결제 생성").
        /// The time to pay is over. Ask the status: `PAY_CANCEL` says that no money has moved.
        Expired = "PAY_EXPIRED" => "결제 기한이 만료되었습니다.",
        /// The payment **was executed**, maybe by this call before. Ask the status.
        AlreadyPaid = "PAY_ALREADY_COMPLETED" => "이미 완료된 결제입니다.",
        /// The payment is in no state to be executed, or was executed already. Ask the status.
        NotPayable = "PAY_ITS_NOT_ABLE_TO_PAY" => "결제를 진행 할 수 없는 상태 입니다.",
        /// An electronic signature failed. Ask the status.
        SignatureFailed = "COMMON_SIGN_FAILED_CS_CALL" => "전자서명에 실패 하였습니다.",
        /// A failure inside Toss that passes. Ask the status.
        TemporarilyDenied = "COMMON_TEMP_DENIAL_ERROR" => "일시적 시스템 에러가 발생하였습니다.",
        // Of every product.
        /// A failure inside Toss. **Does not say whether anything was done.** Ask the status.
        Internal = "INTERNAL_ERROR",
        /// A field of the request is wrong; see [`Error::fields`](ait_core::Error::fields).
        InvalidParameter = "INVALID_PARAMETER",
        /// The user key is stale, or the caller is not known.
        Unauthenticated = "4010",
        /// The certificate belongs to another app.
        ForeignApp = "4050",
        /// Too many calls; wait for [`Error::retry_after`](ait_core::Error::retry_after).
        TooManyRequests = "4095",
    }
}

/// Documented codes without a name above, of products that no call here reaches. That they are not ours does not say that
/// there is no payment.
const ELSEWHERE: &[&str] = &[
    // Billing keys.
    "NOT_SUPPORTED_BILLING_KEY_SHOP",
    "BILLING_KEY_ALREADY_ACTIVATED",
    "BILLING_KEY_REGISTRATION_CANCELLED",
    "BILLING_KEY_UNREGISTERED_BY_CANCEL",
    "BILLING_KEY_AUTH_ERROR",
    "BILLING_KEY_USER_CI_ERROR",
    "BILLING_KEY_REMOVE_NOT_ALLOWED_SHOP",
    "ALREADY_EXISTED_AUTH",
    "NOT_SUPPORTED_PAYMENT_METHOD",
    "EXIST_ACTIVATED_BILLING_KEY_USING_THIS_METHOD",
    "COMMON_BILLING_KEY_NOT_FOUND",
    // BNPL, paying later.
    "BNPL_INVALID_REQUEST",
    "BNPL_NOT_EXIST_USER",
    "BNPL_EXCEED_PAYABLE_AMOUNT",
    "BNPL_ALREADY_COMPLETED_REQUEST",
    "BNPL_IN_PROGRESS_REQUEST",
    "BNPL_NOT_FOUND_PAYMENT",
    "BNPL_ALREADY_COMPLETED_REFUND",
    "NOT_SET_BNPL_PAYMENT_ACCOUNT",
    // Resellers.
    "COMMON_PAY_RESELLER_ERROR",
    "RESELLER_ONLY_CARD_PAYMENT",
    "RESELLER_CALLBACK_PROCESS_ERROR",
    "NOT_APPROVED_CARD_PAYMENT",
    "PAY_CARD_AUTH_REQUEST_ERROR",
    "NOT_SUPPORTED_RESELLER_SHOP",
    // Cash receipts.
    "CASH_RECEIPT_JOIN_MEMBER_FAIL",
    "CASH_RECEIPT_REGIST_ISSUE_FAIL",
    "CASH_RECEIPT_ALREADY_ISSUE_FAIL",
    "CASH_RECEIPT_ALREADY_CANCEL_FAIL",
    "CASH_RECEIPT_CANCEL_ISSUE_FAIL",
    "CASH_RECEIPT_REVOKE_REGIST_ISSUE_FAIL",
    "CASH_RECEIPT_GET_INFO_FAIL",
    "CASH_RECEIPT_NOT_EXIST",
    "CASH_RECEIPT_GET_POPUP_URI_FAIL",
    "CASH_RECEIPT_UNKNOWN_STATUS_CODE",
];

impl ErrorCode {
    /// The code the server gave, if it gave one.
    #[must_use]
    pub fn of(error: &Error) -> Option<Self> {
        error.code().map(Self::from)
    }

    /// Whether it is known to mean something else than that there is no such payment.
    pub(crate) fn is_of_something_else(&self) -> bool {
        (self.is_known() && *self != Self::TransactionNotFound) || ELSEWHERE.contains(&self.as_str())
    }
}
