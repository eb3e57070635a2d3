//! The documented samples, and the pages that they are made from.

use std::{
    fs,
    path::{Path, PathBuf},
};

use ait_core::Endpoint;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// The user of the documented samples.
pub const USER_KEY: u64 = 443_731_104;

fn root(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

#[track_caller]
fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

// Read when a test runs, and not when this is compiled: a packaged copy of this crate has no neighbour.
pub(crate) fn version_of_the_core() -> String {
    let manifest = read(&root("crates/ait-core/Cargo.toml"));
    let version = manifest.lines().find_map(|line| line.strip_prefix("version = ")).unwrap();
    version.trim_matches('"').to_owned()
}

/// A page of `docs/api`: `iap.md`.
#[track_caller]
pub fn page(name: &str) -> String {
    read(&root("docs/api").join(name))
}

/// The text of a documented sample: `iap/get-order-status.request`.
#[track_caller]
pub fn text(name: &str) -> String {
    read(&root("fixtures").join(format!("{name}.json")))
}

/// A documented sample: `iap/get-order-status.request`.
#[track_caller]
pub fn fixture(name: &str) -> Value {
    serde_json::from_str(&text(name)).unwrap()
}

/// The names of all samples of a product that end so: `.response`. Every sample of it must be of one of these kinds, so
/// that none goes untested.
#[track_caller]
pub fn fixtures(product: &str, ending: &str, kinds: &[&str]) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root("fixtures").join(product)).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let name = file.strip_suffix(".json").unwrap_or_else(|| panic!("{file} is no fixture"));
        assert!(kinds.iter().any(|kind| name.ends_with(kind)), "{file}: no test looks at this kind");
        if name.ends_with(ending) {
            names.push(format!("{product}/{name}"));
        }
    }
    names.sort();
    assert!(!names.is_empty(), "no fixture ends in {ending}");
    names
}

/// A documented body in the form in which a request is stored: with its user.
#[track_caller]
pub fn stored<R: DeserializeOwned>(mut body: Value, user: Value) -> R {
    body["user"] = user;
    serde_json::from_value(body).unwrap()
}

/// The user of the documented samples in the form in which it is stored.
pub fn key() -> Value {
    json!({ "key": USER_KEY })
}

/// What a stored request sends, and what it is stored as again. It sends the same after that.
#[track_caller]
pub fn stored_again<E: Endpoint + Serialize + DeserializeOwned>(stored: &Value) -> (Value, Value) {
    let request: E = serde_json::from_value(stored.clone()).unwrap();
    let again: E = serde_json::from_str(&serde_json::to_string(&request).unwrap()).unwrap();
    let sent = serde_json::to_value(request.body()).unwrap();
    assert_eq!(serde_json::to_value(again.body()).unwrap(), sent);
    (sent, serde_json::to_value(&request).unwrap())
}
