//! The tokens of one login, and how long they last.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ait_core::{
    Secret,
    lenient::{self, FromScalar, Scalar},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Scopes;

/// What an answer without `expiresIn` is taken to say: the documented hour.
const HOUR: Duration = Duration::from_secs(3600);

/// The tokens of one login. Store them together: serialising writes the tokens in the clear.
///
/// The wire tells for how many seconds the access token lives, not since when. `receivedAt` is therefore added when an
/// answer is read, and kept when a stored token is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Token {
    /// `Bearer`, in any case of letters.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub token_type: Option<String>,
    /// What profile and unlinking are asked for with. A JWT, to be treated as opaque.
    pub access_token: Secret,
    /// What the next tokens are made from. Opaque.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Secret>,
    /// For how many seconds the access token lives, from when it was issued. A number, or text.
    #[serde(default, deserialize_with = "seconds", skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<u64>,
    /// What the user agreed to.
    #[serde(default, skip_serializing_if = "Scopes::is_empty")]
    pub scope: Scopes,
    /// When the answer was read, by the clock of this machine, to the second. Not on the wire; stored in seconds since 1970.
    #[serde(default = "now", deserialize_with = "read_time", serialize_with = "write_time")]
    pub received_at: SystemTime,
}

impl Token {
    /// How long a refresh token lives: 14 days (partner reports). The wire does not tell.
    pub const REFRESH_LIFETIME: Duration = Duration::from_secs(14 * 24 * 3600);

    /// How long the access token lives: an hour if the answer does not say.
    #[must_use]
    pub fn lifetime(&self) -> Duration {
        self.expires_in.map_or(HOUR, Duration::from_secs)
    }

    /// When the access token expires.
    #[must_use]
    pub fn expires_at(&self) -> SystemTime {
        // More than a clock can hold is no lifetime.
        self.received_at.checked_add(self.lifetime()).unwrap_or(self.received_at)
    }

    /// Whether the access token is good for more than `margin` from `now` on. Never if the clock stands before the time
    /// it was received.
    #[must_use]
    pub fn is_fresh(&self, now: SystemTime, margin: Duration) -> bool {
        let age = now.duration_since(self.received_at);
        let lifetime = self.expires_at().duration_since(self.received_at).unwrap_or_default();
        age.is_ok_and(|age| age.checked_add(margin).is_some_and(|used| used < lifetime))
    }
}

// What cannot be read is left out: a login must not fail on it.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Scalar::deserialize(deserializer).map(u64::from_scalar)
}

fn read_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SystemTime, D::Error> {
    let since = u64::from_scalar(Scalar::deserialize(deserializer)?).map(Duration::from_secs);
    Ok(since.and_then(|since| UNIX_EPOCH.checked_add(since)).unwrap_or_else(now))
}

fn now() -> SystemTime {
    whole_seconds(SystemTime::now())
}

/// What is stored of a time. Kept no finer, so that a stored token is equal to itself; never later than it was.
pub(crate) fn whole_seconds(time: SystemTime) -> SystemTime {
    let since = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    UNIX_EPOCH + Duration::from_secs(since)
}

fn write_time<S: Serializer>(time: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
}
