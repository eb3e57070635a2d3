//! The whole way of a call: check, encode, try, judge, try again or stop.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{
    HeaderName, HeaderValue, Method,
    header::{
        ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HOST, TE,
        TRANSFER_ENCODING, UPGRADE, USER_AGENT,
    },
};

use crate::{
    Answer, Authorization, Client, Endpoint, Error, Kind, Outcome, Safety, Secret, answer,
    call::Extras,
    dialect::sealed::Read,
    error::Cause,
    judge::judge,
    redact::{basic, redact},
    resend::{self, Class, Plan},
    trace,
    wire::{Destination, Outgoing, Route},
};

/// Headers that say where a request goes and where it ends.
const FRAMING: [HeaderName; 7] = [CONNECTION, CONTENT_LENGTH, EXPECT, HOST, TRANSFER_ENCODING, TE, UPGRADE];
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

pub(crate) async fn execute<E: Endpoint>(
    client: &Client,
    call: &E,
    extras: &Extras,
    deadline: Duration,
    span: &trace::Call,
) -> Result<Answer<E::Response>, Error> {
    let start = Instant::now();
    let class = Class::of(&E::SAFETY);
    let wire = client.wire();
    let prepared = call.check().and_then(|()| {
        let destination = wire.destination(E::HOST)?;
        let outgoing = encode(client, call, extras, &destination)?;
        Ok((destination, outgoing))
    });
    let (destination, outgoing) = match prepared {
        Ok(prepared) => prepared,
        Err(error) => return Err(about::<E>(error, class)),
    };
    span.to(&destination);
    let policy = extras.retry.as_ref().unwrap_or(client.retry());
    let plan = Plan { class, policy, budget: client.budget(), deadline };
    let route = route::<E>(extras);
    let attempt = async |number: u32, limit: Duration| {
        let try_span = span.attempt(number);
        let reply = try_span.watch(wire.exchange(&destination, &outgoing, route, limit)).await;
        let result = reply.and_then(|reply| {
            span.answered(&try_span, reply.status);
            // A read that decides nothing makes no ticket either.
            if route == Route::Own {
                client.server_clock().observe(answer::date(&reply.headers));
            }
            judge(call, reply, route == Route::Own)
        });
        try_span.end(&result);
        result
    };
    let result = resend::resend(&plan, || start.elapsed(), fastrand::f64, attempt, tokio::time::sleep).await;
    result.map_err(|mut error| {
        error.inner_mut().host = Some(destination.name().into());
        redact(&mut error, call, extras.key.as_ref());
        if error.outcome() >= Outcome::Unknown {
            error.inner_mut().ticket =
                call.ticket().map(|ticket| ticket.made_by(client.server_clock().now()));
        }
        about::<E>(error, class)
    })
}

// What every error of this endpoint says about itself.
#[cold]
fn about<E: Endpoint>(mut error: Error, class: Class) -> Error {
    let inner = error.inner_mut();
    inner.endpoint = Some(E::NAME);
    inner.class = Some(class);
    inner.settled_by = match E::SAFETY {
        Safety::Once { settled_by } => Some(settled_by),
        Safety::Keyed { settled_by, .. } => settled_by,
        Safety::Read | Safety::Unsettled => None,
    };
    error
}

fn encode<E: Endpoint>(
    client: &Client,
    call: &E,
    extras: &Extras,
    destination: &Destination,
) -> Result<Outgoing, Error> {
    let body = match call.body() {
        Some(body) => {
            let encode_error = |_| Error::new(Kind::Config, Outcome::NotSent, Cause::encode());
            Some(Bytes::from(serde_json::to_vec(&body).map_err(encode_error)?))
        }
        None => None,
    };
    let (has_body, target) = (body.is_some(), destination.target(E::PATH, &call.path())?);
    let mut outgoing = Outgoing::new(E::METHOD, target, body.unwrap_or_default());
    outgoing.header(HOST, destination.header());
    outgoing.header(USER_AGENT, client.user_agent());
    outgoing.header(ACCEPT, JSON);
    outgoing.header(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    if has_body || (E::METHOD == Method::GET && <E::Dialect as Read>::TYPED_GET) {
        outgoing.header(CONTENT_TYPE, JSON);
    }
    if !has_body && E::METHOD == Method::POST {
        // Some gateways refuse a POST that does not say that it is empty.
        outgoing.header(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    if let Some(user) = call.user() {
        let (name, value) = user.header();
        outgoing.header(name, value.ok_or_else(|| Error::invalid("user", "must fit into an HTTP header"))?);
    }
    if let Some(authorization) = call.authorization().or(extras.key.as_ref().map(Authorization::Basic)) {
        outgoing.header(AUTHORIZATION, credentials(authorization)?);
    }
    if let Safety::Keyed { key, .. } = E::SAFETY {
        let key = HeaderValue::from_str(key(call).as_str());
        outgoing.header(
            IDEMPOTENCY_KEY,
            key.map_err(|_| Error::invalid("idempotencyKey", "must be visible ASCII"))?,
        );
    }
    if route::<E>(extras) == Route::Own {
        outgoing.header(CONNECTION, HeaderValue::from_static("close"));
    }
    for (name, value) in &extras.headers {
        if outgoing.has(name) || FRAMING.contains(name) {
            let rule = format!("`{name}` is written by the call itself; leave it out");
            return Err(Error::invalid("header", rule));
        }
        outgoing.header(name.clone(), value.clone());
    }
    Ok(outgoing)
}

// What may have an effect, or decides about one, gets a connection of its own.
fn route<E: Endpoint>(extras: &Extras) -> Route {
    let may_share = Class::of(&E::SAFETY) == Class::Read && extras.pooled.unwrap_or(E::POOLED);
    if may_share { Route::Kept } else { Route::Own }
}

fn credentials(authorization: Authorization<'_>) -> Result<HeaderValue, Error> {
    let text = match authorization {
        Authorization::Bearer(token) => format!("Bearer {}", token.expose()),
        Authorization::Basic(key) => {
            check_secret_key(key)?;
            format!("Basic {}", basic(key))
        }
    };
    let mut value = HeaderValue::from_str(&text).map_err(|_| {
        Error::invalid("authorization", "must fit into an HTTP header: visible ASCII, no line break")
    })?;
    value.set_sensitive(true);
    Ok(value)
}

// What people pass in the place of a secret key. The server would say no more than that it is wrong.
fn check_secret_key(key: &Secret) -> Result<(), Error> {
    let key = key.expose().trim_start_matches('\u{feff}').trim();
    let scheme = key.split_whitespace().next().unwrap_or_default();
    let client_key = ["test_ck_", "live_ck_", "test_gck_", "live_gck_"];
    let rule = if key.is_empty() {
        "must not be empty; pass the secret key of the shop"
    } else if ["Basic", "Bearer"].iter().any(|name| scheme.eq_ignore_ascii_case(name)) {
        "must be the key alone, is a whole header; leave out the scheme, and do not encode the key in Base64"
    } else if key.starts_with(['"', '\'']) || key.ends_with(['"', '\'']) {
        "must be the key alone, is in quotes; remove them where it is stored"
    } else if client_key.iter().any(|prefix| key.starts_with(prefix)) {
        "must be the secret key, is a client key, which is for browsers; pass the one that begins with test_sk_ or live_sk_"
    } else if key.contains(|character: char| character.is_whitespace() || character == ':') {
        "must be the key alone, holds a blank, a line break or a colon; pass it as it is printed in the console"
    } else {
        return Ok(());
    };
    Err(Error::invalid("secretKey", rule))
}
