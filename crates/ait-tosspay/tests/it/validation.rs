//! The documented limits of requests: what breaks one is named, and never sent.

use crate::support::{Op, pay};
use ait_testkit::{USER_KEY, answer, fitting, fixture, key, names};
use ait_tosspay::{
    CashReceiptKind, ExecutePayment, Installment, MakePayment, OrderNo, PayMethod, PayToken, PaymentStatus,
    RefundPayment,
    ait_core::{Error, Krw, Mode, User},
};
use httpmock::MockServer;
use serde_json::{Value, json};

const FAMILY: &str = "👨‍👩‍👧‍👦";

fn user() -> User {
    User::key(USER_KEY)
}

fn make(desc: &str, amount: i64) -> Result<MakePayment, Error> {
    let order = OrderNo::new("2026-000017").unwrap();
    MakePayment::new(user(), order, desc, Krw::new(amount), Mode::Sandbox)
}

fn refund(reason: &str) -> Result<RefundPayment, Error> {
    RefundPayment::new(user(), PayToken::new("O1NZck9XME8ureeVJVJP67").unwrap(), reason, Mode::Sandbox)
}

#[test]
fn order_numbers_have_1_to_50_characters() {
    for length in [1, 49, 50] {
        assert_eq!(OrderNo::new("a".repeat(length)).unwrap().as_str().len(), length);
    }
    for length in [0, 51, 200] {
        let error = OrderNo::new("a".repeat(length)).unwrap_err();
        names(&error, &["orderNo: ", "1 to 50 characters", &format!("has {length}")]);
    }
    // Characters, not bytes: 20 of these are 60 bytes and break the other rule.
    names(&OrderNo::new("주".repeat(20)).unwrap_err(), &["orderNo: ", "character 1 is '주'"]);
    names(&OrderNo::new("주".repeat(51)).unwrap_err(), &["orderNo: ", "has 51"]);
}

#[test]
fn order_numbers_hold_what_the_table_lists() {
    let all: String = ('0'..='9').chain('A'..='Z').chain('a'..='z').chain("_-:.^@".chars()).collect();
    for character in all.chars() {
        assert!(OrderNo::new(format!("x{character}")).is_ok(), "{character}");
    }
    let others = (' '..='~').filter(|character| !all.contains(*character));
    for character in others.chain("\t\n\0가é１\u{feff}\u{200b}".chars()) {
        let error = OrderNo::new(format!("ab{character}c")).unwrap_err();
        names(
            &error,
            &["orderNo: ", "letters, digits and _-:.^@", "character 3 is", &format!("{character:?}")],
        );
    }
    assert_eq!(OrderNo::unchecked("말 로").as_str(), "말 로", "the way out");
}

#[test]
fn pay_tokens_have_1_to_30_characters_without_blanks() {
    for length in [1, 29, 30] {
        assert!(PayToken::new("t".repeat(length)).is_ok());
    }
    for length in [0, 31, 300] {
        let error = PayToken::new("t".repeat(length)).unwrap_err();
        names(&error, &["payToken: ", "1 to 30 characters", &format!("has {length}")]);
    }
    for blank in [' ', '\n', '\t', '\u{a0}', '\0'] {
        let error = PayToken::new(format!("SECRETTOKEN{blank}")).unwrap_err();
        names(&error, &["payToken: ", "blanks or control characters", "make-payment"]);
        assert!(!error.to_string().contains("SECRETTOKEN"), "a token is never quoted");
    }
    assert_eq!(PayToken::unchecked("a b").expose(), "a b", "the way out");
}

#[test]
fn descriptions_have_1_to_255_characters() {
    for desc in ["x".to_owned(), "x".repeat(255), "커".repeat(255), "☕".repeat(255), FAMILY.to_owned()] {
        assert!(make(&desc, 10).is_ok(), "{desc}");
    }
    for (desc, length) in [("x".repeat(256), 256), ("커".repeat(256), 256), ("☕".repeat(300), 300)] {
        names(
            &make(&desc, 10).unwrap_err(),
            &["productDesc: ", "at most 255 characters", &format!("has {length}")],
        );
    }
    for blank in ["", " ", "\u{3000}\t "] {
        names(&make(blank, 10).unwrap_err(), &["productDesc: ", "must not be blank"]);
    }
}

#[test]
fn descriptions_hold_no_backslash_and_no_quotation_mark() {
    for fine in ["아메리카노, 라떼", "50% off!", "☕️ 커피 🎉", "a/b (c) [d] <e> & f", "Ünïcödé 日本"]
    {
        assert!(make(fine, 10).is_ok(), "{fine}");
    }
    for character in ['\\', '"', '\'', '\n', '\r', '\t', '\0', '\u{7f}', '\u{85}'] {
        let error = make(&format!("☕커{character}피"), 10).unwrap_err();
        let found = format!("character 3 is {character:?}; remove it");
        names(&error, &["productDesc: ", "backslash", "quotation mark (\" or ')", &found]);
    }
}

#[test]
fn amounts_have_up_to_7_digits() {
    for amount in [0, 1, 9_999_999] {
        assert_eq!(make("x", amount).unwrap().amount(), Krw::new(amount));
    }
    for amount in [-1, 10_000_000, i64::MAX, i64::MIN] {
        let error = make("x", amount).unwrap_err();
        names(&error, &["amount: ", "0 to 9999999 won", "7 digits", &format!("is {amount}")]);
    }
}

#[test]
fn reasons_have_1_to_55_characters() {
    for reason in ["x".to_owned(), "x".repeat(55), "환".repeat(55)] {
        assert!(refund(&reason).is_ok(), "{reason}");
    }
    for (reason, length) in [(String::new(), 0), ("x".repeat(56), 56), ("환".repeat(56), 56)] {
        let error = refund(&reason).unwrap_err();
        names(&error, &["reason: ", "1 to 55 characters", &format!("has {length}")]);
    }
}

#[test]
fn reasons_hold_what_the_table_lists() {
    let special = "_-:.^@()[]#/!%?&";
    for character in "가힣ㄱㅎㅏㅣ\u{3131}\u{318e}\u{1100}\u{11ff}09azAZ".chars().chain(special.chars())
    {
        assert!(refund(&format!("환{character}")).is_ok(), "{character}");
    }
    let listed = |character: &char| character.is_ascii_alphanumeric() || special.contains(*character);
    let others = (' '..='~').filter(|character| !listed(character));
    // What is invisible counts as Hangul elsewhere.
    let near = "\u{3130}\u{318f}\u{10ff}\u{1200}\u{abff}\u{d7a4}";
    let invisible = "\u{115f}\u{1160}\u{3164}\u{ffa0}";
    for character in
        others.chain("\n\0é漢ひ☕\u{3000}１".chars()).chain(near.chars()).chain(invisible.chars())
    {
        let error = refund(&format!("단순{character}변심")).unwrap_err();
        names(&error, &["reason: ", "Hangul, letters, digits", "character 3 is", &format!("{character:?}")]);
    }
    names(&refund("단순 변심").unwrap_err(), &["write `_` for a space"]);
    assert!(refund("단순_변심").is_ok());
}

/// A stored request that breaks a rule, the field, and a word of the rule.
fn broken() -> Vec<(Op, Value, &'static str, &'static str)> {
    let with = |op: Op, field: &'static str, value: Value| {
        let mut body = fixture(&format!("tosspay/{}.request", op.word()));
        body[field] = value;
        body
    };
    let mut all = Vec::new();
    for amount in ["amount", "amountTaxFree", "amountTaxable", "amountVat", "amountServiceFee"] {
        for won in [json!(-1), json!(10_000_000), json!("-1"), json!(10_000_000.0)] {
            all.push((Op::Make, with(Op::Make, amount, won), amount, "9999999"));
        }
    }
    for (desc, rule) in [("", "blank"), ("  ", "blank"), ("a\\b", "backslash"), ("a\"b", "quotation")] {
        all.push((Op::Make, with(Op::Make, "productDesc", json!(desc)), "productDesc", rule));
    }
    all.push((Op::Make, with(Op::Make, "productDesc", json!("x".repeat(256))), "productDesc", "has 256"));
    for (choice, most, rule) in [
        ("enablePayMethods", 100, "at most 100 characters, has 101"),
        ("cashReceiptTradeOption", 10, "at most 10 characters, has 11"),
        ("installment", 10, "at most 10 characters, has 11"),
    ] {
        all.push((Op::Make, with(Op::Make, choice, json!("할".repeat(most + 1))), choice, rule));
    }
    for (reason, rule) in [("", "has 0"), ("단순 변심", "character 3"), ("<b>", "character 1")] {
        all.push((Op::Refund, with(Op::Refund, "reason", json!(reason)), "reason", rule));
    }
    all.push((Op::Refund, with(Op::Refund, "reason", json!("x".repeat(56))), "reason", "has 56"));
    all.push((Op::Status, json!({ "isTestPayment": true }), "payToken", "or else orderNo"));
    let both_null = json!({ "payToken": null, "orderNo": null, "isTestPayment": true });
    all.push((Op::Status, both_null, "payToken", "must be given"));
    all
}

#[tokio::test]
async fn a_stored_request_that_breaks_a_rule_is_not_sent() {
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &json!({ "resultType": "SUCCESS", "success": {} }));
    for (op, body, field, rule) in broken() {
        let error = op.send(&pay(&server), body.clone(), key()).await.unwrap_err();
        names(&error, &[op.endpoint(), &format!("{field}: "), rule, "; not sent"]);
        assert_eq!(error.endpoint(), Some(op.endpoint()), "{body}");
    }
    assert_eq!(seen.lock().unwrap().len(), 0, "nothing was sent");
}

#[tokio::test]
async fn a_setting_that_breaks_a_rule_later_is_not_sent_either() {
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &json!({ "resultType": "SUCCESS", "success": {} }));
    let bad = Krw::new(10_000_000);
    let made = || make("x", 10).unwrap();
    for (request, field) in [
        (made().tax_free(bad), "amountTaxFree: "),
        (made().taxable(bad), "amountTaxable: "),
        (made().vat(Krw::new(-1)), "amountVat: "),
        (made().service_fee(bad), "amountServiceFee: "),
    ] {
        names(&pay(&server).make_payment(request).await.unwrap_err(), &[field]);
    }
    assert_eq!(seen.lock().unwrap().len(), 0, "nothing was sent");
}

#[tokio::test]
async fn what_the_documentation_may_have_wrong_can_be_sent_unchecked() {
    let server = MockServer::start_async().await;
    let sent = json!({ "payToken": "t".repeat(31), "orderNo": "주문 1", "isTestPayment": false });
    let seen = answer(&server, 200, &fitting(&fixture("tosspay/get-payment-status.response"), &sent));
    let (token, order) = (PayToken::unchecked("t".repeat(31)), OrderNo::unchecked("주문 1"));
    let request = PaymentStatus::by_pay_token(user(), token, Mode::Live).order_no(order);
    pay(&server).payment_status(request).await.unwrap();
    let body: Value = serde_json::from_slice(seen.lock().unwrap()[0].body_ref()).unwrap();
    assert_eq!(body, sent);
}

#[tokio::test]
async fn a_token_that_is_empty_is_not_sent_even_unchecked() {
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &json!({ "resultType": "SUCCESS", "success": {} }));
    let (pay, lost) = (pay(&server), || PayToken::unchecked(""));
    let execution = pay.execute_payment(ExecutePayment::new(user(), lost(), Mode::Live)).await.unwrap_err();
    let question = PaymentStatus::by_pay_token(user(), lost(), Mode::Live);
    let question = pay.payment_status(question).await.unwrap_err();
    let refund = RefundPayment::new(user(), lost(), "reason", Mode::Live).unwrap_err();
    for error in [execution, question, refund] {
        names(&error, &["payToken: ", "must not be empty"]);
    }
    assert_eq!(seen.lock().unwrap().len(), 0, "nothing was sent");
}

#[tokio::test]
async fn a_choice_nobody_knows_yet_may_be_as_long_as_the_table_says() {
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &fixture("tosspay/make-payment.response"));
    let request = make("x", 10).unwrap();
    let request = request.only_method(PayMethod::from("할".repeat(100).as_str()));
    let request = request.cash_receipt(CashReceiptKind::from("TEN_LETTER"));
    let request = request.installment(Installment::from("TEN_LETTER"));
    pay(&server).make_payment(request).await.unwrap();
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn an_unchecked_order_number_that_is_none_is_not_sent() {
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &json!({ "resultType": "SUCCESS", "success": {} }));
    let pay = pay(&server);
    for none in ["", " ", "\n"] {
        let order_no = || OrderNo::unchecked(none);
        let token = || PayToken::new("O1NZck9XME8ureeVJVJP67").unwrap();
        let words = ["orderNo: ", "must not be blank", "your own number"];
        names(&MakePayment::new(user(), order_no(), "x", Krw::new(10), Mode::Live).unwrap_err(), &words);
        let execute = ExecutePayment::new(user(), token(), Mode::Live).order_no(order_no());
        names(&pay.execute_payment(execute).await.unwrap_err(), &words);
        for question in [
            PaymentStatus::by_order_no(user(), order_no(), Mode::Live),
            PaymentStatus::by_pay_token(user(), token(), Mode::Live).order_no(order_no()),
        ] {
            names(&pay.payment_status(question).await.unwrap_err(), &words);
        }
    }
    assert_eq!(seen.lock().unwrap().len(), 0, "nothing was sent");
}

#[test]
fn a_stored_request_without_its_essentials_is_no_request() {
    fn refused<R: serde::de::DeserializeOwned + std::fmt::Debug>(name: &str, essential: &[&str]) {
        let mut whole = fixture(name);
        whole["user"] = key();
        assert!(serde_json::from_value::<R>(whole.clone()).is_ok(), "{name}");
        for member in essential {
            let mut body = whole.clone();
            if ["orderNo", "payToken"].contains(member) {
                body[*member] = json!("");
                assert!(serde_json::from_value::<R>(body.clone()).is_err(), "{name}: {member} is empty");
            }
            body.as_object_mut().unwrap().remove(*member);
            let error = serde_json::from_value::<R>(body).unwrap_err();
            assert!(error.to_string().contains(member), "{name} without {member}: {error}");
        }
    }
    // Without `isTestPayment` a stored sandbox payment must not turn into a live one.
    let make = ["user", "orderNo", "productDesc", "amount", "amountTaxFree", "isTestPayment"];
    refused::<MakePayment>("tosspay/make-payment.request", &make);
    refused::<ExecutePayment>("tosspay/execute-payment.request", &["user", "payToken", "isTestPayment"]);
    refused::<RefundPayment>(
        "tosspay/refund-payment.request",
        &["user", "payToken", "reason", "isTestPayment"],
    );
    refused::<PaymentStatus>("tosspay/get-payment-status.request", &["user", "isTestPayment"]);
}
