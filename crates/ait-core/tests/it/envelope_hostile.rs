//! Bodies nobody should send. None of them may pass for a success, nor for a proof that nothing was done.

use std::time::Duration;

use crate::fixtures_support::{LISTED, ReadIt, Reply, SETTLED_BY, WriteIt, answered, logged, sample};
use ait_core::{Endpoint, Envelope, Host, Kind, Outcome, Safety, http::Method};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const STATUSES: [u16; 4] = [200, 400, 429, 500];

/// A write must be in doubt: neither done nor refused.
async fn leaves_doubt(name: &str, body: impl AsRef<[u8]>) {
    for status in STATUSES {
        let error = match answered(WriteIt::default(), Reply::new(status, body.as_ref())).await {
            Err(error) => error,
            Ok(_) => panic!("{name}, HTTP {status}: taken for a success"),
        };
        assert_eq!(error.outcome(), Outcome::Unknown, "{name}, HTTP {status}: {error}");
        assert_eq!(error.settled_by(), Some(SETTLED_BY), "{name}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status), "{name}");
        assert!(!error.is_safe_to_resend(), "{name}");
        assert!(answered(ReadIt::default(), Reply::new(status, body.as_ref())).await.is_err(), "{name}");
    }
}

fn success() -> String {
    json!({ "resultType": "SUCCESS", "success": { "sample": "data" } }).to_string()
}

#[tokio::test]
async fn what_is_no_envelope_leaves_doubt_and_is_kept_for_whoever_asks() {
    let html = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
    let bodies =
        ["", " \r\n\t ", html, "null", "[]", "\"x\"", "0", "true", "{", "{}", "\0", "SUCCESS", "\"SUCCESS\""];
    for body in bodies {
        leaves_doubt(body, body).await;
        let error = answered(WriteIt::default(), Reply::new(502, body)).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Decode, "{body:?}");
        assert_eq!(error.expose_body(), Some(body.as_bytes()), "{body:?}");
        assert!(error.to_string().contains("not the documented form: it is "), "{body:?}: {error}");
    }
}

#[tokio::test]
async fn a_success_cut_short_anywhere_is_none() {
    let whole = success();
    for end in 0..whole.len() {
        let error = answered(WriteIt::default(), Reply::new(200, &whole[..end])).await.unwrap_err();
        assert_eq!((error.outcome(), error.kind()), (Outcome::Unknown, Kind::Decode), "{}", &whole[..end]);
    }
    assert_eq!(answered(WriteIt::default(), Reply::new(200, &whole)).await.unwrap(), sample());
}

#[tokio::test]
async fn a_list_is_no_envelope() {
    leaves_doubt("list", r#"["SUCCESS",{"sample":"data"}]"#).await;
    leaves_doubt("list in a list", format!("[{}]", success())).await;
    leaves_doubt("list of a failure", r#"["FAIL",null,{"errorCode":"4010"}]"#).await;
}

#[tokio::test]
async fn members_that_come_twice_leave_doubt() {
    for (name, body) in [
        ("fail first", r#"{"resultType":"FAIL","resultType":"SUCCESS","success":{"sample":"data"}}"#),
        ("success first", r#"{"resultType":"SUCCESS","resultType":"FAIL","success":{"sample":"data"}}"#),
        ("escaped", r#"{"resultType":"FAIL","result\u0054ype":"SUCCESS","success":{"sample":"data"}}"#),
        ("around", r#"{"resultType":"SUCCESS","success":{"sample":"data"},"resultType":"FAIL"}"#),
        ("payload", r#"{"resultType":"SUCCESS","success":{"sample":"a"},"success":{"sample":"b"}}"#),
        ("error", r#"{"resultType":"FAIL","error":{"errorCode":"4010"},"error":{"errorCode":"X"}}"#),
        ("refused, then not", r#"{"resultType":"FAIL","error":{"errorCode":"4010"},"resultType":"SUCCESS"}"#),
    ] {
        leaves_doubt(name, body).await;
    }
}

#[tokio::test]
async fn result_types_that_only_look_like_success_leave_doubt() {
    for result_type in [
        json!("success"),
        json!("Success"),
        json!("SUCCESS "),
        json!(" SUCCESS"),
        json!("SUCCESS\u{0}"),
        json!("ＳＵＣＣＥＳＳ"),
        json!("SUCCES"),
        json!("SUCCESSFUL"),
        json!(""),
        json!("OK"),
        json!("FAIL"),
        json!(null),
        json!(0),
        json!(200),
        json!(true),
        json!(["SUCCESS"]),
        json!({ "SUCCESS": true }),
    ] {
        let body = json!({ "resultType": result_type, "success": { "sample": "data" } });
        leaves_doubt(&body.to_string(), body.to_string()).await;
    }
    for body in [
        json!({ "success": { "sample": "data" } }),
        json!({ "ResultType": "SUCCESS", "success": { "sample": "data" } }),
        json!({ "result_type": "SUCCESS", "success": { "sample": "data" } }),
        json!({ "sample": "data" }),
        json!({ "code": 0, "success": { "sample": "data" } }),
    ] {
        leaves_doubt(&body.to_string(), body.to_string()).await;
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_leave_doubt() {
    leaves_doubt("latin", b"{\"resultType\":\"SUCCESS\",\"success\":{\"sample\":\"caf\xe9\"}}").await;
    leaves_doubt("in the type", b"{\"resultType\":\"SUCCESS\xff\",\"success\":{\"sample\":\"x\"}}").await;
    let unread = b"{\"resultType\":\"FAIL\",\"error\":{\"errorCode\":\"4010\"},\"more\":\"\xff\"}";
    leaves_doubt("where nobody reads", unread).await;
    leaves_doubt("half a surrogate", r#"{"resultType":"SUCCESS","success":{"sample":"\ud800"}}"#).await;
    let utf16: Vec<u8> = success().encode_utf16().flat_map(u16::to_le_bytes).collect();
    leaves_doubt("utf-16", utf16).await;
    // A byte order mark is not JSON. Reading it would be kind; calling it a refusal would not.
    leaves_doubt("bom", format!("\u{feff}{}", success())).await;
    leaves_doubt("compressed", [0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0]).await;
    leaves_doubt("more behind", format!("{}{}", success(), success())).await;
}

#[tokio::test]
async fn deep_nesting_breaks_nothing() {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
    let (lists, objects) = (deep("[", "]"), deep("{\"a\":", "}"));
    for nest in [&lists, &objects] {
        leaves_doubt("alone", nest).await;
        leaves_doubt("payload", format!(r#"{{"resultType":"FAIL","success":{nest}}}"#)).await;
        leaves_doubt("error", format!(r#"{{"resultType":"FAIL","error":{nest}}}"#)).await;
        leaves_doubt("data", format!(r#"{{"resultType":"FAIL","error":{{"errorCode":"X","data":{nest}}}}}"#))
            .await;
        leaves_doubt("not closed", format!(r#"{{"resultType":"SUCCESS","success":{}"#, &nest[..10_000]))
            .await;
        // Said to be done; the payload is no payload.
        let body = format!(r#"{{"resultType":"SUCCESS","success":{nest}}}"#);
        let error = answered(WriteIt::default(), Reply::new(200, body)).await.unwrap_err();
        assert!(error.outcome() >= Outcome::Unknown, "{error}");
        // A member nobody knows may be as deep as it likes.
        let body = format!(r#"{{"resultType":"SUCCESS","success":{{"sample":"data"}},"more":{nest}}}"#);
        assert_eq!(answered(WriteIt::default(), Reply::new(200, body)).await.unwrap(), sample());
    }
}

#[tokio::test]
async fn huge_bodies_break_nothing() {
    let mut members = String::new();
    for number in 0..60_000 {
        members.push_str(&format!(r#""key{number:06}":{number},"#));
    }
    assert!(members.len() > 1_000_000);
    leaves_doubt("keys", format!(r#"{{{members}"last":0}}"#)).await;
    leaves_doubt(
        "keys in a failure",
        format!(r#"{{"resultType":"FAIL","error":{{{members}"errorCode":"X"}}}}"#),
    )
    .await;
    let body = format!(r#"{{{members}"resultType":"SUCCESS","success":{{"sample":"data"}}}}"#);
    assert_eq!(answered(WriteIt::default(), Reply::new(200, body)).await.unwrap(), sample());

    let digits = "9".repeat(100_000);
    leaves_doubt("digits", format!(r#"{{"resultType":{digits},"success":{{"sample":"data"}}}}"#)).await;
    leaves_doubt("digits as code", format!(r#"{{"resultType":"FAIL","error":{{"errorCode":{digits}}}}}"#))
        .await;
    leaves_doubt("exponent", r#"{"resultType":"FAIL","error":{"errorCode":1e999999999}}"#).await;
    leaves_doubt("text as code", format!(r#"{{"resultType":"FAIL","error":{{"errorCode":"{digits}"}}}}"#))
        .await;
}

#[tokio::test]
async fn a_body_beyond_the_cap_leaves_doubt_and_is_not_kept() {
    let body = format!(
        r#"{{"resultType":"FAIL","error":{{"errorCode":"4010","reason":"{}"}}}}"#,
        "x".repeat(3 << 20)
    );
    let error = answered(WriteIt::default(), Reply::new(200, body)).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Decode, Outcome::Unknown), "{error}");
    assert_eq!(error.expose_body(), None);
    assert!(error.to_string().contains("longer than 2097152 bytes"), "{error}");
}

#[tokio::test]
async fn codes_of_other_types_are_read_if_they_mean_one() {
    let fail = |code: Value| json!({ "resultType": "FAIL", "error": { "errorCode": code } }).to_string();
    for (code, read, outcome) in [
        (json!(LISTED), Some(LISTED), Outcome::Refused),
        (json!("4010"), Some("4010"), Outcome::Refused),
        (json!(4010), Some("4010"), Outcome::Refused),
        (json!(-7), Some("-7"), Outcome::Unknown),
        (json!(""), Some(""), Outcome::Unknown),
        (json!(true), None, Outcome::Unknown),
        (json!({ "errorCode": "4010" }), None, Outcome::Unknown),
        (json!(["4010"]), None, Outcome::Unknown),
        (json!(null), None, Outcome::Unknown),
    ] {
        let error = answered(WriteIt::default(), Reply::new(200, fail(code.clone()))).await.unwrap_err();
        assert_eq!((error.code(), error.outcome()), (read, outcome), "{code}");
        assert_eq!((error.kind(), error.result_type()), (Kind::Api, Some("FAIL")), "{code}");
    }
    for error in [json!(17), json!(true), json!(["4010"]), json!(null), json!({})] {
        let body = json!({ "resultType": "FAIL", "error": error }).to_string();
        let error = answered(WriteIt::default(), Reply::new(200, body)).await.unwrap_err();
        assert_eq!((error.outcome(), error.code()), (Outcome::Unknown, None), "{error}");
    }
}

#[tokio::test]
async fn odd_details_do_not_hide_a_failure() {
    for data in [
        json!(null),
        json!("x"),
        json!([1]),
        json!({ "errorDetails": null }),
        json!({ "errorDetails": {} }),
        json!({ "errorDetails": [null, 1, "x", {}, { "field": null }, { "message": "no field" }] }),
    ] {
        let body =
            json!({ "resultType": "FAIL", "error": { "errorCode": "4010", "data": data } }).to_string();
        let error = answered(WriteIt::default(), Reply::new(400, body)).await.unwrap_err();
        assert_eq!(
            (error.outcome(), error.code(), error.fields().len()),
            (Outcome::Refused, Some("4010"), 0),
            "{data}"
        );
    }
}

#[tokio::test]
async fn a_success_that_cannot_be_read_was_done_and_names_the_place() {
    const CANARY: &str = "010-CANARY-5678";
    for (payload, path, expected) in [
        (json!({ "sample": { "phone": CANARY } }), "`success.sample`", "expected a string"),
        (json!({ "sample": [CANARY] }), "`success.sample`", "expected a string"),
        (json!({ "phone": CANARY }), "`success`", "missing field `sample`"),
        (json!(CANARY), "`success`", "expected struct Sample"),
        (json!(null), "`.`", "missing field `success`"),
    ] {
        let body = json!({ "resultType": "SUCCESS", "success": payload }).to_string();
        let error = answered(WriteIt::default(), Reply::new(200, &body)).await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (Kind::Decode, Outcome::Done), "{body}");
        assert_eq!(error.settled_by(), Some(SETTLED_BY));
        assert_eq!(error.expose_body(), Some(body.as_bytes()));
        let message = error.to_string();
        assert!(message.contains("could not be read") && message.contains("it was done"), "{message}");
        let log = logged(&error);
        assert!(log.contains(path) && log.contains(expected), "{body}: {log}");
        assert!(!log.contains(CANARY), "{log}");
    }
    let error =
        answered(WriteIt::default(), Reply::new(200, r#"{"resultType":"SUCCESS"}"#)).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Done);
    assert!(logged(&error).contains("missing field `success`"), "{}", logged(&error));
}

/// An endpoint whose answer is a `T`.
struct Answers<T>(std::marker::PhantomData<fn() -> T>);

impl<T: DeserializeOwned> Endpoint for Answers<T> {
    const NAME: &'static str = "demo.answers";
    const METHOD: Method = Method::GET;
    const HOST: Host = Host::APPS_IN_TOSS;
    const PATH: &'static str = "/answers";
    const SAFETY: Safety<Self> = Safety::Once { settled_by: SETTLED_BY };
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Envelope;
    type Response = T;

    fn body(&self) -> Option<impl serde::Serialize> {
        None::<()>
    }
}

async fn reads<T: DeserializeOwned + Send>(body: &str) -> Result<T, ait_core::Error> {
    answered(Answers(std::marker::PhantomData), Reply::new(200, body)).await
}

#[tokio::test]
async fn a_payload_may_be_no_object_or_not_there_at_all() {
    let (none, null) = (r#"{"resultType":"SUCCESS"}"#, r#"{"resultType":"SUCCESS","success":null}"#);
    let (text, flag) =
        (r#"{"success":"PENDING","resultType":"SUCCESS"}"#, r#"{"resultType":"SUCCESS","success":true}"#);
    assert_eq!(reads::<String>(text).await.unwrap(), "PENDING");
    assert!(reads::<bool>(flag).await.unwrap());
    for body in [none, null] {
        reads::<()>(body).await.unwrap();
        assert_eq!(reads::<Option<String>>(body).await.unwrap(), None);
        assert_eq!(reads::<String>(body).await.unwrap_err().outcome(), Outcome::Done, "{body}");
    }
    assert_eq!(reads::<Option<String>>(text).await.unwrap().as_deref(), Some("PENDING"));
}

/// Who answered, and in what: a proxy that compresses, a server that writes UTF-16, a page.
#[tokio::test]
async fn what_is_not_the_documented_form_is_named() {
    let plain = success();
    let marked = format!("\u{feff}{plain}").into_bytes();
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(plain.bytes().flat_map(|byte| [byte, 0])).collect();
    let gzip = b"\x1f\x8b\x08\x00\x00".to_vec();
    for (body, head, words) in [
        (
            gzip.clone(),
            Some(("content-encoding", "gzip")),
            "it is compressed (gzip), although this client asks",
        ),
        (vec![7; 20], Some(("content-encoding", "br")), "it is compressed (br), although"),
        (gzip, None, "it is compressed (gzip), and its head does not say so"),
        (marked, None, "it begins with a byte order mark (UTF-8)"),
        (utf16, None, "it is in UTF-16"),
        (Vec::new(), None, "it is empty"),
        (b"<html>".to_vec(), None, "it is a page of HTML or XML"),
        (b"hello".to_vec(), Some(("content-type", "text/plain")), "it is `text/plain`"),
        (b"{}".to_vec(), Some(("content-type", "application/json")), "it is no JSON, or has other members"),
    ] {
        let mut reply = Reply::new(200, &body);
        if let Some((name, value)) = head {
            reply = reply.header(name, value);
        }
        let error = answered(WriteIt::default(), reply).await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (Kind::Decode, Outcome::Unknown), "{words}: {error}");
        assert!(error.to_string().contains(words), "{words}: {error}");
    }
}
