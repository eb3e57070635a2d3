//! The documented limits of requests: what breaks one is named, and never sent.

use crate::support::{Op, PAYMENT_KEY, fixture, names, pay};
use ait_testkit::answer;
use brandpay::{
    ait_core::{Endpoint, Error, IdempotencyKey, Krw},
    *,
};
use httpmock::MockServer;
use serde_json::json;

fn key() -> IdempotencyKey {
    IdempotencyKey::new("k").unwrap()
}

fn payment() -> PaymentKey {
    PaymentKey::new(PAYMENT_KEY).unwrap()
}

fn customer() -> CustomerKey {
    CustomerKey::new("customer").unwrap()
}

fn method() -> MethodKey {
    MethodKey::new("m").unwrap()
}

fn order() -> OrderId {
    OrderId::new("order-1").unwrap()
}

fn charge(name: &str, won: i64) -> Result<AutomaticPayment, Error> {
    AutomaticPayment::new(key(), customer(), method(), order(), name, Krw::new(won))
}

fn part(won: i64) -> Result<Cancel, Error> {
    Cancel::part(key(), payment(), Krw::new(won), "x")
}

#[test]
fn customer_keys_and_order_numbers_have_their_length() {
    for length in [2, 50] {
        assert_eq!(CustomerKey::new("a".repeat(length)).unwrap().expose().len(), length);
    }
    for length in [0, 1, 51] {
        let words = ["customerKey: ", "2 to 50 characters", &format!("has {length}; pass the random key")];
        names(CustomerKey::new("a".repeat(length)), &words);
    }
    for length in [6, 64] {
        assert_eq!(OrderId::new("a".repeat(length)).unwrap().as_str().len(), length);
    }
    for length in [0, 5, 65] {
        let words = ["orderId: ", "6 to 64 characters", &format!("has {length}; choose another number")];
        names(OrderId::new("a".repeat(length)), &words);
    }
    // Characters, not bytes: 30 of these are 90 bytes and break the other rule.
    names(OrderId::new("주".repeat(30)), &["orderId: ", "character 1 is none"]);
}

#[test]
fn customer_keys_and_order_numbers_hold_what_the_table_lists() {
    for character in (' '..='~').chain("\t\0가é１\u{200b}".chars()) {
        let text = format!("abcdef{character}g");
        if character.is_ascii_alphanumeric() || "-_=.@".contains(character) {
            assert_eq!(CustomerKey::new(&text).unwrap().expose(), text);
        } else {
            let words =
                ["customerKey: ", "letters, digits and -_=.@", "character 7 is none; pass the random"];
            names(CustomerKey::new(&text), &words);
        }
        if character.is_ascii_alphanumeric() || "-_=".contains(character) {
            assert_eq!(OrderId::new(&text).unwrap().as_str(), text);
        } else {
            let words = ["orderId: ", "letters, digits and -_=,", "character 7 is none; choose another"];
            names(OrderId::new(&text), &words);
        }
    }
    let error = CustomerKey::new("SECRET KEY").unwrap_err().to_string();
    assert!(!error.contains("SECRET"), "a key is never quoted: {error}");
}

#[test]
fn keys_of_toss_have_a_length_and_no_blanks() {
    let hint = "pass it exactly as Toss gave it";
    for length in [1, 200] {
        assert_eq!(PaymentKey::new("가".repeat(length)).unwrap().as_str(), "가".repeat(length));
    }
    // No document limits it.
    for length in [1, 300, 301, 10_000] {
        assert_eq!(MethodKey::new("가".repeat(length)).unwrap().expose(), "가".repeat(length));
    }
    for length in [0, 201] {
        let found = format!("1 to 200 characters, has {length}; {hint}");
        names(PaymentKey::new("가".repeat(length)), &["paymentKey: ", &found]);
    }
    names(MethodKey::new(""), &["methodKey: ", &format!("must not be empty; {hint}")]);
    for blank in [' ', '\t', '\u{7}', '\0', '\u{a0}', '\u{3000}'] {
        let rule = format!("blanks or control characters; {hint}");
        names(PaymentKey::new(format!("a{blank}b")), &["paymentKey: ", &rule]);
        let refused = MethodKey::new(format!("SECRET{blank}"));
        assert!(!refused.as_ref().unwrap_err().to_string().contains("SECRET"), "a key is never quoted");
        names(refused, &["methodKey: ", &rule]);
    }
}

#[test]
fn amounts_are_decimals() {
    for text in ["1,000", "1e3", "", "ten", "12345678901234.567"] {
        names(Amount::new(text), &["amount: ", "decimal number", "18 digits, 15 with a fraction; write it"]);
    }
    let confirm = |won: i64| Confirm::new(key(), payment(), order(), Krw::new(won), customer()).check();
    assert!(confirm(1).is_ok());
    for won in [0, -1] {
        let rule = format!("must be more than 0, is {won}; take it from the stored order");
        names(confirm(won), &["amount: ", &rule]);
        names(charge("x", won), &["amount: ", &rule]);
        names(part(won), &["cancelAmount: ", &rule]);
        names(part(9).unwrap().refundable(Krw::new(won)).check(), &["refundableAmount: ", &rule]);
    }
}

#[test]
fn a_part_of_an_amount_is_neither_negative_nor_more_than_it() {
    let charged = |free: Amount| charge("x", 10).unwrap().tax_free_amount(free).check();
    let tax_free = |free: Amount| part(10).unwrap().tax_free(free).check();
    let exempt = |exempt: Amount| part(10).unwrap().tax_exemption(exempt).check();
    let rest = || Cancel::rest(key(), payment(), "x").unwrap();
    let amount = |text: &str| Amount::new(text).unwrap();
    for fine in ["0", "0.01", "10"] {
        assert!(charged(amount(fine)).is_ok() && tax_free(amount(fine)).is_ok(), "{fine}");
        assert!(exempt(amount(fine)).is_ok(), "{fine}");
    }
    for negative in ["-1", "-0.01"] {
        let rule = format!("must not be negative, is {negative}; leave it out if there is no such part");
        names(charged(amount(negative)), &["taxFreeAmount: ", &rule]);
        names(tax_free(amount(negative)), &["taxFreeAmount: ", &rule]);
        names(rest().tax_free(amount(negative)).check(), &["taxFreeAmount: ", &rule]);
        names(exempt(amount(negative)), &["taxExemptionAmount: ", &rule]);
        names(rest().tax_exemption(amount(negative)).check(), &["taxExemptionAmount: ", &rule]);
    }
    for more in ["11", "10.01"] {
        let rule = |whole: &str| format!("must not be more than {whole}, of which it is a part; lower it");
        names(charged(amount(more)), &["taxFreeAmount: ", &rule("amount")]);
        names(tax_free(amount(more)), &["taxFreeAmount: ", &rule("cancelAmount")]);
        // All that is left is cancelled, so that is the whole.
        let left = rest().refundable(Krw::new(10)).tax_free(amount(more)).check();
        names(left, &["taxFreeAmount: ", &rule("refundableAmount")]);
        // What it is a part of is not documented, or not known here.
        assert!(exempt(amount(more)).is_ok() && rest().tax_free(amount(more)).check().is_ok());
    }
}

#[test]
fn a_charge_has_a_name_and_months_that_fit() {
    for name in ["x".to_owned(), "가".repeat(100)] {
        assert!(charge(&name, 1).is_ok(), "{name}");
    }
    for (name, length) in [(String::new(), 0), ("가".repeat(101), 101)] {
        let rule = format!("1 to 100 characters, has {length}; say in short what is bought");
        names(charge(&name, 1), &["orderName: ", &rule]);
    }
    let months = |won: i64, months: u32| charge("x", won).unwrap().card_installment_plan(months).check();
    for (won, number) in [(50_000, 2), (50_000, 12), (49_999, 0), (50_000, 0)] {
        assert!(months(won, number).is_ok(), "{won} {number}");
    }
    for (won, number) in [(49_999, 2), (49_999, 12), (50_000, 1), (50_000, 13)] {
        let rule = format!("2 to 12 months from 50,000 won, is {number}; choose another number");
        names(months(won, number), &["cardInstallmentPlan: ", &rule]);
    }
}

#[test]
fn a_receipt_has_a_number_of_its_type() {
    use RegistrationNumberType::{BusinessRegistration, CashReceiptCard, Mobile};
    let check = |receipt: ReceiptOrder| charge("x", 100).unwrap().cash_receipt(receipt).check();
    for fine in [
        ReceiptOrder::income_deduction(Mobile, "01000000000"),
        ReceiptOrder::income_deduction(CashReceiptCard, "1"),
        ReceiptOrder::expense_proof(BusinessRegistration, "1"),
        ReceiptOrder::expense_proof(CashReceiptCard, "1"),
        ReceiptOrder::none(),
    ] {
        assert!(check(fine.clone()).is_ok(), "{fine:?}");
    }
    for (receipt, misfit) in [
        (ReceiptOrder::income_deduction(BusinessRegistration, "1"), "BUSINESS_REGISTRATION"),
        (ReceiptOrder::expense_proof(Mobile, "1"), "MOBILE"),
    ] {
        let rule = format!("must not be {misfit} for a receipt of this type; choose another");
        names(check(receipt), &["registrationNumberType: ", &rule]);
    }
    for receipt in
        [ReceiptOrder::income_deduction(Mobile, ""), ReceiptOrder::expense_proof(BusinessRegistration, "")]
    {
        names(check(receipt), &["registrationNumber: ", "for a receipt of this type; ask the buyer for it"]);
    }
}

#[test]
fn a_cancel_has_a_reason_and_gives_back_no_more_than_is_left() {
    let rest = |reason: &str| Cancel::rest(key(), payment(), reason);
    assert!(rest("x").is_ok() && rest(&"가".repeat(200)).is_ok());
    for (reason, length) in [(String::new(), 0), ("가".repeat(201), 201)] {
        let rule = format!("1 to 200 characters, has {length}; say why in a few words");
        names(rest(&reason), &["cancelReason: ", &rule]);
        names(Cancel::part(key(), payment(), Krw::new(1), reason), &["cancelReason: ", &rule]);
    }
    let left = |won: i64, left: i64| part(won).unwrap().refundable(Krw::new(left)).check();
    assert!(left(10, 10).is_ok() && left(9, 10).is_ok());
    let rule = "must not be more than refundableAmount; ask for the payment to see what is left";
    names(left(11, 10), &["cancelAmount: ", rule]);
    assert!(rest("x").unwrap().refundable(Krw::new(1)).check().is_ok());
}

#[test]
fn an_account_has_digits_and_a_holder() {
    let account = |number: &str, holder: &str| RefundAccount::new(Bank::Shinhan, number, holder);
    assert!(account("1", "x").is_ok() && account(&"1".repeat(20), &"가".repeat(60)).is_ok());
    for number in ["", "12a", "1-2", "１２", &"1".repeat(21)] {
        names(account(number, "x"), &["accountNumber: ", "must be 1 to 20 digits; leave out the hyphens"]);
    }
    for (holder, length) in [(String::new(), 0), ("가".repeat(61), 61)] {
        let rule = format!("1 to 60 characters, has {length}; write it as the bank does");
        names(account("1", &holder), &["holderName: ", &rule]);
    }
}

#[test]
fn scopes_are_one_or_two() {
    for scopes in [vec![Scope::Billing], vec![Scope::Register, Scope::Card]] {
        assert!(AgreeTerms::new(key(), customer(), scopes.clone()).is_ok());
        assert!(Terms::new(customer(), scopes).is_ok());
    }
    for scopes in [vec![], vec![Scope::Register, Scope::Card, Scope::Account]] {
        let rule = format!("must be one or two, has {}; name membership", scopes.len());
        names(AgreeTerms::new(key(), customer(), scopes.clone()), &["scope: ", &rule]);
        names(Terms::new(customer(), scopes), &["scope: ", &rule]);
    }
}

#[test]
fn two_scopes_are_membership_and_one_kind_of_method() {
    let new = || Scope::from("FOUNDED_TOMORROW");
    let check = |scopes: [Scope; 2]| {
        let agreed = AgreeTerms::new(key(), customer(), scopes.clone()).map(|_| ());
        let asked = Terms::new(customer(), scopes).map(|_| ());
        assert_eq!(agreed.is_ok(), asked.is_ok());
        agreed.and(asked)
    };
    for method in [Scope::Card, Scope::Account, Scope::Billing, new()] {
        assert!(check([Scope::Register, method.clone()]).is_ok(), "{method}");
        assert!(check([method.clone(), Scope::Register]).is_ok(), "{method}");
        // Of a value of tomorrow nobody knows the kind.
        assert_eq!(check([new(), method.clone()]).is_ok(), method != new(), "{method}");
        assert_eq!(check([method.clone(), new()]).is_ok(), method != new(), "{method}");
    }
    for twice in [Scope::Register, Scope::Card, new()] {
        let rule = "must not be the same twice; name it once";
        names(check([twice.clone(), twice]), &["scope: ", rule]);
    }
    let methods = [Scope::Card, Scope::Account, Scope::Billing];
    for (one, two) in methods.iter().flat_map(|one| methods.iter().map(move |two| (one, two))) {
        if one != two {
            let rule =
                format!("must be REGISTER and one kind of method, are {one} and {two}; make a call for each");
            names(check([one.clone(), two.clone()]), &["scope: ", &rule]);
        }
    }
}

#[test]
fn a_grant_needs_what_it_is_named_after() {
    let with_code = |code: &str| IssueAccessToken::with_code(key(), customer(), code);
    let renewal = |token: &str| IssueAccessToken::with_refresh_token(key(), customer(), token).check();
    assert!(with_code("c").check().is_ok() && renewal("t").is_ok());
    names(with_code("").check(), &["code: ", "must be given with this grant; take it from the redirect"]);
    names(renewal(""), &["refreshToken: ", "must be given with this grant; take it from the last answer"]);
    for (rrn, fits) in
        [("9001011", true), ("900101", false), ("90010112", false), ("900101x", false), ("", false)]
    {
        let check = with_code("c").customer_identity(CustomerIdentity::new().rrn(rrn)).check();
        if fits {
            assert!(check.is_ok());
        } else {
            names(check, &["rrn: ", "seven digits, date of birth and sex; leave out the hyphen"]);
        }
    }
}

#[tokio::test]
async fn a_stored_request_that_breaks_a_rule_is_not_sent() {
    let account = || fixture("automatic-payment.account.request");
    let virtual_account = || fixture("cancel.virtual-account.request");
    let mut proof = account();
    proof["cashReceipt"]["type"] = json!("지출증빙");
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &json!({}));
    for (op, body, place, value, field) in [
        (Op::Confirm, fixture("confirm.request"), "/amount", json!(0), "amount: "),
        (Op::AutomaticPayment, account(), "/amount", json!("-1"), "amount: "),
        (Op::AutomaticPayment, account(), "/orderName", json!(""), "orderName: "),
        (
            Op::AutomaticPayment,
            account(),
            "/cashReceipt/registrationNumber",
            json!(""),
            "registrationNumber: ",
        ),
        (
            Op::AutomaticPayment,
            account(),
            "/cashReceipt/registrationNumberType",
            json!("BUSINESS_REGISTRATION"),
            "registrationNumberType: ",
        ),
        (Op::AutomaticPayment, proof, "/orderName", json!("x"), "registrationNumberType: "),
        (Op::Cancel, fixture("cancel.partial.request"), "/cancelAmount", json!(10_001), "cancelAmount: "),
        (Op::Cancel, fixture("cancel.partial.request"), "/refundableAmount", json!(0), "refundableAmount: "),
        (Op::Cancel, virtual_account(), "/cancelReason", json!(""), "cancelReason: "),
        (
            Op::Cancel,
            virtual_account(),
            "/refundReceiveAccount/accountNumber",
            json!("1-2"),
            "accountNumber: ",
        ),
        (Op::Cancel, virtual_account(), "/refundReceiveAccount/holderName", json!(""), "holderName: "),
        (Op::AutomaticPayment, account(), "/taxFreeAmount", json!(-1), "taxFreeAmount: "),
        (Op::AutomaticPayment, account(), "/taxFreeAmount", json!(20_001), "taxFreeAmount: "),
        (Op::Cancel, fixture("cancel.partial.request"), "/taxFreeAmount", json!(-1), "taxFreeAmount: "),
        (Op::AgreeTerms, fixture("agree-terms.request"), "/scope", json!([]), "scope: "),
        (Op::AgreeTerms, fixture("agree-terms.request"), "/scope", json!(["CARD", "BILLING"]), "scope: "),
        (Op::AccessToken, fixture("access-token.request"), "/code", json!(""), "code: "),
    ] {
        let mut stored = op.stored(Some(body));
        *stored.pointer_mut(place).unwrap() = value;
        let refused = op.send_stored(&pay(&server), stored).await;
        let endpoint = refused.as_ref().unwrap_err().endpoint();
        assert!(endpoint.is_some_and(|name| name.starts_with("brandpay.")), "{op:?} {place}");
        names(refused, &[field, "; not sent"]);
    }
    let mut terms = Op::Terms.stored(None);
    terms["scope"] = json!(["CARD", "REGISTER", "BILLING"]);
    names(Op::Terms.send_stored(&pay(&server), terms).await, &["scope: ", "has 3", "; not sent"]);
    assert!(seen.lock().unwrap().is_empty(), "nothing was sent");
}

#[tokio::test]
async fn what_is_no_secret_key_is_refused_before_anything_is_sent() {
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &fixture("confirm.response"));
    let client = || ait_testkit::client(&server, ait_core::RetryPolicy::never());
    for (key, words) in [
        ("", "must not be empty"),
        (" \r\n", "must not be empty"),
        ("\u{feff}", "must not be empty"),
        ("\"test_sk_CANARY\"", "is in quotes"),
        ("'test_sk_CANARY", "is in quotes"),
        ("Basic dGVzdF9za19DQU5BUlk6", "is a whole header"),
        ("basic CANARY", "is a whole header"),
        ("Bearer CANARY", "is a whole header"),
        ("test_ck_CANARY", "is a client key"),
        ("live_gck_CANARY", "is a client key"),
        ("test_sk_CANARY:", "a colon"),
        ("test_sk_CANARY\ntest_sk_OTHER", "a line break"),
    ] {
        let pay = BrandPay::new(client(), key);
        let error = pay.payment_by_key(PaymentByKey::new(PaymentKey::new("p").unwrap())).await.unwrap_err();
        ait_testkit::names(&error, &["secretKey", words]);
        assert!(!format!("{error} {error:?}").contains("CANARY"), "{error}");
    }
    assert!(seen.lock().unwrap().is_empty(), "nothing was sent");
    let pay = BrandPay::new(client(), "\u{feff}test_sk_good\r\n");
    let _ = pay.payment_by_key(PaymentByKey::new(PaymentKey::new("p").unwrap())).await;
    assert_eq!(seen.lock().unwrap().len(), 1);
}
