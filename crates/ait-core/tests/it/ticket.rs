//! What is stored to find out later, and read by another release.

use std::time::Duration;

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
