//! A server for the unlink callback, with what the test button of the console needs.
//!
//! ```text
//! UNLINK_PASSWORD=example:example cargo run -p ait-login --example unlink_callback
//! curl -i -u example:example 'http://127.0.0.1:8080/unlink?userKey=443731103&referrer=UNLINK'
//! ```

use std::sync::Arc;

use ait_login::unlink::{Callback, Password, Rejection};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::State,
    http::{
        HeaderValue, Method, Request, Response, StatusCode,
        header::{
            ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW,
            VARY, WWW_AUTHENTICATE,
        },
    },
    routing::any,
};

/// Where the console's test button calls from: a browser, which asks before it lets a page call another site.
const CONSOLE: HeaderValue = HeaderValue::from_static("https://apps-in-toss.toss.im");
/// What the address answers to.
const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, OPTIONS");
/// No callback is longer.
const LONGEST: usize = 16 * 1024;

pub(crate) fn app(password: Password) -> Router {
    Router::new().route("/unlink", any(unlink)).with_state(Arc::new(password))
}

async fn unlink(State(password): State<Arc<Password>>, request: Request<Body>) -> Response<Body> {
    let status = if request.method() == Method::OPTIONS {
        StatusCode::NO_CONTENT // the browser asks first, without the password
    } else {
        match receive(request, &password).await {
            Ok(()) => StatusCode::OK,
            Err(status) => status,
        }
    };
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    // Refusals carry them, too: otherwise the console sees no status, only "Failed to fetch".
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, CONSOLE);
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization, content-type"));
    headers.insert(VARY, HeaderValue::from_static("origin"));
    match status {
        StatusCode::UNAUTHORIZED => {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"unlink\""))
        }
        StatusCode::METHOD_NOT_ALLOWED => headers.insert(ALLOW, METHODS),
        _ => None,
    };
    response
}

async fn receive(request: Request<Body>, password: &Password) -> Result<(), StatusCode> {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, LONGEST).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
    let callback = Callback::parse(&Request::from_parts(head, body), password).map_err(|rejection| {
        println!("turned away: {rejection}");
        Rejection::status(rejection)
    })?;
    if callback.is_console_test() {
        println!("the test button of the console");
    } else {
        // Delete what belongs to the user. The same callback may come again: let that do nothing.
        println!("a user has cut the link: {:?}", callback.reason);
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let password = Password::new(std::env::var("UNLINK_PASSWORD")?)?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    println!("listening on {}", listener.local_addr()?);
    axum::serve(listener, app(password)).await?;
    Ok(())
}
