//! `execution-result`: what became of a grant.

use serde::Deserialize;

use super::{GrantStatus, grant::Code, refusal::GUIDE, refusal::no};
use crate::api::{
    Answer, Basis, Context, Request, World, context::Result, envelope::success, switches::UnknownPromotion,
};

const RESULT: Basis = Basis::Documented("docs/api/promotion.md#execution-result");

pub(super) fn result(context: &mut Context<'_>) -> Result {
    let user = context.user()?;
    context.limit_user(&user, "promotion")?;
    let form = context.form()?;
    let sent = form.needed_text("promotionCode", 200)?;
    let key = form.needed_text("key", 200)?;
    let code = Code::new(&sent);
    let promotions = &context.world.promotion;
    let create = context.switches.unknown_promotion == UnknownPromotion::Create;
    if !create && !promotions.promotions.contains_key(code.promotion) {
        return Err(context.refuse(&no("4100", GUIDE)));
    }
    let user = user.to_string();
    let grants = promotions.grants(&key).iter().filter(|grant| grant.is_of(code));
    let mut basis = GUIDE;
    let mut best: Option<GrantStatus> = None;
    for grant in grants {
        if grant.user != user {
            basis = Basis::Assumed("the grant of another user is not seen");
        } else if context.now < grant.visible_at {
            basis = Basis::Assumed("result_lag_seconds");
        } else {
            // If the key has paid twice, what the user has counts.
            best = best.max(Some(grant.status(context.now)));
        }
    }
    match best {
        Some(status) => Ok(success(&status, RESULT)),
        None => Err(context.refuse(&no("4111", basis))),
    }
}

/// The caller has the answer: whether the grant of this key was accepted is no secret any more.
pub(crate) fn delivered(world: &mut World, request: &Request, answer: &Answer) {
    #[derive(Deserialize)]
    struct Asked {
        key: String,
    }
    #[derive(Deserialize)]
    struct Said {
        success: GrantStatus,
    }
    if answer.code.is_none()
        && let Ok(Asked { key }) = serde_json::from_slice(&request.body)
    {
        let failed =
            serde_json::from_str(&answer.body).is_ok_and(|Said { success }| success == GrantStatus::Failed);
        world.ledger.tell_of_grant(&key, failed);
    }
}
