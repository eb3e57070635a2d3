//! Toss Pay, without I/O: the course of a payment.

use std::time::Duration;

use crate::api::support::{Bench, Told};
use ait_emulator::api::{Movement, pay::Method, routes};
use ait_tosspay::{ExecutePayment, MakePayment, PaymentStatus, RefundPayment, ait_core::Endpoint};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const USER: &[(&str, &str)] = &[("x-toss-user-key", "443731104")];

fn make(bench: &mut Bench, order_no: &str, amount: i64) -> String {
    let body = json!({"orderNo": order_no, "productDesc": "test02", "amount": amount, "amountTaxFree": 0, "isTestPayment": true});
    let told = bench.post(MakePayment::PATH, USER, body);
    told.success()["payToken"].as_str().unwrap().to_owned()
}

fn about(token: &str) -> Value {
    json!({"payToken": token, "reason": "고객변심(단순)", "isTestPayment": true})
}

fn execute(bench: &mut Bench, token: &str) -> Told {
    bench.post(ExecutePayment::PATH, USER, about(token))
}

fn refund(bench: &mut Bench, token: &str) -> Told {
    bench.post(RefundPayment::PATH, USER, about(token))
}

fn status(bench: &mut Bench, token: &str) -> Told {
    bench.post(PaymentStatus::PATH, USER, about(token))
}

fn decodes<E: Endpoint<Response: DeserializeOwned>>(told: &Told) -> E::Response {
    serde_json::from_value(told.success()).unwrap()
}

/// The members of `success` in a fixture, in order.
fn members_of(fixture: &str) -> Vec<String> {
    let path = format!("{}/../../fixtures/tosspay/{fixture}.json", env!("CARGO_MANIFEST_DIR"));
    members(&std::fs::read_to_string(path).unwrap())
}

/// The names in a JSON text, in order.
fn members(text: &str) -> Vec<String> {
    let quoted: Vec<&str> = text.split('"').collect();
    let named = |at: &usize| quoted[at + 1].trim_start().starts_with(':');
    (1..quoted.len() - 1).step_by(2).filter(named).map(|at| quoted[at].to_owned()).collect()
}

#[test]
fn the_endpoints_are_those_of_the_client() {
    let ours = |name| {
        let route = routes().find(|route| route.name == name).unwrap();
        (route.method, route.host.name(), route.path, route.writes)
    };
    let host = "pay-apps-in-toss-api.toss.im";
    assert_eq!(ours(MakePayment::NAME), ("POST", host, MakePayment::PATH, true));
    assert_eq!(ours(ExecutePayment::NAME), ("POST", host, ExecutePayment::PATH, true));
    assert_eq!(ours(RefundPayment::NAME), ("POST", host, RefundPayment::PATH, true));
    assert_eq!(ours(PaymentStatus::NAME), ("POST", host, PaymentStatus::PATH, false));
}

#[test]
fn a_payment_with_toss_money_and_its_refund() {
    let mut bench = Bench::new();
    let token = make(&mut bench, "20250417-2", 10);
    assert_eq!(token.len(), 22);
    assert!(bench.core.world.ledger.is_empty(), "nothing has moved");
    bench.advance(Duration::from_secs(65));

    let told = execute(&mut bench, &token);
    assert_eq!(members(&told.body), members_of("execute-payment.response"));
    let paid = told.success();
    let mut expected: Value = serde_json::from_str(
        &std::fs::read_to_string(format!(
            "{}/../../fixtures/tosspay/execute-payment.response.json",
            env!("CARGO_MANIFEST_DIR")
        ))
        .unwrap(),
    )
    .unwrap();
    let expected = &mut expected["success"];
    expected["approvalTime"] = json!("2025-10-09 17:54:25");
    expected["payToken"] = json!(token);
    expected["transactionId"] = paid["transactionId"].clone();
    assert_eq!(paid, *expected);
    let _ = decodes::<ExecutePayment>(&told);

    let told = status(&mut bench, &token);
    assert_eq!(members(&told.body), members_of("get-payment-status.paid.response"));
    let found = told.success();
    assert_eq!(found["payStatus"], "PAY_COMPLETE");
    assert_eq!(found["createdTs"], "2025-10-09 17:53:20");
    assert_eq!(found["paidTs"], "2025-10-09 17:54:25");
    assert_eq!(found["transactions"][0]["transactionId"], paid["transactionId"]);
    assert_eq!((&found["amountTaxable"], &found["amountVat"]), (&json!(9), &json!(1)));
    assert_eq!(found["refundableAmount"], 10);
    assert!(decodes::<PaymentStatus>(&told).is_paid());

    bench.advance(Duration::from_secs(5));
    let told = refund(&mut bench, &token);
    assert_eq!(members(&told.body), members_of("refund-payment.refunded.response"));
    let refunded = told.success();
    assert_eq!(refunded["approvalTime"], "2025-10-09 17:54:30");
    assert_ne!(refunded["transactionId"], paid["transactionId"]);
    assert_eq!(
        [&refunded["refundableAmount"], &refunded["refundedAmount"], &refunded["refundedPaidAmount"]],
        [&json!(0), &json!(10), &json!(10)]
    );
    let _ = decodes::<RefundPayment>(&told);

    let told = status(&mut bench, &token);
    assert_eq!(members(&told.body), members_of("get-payment-status.refunded.response"));
    let found = told.success();
    assert_eq!((&found["payStatus"], &found["refundableAmount"]), (&json!("REFUND_SUCCESS"), &json!(0)));
    let amounts: Vec<_> = found["transactions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["transactionAmount"].clone())
        .collect();
    assert_eq!(amounts, [json!(10), json!(-10)]);
    assert_eq!(found["transactions"][1]["transactionId"], refunded["transactionId"]);
    assert!(decodes::<PaymentStatus>(&told).is_refunded());

    let kinds: Vec<_> = bench.core.world.ledger.entries().iter().map(|entry| &entry.movement).collect();
    assert!(
        matches!(
            kinds[..],
            [
                Movement::Payment { amount: 10, test: true, user, order_no, pay_token },
                Movement::Refund { amount: 10, .. }
            ] if user == "443731104" && order_no == "20250417-2" && *pay_token == token
        ),
        "{kinds:?}"
    );
    assert_eq!(bench.core.violations(), []);
}

#[test]
fn a_payment_with_a_card_with_discounts() {
    let mut bench = Bench::new();
    let shop = &mut bench.core.world.pay.shop;
    (shop.method, shop.instant_discount, shop.points) = (Method::Card, 700, 300);
    (shop.card.months, shop.card.no_interest) = (3, true);
    let token = make(&mut bench, "2026-000018", 60_000);
    let told = execute(&mut bench, &token);
    let paid = told.success();
    assert_eq!(members(&told.body), members_of("execute-payment.card.response"));
    assert_eq!(
        [&paid["amount"], &paid["discountedAmount"], &paid["paidAmount"]],
        [&json!(60_000), &json!(1_000), &json!(59_000)]
    );
    // Text here, numbers and a boolean in the status.
    assert_eq!(
        [&paid["cardCompanyCode"], &paid["spreadOut"], &paid["noInterest"]],
        [&json!("1"), &json!("3"), &json!("true")]
    );
    assert_eq!((&paid["accountNumber"], &paid["cardNumber"]), (&Value::Null, &json!("451842******1234")));
    assert_eq!(paid["cardAuthorizationNo"], "00000000", "only live payments have a true one");
    let told = status(&mut bench, &token);
    let found = told.success();
    assert_eq!(members(&told.body), members_of("get-payment-status.card.response"));
    let card = &found["card"];
    assert_eq!(
        [&card["cardCompanyCode"], &card["spreadOut"], &card["noInterest"]],
        [&json!(1), &json!(3), &json!(true)]
    );
    assert_eq!(
        [
            &found["discountAmountV2"],
            &found["paidPointV2"],
            &found["discountedAmount"],
            &found["paidAmount"],
            &found["refundableAmount"]
        ],
        [&json!(700), &json!(300), &json!(1_000), &json!(59_000), &json!(60_000)]
    );
    let one = &found["transactions"][0];
    assert_eq!(
        [&one["paidAmount"], &one["transactionAmount"], &one["discountedAmount"], &one["pointAmount"]],
        [&json!(59_000), &json!(60_000), &json!(1_000), &json!(300)]
    );
    let refunded = refund(&mut bench, &token).success();
    assert_eq!(
        [&refunded["refundedAmount"], &refunded["refundedDiscountAmount"], &refunded["refundedPaidAmount"]],
        [&json!(60_000), &json!(1_000), &json!(59_000)]
    );
    assert_eq!(bench.core.violations(), []);
}

#[test]
fn instalments_only_where_they_may_be() {
    for (amount, installment, months) in
        [(49_999, "USE", "0"), (50_000, "USE", "6"), (50_000, "NOT_USE", "0")]
    {
        let mut bench = Bench::new();
        bench.core.world.pay.shop.card.months = 6;
        let body = json!({"orderNo": "o", "productDesc": "p", "amount": amount, "amountTaxFree": 0, "isTestPayment": false,
            "enablePayMethods": "CARD", "installment": installment});
        let token = bench.post(MakePayment::PATH, USER, body).success()["payToken"].clone();
        let paid = bench
            .post(ExecutePayment::PATH, USER, json!({"payToken": token, "isTestPayment": false}))
            .success();
        assert_eq!((&paid["spreadOut"], &paid["mode"]), (&json!(months), &json!("LIVE")));
        assert_ne!(paid["cardAuthorizationNo"], "00000000");
        assert_eq!(paid["cardAuthorizationNo"].as_str().unwrap().len(), 8);
    }
}

#[test]
fn methods_and_cash_receipts() {
    for (asked, given) in [
        (json!("TOSS_MONEY"), "TOSS_MONEY"),
        (json!("CARD"), "CARD"),
        (json!("X"), "CARD"),
        (json!(null), "CARD"),
    ] {
        for receipt in [json!(true), json!(false), json!(null), json!("true")] {
            let mut bench = Bench::new();
            bench.core.world.pay.shop.method = Method::Card;
            let body = json!({"orderNo": "o", "productDesc": "p", "amount": 10, "amountTaxFree": 0, "isTestPayment": true,
                "enablePayMethods": asked, "cashReceipt": receipt, "cashReceiptTradeOption": "CULTURE"});
            let told = bench.post(MakePayment::PATH, USER, body);
            let token = told.success()["payToken"].as_str().unwrap().to_owned();
            let paid = execute(&mut bench, &token).success();
            assert_eq!(paid["payMethod"], given);
            assert_eq!(paid["cashReceiptMgtKey"].is_string(), receipt == true && given == "TOSS_MONEY");
            assert_eq!(refund(&mut bench, &token).success()["cashReceiptMgtKey"], paid["cashReceiptMgtKey"]);
        }
    }
}

#[test]
fn the_same_calls_give_the_same_bytes() {
    let run = |through_json: bool| {
        let mut bench = Bench::new();
        bench.core.world.pay.shop.method = Method::Card;
        let mut bodies = Vec::new();
        for order in ["a", "b"] {
            let token = make(&mut bench, order, 70_000);
            for call in [execute, status, refund, status, refund] {
                bodies.push(call(&mut bench, &token).body.clone());
                bench.advance(Duration::from_secs(1));
                if through_json {
                    bench.store_and_load();
                }
            }
        }
        (bodies, bench.core.world)
    };
    assert_eq!(run(false), run(false));
    assert_eq!(run(false), run(true));
}
