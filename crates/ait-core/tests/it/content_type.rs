//! Which requests name the type of their body, and which without one do it as well.

use std::time::Duration;

use crate::fixtures_support::{Reply, Seen, eager, fixture, play};
use ait_core::{
    Endpoint, Envelope, Flat, Host, Kind, Safety,
    http::{HeaderValue, Method, header::CONTENT_TYPE},
};
use httpmock::MockServer;
use serde::Serialize;
use serde_json::{Value, json};

macro_rules! endpoint {
    ($name:ident, $method:ident, $dialect:ty, $body:expr) => {
        #[derive(Debug)]
        struct $name;

        impl Endpoint for $name {
            const NAME: &'static str = stringify!($name);
            const METHOD: Method = Method::$method;
            const HOST: Host = Host::new("api.test");
            const PATH: &'static str = "/demo";
            const SAFETY: Safety<Self> = Safety::Read;
            const REFUSALS: &'static [&'static str] = &[];
            const DEADLINE: Duration = Duration::from_secs(20);
            type Dialect = $dialect;
            type Response = Value;

            fn body(&self) -> Option<impl Serialize> {
                $body
            }
        }
    };
}

endpoint!(Get, GET, Envelope, None::<()>);
endpoint!(Post, POST, Envelope, Some(json!({})));
endpoint!(PostOfNothing, POST, Envelope, None::<()>);
endpoint!(FlatGet, GET, Flat, None::<()>);
endpoint!(FlatPost, POST, Flat, Some(json!({})));
endpoint!(FlatPostOfNothing, POST, Flat, None::<()>);

fn types(seen: &Seen) -> Vec<String> {
    let seen = seen.lock().unwrap();
    let named = seen[0].headers_vec().iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    named.map(|(_, value)| value.clone()).collect()
}

async fn sent<E>(endpoint: E) -> Vec<String>
where
    E: Endpoint<Response = Value> + Send + Sync,
{
    let server = MockServer::start_async().await;
    let seen = play(&server, vec![Reply::new(200, fixture("success").to_string())]);
    eager(&server).call(endpoint).await.unwrap();
    types(&seen)
}

#[tokio::test]
async fn every_body_has_a_type_and_so_has_a_get_of_apps_in_toss() {
    let json = ["application/json"];
    assert_eq!(sent(Post).await, json);
    assert_eq!(sent(FlatPost).await, json);
    assert_eq!(sent(Get).await, json, "as the official samples do, although there is no body");
    assert!(sent(PostOfNothing).await.is_empty());
    assert!(sent(FlatGet).await.is_empty());
    assert!(sent(FlatPostOfNothing).await.is_empty());
}

#[tokio::test]
async fn a_type_that_is_sent_anyway_is_not_for_the_caller_to_set() {
    let server = MockServer::start_async().await;
    let seen = play(&server, vec![Reply::new(200, fixture("success").to_string())]);
    let text = HeaderValue::from_static("text/plain");
    let error = eager(&server).call(Get).header(CONTENT_TYPE, text.clone()).await.unwrap_err();
    assert_eq!((error.kind(), seen.lock().unwrap().len()), (Kind::Config, 0));
    eager(&server).call(FlatGet).header(CONTENT_TYPE, text).await.unwrap();
    assert_eq!(types(&seen), ["text/plain"]);
}
