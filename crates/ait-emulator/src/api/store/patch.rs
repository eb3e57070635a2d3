//! Changes to a part of the state: JSON merge patches (RFC 7396), applied to what they name and to nothing else.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{Record, Table};

/// Something that a merge patch can change where it stands. After an error it is changed in part: patch a copy.
pub(crate) trait Patch {
    /// Changes what the patch names. `null` makes it what it is without a value.
    ///
    /// # Errors
    ///
    /// What is wrong, in words.
    fn patch(&mut self, patch: &Value) -> Result<(), String>;
}

/// The thing with what the patch names changed. A member that the thing does not have is refused.
pub(crate) fn replaced<T: Serialize + DeserializeOwned>(thing: &T, patch: &Value) -> Result<T, String> {
    // What is no object takes the place of all.
    let value = if patch.is_object() {
        serde_json::to_value(thing).map_err(|error| error.to_string())?
    } else {
        Value::Null
    };
    made(value, patch)
}

/// The thing of this JSON with what the patch names changed.
fn made<T: Serialize + DeserializeOwned>(mut value: Value, patch: &Value) -> Result<T, String> {
    merge(&mut value, patch);
    let changed = serde_path_to_error::deserialize(value).map_err(|error| by_member(&error))?;
    let told = serde_json::to_value(&changed).map_err(|error| error.to_string())?;
    match stranger(&told, patch) {
        Some(path) => Err(format!("there is no `{path}` to change")),
        None => Ok(changed),
    }
}

/// What is wrong, with the path of the member, unless the words name it themselves.
pub(crate) fn by_member(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    let words = error.inner().to_string();
    let rule = words.rsplit_once(" at line ").map_or(words.as_str(), |(rule, _)| rule);
    let path: String = error.path().to_string().chars().take(120).collect();
    let is_named = rule.starts_with("missing field") || rule.starts_with("unknown field");
    if path == "." || is_named { rule.to_owned() } else { format!("`{path}`: {rule}") }
}

/// What is wrong with a member, said of what it is in.
pub(crate) fn within(name: &str, error: String) -> String {
    for before in ["there is no `", "`"] {
        if let Some(path) = error.strip_prefix(before) {
            return format!("{before}{name}.{path}");
        }
    }
    let is_named = error.starts_with("missing field") || error.starts_with("unknown field");
    if is_named { error } else { format!("`{name}`: {error}") }
}

fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let Value::Object(target) = target else { return };
    for (name, value) in patch {
        if value.is_null() {
            target.remove(name);
        } else {
            merge(target.entry(name).or_insert(Value::Null), value);
        }
    }
}

/// The path of a member that was given and has left no trace. One that was taken out leaves none.
fn stranger(value: &Value, patch: &Value) -> Option<String> {
    let (Value::Object(members), Value::Object(patch)) = (value, patch) else { return None };
    patch.iter().filter(|(_, given)| !given.is_null()).find_map(|(name, given)| match members.get(name) {
        Some(member) => stranger(member, given).map(|path| format!("{name}.{path}")),
        None => Some(name.clone()),
    })
}

impl<K: Ord + Clone + DeserializeOwned, V: Record + Serialize + DeserializeOwned> Patch for Table<K, V> {
    fn patch(&mut self, patch: &Value) -> Result<(), String> {
        let Value::Object(records) = patch else {
            return match patch {
                Value::Null => {
                    self.clear();
                    Ok(())
                }
                other => {
                    serde_json::from_value::<Self>(other.clone()).map(drop).map_err(|error| error.to_string())
                }
            };
        };
        for (name, record) in records {
            // A key is a number or a text; in JSON it is a text.
            let key = serde_json::from_value(Value::String(name.clone()))
                .or_else(|error| serde_json::from_str(name).map_err(|_| error))
                .map_err(|error: serde_json::Error| within(name, error.to_string()))?;
            if record.is_null() {
                self.remove(&key);
                continue;
            }
            let changed = match self.get(&key) {
                Some(held) => replaced(held, record),
                None => made(Value::Null, record),
            };
            self.insert(key, changed.map_err(|error| within(name, error))?);
        }
        Ok(())
    }
}

/// [`Patch`] for what is changed as one piece.
macro_rules! patch_whole {
    ($($type:ty),+ $(,)?) => {
        $(impl $crate::api::store::Patch for $type {
            fn patch(&mut self, patch: &serde_json::Value) -> Result<(), String> {
                *self = match patch {
                    serde_json::Value::Null => Self::default(),
                    patch => $crate::api::store::replaced(self, patch)?,
                };
                Ok(())
            }
        })+
    };
}
pub(crate) use patch_whole;

/// [`Patch`] for a structure whose members are changed each by itself.
macro_rules! patch_members {
    ($type:ty: $($member:ident),+ $(,)?) => {
        impl $crate::api::store::Patch for $type {
            fn patch(&mut self, patch: &serde_json::Value) -> Result<(), String> {
                let members = match patch {
                    serde_json::Value::Object(members) => members,
                    serde_json::Value::Null => {
                        $($crate::api::store::Patch::patch(&mut self.$member, patch)?;)+
                        return Ok(());
                    }
                    other => {
                        return serde_json::from_value::<Self>(other.clone())
                            .map(drop)
                            .map_err(|error| error.to_string());
                    }
                };
                for (name, patch) in members {
                    match name.as_str() {
                        $(stringify!($member) => $crate::api::store::Patch::patch(&mut self.$member, patch)
                            .map_err(|error| $crate::api::store::within(name, error))?,)+
                        _ if patch.is_null() => {}
                        _ => {
                            let known = [$(concat!("`", stringify!($member), "`")),+].join(", ");
                            return Err(format!("unknown field `{name}`, expected one of {known}"));
                        }
                    }
                }
                Ok(())
            }
        }
    };
}
pub(crate) use patch_members;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{merge, stranger};

    #[test]
    fn a_merge_patch_changes_what_it_names() {
        let mut state = json!({"a": {"b": 1, "c": 2}, "d": [1, 2]});
        merge(&mut state, &json!({"a": {"b": null, "e": {"f": 3}}, "d": [4]}));
        assert_eq!(state, json!({"a": {"c": 2, "e": {"f": 3}}, "d": [4]}));
    }

    #[test]
    fn a_member_without_a_trace_is_named_by_its_path() {
        let state = json!({"a": {"b": 1}, "c": [1]});
        assert_eq!(stranger(&state, &json!({"a": {"b": 2}, "c": [], "d": null})), None);
        assert_eq!(stranger(&state, &json!({"a": {"x": 2}})), Some("a.x".to_owned()));
        assert_eq!(stranger(&state, &json!({"y": 2})), Some("y".to_owned()));
    }
}
