//! Finding out what became of a grant whose answer was lost.

use std::time::Duration;

use crate::support::{OBJECT, Op, promotion, toss::Toss};
use ait_promotion::{
    ExecutePromotion, ExecutionResult, Promotion,
    ait_core::{Client, Kind, Resolution, Schedule, Ticket},
};
use ait_testkit::{answer, fixture, key, stored};
use httpmock::MockServer;
use serde_json::{Value, json};

fn request() -> ExecutePromotion {
    stored(fixture("promotion/execute-promotion.test.request"), key())
}

async fn resolved(status: u16, body: &Value) -> Resolution<String> {
    let server = MockServer::start_async().await;
    let seen = answer(&server, status, body);
    // As stored by one process and read by another.
    let ticket = serde_json::to_string(&Ticket::new(&request()).unwrap()).unwrap();
    let ticket: Ticket = serde_json::from_str(&ticket).unwrap();
    let resolution = promotion(&server).resolve(&ticket, &Schedule::once()).await.unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 1, "one question");
    assert_eq!(seen[0].uri().path(), Op::Result.path(), "and nothing else");
    let mut expected = fixture("promotion/execute-promotion.test.request");
    expected.as_object_mut().unwrap().remove("amount");
    assert_eq!(serde_json::from_slice::<Value>(seen[0].body_ref()).unwrap(), expected);
    match resolution {
        Resolution::Done(executed) => Resolution::Done(executed.key.expose().to_owned()),
        Resolution::NotDone => Resolution::NotDone,
        Resolution::Unknown { ask_again } => Resolution::Unknown { ask_again },
        _ => panic!("a resolution nobody knows"),
    }
}

#[tokio::test]
async fn points_that_arrived_are_done() {
    let done = resolved(200, &fixture("promotion/execution-result.success.response")).await;
    assert_eq!(done, Resolution::Done(request().key().expose().to_owned()));
}

#[tokio::test]
async fn nothing_else_is_known_and_nothing_proves_that_a_new_key_is_safe() {
    let unknown = Resolution::Unknown { ask_again: Duration::from_secs(1) };
    for name in [
        "promotion/execution-result.response",
        "promotion/execution-result.failed.response",
        OBJECT,
        "promotion/4100.error",
        "promotion/4110.error",
        "promotion/4111.error",
        "promotion/4113.error",
        "envelope/result-http-timeout",
    ] {
        assert_eq!(resolved(200, &fixture(name)).await, unknown, "{name}");
    }
    for success in [json!("success"), json!(""), json!("TAKEN_BACK"), json!(true), json!(null)] {
        let body = json!({ "resultType": "SUCCESS", "success": success });
        assert_eq!(resolved(200, &body).await, unknown, "{body}");
    }
    assert_eq!(resolved(502, &json!("SUCCESS")).await, unknown);
    // It says how long to wait.
    let limited = Resolution::Unknown { ask_again: Duration::from_secs(30) };
    assert_eq!(resolved(200, &fixture("envelope/rate-limit")).await, limited);
}

#[tokio::test]
async fn a_question_is_one_call_even_if_its_answer_is_lost() {
    let toss = Toss::new(&[], &["lost"]).await;
    // A client that sends again eagerly: three times six questions would be more than ten a minute.
    let promotion = toss.promotion();
    let ticket = Ticket::new(&request()).unwrap();
    for schedule in [Schedule::once(), Schedule::once().questions(1)] {
        let resolution = promotion.resolve(&ticket, &schedule).await.unwrap();
        assert!(matches!(resolution, Resolution::Unknown { .. }), "{resolution:?}");
    }
    assert_eq!(toss.asked().len(), 1 + 2);
}

#[tokio::test]
async fn the_error_of_a_lost_answer_carries_its_ticket() {
    let server = MockServer::start_async().await;
    answer(&server, 200, &fixture("envelope/result-http-timeout"));
    let error = promotion(&server).execute_promotion(request()).await.unwrap_err();
    let ticket = error.ticket().unwrap().clone();
    assert_eq!(ticket.request::<ExecutePromotion>().unwrap(), request());
    server.reset_async().await;
    answer(&server, 200, &fixture("promotion/execution-result.success.response"));
    let resolution = promotion(&server).resolve(&ticket, &Schedule::default()).await.unwrap();
    assert!(matches!(resolution, Resolution::Done(executed) if executed.key == *request().key()));
}

#[tokio::test]
async fn a_ticket_of_another_call_and_a_client_without_a_certificate_are_errors() {
    let server = MockServer::start_async().await;
    let question: ExecutionResult = stored(fixture("promotion/execution-result.request"), key());
    let other = Ticket::new(&question).unwrap();
    let error = promotion(&server).resolve(&other, &Schedule::once()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Config);
    let bare = Promotion::new(Client::builder().no_proxy().build().unwrap());
    let ticket = Ticket::new(&request()).unwrap();
    let error = bare.resolve(&ticket, &Schedule::default()).await.unwrap_err();
    assert!(matches!(error.kind(), Kind::Config | Kind::Identity), "{error}");
}

#[test]
fn resolving_can_be_spawned() {
    fn is_send<T: Send>(_: T) {}
    let promotion = Promotion::new(Client::builder().no_proxy().build().unwrap());
    let ticket = Ticket::new(&request()).unwrap();
    is_send(promotion.resolve(&ticket, &Schedule::once()));
}
