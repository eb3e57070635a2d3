//! What is stored to find out later, and read by another release.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ait_core::{Endpoint, Envelope, Host, Kind, Safety, Ticket, http::Method};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Pay {
    order: String,
}

impl Endpoint for Pay {
    const NAME: &'static str = "demo.pay";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::APPS_IN_TOSS;
    const PATH: &'static str = "/pay";
    const SAFETY: Safety<Self> = Safety::Once { settled_by: "demo.ask" };
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Envelope;
    type Response = ();

    fn body(&self) -> Option<impl Serialize> {
        Some(self)
    }

    fn ticket(&self) -> Option<Ticket> {
        Ticket::new(self).ok()
    }
}

fn pay() -> Pay {
    Pay { order: "CANARY".to_owned() }
}

fn stored() -> Value {
    serde_json::to_value(Ticket::new(&pay()).unwrap()).unwrap()
}

fn complaint(stored: &Value) -> String {
    serde_json::from_str::<Ticket>(&stored.to_string()).unwrap_err().to_string()
}

#[test]
fn a_ticket_is_stored_with_its_version() {
    let ticket = Ticket::new(&pay()).unwrap();
    let text = serde_json::to_string(&ticket).unwrap();
    let rest = r#"{"v":1,"endpoint":"demo.pay","request":{"order":"CANARY"},"made_at":"#;
    assert!(text.starts_with(rest), "{text}");
    let read: Ticket = serde_json::from_str(&text).unwrap();
    assert_eq!((&read, read.request::<Pay>().unwrap(), read.endpoint()), (&ticket, pay(), "demo.pay"));
    assert_eq!(serde_json::from_value::<Ticket>(stored()).unwrap().request::<Pay>().unwrap(), pay());
    assert!(!format!("{read:?} {read:#?}").contains("CANARY"));
}

#[test]
fn a_ticket_from_before_the_versions_is_read_and_stored_with_one() {
    let mut old = stored();
    old.as_object_mut().unwrap().remove("v").unwrap();
    let read: Ticket = serde_json::from_value(old).unwrap();
    assert_eq!(read.request::<Pay>().unwrap(), pay());
    assert_eq!(serde_json::to_value(read).unwrap(), stored());
}

#[test]
fn a_later_version_is_refused_whatever_else_it_holds() {
    for version in [2_u64, 3, u64::MAX] {
        let mut whole = stored();
        whole["v"] = json!(version);
        for later in [whole, json!({ "v": version }), json!({ "endpoint": ["CANARY"], "v": version })] {
            let said = complaint(&later);
            assert!(said.contains(&format!("version {version}, this release reads up to 1")), "{said}");
            assert!(said.contains("a later one") && !said.contains("CANARY"), "{said}");
        }
    }
}

#[test]
fn what_is_no_version_is_refused() {
    for version in
        [json!(0), json!(-1), json!(1.5), json!("1"), json!("CANARY"), json!(null), json!([1]), json!(true)]
    {
        let mut odd = stored();
        odd["v"] = version.clone();
        let said = complaint(&odd);
        assert!(
            said.contains("`v` must be a version from 1") && !said.contains("CANARY"),
            "{version}: {said}"
        );
    }
}

#[test]
fn what_is_no_ticket_is_refused_without_being_quoted() {
    for member in ["endpoint", "request", "made_at"] {
        let mut less = stored();
        less.as_object_mut().unwrap().remove(member).unwrap();
        let said = complaint(&less);
        assert!(said.contains("must have `endpoint`, `request` and `made_at`"), "{member}: {said}");
    }
    for (member, value) in
        [("endpoint", json!(["CANARY"])), ("made_at", json!("CANARY")), ("made_at", json!(-1))]
    {
        let mut odd = stored();
        odd[member] = value;
        let said = complaint(&odd);
        assert!(said.contains("must have") && !said.contains("CANARY"), "{member}: {said}");
    }
    for list in
        [json!(["demo.pay", { "order": "CANARY" }, 1]), json!([1, "demo.pay", { "order": "CANARY" }, 1])]
    {
        let said = complaint(&list);
        assert!(said.contains("must be an object") && !said.contains("CANARY"), "{said}");
    }
}

#[test]
fn a_ticket_is_for_its_own_endpoint_and_its_own_form() {
    let mut other = stored();
    other["endpoint"] = json!("demo.other");
    let error = serde_json::from_value::<Ticket>(other).unwrap().request::<Pay>().unwrap_err();
    assert_eq!(error.kind(), Kind::Config);
    for request in [json!({}), json!({ "order": 1 }), json!(null), json!(["CANARY"])] {
        let mut odd = stored();
        odd["request"] = request.clone();
        let error = serde_json::from_value::<Ticket>(odd).unwrap().request::<Pay>().unwrap_err();
        let said = format!("{error} {error:?}");
        assert!(said.contains("by hand") && !said.contains("CANARY"), "{request}: {said}");
    }
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn made(made_at: u64, server_made_at: Option<u64>) -> Ticket {
    let mut ticket = stored();
    ticket["made_at"] = json!(made_at);
    if let Some(server_made_at) = server_made_at {
        ticket["server_made_at"] = json!(server_made_at);
    }
    serde_json::from_value(ticket).unwrap()
}

/// So many hours, give or take the moment that the test takes.
#[track_caller]
fn hours(age: Duration, expected: u64) {
    let found = age.as_secs_f64() / 3600.0;
    #[allow(clippy::cast_precision_loss, reason = "a handful of hours")]
    let expected = expected as f64;
    assert!((found - expected).abs() < 0.1, "{found} hours, expected {expected}");
}

#[test]
fn an_impossible_date_makes_no_ticket_old() {
    for wrong in [0, 1, 1_600_000_000, 1_767_225_599, now() + 7_200, u64::MAX] {
        assert_eq!(made(wrong, None).age(), Duration::ZERO, "{wrong}");
        assert_eq!(made(wrong, None).age_at(Some(SystemTime::now())), Duration::ZERO, "{wrong}");
        assert_eq!(
            made(now() - 7_200, Some(wrong)).age_at(Some(SystemTime::now())),
            Duration::ZERO,
            "{wrong}"
        );
    }
    hours(made(now() - 7_200, None).age(), 2);
}

/// The clock was two hours behind when the ticket was made, and was set right since.
#[test]
fn a_clock_that_was_slow_makes_no_ticket_old_if_the_server_told_its_own() {
    let ticket = made(now() - 7_200, Some(now()));
    hours(ticket.age(), 2);
    hours(ticket.age_at(Some(SystemTime::now())), 0);
    hours(ticket.age_at(None), 0);
    hours(ticket.age_at(Some(at(now() + 3_600))), 1);
}

/// One `Date` that is wrong, of a gateway or a cache: the clock of this machine has seen no such time pass.
#[test]
fn a_wrong_date_makes_no_ticket_old() {
    for (server_made_at, date) in [(1_767_225_601, now()), (now(), now() + 7_200)] {
        let age = made(now(), Some(server_made_at)).age_at(Some(at(date)));
        assert!(age < Duration::from_secs(60), "{server_made_at}, {date}: {age:?}");
    }
    // A clock that showed an impossible time when the ticket was made says nothing either way.
    for no_clock in [0, 1_600_000_000] {
        hours(made(no_clock, Some(now() - 7_200)).age_at(Some(at(now()))), 2);
    }
}

/// The clock of now is two hours ahead: the server knows better.
#[test]
fn a_clock_that_is_fast_makes_no_ticket_old() {
    hours(made(now() - 7_200, None).age_at(Some(at(now() - 7_200))), 0);
    hours(made(now() - 7_200, None).age_at(Some(at(now() + 7_200))), 2);
    assert_eq!(made(now() - 7_200, None).age_at(Some(at(5))), Duration::ZERO);
}

#[tokio::test]
async fn the_ticket_of_an_error_is_dated_by_the_server_once_it_has_told_its_clock() {
    use crate::fixtures_support::{Reply, eager, play};
    for dated in [false, true] {
        let server = httpmock::MockServer::start_async().await;
        let reply = |status, date| Reply::new(status, "<html>").header("date", date);
        let replies = match dated {
            false => vec![reply(502, "no date")],
            true => vec![reply(502, "Tue, 03 Mar 2026 00:00:00 GMT")],
        };
        play(&server, replies);
        let client = eager(&server);
        let error = client.call(pay()).await.unwrap_err();
        let ticket = serde_json::to_value(error.ticket().unwrap()).unwrap();
        let date = ticket.get("server_made_at").and_then(Value::as_u64);
        // 2026-03-03, and what the call took since.
        let expected = dated.then_some(1_772_496_000);
        assert_eq!(date.map(|date| date / 600), expected.map(|date| date / 600), "{ticket}");
    }
}
