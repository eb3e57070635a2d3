//! Finding out what became of a call whose answer was lost.

use std::time::{SystemTime, UNIX_EPOCH};

use ait_testkit::fixture;
use ait_tosspay::{
    ErrorCode, ExecutePayment, MakePayment, OrderNo, PayToken, Payment, RefundPayment, TossPay,
    ait_core::{
        Client, Endpoint, Error, Kind, Krw, Mode, Outcome, Resolution, RetryPolicy, Schedule, Ticket, User,
    },
};
use httpmock::MockServer;
use serde_json::{Value, json};

const ORDER_NO: &str = "20250417-2";
const TOKEN: &str = "O1NZck9XME8ureeVJVJP67";

/// A ticket that was made so many seconds ago, through its stored form.
fn aged(ticket: &Ticket, seconds: u64) -> Ticket {
    let mut stored = serde_json::to_value(ticket).unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    stored["made_at"] = json!(now - seconds);
    serde_json::from_value(stored).unwrap()
}

fn make() -> Ticket {
    let order_no = OrderNo::new(ORDER_NO).unwrap();
    Ticket::new(&MakePayment::new(User::key(1), order_no, "coffee", Krw::new(10), Mode::Sandbox).unwrap())
        .unwrap()
}

fn execute() -> Ticket {
    Ticket::new(&ExecutePayment::new(User::key(1), PayToken::new(TOKEN).unwrap(), Mode::Sandbox)).unwrap()
}

fn refund() -> Ticket {
    let token = PayToken::new(TOKEN).unwrap();
    Ticket::new(&RefundPayment::new(User::key(1), token, "reason", Mode::Sandbox).unwrap()).unwrap()
}

/// Resolves a ticket against a server that gives this answer to every question, and checks the question.
async fn resolve(ticket: &Ticket, status: u16, answer: &Value) -> Result<Resolution<Payment>, Error> {
    let server = MockServer::start_async().await;
    let question = match ticket.endpoint() {
        "tosspay.make_payment" => json!({ "orderNo": ORDER_NO, "isTestPayment": true }),
        _ => json!({ "payToken": TOKEN, "isTestPayment": true }),
    };
    let mock = server.mock_async(|when, then| {
        when.method("POST").path("/api-partner/v1/apps-in-toss/pay/get-payment-status").json_body(question);
        then.status(status).body(answer.to_string());
    });
    let mock = mock.await;
    let client = Client::builder().base_url(server.base_url()).retry(RetryPolicy::never()).build().unwrap();
    let pay = TossPay::new(client);
    let resolution = pay.resolve(ticket, &Schedule::once()).await;
    mock.assert_async().await;
    resolution
}

fn said(resolution: Result<Resolution<Payment>, Error>) -> &'static str {
    match resolution.unwrap() {
        Resolution::Done(_) => "done",
        Resolution::NotDone => "not done",
        _ => "unknown",
    }
}

fn standing(status: &str) -> Value {
    let mut answer = fixture("tosspay/get-payment-status.paid.response");
    answer["success"]["payStatus"] = json!(status);
    answer
}

#[tokio::test]
async fn an_execution_is_decided_by_the_status() {
    for (status, expected) in [
        ("PAY_STANDBY", "unknown"),
        ("PAY_APPROVED", "unknown"),
        ("PAY_CANCEL", "not done"),
        ("PAY_PROGRESS", "unknown"),
        ("PAY_COMPLETE", "done"),
        // Only what was paid is given back.
        ("REFUND_PROGRESS", "done"),
        ("REFUND_SUCCESS", "done"),
        ("SETTLEMENT_COMPLETE", "done"),
        ("SETTLEMENT_REFUND_COMPLETE", "done"),
        ("PAY_SURPRISE", "unknown"),
    ] {
        // Time alone decides nothing, not even days after the payment should have expired.
        for age in [0, 900, 3_600, 100_000, 1_000_000] {
            let mut answer = standing(status);
            if matches!(status, "PAY_STANDBY" | "PAY_APPROVED" | "PAY_CANCEL") {
                answer["success"]["transactions"] = json!([]);
            }
            assert_eq!(said(resolve(&aged(&execute(), age), 200, &answer).await), expected, "{status}");
        }
    }
}

#[tokio::test]
async fn an_execution_of_a_cancelled_payment_with_a_transaction_is_not_decided() {
    for age in [0, 100_000] {
        let ticket = aged(&execute(), age);
        assert_eq!(said(resolve(&ticket, 200, &standing("PAY_CANCEL")).await), "unknown", "{age}");
    }
}

#[tokio::test]
async fn a_refund_in_part_is_neither_a_refund_nor_an_execution_that_was_not_done() {
    let partly = fixture("tosspay/get-payment-status.partly-refunded.response");
    let mut settled = partly.clone();
    settled["success"]["payStatus"] = json!("SETTLEMENT_REFUND_COMPLETE");
    settled["success"]["refundableAmount"] = json!(0);
    for answer in [&partly, &settled] {
        assert_eq!(said(resolve(&execute(), 200, answer).await), "done");
        assert_eq!(said(resolve(&aged(&refund(), 3_540), 200, answer).await), "unknown");
        assert_eq!(said(resolve(&aged(&refund(), 3_600), 200, answer).await), "not done");
    }
    // An answer that does not say how much, or contradicts itself, decides no refund.
    for (member, value) in
        [("refundableAmount", json!(0)), ("refundableAmount", json!(10_000)), ("amount", json!(null))]
    {
        let mut odd = partly.clone();
        odd["success"][member] = value;
        assert_eq!(said(resolve(&aged(&refund(), 4_000), 200, &odd).await), "unknown", "{member}");
        assert_eq!(said(resolve(&execute(), 200, &odd).await), "done", "{member}");
    }
    let mut silent = settled.clone();
    silent["success"]["transactions"] = json!([]);
    assert_eq!(said(resolve(&aged(&refund(), 4_000), 200, &silent).await), "unknown");
    // The rest was given back too.
    let mut whole = partly.clone();
    let mut rest = whole["success"]["transactions"][1].clone();
    rest["transactionAmount"] = json!(-6_000);
    whole["success"]["transactions"].as_array_mut().unwrap().push(rest);
    whole["success"]["refundableAmount"] = json!(0);
    assert_eq!(said(resolve(&refund(), 200, &whole).await), "done");
}

#[tokio::test]
async fn a_settled_payment_without_a_refund_was_not_refunded() {
    let mut settled = standing("SETTLEMENT_COMPLETE");
    for refundable in [json!(0), json!(10), json!(null)] {
        settled["success"]["refundableAmount"] = refundable;
        assert_eq!(said(resolve(&aged(&refund(), 3_540), 200, &settled).await), "unknown");
        assert_eq!(said(resolve(&aged(&refund(), 3_600), 200, &settled).await), "not done");
    }
    // Without the list of transactions it does not say.
    settled["success"]["transactions"] = json!([]);
    assert_eq!(said(resolve(&aged(&refund(), 3_600), 200, &settled).await), "unknown");
}

#[tokio::test]
async fn a_refund_is_done_when_it_shows_and_not_done_only_after_a_quiet_hour() {
    let refunded = fixture("tosspay/get-payment-status.refunded.response");
    assert_eq!(said(resolve(&refund(), 200, &refunded).await), "done");
    // The row alone proves it, whatever the status says meanwhile.
    let mut row_only = refunded.clone();
    row_only["success"]["payStatus"] = json!("SETTLEMENT_COMPLETE");
    assert_eq!(said(resolve(&refund(), 200, &row_only).await), "done");

    let paid = standing("PAY_COMPLETE");
    assert_eq!(said(resolve(&aged(&refund(), 3_540), 200, &paid).await), "unknown");
    assert_eq!(said(resolve(&aged(&refund(), 3_600), 200, &paid).await), "not done");
    assert_eq!(said(resolve(&aged(&refund(), 4_000), 200, &standing("REFUND_PROGRESS")).await), "unknown");
    let mut partly = paid.clone();
    partly["success"]["refundableAmount"] = json!(4);
    assert_eq!(said(resolve(&aged(&refund(), 4_000), 200, &partly).await), "unknown");
    partly["success"]["refundableAmount"] = Value::Null;
    assert_eq!(said(resolve(&aged(&refund(), 4_000), 200, &partly).await), "unknown");
}

#[tokio::test]
async fn a_payment_is_made_if_toss_knows_the_order() {
    assert_eq!(said(resolve(&make(), 200, &standing("PAY_STANDBY")).await), "done");
    let mut other = standing("PAY_STANDBY");
    other["success"]["amount"] = json!(99);
    assert_eq!(
        said(resolve(&make(), 200, &other).await),
        "not done",
        "the number belongs to another payment"
    );
    let unknown = json!({ "resultType": "FAIL", "error": { "errorCode": "NOT_FOUND", "reason": "none" } });
    assert_eq!(said(resolve(&aged(&make(), 30), 404, &unknown).await), "unknown", "it may be on its way");
    assert_eq!(said(resolve(&aged(&make(), 60), 404, &unknown).await), "not done");
    assert_eq!(
        said(resolve(&aged(&make(), 70), 200, &unknown).await),
        "unknown",
        "no code says that it was not found"
    );
    assert_eq!(said(resolve(&aged(&execute(), 100_000), 404, &unknown).await), "unknown");
}

#[tokio::test]
async fn an_answer_about_another_payment_decides_nothing() {
    for status in ["PAY_COMPLETE", "PAY_CANCEL", "REFUND_SUCCESS"] {
        let mut answer = standing(status);
        answer["success"]["payToken"] = json!("ANOTHER");
        assert_eq!(said(resolve(&execute(), 200, &answer).await), "unknown", "{status}");
        assert_eq!(said(resolve(&aged(&refund(), 4_000), 200, &answer).await), "unknown", "{status}");
        answer["success"]["orderNo"] = json!("ANOTHER");
        assert_eq!(said(resolve(&make(), 200, &answer).await), "unknown", "{status}");
    }
}

#[tokio::test]
async fn a_ticket_comes_from_the_error_and_survives_storage() {
    let server = MockServer::start_async().await;
    server.mock(|when, then| {
        when.path("/api-partner/v1/apps-in-toss/pay/execute-payment");
        then.status(502).body("<html>Bad Gateway</html>");
    });
    server.mock(|when, then| {
        when.path("/api-partner/v1/apps-in-toss/pay/get-payment-status").header("x-toss-user-key", "7");
        then.status(200).body(standing("PAY_COMPLETE").to_string());
    });
    let pay = TossPay::new(Client::builder().base_url(server.base_url()).build().unwrap());
    let request = ExecutePayment::new(User::key(7), PayToken::new(TOKEN).unwrap(), Mode::Sandbox);
    let error = pay.execute_payment(request).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    let stored = serde_json::to_string(error.ticket().unwrap()).unwrap();
    let ticket: Ticket = serde_json::from_str(&stored).unwrap();
    let Resolution::Done(payment) = pay.resolve(&ticket, &Schedule::once()).await.unwrap() else {
        panic!("the payment is complete");
    };
    assert!(payment.is_paid());
    assert!(!format!("{ticket:?}").contains(TOKEN), "{ticket:?}");
}

#[tokio::test]
async fn there_is_no_ticket_where_nothing_happened_and_none_for_a_question() {
    let client = Client::builder().base_url("http://127.0.0.1:1").build().unwrap();
    let request = ExecutePayment::new(User::key(7), PayToken::new(TOKEN).unwrap(), Mode::Sandbox);
    let error = TossPay::new(client).execute_payment(request).await.unwrap_err();
    assert_eq!((error.outcome(), error.ticket()), (Outcome::NotSent, None));
}

#[tokio::test]
async fn the_ticket_of_another_product_is_refused_by_name() {
    let stored = json!({ "endpoint": "promotion.execute_promotion", "request": {}, "made_at": 0 });
    let ticket: Ticket = serde_json::from_value(stored).unwrap();
    let pay = TossPay::new(Client::builder().base_url("http://127.0.0.1:1").build().unwrap());
    let error = pay.resolve(&ticket, &Schedule::once()).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Config, Outcome::NotSent));
    assert!(error.to_string().starts_with("ticket: "), "{error}");
}

#[tokio::test]
async fn only_the_products_own_word_says_that_no_payment_was_made() {
    let old = aged(&make(), 70);
    // These speak of something else than a payment that is not there, but for one.
    let not_found = "TRANSACTION_NOT_FOUND";
    let codes = ErrorCode::KNOWN.iter().map(ErrorCode::as_str).chain(crate::error_codes::ALL);
    for code in codes.filter(|code| *code != not_found) {
        let answer = json!({ "resultType": "FAIL", "error": { "errorCode": code, "reason": "no" } });
        assert!(!matches!(resolve(&old, 404, &answer).await, Ok(Resolution::NotDone)), "{code}");
    }
    let answer = json!({ "resultType": "FAIL", "error": { "errorCode": not_found, "reason": "no" } });
    assert_eq!(said(resolve(&old, 404, &answer).await), "not done");
    assert_eq!(said(resolve(&old, 200, &answer).await), "unknown", "its text speaks of transactions");
    // These are not said by the product.
    for answer in [
        json!({ "errorCode": "NOT_FOUND", "reason": "none" }),
        json!({ "error": { "errorCode": "NOT_FOUND", "reason": "none" } }),
        json!({ "resultType": "SURPRISE", "error": { "errorCode": "NOT_FOUND", "reason": "none" } }),
        json!("<h1>Not Found</h1>"),
    ] {
        assert_eq!(said(resolve(&old, 404, &answer).await), "unknown", "{answer}");
    }
}

#[tokio::test]
async fn what_an_answer_does_not_say_does_not_speak_against_a_payment() {
    for missing in ["amount", "orderNo"] {
        let mut answer = standing("PAY_STANDBY");
        answer["success"].as_object_mut().unwrap().remove(missing).unwrap();
        assert_eq!(said(resolve(&make(), 200, &answer).await), "done", "{missing}");
    }
    for amount in [9, 11] {
        let mut answer = standing("PAY_STANDBY");
        answer["success"]["amount"] = json!(amount);
        assert_eq!(said(resolve(&make(), 200, &answer).await), "not done", "{amount}");
    }
    let mut paid = standing("PAY_COMPLETE");
    for (amount, refundable) in [(json!(null), json!(null)), (json!(null), json!(10)), (json!(10), json!(11))]
    {
        paid["success"]["amount"] = amount;
        paid["success"]["refundableAmount"] = refundable;
        assert_eq!(said(resolve(&aged(&refund(), 4_000), 200, &paid).await), "unknown", "{paid}");
    }
}

#[tokio::test]
async fn a_refund_under_way_is_not_done_yet_whatever_its_row_says() {
    let mut under_way = fixture("tosspay/get-payment-status.refunded.response");
    under_way["success"]["payStatus"] = json!("REFUND_PROGRESS");
    for age in [0, 100_000] {
        assert_eq!(said(resolve(&aged(&refund(), age), 200, &under_way).await), "unknown", "{age}");
    }
    let mut odd_row = standing("PAY_COMPLETE");
    odd_row["success"]["transactions"][0]["stepType"] = json!("SURPRISE");
    assert_eq!(said(resolve(&aged(&refund(), 0), 200, &odd_row).await), "unknown");
}

#[test]
fn every_call_that_may_move_money_has_a_ticket() {
    let (token, order_no) = (PayToken::new(TOKEN).unwrap(), OrderNo::new(ORDER_NO).unwrap());
    let make = MakePayment::new(User::key(1), order_no, "coffee", Krw::new(10), Mode::Sandbox).unwrap();
    let execute = ExecutePayment::new(User::key(1), token.clone(), Mode::Sandbox);
    let refund = RefundPayment::new(User::key(1), token, "reason", Mode::Sandbox).unwrap();
    assert_eq!(make.ticket().unwrap().request::<MakePayment>().unwrap(), make);
    assert_eq!(execute.ticket().unwrap().request::<ExecutePayment>().unwrap(), execute);
    assert_eq!(refund.ticket().unwrap().request::<RefundPayment>().unwrap(), refund);
}
