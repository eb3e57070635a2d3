//! The run itself: state, switches, clock, faults, the log.

use std::time::{Duration, SystemTime};

use serde::Deserialize;
use serde_json::{Value, json};

use super::reply::{Failure, Told, done, read, told};
use crate::{
    api::{Time, routes},
    emulator::Shared,
    engine::{Clock, Engine, LogEntry, Snapshot},
    fault::Rule,
};

pub(super) fn endpoints() -> Result<Told, Failure> {
    let list: Vec<Value> = routes()
        .map(|route| {
            json!({"name": route.name, "method": route.method, "host": route.host.name(), "path": route.path, "writes": route.writes})
        })
        .collect();
    told(&list)
}

pub(super) fn state(shared: &Shared) -> Result<Told, Failure> {
    told(&caught_up(shared, |engine| engine.snapshot()))
}

pub(super) fn put_state(shared: &Shared, body: &[u8]) -> Result<Told, Failure> {
    let snapshot: Snapshot = read(body)?;
    shared.engine(|engine| engine.restore(snapshot));
    done()
}

pub(super) fn patch_state(shared: &Shared, body: &[u8]) -> Result<Told, Failure> {
    let patch: Value = read(body)?;
    caught_up(shared, |engine| {
        let mut state =
            serde_json::to_value(engine.snapshot()).map_err(|error| Failure::new(500, error.to_string()))?;
        merge(&mut state, patch);
        let state = serde_json::from_value(state).map_err(|error| Failure::new(400, error.to_string()))?;
        engine.adopt(state);
        done()
    })
}

/// RFC 7396.
pub(super) fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let Value::Object(target) = target else { return };
    for (name, value) in patch {
        if value.is_null() {
            target.remove(&name);
        } else {
            merge(target.entry(name).or_insert(Value::Null), value);
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reset {
    seed: Option<u64>,
}

pub(super) fn reset(shared: &Shared, body: &[u8]) -> Result<Told, Failure> {
    let Reset { seed } = read(body)?;
    let (seed, clock) = match seed {
        Some(seed) => (seed, Clock::manual()),
        None => (fastrand::u64(..), Clock::default()),
    };
    shared.engine(|engine| {
        let mut fresh = Engine::new(seed, clock).snapshot();
        fresh.switches = engine.core.switches.clone();
        // Programs hold these already.
        fresh.world.keep_secrets(&engine.core.world);
        engine.restore(fresh);
    });
    told(&json!({"seed": seed}))
}

pub(super) fn switches(shared: &Shared) -> Result<Told, Failure> {
    told(&shared.engine(|engine| engine.core.switches.clone()))
}

pub(super) fn patch_switches(shared: &Shared, body: &[u8]) -> Result<Told, Failure> {
    let patch: Value = read(body)?;
    shared.engine(|engine| {
        let mut switches = serde_json::to_value(&engine.core.switches)
            .map_err(|error| Failure::new(500, error.to_string()))?;
        merge(&mut switches, patch);
        engine.core.switches =
            serde_json::from_value(switches).map_err(|error| Failure::new(400, error.to_string()))?;
        told(&engine.core.switches)
    })
}

pub(super) fn clock(shared: &Shared) -> Result<Told, Failure> {
    let (now, clock) = shared.engine(|engine| (engine.now(SystemTime::now()), engine.clock));
    told(&json!({"now": now.to_string(), "unixMillis": now, "clock": clock}))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SetClock {
    unix_millis: Time,
}

pub(super) fn set_clock(shared: &Shared, body: &[u8]) -> Result<Told, Failure> {
    let SetClock { unix_millis } = read(body)?;
    caught_up(shared, |engine| engine.clock.set(unix_millis, SystemTime::now()));
    caught_up(shared, |_| ());
    clock(shared)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: u64,
}

pub(super) fn advance(shared: &Shared, body: &[u8]) -> Result<Told, Failure> {
    let Advance { seconds } = read(body)?;
    caught_up(shared, |engine| engine.clock.advance(Duration::from_secs(seconds), SystemTime::now()));
    caught_up(shared, |_| ());
    clock(shared)
}

pub(super) fn faults(shared: &Shared) -> Result<Told, Failure> {
    told(&shared.engine(|engine| engine.faults.armed().to_vec()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AddFault {
    rule: String,
}

pub(super) fn add_fault(shared: &Shared, body: &[u8]) -> Result<Told, Failure> {
    let AddFault { rule } = read(body)?;
    let rule: Rule = rule.parse().map_err(|bad| Failure::new(400, format!("{bad}")))?;
    told(&json!({"id": shared.engine(|engine| engine.faults.add(rule))}))
}

pub(super) fn clear_faults(shared: &Shared) -> Result<Told, Failure> {
    shared.engine(|engine| engine.faults.clear());
    done()
}

pub(super) fn remove_fault(shared: &Shared, id: &str) -> Result<Told, Failure> {
    match id.parse() {
        Ok(number) if shared.engine(|engine| engine.faults.remove(number)) => done(),
        _ => Err(Failure::new(404, format!("there is no rule {id}"))),
    }
}

pub(super) fn requests(shared: &Shared, query: &str) -> Result<Told, Failure> {
    let after = match query.split('&').find_map(|pair| pair.strip_prefix("after=")) {
        Some(number) => Some(
            number.parse::<u64>().map_err(|_| Failure::new(400, "`after` must be the number of a call"))?,
        ),
        None => None,
    };
    let calls: Vec<Value> = caught_up(shared, |engine| {
        let newer = engine.log.entries().filter(|entry| after.is_none_or(|after| entry.number > after));
        newer.map(LogEntry::whole).collect()
    });
    told(&calls)
}

pub(super) fn clear_requests(shared: &Shared) -> Result<Told, Failure> {
    shared.engine(|engine| engine.log.clear());
    done()
}

/// Does something with the engine after what is due was done.
pub(super) fn caught_up<T>(shared: &Shared, action: impl FnOnce(&mut Engine) -> T) -> T {
    shared.engine(|engine| {
        engine.catch_up(SystemTime::now());
        action(engine)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::merge;

    #[test]
    fn a_merge_patch_changes_what_it_names() {
        let mut state = json!({"a": {"b": 1, "c": 2}, "d": [1, 2]});
        merge(&mut state, json!({"a": {"b": null, "e": {"f": 3}}, "d": [4]}));
        assert_eq!(state, json!({"a": {"c": 2, "e": {"f": 3}}, "d": [4]}));
    }
}
