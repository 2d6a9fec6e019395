//! What a worker process may use for one input.

#[cfg(unix)]
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
#[cfg(unix)]
use rustix::time::{ClockId, clock_gettime};

#[cfg(unix)]
use crate::check::messages::patience;

/// Memory of a worker, in bytes: for itself, and for each byte of its input.
#[cfg(unix)]
const MEMORY: u64 = 512 << 20;
#[cfg(unix)]
const MEMORY_PER_BYTE: u64 = 40;

/// Limits what this process may use for an input of so many bytes, besides the stacks of its threads. Where the system
/// has no such limits, the session watches the process by the clock.
#[cfg(unix)]
pub(super) fn limit(bytes: usize, stacks: usize) {
    let own = MEMORY.saturating_add(stacks as u64);
    let memory = MEMORY_PER_BYTE.saturating_mul(bytes as u64).saturating_add(own);
    lower(Resource::Data, memory);
    lower(Resource::Core, 0);
    limit_time(patience(bytes).as_secs());
}

/// Limits the processor time of this process to so many seconds from now on.
#[cfg(unix)]
pub(super) fn limit_time(seconds: u64) {
    let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec as u64 + 1;
    lower(Resource::Cpu, used + seconds);
}

/// Sets a limit, at most to the hard one, which stays: the next input has limits of its own.
#[cfg(unix)]
fn lower(resource: Resource, most: u64) {
    let maximum = getrlimit(resource).maximum;
    let current = Some(maximum.map_or(most, |hard| hard.min(most)));
    let _is_unknown = setrlimit(resource, Rlimit { current, maximum });
}

#[cfg(not(unix))]
pub(super) fn limit(_: usize, _: usize) {}

#[cfg(not(unix))]
pub(super) fn limit_time(_: u64) {}
