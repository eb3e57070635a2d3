//! The example of the unlink callback, as a browser and as Toss see it.

#[path = "../../examples/unlink_callback.rs"]
#[allow(dead_code, reason = "its main is not called here")]
mod unlink_callback;

use axum::{
    body::Body,
    http::{Method, Request, Response},
};
use tower_service::Service as _;

async fn ask(method: Method, uri: &str, password: Option<&str>, body: &str) -> Response<Body> {
    let mut app = unlink_callback::app(ait_login::unlink::Password::new("example:example").unwrap());
    let mut request =
        Request::builder().method(method).uri(uri).header("origin", "https://apps-in-toss.toss.im");
    if let Some(password) = password {
        request = request.header("authorization", password);
    }
    app.call(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap()
}

#[tokio::test]
async fn the_example_answers_toss_and_the_test_button() {
    let good = Some("Basic ZXhhbXBsZTpleGFtcGxl");
    let query = "/unlink?userKey=0&referrer=UNLINK";
    let long = "x".repeat(100_000);
    for (method, uri, password, body, status) in [
        (Method::OPTIONS, query, None, "", 204),
        (Method::GET, query, good, "", 200),
        (Method::POST, "/unlink", good, r#"{"userKey":443731103,"referrer":"UNLINK"}"#, 200),
        (Method::POST, "/unlink", good, "userKey=443731103&referrer=UNLINK", 200),
        (Method::GET, query, None, "", 401),
        (Method::GET, query, Some("Basic ZXhhbXBsZQ=="), "", 401),
        (Method::GET, "/unlink", good, "", 400),
        (Method::PUT, query, good, "", 405),
        (Method::POST, "/unlink", good, long.as_str(), 413),
    ] {
        let response = ask(method.clone(), uri, password, body).await;
        assert_eq!(response.status(), status, "{method} {uri}");
        let header = |name: &str| response.headers().get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(header("access-control-allow-origin"), "https://apps-in-toss.toss.im");
        assert!(header("access-control-allow-headers").contains("authorization"));
        let advice =
            |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(advice("www-authenticate").is_some_and(|how| how.starts_with("Basic ")), status == 401);
        assert_eq!(advice("allow").is_some_and(|methods| methods.contains("POST")), status == 405);
        assert!(["GET", "POST"].iter().all(|name| header("access-control-allow-methods").contains(name)));
    }
    assert_eq!(ask(Method::GET, "/elsewhere", good, "").await.status(), 404);
}
