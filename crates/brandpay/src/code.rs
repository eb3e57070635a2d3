//! Why Toss Payments says no.

use ait_core::{Error, open_enum};

open_enum! {
    /// Why Toss Payments says no: `code` of an error, or of the query of `failUrl`. The documentation promises new ones at any
    /// time, so the set is open. Those that say something about the money have a text; the others speak for themselves.
    pub enum ErrorCode {
        /// Invalid request.
        InvalidRequest = "INVALID_REQUEST",
        /// The secret key is not one.
        InvalidApiKey = "INVALID_API_KEY",
        /// It was confirmed before, maybe by this very request: look it up.
        AlreadyProcessedPayment = "ALREADY_PROCESSED_PAYMENT",
        /// A card company or bank failed. It passes, but the answer is bound to the key: look it up, and use a new key once
        /// nothing was done for certain.
        ProviderError = "PROVIDER_ERROR",
        /// Less than 100 won by card or 200 won by account.
        BelowMinimumAmount = "BELOW_MINIMUM_AMOUNT",
        /// An order of this number exists, maybe by this very request: look it up.
        DuplicatedOrderId = "DUPLICATED_ORDER_ID",
        /// Api version update needed.
        ApiVersionUpdateNeeded = "API_VERSION_UPDATE_NEEDED",
        /// Invalid customer key.
        InvalidCustomerKey = "INVALID_CUSTOMER_KEY",
        /// Invalid order id.
        InvalidOrderId = "INVALID_ORDER_ID",
        /// Invalid order name.
        InvalidOrderName = "INVALID_ORDER_NAME",
        /// Not matches customer key.
        NotMatchesCustomerKey = "NOT_MATCHES_CUSTOMER_KEY",
        /// Not supported method.
        NotSupportedMethod = "NOT_SUPPORTED_METHOD",
        /// The method is being maintained. It passes, but the answer is bound to the key: look it up, and use a new key
        /// once nothing was done for certain.
        MaintainedMethod = "MAINTAINED_METHOD",
        /// Invalid idempotency key.
        InvalidIdempotencyKey = "INVALID_IDEMPOTENCY_KEY",
        /// The secret key is not known, or not that of the client key.
        UnauthorizedKey = "UNAUTHORIZED_KEY",
        /// Invalid password.
        InvalidPassword = "INVALID_PASSWORD",
        /// Exceed max auth count.
        ExceedMaxAuthCount = "EXCEED_MAX_AUTH_COUNT",
        /// Reject account payment.
        RejectAccountPayment = "REJECT_ACCOUNT_PAYMENT",
        /// Reject card company.
        RejectCardCompany = "REJECT_CARD_COMPANY",
        /// Forbidden request.
        ForbiddenRequest = "FORBIDDEN_REQUEST",
        /// Too quick in a row, maybe after this very request: look it up, and use a new key once nothing was done for
        /// certain.
        ForbiddenConsecutiveRequest = "FORBIDDEN_CONSECUTIVE_REQUEST",
        /// The bank is not at work now. It passes, but the answer is bound to the key: look it up, and use a new key once
        /// nothing was done for certain.
        NotAvailableBank = "NOT_AVAILABLE_BANK",
        /// The colon after the secret key is missing.
        IncorrectBasicAuthFormat = "INCORRECT_BASIC_AUTH_FORMAT",
        /// Not found.
        NotFound = "NOT_FOUND",
        /// Not found method.
        NotFoundMethod = "NOT_FOUND_METHOD",
        /// Not found method in group.
        NotFoundMethodInGroup = "NOT_FOUND_METHOD_IN_GROUP",
        /// Not found method ownership.
        NotFoundMethodOwnership = "NOT_FOUND_METHOD_OWNERSHIP",
        /// Not found merchant.
        NotFoundMerchant = "NOT_FOUND_MERCHANT",
        /// Not found payment.
        NotFoundPayment = "NOT_FOUND_PAYMENT",
        /// More than ten minutes since the buyer authenticated, or the keys of two shops are mixed. A paid order, whose
        /// session is over, may answer so too: look it up.
        NotFoundPaymentSession = "NOT_FOUND_PAYMENT_SESSION",
        /// Not found http method.
        NotFoundHttpMethod = "NOT_FOUND_HTTP_METHOD",
        /// The first request under this key is still at work: the same key and bytes, later.
        IdempotentRequestProcessing = "IDEMPOTENT_REQUEST_PROCESSING",
        /// Failed db processing.
        FailedDbProcessing = "FAILED_DB_PROCESSING",
        /// Failed internal system processing.
        FailedInternalSystemProcessing = "FAILED_INTERNAL_SYSTEM_PROCESSING",
        /// Failed payment internal system processing.
        FailedPaymentInternalSystemProcessing = "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING",
        /// Failed method handling.
        FailedMethodHandling = "FAILED_METHOD_HANDLING",
        /// Common error.
        CommonError = "COMMON_ERROR",
        /// Unknown error.
        UnknownError = "UNKNOWN_ERROR",
        /// The access token has expired or was revoked: renew it.
        InvalidAccessToken = "INVALID_ACCESS_TOKEN",
        /// Not supported billing merchant.
        NotSupportedBillingMerchant = "NOT_SUPPORTED_BILLING_MERCHANT",
        /// Required billing terms.
        RequiredBillingTerms = "REQUIRED_BILLING_TERMS",
        /// Exceed max monthly payment amount.
        ExceedMaxMonthlyPaymentAmount = "EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT",
        /// Invalid account info re register.
        InvalidAccountInfoReRegister = "INVALID_ACCOUNT_INFO_RE_REGISTER",
        /// Invalid stopped account.
        InvalidStoppedAccount = "INVALID_STOPPED_ACCOUNT",
        /// Invalid legal registered account.
        InvalidLegalRegisteredAccount = "INVALID_LEGAL_REGISTERED_ACCOUNT",
        /// Exceed open banking one time limit.
        ExceedOpenBankingOneTimeLimit = "EXCEED_OPEN_BANKING_ONE_TIME_LIMIT",
        /// It was cancelled before, maybe by this very request: look it up.
        AlreadyCanceledPayment = "ALREADY_CANCELED_PAYMENT",
        /// Invalid refund account info.
        InvalidRefundAccountInfo = "INVALID_REFUND_ACCOUNT_INFO",
        /// Exceed cancel amount discount amount.
        ExceedCancelAmountDiscountAmount = "EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT",
        /// Invalid refund account number.
        InvalidRefundAccountNumber = "INVALID_REFUND_ACCOUNT_NUMBER",
        /// Invalid bank.
        InvalidBank = "INVALID_BANK",
        /// `refundableAmount` is not what is left. Nothing was done.
        NotMatchesRefundableAmount = "NOT_MATCHES_REFUNDABLE_AMOUNT",
        /// Another company refused the refund, maybe because it has made it already: look it up.
        RefundRejected = "REFUND_REJECTED",
        /// It was refunded before, maybe by this very request: look it up.
        AlreadyRefundPayment = "ALREADY_REFUND_PAYMENT",
        /// Forbidden bank refund request.
        ForbiddenBankRefundRequest = "FORBIDDEN_BANK_REFUND_REQUEST",
        /// More than what is left. This request gave nothing back; an earlier one may have.
        NotCancelableAmount = "NOT_CANCELABLE_AMOUNT",
        /// Not cancelable payment.
        NotCancelablePayment = "NOT_CANCELABLE_PAYMENT",
        /// Exceed max refund due.
        ExceedMaxRefundDue = "EXCEED_MAX_REFUND_DUE",
        /// Not allowed partial refund waiting deposit.
        NotAllowedPartialRefundWaitingDeposit = "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT",
        /// Not allowed partial refund.
        NotAllowedPartialRefund = "NOT_ALLOWED_PARTIAL_REFUND",
        /// Not cancelable payment for dormant user.
        NotCancelablePaymentForDormantUser = "NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER",
        /// Exceed cancel limit.
        ExceedCancelLimit = "EXCEED_CANCEL_LIMIT",
        /// Failed refund process.
        FailedRefundProcess = "FAILED_REFUND_PROCESS",
        /// Failed method handling cancel.
        FailedMethodHandlingCancel = "FAILED_METHOD_HANDLING_CANCEL",
        /// Failed partial refund.
        FailedPartialRefund = "FAILED_PARTIAL_REFUND",
        /// Failed card company.
        FailedCardCompany = "FAILED_CARD_COMPANY",
        /// Invalid stopped card.
        InvalidStoppedCard = "INVALID_STOPPED_CARD",
        /// Invalid card info re register.
        InvalidCardInfoReRegister = "INVALID_CARD_INFO_RE_REGISTER",
        /// Invalid card lost or stolen.
        InvalidCardLostOrStolen = "INVALID_CARD_LOST_OR_STOLEN",
        /// Not allowed brandpay method.
        NotAllowedBrandpayMethod = "NOT_ALLOWED_BRANDPAY_METHOD",
        /// Not found customer.
        NotFoundCustomer = "NOT_FOUND_CUSTOMER",
        /// Unknown payment error.
        UnknownPaymentError = "UNKNOWN_PAYMENT_ERROR",
        /// The account was registered less than 12 hours ago.
        RestrictedTransferAccount = "RESTRICTED_TRANSFER_ACCOUNT",
        /// Forbidden dormant or withdrawal customer.
        ForbiddenDormantOrWithdrawalCustomer = "FORBIDDEN_DORMANT_OR_WITHDRAWAL_CUSTOMER",
        /// Invalid maximum discount amount.
        InvalidMaximumDiscountAmount = "INVALID_MAXIMUM_DISCOUNT_AMOUNT",
        /// Invalid required param.
        InvalidRequiredParam = "INVALID_REQUIRED_PARAM",
        /// Suspected phishing payment.
        SuspectedPhishingPayment = "SUSPECTED_PHISHING_PAYMENT",
        /// Exceed max discount count.
        ExceedMaxDiscountCount = "EXCEED_MAX_DISCOUNT_COUNT",
        /// The buyer left. Comes without an order number.
        PayProcessCanceled = "PAY_PROCESS_CANCELED",
        /// Pay process aborted.
        PayProcessAborted = "PAY_PROCESS_ABORTED",
    }
}

impl ErrorCode {
    /// The code the server gave, if it gave one.
    #[must_use]
    pub fn of(error: &Error) -> Option<Self> {
        error.code().map(Self::from)
    }
}
