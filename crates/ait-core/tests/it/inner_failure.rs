//! A failure inside a SUCCESS answer: never a success, and refused only by a code of the endpoint's own.

use std::time::Duration;

use crate::fixtures_support::{LISTED, Reply, SETTLED_BY, answered};
use ait_core::{Endpoint, Envelope, Error, Host, InnerFailure, Kind, Outcome, Safety, http::Method};
use serde::Deserialize;
use serde_json::{Value, json};

/// A call that moves money and whose answer may speak against itself.
struct Pay;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Paid {
    id: u32,
    code: Option<i64>,
    error_code: Option<String>,
    msg: Option<String>,
}

impl Endpoint for Pay {
    const NAME: &'static str = "demo.pay";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::APPS_IN_TOSS;
    const PATH: &'static str = "/pay";
    const SAFETY: Safety<Self> = Safety::Once { settled_by: SETTLED_BY };
    const REFUSALS: &'static [&'static str] = &[LISTED];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Envelope;
    type Response = Paid;

    fn body(&self) -> Option<impl serde::Serialize> {
        None::<()>
    }

    fn inner_failure(&self, paid: &Paid) -> Option<InnerFailure> {
        InnerFailure::found(paid.code, paid.error_code.as_deref(), paid.msg.as_deref())
    }
}

async fn pay(payload: &Value) -> Result<Paid, Error> {
    let body = json!({ "resultType": "SUCCESS", "success": payload });
    answered(Pay, Reply::new(200, body.to_string())).await
}

/// The same members in an answer that fits its type and in one that lacks everything else.
async fn failed(members: &Value) -> [Error; 2] {
    let mut whole = members.clone();
    whole["id"] = json!(7);
    [pay(&whole).await.unwrap_err(), pay(members).await.unwrap_err()]
}

#[tokio::test]
async fn a_code_inside_is_told_and_leaves_doubt() {
    for (members, code, reason) in [
        (json!({ "code": -1 }), "-1", None),
        (json!({ "code": 1, "errorCode": "", "msg": "" }), "1", None),
        (json!({ "code": 0, "errorCode": "E", "msg": "words" }), "E", Some("words")),
        (json!({ "code": 1, "errorCode": "E" }), "E", None),
        // What the gateway would say before the product was reached is not said in here.
        (json!({ "errorCode": "4010" }), "4010", None),
        (json!({ "errorCode": "4095" }), "4095", None),
        (json!({ "errorCode": "INVALID_PARAMETER" }), "INVALID_PARAMETER", None),
    ] {
        for error in failed(&members).await {
            assert_eq!((error.kind(), error.outcome()), (Kind::Api, Outcome::Unknown), "{members}");
            assert_eq!((error.code(), error.reason()), (Some(code), reason), "{members}");
            assert_eq!((error.result_type(), error.attempts()), (Some("SUCCESS"), 1), "{members}");
            assert_eq!(error.settled_by(), Some(SETTLED_BY), "{members}");
        }
    }
}

#[tokio::test]
async fn a_listed_code_inside_is_a_refusal() {
    for error in failed(&json!({ "errorCode": LISTED, "msg": "words" })).await {
        assert_eq!((error.outcome(), error.code()), (Outcome::Refused, Some(LISTED)));
    }
}

#[tokio::test]
async fn a_code_that_says_nothing_is_no_failure() {
    for (code, error_code) in [(json!(null), json!(null)), (json!(0), json!("")), (json!(0), json!(null))] {
        let paid = pay(&json!({ "id": 7, "code": code, "errorCode": error_code })).await.unwrap();
        assert_eq!(paid.id, 7);
    }
    // The same where the rest is missing: it was done, and the rest could not be read.
    for said in
        [json!({}), json!({ "code": 0 }), json!({ "code": "0", "errorCode": "" }), json!({ "code": false })]
    {
        let error = pay(&said).await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (Kind::Decode, Outcome::Done), "{said}");
    }
}

#[tokio::test]
async fn a_code_of_an_odd_shape_is_a_failure_without_a_name() {
    for code in [json!(true), json!([]), json!({})] {
        for members in [json!({ "code": code }), json!({ "errorCode": code })] {
            let error = pay(&members).await.unwrap_err();
            let found = (error.kind(), error.outcome(), error.code());
            assert_eq!(found, (Kind::Api, Outcome::Unknown, None), "{members}");
        }
    }
    let twice = r#"{"resultType":"SUCCESS","success":{"errorCode":"LISTED_REFUSAL","errorCode":"E"}}"#;
    let error = answered(Pay, Reply::new(200, twice)).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome(), error.code()), (Kind::Api, Outcome::Unknown, None));
}

#[tokio::test]
async fn a_success_with_an_error_beside_it_is_neither() {
    let body = json!({ "resultType": "SUCCESS", "success": { "id": 7 }, "error": { "errorCode": "E" } });
    let error = answered(Pay, Reply::new(200, body.to_string())).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome(), error.code()), (Kind::Api, Outcome::Unknown, Some("E")));
    // Without a payload it is no FAIL either.
    for code in [LISTED, "4010"] {
        let body = json!({ "resultType": "SUCCESS", "error": { "errorCode": code } });
        let error = answered(Pay, Reply::new(200, body.to_string())).await.unwrap_err();
        assert_eq!((error.outcome(), error.code()), (Outcome::Unknown, Some(code)), "{body}");
    }
}
