//! Amounts, keys, limits, redirects and webhooks: what is read, what is refused, what is shown.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::collections::HashSet;

use brandpay::{
    ait_core::{Endpoint, Error, IdempotencyKey, Kind, Krw, Outcome, Secret},
    redirect::{Authorized, Failure, Success},
    webhook::{self, CustomerChange, Data, Event, EventType, MethodChange},
    *,
};
use serde_json::{Value, json};
use support::{PAYMENT_KEY, fixture};

fn amount(text: &str) -> Amount {
    Amount::new(text).unwrap()
}

#[test]
fn amounts_are_exact_in_every_dress() {
    for (text, shown, won) in [
        ("10000", "10000", Some(10_000)),
        ("\"10000\"", "10000", Some(10_000)),
        ("10000.0", "10000", Some(10_000)),
        ("10.99", "10.99", None),
        ("\"10.990\"", "10.99", None),
        ("0.05", "0.05", None),
        ("-5.99", "-5.99", None),
        ("0", "0", Some(0)),
        ("3000000000", "3000000000", Some(3_000_000_000)),
        ("999999999999999999", "999999999999999999", Some(999_999_999_999_999_999)),
        ("9999999999999.99", "9999999999999.99", None),
    ] {
        let read: Amount = serde_json::from_str(text).unwrap();
        assert_eq!((read.to_string().as_str(), read.krw().map(Krw::get)), (shown, won), "{text}");
        assert_eq!(serde_json::to_string(&read).unwrap(), shown, "{text}: written as a number");
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::from_value::<Amount>(value).unwrap(), read);
    }
    for text in
        ["\"1,000\"", "\"1e3\"", "\"\"", "\"ten\"", "true", "{}", "[1]", "\"12345678901234.567\"", "\".5\""]
    {
        assert!(serde_json::from_str::<Amount>(text).is_err(), "{text}");
    }
    assert_eq!(amount(" 10000 "), amount("10000"));
    assert_eq!(amount(&format!("10.{}", "0".repeat(40))), amount("10"));
    assert!(Amount::new("999999999999.999").is_ok() && Amount::new("1000000000000.001").is_err());
    assert!(serde_json::from_str::<Amount>("1e17").is_err(), "a float is not exact there");
    assert_eq!(Amount::from(Krw::new(i64::MAX)), amount(&"9".repeat(18)));
    assert_eq!(Amount::from(Krw::new(i64::MIN)), amount(&format!("-{}", "9".repeat(18))));
    assert_eq!(amount("25.99").checked_sub(amount("5.99")), Some(Krw::new(20).into()));
    assert_eq!(amount("0.1").checked_add(amount("0.2")), Some(amount("0.3")));
    assert!(amount("9.9") < Krw::new(10).into() && amount("-1") < amount("-0.5"));
}

#[test]
fn derived_keys_follow_the_order_and_nothing_else() {
    let order = |text: &str| OrderId::new(text).unwrap();
    let key = |operation: &str, id: &str, won: i64| {
        idempotency::derived(operation, &order(id), Krw::new(won)).unwrap()
    };
    assert_eq!(key("confirm", "order-1", 10_000), key("confirm", "order-1", 10_000));
    let different = [
        key("confirm", "order-1", 10_000),
        key("cancel", "order-1", 10_000),
        key("confirm", "order-2", 10_000),
        key("confirm", "order-1", 10_001),
        idempotency::derived("confirm:order-1", &OrderId::unchecked("10000"), Krw::new(10_000)).unwrap(),
        idempotency::derived("confirm", &OrderId::unchecked("order-1:10000"), Krw::new(1)).unwrap(),
        idempotency::derived("한글", &OrderId::unchecked("주문 1"), amount("10.99")).unwrap(),
    ];
    assert_eq!(different.iter().collect::<HashSet<_>>().len(), different.len());
    assert!(different.iter().all(|key| key.as_str().bytes().all(|byte| byte.is_ascii_graphic())));
    assert!(idempotency::derived("", &order("order-1"), Krw::new(1)).is_err());
    assert!(idempotency::derived(&"x".repeat(300), &order("order-1"), Krw::new(1)).is_err());
    let random: HashSet<_> = (0..10_000).map(|_| idempotency::random().as_str().to_owned()).collect();
    assert_eq!(random.len(), 10_000);
    assert!(random.iter().all(|key| key.len() == 32 && key[..16] != key[16..]));
}

#[track_caller]
fn names<T>(result: Result<T, Error>, field: &str) {
    let Err(error) = result else { panic!("{field} is not refused") };
    assert_eq!((error.kind(), error.outcome()), (Kind::Config, Outcome::NotSent));
    assert!(error.to_string().contains(field), "{error}");
}

fn key() -> IdempotencyKey {
    IdempotencyKey::new("k").unwrap()
}

#[test]
fn documented_limits_are_checked_before_anything_is_sent() {
    for (text, fits) in
        [("c6thB674j9vCU4XsvcPk", true), ("a@", true), ("-_=.@", true), ("a", false), ("a b", false)]
    {
        assert_eq!(CustomerKey::new(text).is_ok(), fits, "{text}");
    }
    assert!(CustomerKey::new("x".repeat(50)).is_ok() && CustomerKey::new("x".repeat(51)).is_err());
    for (text, fits) in [("order-2026-000002=", true), ("abcdef", true), ("abcde", false), ("abc.def", false)]
    {
        assert_eq!(OrderId::new(text).is_ok(), fits, "{text}");
    }
    assert!(OrderId::new("x".repeat(64)).is_ok() && OrderId::new("x".repeat(65)).is_err());
    assert!(PaymentKey::new("x".repeat(200)).is_ok() && PaymentKey::new("x".repeat(201)).is_err());

    let customer = || CustomerKey::new("customer").unwrap();
    let payment = || PaymentKey::new(PAYMENT_KEY).unwrap();
    let charge = |name: &str, won: i64| {
        let (method, order) = (MethodKey::new("m").unwrap(), OrderId::new("order-1").unwrap());
        AutomaticPayment::new(key(), customer(), method, order, name, Krw::new(won))
    };
    names(charge("", 100), "orderName");
    names(charge(&"가".repeat(101), 100), "orderName");
    assert!(charge(&"가".repeat(100), 100).is_ok());
    names(charge("x", 0), "amount");
    for (won, months, fits) in [
        (50_000, 2, true),
        (50_000, 12, true),
        (49_999, 2, false),
        (49_999, 0, true),
        (50_000, 1, false),
        (50_000, 13, false),
    ] {
        let request = charge("x", won).unwrap().card_installment_plan(months);
        assert_eq!(request.check().is_ok(), fits, "{won} {months}");
    }
    let receipt = ReceiptOrder::expense_proof(RegistrationNumberType::Mobile, "01000000000");
    names(charge("x", 100).unwrap().cash_receipt(receipt).check(), "registrationNumberType");
    let order = OrderId::new("order-1").unwrap();
    names(Confirm::new(key(), payment(), order, Krw::new(-1), customer()).check(), "amount");
    names(Cancel::rest(key(), payment(), ""), "cancelReason");
    names(Cancel::rest(key(), payment(), "가".repeat(201)), "cancelReason");
    names(Cancel::part(key(), payment(), Krw::new(0), "x"), "cancelAmount");
    let more = Cancel::part(key(), payment(), Krw::new(11), "x").unwrap().refundable(Krw::new(10));
    names(more.check(), "cancelAmount");
    names(RefundAccount::new(Bank::TossBank, "1-2", "x"), "accountNumber");
    names(RefundAccount::new(Bank::TossBank, "1".repeat(21), "x"), "accountNumber");
    names(RefundAccount::new(Bank::TossBank, "1", "x".repeat(61)), "holderName");
    names(AgreeTerms::new(key(), customer(), []), "scope");
    names(AgreeTerms::new(key(), customer(), [Scope::Register, Scope::Card, Scope::Account]), "scope");
    names(Terms::new(customer(), []), "scope");
    names(Terms::new(customer(), [Scope::Register, Scope::Card, Scope::Account]), "scope");
    let identity = CustomerIdentity::new().rrn("0000000000000");
    names(IssueAccessToken::with_code(key(), customer(), "c").customer_identity(identity).check(), "rrn");
    names(IssueAccessToken::with_refresh_token(key(), customer(), "").check(), "refreshToken");
}

const SUCCESS: &str = "paymentType=BRANDPAY&orderId=order-2026-000017&paymentKey=5EnNZ%2DRJ&amount=10000";

#[test]
fn a_redirect_gives_its_values_out_after_a_comparison() {
    let order = OrderId::new("order-2026-000017").unwrap();
    let success =
        |query: &str| Success::parse(query).and_then(|query| query.verify(&order, Krw::new(10_000)));
    for query in [SUCCESS.to_owned(), format!("?{SUCCESS}#top"), SUCCESS.replace("10000", "10000.0")] {
        let verified = success(&query).unwrap();
        assert_eq!(verified.payment_key().as_str(), "5EnNZ-RJ");
        let confirm = Confirm::verified(key(), verified, CustomerKey::new("customer").unwrap());
        assert_eq!((confirm.order_id(), confirm.amount()), (&order, Krw::new(10_000).into()));
    }
    names(success(&SUCCESS.replace("10000", "9999")), "amount");
    names(success(&SUCCESS.replace("000017", "000018")), "orderId");
    names(success(&SUCCESS.replace("BRANDPAY", "NORMAL")), "paymentType");
    names(success(&SUCCESS.replace("amount=10000", "amount=")), "amount");
    names(success(&SUCCESS.replace("paymentKey", "x")), "paymentKey");
    names(success(&format!("{SUCCESS}&amount=1")), "amount");
    names(success(&format!("{SUCCESS}&x=%zz")), "query");
    names(success(&format!("{SUCCESS}&x=%ff")), "query");
    assert_eq!(Success::parse(SUCCESS).unwrap().claimed_order_id(), &order);

    let customer = CustomerKey::new("a=b@c.d").unwrap();
    let authorized = Authorized::parse("code=RnYX2w532omp6gDQgVNeyqAp&customerKey=a%3Db%40c.d").unwrap();
    assert!(!format!("{authorized:?}").contains("RnYX"));
    names(authorized.clone().verify(&CustomerKey::new("another").unwrap()), "customerKey");
    assert_eq!(authorized.verify(&customer).unwrap().expose(), "RnYX2w532omp6gDQgVNeyqAp");

    let failure = Failure::parse("code=PAY_PROCESS_CANCELED&message=%EC%B7%A8%EC%86%8C+%EB%90%A8").unwrap();
    assert_eq!(failure.code, ErrorCode::PayProcessCanceled);
    assert_eq!((failure.message.as_deref(), failure.order_id), (Some("취소 됨"), None));
}

fn event(name: &str) -> Event {
    Event::parse(fixture(name).to_string().as_bytes()).unwrap()
}

#[test]
fn webhooks_are_read_as_documented() {
    for (name, change) in [
        ("webhook.method-updated", MethodChange::Enabled),
        ("webhook.method-removed", MethodChange::Disabled),
    ] {
        let Data::MethodUpdated(data) = event(name).data else { panic!("{name}") };
        assert_eq!(data.status, Some(change));
        assert_eq!(data.customer_key.as_str(), "c6thB674j9vCU4XsvcPk");
    }
    for (name, change) in [
        ("webhook.customer-status-changed", CustomerChange::PasswordChanged),
        ("webhook.customer-removed", CustomerChange::Removed),
    ] {
        let Data::CustomerStatusChanged(data) = event(name).data else { panic!("{name}") };
        assert_eq!(data.status, Some(change));
        assert!(data.changed_at.unwrap().unix_seconds().is_some());
    }
    let paid = event("webhook.payment-status-changed");
    // 2026-03-02 09:15:43.65327 in Seoul.
    assert_eq!(paid.created_at.unwrap().unix_seconds(), Some(1_772_410_543));
    let Data::PaymentStatusChanged(payment) = paid.data else { panic!("no payment") };
    assert!(payment.is_paid());
    let secret = |text: &str| Secret::from(text);
    assert!(webhook::is_same(&secret("ps_FAKE0000000000000002"), &payment));
    for other in ["ps_FAKE0000000000000003", "ps_FAKE000000000000000", "", "xs_FAKE0000000000000002"] {
        assert!(!webhook::is_same(&secret(other), &payment), "{other}");
    }
    let without: Payment = serde_json::from_value(fixture("confirm.response")).unwrap();
    assert!(!webhook::is_same(&secret(""), &without), "nobody's");

    let deposit = event("webhook.deposit-callback");
    let Data::Other(raw) = &deposit.data else { panic!("not raw") };
    assert_eq!(raw.expose(), fixture("webhook.deposit-callback").to_string());
    assert!(deposit.event_type.is_none() && !format!("{deposit:?}").contains("ps_FAKE"));
    let unknown = Event::parse(br#"{"eventType":"BILLING_DELETED","data":{"x":1}}"#).unwrap();
    assert_eq!(unknown.event_type, Some(EventType::from("BILLING_DELETED")));
    assert!(matches!(unknown.data, Data::Other(_)));
    for broken in [
        "",
        "[]",
        "x",
        r#"{"eventType":"METHOD_UPDATED"}"#,
        r#"{"eventType":"PAYMENT_STATUS_CHANGED","data":{}}"#,
    ] {
        assert!(Event::parse(broken.as_bytes()).is_err(), "{broken}");
    }
}

#[test]
fn nothing_shows_what_it_must_not() {
    const CANARY: &str = "CANARY-8d2e";
    let customer = CustomerKey::new(CANARY).unwrap();
    let identity = CustomerIdentity::new().ci(CANARY).mobile_phone(CANARY).name(CANARY).rrn(CANARY);
    let issue = IssueAccessToken::with_code(key(), customer.clone(), CANARY).customer_identity(identity);
    let method = || MethodKey::new(CANARY).unwrap();
    let order = OrderId::new("order-1").unwrap();
    let charge = AutomaticPayment::new(key(), customer.clone(), method(), order, "x", Krw::new(1)).unwrap();
    let receipt = ReceiptOrder::income_deduction(RegistrationNumberType::Mobile, CANARY);
    let charge = charge.customer_email(CANARY).shipping_address(CANARY).cash_receipt(receipt);
    let tokens: AccessToken =
        serde_json::from_value(json!({ "accessToken": CANARY, "refreshToken": CANARY })).unwrap();
    let mut virtual_account = fixture("payment.virtual-account.response");
    virtual_account["secret"] = json!(CANARY);
    for field in ["accountNumber", "customerName", "depositorName"] {
        virtual_account["virtualAccount"][field] = json!(CANARY);
    }
    virtual_account["virtualAccount"]["refundReceiveAccount"] =
        json!({ "accountNumber": CANARY, "holderName": CANARY });
    let payment: Payment = serde_json::from_value(virtual_account).unwrap();
    let mut receipts = fixture("payment.account.response");
    for place in ["/receipt/url", "/checkout/url", "/cashReceipt/receiptUrl"] {
        *receipts.pointer_mut(place).unwrap() = json!(CANARY);
    }
    for field in ["receiptUrl", "customerIdentityNumber"] {
        receipts["cashReceipts"][0][field] = json!(CANARY);
    }
    receipts["mobilePhone"] = json!({ "customerMobilePhone": CANARY, "receiptUrl": CANARY });
    let receipts: Payment = serde_json::from_value(receipts).unwrap();
    let agreed: AgreedTerms = serde_json::from_value(json!({ "code": CANARY })).unwrap();
    let removed: RemovedCustomer = serde_json::from_value(json!({ "customerKey": CANARY })).unwrap();
    let ticket = charge.ticket().unwrap();
    let pay = BrandPay::new(ait_core::Client::builder().build().unwrap(), CANARY);
    let shown = format!(
        "{issue:?}{charge:?}{tokens:?}{payment:?}{receipts:?}{agreed:?}{removed:?}{ticket:?}{pay:?}{:?}{:?}{:?}",
        MethodsByToken::new(CANARY),
        RemoveCard::new(key(), CANARY, method()),
        RemoveCustomer::new(key(), CANARY),
    );
    assert!(!shown.contains(CANARY), "{shown}");
}

#[test]
fn a_payment_is_cancelled_in_full_when_nothing_is_left() {
    for (name, full, paid) in [
        ("cancel.full.response", true, false),
        ("cancel.rest.response", true, false),
        ("cancel.partial.response", false, true),
        ("confirm.response", false, true),
        ("payment.in-progress.response", false, false),
        ("payment.aborted.response", false, false),
    ] {
        let payment: Payment = serde_json::from_value(fixture(name)).unwrap();
        assert_eq!((payment.is_fully_canceled(), payment.is_paid()), (full, paid), "{name}");
    }
}

#[test]
fn cards_and_banks_are_two_tables() {
    let page = support::page("brandpay-codes.md");
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
