//! The run itself: state, switches, clock, faults, the log.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    paging::Page,
    patch::patched,
    reply::{Failure, Told, done, read, told},
};
use crate::{
    api::{Patch, Time, routes, within},
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
    told(&shared.caught_up(|engine| engine.snapshot()))
}

pub(super) fn put_state(shared: &Shared, body: &[u8]) -> Result<Told, Failure> {
    // An empty body would be an empty world.
    let state: Value = read(body)?;
    if !state.get("world").is_some_and(Value::is_object) {
        let rule = "`world` must be there and an object: a state is what GET /_ctl/v1/state told. For an empty world there is POST /_ctl/v1/state/reset";
        return Err(Failure::new(400, rule));
    }
    let mut snapshot: Snapshot = read(body)?;
    // While nobody waits.
    snapshot.world.audit();
    let old = shared.engine(|engine| {
        keep_secrets(&mut snapshot, engine);
        let old = std::mem::take(&mut engine.core.world);
        engine.restore(snapshot);
        old
    });
    drop(old);
    done()
}

pub(super) fn patch_state(shared: &Shared, body: &[u8]) -> Result<Told, Failure> {
    let mut patch: Value = read(body)?;
    if let Some(Value::Object(promotion)) = patch.pointer_mut("/world/promotion") {
        // An older form of `taken`, which a change of `wallet` no longer needs.
        promotion.remove("charged");
    }
    let world = patch.get_mut("world").map(Value::take);
    if world.is_some() {
        // It is changed where it stands, record by record: not made JSON of as a whole.
        patch["world"] = json!({});
    }
    shared.caught_up(|engine| {
        let mut now = engine.snapshot();
        let mut changed = std::mem::take(&mut now.world);
        let mut state: Snapshot = patched(&now, &patch)?;
        if let Some(patch) = &world {
            changed.patch(patch).map_err(|error| Failure::new(400, within("world", error)))?;
            if names_ledger(patch) {
                changed.audit_anew();
            }
        }
        state.world = changed;
        let secrets = state.world.secrets();
        if secrets.len() < engine.core.world.secrets().len()
            || secrets.iter().any(|(_, secret)| secret.is_empty())
        {
            keep_secrets(&mut state, engine);
        }
        engine.adopt(state);
        done()
    })
}

/// Whether a patch of the world puts another ledger in its place.
fn names_ledger(patch: &Value) -> bool {
    patch.as_object().is_none_or(|members| members.contains_key("ledger"))
}

/// Programs hold them already.
fn keep_secrets(snapshot: &mut Snapshot, engine: &Engine) {
    let world = &engine.core.world;
    // Those that the state brings along work too.
    let brought = std::mem::take(&mut snapshot.world.brandpay.secret_keys);
    snapshot.world.keep_secrets(world);
    snapshot.world.brandpay.secret_keys.extend(brought);
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
        None => (shared.chance(), Clock::default()),
    };
    shared.engine(|engine| {
        let mut fresh = Engine::new(seed, clock).snapshot();
        fresh.switches = engine.core.switches.clone();
        fresh.world.keep_secrets(&engine.core.world);
        engine.restore(fresh);
    });
    told(&json!({"seed": seed}))
}

pub(super) fn switches(shared: &Shared) -> Result<Told, Failure> {
    told(&shared.engine(|engine| engine.core.switches.clone()))
}

pub(super) fn patch_switches(shared: &Shared, body: &[u8]) -> Result<Told, Failure> {
    let patch = read(body)?;
    shared.engine(|engine| {
        engine.core.switches = patched(&engine.core.switches, &patch)?;
        told(&engine.core.switches)
    })
}

pub(super) fn clock(shared: &Shared) -> Result<Told, Failure> {
    let (now, clock) = shared.engine(|engine| (engine.now(shared.wall()), engine.clock));
    told(&json!({"now": now.to_string(), "unixMillis": now, "clock": clock}))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SetClock {
    unix_millis: Time,
}

pub(super) fn set_clock(shared: &Shared, body: &[u8]) -> Result<Told, Failure> {
    let SetClock { unix_millis } = read(body)?;
    shared.caught_up(|engine| {
        engine.clock.set(unix_millis, shared.wall());
        engine.catch_up(shared.wall());
    });
    clock(shared)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: u64,
}

pub(super) fn advance(shared: &Shared, body: &[u8]) -> Result<Told, Failure> {
    let Advance { seconds } = read(body)?;
    shared.caught_up(|engine| {
        engine.clock.advance(Duration::from_secs(seconds), shared.wall());
        engine.catch_up(shared.wall());
    });
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
        _ => {
            Err(Failure::new(404, format!("there is no rule {id}: GET /_ctl/v1/faults lists those in force")))
        }
    }
}

pub(super) fn requests(shared: &Shared, query: &str) -> Result<Told, Failure> {
    let page = Page::of(query, "a call")?;
    let calls: Vec<LogEntry> = shared.caught_up(|engine| {
        let newer = engine.log.entries().filter(|entry| entry.number >= page.first());
        newer.take(page.taken()).cloned().collect()
    });
    let number = |call: &Value| call["number"].as_u64().unwrap_or_default();
    page.tell(calls.iter().map(LogEntry::whole).collect(), number, None)
}

pub(super) fn clear_requests(shared: &Shared) -> Result<Told, Failure> {
    shared.engine(|engine| engine.log.clear());
    done()
}
