//! `get-key`: a key for one grant.

use serde_json::json;

use super::Key;
use crate::api::{Answer, Basis, Context, context::Result, envelope::success};

const KEY: Basis = Basis::Documented("docs/api/promotion.md#get-key");
const WITHOUT_USER: Basis = Basis::Assumed("get_key_needs_user");

/// The body is not looked at: none is documented.
pub(super) fn get_key(context: &mut Context<'_>) -> Result<Answer> {
    let user =
        if context.switches.get_key_needs_user { Some(context.user()?) } else { context.user_if_any()? };
    if let Some(user) = &user {
        context.limit_user(user, "promotion")?;
    }
    let key = context.rng.base64::<32>();
    let basis = if user.is_some() { KEY } else { WITHOUT_USER };
    let answer = success(&json!({"key": key}), basis);
    let user = user.map(|user| user.to_string());
    context.world.promotion.keys.insert(key, Key { user, issued_at: context.now, fails: false });
    Ok(answer)
}
