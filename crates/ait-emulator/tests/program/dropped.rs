//! Callbacks that had no more room.

use nix::sys::signal::Signal;
use serde_json::json;

use super::run::Serving;

#[test]
fn it_says_once_that_callbacks_were_dropped() {
    let mut serving = Serving::start(&["--seed", "7"]);
    for dropped in [0, 1, 2] {
        let patch = json!({"world": {"outbox": {"dropped": dropped}}});
        assert_eq!(serving.control("PATCH", "/state", &patch.to_string()), json!({"done": true}));
    }
    let said = serving.complaint();
    assert!(said.starts_with("ait-emulator: callbacks that were never delivered were dropped"), "{said}");
    assert!(said.contains("100000 wait"), "{said}");
    assert_eq!(serving.end(Signal::SIGTERM), (Some(0), String::new()));
    // None were.
    assert_eq!(Serving::start(&["--seed", "7"]).end(Signal::SIGTERM), (Some(0), String::new()));
}
