//! Each call as it travels, against the documented samples.

use crate::support::{BASIC, KEY, Op, PAYMENT_KEY, TOKEN, fixture, fixtures, pay, plain};
use ait_testkit::{answer, header};
use brandpay::{
    ait_core::{Endpoint, IdempotencyKey, Krw, http},
    *,
};
use httpmock::MockServer;
use serde_json::{Value, json};

fn key() -> IdempotencyKey {
    IdempotencyKey::new(KEY).unwrap()
}

fn customer() -> CustomerKey {
    CustomerKey::new("c6thB674j9vCU4XsvcPk").unwrap()
}

async fn sent<T>(
    call: impl AsyncFnOnce(BrandPay) -> Result<T, ait_core::Error>,
    answered: &Value,
) -> (String, Value) {
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, answered);
    // The request is looked at, not the answer, which is a sample about something else.
    let _ = call(pay(&server)).await;
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 1);
    let target = seen[0].uri().path_and_query().unwrap().to_string();
    (target, serde_json::from_slice(seen[0].body_ref()).unwrap_or(Value::Null))
}

#[tokio::test]
async fn every_call_travels_exactly_as_documented() {
    for op in Op::ALL {
        let server = MockServer::start_async().await;
        let response = op.response_to(&op.stored(op.body()));
        let seen = answer(&server, 200, &response);
        let read = op.run(&pay(&server)).await.unwrap();
        assert_eq!(read, plain(&response), "{op:?}");
        let seen = seen.lock().unwrap();
        let request = &seen[0];
        let target = format!("{} {}", request.method_str(), request.uri().path_and_query().unwrap());
        assert_eq!(target, op.target());
        let authorization = if op.is_bearer() { format!("Bearer {TOKEN}") } else { BASIC.to_owned() };
        assert_eq!(header(request, "authorization"), Some(authorization), "{op:?}");
        assert_eq!(header(request, "idempotency-key"), op.is_write().then(|| KEY.to_owned()), "{op:?}");
        let body = op.body();
        assert_eq!(header(request, "content-type"), body.as_ref().map(|_| "application/json".to_owned()));
        assert_eq!(serde_json::from_slice(request.body_ref()).ok(), body, "{op:?}");
    }
}

#[tokio::test]
async fn every_documented_request_travels_as_it_stands() {
    for name in fixtures(".request") {
        let op = Op::of_fixture(&name);
        let server = MockServer::start_async().await;
        let mut body = fixture(&name);
        let seen = answer(&server, 200, &op.response_to(&op.stored(Some(body.clone()))));
        let result = op.send(&pay(&server), Some(body.clone())).await;
        // There is one sample of a cancel's answer, and it is about one of the requests.
        assert!(op == Op::Cancel || result.is_ok(), "{name}: {result:?}");
        // Documented as text once, sent as a number always.
        if let Some(amount) = body["amount"].as_str() {
            body["amount"] = amount.parse::<i64>().unwrap().into();
        }
        let sent: Value = serde_json::from_slice(seen.lock().unwrap()[0].body_ref()).unwrap();
        assert_eq!(sent, body, "{name}");
    }
}

#[tokio::test]
async fn requests_made_by_hand_travel_as_documented() {
    let paid = fixture("confirm.response");
    let payment_key = PaymentKey::new("5EnNZRJGvaBX7zk2yd8ydw26XvwXkLrx9POLqKQjmAw4b0e1").unwrap();
    let order = OrderId::new("a4CWyWY5m89PNh7xJwhk1").unwrap();
    let confirm = Confirm::new(key(), payment_key, order, Krw::new(10_000), customer());
    let (_, body) = sent(async |pay| pay.confirm(confirm).await, &paid).await;
    assert_eq!(body, fixture("confirm.number.request"));

    let method = |name: &str| MethodKey::new(name).unwrap();
    let order = |name: &str| OrderId::new(name).unwrap();
    let charge = AutomaticPayment::new(
        key(),
        customer(),
        method("FAKE-METHOD-KEY-CARD-1"),
        order("order-2026-000001"),
        "생수 외 1건",
        Krw::new(60_000),
    );
    let charge = charge.unwrap().card_installment_plan(3).customer_email("customer@example.com");
    let charge = charge.discount_code("12862").shipping_address("서울특별시 강남구 테헤란로 131");
    let charge = charge.tax_free_amount(Krw::new(0)).use_card_point(false);
    let (_, body) = sent(async |pay| pay.automatic_payment(charge).await, &paid).await;
    assert_eq!(body, fixture("automatic-payment.card.request"));
    for (receipt, name) in [
        (ReceiptOrder::income_deduction(RegistrationNumberType::Mobile, "01000000000"), "account"),
        (ReceiptOrder::none(), "no-receipt"),
    ] {
        let expected = fixture(&format!("automatic-payment.{name}.request"));
        let text = |field: &str| expected[field].as_str().unwrap().to_owned();
        let charge = AutomaticPayment::new(
            key(),
            customer(),
            method("FAKE-METHOD-KEY-ACCOUNT-1"),
            OrderId::new(text("orderId")).unwrap(),
            text("orderName"),
            Krw::new(20_000),
        );
        let mut charge = charge.unwrap().cash_receipt(receipt);
        if name == "account" {
            charge = charge.culture_expense(true).tax_free_amount(Krw::new(0));
        }
        let (_, body) = sent(async |pay| pay.automatic_payment(charge).await, &paid).await;
        assert_eq!(body, expected);
    }

    let payment = || PaymentKey::new(PAYMENT_KEY).unwrap();
    let account = RefundAccount::new(Bank::TossBank, "10000000000", "홍길동").unwrap();
    for (cancel, name) in [
        (Cancel::rest(key(), payment(), "고객 변심").unwrap(), "full"),
        (
            Cancel::part(key(), payment(), Krw::new(3_000), "상품 한 개 품절")
                .unwrap()
                .refundable(Krw::new(10_000))
                .tax_free(Krw::new(0)),
            "partial",
        ),
        (
            Cancel::part(key(), payment(), Amount::new("5.99").unwrap(), "Changed mind")
                .unwrap()
                .currency("USD")
                .request_id("cancel-2026-000001"),
            "foreign",
        ),
        (Cancel::rest(key(), payment(), "고객 변심").unwrap().refund_account(account), "virtual-account"),
    ] {
        let (target, body) = sent(async |pay| pay.cancel(cancel).await, &paid).await;
        assert_eq!(body, fixture(&format!("cancel.{name}.request")));
        assert_eq!(target, format!("/v1/payments/{PAYMENT_KEY}/cancel"));
    }

    let agree = AgreeTerms::new(key(), customer(), [Scope::Register, Scope::Card]).unwrap().terms(1..=5);
    let (_, body) = sent(async |pay| pay.agree_terms(agree).await, &fixture("agree-terms.response")).await;
    assert_eq!(body, fixture("agree-terms.request"));

    let agree = AgreeTerms::new(key(), customer(), [Scope::Billing]).unwrap();
    let (_, body) = sent(async |pay| pay.agree_terms(agree).await, &fixture("agree-terms.response")).await;
    assert_eq!(body, json!({ "customerKey": "c6thB674j9vCU4XsvcPk", "scope": ["BILLING"] }));

    let tokens = fixture("access-token.response");
    let with_code = || IssueAccessToken::with_code(key(), customer(), "RnYX2w532omp6gDQgVNeyqAp");
    let identity = CustomerIdentity::new().ci("FAKE-CI-0000000000").mobile_phone("01000000000");
    let identity = identity.name("홍길동").rrn("0000000");
    let refresh = "vG45eDbZnodP9BRQmyarYYdd2mMD2rJ07KzLNkE6AOMwXYWl";
    for (issue, name) in [
        (with_code(), "access-token.request"),
        (with_code().customer_identity(identity), "access-token.identity.request"),
        (IssueAccessToken::with_refresh_token(key(), customer(), refresh), "access-token.refresh.request"),
    ] {
        let (_, body) = sent(async |pay| pay.issue_access_token(issue).await, &tokens).await;
        assert_eq!(body, fixture(name));
    }

    let card = RemoveCard::new(key(), TOKEN, method("pa90ZoyegEOALnQvDd2VJ5vKkpRyN3Mj7X41mNW5kzKbwG6J"));
    let (_, body) = sent(async |pay| pay.remove_card(card).await, &fixture("remove-card.response")).await;
    assert_eq!(body, fixture("remove-card.request"));
    let account =
        RemoveAccount::new(key(), TOKEN, method("b6vdX0wJDpj5mBZ1gQ4YVXe9DYzQparl2KPoqNbMGOkn9EW7y"));
    let answered = fixture("remove-account.response");
    let (_, body) = sent(async |pay| pay.remove_account(account).await, &answered).await;
    assert_eq!(body, fixture("remove-account.request"));
}

#[tokio::test]
async fn two_scopes_repeat_the_key_and_can_be_joined() {
    let terms = || Terms::new(customer(), [Scope::Register, Scope::Card]).unwrap();
    let none = json!([]);
    let (target, _) = sent(async |pay| pay.terms(terms()).await, &none).await;
    assert_eq!(target, "/v1/brandpay/terms?customerKey=c6thB674j9vCU4XsvcPk&scope=REGISTER&scope=CARD");
    let (target, _) = sent(async |pay| pay.terms(terms().comma_joined()).await, &none).await;
    assert_eq!(target, "/v1/brandpay/terms?customerKey=c6thB674j9vCU4XsvcPk&scope=REGISTER,CARD");
}

#[tokio::test]
async fn no_identifier_changes_the_path() {
    let hostile =
        ["a/b", "../../admin", "a?x=1&y", "a#b", "a%2Fb", "a=b@c.d", "한글", "a b", "...", "a\\b", "a;b"];
    for text in hostile {
        let paid = fixture("confirm.response");
        let key_of = || PaymentKey::unchecked(text);
        let cancel = Cancel::rest(key(), key_of(), "x").unwrap();
        for (target, before, after) in [
            (sent(async |pay| pay.cancel(cancel).await, &paid).await.0, "/v1/payments/", "/cancel"),
            (
                sent(async |pay| pay.payment_by_key(PaymentByKey::new(key_of())).await, &paid).await.0,
                "/v1/payments/",
                "",
            ),
            (
                sent(
                    async |pay| pay.payment_by_order(PaymentByOrder::new(OrderId::unchecked(text))).await,
                    &paid,
                )
                .await
                .0,
                "/v1/payments/orders/",
                "",
            ),
            (
                sent(
                    async |pay| {
                        pay.methods_by_customer(MethodsByCustomer::new(CustomerKey::unchecked(text))).await
                    },
                    &fixture("methods.response"),
                )
                .await
                .0,
                "/v1/brandpay/payments/methods/",
                "",
            ),
            (
                sent(
                    async |pay| {
                        pay.terms(Terms::new(CustomerKey::unchecked(text), [Scope::Card]).unwrap()).await
                    },
                    &json!([]),
                )
                .await
                .0,
                "/v1/brandpay/terms?customerKey=",
                "&scope=CARD",
            ),
        ] {
            let inner = target.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).unwrap();
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"%-_~".contains(&byte);
            assert!(inner.bytes().all(plain), "{text}: {target}");
        }
    }
}

#[test]
fn all_but_letters_digits_and_three_signs_is_escaped() {
    for (text, escaped) in
        [("aZ09-_~", "aZ09-_~"), (".=@/\t\u{7f}", "%2E%3D%40%2F%09%7F"), ("é한", "%C3%A9%ED%95%9C")]
    {
        let by_key = PaymentByKey::new(PaymentKey::unchecked(text));
        assert_eq!(by_key.path(), format!("/v1/payments/{escaped}"));
        let by_order = PaymentByOrder::new(OrderId::unchecked(text));
        assert_eq!(by_order.path(), format!("/v1/payments/orders/{escaped}"));
        let by_customer = MethodsByCustomer::new(CustomerKey::unchecked(text));
        assert_eq!(by_customer.path(), format!("/v1/brandpay/payments/methods/{escaped}"));
    }
}

#[tokio::test]
async fn answers_in_english_mean_the_same() {
    let server = MockServer::start_async().await;
    let english = fixture("payment.english.response");
    let payment_key = PaymentKey::new(english["paymentKey"].as_str().unwrap()).unwrap();
    let seen = answer(&server, 200, &english);
    let call = pay(&server);
    let call = call.payment_by_key(PaymentByKey::new(payment_key));
    let english = http::HeaderValue::from_static("en-US");
    let payment = call.header(http::header::ACCEPT_LANGUAGE, english).await.unwrap();
    assert_eq!(payment.method, Some(Method::Card));
    assert_eq!(payment.card.unwrap().card_type, Some(CardType::Credit));
    assert_eq!(payment.easy_pay.unwrap().provider, Some(EasyPayProvider::TossPay));
    assert_eq!(header(&seen.lock().unwrap()[0], "accept-language").as_deref(), Some("en-US"));
}

#[test]
fn money_calls_have_the_time_that_an_approval_takes() {
    for deadline in [Confirm::DEADLINE, AutomaticPayment::DEADLINE, Cancel::DEADLINE] {
        assert!(deadline.as_secs() > 60);
    }
}

#[test]
fn every_part_of_a_cancel_has_its_own_place() {
    let cancel = Cancel::part(key(), PaymentKey::new("x").unwrap(), Krw::new(9), "x").unwrap();
    let cancel = cancel.refundable(Krw::new(10)).tax_free(Krw::new(2)).tax_exemption(Krw::new(3));
    let cancel = cancel.currency("KRW").request_id("c-1");
    let sent = serde_json::to_value(cancel.body()).unwrap();
    let expected = json!({
        "cancelReason": "x", "cancelAmount": 9, "refundableAmount": 10, "taxFreeAmount": 2, "taxExemptionAmount": 3,
        "currency": "KRW", "cancelRequestId": "c-1"
    });
    assert_eq!(sent, expected);
}
