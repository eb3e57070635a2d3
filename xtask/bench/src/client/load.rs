//! How the calls come, and the measuring around them.

use std::time::{Duration, Instant};

use stats_alloc::Region;

use super::Sample;
use crate::{Failure, HEAP, usage};

/// How many calls are under way together.
const IN_FLIGHT: usize = 16;
/// Time enough for a spare to stand ready again.
const PAUSE: Duration = Duration::from_millis(150);

/// Somebody who makes one call after another, each to the end: the answer is decoded and found good.
pub(super) trait Caller: Clone + Send + 'static {
    /// One call.
    fn call(&self) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// How the calls come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Load {
    /// Sixteen at a time, each from a task of its own, as in a service.
    InFlight,
    /// One after another.
    InTurn,
    /// One after another with a pause.
    Paced,
}

impl Load {
    fn warm_up(self, calls: usize) -> usize {
        match self {
            Self::InFlight => (calls / 4).max(IN_FLIGHT * 8),
            Self::InTurn => (calls / 10).max(8),
            Self::Paced => 2,
        }
    }
}

/// Warms up, makes the calls, and tells what they used.
pub(super) async fn run<C: Caller>(caller: C, load: Load, calls: usize) -> Result<Sample, Failure> {
    make(&caller, load, load.warm_up(calls), &mut Vec::new()).await?;
    let mut times = Vec::with_capacity(calls + IN_FLIGHT);
    let heap = Region::new(HEAP);
    let before = usage::own()?;
    make(&caller, load, calls, &mut times).await?;
    let (after, heap) = (usage::own()?, heap.change());
    times.sort_unstable();
    #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
    let (calls_made, count) = (times.len() as f64, |sum: usize| sum as f64);
    Ok(Sample {
        cpu: (after - before).as_secs_f64() * 1e6 / calls_made,
        allocations: count(heap.allocations) / calls_made,
        reallocations: count(heap.reallocations) / calls_made,
        bytes: count(heap.bytes_allocated) / calls_made,
        median: times[times.len() / 2].as_secs_f64() * 1e6,
    })
}

async fn make<C: Caller>(
    caller: &C,
    load: Load,
    calls: usize,
    times: &mut Vec<Duration>,
) -> Result<(), Failure> {
    if load != Load::InFlight {
        for _ in 0..calls {
            let start = Instant::now();
            caller.call().await?;
            times.push(start.elapsed());
            if load == Load::Paced {
                tokio::time::sleep(PAUSE).await;
            }
        }
        return Ok(());
    }
    let share = calls.div_ceil(IN_FLIGHT);
    let tasks: Vec<_> = (0..IN_FLIGHT)
        .map(|_| {
            let caller = caller.clone();
            tokio::spawn(async move {
                for _ in 0..share {
                    caller.call().await?;
                }
                Ok::<_, Failure>(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    // Not timed one by one: the clock would be part of what is measured.
    times.resize(share * IN_FLIGHT, Duration::ZERO);
    Ok(())
}
