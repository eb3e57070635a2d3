//! What stands beside a successful answer.

use std::time::{Duration, UNIX_EPOCH};

use crate::fixtures_support::{ReadIt, Reply, fixture, once, play, sample};
use ait_core::Answer;
use httpmock::MockServer;

/// In the order in which they count.
const TRACE_HEADERS: [&str; 4] = ["x-tosspayments-trace-id", "x-toss-trace-id", "x-trace-id", "x-request-id"];

async fn answered(headers: &[(&str, &str)]) -> Answer<crate::fixtures_support::Sample> {
    let server = MockServer::start_async().await;
    let reply = Reply::new(200, fixture("success").to_string());
    let reply = headers.iter().fold(reply, |reply, (name, value)| reply.header(name, value));
    play(&server, vec![reply]);
    once(&server).call(ReadIt::default()).answer().await.unwrap()
}

#[tokio::test]
async fn the_trace_id_is_taken_from_the_first_header_that_has_one() {
    for first in 0..TRACE_HEADERS.len() {
        // The names themselves are the values, the least of them first on the wire.
        let headers: Vec<_> = TRACE_HEADERS[first..].iter().rev().map(|name| (*name, *name)).collect();
        assert_eq!(answered(&headers).await.trace_id(), Some(TRACE_HEADERS[first]));
    }
    assert_eq!(answered(&[("x-other-id", "7")]).await.trace_id(), None);
}

#[tokio::test]
async fn an_answer_shows_its_response_its_date_and_its_trace_id() {
    let answer = answered(&[("date", "Thu, 01 Jan 1970 00:16:40 GMT"), ("x-trace-id", "T7")]).await;
    assert_eq!(answer.date(), Some(UNIX_EPOCH + Duration::from_secs(1_000)));
    let shown = format!("{answer:?}");
    let expected =
        format!("Answer {{ response: {:?}, date: {:?}, trace_id: Some(\"T7\") }}", sample(), answer.date());
    assert_eq!(shown, expected);
    assert_eq!((answer.sample.clone(), answer.into_inner()), (sample().sample, sample()));
}
