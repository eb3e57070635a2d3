//! One client: a process of its own, which reports what it used.

mod hyper;
mod load;
mod ours;
mod payment;
mod reqwest;
mod variant;

use serde::{Deserialize, Serialize};

pub(crate) use self::variant::Variant;
use crate::{Failure, setup::Setup};

/// What one run of one variant used.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Sample {
    /// Processor time a call, in microseconds.
    pub(crate) cpu: f64,
    /// Heap allocations a call.
    pub(crate) allocations: f64,
    /// Of blocks that were already there: growing and shrinking.
    pub(crate) reallocations: f64,
    /// Bytes allocated a call.
    pub(crate) bytes: f64,
    /// The time that half of the calls took at most, in microseconds.
    pub(crate) median: f64,
}

/// Reads the setup from standard input, makes the calls, and prints the sample as one line of JSON.
pub(crate) fn run(variant: &str, calls: &str) -> Result<(), Failure> {
    let (variant, calls) = (Variant::parse(variant)?, calls.parse()?);
    let setup: Setup = serde_json::from_reader(std::io::stdin())?;
    // The same for all: one thread, so that the processor time is that of the calls.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let sample = runtime.block_on(variant.run(&setup, calls))?;
    println!("{}", serde_json::to_string(&sample)?);
    Ok(())
}
