//! `access/remove-by-access-token` and `access/remove-by-user-key`.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    super::{
        Answer, Basis, Context, Rng, UserId, World,
        callbacks::News,
        context::Result,
        envelope::success,
        form::Form,
        switches::{Old, RemovedPayload},
    },
    owner::{For, owner},
    refusal::At,
};

const BY_TOKEN: Basis = Basis::Assumed("removed_payload");
const BY_KEY: Basis = Basis::Documented("docs/api/login.md#remove-by-user-key");
const AS_TEXT: Basis = Basis::Assumed("digits as text are a user key too: the official example sends them");
const AGAIN: Basis = Basis::Assumed("unlink_again");
const FOREIGN: Basis = Basis::Assumed("unlink_needs_token: the access token is another user's");

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Removed {
    user_key: u64,
}

/// Why a user's link was cut: `referrer` of the callback.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum UnlinkReason {
    /// The user cut it in the settings of Toss.
    #[default]
    Unlink,
    /// The user withdrew consent.
    WithdrawalTerms,
    /// The user left Toss.
    WithdrawalToss,
}

impl UnlinkReason {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Unlink => "UNLINK",
            Self::WithdrawalTerms => "WITHDRAWAL_TERMS",
            Self::WithdrawalToss => "WITHDRAWAL_TOSS",
        }
    }
}

impl World {
    /// A user who uses the app cuts the link, and the shop is called back. One who was never seen is made up. False if there
    /// was no link.
    pub fn user_unlinks(&mut self, user: u64, referrer: UnlinkReason, rng: &mut Rng) -> bool {
        self.user(user, rng);
        let cut = self.unlink(user);
        if cut {
            self.fresh.push(News::Unlinked { user, referrer });
        }
        cut
    }

    /// Cuts the link of a user as the shop does, which is not called back: the user key is stale from here on, and all codes and tokens have ended. A new login links
    /// again. False if there was no link.
    pub fn unlink(&mut self, user: u64) -> bool {
        self.login.end(user);
        self.users.get_mut(&user).is_some_and(|user| std::mem::replace(&mut user.linked, false))
    }
}

pub(super) fn by_access_token(context: &mut Context<'_>) -> Result {
    let user = owner(context, For::Unlink)?.user.key;
    context.world.unlink(user);
    Ok(match context.switches.removed_payload {
        RemovedPayload::UserKey => removed(user, BY_TOKEN),
        RemovedPayload::Empty => success(&json!({}), BY_TOKEN),
    })
}

/// The user key, as a number or as digits.
fn user_key(form: &Form<'_, '_>) -> Result<(u64, Basis)> {
    if let Some(text) = form.member("userKey").and_then(serde_json::Value::as_str) {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        return match text.parse().ok().filter(|_| digits) {
            Some(key) => Ok((key, AS_TEXT)),
            None => form.refuse("userKey", "must be a whole number"),
        };
    }
    let key = form.integer("userKey")?;
    let key = form.needed("userKey", key)?;
    match u64::try_from(key) {
        Ok(key) => Ok((key, BY_KEY)),
        Err(_) => form.refuse("userKey", "must not be negative"),
    }
}

pub(super) fn by_user_key(context: &mut Context<'_>) -> Result {
    let form = context.form()?;
    let (key, basis) = user_key(&form)?;
    if context.switches.unlink_needs_token && owner(context, For::Unlink)?.user.key != key {
        return Err(context.invalid_grant(At::AccessToken, "다른 사용자의 토큰이에요.", FOREIGN));
    }
    let cut = context.world.users.get(&key).is_some_and(|user| !user.linked);
    if cut && context.switches.unlink_again == Old::Accept {
        return Ok(removed(key, AGAIN));
    }
    context.known(UserId::Key(key))?;
    context.world.unlink(key);
    Ok(removed(key, basis))
}

fn removed(user_key: u64, basis: Basis) -> Answer {
    success(&Removed { user_key }, basis)
}
