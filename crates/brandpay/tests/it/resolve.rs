//! What became of a call whose answer was lost: only what is proven is said.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::support::{Op, fixture, pay};
use ait_testkit::answer;
use brandpay::{
    ErrorCode,
    ait_core::{Outcome, Resolution, Schedule, Ticket},
};
use httpmock::MockServer;
use serde_json::{Value, json};

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// RFC 3339, so many seconds ago. Days since the epoch turned into a date by Howard Hinnant's algorithm.
fn ago(seconds: u64) -> String {
    let at = now() - seconds;
    let (days, rest) = (i64::try_from(at / 86_400).unwrap() + 719_468, at % 86_400);
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (date, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year}-{month:02}-{date:02}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

fn ticket(op: Op, request: Value, age: u64) -> Ticket {
    let name = match op {
        Op::Confirm => "brandpay.confirm",
        Op::AutomaticPayment => "brandpay.automatic_payment",
        _ => "brandpay.cancel",
    };
    let made = json!({ "endpoint": name, "request": op.stored(Some(request)), "made_at": now() - age });
    serde_json::from_value(made).unwrap()
}

/// `done`, `not done` or `unknown`; and the only request was a lookup.
async fn resolved(ticket: Ticket, status: u16, found: &Value) -> &'static str {
    let server = MockServer::start_async().await;
    let seen = answer(&server, status, found);
    let resolution = pay(&server).resolve(&ticket, &Schedule::once()).await.unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!((seen.len(), seen[0].method_str()), (1, "GET"), "nothing is sent again");
    match resolution {
        Resolution::Done(_) => "done",
        Resolution::NotDone => "not done",
        _ => "unknown",
    }
}

/// The same in the last two seconds before the ticket has this age. If they passed meanwhile, it is asked again.
async fn resolved_before(age: u64, op: Op, request: &Value, status: u16, found: &Value) -> &'static str {
    loop {
        let begun = now();
        let said = resolved(ticket(op, request.clone(), age - 2), status, found).await;
        if now() <= begun + 1 {
            return said;
        }
    }
}

/// The order, and the payment as it is found.
fn order(op: Op) -> (Value, Value) {
    let paid = fixture("confirm.response");
    let mut request = op.body().unwrap();
    request["orderId"] = paid["orderId"].clone();
    if op == Op::Confirm {
        request["paymentKey"] = paid["paymentKey"].clone();
    }
    (request, paid)
}

#[tokio::test]
async fn what_the_order_shows_decides_about_a_payment() {
    for op in [Op::Confirm, Op::AutomaticPayment] {
        let (request, paid) = order(op);
        for (status, fresh, old) in [
            ("DONE", "done", "done"),
            ("PARTIAL_CANCELED", "done", "done"),
            ("CANCELED", "done", "done"),
            ("ABORTED", if op == Op::Confirm { "not done" } else { "unknown" }, "not done"),
            ("EXPIRED", if op == Op::Confirm { "not done" } else { "unknown" }, "not done"),
            ("READY", "unknown", "unknown"),
            ("IN_PROGRESS", "unknown", "unknown"),
            ("WAITING_FOR_DEPOSIT", "unknown", "unknown"),
            ("INVENTED_TOMORROW", "unknown", "unknown"),
        ] {
            let mut found = paid.clone();
            found["status"] = json!(status);
            for (age, expected) in [(5, fresh), (3600, old)] {
                let said = resolved(ticket(op, request.clone(), age), 200, &found).await;
                assert_eq!(said, expected, "{op:?} {status} {age}");
            }
        }
        let mut never_paid = paid.clone();
        (never_paid["status"], never_paid["approvedAt"]) = (json!("CANCELED"), Value::Null);
        assert_eq!(resolved(ticket(op, request, 3600), 200, &never_paid).await, "unknown");
    }
}

#[tokio::test]
async fn another_order_amount_or_payment_proves_nothing() {
    for op in [Op::Confirm, Op::AutomaticPayment] {
        let (request, paid) = order(op);
        let mut strangers = vec![
            ("orderId", json!("another-order")),
            ("totalAmount", json!(10_001)),
            ("totalAmount", json!(10_000.5)),
            ("totalAmount", Value::Null),
        ];
        if op == Op::Confirm {
            strangers.push(("paymentKey", json!("another")));
        }
        for status in ["DONE", "ABORTED"] {
            for (field, value) in &strangers {
                let mut found = paid.clone();
                found["status"] = json!(status);
                found[*field] = value.clone();
                let said = resolved(ticket(op, request.clone(), 3600), 200, &found).await;
                assert_eq!(said, "unknown", "{op:?} {field} {status}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_not_found_is_not_done_once_its_session_is_over() {
    let missing = fixture("not-found-payment.error");
    for (op, age, expected) in [
        (Op::Confirm, 5, "unknown"),
        (Op::Confirm, 12 * 60, "not done"),
        (Op::AutomaticPayment, 5, "unknown"),
        (Op::AutomaticPayment, 86_400, "unknown"),
    ] {
        let (request, _) = order(op);
        assert_eq!(resolved(ticket(op, request, age), 404, &missing).await, expected, "{op:?} {age}");
    }
    let (request, _) = order(Op::Confirm);
    // With another status it may be a gateway's word.
    for status in [400, 403, 409, 429, 500, 503] {
        let said = resolved(ticket(Op::Confirm, request.clone(), 86_400), status, &missing).await;
        assert_eq!(said, "unknown", "HTTP {status}");
    }
    assert_eq!(resolved_before(12 * 60, Op::Confirm, &request, 404, &missing).await, "unknown");
    let said = resolved(ticket(Op::Confirm, request, 86_400), 404, &fixture("empty-object.error")).await;
    assert_eq!(said, "unknown");
}

/// With these it cannot be asked at all.
const WRONG_KEY: [&str; 3] = ["UNAUTHORIZED_KEY", "INVALID_API_KEY", "INCORRECT_BASIC_AUTH_FORMAT"];

#[tokio::test]
async fn asking_with_a_wrong_secret_key_is_an_error_at_once() {
    for op in Op::MONEY {
        for (status, code) in [401, 400, 403].into_iter().zip(WRONG_KEY) {
            let server = MockServer::start_async().await;
            let seen = answer(&server, status, &json!({ "code": code, "message": "?" }));
            // The default schedule would ask for 50 seconds.
            let ticket = ticket(op, op.body().unwrap(), 5);
            let error = pay(&server).resolve(&ticket, &Schedule::default()).await.unwrap_err();
            assert_eq!((error.code(), seen.lock().unwrap().len()), (Some(code), 1), "{op:?}");
            assert_eq!(error.outcome(), Outcome::Unknown, "{op:?}: of the call nothing is known");
        }
    }
}

#[tokio::test]
async fn no_other_code_says_that_an_order_was_not_paid() {
    let (request, _) = order(Op::Confirm);
    let others = ErrorCode::KNOWN.iter().filter(|code| **code != ErrorCode::NotFoundPayment);
    for code in others.filter(|code| !WRONG_KEY.contains(&code.as_str())) {
        let found = json!({ "code": code.as_str(), "message": "?" });
        let said = resolved(ticket(Op::Confirm, request.clone(), 86_400), 404, &found).await;
        assert_eq!(said, "unknown", "{code}");
    }
}

#[tokio::test]
async fn what_failed_may_be_an_earlier_charge_until_three_minutes_have_passed() {
    let (request, mut found) = order(Op::AutomaticPayment);
    for status in ["ABORTED", "EXPIRED"] {
        found["status"] = json!(status);
        let said = resolved_before(180, Op::AutomaticPayment, &request, 200, &found).await;
        assert_eq!(said, "unknown", "{status}");
        let said = resolved(ticket(Op::AutomaticPayment, request.clone(), 180), 200, &found).await;
        assert_eq!(said, "not done", "{status}");
    }
}

#[tokio::test]
async fn a_whole_cancel_is_done_when_nothing_is_left() {
    let full = fixture("cancel.full.request");
    for (name, expected) in [
        ("cancel.full.response", "done"),
        ("cancel.rest.response", "done"),
        ("cancel.partial.response", "unknown"),
        ("confirm.response", "unknown"),
    ] {
        assert_eq!(
            resolved(ticket(Op::Cancel, full.clone(), 5), 200, &fixture(name)).await,
            expected,
            "{name}"
        );
    }
    let mut later = fixture("cancel.full.response");
    later["cancels"][0]["cancelStatus"] = json!("IN_PROGRESS");
    assert_eq!(resolved(ticket(Op::Cancel, full.clone(), 5), 200, &later).await, "unknown");
    // A balance of 0 without any cancel was never paid, and a cancel that failed gave nothing back.
    for cancels in [Value::Null, json!([]), json!([{ "cancelStatus": "ABORTED" }])] {
        let mut empty = fixture("cancel.full.response");
        empty["cancels"] = cancels.clone();
        assert_eq!(resolved(ticket(Op::Cancel, full.clone(), 5), 200, &empty).await, "unknown", "{cancels}");
    }
    for (other, expected) in [("ABORTED", "done"), ("DONE", "done"), ("IN_PROGRESS", "unknown")] {
        let mut two = fixture("cancel.full.response");
        two["cancels"].as_array_mut().unwrap().push(json!({ "cancelStatus": other }));
        assert_eq!(resolved(ticket(Op::Cancel, full.clone(), 5), 200, &two).await, expected, "{other}");
    }
    let mut stranger = fixture("cancel.full.response");
    stranger["paymentKey"] = json!("another");
    assert_eq!(resolved(ticket(Op::Cancel, full.clone(), 5), 200, &stranger).await, "unknown");
    let missing = fixture("not-found-payment.error");
    assert_eq!(resolved(ticket(Op::Cancel, full, 86_400), 404, &missing).await, "unknown");
}

#[tokio::test]
async fn a_part_is_done_only_if_it_is_proven() {
    let part = fixture("cancel.partial.request");
    let mut found = fixture("cancel.partial.response");
    found["cancels"][0]["canceledAt"] = json!(ago(20));
    assert_eq!(resolved(ticket(Op::Cancel, part.clone(), 10), 200, &found).await, "done");
    // The call, which takes up to its deadline, was made before the ticket.
    found["cancels"][0]["canceledAt"] = json!(ago(10 + 178));
    assert_eq!(resolved(ticket(Op::Cancel, part.clone(), 10), 200, &found).await, "done");
    found["cancels"][0]["canceledAt"] = json!(ago(20));
    for (field, value) in [
        ("cancelAmount", json!(2_999)),
        ("refundableAmount", json!(4_000)),
        ("cancelReason", json!("고객 변심")),
        // A server that does not repeat the reason proves nothing.
        ("cancelReason", Value::Null),
        ("cancelReason", json!("")),
        ("cancelReason", json!("상품 한 개")),
        ("cancelAmount", Value::Null),
        ("refundableAmount", Value::Null),
        ("canceledAt", json!(ago(10 + 183))),
        ("canceledAt", Value::Null),
        ("cancelStatus", json!("IN_PROGRESS")),
        ("cancelStatus", json!("ABORTED")),
        ("cancelStatus", json!("INVENTED_TOMORROW")),
        ("cancelRequestId", json!("somebody else's")),
    ] {
        let mut other = found.clone();
        other["cancels"][0][field] = value.clone();
        let said = resolved(ticket(Op::Cancel, part.clone(), 10), 200, &other).await;
        assert_eq!(said, "unknown", "{field}: {value}");
    }
    for field in ["cancelReason", "cancelAmount", "refundableAmount", "canceledAt"] {
        let mut silent = found.clone();
        silent["cancels"][0].as_object_mut().unwrap().remove(field);
        let said = resolved(ticket(Op::Cancel, part.clone(), 10), 200, &silent).await;
        assert_eq!(said, "unknown", "{field} is missing");
    }
    // Another cancel of the same amount looks the same.
    let mut vague = part;
    vague.as_object_mut().unwrap().remove("refundableAmount");
    assert_eq!(resolved(ticket(Op::Cancel, vague.clone(), 10), 200, &found).await, "unknown");
    let mut silent = found.clone();
    silent["cancels"][0].as_object_mut().unwrap().remove("refundableAmount");
    assert_eq!(resolved(ticket(Op::Cancel, vague.clone(), 10), 200, &silent).await, "unknown");
    // An id of one's own is a proof.
    vague["cancelRequestId"] = json!("cancel-1");
    found["cancels"][0]["cancelRequestId"] = json!("cancel-1");
    assert_eq!(resolved(ticket(Op::Cancel, vague.clone(), 10), 200, &found).await, "done");
    let mut foreign = found.clone();
    foreign["cancels"][0]["cancelRequestId"] = json!("cancel-2");
    assert_eq!(resolved(ticket(Op::Cancel, vague.clone(), 10), 200, &foreign).await, "unknown");
    found["cancels"][0]["cancelStatus"] = json!("IN_PROGRESS");
    assert_eq!(resolved(ticket(Op::Cancel, vague, 10), 200, &found).await, "unknown");
}

#[tokio::test]
async fn a_ticket_survives_storage_and_belongs_to_its_call() {
    let server = MockServer::start_async().await;
    answer(&server, 502, &json!("lost"));
    for op in Op::MONEY {
        let error = op.run(&pay(&server)).await.unwrap_err();
        let text = serde_json::to_string(error.ticket().unwrap()).unwrap();
        let again: Ticket = serde_json::from_str(&text).unwrap();
        assert!(matches!(
            pay(&server).resolve(&again, &Schedule::once()).await,
            Ok(Resolution::Unknown { .. })
        ));
        // The ticket holds the request, key included, for a repetition.
        if op == Op::Confirm {
            let request: brandpay::Confirm = again.request().unwrap();
            assert_eq!(request.idempotency_key().as_str(), crate::support::KEY);
        }
    }
    let stranger = json!({ "endpoint": "tosspay.execute_payment", "request": {}, "made_at": now() });
    let stranger: Ticket = serde_json::from_value(stranger).unwrap();
    let error = pay(&server).resolve(&stranger, &Schedule::once()).await.unwrap_err().to_string();
    let rule = "ticket: must be of a confirm, an automatic payment or a cancel; repeat others with their key";
    assert!(error.contains(rule), "{error}");
}

/// The clock was two hours behind when the ticket was made, and was set right since: the request may still be on its way.
#[tokio::test]
async fn a_ticket_from_a_slow_clock_is_as_young_as_the_server_says() {
    let (request, _) = order(Op::Confirm);
    let missing = json!({ "code": "NOT_FOUND_PAYMENT", "message": "?" });
    for (made_at, server_made_at, expected) in [
        (now() - 7_200, None, "not done"),
        (now() - 7_200, Some(now()), "unknown"),
        (now() - 7_200, Some(now() - 7_200), "not done"),
        (3_600, None, "unknown"),
        (0, Some(now() - 7_200), "not done"),
    ] {
        let mut made = serde_json::to_value(ticket(Op::Confirm, request.clone(), 0)).unwrap();
        (made["made_at"], made["server_made_at"]) = (json!(made_at), json!(server_made_at));
        let said = resolved(serde_json::from_value(made).unwrap(), 404, &missing).await;
        assert_eq!(said, expected, "{made_at}, {server_made_at:?}");
    }
}
