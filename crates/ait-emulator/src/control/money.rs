//! The money: what moved, and whether it adds up.

use serde_json::json;

use super::reply::{Failure, Told, told};
use crate::emulator::Shared;

pub(super) fn ledger(shared: &Shared) -> Result<Told, Failure> {
    told(&shared.caught_up(|engine| engine.core.world.ledger.clone()))
}

pub(super) fn invariants(shared: &Shared) -> Result<Told, Failure> {
    let violations = shared.caught_up(|engine| engine.core.violations());
    told(&json!({"holds": violations.is_empty(), "violations": violations}))
}
