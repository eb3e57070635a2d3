//! The other form of answers, and calls that carry an idempotency key.

use std::time::Duration;

use crate::fixtures_support::{
    FlatKeyed, FlatRead, FlatWrite, LISTED, ReadIt, Reply, Request, SETTLED_BY, Sample, Seen, WriteIt,
    answered, eager, logged, play, sample,
};
use ait_core::{Client, Error, IdempotencyKey, Kind, Outcome, RetryPolicy};
use httpmock::MockServer;
use serde_json::json;

fn said(code: &str) -> String {
    json!({ "code": code, "message": "안 됩니다." }).to_string()
}

fn payload() -> String {
    serde_json::to_string(&sample()).unwrap()
}

#[tokio::test]
async fn the_payload_stands_alone_and_the_status_tells_success() {
    for status in [200, 201, 202, 299] {
        assert_eq!(answered(FlatRead::default(), Reply::new(status, payload())).await.unwrap(), sample());
        assert_eq!(answered(FlatWrite::default(), Reply::new(status, payload())).await.unwrap(), sample());
    }
    for status in [300, 302, 400, 404, 500] {
        let error = answered(FlatWrite::default(), Reply::new(status, payload())).await.unwrap_err();
        assert_eq!((error.outcome(), error.kind()), (Outcome::Unknown, Kind::Decode), "HTTP {status}");
    }
}

#[tokio::test]
async fn a_failure_is_a_code_and_a_message() {
    for status in [302, 400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 599] {
        for (code, write) in [
            (LISTED, Outcome::Refused),
            ("INVALID_REQUEST", Outcome::Refused),
            ("UNAUTHORIZED_KEY", Outcome::Refused),
            ("INVALID_API_KEY", Outcome::Refused),
            ("INVALID_IDEMPOTENCY_KEY", Outcome::Refused),
            ("INCORRECT_BASIC_AUTH_FORMAT", Outcome::Refused),
            // The answer to a second request, after a first one that worked.
            ("FORBIDDEN_CONSECUTIVE_REQUEST", Outcome::Unknown),
            ("PROVIDER_ERROR", Outcome::Unknown),
            ("ALREADY_PROCESSED_PAYMENT", Outcome::Unknown),
            // Those of the other form prove nothing here.
            ("4010", Outcome::Unknown),
            ("INVALID_PARAMETER", Outcome::Unknown),
        ] {
            // A server that broke down or is still at it may have done it, whatever its code.
            let proves = matches!(status, 400..=407 | 410..=428);
            let write = if proves { write } else { Outcome::Unknown };
            let error = answered(FlatWrite::default(), Reply::new(status, said(code))).await.unwrap_err();
            assert_eq!((error.kind(), error.outcome()), (Kind::Api, write), "{code}, HTTP {status}");
            assert_eq!((error.code(), error.reason()), (Some(code), Some("안 됩니다.")));
            assert_eq!((error.result_type(), error.status().unwrap().as_u16()), (None, status));
            assert_eq!(error.settled_by(), (write == Outcome::Unknown).then_some(SETTLED_BY));
            let error = answered(FlatKeyed::default(), Reply::new(status, said(code))).await.unwrap_err();
            assert_eq!((error.outcome(), error.code()), (write, Some(code)), "keyed, HTTP {status}");
            let error = answered(FlatRead::default(), Reply::new(status, said(code))).await.unwrap_err();
            assert_eq!((error.outcome(), error.code()), (Outcome::Refused, Some(code)));
        }
    }
}

#[tokio::test]
async fn a_code_in_the_form_of_others_proves_nothing() {
    for body in [
        json!({ "error": { "code": LISTED, "message": "?" } }),
        json!({ "error": { "errorCode": LISTED } }),
        json!({ "error": LISTED }),
        json!({ "error": {}, "code": LISTED }),
        json!({ "error": "x", "code": LISTED }),
    ] {
        for status in [400, 403, 404] {
            let error =
                answered(FlatWrite::default(), Reply::new(status, body.to_string())).await.unwrap_err();
            assert_eq!(error.outcome(), Outcome::Unknown, "{body}, HTTP {status}");
        }
    }
    for (body, outcome) in [
        (json!({ "code": LISTED, "message": "words", "error": null }), Outcome::Refused),
        (json!({ "code": LISTED, "error": null }), Outcome::Unknown),
        (json!({ "code": LISTED, "message": null }), Outcome::Unknown),
        (json!({ "code": [LISTED], "message": "words" }), Outcome::Unknown),
    ] {
        let error = answered(FlatWrite::default(), Reply::new(400, body.to_string())).await.unwrap_err();
        assert_eq!(error.outcome(), outcome, "{body}");
    }
}

#[tokio::test]
async fn an_error_without_the_documented_form_leaves_doubt() {
    for body in [
        "",
        "{}",
        "null",
        "[]",
        "<html>",
        "\"x\"",
        r#"{"message":"x"}"#,
        r#"{"code":null}"#,
        r#"{"code":{}}"#,
    ] {
        for status in [400, 404, 500, 502] {
            let error = answered(FlatWrite::default(), Reply::new(status, body)).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.outcome()),
                (Kind::Decode, Outcome::Unknown),
                "{body}, HTTP {status}"
            );
            assert_eq!(error.expose_body(), Some(body.as_bytes()));
        }
    }
}

#[tokio::test]
async fn a_status_alone_proves_nothing() {
    for body in [
        "",
        "null",
        "[]",
        "{}",
        "<html>",
        r#"{"status":"maintenance"}"#,
        r#"{"sample":{"phone":"CANARY"}}"#,
        r#"{"sample":"cut"#,
    ] {
        for status in [200, 201, 202, 204] {
            let error = answered(FlatWrite::default(), Reply::new(status, body)).await.unwrap_err();
            assert_eq!((error.kind(), error.outcome()), (Kind::Decode, Outcome::Unknown), "{status} {body}");
            assert!(!logged(&error).contains("CANARY"));
        }
    }
    let error = answered(FlatWrite::default(), Reply::new(200, r#"{"sample":{"phone":"CANARY"}}"#)).await;
    assert!(logged(&error.unwrap_err()).contains("`sample`"));
}

fn keys(seen: &Seen) -> Vec<Option<String>> {
    let of = |request: &httpmock::HttpMockRequest| {
        let mut keys =
            request.headers_vec().iter().filter(|(name, _)| name.eq_ignore_ascii_case("idempotency-key"));
        let key = keys.next().map(|(_, key)| key.clone());
        assert_eq!(keys.next(), None, "one key");
        key
    };
    seen.lock().unwrap().iter().map(of).collect()
}

fn bodies(seen: &Seen) -> Vec<Vec<u8>> {
    seen.lock().unwrap().iter().map(httpmock::HttpMockRequest::body_vec).collect()
}

#[tokio::test]
async fn only_a_keyed_call_carries_a_key() {
    for keyed in [false, true] {
        let server = MockServer::start_async().await;
        let seen = play(&server, vec![Reply::new(200, payload())]);
        let client = eager(&server);
        if keyed {
            client.call(FlatKeyed::default()).await.unwrap();
        } else {
            client.call(FlatWrite::default()).await.unwrap();
            client.call(FlatRead::default()).await.unwrap();
        }
        let expected = keyed.then(|| Request::default().key.as_str().to_owned());
        assert!(keys(&seen).iter().all(|key| *key == expected), "{:?}", keys(&seen));
    }
}

async fn keyed(replies: Vec<Reply>) -> (Result<Sample, Error>, Seen) {
    let server = MockServer::start_async().await;
    let seen = play(&server, replies);
    let key = IdempotencyKey::new("order-18:pay:100").unwrap();
    let call = FlatKeyed(Request { key, ..Request::default() });
    let result = eager(&server).call(call).await;
    assert!(keys(&seen).iter().all(|key| key.as_deref() == Some("order-18:pay:100")), "{:?}", keys(&seen));
    assert!(bodies(&seen).windows(2).all(|pair| pair[0] == pair[1]), "the same bytes");
    let served: Vec<_> = seen.lock().unwrap().iter().map(|request| request.headers_vec().clone()).collect();
    assert!(served.windows(2).all(|pair| pair[0] == pair[1]), "the same headers");
    (result, seen)
}

#[tokio::test]
async fn a_request_still_at_work_is_waited_for_under_its_key() {
    let busy = || Reply::new(409, said("IDEMPOTENT_REQUEST_PROCESSING"));
    let (result, seen) = keyed(vec![busy(), Reply::new(200, payload())]).await;
    assert_eq!(result.unwrap(), sample());
    assert_eq!(bodies(&seen).len(), 2);

    // No pause fits into so little time.
    let server = MockServer::start_async().await;
    let seen = play(&server, vec![busy()]);
    let (client, short) = (eager(&server), Duration::from_millis(750));
    let error = client.call(FlatKeyed::default()).deadline(short).await.unwrap_err();
    assert_eq!((bodies(&seen).len(), error.attempts()), (1, 1));
    assert_eq!((error.outcome(), error.code()), (Outcome::Unknown, Some("IDEMPOTENT_REQUEST_PROCESSING")));
    assert!(error.is_safe_to_resend(), "under the same key");
    assert_eq!(error.settled_by(), None, "the key itself settles it");
}

#[tokio::test]
async fn a_broken_server_is_asked_again_under_the_same_key() {
    for status in [500, 502, 503, 429] {
        let (result, seen) = keyed(vec![Reply::new(status, said("X")), Reply::new(200, payload())]).await;
        assert_eq!(result.unwrap(), sample(), "HTTP {status}");
        assert_eq!(bodies(&seen).len(), 2, "HTTP {status}");
        let (result, seen) = keyed(vec![Reply::new(status, "<html>"), Reply::new(200, payload())]).await;
        assert_eq!(result.unwrap(), sample(), "HTTP {status}");
        assert_eq!(bodies(&seen).len(), 2, "HTTP {status}");
    }
    for status in [400, 401, 403, 404, 422] {
        let (result, seen) = keyed(vec![Reply::new(status, said("X")), Reply::new(200, payload())]).await;
        assert_eq!(result.unwrap_err().code(), Some("X"), "HTTP {status}");
        assert_eq!(bodies(&seen).len(), 1, "HTTP {status} is an answer");
    }
}

#[tokio::test]
async fn a_refusal_under_the_key_says_nothing_of_an_earlier_attempt() {
    let lost = || Reply::new(500, said("X"));
    for (status, code) in [(400, LISTED), (401, "UNAUTHORIZED_KEY"), (403, "UNAUTHORIZED_KEY")] {
        let (result, _) = keyed(vec![lost(), Reply::new(status, said(code))]).await;
        assert_eq!(result.unwrap_err().outcome(), Outcome::Unknown, "HTTP {status}");
    }
    let (result, _) = keyed(vec![Reply::new(400, said(LISTED))]).await;
    assert_eq!(result.unwrap_err().outcome(), Outcome::Refused, "nothing came before");
    let (result, _) = keyed(vec![Reply::new(401, said("UNAUTHORIZED_KEY"))]).await;
    assert_eq!(result.unwrap_err().outcome(), Outcome::Refused, "nothing came before");
}

#[tokio::test]
async fn a_write_without_a_key_is_sent_once_whatever_comes() {
    for status in [409, 429, 500, 503] {
        let server = MockServer::start_async().await;
        let seen = play(&server, vec![Reply::new(status, said("X")), Reply::new(200, payload())]);
        let error = eager(&server).call(FlatWrite::default()).await.unwrap_err();
        assert_eq!(
            (bodies(&seen).len(), error.attempts(), error.outcome()),
            (1, 1, Outcome::Unknown),
            "{status}"
        );
    }
    let server = MockServer::start_async().await;
    let limited = crate::fixtures_support::fixture("rate-limit").to_string().replace("30", "0");
    let success = crate::fixtures_support::fixture("success").to_string();
    let seen = play(&server, vec![Reply::new(200, limited), Reply::new(200, success)]);
    assert_eq!(eager(&server).call(WriteIt::default()).await.unwrap(), sample(), "refused over a rate limit");
    let sent = bodies(&seen);
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0], sent[1]);
}

#[tokio::test]
async fn a_rate_limit_that_states_no_wait_is_told_at_once() {
    let mut limited = crate::fixtures_support::fixture("rate-limit");
    limited["error"]["data"] = json!({});
    let success = crate::fixtures_support::fixture("success").to_string();
    for status in [200, 429] {
        let replies = || vec![Reply::new(status, limited.to_string()), Reply::new(200, &success)];
        let server = MockServer::start_async().await;
        let seen = play(&server, replies());
        let wrote = eager(&server).call(WriteIt::default()).await.unwrap_err();
        assert_eq!(bodies(&seen).len(), 1, "HTTP {status}");
        let server = MockServer::start_async().await;
        let seen = play(&server, replies());
        let read = eager(&server).call(ReadIt::default()).await.unwrap_err();
        assert_eq!(bodies(&seen).len(), 1, "HTTP {status}");
        for error in [wrote, read] {
            assert_eq!((error.outcome(), error.retry_after()), (Outcome::Refused, None), "HTTP {status}");
            assert!(error.is_rate_limited() && error.is_safe_to_resend(), "HTTP {status}");
        }
        // The header states it as well as the body.
        let server = MockServer::start_async().await;
        let told = replies()[0].clone().header("retry-after", "0");
        let seen = play(&server, vec![told, Reply::new(200, &success)]);
        assert_eq!(eager(&server).call(WriteIt::default()).await.unwrap(), sample(), "HTTP {status}");
        assert_eq!(bodies(&seen).len(), 2, "HTTP {status}");
    }
}

#[tokio::test]
async fn a_read_stops_when_its_attempts_are_used_up() {
    let server = MockServer::start_async().await;
    let seen = play(&server, vec![Reply::new(503, "<html>")]);
    let base = Duration::ZERO;
    for (attempts, expected) in [(0, 1), (1, 1), (2, 2), (5, 5)] {
        let policy = RetryPolicy::default().base(base).attempts(attempts);
        let client = Client::builder().base_url(server.base_url()).no_proxy().retry(policy).build().unwrap();
        seen.lock().unwrap().clear();
        let error = client.call(ReadIt::default()).await.unwrap_err();
        assert_eq!((seen.lock().unwrap().len(), error.attempts()), (expected as usize, expected));
    }
}
