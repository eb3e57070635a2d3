//! Promotions: keys, grants, their results, budgets and the biz wallet.

use serde::{Deserialize, Serialize};

use super::{Rng, Route, Violation, World};

pub(crate) const ROUTES: &[Route] = &[];

/// What is remembered here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Promotions {}

impl Promotions {
    pub(crate) fn new(rng: &mut Rng) -> Self {
        let _ = rng;
        Self::default()
    }
}

/// What is wrong here, if anything is.
pub(crate) fn violations(world: &World, found: &mut Vec<Violation>) {
    let _ = (world, found);
}
