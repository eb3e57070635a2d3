//! Changes to a part of something: JSON merge patches (RFC 7396).

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::reply::Failure;
use crate::api::replaced;

/// The thing with what the patch names changed. A member that the thing does not have is refused.
pub(super) fn patched<T: Serialize + DeserializeOwned>(thing: &T, patch: &Value) -> Result<T, Failure> {
    if !patch.is_object() {
        return Err(Failure::new(400, "a change is a JSON object that names what to change"));
    }
    replaced(thing, patch).map_err(|error| Failure::new(400, error))
}
