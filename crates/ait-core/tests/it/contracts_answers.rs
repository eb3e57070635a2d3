//! What a call makes of an answer that came whole.

use std::sync::{Arc, Mutex};

use crate::support::{
    Count, Look, Pay, Receipt, World,
    contracts::{assert_unknown, cut, pay_against, raw},
    fail_body, success, success_body, success_bytes, within,
};
use ait_core::{Kind, Outcome};
use ait_emulator::{Reply, Response};
use tokio::io::AsyncWriteExt;

#[tokio::test]
async fn success_is_what_the_envelope_says_whatever_the_status() {
    for status in [200, 201, 400, 404, 500, 503] {
        let answer = Response::json(status, success_body(7));
        let (result, requests) = pay_against(&World::new(), Reply::Answer(answer)).await;
        assert_eq!((result.unwrap(), requests), (Receipt { id: 7 }, 1), "HTTP {status}");
    }
}

#[tokio::test]
async fn a_listed_code_is_refused_and_an_unlisted_one_unknown_whatever_the_status() {
    for status in [200, 400, 500] {
        let answer = Response::json(status, fail_body("NO_MONEY"));
        let (result, requests) = pay_against(&World::new(), Reply::Answer(answer)).await;
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (Kind::Api, Outcome::Refused), "{error}");
        assert_eq!((error.code(), error.status().unwrap().as_u16()), (Some("NO_MONEY"), status));
        assert_eq!((error.attempts(), error.settled_by(), requests), (1, None, 1));

        let answer = Response::json(status, fail_body("NEVER_HEARD_OF"));
        let (result, requests) = pay_against(&World::new(), Reply::Answer(answer)).await;
        assert_unknown(&result.unwrap_err(), Kind::Api);
        assert_eq!(requests, 1);
    }
}

#[tokio::test]
async fn a_page_is_unknown_and_keeps_its_body() {
    for status in [200, 404, 500, 502, 504] {
        let page = Response::html(status, "<h1>sorry</h1>");
        let (result, requests) = pay_against(&World::new(), Reply::Answer(page)).await;
        let error = result.unwrap_err();
        assert_unknown(&error, Kind::Decode);
        assert_eq!((error.expose_body(), requests), (Some(&b"<h1>sorry</h1>"[..]), 1));
        assert_eq!(error.status().unwrap().as_u16(), status);
    }
}

#[tokio::test]
async fn a_rate_limited_write_is_sent_again_if_it_is_told_when() {
    for told in [true, false] {
        let world = World::new();
        let requests = Count::default();
        let count = requests.clone();
        let server = world.server().http(move |_| {
            let limited = Response::json(429, fail_body("4095"));
            let limited = if told { limited.header("retry-after", "0") } else { limited };
            let reply = if count.one() == 0 { limited } else { success(1) };
            async move { Reply::Answer(reply) }
        });
        let server = server.await.unwrap();
        let result = within(world.client(&server).call(Pay::new(1))).await;
        if told {
            assert_eq!((result.unwrap().id, requests.get()), (1, 2));
        } else {
            let error = result.unwrap_err();
            assert_eq!((error.outcome(), error.attempts(), requests.get()), (Outcome::Refused, 1, 1));
            assert!(error.is_rate_limited());
        }
    }
}

#[tokio::test]
async fn a_read_is_asked_again_after_a_5xx_page_as_often_as_the_policy_says() {
    let world = World::new();
    let requests = Count::default();
    let count = requests.clone();
    let server = world.server().http(move |_| {
        count.one();
        async { Reply::Answer(Response::html(503, "<h1>busy</h1>")) }
    });
    let server = server.await.unwrap();
    let error = within(world.client(&server).call(Look::new(1))).await.unwrap_err();
    assert_eq!((error.attempts(), requests.get()), (3, 3));
    assert!(error.is_safe_to_resend());
}

#[tokio::test]
async fn a_redirect_is_never_followed() {
    for status in [301, 302, 303, 307, 308] {
        let world = World::new();
        let paths = Arc::new(Mutex::new(Vec::new()));
        let ear = Arc::clone(&paths);
        let server = world.server().http(move |request| {
            ear.lock().unwrap().push(request.path);
            async move { Reply::Answer(Response::html(status, "moved").header("location", "/elsewhere")) }
        });
        let server = server.await.unwrap();
        let error = within(world.client(&server).call(Pay::new(1))).await.unwrap_err();
        assert_unknown(&error, Kind::Decode);
        let error = within(world.client(&server).call(Look::new(1))).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (Kind::Decode, 1), "{error}");
        assert_eq!(*paths.lock().unwrap(), ["/pay", "/look"]);
    }
}

#[tokio::test]
async fn interim_answers_are_passed_over() {
    for interim in ["HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"] {
        let answer = raw(interim.repeat(2) + &success_bytes(7)).close();
        let (result, requests) = pay_against(&World::new(), Reply::Answer(answer)).await;
        assert_eq!((result.unwrap().id, requests), (7, 1));
    }
}

#[tokio::test]
async fn an_interim_answer_and_then_the_end_is_unknown() {
    let (result, requests) = pay_against(&World::new(), cut(raw("HTTP/1.1 100 Continue\r\n\r\n"))).await;
    assert_unknown(&result.unwrap_err(), Kind::Transport);
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn an_answer_in_single_bytes_is_read() {
    let world = World::new();
    let server = world.server().raw(|mut connection| async move {
        connection.read_request().await.unwrap().unwrap();
        for byte in success_bytes(7).bytes() {
            connection.write_all(&[byte]).await.unwrap();
            connection.flush().await.unwrap();
        }
    });
    let server = server.await.unwrap();
    assert_eq!(within(world.client(&server).call(Pay::new(7))).await.unwrap().id, 7);
}

#[tokio::test]
async fn a_chunked_answer_is_read() {
    let body = success_body(7);
    let (one, two) = body.split_at(9);
    let chunked = format!(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{one}\r\n{:x}\r\n{two}\r\n0\r\n\r\n",
        one.len(),
        two.len()
    );
    let (result, requests) = pay_against(&World::new(), Reply::Answer(raw(chunked).close())).await;
    assert_eq!((result.unwrap().id, requests), (7, 1));
}

#[tokio::test]
async fn a_body_as_long_as_the_cap_is_read_and_one_byte_more_is_not() {
    const CAP: usize = 2 * 1024 * 1024;
    let mut body = success_body(7);
    body.extend(std::iter::repeat_n(' ', CAP - body.len()));
    for (longer, fits) in [("", true), (" ", false)] {
        let body = format!("{body}{longer}");
        let length = body.len();
        let announced = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}");
        let chunked =
            format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n");
        for answer in [announced, chunked] {
            let (result, requests) = pay_against(&World::new(), Reply::Answer(raw(answer).close())).await;
            assert_eq!(requests, 1);
            match result {
                Ok(receipt) => assert!(fits && receipt.id == 7, "{length} bytes were read"),
                Err(error) => {
                    assert!(!fits, "{error}");
                    assert_unknown(&error, Kind::Decode);
                }
            }
        }
    }
}
