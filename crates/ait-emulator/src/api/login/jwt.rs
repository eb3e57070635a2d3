//! Access tokens have the form of a JWT.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;

use super::{
    super::{Rng, Time},
    ACCESS_LIFETIME,
};

#[derive(Serialize)]
struct Header {
    kid: &'static str,
    alg: &'static str,
}

#[derive(Serialize)]
struct Claims<'a> {
    sub: String,
    aud: &'a str,
    nbf: u64,
    scope: &'a [String],
    iss: &'static str,
    exp: u64,
    iat: u64,
    jti: String,
}

/// A new access token. Its signature is as long as one of RSA with 2048 bits, and fits no key.
pub(super) fn access_token(app: &str, scopes: &[String], now: Time, rng: &mut Rng) -> String {
    let seconds = |time: Time| time.unix_millis() / 1000;
    let claims = Claims {
        sub: rng.alphanumeric(22),
        aud: app,
        nbf: seconds(now),
        scope: scopes,
        iss: "https://cert.toss.im",
        exp: seconds(now.plus(ACCESS_LIFETIME)),
        iat: seconds(now),
        jti: rng.uuid(),
    };
    let signature = URL_SAFE_NO_PAD.encode(rng.bytes::<256>());
    let header = part(&Header { kid: "cert", alg: "RS256" });
    format!("{header}.{}.{signature}", part(&claims))
}

fn part(value: &impl Serialize) -> String {
    // Structs of texts and numbers, which JSON can always say.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).unwrap_or_default())
}
