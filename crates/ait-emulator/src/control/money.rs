//! The money: what moved, and whether it adds up.

use serde_json::json;

use super::{
    reply::{Failure, Told, told},
    run::caught_up,
};
use crate::emulator::Shared;

pub(super) fn ledger(shared: &Shared) -> Result<Told, Failure> {
    told(&caught_up(shared, |engine| engine.core.world.ledger.clone()))
}

pub(super) fn invariants(shared: &Shared) -> Result<Told, Failure> {
    let violations = caught_up(shared, |engine| engine.core.violations());
    told(&json!({"holds": violations.is_empty(), "violations": violations}))
}
