//! Access tokens.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    AuthorizationCode, MAGIC,
    customer::{LIFE, REFRESH_TOKEN, Token, check_key},
    gate::Caller,
};
use crate::api::{Answer, Basis, Context, context::Result, flat::Members};

const DOC: Basis = Basis::Documented("docs/api/brandpay.md#access-token");
const CODE: Basis = Basis::Assumed("a code or refresh token that is not known is INVALID_REQUEST");

enum Grant {
    Code(String),
    Refresh(String),
}

/// `authorizations/access-token`.
pub(super) fn issue(context: &mut Context<'_>, _: &Caller) -> Result {
    let body = context.members()?;
    let customer = body.needed("customerKey", usize::MAX)?;
    check_key(context, &customer)?;
    let grant = match body.needed("grantType", 100)?.as_str() {
        "AuthorizationCode" => Grant::Code(body.needed("code", 1000)?),
        "RefreshToken" => Grant::Refresh(body.needed("refreshToken", 1000)?),
        _ => return body.refuse("grantType", "is AuthorizationCode or RefreshToken"),
    };
    let identified = identity(&body)?;
    let token = match grant {
        Grant::Code(code) => by_code(context, &customer, &code, identified)?,
        Grant::Refresh(refresh) => by_refresh(context, &customer, &refresh, identified)?,
    };
    Ok(tell(&token))
}

fn tell(token: &Token) -> Answer {
    let Token { access_token, refresh_token, .. } = token;
    let body = json!({
        "accessToken": access_token, "refreshToken": refresh_token, "tokenType": "bearer", "expiresIn": LIFE,
    });
    Answer::json(200, &body, DOC)
}

/// Whether the customer's identity was told completely. It is not kept.
fn identity(body: &Members<'_>) -> Result<bool> {
    let Some(identity) = body.object("customerIdentity")? else { return Ok(false) };
    let mut complete = true;
    for name in ["ci", "mobilePhone", "name", "rrn"] {
        complete &= identity.text(name, 1000)?.is_some_and(|text| !text.is_empty());
    }
    let rrn = identity.get("rrn").and_then(Value::as_str).unwrap_or("0000000");
    if rrn.len() != 7 || !rrn.bytes().all(|byte| byte.is_ascii_digit()) {
        return body.refuse("customerIdentity.rrn", "has seven digits");
    }
    Ok(complete)
}

/// The first token of a new customer; for a known one the same token lives longer.
fn by_code(context: &mut Context<'_>, customer: &str, code: &str, identified: bool) -> Result<Token> {
    let (now, life) = (context.now, context.switches.code_seconds);
    let state = &mut context.world.brandpay;
    let works = |at| life == 0 || now.since(at) <= Duration::from_secs(life);
    let found = match state.codes.get(code).filter(|code| works(code.at)) {
        Some(found) => found.clone(),
        None if code.starts_with(MAGIC) && !state.used_codes.contains(&code.to_owned()) => {
            let agreed = state.terms.iter().map(|term| term.id).collect();
            AuthorizationCode { customer: customer.to_owned(), at: now, agreed, identified }
        }
        None => {
            return Err(context.flat_because("INVALID_REQUEST", "code is not known, used, or too old", CODE));
        }
    };
    if found.customer != customer {
        let basis = Basis::Assumed("the code of another customer is NOT_MATCHES_CUSTOMER_KEY");
        return Err(context.flat("NOT_MATCHES_CUSTOMER_KEY", basis));
    }
    if state.codes.remove(code).is_none() {
        state.used_codes.insert(code.to_owned());
    }
    let known = state.customer(customer, now, context.rng);
    known.agreed.extend(found.agreed);
    known.identified |= identified || found.identified;
    let token = known.token.get_or_insert_with(|| Token::new(now, context.rng));
    token.expires_at = now.plus(Duration::from_secs(LIFE));
    Ok(token.clone())
}

/// New tokens; the old ones end.
fn by_refresh(context: &mut Context<'_>, customer: &str, refresh: &str, identified: bool) -> Result<Token> {
    let state = &mut context.world.brandpay;
    match state.customers.named(REFRESH_TOKEN, refresh).first() {
        None => {
            return Err(context.flat_because("INVALID_REQUEST", "refreshToken is not known", CODE));
        }
        Some(owner) if *owner != customer => {
            let basis = Basis::Assumed("the refresh token of another customer is NOT_MATCHES_CUSTOMER_KEY");
            return Err(context.flat("NOT_MATCHES_CUSTOMER_KEY", basis));
        }
        Some(_) => {}
    }
    let token = Token::new(context.now, context.rng);
    if let Some(known) = state.customers.get_mut(customer) {
        known.identified |= identified;
        if let Some(old) = known.token.replace(token.clone()) {
            state.dead_tokens.insert(old.access_token, customer.to_owned());
        }
    }
    Ok(token)
}
