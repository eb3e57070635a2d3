//! Toss Login: codes, tokens, consents, encrypted profiles, unlinking, and the check of anonymous keys.
//!
//! A code comes from [`Login::authorize`], which stands for a user who agrees in the app; it is good for ten minutes
//! and one exchange, with the `referrer` it was made for. Or it is a **magic code**, so that a program in any language
//! can log in without anything set up: `emu-<userKey>`, or `emu-<userKey>-` and whatever text follows. The first time it
//! is seen it is a fresh code of that user, for whatever `referrer` comes with it; from then on it is a used one.
//!
//! The signature of an access token is made up: no key for checking it has been published, so that nobody can.

mod anonymous;
mod code;
mod jwt;
mod owner;
mod profile;
mod refusal;
mod seal;
mod tokens;
mod unlink;

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

pub use self::{code::Code, unlink::UnlinkReason};
use super::{
    Host, Rng, Route, Time,
    store::{Record, Table, patch_members, patch_whole},
};

pub(crate) const ROUTES: &[Route] = &[
    Route::new(
        "login.generate_token",
        "POST",
        Host::Main,
        "/api-partner/v1/apps-in-toss/user/oauth2/generate-token",
        tokens::generate,
    ),
    Route::new(
        "login.refresh_token",
        "POST",
        Host::Main,
        "/api-partner/v1/apps-in-toss/user/oauth2/refresh-token",
        tokens::refresh,
    ),
    Route::new(
        "login.login_me",
        "GET",
        Host::Main,
        "/api-partner/v1/apps-in-toss/user/oauth2/login-me",
        profile::login_me,
    )
    .reads(),
    Route::new(
        "login.remove_by_access_token",
        "POST",
        Host::Main,
        "/api-partner/v1/apps-in-toss/user/oauth2/access/remove-by-access-token",
        unlink::by_access_token,
    ),
    Route::new(
        "login.remove_by_user_key",
        "POST",
        Host::Main,
        "/api-partner/v1/apps-in-toss/user/oauth2/access/remove-by-user-key",
        unlink::by_user_key,
    ),
    Route::new(
        "login.verify_anonymous_key",
        "POST",
        Host::Main,
        "/api-partner/v1/apps-in-toss/users/anon-key/verify",
        anonymous::verify,
    )
    .reads(),
];

const ACCESS_LIFETIME: Duration = Duration::from_secs(3600);
const REFRESH_LIFETIME: Duration = Duration::from_secs(14 * 24 * 3600);

/// What is remembered here. `Debug` counts it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Login {
    /// The codes, also those that are used up.
    pub codes: Table<String, Code>,
    /// The access tokens, also those that have ended.
    pub access_tokens: Table<String, AccessToken>,
    /// The refresh tokens, also those that have ended.
    pub refresh_tokens: Table<String, RefreshToken>,
    /// What profiles are encrypted with: 32 bytes in Base64, as the mail of the console has them.
    pub decryption_key: String,
    /// The additional data of the encryption, as the mail of the console has it: a text, not Base64.
    pub aad: String,
}

/// An access token. It lives for an hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AccessToken {
    /// Whose it is.
    pub user: u64,
    /// Since when.
    pub issued_at: Time,
    /// It ended before its time: the link was cut, or a new login ended it.
    #[serde(default)]
    pub ended: bool,
    /// How often it has fetched the profile.
    #[serde(default)]
    pub profiles: u32,
}

/// A refresh token. It lives for 14 days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RefreshToken {
    /// Whose it is.
    pub user: u64,
    /// Since when.
    pub issued_at: Time,
    /// It ended before its time: a refresh took its place, the link was cut, or a new login ended it.
    #[serde(default)]
    pub ended: bool,
}

patch_whole!(String);
patch_members!(Login: codes, access_tokens, refresh_tokens, decryption_key, aad);

/// The name of a code that was not used, and of a token that has not ended: its user.
const OF_USER: &str = "user";

fn of_user(user: u64, over: bool) -> Vec<(&'static str, String)> {
    if over { Vec::new() } else { vec![(OF_USER, user.to_string())] }
}

impl Record for Code {
    fn names(&self) -> Vec<(&'static str, String)> {
        of_user(self.user, self.used)
    }
}

impl Record for AccessToken {
    fn names(&self) -> Vec<(&'static str, String)> {
        of_user(self.user, self.ended)
    }
}

impl Record for RefreshToken {
    fn names(&self) -> Vec<(&'static str, String)> {
        of_user(self.user, self.ended)
    }
}

/// Ends what is open of a user.
fn end<V: Record>(table: &mut Table<String, V>, user: u64, end: fn(&mut V)) {
    let open: Vec<_> = table.named(OF_USER, &user.to_string()).into_iter().cloned().collect();
    for key in open {
        table.get_mut(&key).map(end);
    }
}

impl Login {
    pub(crate) fn new(rng: &mut Rng) -> Self {
        Self { decryption_key: rng.base64::<32>(), aad: rng.alphanumeric(24), ..Self::default() }
    }

    pub(crate) fn secrets(&self) -> [(&'static str, String); 2] {
        [("AIT_DECRYPTION_KEY", self.decryption_key.clone()), ("AIT_DECRYPTION_AAD", self.aad.clone())]
    }

    pub(crate) fn keep_secrets(&mut self, from: &Self) {
        self.decryption_key.clone_from(&from.decryption_key);
        self.aad.clone_from(&from.aad);
    }

    /// The user agrees in the app, which gets this code. `DEFAULT` is the `referrer` of the Toss app, `SANDBOX` that of
    /// the sandbox app.
    pub fn authorize(&mut self, user: u64, referrer: &str, now: Time, rng: &mut Rng) -> String {
        let code = rng.alphanumeric(43);
        self.codes.insert(code.clone(), Code::new(user, referrer, now));
        code
    }

    /// Ends all tokens of a user, and the codes that are not used yet.
    pub fn end(&mut self, user: u64) {
        self.end_tokens(user);
        end(&mut self.codes, user, |code| code.used = true);
    }

    fn end_tokens(&mut self, user: u64) {
        end(&mut self.access_tokens, user, |token| token.ended = true);
        end(&mut self.refresh_tokens, user, |token| token.ended = true);
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("codes", &self.codes.len())
            .field("access_tokens", &self.access_tokens.len())
            .field("refresh_tokens", &self.refresh_tokens.len())
            .finish_non_exhaustive()
    }
}
