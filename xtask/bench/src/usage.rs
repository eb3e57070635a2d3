//! Processor time.

use std::time::Duration;

use nix::sys::{
    resource::{UsageWho, getrusage},
    time::TimeVal,
};

use crate::Failure;

/// What this process has used so far, in user and kernel.
pub(crate) fn own() -> Result<Duration, Failure> {
    total(UsageWho::RUSAGE_SELF)
}

/// What the ended children of this process, and theirs, have used so far.
pub(crate) fn children() -> Result<Duration, Failure> {
    total(UsageWho::RUSAGE_CHILDREN)
}

fn total(who: UsageWho) -> Result<Duration, Failure> {
    let usage = getrusage(who)?;
    Ok(duration(usage.user_time())? + duration(usage.system_time())?)
}

fn duration(time: TimeVal) -> Result<Duration, Failure> {
    Ok(Duration::from_secs(time.tv_sec().try_into()?) + Duration::from_micros(time.tv_usec().try_into()?))
}
