//! `users/anon-key/verify`.

use super::super::{
    Basis, Context, UserId,
    context::Result,
    envelope::{Refusal, success},
    switches::AnonKeyAnswer,
};

const DOC: Basis = Basis::Documented("docs/api/login.md#usersanon-keyverify");
const MISSING: Basis = Basis::Documented("docs/api/envelope.md#common-codes, 4010: no authentication info");
const ANSWER: Basis = Basis::Assumed("anon_key_answer");

pub(super) fn verify(context: &mut Context<'_>) -> Result {
    let key = context.request.header("x-anon-key").filter(|key| !key.is_empty());
    let Some(key) = key.map(str::to_owned) else {
        let refusal = Refusal::new("4010", "인증 정보를 찾을 수 없어요.", MISSING);
        return Err(context.refuse(&refusal.listed(401)));
    };
    context.known(UserId::Anonymous(key))?;
    Ok(match context.switches.anon_key_answer {
        AnonKeyAnswer::Text => success(&"true", DOC),
        AnonKeyAnswer::Flag => success(&true, ANSWER),
    })
}
