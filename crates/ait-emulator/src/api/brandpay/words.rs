//! The values that come in two languages.

/// A value as the documentation writes it, or in English. Only `CARD`, `CREDIT` and `TOSSPAY` are documented.
pub(super) fn say(korean: &str, english: bool) -> &str {
    if !english {
        return korean;
    }
    match korean {
        "카드" => "CARD",
        "계좌이체" => "TRANSFER",
        "신용" => "CREDIT",
        "체크" => "CHECK",
        "기프트" => "GIFT",
        "개인" => "PERSONAL",
        "법인" => "COMPANY",
        "미확인" => "UNKNOWN",
        other => other,
    }
}
