//! Changes to a part of something: JSON merge patches (RFC 7396).

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{reading::parse, reply::Failure};

/// The thing with what the patch names changed. A member that the thing does not have is refused.
pub(super) fn patched<T: Serialize + DeserializeOwned>(thing: &T, patch: &Value) -> Result<T, Failure> {
    if !patch.is_object() {
        return Err(Failure::new(400, "a change is a JSON object that names what to change"));
    }
    let told = |thing: &T| serde_json::to_value(thing).map_err(|error| Failure::new(500, error.to_string()));
    let mut value = told(thing)?;
    merge(&mut value, patch);
    let changed = parse(value.to_string().as_bytes())?;
    match stranger(&told(&changed)?, patch) {
        Some(path) => Err(Failure::new(
            400,
            format!("there is no `{path}` to change: leave it out, or see what there is by a call with {{}}"),
        )),
        None => Ok(changed),
    }
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
