//! The codes of refusals: their status and their text.

/// What belongs to a code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Code {
    pub(crate) status: u16,
    pub(crate) korean: &'static str,
    pub(crate) english: &'static str,
}

type Row = (u16, &'static str, &'static str, &'static str);

/// The codes whose status a document tells: the general list as far as it can concern BrandPay, idempotency, and the
/// table of cancels.
const LISTED: &[Row] = &[
    (400, "INVALID_REQUEST", "잘못된 요청입니다.", "The request is wrong."),
    (400, "INVALID_API_KEY", "잘못된 시크릿키 연동 정보 입니다.", "The secret key is wrong."),
    (400, "ALREADY_PROCESSED_PAYMENT", "이미 처리된 결제 입니다.", "The payment was processed already."),
    (
        400,
        "PROVIDER_ERROR",
        "일시적인 오류가 발생했습니다. 잠시 후 다시 시도해주세요.",
        "A passing error. Try again later.",
    ),
    (
        400,
        "BELOW_MINIMUM_AMOUNT",
        "신용카드는 결제금액이 100원 이상, 계좌는 200원이상부터 결제가 가능합니다.",
        "A card pays from 100 won, an account from 200 won.",
    ),
    (
        400,
        "DUPLICATED_ORDER_ID",
        "이미 승인 및 취소가 진행된 중복된 주문번호 입니다. 다른 주문번호로 진행해주세요.",
        "The order number was used already.",
    ),
    (400, "API_VERSION_UPDATE_NEEDED", "API 버전 업데이트가 필요합니다.", "A newer API version is needed."),
    (
        400,
        "INVALID_CUSTOMER_KEY",
        "'customerKey' 형식이 올바르지 않습니다.",
        "The customerKey has the wrong form.",
    ),
    (400, "INVALID_ORDER_ID", "'orderId' 형식이 올바르지 않습니다.", "The orderId has the wrong form."),
    (
        400,
        "INVALID_ORDER_NAME",
        "'orderName'은 1자 이상 100자 이하여야 합니다.",
        "The orderName has 1 to 100 characters.",
    ),
    (400, "NOT_MATCHES_CUSTOMER_KEY", "고객 키가 일치하지 않습니다.", "The customerKey does not match."),
    (400, "NOT_SUPPORTED_METHOD", "지원되지 않는 결제 수단입니다.", "The method is not supported."),
    (400, "MAINTAINED_METHOD", "현재 점검 중인 결제 수단입니다.", "The method is under maintenance."),
    (
        400,
        "INVALID_IDEMPOTENCY_KEY",
        "멱등키는 300자 이하여야 합니다.",
        "An idempotency key has at most 300 characters.",
    ),
    (
        401,
        "UNAUTHORIZED_KEY",
        "인증되지 않은 시크릿 키 혹은 클라이언트 키 입니다.",
        "The key is not authorized.",
    ),
    (403, "INVALID_PASSWORD", "결제 비밀번호가 일치하지 않습니다.", "The password is wrong."),
    (403, "EXCEED_MAX_AUTH_COUNT", "최대 인증 횟수를 초과했습니다.", "Too many authentications."),
    (403, "REJECT_ACCOUNT_PAYMENT", "잔액부족으로 결제에 실패했습니다.", "The account has too little money."),
    (403, "REJECT_CARD_COMPANY", "결제 승인이 거절되었습니다.", "The card company refused."),
    (403, "FORBIDDEN_REQUEST", "허용되지 않은 요청입니다.", "The request is forbidden."),
    (
        403,
        "FORBIDDEN_CONSECUTIVE_REQUEST",
        "반복적인 요청은 허용되지 않습니다. 잠시 후 다시 시도해주세요.",
        "Too quick in a row.",
    ),
    (403, "NOT_AVAILABLE_BANK", "은행 서비스 시간이 아닙니다.", "The bank is not in service now."),
    (
        403,
        "INCORRECT_BASIC_AUTH_FORMAT",
        "잘못된 요청입니다. ':' 를 포함해 인코딩해주세요.",
        "Encode the key together with its ':'.",
    ),
    (404, "NOT_FOUND", "존재하지 않는 정보 입니다.", "There is no such thing."),
    (404, "NOT_FOUND_METHOD", "존재하지 않는 결제 수단 입니다.", "There is no such method."),
    (
        404,
        "NOT_FOUND_METHOD_IN_GROUP",
        "해당 그룹에 존재하지 않는 결제 수단 입니다.",
        "There is no such method in the group.",
    ),
    (
        404,
        "NOT_FOUND_METHOD_OWNERSHIP",
        "결제 수단의 소유자가 아닙니다.",
        "The method is another customer's.",
    ),
    (404, "NOT_FOUND_MERCHANT", "존재하지 않는 상점 정보 입니다.", "There is no such shop."),
    (404, "NOT_FOUND_PAYMENT", "존재하지 않는 결제 정보 입니다.", "There is no such payment."),
    (
        404,
        "NOT_FOUND_PAYMENT_SESSION",
        "결제 시간이 만료되어 결제 진행 데이터가 존재하지 않습니다.",
        "The time of the payment has run out.",
    ),
    (404, "NOT_FOUND_HTTP_METHOD", "존재하지 않는 메소드 입니다.", "There is no such HTTP method."),
    (
        409,
        "IDEMPOTENT_REQUEST_PROCESSING",
        "이전 멱등 요청이 처리중입니다.",
        "The first request of this key is still running.",
    ),
    (500, "FAILED_DB_PROCESSING", "잘못된 요청 값으로 처리 중 DB 에러가 발생했습니다.", "A database error."),
    (
        500,
        "FAILED_INTERNAL_SYSTEM_PROCESSING",
        "내부 시스템 처리 작업이 실패했습니다. 잠시 후 다시 시도해주세요.",
        "An internal error. Try again later.",
    ),
    (
        500,
        "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING",
        "결제가 완료되지 않았어요. 다시 시도해주세요.",
        "The payment was not completed. Try again.",
    ),
    (500, "FAILED_METHOD_HANDLING", "결제 수단 처리 중 오류가 발생했습니다.", "An error with the method."),
    (
        500,
        "COMMON_ERROR",
        "일시적인 오류가 발생했습니다. 잠시 후 다시 시도해주세요.",
        "A passing error. Try again later.",
    ),
    (500, "UNKNOWN_ERROR", "알 수 없는 에러가 발생했습니다.", "An unknown error."),
    (400, "ALREADY_CANCELED_PAYMENT", "이미 취소된 결제 입니다.", "The payment was cancelled already."),
    (
        400,
        "INVALID_REFUND_ACCOUNT_INFO",
        "환불 계좌번호와 예금주명이 일치하지 않습니다.",
        "Account number and holder do not match.",
    ),
    (
        400,
        "EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT",
        "즉시할인금액보다 적은 금액은 부분취소가 불가능합니다.",
        "A part below the discount cannot be cancelled.",
    ),
    (400, "INVALID_REFUND_ACCOUNT_NUMBER", "잘못된 환불 계좌번호입니다.", "The account number is wrong."),
    (400, "INVALID_BANK", "유효하지 않은 은행입니다.", "There is no such bank."),
    (
        400,
        "NOT_MATCHES_REFUNDABLE_AMOUNT",
        "잔액 결과가 일치하지 않습니다.",
        "The refundable amount does not match.",
    ),
    (400, "REFUND_REJECTED", "환불이 거절됐습니다. 결제사에 문의 부탁드립니다.", "The refund was refused."),
    (400, "ALREADY_REFUND_PAYMENT", "이미 환불된 결제입니다.", "The payment was refunded already."),
    (
        400,
        "FORBIDDEN_BANK_REFUND_REQUEST",
        "고객 계좌가 입금이 되지 않는 상태입니다.",
        "The account takes no money.",
    ),
    (403, "NOT_CANCELABLE_AMOUNT", "취소 할 수 없는 금액 입니다.", "The amount cannot be cancelled."),
    (403, "NOT_CANCELABLE_PAYMENT", "취소 할 수 없는 결제 입니다.", "The payment cannot be cancelled."),
    (403, "EXCEED_MAX_REFUND_DUE", "환불 가능한 기간이 지났습니다.", "The time for refunds is over."),
    (
        403,
        "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT",
        "입금 대기중인 결제는 부분 환불이 불가합니다.",
        "A payment that waits for its deposit cannot be refunded in part.",
    ),
    (
        403,
        "NOT_ALLOWED_PARTIAL_REFUND",
        "에스크로 주문, 현금 카드 결제일 때는 부분 환불이 불가합니다.",
        "The payment cannot be refunded in part.",
    ),
    (
        403,
        "NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER",
        "휴면 처리된 회원의 결제는 취소할 수 없습니다.",
        "The customer is dormant.",
    ),
    (403, "EXCEED_CANCEL_LIMIT", "취소 한도를 초과했습니다.", "The limit for cancels is exceeded."),
    (
        500,
        "FAILED_REFUND_PROCESS",
        "은행 응답시간 지연이나 일시적인 오류로 환불요청에 실패했습니다.",
        "The bank did not carry out the refund.",
    ),
    (
        500,
        "FAILED_METHOD_HANDLING_CANCEL",
        "취소 중 결제 시 사용한 결제 수단 처리과정에서 일시적인 오류가 발생했습니다.",
        "An error with the method.",
    ),
    (
        500,
        "FAILED_PARTIAL_REFUND",
        "은행 점검, 해약 계좌 등의 사유로 부분 환불이 실패했습니다.",
        "The bank did not carry out the partial refund.",
    ),
];

/// What is known of a code, or as good a guess as its name allows.
pub(crate) fn find(code: &str) -> Code {
    match LISTED.iter().find(|row| row.1 == code) {
        Some((status, _, korean, english)) => Code { status: *status, korean, english },
        None => Code {
            status: guess(code),
            korean: "요청을 처리할 수 없습니다.",
            english: "The request was refused.",
        },
    }
}

/// Whether a document tells the status of this code.
pub(crate) fn is_listed(code: &str) -> bool {
    LISTED.iter().any(|row| row.1 == code)
}

fn guess(code: &str) -> u16 {
    match code {
        "INVALID_ACCESS_TOKEN" => 401,
        "NOT_SUPPORTED_BILLING_MERCHANT" | "REQUIRED_BILLING_TERMS" | "SUSPECTED_PHISHING_PAYMENT" => 403,
        _ if code.starts_with("NOT_FOUND") => 404,
        _ if code.starts_with("FAILED_") || code.starts_with("UNKNOWN_") => 500,
        _ if ["FORBIDDEN_", "REJECT_", "RESTRICTED_", "NOT_ALLOWED_"]
            .iter()
            .any(|start| code.starts_with(start)) =>
        {
            403
        }
        _ => 400,
    }
}
