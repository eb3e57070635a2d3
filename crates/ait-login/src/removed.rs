//! A link that was cut.

use ait_core::{UserKey, lenient};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// A link that was cut.
///
/// What these answers hold is not published in full, so nothing in one can make it unreadable: that the server said
/// SUCCESS is what counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Removed {
    /// Whose link it was, if the answer says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_key: Option<UserKey>,
}

impl<'de> Deserialize<'de> for Removed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let success = Value::deserialize(deserializer)?;
        Ok(Self { user_key: lenient::required(&success["userKey"]).ok() })
    }
}
