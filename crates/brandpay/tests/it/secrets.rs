//! Canaries: what a request or an answer carries is not shown by it, nor by an error about it.

use crate::support::{BASIC, Op, SECRET_KEY, TOKEN, fixture, pay};
use brandpay::{
    ait_core::{Client, Endpoint, IdempotencyKey, Krw},
    *,
};
use httpmock::{HttpMockResponse, MockServer};
use serde_json::{Value, json};

/// A value for each member that must not be seen, as the rules of the request want it.
const CANARIES: [(&str, &str); 12] = [
    ("methodKey", "canary-method-key"),
    ("code", "canary-code"),
    ("refreshToken", "canary-refresh-token"),
    ("ci", "canary-ci"),
    ("mobilePhone", "canary-phone"),
    ("name", "canary-name"),
    ("rrn", "9081726"),
    ("customerEmail", "canary@example.com"),
    ("shippingAddress", "카나리아 7번지"),
    ("registrationNumber", "canary-registration"),
    ("accountNumber", "90817263544"),
    ("holderName", "카나리아"),
];
/// In a URL it is escaped: `parrot%2Ekey9%40shop8%3Done7`. No part of it is in another canary.
const CUSTOMER: &str = "parrot.key9@shop8=one7";
const CUSTOMER_PARTS: [&str; 5] = [CUSTOMER, "parrot", "key9", "shop8", "one7"];

/// The request with a canary in the place of each secret; and which were placed.
fn planted(mut stored: Value) -> (Value, Vec<&'static str>) {
    let mut placed = Vec::new();
    if let Some(customer) = stored.get_mut("customerKey") {
        *customer = json!(CUSTOMER);
        placed.extend(CUSTOMER_PARTS);
    }
    for object in ["", "/customerIdentity", "/cashReceipt", "/refundReceiveAccount"] {
        let Some(Value::Object(members)) = stored.pointer_mut(object) else { continue };
        for (name, canary) in CANARIES {
            if let Some(member) = members.get_mut(name) {
                *member = json!(canary);
                placed.push(canary);
            }
        }
    }
    (stored, placed)
}

#[tokio::test]
async fn what_a_server_quotes_is_blanked_out() {
    let bodies = |op: Op| match op {
        Op::AccessToken => ["request", "identity.request", "refresh.request"]
            .map(|name| format!("access-token.{name}"))
            .to_vec(),
        Op::AutomaticPayment => {
            vec!["automatic-payment.card.request".into(), "automatic-payment.account.request".into()]
        }
        Op::Cancel => vec!["cancel.virtual-account.request".into()],
        _ => Vec::new(),
    };
    let mut unseen: Vec<&str> = CANARIES.iter().map(|(_, canary)| *canary).chain(CUSTOMER_PARTS).collect();
    for op in Op::ALL {
        let mut requests: Vec<Option<Value>> = bodies(op).iter().map(|name| Some(fixture(name))).collect();
        if requests.is_empty() {
            requests.push(op.body());
        }
        for body in requests {
            let (stored, placed) = planted(op.stored(body));
            let server = MockServer::start_async().await;
            server.mock(|when, then| {
                when.any_request();
                then.respond_with(|request| {
                    let headers = request.headers_vec();
                    let body = String::from_utf8_lossy(request.body_ref());
                    let quoted = format!("{} {headers:?} {body}", request.uri());
                    let told = json!({ "code": quoted, "message": quoted });
                    HttpMockResponse::builder().status(400).body(told.to_string()).build()
                });
            });
            let error = op.send_stored(&pay(&server), stored).await.unwrap_err();
            let shown = format!("{error} {error:?} {error:#?} {:?} {:?}", error.code(), error.reason());
            assert!(shown.contains("user-agent"), "{op:?}: it was quoted");
            for secret in placed.iter().copied().chain([SECRET_KEY, &BASIC[6..], TOKEN]) {
                assert!(!shown.contains(secret), "{op:?} {secret}: {shown}");
            }
            unseen.retain(|canary| !placed.contains(canary));
        }
    }
    assert!(unseen.is_empty(), "no request held {unseen:?}");
}

#[test]
fn nothing_shows_what_it_must_not() {
    const CANARY: &str = "CANARY-8d2e";
    let key = || IdempotencyKey::new("k").unwrap();
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
    let pay = BrandPay::new(Client::builder().build().unwrap(), CANARY);
    let shown = format!(
        "{issue:?}{charge:?}{tokens:?}{payment:?}{receipts:?}{agreed:?}{removed:?}{ticket:?}{pay:?}{:?}{:?}{:?}",
        MethodsByToken::new(CANARY),
        RemoveCard::new(key(), CANARY, method()),
        RemoveCustomer::new(key(), CANARY),
    );
    assert!(!shown.contains(CANARY), "{shown}");
}

#[tokio::test]
async fn a_customer_key_of_short_parts_is_blanked_out_whole() {
    const SHORT: &str = "p.9=q@7.z";
    let told = told(SHORT, SHORT).await;
    assert!(told.iter().all(|(_, shown)| !shown.contains(SHORT)), "{told:?}");
}

#[tokio::test]
async fn a_customer_key_is_blanked_out_as_a_url_writes_it() {
    let told = told(CUSTOMER, "parrot%2Ekey9%40shop8%3Done7").await;
    for part in CUSTOMER_PARTS {
        assert!(told.iter().all(|(_, shown)| !shown.contains(part)), "{part}: {told:?}");
    }
}

/// What each call about this customer tells when the server quotes the key so.
async fn told(customer: &str, quoted: &str) -> Vec<(Op, String)> {
    let server = MockServer::start_async().await;
    let told = json!({ "code": "INVALID_CUSTOMER_KEY", "message": format!("no customer {quoted} here") });
    ait_testkit::answer(&server, 400, &told);
    let mut all = Vec::new();
    for op in Op::ALL {
        let mut stored = op.stored(op.body());
        let Some(member) = stored.get_mut("customerKey") else { continue };
        *member = json!(customer);
        let error = op.send_stored(&pay(&server), stored).await.unwrap_err();
        let shown = format!("{error} {error:?} {:?}", error.reason());
        assert!(shown.contains("no customer "), "{op:?}: {shown}");
        all.push((op, shown));
    }
    assert_eq!(all.len(), 6, "{all:?}");
    all
}
