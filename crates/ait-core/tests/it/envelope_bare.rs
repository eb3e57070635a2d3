//! Failures without an envelope: their words are read, and prove only what their form proves.

use std::time::Duration;

use crate::fixtures_support::{FlatWrite, LISTED, ReadIt, Reply, SETTLED_BY, WriteIt, answered};
use ait_core::{Error, Kind, Outcome};
use serde_json::{Value, json};

const STATUSES: [u16; 4] = [200, 400, 404, 500];

async fn wrote(status: u16, body: &Value) -> Error {
    answered(WriteIt::default(), Reply::new(status, body.to_string())).await.unwrap_err()
}

/// The forms in which nothing but the code says whose words they are.
fn bare(code: &Value, words: &str) -> [Value; 8] {
    [
        json!({ "error": { "errorCode": code, "reason": words } }),
        json!({ "error": { "errorCode": code, "message": words } }),
        json!({ "error": { "code": code, "message": words } }),
        json!({ "error": { "code": code, "reason": words }, "resultType": null, "success": null }),
        json!({ "errorCode": code, "message": words }),
        json!({ "errorCode": code, "reason": words }),
        json!({ "code": code, "message": words }),
        json!({ "code": code, "reason": words, "errorCode": null, "resultType": null, "error": null }),
    ]
}

#[tokio::test]
async fn the_words_of_a_bare_failure_are_read_and_prove_nothing_about_a_write() {
    for (code, read) in [
        (json!("INVALID_PARAMETER"), "INVALID_PARAMETER"),
        (json!(LISTED), LISTED),
        (json!("4010"), "4010"),
        (json!(4010), "4010"),
        (json!("4095"), "4095"),
        (json!("invalid_grant"), "invalid_grant"),
        (json!("SOMETHING_ELSE"), "SOMETHING_ELSE"),
    ] {
        for body in bare(&code, "안 됩니다.") {
            for status in STATUSES {
                let error = wrote(status, &body).await;
                let context = format!("{body}, HTTP {status}");
                assert_eq!((error.kind(), error.outcome()), (Kind::Api, Outcome::Unknown), "{context}");
                assert_eq!((error.code(), error.reason()), (Some(read), Some("안 됩니다.")), "{context}");
                assert_eq!((error.result_type(), error.expose_body()), (None, None), "{context}");
                assert_eq!(error.settled_by(), Some(SETTLED_BY), "{context}");
                assert!(!error.is_safe_to_resend(), "{context}");
            }
        }
    }
}

#[tokio::test]
async fn a_read_that_failed_did_nothing_whoever_said_so() {
    for body in bare(&json!("X"), "words") {
        let error = answered(ReadIt::default(), Reply::new(404, body.to_string())).await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (Kind::Api, Outcome::Refused), "{body}");
        assert_eq!((error.code(), error.reason()), (Some("X"), Some("words")), "{body}");
    }
}

#[tokio::test]
async fn with_a_result_type_a_code_in_an_error_object_proves_what_it_is_listed_for() {
    for (body, outcome) in [
        (
            json!({ "resultType": "FAIL", "error": { "errorCode": LISTED, "reason": "words" } }),
            Outcome::Refused,
        ),
        (json!({ "resultType": "FAIL", "error": { "code": LISTED, "message": "words" } }), Outcome::Refused),
        (
            json!({ "resultType": "FAIL", "error": { "errorCode": LISTED, "code": "OTHER", "reason": "words" } }),
            Outcome::Unknown,
        ),
        (json!({ "resultType": "FAIL", "errorCode": LISTED, "reason": "words" }), Outcome::Unknown),
        (json!({ "resultType": "FAIL", "code": LISTED, "message": "words" }), Outcome::Unknown),
        (json!({ "resultType": "FAIL", "code": LISTED, "msg": "words" }), Outcome::Unknown),
        (json!({ "resultType": "FAIL", "error": LISTED, "error_description": "words" }), Outcome::Unknown),
    ] {
        for status in STATUSES {
            let error = wrote(status, &body).await;
            assert_eq!((error.kind(), error.outcome()), (Kind::Api, outcome), "{body}");
            assert_eq!((error.code(), error.reason()), (Some(LISTED), Some("words")), "{body}");
        }
        let other = body.to_string().replace(LISTED, "OTHER");
        let error = answered(WriteIt::default(), Reply::new(200, other)).await.unwrap_err();
        assert_eq!((error.outcome(), error.code()), (Outcome::Unknown, Some("OTHER")), "{body}");
    }
}

#[tokio::test]
async fn the_fields_and_the_wait_of_a_bare_failure_are_read() {
    let data = json!({ "retryAfterSeconds": 7, "errorDetails": [{ "field": "amount", "message": "words" }] });
    let error = wrote(400, &json!({ "error": { "errorCode": "4095", "data": data } })).await;
    assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert_eq!(error.fields()[0].field, "amount");
}

#[tokio::test]
async fn a_single_word_proves_something_if_it_is_the_one_that_is_known() {
    for (word, outcome) in [
        ("invalid_grant", Outcome::Refused),
        (LISTED, Outcome::Unknown),
        ("4010", Outcome::Unknown),
        ("INVALID_PARAMETER", Outcome::Unknown),
        ("Bad Request", Outcome::Unknown),
    ] {
        let error = wrote(400, &json!({ "error": word, "error_description": "words" })).await;
        assert_eq!((error.kind(), error.outcome()), (Kind::Api, outcome), "{word}");
        assert_eq!((error.code(), error.reason()), (Some(word), Some("words")), "{word}");
    }
}

#[tokio::test]
async fn a_code_beside_a_payload_or_an_error_of_no_form_proves_nothing() {
    for body in [
        json!({ "error": { "errorCode": LISTED }, "success": { "sample": "data" } }),
        json!({ "error": true, "errorCode": LISTED }),
        json!({ "error": [LISTED], "code": LISTED }),
        json!({ "error": 17, "errorCode": LISTED }),
        json!({ "errorCode": LISTED, "result": { "sample": "data" } }),
        json!({ "resultType": "FAIL", "errorCode": LISTED, "success": { "sample": "data" } }),
        json!({ "resultType": "INTERRUPTED", "errorCode": LISTED }),
    ] {
        let error = wrote(200, &body).await;
        assert_eq!((error.kind(), error.outcome()), (Kind::Api, Outcome::Unknown), "{body}");
        assert_eq!(error.code(), Some(LISTED), "{body}");
    }
}

#[tokio::test]
async fn a_bare_body_without_a_code_is_no_failure_that_is_known() {
    for body in [
        r#"{"message":"words"}"#,
        r#"{"reason":"words"}"#,
        r#"{"errorCode":null,"message":"words"}"#,
        r#"{"errorCode":{"x":1},"message":"words"}"#,
        r#"{"errorCode":["4010"]}"#,
        r#"{"errorCode":true}"#,
        r#"{"errorCode":"4010","errorCode":"X"}"#,
    ] {
        let error = answered(WriteIt::default(), Reply::new(400, body)).await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (Kind::Decode, Outcome::Unknown), "{body}");
        assert_eq!((error.code(), error.expose_body()), (None, Some(body.as_bytes())), "{body}");
    }
}

#[tokio::test]
async fn in_the_other_form_a_bare_code_is_the_products_own() {
    let body = json!({ "code": LISTED, "message": "words" }).to_string();
    let error = answered(FlatWrite::default(), Reply::new(400, body)).await.unwrap_err();
    assert_eq!(
        (error.outcome(), error.code(), error.reason()),
        (Outcome::Refused, Some(LISTED), Some("words"))
    );
}
