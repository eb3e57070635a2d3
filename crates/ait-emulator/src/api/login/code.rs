//! Authorization codes.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    super::{Basis, Context, Time, context::Result},
    refusal::At,
};

const LIFETIME: Duration = Duration::from_secs(600);

const UNKNOWN: Basis = Basis::Documented("docs/api/login.md#generate-token, invalid_grant: no such code");
const USED: Basis = Basis::Documented("docs/api/login.md#generate-token, invalid_grant: the code is used up");
const EXPIRED: Basis =
    Basis::Documented("docs/api/login.md#generate-token, invalid_grant: the code is too old");
const REFERRER: Basis =
    Basis::Documented("docs/api/login.md#generate-token, invalid_grant: the code has another referrer");

/// An authorization code. It is good for ten minutes and one exchange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Code {
    /// Whose it is.
    pub user: u64,
    /// What the app was told with it, byte for byte.
    pub referrer: String,
    /// Since when.
    pub issued_at: Time,
    /// It was exchanged, or the link was cut in between.
    #[serde(default)]
    pub used: bool,
}

impl Code {
    /// A fresh code of this user.
    #[must_use]
    pub fn new(user: u64, referrer: impl Into<String>, issued_at: Time) -> Self {
        Self { user, referrer: referrer.into(), issued_at, used: false }
    }
}

/// The code, if it can be exchanged now.
pub(super) fn good(context: &Context<'_>, code: &str, referrer: &str) -> Result<Code> {
    let known = context.world.login.codes.get(code).cloned();
    let magic = || magic_user(code).map(|user| Code::new(user, referrer, context.now));
    let refuse = |reason, basis| Err(context.invalid_grant(At::Exchange, reason, basis));
    match known.or_else(magic) {
        None => refuse("존재하지 않는 코드예요.", UNKNOWN),
        Some(code) if code.used => refuse("이미 사용된 코드예요.", USED),
        Some(code) if context.now.since(code.issued_at) >= LIFETIME => refuse("만료된 코드예요.", EXPIRED),
        Some(code) if code.referrer != referrer => refuse("referrer가 코드와 달라요.", REFERRER),
        Some(code) => Ok(code),
    }
}

/// The user of a magic code: `emu-7`, `emu-7-again`.
fn magic_user(code: &str) -> Option<u64> {
    let rest = code.strip_prefix("emu-")?;
    let digits = rest.split_once('-').map_or(rest, |(digits, _)| digits);
    let key = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?;
    key.filter(|key| i64::try_from(*key).is_ok())
}
