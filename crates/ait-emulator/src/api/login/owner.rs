//! Whose access token it is.

use http::header::AUTHORIZATION;

use super::{
    super::{Basis, Context, User, context::Result, envelope::Refusal},
    ACCESS_LIFETIME,
    refusal::At,
};

const MISSING: Basis = Basis::Documented("docs/api/envelope.md#common-codes, 4010: no authentication info");
const UNKNOWN: Basis = Basis::Documented("docs/api/login.md#login-me, invalid_grant: no such token");
const ENDED: Basis =
    Basis::Documented("docs/api/login.md#login-me, invalid_grant: the link was cut, or a new login ended it");
const EXPIRED: Basis = Basis::Documented("docs/api/login.md#login-me, invalid_grant: the token is too old");
const NO_USER: Basis = Basis::Documented("docs/api/login.md#login-me, USER_NOT_FOUND");
const NO_KEY: Basis = Basis::Documented("docs/api/login.md#login-me, USER_KEY_NOT_FOUND");
const ELSEWHERE: Basis = Basis::Assumed("an access token is refused as at login-me");

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    Profile,
    Unlink,
}

/// An access token that is good, and whose it is.
pub(super) struct Owner {
    pub(super) token: String,
    pub(super) user: User,
}

/// Whose the access token of the request is.
pub(super) fn owner(context: &Context<'_>, asks: For) -> Result<Owner> {
    let rests_on = |basis| if asks == For::Profile { basis } else { ELSEWHERE };
    let refuse = |reason, basis| Err(context.invalid_grant(At::AccessToken, reason, rests_on(basis)));
    let Some(name) = bearer(context.request.header(AUTHORIZATION)) else {
        let refusal = Refusal::new("4010", "Authorization: Bearer <accessToken> is missing", MISSING);
        return Err(context.refuse(&refusal.listed(401)));
    };
    let Some(token) = context.world.login.access_tokens.get(name) else {
        return refuse("존재하지 않는 토큰이에요.", UNKNOWN);
    };
    if token.ended {
        return refuse("더 이상 사용할 수 없는 토큰이에요.", ENDED);
    }
    if context.now.since(token.issued_at) >= ACCESS_LIFETIME {
        return refuse("만료된 토큰이에요.", EXPIRED);
    }
    let missing =
        |code, reason, basis| Err(context.refuse(&Refusal::new(code, reason, rests_on(basis)).listed(401)));
    match context.world.users.get(&token.user) {
        None => missing("USER_NOT_FOUND", "사용자를 찾을 수 없어요.", NO_USER),
        // The link was cut where nobody ended the tokens.
        Some(user) if !user.linked => {
            missing("USER_KEY_NOT_FOUND", "로그인 서비스에 접속한 유저 키 값을 찾을 수 없어요.", NO_KEY)
        }
        Some(user) => Ok(Owner { token: name.to_owned(), user: User { key: token.user, ..user.clone() } }),
    }
}

fn bearer(header: Option<&str>) -> Option<&str> {
    let (scheme, token) = header?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
