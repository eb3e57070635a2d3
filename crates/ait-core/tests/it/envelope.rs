//! What every documented answer means, for a read and for a write, whatever the HTTP status.

use std::time::Duration;

use crate::fixtures_support::{
    ReadIt, Reply, SETTLED_BY, Sample, WriteIt, answered, eager, fixtures, logged, play, sample,
};
use ait_core::{Error, Kind, Outcome};
use httpmock::MockServer;
use serde_json::Value;

const STATUSES: [u16; 6] = [200, 400, 401, 404, 429, 500];

/// What a documented failure says.
#[derive(Default)]
struct Says {
    code: Option<&'static str>,
    result_type: Option<&'static str>,
    /// For a write. A read that failed did nothing, unless the server itself is in doubt.
    write: Option<Outcome>,
    doubtful: bool,
    fields: &'static [&'static str],
    retry_after: Option<Duration>,
}

fn says(name: &str) -> Says {
    let fail = |code, outcome| Says {
        code: Some(code),
        result_type: Some("FAIL"),
        write: Some(outcome),
        ..Says::default()
    };
    let bare = |code, outcome| Says { result_type: None, ..fail(code, outcome) };
    let odd = |result_type, code| Says {
        code,
        result_type: Some(result_type),
        write: Some(Outcome::Unknown),
        doubtful: true,
        ..Says::default()
    };
    match name {
        "fail" | "fail-full" => fail("INVALID_PARAMETER", Outcome::Refused),
        "fail-numeric-code" | "unauthenticated" => fail("4010", Outcome::Refused),
        "foreign-certificate" => fail("4050", Outcome::Refused),
        "internal-error" => fail("INTERNAL_ERROR", Outcome::Unknown),
        "validation" => Says {
            fields: &["orderNo", "amount", "productDesc"],
            ..fail("INVALID_PARAMETER", Outcome::Refused)
        },
        "rate-limit" => Says { retry_after: Some(Duration::from_secs(30)), ..fail("4095", Outcome::Refused) },
        "invalid-grant" => bare("invalid_grant", Outcome::Refused),
        "fail-code-message" => bare("4109", Outcome::Unknown),
        "bare-code-message" => bare("INTERNAL_ERROR", Outcome::Unknown),
        "result-http-timeout" => odd("HTTP_TIMEOUT", None),
        "result-network-error" => odd("NETWORK_ERROR", None),
        "result-interrupted" => odd("INTERRUPTED", None),
        "result-execution-fail" => odd("EXECUTION_FAIL", Some("EXECUTION_FAIL")),
        "result-internal-error" => odd("INTERNAL_ERROR", Some("INTERNAL_ERROR")),
        _ => panic!("{name}: nobody says what it means"),
    }
}

/// The explanation in a documented failure, wherever it stands.
fn reason(body: &Value) -> Option<&str> {
    let error = &body["error"];
    [&error["reason"], &error["message"], &body["message"]].into_iter().find_map(Value::as_str)
}

fn compare(error: &Error, says: &Says, outcome: Outcome, status: u16, text: &str) {
    let body: Value = serde_json::from_str(text).unwrap();
    let context = format!("HTTP {status} {text}: {error}");
    assert_eq!(error.kind(), Kind::Api, "{context}");
    assert_eq!(error.outcome(), outcome, "{context}");
    assert_eq!(error.code(), says.code, "{context}");
    assert_eq!(error.reason(), reason(&body), "{context}");
    assert_eq!(error.result_type(), says.result_type, "{context}");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(status), "{context}");
    assert_eq!(error.retry_after(), says.retry_after, "{context}");
    let fields: Vec<_> = error.fields().iter().map(|field| field.field.as_str()).collect();
    assert_eq!(fields, says.fields, "{context}");
    assert_eq!(error.is_rate_limited(), status == 429 || says.code == Some("4095"), "{context}");
    assert_eq!(error.expose_body(), None, "{context}: it could be read");
    assert_eq!((error.host(), error.attempts(), error.phase()), (Some("127.0.0.1"), 1, None), "{context}");
    assert!(!error.is_timeout());
}

#[tokio::test]
async fn every_sample_means_the_same_at_every_status() {
    for (name, text) in fixtures().iter().filter(|(name, _)| name != "success") {
        let says = says(name);
        for status in STATUSES {
            let error = answered(ReadIt::default(), Reply::new(status, text)).await.unwrap_err();
            let outcome = if says.doubtful { Outcome::Unknown } else { Outcome::Refused };
            compare(&error, &says, outcome, status, text);
            assert_eq!((error.endpoint(), error.settled_by()), (Some("demo.read"), None));
            assert!(error.is_safe_to_resend(), "a read");

            let error = answered(WriteIt::default(), Reply::new(status, text)).await.unwrap_err();
            let outcome = says.write.unwrap();
            compare(&error, &says, outcome, status, text);
            let settled_by = (outcome == Outcome::Unknown).then_some(SETTLED_BY);
            assert_eq!((error.endpoint(), error.settled_by()), (Some("demo.write"), settled_by));
            assert_eq!(error.is_safe_to_resend(), outcome == Outcome::Refused);
        }
    }
}

#[tokio::test]
async fn success_is_success_at_every_status() {
    let text = serde_json::to_string(&crate::fixtures_support::fixture("success")).unwrap();
    for status in STATUSES {
        assert_eq!(answered(ReadIt::default(), Reply::new(status, &text)).await.unwrap(), sample());
        assert_eq!(answered(WriteIt::default(), Reply::new(status, &text)).await.unwrap(), sample());
    }
}

#[tokio::test]
async fn the_words_about_a_field_are_told_to_the_caller_and_to_no_log() {
    let validation = crate::fixtures_support::fixture("validation");
    let error = answered(WriteIt::default(), Reply::new(400, validation.to_string())).await.unwrap_err();
    let details = validation["error"]["data"]["errorDetails"].as_array().unwrap();
    assert_eq!(error.fields().len(), details.len());
    let log = logged(&error);
    for (field, detail) in error.fields().iter().zip(details) {
        assert_eq!(field.message.as_deref(), detail["message"].as_str());
        assert!(log.contains(&field.field) && !log.contains(detail["message"].as_str().unwrap()), "{log}");
    }
    assert!(!log.contains(details[0]["rejectedValue"].as_str().unwrap()), "{log}");
}

#[tokio::test]
async fn the_message_is_one_line_that_says_what_happened_and_what_to_do() {
    let error = answered(WriteIt::default(), Reply::new(200, fail("4010", "\u{1b}[31m거절\nx"))).await;
    let message = error.unwrap_err().to_string();
    assert!(message.starts_with("demo.write: refused (4010: "), "{message}");
    assert!(!message.contains(['\n', '\u{1b}']) && message.contains("거절"), "{message}");

    let error = answered(WriteIt::default(), Reply::new(200, fail("9999", "?"))).await.unwrap_err();
    assert!(error.to_string().ends_with("; outcome unknown, ask demo.ask"), "{error}");

    let error = answered(WriteIt::default(), Reply::new(200, fail("9999", &"가".repeat(5_000)))).await;
    let error = error.unwrap_err();
    assert!(error.to_string().chars().count() < 400, "{error}");
    assert_eq!(error.reason().unwrap().chars().count(), 5_000, "whole for whoever asks");
}

fn fail(code: &str, reason: &str) -> String {
    serde_json::json!({ "resultType": "FAIL", "error": { "errorCode": code, "reason": reason } }).to_string()
}

#[tokio::test]
async fn listed_refusals_count_for_their_endpoint() {
    for (code, outcome) in [
        (crate::fixtures_support::LISTED, Outcome::Refused),
        ("listed_refusal", Outcome::Unknown),
        ("LISTED_REFUSAL_2", Outcome::Unknown),
    ] {
        let error = answered(WriteIt::default(), Reply::new(200, fail(code, "?"))).await.unwrap_err();
        assert_eq!((error.outcome(), error.code()), (outcome, Some(code)));
    }
}

#[tokio::test]
async fn the_id_for_the_servers_operators_is_kept() {
    for name in ["x-toss-trace-id", "x-tosspayments-trace-id", "x-trace-id", "x-request-id"] {
        let reply = Reply::new(500, fail("X", "?")).header(name, "tr-0017");
        assert_eq!(answered(WriteIt::default(), reply).await.unwrap_err().trace_id(), Some("tr-0017"));
        let reply = Reply::new(502, "<html>").header(name, "tr-0017");
        assert_eq!(answered(WriteIt::default(), reply).await.unwrap_err().trace_id(), Some("tr-0017"));
    }
}

#[tokio::test]
async fn the_wait_comes_from_the_body_or_else_from_the_header() {
    let body = |value: &str| {
        format!(
            r#"{{"resultType":"FAIL","error":{{"errorCode":"4095","data":{{"retryAfterSeconds":{value}}}}}}}"#
        )
    };
    let seconds = |seconds| Some(Duration::from_secs(seconds));
    let cases = [
        ("30", None, seconds(30)),
        ("\"30\"", None, seconds(30)),
        ("30.0", None, seconds(30)),
        ("0", Some("9"), seconds(0)),
        ("null", Some("9"), seconds(9)),
        ("-1", Some("9"), seconds(9)),
        ("-1", None, None),
        ("1e300", None, None),
        ("99999999999999999999999", None, None),
        ("9223372036854775807", None, seconds(i64::MAX as u64)),
        ("\"soon\"", None, None),
        ("true", None, None),
        ("{}", None, None),
        ("[30]", None, None),
        ("null", Some("-9"), None),
        ("null", Some("Wed, 21 Oct 2026 07:28:00 GMT"), seconds(80)),
        ("null", Some("Wed, 21 Oct 2026 07:26:39 GMT"), seconds(0)),
        ("null", Some("Wed, 21 Oct 2026"), None),
        ("null", Some("99999999999999999999999"), None),
    ];
    for (value, header, expected) in cases {
        let mut reply = Reply::new(429, body(value));
        if let Some(header) = header {
            // A date is read by the server's clock, which is not ours.
            reply = reply.header("date", "Wed, 21 Oct 2026 07:26:40 GMT").header("retry-after", header);
        }
        let error = answered(WriteIt::default(), reply).await.unwrap_err();
        assert_eq!(error.retry_after(), expected, "{value}, {header:?}");
        assert_eq!((error.code(), error.outcome()), (Some("4095"), Outcome::Refused), "{value}");
    }
}

#[tokio::test]
async fn a_wait_beyond_the_deadline_is_not_waited_for() {
    let server = MockServer::start_async().await;
    let body = crate::fixtures_support::fixture("rate-limit").to_string();
    let seen = play(&server, vec![Reply::new(429, body)]);
    let error = eager(&server).call(ReadIt::default()).await.unwrap_err();
    assert_eq!((seen.lock().unwrap().len(), error.attempts()), (1, 1), "30 s do not fit into 20 s");
}

#[tokio::test]
async fn a_read_is_asked_again_over_a_doubt_and_a_write_is_not() {
    let success = crate::fixtures_support::fixture("success").to_string();
    for (name, text) in fixtures().iter().filter(|(name, _)| name.starts_with("result-")) {
        let replies = || vec![Reply::new(200, text), Reply::new(200, &success)];
        let server = MockServer::start_async().await;
        let seen = play(&server, replies());
        assert_eq!(eager(&server).call(ReadIt::default()).await.unwrap(), sample(), "{name}");
        assert_eq!(seen.lock().unwrap().len(), 2, "{name}");

        let server = MockServer::start_async().await;
        let seen = play(&server, replies());
        let answer: Result<Sample, Error> = eager(&server).call(WriteIt::default()).await;
        assert_eq!(answer.unwrap_err().outcome(), Outcome::Unknown, "{name}");
        assert_eq!(seen.lock().unwrap().len(), 1, "{name}: never sent twice");
    }
}
