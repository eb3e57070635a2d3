//! An answer that says that it worked is held against the request.

use std::time::Duration;

use ait_core::{
    Dialect, Endpoint, Envelope, Error, Flat, Host, IdempotencyKey, Kind, Mismatch, Outcome, Payload, Safety,
    http::Method, lenient,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::fixtures_support::{Reply, answered};

/// A payment of `order`, in either form.
struct Pay<D> {
    key: IdempotencyKey,
    dialect: std::marker::PhantomData<fn() -> D>,
}

impl<D> Default for Pay<D> {
    fn default() -> Self {
        Self { key: IdempotencyKey::new("order-18").unwrap(), dialect: std::marker::PhantomData }
    }
}

#[derive(Debug, Deserialize)]
struct Paid {
    order: String,
    #[serde(default, deserialize_with = "lenient::optional")]
    amount: Option<u32>,
}

impl<D: Dialect> Endpoint for Pay<D> {
    const NAME: &'static str = "test.pay";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::new("localhost");
    const PATH: &'static str = "/pay";
    const SAFETY: Safety<Self> = Safety::Keyed { key: |call| &call.key, settled_by: Some("test.look") };
    const REFUSALS: &'static [&'static str] = &["NO_MONEY"];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = D;
    type Response = Paid;

    fn body(&self) -> Option<impl Serialize> {
        None::<()>
    }

    fn verify(&self, payload: &Payload<'_>) -> Result<(), Mismatch> {
        payload.same("order", &"18".to_owned())?;
        payload.same_if_given("amount", &100_u32)?;
        payload.one_of("status", &["DONE"], "does not say that it was paid")?;
        payload.none("failure", "says that the payment failed")
    }
}

async fn flat(body: &Value) -> Result<Paid, Error> {
    answered(Pay::<Flat>::default(), Reply::new(200, body.to_string())).await
}

async fn wrapped(body: &Value) -> Result<Paid, Error> {
    let body = json!({ "resultType": "SUCCESS", "success": body }).to_string();
    answered(Pay::<Envelope>::default(), Reply::new(200, body)).await
}

#[tokio::test]
async fn what_fits_is_a_success() {
    for (body, amount) in [
        (json!({ "order": "18", "status": "DONE", "amount": 100, "failure": null }), Some(100)),
        (json!({ "order": "18", "status": "DONE", "more": {} }), None),
    ] {
        assert_eq!(flat(&body).await.unwrap().order, "18");
        assert_eq!(wrapped(&body).await.unwrap().amount, amount);
    }
}

#[tokio::test]
async fn what_does_not_fit_names_the_field_and_never_the_value() {
    for (body, field) in [
        (json!({ "order": "SECRET", "status": "DONE" }), "order"),
        (json!({ "order": "18", "status": "SECRET" }), "status"),
        (json!({ "order": "18" }), "status"),
        (json!({ "order": "18", "status": null }), "status"),
        (json!({ "order": "18", "status": "DONE", "amount": 99 }), "amount"),
        (json!({ "order": "18", "status": "DONE", "failure": { "code": "SECRET" } }), "failure"),
        (json!({ "order": "18", "status": "DONE", "failure": {} }), "failure"),
    ] {
        for error in [flat(&body).await.unwrap_err(), wrapped(&body).await.unwrap_err()] {
            assert_eq!(
                (error.kind(), error.outcome()),
                (Kind::Mismatch, Outcome::Unknown),
                "{body}: {error}"
            );
            let line = error.to_string();
            assert!(line.contains(&format!("`{field}`")) && !line.contains("SECRET"), "{line}");
            assert!(line.contains("the idempotency key may have been used before"), "{line}");
            assert!(line.contains("outcome unknown, ask test.look"), "{line}");
            assert!(!format!("{error:?}").contains("SECRET"), "{error:?}");
            assert_eq!(error.settled_by(), Some("test.look"));
        }
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_proves_what_it_names() {
    let proves = json!({ "order": "18", "status": "DONE", "amount": 100, "unread": 1 });
    for (change, outcome) in [
        (json!({ "amount": 100 }), None),
        (json!({ "order": ["18"] }), Some(Outcome::Unknown)),
        (json!({ "order": null }), Some(Outcome::Unknown)),
        (json!({ "order": 18 }), Some(Outcome::Unknown)),
    ] {
        let mut body = proves.clone();
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        for result in [flat(&body).await, wrapped(&body).await] {
            assert_eq!(result.err().map(|error| error.outcome()), outcome, "{body}");
        }
    }
}

/// A payment whose answer has more than its proof.
struct Detailed(Pay<Flat>);

#[derive(Debug, Deserialize)]
struct Details {
    #[allow(dead_code, reason = "it never can be read here")]
    card: u8,
}

impl Endpoint for Detailed {
    const NAME: &'static str = "test.pay";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::new("localhost");
    const PATH: &'static str = "/pay";
    const SAFETY: Safety<Self> = Safety::Once { settled_by: "test.look" };
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Flat;
    type Response = Details;

    fn body(&self) -> Option<impl Serialize> {
        None::<()>
    }

    fn verify(&self, payload: &Payload<'_>) -> Result<(), Mismatch> {
        self.0.verify(payload)
    }
}

#[tokio::test]
async fn a_flat_answer_was_done_if_all_but_a_detail_proves_it() {
    let proof = json!({ "order": "18", "status": "DONE", "card": "CANARY" });
    for (change, outcome) in [
        (json!({}), Outcome::Done),
        (json!({ "card": null }), Outcome::Done),
        (json!({ "order": "19" }), Outcome::Unknown),
        (json!({ "status": "ABORTED" }), Outcome::Unknown),
        (json!({ "failure": { "code": "X" } }), Outcome::Unknown),
        (json!({ "code": "REJECT", "message": "words" }), Outcome::Unknown),
    ] {
        let mut body = proof.clone();
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        let error = answered(Detailed(Pay::default()), Reply::new(200, body.to_string())).await.unwrap_err();
        assert_eq!(error.outcome(), outcome, "{body}: {error}");
        assert!(!error.to_string().contains("CANARY"), "{error}");
    }
    let twice = r#"{"order":"18","status":"DONE","status":"ABORTED","card":"x"}"#;
    let error = answered(Detailed(Pay::default()), Reply::new(200, twice)).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown, "a member that comes twice is no proof");
}

#[tokio::test]
async fn a_failure_in_the_payload_or_beside_it_is_none_of_a_success() {
    let paid = json!({ "order": "18", "status": "DONE" });
    let inside = |more: Value| {
        let mut payload = paid.clone();
        payload.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "resultType": "SUCCESS", "success": payload })
    };
    let beside = |more: Value| {
        let mut body = json!({ "resultType": "SUCCESS", "success": paid });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let failed = [
        json!({ "code": 1 }),
        json!({ "code": -1, "msg": "words" }),
        json!({ "code": "1" }),
        json!({ "errorCode": "NO_MONEY" }),
        json!({ "code": 0, "errorCode": "NO_MONEY" }),
    ];
    for more in failed {
        let error = answered(Pay::<Envelope>::default(), Reply::new(200, inside(more.clone()).to_string()));
        let error = error.await.unwrap_err();
        let listed = more["errorCode"] == "NO_MONEY";
        let outcome = if listed { Outcome::Refused } else { Outcome::Unknown };
        assert_eq!((error.kind(), error.outcome()), (Kind::Api, outcome), "{more}: {error}");

        let error = answered(Pay::<Envelope>::default(), Reply::new(200, beside(more.clone()).to_string()));
        let error = error.await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (Kind::Api, Outcome::Unknown), "{more}: {error}");
    }
    let escaped = r#"{"resultType":"SUCCESS","success":{"order":"18","status":"DONE","c\u006fde":1}}"#;
    let error = answered(Pay::<Envelope>::default(), Reply::new(200, escaped)).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    for fine in [json!({ "code": 0 }), json!({ "code": null, "errorCode": "" }), json!({ "msg": "paid" })] {
        for body in [inside(fine.clone()), beside(fine)] {
            answered(Pay::<Envelope>::default(), Reply::new(200, body.to_string())).await.unwrap();
        }
    }
}

#[tokio::test]
async fn the_older_form_of_toss_pay_tells_its_reason() {
    let body = json!({ "code": -1, "msg": "잔액이 부족합니다" }).to_string();
    let error = answered(Pay::<Envelope>::default(), Reply::new(200, body)).await.unwrap_err();
    assert_eq!((error.code(), error.reason()), (Some("-1"), Some("잔액이 부족합니다")));
    assert_eq!(error.outcome(), Outcome::Unknown);
}
