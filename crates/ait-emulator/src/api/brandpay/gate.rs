//! What every call passes: who calls, how often, under which idempotency key, and whether an error was asked for.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::header::AUTHORIZATION;

use super::{code, idempotency::Identity};
use crate::api::{
    Answer, Basis, Context, Request,
    context::Result,
    flat,
    switches::{BadKey, BearerIdentity},
};

const FORM: Basis = Basis::Documented("docs/api/brandpay.md#authorization, Basic");
const KEY: Basis = Basis::Assumed("bad_key");
const TOKEN: Basis = Basis::Assumed("invalid_access_token_status");
const ASKED_FOR: Basis = Basis::Documented("docs/api/brandpay.md#headers, TossPayments-Test-Code");
const UNLISTED: Basis =
    Basis::Assumed("a code that no document gives a status has the one its name suggests");

/// The shop that calls.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// Its `mId`.
    pub(super) shop: String,
    /// Whether its key is one of the payment widget.
    pub(super) widget: bool,
}

/// A call by a shop, with its secret key.
pub(super) fn basic(
    context: &mut Context<'_>,
    name: &str,
    handler: fn(&mut Context<'_>, &Caller) -> Result,
) -> Result {
    traced(context, |context, trace_id| {
        let (caller, key) = secret_key(context)?;
        let live = key.starts_with("live_");
        guarded(context, name, &key, live, trace_id, |context| handler(context, &caller))
    })
}

/// A call for a customer, with the customer's access token.
pub(super) fn bearer(
    context: &mut Context<'_>,
    name: &str,
    handler: fn(&mut Context<'_>, &str) -> Result,
) -> Result {
    traced(context, |context, trace_id| {
        let Some(token) = credential(context.request, "bearer").map(str::to_owned) else {
            let why = "Authorization: Bearer ACCESS_TOKEN is missing";
            return Err(context.flat_because("INVALID_ACCESS_TOKEN", why, TOKEN));
        };
        let why = "Authorization: this access token was not issued, or has ended";
        let refusal = context.flat_because("INVALID_ACCESS_TOKEN", why, TOKEN);
        let state = &context.world.brandpay;
        let customer = state.customer_of(&token, context.now).map(str::to_owned);
        let owner = customer.clone().or_else(|| state.dead_tokens.get(&token).cloned());
        let identity = match (context.switches.bearer_identity, owner) {
            (BearerIdentity::Customer, Some(owner)) => owner,
            (BearerIdentity::Customer, None) | (BearerIdentity::Token, _) => token,
        };
        match customer {
            Some(customer) => {
                guarded(context, name, &identity, false, trace_id, |context| handler(context, &customer))
            }
            None if context.switches.replay_to_dead_token => {
                let found = Identity::of(context, &identity)?.and_then(|key| key.replay(context));
                match found {
                    Some((answer, first)) => Ok(again(answer, &first, trace_id)),
                    None => Err(refusal),
                }
            }
            None => Err(refusal),
        }
    })
}

/// Adds what every answer has.
fn traced(context: &mut Context<'_>, answer: impl FnOnce(&mut Context<'_>, &mut String) -> Result) -> Result {
    let mut trace_id = context.rng.alphanumeric(32);
    let answer = answer(context, &mut trace_id).unwrap_or_else(|refusal| refusal);
    let mut answer = answer.with_header("x-tosspayments-trace-id", trace_id);
    if context.request.method == "POST"
        && let Some(key) = context.request.header("idempotency-key")
    {
        answer = answer.with_header("idempotency-key", key);
    }
    Ok(answer)
}

fn guarded(
    context: &mut Context<'_>,
    name: &str,
    api_key: &str,
    live: bool,
    trace_id: &mut String,
    handler: impl FnOnce(&mut Context<'_>) -> Result,
) -> Result {
    limit(context, name, api_key)?;
    let Some(identity) = Identity::of(context, api_key)? else { return run(context, live, handler) };
    if let Some((answer, first)) = identity.replay(context) {
        return Ok(again(answer, &first, trace_id));
    }
    let answer = run(context, live, handler).unwrap_or_else(|refusal| refusal);
    identity.bind(context, &answer, trace_id);
    Ok(answer)
}

/// A replay is told by two ids.
fn again(answer: Answer, first: &str, trace_id: &mut String) -> Answer {
    if !first.is_empty() {
        *trace_id = format!("{first},{trace_id}");
    }
    answer
}

/// Gives the error that a test key asks for, or else the answer.
fn run(context: &mut Context<'_>, live: bool, handler: impl FnOnce(&mut Context<'_>) -> Result) -> Result {
    match context.request.header("tosspayments-test-code") {
        Some(wanted) if !live && !wanted.is_empty() => {
            let basis = if code::is_listed(wanted) { ASKED_FOR } else { UNLISTED };
            Err(context.flat(wanted, basis))
        }
        _ => handler(context),
    }
}

fn limit(context: &mut Context<'_>, name: &str, api_key: &str) -> Result<()> {
    let most = context.switches.calls_per_brandpay_endpoint;
    let taken = context.world.limits.take(&format!("{name}:{api_key}"), most, context.now);
    taken.map_err(|wait| {
        let code = &context.switches.too_many_requests_code;
        let text = if context.english() { "Too many requests." } else { "요청이 너무 많습니다." };
        let answer = flat::error(429, code, text, Basis::Assumed("too_many_requests_code"));
        if context.switches.brandpay_retry_after {
            return answer.with_header("retry-after", wait.as_millis().div_ceil(1000).to_string());
        }
        answer
    })
}

/// What follows the scheme in `Authorization`.
fn credential<'a>(request: &'a Request, scheme: &str) -> Option<&'a str> {
    let (given, credential) = request.header(AUTHORIZATION)?.split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then_some(credential)
}

/// The shop, and its key.
fn secret_key(context: &Context<'_>) -> Result<(Caller, String)> {
    let malformed = |why: &str| context.flat_because("INCORRECT_BASIC_AUTH_FORMAT", why, FORM);
    if !context.request.headers.contains_key(AUTHORIZATION) {
        return Err(unauthorized(context, "no Authorization"));
    }
    let encoded = credential(context.request, "basic").ok_or_else(|| malformed("the scheme is Basic"))?;
    let decoded = STANDARD.decode(encoded).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let decoded = decoded.ok_or_else(|| malformed("base64 with padding"))?;
    let (key, password) = decoded.split_once(':').ok_or_else(|| malformed("no colon"))?;
    if !password.is_empty() {
        return Err(malformed("something after the colon"));
    }
    if key.starts_with('\u{feff}') {
        return Err(unauthorized(context, "a byte order mark stands before the key"));
    }
    let state = &context.world.brandpay;
    let known = state.secret_keys.get(key).filter(|key| key.until.is_none_or(|until| context.now < until));
    let Some(known) = known else { return Err(unauthorized(context, "")) };
    match state.shops.get(&known.shop) {
        None => {
            let basis = Basis::Assumed("the key of a shop that is gone is NOT_FOUND_MERCHANT");
            Err(context.flat("NOT_FOUND_MERCHANT", basis))
        }
        Some(shop) if !shop.brandpay => {
            let basis = Basis::Assumed("the key of a shop without a contract is INVALID_API_KEY");
            Err(context.flat("INVALID_API_KEY", basis))
        }
        Some(_) => {
            let caller = Caller { shop: known.shop.clone(), widget: key.contains("_gsk_") };
            Ok((caller, key.to_owned()))
        }
    }
}

/// The refusal of a key that is not known.
fn unauthorized(context: &Context<'_>, why: &str) -> Answer {
    match context.switches.bad_key {
        BadKey::InvalidApiKey => context.flat_because("INVALID_API_KEY", why, KEY),
        BadKey::Unauthorized => context.flat_because("UNAUTHORIZED_KEY", why, KEY),
        BadKey::Forbidden => {
            let mut answer = context.flat_because("UNAUTHORIZED_KEY", why, KEY);
            answer.status = 403;
            answer
        }
    }
}
