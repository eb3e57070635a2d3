//! `users/anon-key/verify`.

use super::super::{
    Basis, Context,
    context::Result,
    envelope::{Refusal, success},
    switches::{AnonKeyAnswer, UnknownAnonKey},
};

const DOC: Basis = Basis::Documented("docs/api/login.md#usersanon-keyverify");
const MISSING: Basis = Basis::Documented("docs/api/envelope.md#common-codes, 4010: no authentication info");
const LISTED: Basis =
    Basis::Documented("docs/api/login.md#usersanon-keyverify, 401 of a key that is not valid");
const SEEN: Basis = Basis::Assumed("unknown_anon_key");
const ANSWER: Basis = Basis::Assumed("anon_key_answer");
/// A key that begins so is genuine, and needs nothing set up.
const MAGIC: &str = "emu-";
const REASON: &str = "인증 정보를 찾을 수 없어요.";

pub(super) fn verify(context: &mut Context<'_>) -> Result {
    let key = context.request.header("x-anon-key").filter(|key| !key.is_empty());
    let Some(key) = key else {
        return Err(context.refuse(&Refusal::new("4010", REASON, MISSING).listed(401)));
    };
    let fits = key.chars().count() <= 64;
    let found = context.world.users.values().find(|user| user.anonymous_key == key);
    let genuine = match found {
        Some(user) => user.linked,
        None if !fits => false,
        None => key.starts_with(MAGIC) || context.switches.unknown_anon_key == UnknownAnonKey::Genuine,
    };
    if genuine {
        return Ok(match context.switches.anon_key_answer {
            AnonKeyAnswer::Text => success(&"true", DOC),
            AnonKeyAnswer::Flag => success(&true, ANSWER),
        });
    }
    let unauthorized = context.switches.unknown_anon_key == UnknownAnonKey::Unauthorized;
    let basis = if unauthorized { LISTED } else { SEEN };
    let mut refusal = context.refuse(&Refusal::new("4010", REASON, basis).listed(401));
    if unauthorized {
        refusal.status = 401;
    }
    Err(refusal)
}
