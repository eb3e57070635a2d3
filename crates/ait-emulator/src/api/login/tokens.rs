//! `generate-token` and `refresh-token`.

use serde::Serialize;
use serde_json::Value;

use super::{
    super::{
        Basis, Context,
        context::Result,
        envelope::success,
        switches::{NewLogin, Refresh, TokenForm, UnknownUser},
    },
    AccessToken, REFRESH_LIFETIME, RefreshToken, code, jwt,
    refusal::At,
};

const LOGIN: Basis = Basis::Sample("docs/api/login.md#generate-token");
const REFRESHED: Basis = Basis::Assumed("refresh");
const FORM: Basis = Basis::Assumed("token_form");

const UNKNOWN: Basis = Basis::Assumed("invalid_grant: no such refresh token");
const ENDED: Basis = Basis::Assumed("invalid_grant: the refresh token was replaced, or the link was cut");
const EXPIRED: Basis = Basis::Assumed("invalid_grant: the refresh token is too old");
const GONE: Basis = Basis::Assumed("INTERNAL_ERROR: there is no such user any more");

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tokens {
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    access_token: String,
    refresh_token: String,
    expires_in: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
}

pub(super) fn generate(context: &mut Context<'_>) -> Result {
    let form = context.form()?;
    let name = form.needed_text("authorizationCode", usize::MAX)?;
    let referrer = form.needed_text("referrer", usize::MAX)?;
    let mut code = code::good(context, &name, &referrer)?;
    let gone = !context.world.users.contains_key(&code.user);
    // A magic code brings its user along.
    if gone
        && context.switches.unknown_user == UnknownUser::Refuse
        && context.world.login.codes.contains_key(&name)
    {
        return Err(context.internal_error("사용자를 찾을 수 없어요.", GONE));
    }
    let user = code.user;
    code.used = true;
    context.world.user(user, context.rng).linked = true;
    let login = &mut context.world.login;
    login.codes.insert(name, code);
    if context.switches.new_login == NewLogin::EndsTokens {
        login.end_tokens(user);
    }
    let tokens = issue(context, user, None);
    let basis = if context.switches.token_form == TokenForm::Table { FORM } else { LOGIN };
    Ok(success(&tokens, basis))
}

pub(super) fn refresh(context: &mut Context<'_>) -> Result {
    let old = context.form()?.needed_text("refreshToken", usize::MAX)?;
    let refuse =
        |context: &Context<'_>, reason, basis| Err(context.invalid_grant(At::Refresh, reason, basis));
    let Some(token) = context.world.login.refresh_tokens.get(&old) else {
        return refuse(context, "존재하지 않는 토큰이에요.", UNKNOWN);
    };
    if token.ended {
        return refuse(context, "더 이상 사용할 수 없는 토큰이에요.", ENDED);
    }
    if context.now.since(token.issued_at) >= REFRESH_LIFETIME {
        return refuse(context, "만료된 토큰이에요.", EXPIRED);
    }
    let user = token.user;
    match context.world.users.get(&user).map(|user| user.linked) {
        None => return Err(context.internal_error("사용자를 찾을 수 없어요.", GONE)),
        Some(false) => return refuse(context, "연결이 해제된 사용자예요.", ENDED),
        Some(true) => {}
    }
    let kept = match context.switches.refresh {
        Refresh::Keep => Some(old),
        Refresh::Rotate => {
            if let Some(token) = context.world.login.refresh_tokens.get_mut(&old) {
                token.ended = true;
            }
            None
        }
    };
    let mut tokens = issue(context, user, kept);
    if context.switches.token_form == TokenForm::Sparse {
        (tokens.token_type, tokens.scope) = (None, None);
    }
    Ok(success(&tokens, REFRESHED))
}

/// New tokens of this user; the refresh token is the one that is kept, or a new one.
fn issue(context: &mut Context<'_>, user: u64, kept: Option<String>) -> Tokens {
    let scopes = context.world.users.get(&user).map(|user| user.scopes.clone()).unwrap_or_default();
    let app = context.request.app.as_deref().unwrap_or_default();
    let access_token = jwt::access_token(app, &scopes, context.now, context.rng);
    let login = &mut context.world.login;
    let issued_at = context.now;
    login
        .access_tokens
        .insert(access_token.clone(), AccessToken { user, issued_at, ended: false, profiles: 0 });
    let refresh_token = kept.unwrap_or_else(|| {
        let token = context.rng.alphanumeric(64);
        login.refresh_tokens.insert(token.clone(), RefreshToken { user, issued_at, ended: false });
        token
    });
    // What the samples say of an hour.
    let (token_type, expires_in) = match context.switches.token_form {
        TokenForm::Table => ("bearer", "3599".into()),
        TokenForm::Sample | TokenForm::Sparse => ("Bearer", 3599.into()),
    };
    Tokens {
        token_type: Some(token_type),
        access_token,
        refresh_token,
        expires_in,
        scope: Some(scopes.join(" ")),
    }
}
