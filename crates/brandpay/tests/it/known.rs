//! Names and values as they are documented: those that this release knows, and no other.

use brandpay::{ait_core::Endpoint, webhook::*, *};

macro_rules! known {
    ($($name:ty: $values:literal),* $(,)?) => {
        $(assert_eq!(
            <$name>::KNOWN.iter().map(<$name>::as_str).collect::<Vec<_>>().join(" "),
            $values,
            stringify!($name)
        );)*
    };
}

#[test]
fn every_documented_value_is_known() {
    known! {
        AccountType: "일반 고정",
        AcquireStatus: "READY REQUESTED COMPLETED CANCEL_REQUESTED CANCELED",
        CancelStatus: "DONE IN_PROGRESS ABORTED",
        CardType: "신용 체크 기프트 미확인",
        CashReceiptType: "소득공제 지출증빙 미발행",
        CustomerChange: "CREATED REMOVED PASSWORD_CHANGED ONE_TOUCH_ACTIVATED ONE_TOUCH_DEACTIVATED",
        DiscountType: "FIXED_AMOUNT FIXED_RATE",
        EasyPayProvider: "토스페이",
        EventType: "METHOD_UPDATED CUSTOMER_STATUS_CHANGED PAYMENT_STATUS_CHANGED",
        GrantType: "AuthorizationCode RefreshToken",
        InterestPayer: "BUYER CARD_COMPANY MERCHANT",
        IssueStatus: "IN_PROGRESS COMPLETED FAILED",
        Method: "카드 가상계좌 간편결제 휴대폰 계좌이체 문화상품권 도서문화상품권 게임문화상품권",
        MethodChange: "ENABLED DISABLED ALIAS_UPDATED",
        MethodStatus: "ENABLED DISABLED",
        OwnerType: "개인 법인 미확인",
        PaymentKind: "NORMAL BILLING BRANDPAY",
        PaymentStatus:
            "READY IN_PROGRESS WAITING_FOR_DEPOSIT DONE PARTIAL_CANCELED CANCELED ABORTED EXPIRED",
        PromotionType: "CARD_DISCOUNT CARD_INTEREST_FREE CARD_POINT BANK_DISCOUNT",
        ReceiptTransaction: "CONFIRM CANCEL",
        RefundStatus: "NONE PENDING FAILED PARTIAL_FAILED COMPLETED",
        RegistrationNumberType: "MOBILE CASH_RECEIPT_CARD BUSINESS_REGISTRATION",
        Scope: "REGISTER CARD ACCOUNT BILLING",
        SettlementStatus: "INCOMPLETED COMPLETED",
    }
}

#[test]
fn a_name_for_people_is_the_value_where_the_value_is_korean() {
    let same = |value: &str, name: Option<&str>| assert_eq!(name, Some(value));
    Method::KNOWN.iter().for_each(|value| same(value.as_str(), value.korean_name()));
    CardType::KNOWN.iter().for_each(|value| same(value.as_str(), value.korean_name()));
    AccountType::KNOWN.iter().for_each(|value| same(value.as_str(), value.korean_name()));
    OwnerType::KNOWN.iter().for_each(|value| same(value.as_str(), value.korean_name()));
    CashReceiptType::KNOWN.iter().for_each(|value| same(value.as_str(), value.korean_name()));
    EasyPayProvider::KNOWN.iter().for_each(|value| same(value.as_str(), value.korean_name()));
}

#[test]
fn headers_of_webhooks_are_those_of_the_documentation() {
    let page = ait_testkit::page("brandpay-payments.md");
    let (_, rest) = page.split_once("| headers | `tosspayments-webhook-transmission-time`").unwrap();
    let row = rest.lines().next().unwrap();
    assert_eq!(TRANSMISSION_TIME, "tosspayments-webhook-transmission-time");
    for name in [TRANSMISSION_RETRIED_COUNT, TRANSMISSION_ID] {
        let end = name.strip_prefix("tosspayments-webhook").unwrap();
        assert!(row.contains(&format!("`{end}`")), "{name}");
    }
}

#[test]
fn every_call_goes_to_one_host_without_a_client_certificate() {
    let hosts = [
        Terms::HOST,
        AgreeTerms::HOST,
        IssueAccessToken::HOST,
        MethodsByToken::HOST,
        MethodsByCustomer::HOST,
        RemoveCard::HOST,
        RemoveAccount::HOST,
        Confirm::HOST,
        AutomaticPayment::HOST,
        RemoveCustomer::HOST,
        CardPromotions::HOST,
        BankPromotions::HOST,
        Cancel::HOST,
        PaymentByKey::HOST,
        PaymentByOrder::HOST,
        AllPromotions::HOST,
        AllCardPromotions::HOST,
    ];
    for host in hosts {
        assert_eq!((host.name(), host.requires_identity()), ("api.tosspayments.com", false));
    }
}

#[test]
fn cards_and_banks_are_two_tables() {
    let page = ait_testkit::page("brandpay-codes.md");
    let table = |title: &str| -> Vec<(String, String)> {
        let (_, rest) = page.split_once(&format!("### {title}\n")).unwrap();
        let rest = rest.split("\n##").next().unwrap();
        let rows = rest.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| Code"));
        rows.map(|row| {
            let mut cells = row.split('|').map(str::trim).skip(1);
            (cells.next().unwrap().to_owned(), cells.next().unwrap().to_owned())
        })
        .collect()
    };
    let cards = table("Cards");
    for (code, name) in &cards {
        assert_eq!(CardCompany::from(code.as_str()).korean_name(), Some(name.as_str()), "{code}");
    }
    let banks = [table("Banks"), table("Securities companies")].concat();
    for (code, name) in &banks {
        assert_eq!(Bank::from(code.as_str()).korean_name(), Some(name.as_str()), "{code}");
    }
    assert_eq!((CardCompany::KNOWN.len(), Bank::KNOWN.len()), (cards.len() + 4, banks.len()));
}
